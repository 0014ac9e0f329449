"""How a count is said in a sentence: one way for every line and page that a person reads."""

from __future__ import annotations


def write_count(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun: 1 post, 1,200 posts. `plural` is given where it is not the noun with an s."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
