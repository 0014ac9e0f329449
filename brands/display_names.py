"""What a brand may be called: a name that people can read, and that has room where it is printed."""

from __future__ import annotations

import unicodedata

LONGEST_NAME = 60  # characters; the first line of a report has room for them
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of all that follows, so that a line reads as another."""


def check_name(name: str) -> str:
    """The name itself. Raises ValueError, how a line about it goes on, where it cannot be printed as it is."""
    for character in name:
        if character in TURNING or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            raise ValueError(f"holds a character that nobody sees (U+{ord(character):04X}); take it out")
    if all(unicodedata.category(character) in ("Cf", "Zs") for character in name):
        raise ValueError("is empty; write what people call the brand")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"has {len(name):,} characters; there is room for {LONGEST_NAME}")
    return name
