"""A query that says of a text whether it speaks of a brand: once in Python, once as SQL, with the same answer.

The language is in `brands.expression`, its tree in `brands.syntax_tree`. Both back ends fold a text in the same way
(`brands.folding`) and then ask it the same RE2 patterns: DuckDB has RE2 built in, Python has google-re2.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard, TypeVar

import re2

from brands.expression import QueryError, parse_expression
from brands.folding import fold, fold_sql
from brands.syntax_tree import (
    And,
    Handle,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Tag,
    Term,
    find_leaves,
    fold_words,
    write_canonical,
)

__all__ = [
    "And",
    "Handle",
    "Leaf",
    "Near",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "Query",
    "QueryError",
    "Tag",
    "Term",
    "parse",
]

T = TypeVar("T")
Search = Callable[[bytes], bool]

LANGUAGE_VERSION = 1
"""Part of every hash: raise it when the same expression comes to mean something else."""
BLANKING_VERSION = 2
"""Part of the hash of a query with not_phrases: raise it when what they blank changes."""

# Over a folded text. A pattern consumes the character on each side of what it looks for; there always is one.
_EDGE = "[ #@]"
_LETTER = "[^ #@]"
_GAP = f"{_EDGE}+"
_NOT_ASCII = r"[\x{80}-\x{10ffff}]"
_GATE_LETTERS = 500  # of all words together; RE2 has a limit, and so many words let most posts through anyway
_FEW_WORDS = 10  # the farther a NEAR reaches, the more states RE2 needs; beyond this it is asked only where it may hold
_BLANK = " _ "  # one word that no query can ask for: what stands around it neither joins nor loses its edge


@dataclass(frozen=True)
class Query:
    """A parsed query. `not_phrases` are blanked before matching: each becomes one word that is never looked for.

    A post that the expression `exclude` finds never matches, whatever else it says; to `exclude` nothing is blanked.
    Raises QueryError where an expression or a phrase cannot be read.
    """

    expression: str
    not_phrases: tuple[str, ...] = ()
    exclude: str | None = None

    def __post_init__(self) -> None:
        """Read everything at once, so that a query that exists can be used."""
        for phrase in self.not_phrases:
            if not any(word.strip("_*") for word in fold_words(phrase)):
                raise QueryError(f'the not_phrase "{phrase}" has no letter or digit', 1)
        try:
            self._search, self._blank, self.excluded, _compile(self._evidence_pattern)
        except re2.error:
            raise QueryError("it is too large to search with; split it", 1) from None

    def __reduce__(self) -> tuple[type[Query], tuple[str, tuple[str, ...], str | None]]:
        """Compiled patterns do not travel between processes; they are made again."""
        return Query, (self.expression, self.not_phrases, self.exclude)

    @cached_property
    def excluded(self) -> Query | None:
        """What must not match, as a query of its own."""
        return None if self.exclude is None else Query(self.exclude)

    @cached_property
    def without_exclude(self) -> Query:
        """What it asks for, whatever it leaves out."""
        return self if self.exclude is None else Query(self.expression, self.not_phrases)

    @cached_property
    def root(self) -> Node:
        """The tree of the expression."""
        return parse_expression(self.expression)

    def terms(self) -> tuple[Leaf, ...]:
        """What a matching post may hold: the leaves that are not excluded by NOT, those of NEAR too, in order."""
        leaves: list[Leaf] = []
        for leaf in find_leaves(self.root):
            leaves += (*leaf.left, *leaf.right) if isinstance(leaf, Near) else (leaf,)
        return tuple(dict.fromkeys(leaves))

    @cached_property
    def hash(self) -> str:
        """Names this query in the store: equal for spellings of the same query, 16 hexadecimal digits."""
        meaning = [str(LANGUAGE_VERSION), write_canonical(self.root), *self._blanked]
        if self._blanked:
            meaning.append(str(BLANKING_VERSION))
        if self.excluded is not None:
            meaning.append(f"exclude {self.excluded.hash}")
        return hashlib.sha256("\n".join(meaning).encode()).hexdigest()[:16]

    def matches(self, text: str) -> bool:
        """Whether the first 20,000 characters of `text` match."""
        return self._finds(text) and not (self.excluded and self.excluded.matches(text))

    def leaves_out(self, text: str) -> bool:
        """Whether nothing but `exclude` keeps the text from matching."""
        return self.excluded is not None and self._finds(text) and self.excluded.matches(text)

    def _finds(self, text: str) -> bool:
        folded = fold(text).encode()
        if self._blank is not None:
            # Each space twice, so that no occurrence takes the edge of the next one; what shares a # or @ with the one
            # before it is left over, and found the second time.
            folded = folded.replace(b" ", b"  ")
            folded = self._blank.sub(_BLANK.encode(), self._blank.sub(_BLANK.encode(), folded))
        return self._search(folded)

    def sql(self, column: str, *, folded: bool = False) -> str:
        """A DuckDB boolean expression over the raw `column`, equal to `matches` on every text; NULL gives false.

        With `folded`, `column` already holds `brands.folding.fold_sql` of the text: where many queries are asked of one
        text, fold it once.
        """
        found = (
            f"coalesce({self._over(column, self._condition)}, false)"
            if folded
            else f"(CASE WHEN {self._gate(column)} THEN {self._over(fold_sql(column), self._condition)} ELSE false END)"
        )
        return found if self.excluded is None else f"({found} AND NOT {self.excluded.sql(column, folded=folded)})"

    def evidence_sql(self, column: str, *, folded: bool = False) -> str:
        """A DuckDB expression: the first words, folded, by which `column` matches; NULL where it does not match.

        For a NEAR it is the span from one side to the other. `folded` as in `sql`.
        """
        span = self._over(column if folded else fold_sql(column), self._extract)
        kept = [] if folded else [self._gate(column)]
        if self.excluded is not None:
            kept.append(f"NOT {self.excluded.sql(column, folded=folded)}")
        return f"(CASE WHEN {' AND '.join(kept)} THEN {span} END)" if kept else f"({span})"

    @cached_property
    def _blanked(self) -> list[str]:
        """The not_phrases as folded words, the longer first, since of two that begin alike the longer is meant."""
        phrases = {fold_words(phrase) for phrase in self.not_phrases}
        return [" ".join(words) for words in sorted(phrases, key=lambda words: (-len(words), words))]

    @cached_property
    def _blank_pattern(self) -> str:
        return f"{_EDGE}(?:{'|'.join(_write_sequence(phrase.split()) for phrase in self._blanked)}){_EDGE}"

    @cached_property
    def _blank(self) -> re2._Regexp | None:
        return _compile(self._blank_pattern) if self._blanked else None

    @cached_property
    def _search(self) -> Search:
        return _walk(self.root, search=_search_pattern, every=_search_every, some=_search_some, no=_search_none)

    def _condition(self, text: str) -> str:
        return _walk(
            self.root,
            search=lambda pattern: f"regexp_matches({text}, {_quote(f'{_EDGE}(?:{pattern}){_EDGE}')})",
            every=_write_every,
            some=lambda conditions: f"({' OR '.join(conditions)})",
            no=lambda condition: f"(NOT {condition})",
        )

    @cached_property
    def _evidence_pattern(self) -> str:
        return f"{_EDGE}({_write_pattern(find_leaves(self.root))}){_EDGE}"

    def _extract(self, text: str) -> str:
        span = f"regexp_replace(regexp_extract({text}, {_quote(self._evidence_pattern)}, 1), ' +', ' ', 'g')"
        return f"CASE WHEN {self._condition(text)} THEN {span} END"

    def _gate(self, column: str) -> str:
        """False where `column` cannot match: folding costs more than searching, and most posts of a source fail.

        It looks in the raw text for one of the words that a match needs, and takes every character outside ASCII for
        any letter or accent, so that what it lets through may fail but what it stops could not match.
        """
        needed = _find_needed(self.root) or ()
        if sum(map(len, needed)) > _GATE_LETTERS:
            return "true"
        pattern = "|".join(f"{_NOT_ASCII}*".join(map(_write_unfolded, word)) for word in sorted(needed))
        return f"regexp_matches({column}, {_quote(f'(?i){pattern}')})"

    def _over(self, folded: str, make: Callable[[str], str]) -> str:
        """`make(text)` for the folded text without its not_phrases, which is computed once a row."""
        if self._blanked:
            folded = f"replace({folded}, ' ', '  ')"
            for _ in range(2):
                folded = f"regexp_replace({folded}, {_quote(self._blank_pattern)}, '{_BLANK}', 'g')"
        if "(" not in folded or make("\0").count("\0") == 1:
            return make(folded)
        return f"list_transform([{folded}], lambda folded_text: {make('folded_text')})[1]"


def parse(expression: str, not_phrases: Sequence[str] = (), exclude: str | None = None) -> Query:
    """Parse `expression`. Raises QueryError with the position and what was expected."""
    return Query(expression, tuple(not_phrases), exclude)


def _walk(
    node: Node,
    *,
    search: Callable[[str], T],
    every: Callable[[list[T]], T],
    some: Callable[[list[T]], T],
    no: Callable[[T], T],
) -> T:
    """One reading of the tree for both back ends. The leaves of an OR share one pattern, which costs little more."""

    def read(node: Node) -> T:
        match node:
            case And(parts):
                return every([read(part) for part in parts])
            case Or(parts):
                simple = [part for part in parts if _is_simple(part)]
                others = [read(part) for part in parts if not _is_simple(part)]
                return some(([search(_write_pattern(simple))] if simple else []) + others)
            case Not(part):
                return no(read(part))
            case Near(left, right) if not _is_simple(node):
                return every([search(_write_pattern(pattern)) for pattern in (left, right, [node])])
            case _:
                return search(_write_pattern([node]))

    return read(node)


def _is_simple(node: Node) -> TypeGuard[Leaf | Near]:
    return isinstance(node, Leaf) or (isinstance(node, Near) and node.distance <= _FEW_WORDS)


def _write_every(conditions: list[str]) -> str:
    """AND, but each condition is looked at only where the ones before it hold; DuckDB's own AND looks at all."""
    *first, every = conditions
    for condition in reversed(first):
        every = f"CASE WHEN {condition} THEN {every} ELSE false END"
    return every


