"""The query language in the words of X's search: AND by a space, OR in parentheses, quotation marks, `#` and `@`.

What X cannot be asked for is left out, never added: together the searches find all that the query matches, and more.
A word cut short by a star cannot be asked for at all. An excluded word is not sent either, because X also looks for it
in the addresses behind links and would keep back posts that do not show it; excluded tags and handles are sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from brands.brand_file import Source
from brands.query import Query
from brands.syntax_tree import RESERVED, And, Handle, Leaf, Near, Node, Not, Or, Prefix, Tag
from connectors.errors import BadInput

RECENT_CHARACTERS = 512
ARCHIVE_CHARACTERS = 1_024
MOST_SEARCHES = 50
WITHOUT_REPOSTS = "-is:retweet"
_WHERE = "query in the brand file"
_WITHIN = "&'’./+-"  # such punctuation stays within a word, as in AT&T; all other only separates


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the alternatives, each of which is a conjunction."""

    alternatives: tuple[Conjunction, ...]


Conjunction: TypeAlias = tuple["str | Either", ...]


def translate(query: Query, source: Source | None = None) -> list[str]:
    """Searches whose posts, taken together, hold every post that `query` matches.

    Raises BadInput where X cannot be asked for it: nothing whole to look for, or a part that is too long and cannot be
    split.
    """
    name, archive = (source.name, source.full_archive) if source else ("x", False)
    whole = _say(query.root)
    if not whole or all(_is_excluded(part) for part in whole):
        raise BadInput(
            name, _WHERE, "X finds whole words only: write out each word that ends with a star, or add one with AND"
        )
    limit = ARCHIVE_CHARACTERS if archive else RECENT_CHARACTERS
    room = limit - len(WITHOUT_REPOSTS) - 1
    searches: dict[str, None] = {}
    for part in _split(whole, room):
        written = _write(part)
        if len(written) > room:
            raise BadInput(
                name,
                _WHERE,
                f'the part "{written[:40]} …" has {len(written) + limit - room:,} characters in X\'s words, X takes'
                f" {limit:,}, and only an OR can be split: shorten it",
            )
        searches[f"{written} {WITHOUT_REPOSTS}"] = None
        if len(searches) > MOST_SEARCHES:
            raise BadInput(name, _WHERE, f"X would have to be asked in more than {MOST_SEARCHES} searches: shorten it")
    return list(searches)


def _say(node: Node) -> Conjunction | None:
    """What every match holds, as far as X can be asked for it; None: nothing that X can be asked for."""
    match node:
        case And(parts):
            return _all_of([_say(part) for part in parts])
        case Or(parts):
            said = [_say(part) for part in parts]
            return None if any(one is None for one in said) else _either([one for one in said if one is not None])
        case Near(left, right):
            return _all_of([_say(Or(left)), _say(Or(right))])
        case Not(Not(part)):
            return _say(part)
        case Not(part):
            return _exclude(part) or None
        case _:
            return _say_leaf(node) or None


def _all_of(said: list[Conjunction | None]) -> Conjunction | None:
    return tuple(dict.fromkeys(chain.from_iterable(one for one in said if one))) or None


def _either(said: list[Conjunction]) -> Conjunction | None:
    alternatives: dict[Conjunction, None] = {}
    for one in said:
        if all(_is_excluded(part) for part in one):
            return None  # X takes no OR of exclusions
        first = one[0]
        nested = first.alternatives if isinstance(first, Either) and len(one) == 1 else (one,)
        alternatives |= dict.fromkeys(nested)
    return (Either(tuple(alternatives)),) if len(alternatives) > 1 else next(iter(alternatives))


def _exclude(node: Node) -> Conjunction:
    """Exclusions that X applies to no more posts than the query does."""
    match node:
        case Or(parts):
            return tuple(chain.from_iterable(map(_exclude, parts)))
        case Handle() | Tag():
            return tuple(f"-{word}" for word in _say_leaf(node) if word[0] in "@#")
        case _:
            return ()


def _say_leaf(leaf: Leaf) -> tuple[str, ...]:
    if isinstance(leaf, Handle) and re.fullmatch(r"[A-Za-z0-9_]{1,15}", leaf.text):
        return (f"@{leaf.text}",)
    if isinstance(leaf, Tag) and re.fullmatch(r"\w*[^\W\d]\w*", leaf.text):
        return (f"#{leaf.text}",)
    phrases: list[list[str]] = [[]]
    for word in _words(leaf):
        if word.endswith("*"):
            phrases.append([])
        else:
            phrases[-1].append(word)
    return tuple(_quote(" ".join(phrase)) for phrase in phrases if phrase)


def _words(leaf: Leaf) -> Iterator[str]:
    """The words as they were written, since X folds accents itself; one that is cut short ends with a star."""
    kept = "".join(letter if _stays(letter) else " " for letter in leaf.text)
    if isinstance(leaf, Prefix):
        kept += "*"
    for word in kept.replace("*", "* ").split():
        whole = word.rstrip("*").strip(_WITHIN)
        if whole:
            yield whole + "*" * word.endswith("*")


def _stays(letter: str) -> bool:
    return letter.isalnum() or letter in f"_*{_WITHIN}" or unicodedata.category(letter).startswith("M")


def _quote(text: str) -> str:
    return text if text.isalnum() and text.lower() not in RESERVED else f'"{text}"'


def _is_excluded(part: str | Either) -> bool:
    return isinstance(part, str) and part.startswith("-")


def _write(conjunction: Conjunction) -> str:
    return " ".join(part if isinstance(part, str) else _write_either(part) for part in conjunction)


def _write_either(either: Either) -> str:
    written = [_write(one) if len(one) == 1 else f"({_write(one)})" for one in either.alternatives]
    return f"({' OR '.join(written)})"


def _split(whole: Conjunction, room: int) -> Iterator[Conjunction]:
    """Conjunctions of at most `room` characters that together are `whole`; what has no OR left stays as it is."""
    choices = [part for part in whole if isinstance(part, Either)]
    if not choices or len(_write(whole)) <= room:
        yield whole
        return
    longest = max(choices, key=lambda choice: len(_write_either(choice)))
    rest = tuple(part for part in whole if part is not longest)
    group: list[Conjunction] = []
    for alternative in longest.alternatives:
        if group and len(_write(_join(rest, [*group, alternative]))) > room:
            yield from _split(_join(rest, group), room)
            group = []
        group.append(alternative)
    yield from _split(_join(rest, group), room)


def _join(rest: Conjunction, group: list[Conjunction]) -> Conjunction:
    return (*(group[0] if len(group) == 1 else (Either(tuple(group)),)), *rest)
