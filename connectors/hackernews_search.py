"""The query language in the words of Hacker News' search, which knows AND and a last word cut short, and nothing else.

What cannot be said is left out, never added: together the searches find all that the query matches, and more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

from brands.brand_file import Source
from brands.query import Query
from brands.syntax_tree import And, Leaf, Near, Node, Not, Or, Prefix

MOST_SEARCHES = 12
MOST_WORDS = 8  # of a long search only the first words and 512 bytes count
MOST_CHARACTERS = 300

Words = frozenset[str]


def translate(query: Query, source: Source | None = None) -> list[str]:
    """Searches whose hits, taken together, hold every post that `query` matches; "" asks for all posts."""
    searches = _find_searches(query.root)
    needed = [words for words in searches if not any(other < words for other in searches)]
    return sorted({_write(words) for words in needed})


def _find_searches(node: Node) -> set[Words]:
    """Sets of words; each post that matches holds all words of at least one set. A star ends a word cut short."""
    match node:
        case Or(parts):
            return set().union(*map(_find_searches, parts))
        case And(parts):
            return _all_of(map(_find_searches, parts))
        case Near(left, right):
            return _all_of([_find_searches(Or(left)), _find_searches(Or(right))])
        case Not():
            return {frozenset()}
        case Leaf():
            return {_words(node)}


def _all_of(parts: Iterable[set[Words]]) -> set[Words]:
    """Every combination, or where there are too many only the part that needs the fewest searches."""
    found: set[Words] = {frozenset()}
    for searches in sorted(parts, key=len):
        if frozenset() not in searches and len(found) * len(searches) <= MOST_SEARCHES:
            found = {one | other for one, other in product(found, searches)}
    return found


def _words(leaf: Leaf) -> Words:
    if leaf.text.isascii():
        return frozenset(leaf.words)
    # Folding makes the service's own cutting of other scripts impossible; it folds what it is given itself.
    written = re.findall(r"\w+\*?", leaf.text.lower())
    return frozenset([*written[:-1], written[-1] + "*" * isinstance(leaf, Prefix)])


def _write(words: Words) -> str:
    whole = sorted((word for word in words if not word.endswith("*")), key=lambda word: (-len(word), word))
    begun = sorted((word for word in words if word.endswith("*")), key=lambda word: (-len(word), word))
    pieces: list[str] = []
    for word in whole:
        # Quotation marks forbid typos and longer words. Scripts without spaces are cut into words by the service.
        piece = f'"{word}"' if word.isascii() else word
        if len(pieces) < MOST_WORDS and len(" ".join([*pieces, piece])) <= MOST_CHARACTERS:
            pieces.append(piece)
    # Only the last word may be cut short, so that of several the longest stands for all.
    return " ".join(pieces + [word.removesuffix("*") for word in begun[:1]])
