"""Where the words of a PDF's pages are not those that the report prints, and which figures stand there."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.report.formatting import MINUS

AROUND = 4  # words on either side, so that one finds the place


@dataclass(frozen=True, slots=True)
class Number:
    """A figure that may stand on a page: its name in words and its value."""

    words: str
    value: float


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a page that are others than the report's. `figures`: what is printed there, where that can be told."""

    page: int
    in_file: str
    written: str
    figures: tuple[str, ...]


def find_altered(
    pages: Sequence[Sequence[str]], written: Sequence[Sequence[str]], numbers: Sequence[Number]
) -> list[Passage]:
    """The passages of `pages` that differ from the report as it is rendered, those with numbers first."""
    passages: list[Passage] = []
    for at in range(max(len(pages), len(written))):
        there = list(pages[at]) if at < len(pages) else []
        ours = list(written[at]) if at < len(written) else []
        matcher = difflib.SequenceMatcher(None, ours, there, autojunk=False)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            if kind != "equal":
                passages.append(
                    Passage(
                        page=at + 1,
                        in_file=_around(there, j1, j2),
                        written=_around(ours, i1, i2),
                        figures=_named(ours[i1:i2], numbers),
                    )
                )
    return sorted(passages, key=lambda each: not re.search(r"\d", each.written + each.in_file))


def _around(words: Sequence[str], first: int, last: int) -> str:
    if not words:
        return ""
    shown = words[max(0, first - AROUND) : last + AROUND]
    return " ".join(shown if len(shown) <= 30 else [*shown[:30], "…"])


def _named(words: Iterable[str], numbers: Sequence[Number]) -> tuple[str, ...]:
    """The figures whose value is printed as one of these words; none where many would be."""
    found: dict[str, None] = {}
    for word in words:
        number = re.fullmatch(rf"[^\d{MINUS}+-]*([{MINUS}+-]?)(\d[\d,]*)(\.\d+)?\D*", word)
        if number is None:
            continue
        digits = len(number[3] or ".") - 1
        shown = float(number[2].replace(",", "") + (number[3] or ""))
        alike = {each.words for each in numbers if round(abs(each.value), digits) == shown}
        if len(alike) <= 3:
            found |= dict.fromkeys(sorted(alike))
    return tuple(found)
