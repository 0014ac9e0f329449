"""The query language in the words of Reddit's search: words, phrases in quotes, AND, OR and parentheses.

What cannot be said is left out, never added: together the searches find all that the query matches, and more. So NOT is
left out although Reddit knows it: its search cuts words to their stems, and `NOT lens` would exclude "lenses" too.
Words cut short with a star are left out as well, since Reddit does not promise to understand them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from brands.brand_file import Source
from brands.query import Query
from brands.syntax_tree import And, Leaf, Near, Node, Not, Or

MOST_CHARACTERS = 512  # of one search
LONGEST_PHRASE = 200  # of a longer one the first words are looked for


def translate(query: Query, source: Source | None = None) -> list[str]:
    """Searches whose hits, taken together, hold every post that `query` matches; "" asks for all new posts."""
    return [_without_parentheses(search) for search in _find_searches(query.root) or [""]]


def _find_searches(node: Node) -> list[str] | None:
    """Searches, each in parentheses where it is more than a word or a phrase; None where Reddit cannot be asked."""
    match node:
        case Or(parts):
            return _any_of([_find_searches(part) for part in parts])
        case And(parts):
            return _all_of([_find_searches(part) for part in parts])
        case Near(left, right):
            return _all_of([_find_searches(Or(left)), _find_searches(Or(right))])
        case Not():
            return None
        case Leaf():
            return _find_words(node)


def _any_of(parts: Sequence[list[str] | None]) -> list[str] | None:
    """As few searches as hold all of the parts; None where one of them cannot be asked for."""
    packed: list[list[str]] = [[]]
    for part in parts:
        if part is None:
            return None
        for search in part:
            if packed[-1] and len(_join([*packed[-1], search], "OR")) > MOST_CHARACTERS:
                packed.append([])
            if search not in packed[-1]:
                packed[-1].append(search)
    return [_join(searches, "OR") for searches in packed]


def _all_of(parts: Sequence[list[str] | None]) -> list[str] | None:
    """The part that needs the fewest searches, narrowed by what fits beside it; without the others it finds more."""
    known = sorted((part for part in parts if part is not None), key=len)
    if not known:
        return None
    narrowed = [[search] for search in known[0]]
    for part in known[1:]:
        for searches in narrowed:
            if len(part) == 1 and len(_join([*searches, *part], "AND")) <= MOST_CHARACTERS:
                searches += part if part[0] not in searches else []
    return [_join(searches, "AND") for searches in narrowed]


def _find_words(leaf: Leaf) -> list[str] | None:
    """The words as they are folded and, where that differs, as they are written: `("at t" OR "at&t")`."""
    if any(word.endswith("*") for word in leaf.words):
        whole = [word for word in leaf.words if not word.endswith("*")]
        return _all_of([_write([word]) for word in whole])
    written = re.sub(r'["\\\s]+', " ", unicodedata.normalize("NFC", leaf.text.lower())).strip()
    phrase = " ".join(leaf.words)
    while len(phrase) > LONGEST_PHRASE and " " in phrase:
        phrase = phrase.rpartition(" ")[0]
    return _write([phrase, written]) or _write([phrase])


def _write(phrases: Sequence[str]) -> list[str] | None:
    """One search for any of the phrases, unless it is too long."""
    search = _join(list(dict.fromkeys(map(_quote, phrases))), "OR")
    return [search] if len(search) <= MOST_CHARACTERS else None


def _quote(words: str) -> str:
    """A single word stands without quotation marks, so that other forms of it are found too, such as "Zoom's"."""
    return words if words.isalnum() else f'"{words}"'


def _join(searches: Sequence[str], operator: str) -> str:
    return f"({f' {operator} '.join(searches)})" if len(searches) > 1 else "".join(searches)


def _without_parentheses(search: str) -> str:
    return search[1:-1] if search.startswith("(") else search
