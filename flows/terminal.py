"""The terminal: whether there is one to ask on, and text from elsewhere on its way to it."""

from __future__ import annotations

import re
import sys

# Everything that a terminal obeys: C0 but newline and tab, DEL, C1, and the marks that turn the direction of writing.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text without what a terminal would obey; each such character becomes a visible �."""
    return _OBEYED.sub("�", text)


def on_terminal() -> bool:
    """Whether a person can be asked: questions need standard input, and standard output to be seen on."""
    return sys.stdin.isatty() and sys.stdout.isatty()
