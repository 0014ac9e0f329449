"""The query language in Mastodon's words: hashtags whose timelines are read, and searches where there is a token.

A hashtag timeline holds what carries the tag, so that tags alone find less than the query matches. A search is for
words that must all occur; the service cuts off English endings, and leaves out English words that say little.
"""

from __future__ import annotations

import re

from brands.query import Query
from brands.schema import Source
from brands.syntax_tree import And, Handle, Leaf, Near, Node, Not, Or
from connectors.word_searches import Words, cut_words, find_searches, ways_to_write, write

_STOP_WORDS = """
a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was
will with
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def translate(query: Query, source: Source | None = None) -> list[str]:
    """The hashtags, and then the searches that are made as well where there is a token."""
    return [*(f"#{tag}" for tag in hashtags(query, source)), *searches(query)]


def hashtags(query: Query, source: Source | None = None) -> list[str]:
    """The tags that the source names; otherwise the fewest words and tags of the query of which every post has one."""
    named = source.hashtags if source else ()
    return sorted({tag.strip().removeprefix("#") for tag in named}) or sorted(_find_tags(query.root))


def searches(query: Query) -> list[str]:
    """Searches whose hits, taken together, hold every post that `query` matches, unless it `is_partial`."""
    found = find_searches(query.root, _guess if is_partial(query) else _ways)
    return sorted({write(words) for words in found if words})


def is_partial(query: Query) -> bool:
    """Whether a post may match by the beginning of a word alone, or by words that the service leaves out."""
    return frozenset() in find_searches(query.root, _ways)


def _find_tags(node: Node) -> set[str]:
    match node:
        case Or(parts):
            return set().union(*map(_find_tags, parts))
        case And(parts):
            return min(filter(None, map(_find_tags, parts)), key=len, default=set())
        case Near(left, right):
            return _find_tags(And((Or(left), Or(right))))
        case Not() | Handle():
            return set()
        case Leaf():
            tag = "".join(cut_words(node))  # "terms of service" is #termsofservice
            return {tag} if re.fullmatch(r"\w*[^\W\d]\w*", tag) else set()


def _ways(leaf: Leaf) -> set[Words]:
    return {words - STOP_WORDS for words in ways_to_write(leaf)}


def _guess(leaf: Leaf) -> set[Words]:
    """The beginning as a word: with its endings cut off, many words are equal to it."""
    ways = _ways(leaf)
    if ways != {frozenset()}:
        return ways
    beginning = cut_words(leaf)[0].rstrip("*")
    return set() if beginning in STOP_WORDS else {frozenset([beginning])}
