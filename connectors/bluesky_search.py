"""The query language in the words of Bluesky's search: words in quotation marks that must all occur, and no more.

The service cuts a text into words by Unicode's rules, by which "zoom's" is one word and not "zoom": hence the endings.
It knows no beginnings of words: where the query hangs on one alone, the likeliest words stand in for it, and
`is_partial` says so.
"""

from __future__ import annotations

from brands.brand_file import Source
from brands.query import Query
from brands.syntax_tree import Handle, Leaf
from connectors.word_searches import Words, cut_words, find_searches, ways_to_write, write

ENDINGS = ("'s", "’s")
COMMON_ENDINGS = ("", "s", "ed", "ing", "er", "ers")  # of a word of which only the beginning is known
HOME = ".bsky.social"  # what most handles end with


def translate(query: Query, source: Source | None = None) -> list[str]:
    """Searches whose hits, taken together, hold every post that `query` matches, unless it `is_partial`."""
    return sorted({write(words) for words in find_searches(query.root, _guess if is_partial(query) else _ways)})


def is_partial(query: Query) -> bool:
    """Whether a post may match by the beginning of a word alone, which the service cannot be asked for."""
    return frozenset() in find_searches(query.root, _ways)


def _ways(leaf: Leaf) -> set[Words]:
    ways = ways_to_write(leaf, ENDINGS)
    if isinstance(leaf, Handle) and len(leaf.words) == 1:
        ways.add(frozenset([leaf.words[0] + HOME]))
    return ways


def _guess(leaf: Leaf) -> set[Words]:
    ways = _ways(leaf)
    if ways != {frozenset()}:
        return ways
    return {frozenset([cut_words(leaf)[0].rstrip("*") + ending]) for ending in COMMON_ENDINGS}
