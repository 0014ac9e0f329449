"""The sentences of recorded terms: Markdown without its markup, block by block, to be quoted as they are written.

`analytics.policy.document` splits texts to be compared: there quotes, dashes and the numbers of clauses are made alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

RULES_VERSION = 1
"""Part of what states are read by: raise it when the same text gives other sentences."""

# No pattern can be made to search a hostile page over and over: each class excludes what ends it.
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*(?:\s[^()\n]*)?\)")
_MARKUP = re.compile(r"\\(?=[^\w\s])|[*`]+|(?<!\w)_+|_+(?!\w)|^\s*(?:#{1,6}\s|[-+•>]\s|\|)|\|\s*$")
_BEGINS_A_BLOCK = re.compile(r"\s*(?:#{1,6}\s|[-*+•>]\s|\(?\w{1,4}[.)]\s|\d+(?:\.\d+)+|\||[*_]{2})")
_HEADING = re.compile(r"\s*#{1,6}\s")
_UNDERLINE = re.compile(r"[\s=*_|:-]+")
_END = re.compile(r"""[.!?]["'”’)\]]*\s+(?=["'“‘(\[]*[A-Z0-9])""")
_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]|e\.g|i\.e|etc|vs|no|sec|art|inc|ltd|corp|co|mr|mrs|ms|dr)\.$", re.IGNORECASE)


def split_into_blocks(text: str) -> Iterator[str]:
    """Paragraphs, headings, list items and rows of tables, without links' targets, which hold tokens of the visit."""
    lines: list[str] = []
    for line in _LINK.sub(r"\1", text).splitlines():
        ends = not line.strip() or _UNDERLINE.fullmatch(line) is not None
        if lines and (ends or _BEGINS_A_BLOCK.match(line) or _HEADING.match(lines[-1])):
            yield "\n".join(lines)
            lines = []
        if not ends:
            lines.append(line)
    if lines:
        yield "\n".join(lines)


def split_into_sentences(block: str) -> Iterator[str]:
    """The sentences of a block, each on one line and without markup."""
    text = " ".join(" ".join(_MARKUP.sub("", line) for line in block.splitlines()).split())
    start = 0
    for end in _END.finditer(text):
        if not _ABBREVIATION.search(text, start, end.start() + 1):
            yield text[start : end.end()].strip()
            start = end.end()
    if rest := text[start:].strip():
        yield rest