def _compile(pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.log_errors = False  # RE2 would write to the terminal what QueryError says better
    return re2.compile(pattern.encode(), options)


def _search_pattern(pattern: str) -> Search:
    compiled = _compile(f"{_EDGE}(?:{pattern}){_EDGE}")
    return lambda folded: compiled.search(folded) is not None


def _search_every(searches: list[Search]) -> Search:
    return lambda folded: all(search(folded) for search in searches)


def _search_some(searches: list[Search]) -> Search:
    return lambda folded: any(search(folded) for search in searches)


def _search_none(search: Search) -> Search:
    return lambda folded: not search(folded)


def _write_pattern(leaves: Iterable[Leaf | Near]) -> str:
    """What stands between two edges: any of the leaves."""
    return "|".join(_write_near(leaf) if isinstance(leaf, Near) else _write_leaf(leaf) for leaf in leaves)


def _write_leaf(leaf: Leaf) -> str:
    mark = "@" if isinstance(leaf, Handle) else "#" if isinstance(leaf, Tag) else ""
    return mark + _write_sequence(leaf.words)


def _write_near(near: Near) -> str:
    left, right = (f"(?:{_write_pattern(side)})" for side in (near.left, near.right))
    between = f"{_GAP}(?:{_LETTER}+{_GAP}){{0,{near.distance}}}"
    return f"{left}{between}{right}|{right}{between}{left}"


def _write_sequence(words: Iterable[str]) -> str:
    """Folded words hold nothing that a pattern would take for a sign, but for the star that truncates."""
    return _GAP.join(re.sub("[σς]", "[σς]", word).replace("*", f"{_LETTER}*") for word in words)


def _find_needed(node: Node, *, positive: bool = True) -> frozenset[str] | None:
    """Words of which every match contains one, as part of a word at least; None: a match may do without."""
    match node:
        case Not(part):
            return _find_needed(part, positive=not positive)
        case And(parts) | Or(parts):
            needed = [words for part in parts if (words := _find_needed(part, positive=positive)) is not None]
            if isinstance(node, And) == positive:
                # The longer a word, the rarer by chance alone.
                return min(needed, key=lambda words: sum(10.0 ** -len(word) for word in words), default=None)
            return frozenset().union(*needed) if len(needed) == len(parts) else None
        case Near(left, right):
            return _find_needed(And((Or(left), Or(right)))) if positive else None
        case _:
            return frozenset([max((word.rstrip("*") for word in node.words), key=len)]) if positive else None


def _write_unfolded(letter: str) -> str:
    """Everything that may fold to `letter`, and more."""
    return f"[{letter}{_NOT_ASCII[1:]}" if letter.isascii() else _NOT_ASCII


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
