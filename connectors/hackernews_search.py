"""The query language in the words of Hacker News' search, which knows AND and a last word cut short, and nothing else.

What cannot be said is left out, never added: together the searches find all that the query matches, and more.
"""

from __future__ import annotations

from brands.brand_file import Source
from brands.query import Query
from connectors.word_searches import Words, cut_words, find_searches

MOST_WORDS = 8  # of a long search only the first words and 512 bytes count
MOST_CHARACTERS = 300


def translate(query: Query, source: Source | None = None) -> list[str]:
    """Searches whose hits, taken together, hold every post that `query` matches; "" asks for all posts."""
    searches = find_searches(query.root, lambda leaf: {frozenset(cut_words(leaf))})
    return sorted({_write(words) for words in searches})


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
