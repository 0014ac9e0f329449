"""A query as sets of words, for services that know words which must all occur and nothing else.

What cannot be said is left out, never added: together the sets find all that the query matches, and more. Services that
cut words by Unicode's rules take "don't" or "zoom.us" for one word, where the query language sees two: hence the
several ways to write one leaf.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import product

from brands.syntax_tree import And, Leaf, Near, Node, Not, Or, Prefix

MOST_SEARCHES = 24  # of one AND; beyond, one side of it is searched and the rest filtered here
MOST_WORDS = 8
MOST_CHARACTERS = 300
GLUED = re.compile(r"\w+(?:['’.:]\w+)*\*?")  # a word by Unicode's rules
APOSTROPHES = ("'", "’")

Words = frozenset[str]
WaysToWrite = Callable[[Leaf], set[Words]]


def find_searches(node: Node, ways: WaysToWrite) -> set[Words]:
    """Sets of words; each post that matches holds all words of at least one set. An empty set asks for all posts.

    `ways` gives none for a leaf that cannot be asked for at all: what only that leaf would find is left out.
    """
    match node:
        case Or(parts):
            return shortest(set().union(*(find_searches(part, ways) for part in parts)))
        case And(parts):
            return _all_of(find_searches(part, ways) for part in parts)
        case Near(left, right):
            return _all_of(find_searches(Or(side), ways) for side in (left, right))
        case Not():
            return {frozenset()}
        case Leaf():
            return ways(node)


def shortest(searches: set[Words]) -> set[Words]:
    """Without those that find nothing but what another one finds."""
    return {words for words in searches if not any(other < words for other in searches)}


def cut_words(leaf: Leaf) -> list[str]:
    """The words of `leaf`; one of which only the beginning is known ends with a star.

    Of scripts other than Latin the services cut and fold the words themselves: folding would make that impossible.
    """
    if leaf.text.isascii():
        return list(leaf.words)
    written = re.findall(r"\w+\*?", leaf.text.lower())
    return [*written[:-1], written[-1] + "*"] if isinstance(leaf, Prefix) and written else written


def ways_to_write(leaf: Leaf, endings: Sequence[str] = ()) -> set[Words]:
    """The words of `leaf` as a service may have cut them, the last also with `endings`; beginnings are left out."""
    words = cut_words(leaf)
    whole = [word for word in words if not word.endswith("*")]
    if not whole:
        return {frozenset()}
    ways = {frozenset(whole)}
    if not words[-1].endswith("*"):
        ways |= {frozenset([*whole[:-1], whole[-1] + ending]) for ending in endings}
    glued = [word for word in GLUED.findall(leaf.text.lower()) if not word.endswith("*")]
    if glued and glued != whole:
        ways |= {frozenset(re.sub("['’]", mark, word) for word in glued) for mark in APOSTROPHES}
    return ways


def write(words: Words) -> str:
    """The words in quotation marks, the longest first, as many as a service reads."""
    pieces: list[str] = []
    for word in sorted(words, key=lambda word: (-len(word), word)):
        if len(pieces) < MOST_WORDS and len(" ".join([*pieces, f'"{word}"'])) <= MOST_CHARACTERS:
            pieces.append(f'"{word}"')
    return " ".join(pieces)


def _all_of(parts: Iterable[set[Words]]) -> set[Words]:
    """Every combination, or where there are too many only the parts that need the fewest searches."""
    found: set[Words] = {frozenset()}
    for searches in sorted(parts, key=len):
        nothing_yet = found == {frozenset()}
        if searches and frozenset() not in searches and (nothing_yet or len(found) * len(searches) <= MOST_SEARCHES):
            found = {one | other for one, other in product(found, searches)}
    return shortest(found)
