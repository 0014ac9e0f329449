"""How far a part of a sentence reaches: which data and which recipients, for how long, and how people are asked.

Where the same practice is allowed before and after, these tell which of the two allows more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from math import inf

from analytics.policy.vocabulary import read_vocabulary

COLLECTIVE = "*"  # beside a kind: everything of it
WIDTHS = ("data", "recipients")
ASKED, REFUSABLE = 1, 2  # from the least free hand to the freest
NUMBERS = dict(
    zip(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        range(1, 13),
        strict=True,
    )
)
DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
TIME = re.compile(rf"\b(\d{{1,4}}|{'|'.join(NUMBERS)})[ -](?:\w{{1,12}} )?({'|'.join(DAYS)})s?\b")
FOR_EVER = re.compile(
    r"\b(?:indefinitely|for ?ever|permanently|perpetual(?:ly)?|irrevocabl[ey]|without limit of time"
    r"|as long as we (?:wish|like|want|choose|see fit))\b"
)
ENDING = re.compile(r"\s(?:data|information|details|address(?:es)?)$")
EXCEPTION = re.compile(r",?\s+(?:except|unless|other than|apart from)\b")

Particular = tuple[str, str]  # of "data" or "recipients"; the word, or COLLECTIVE


@dataclass(frozen=True, slots=True)
class Extent:
    """`lasting`: days, infinite for ever, None where nothing is said. `asking`: ASKED, REFUSABLE or 0 for not told."""

    particulars: frozenset[Particular] = frozenset()
    lasting: float | None = None
    asking: int = 0
    defines: bool = False  # which data are meant by a word

    def __or__(self, other: Extent) -> Extent:
        lasting = max((each.lasting for each in (self, other) if each.lasting is not None), default=None)
        return Extent(
            self.particulars | other.particulars,
            lasting,
            max(self.asking, other.asking),
            self.defines or other.defines,
        )


NO_EXTENT = Extent()


def unite(extents: Iterable[Extent]) -> Extent:
    """What several parts reach together."""
    return reduce(Extent.__or__, extents, NO_EXTENT)


def read_extent(text: str, *, lasts: bool, refuses: bool) -> Extent:
    """Of a part, folded. `lasts`: it tells how long data is kept or licensed. `refuses`: an "except" in it allows."""
    vocabulary = read_vocabulary()
    asking = max(
        (rank for rank, name in ((ASKED, "opt_in"), (REFUSABLE, "opt_out")) if vocabulary.asking[name].search(text)),
        default=0,
    )
    defines = vocabulary.particulars["definition"].search(text) is not None
    spoken_of = EXCEPTION.split(text, maxsplit=1)[0] if refuses else text
    return Extent(frozenset(find_particulars(spoken_of)), read_time(text) if lasts else None, asking, defines)


def find_particulars(text: str) -> Iterable[Particular]:
    patterns = read_vocabulary().particulars
    for kind in WIDTHS:
        if patterns[f"{kind}_wide"].search(text):
            yield kind, COLLECTIVE
        for word in patterns[kind].findall(text):
            yield kind, ENDING.sub("", word).replace("-", "").removesuffix("s")


def read_time(text: str) -> float | None:
    """The longest time that is told, in days."""
    if FOR_EVER.search(text):
        return inf
    times = [(NUMBERS.get(number) or int(number)) * DAYS[unit] for number, unit in TIME.findall(text)]
    return max(times, default=None)


def compare_reach(before: Iterable[Particular], after: Iterable[Particular]) -> int:
    """1 where the later reaches what the earlier does not, −1 the reverse, 0 both or neither.

    A side on which no particular of a kind is named says nothing of that kind, and is not held against the other.
    """
    old, new = frozenset(before), frozenset(after)
    told = {kind for kind in WIDTHS if all(any(one == kind for one, _ in side) for side in (old, new))}
    gained, lost = (
        any(kind in told and (kind, word) not in there and (kind, COLLECTIVE) not in there for kind, word in here)
        for here, there in ((new, old), (old, new))
    )
    return gained - lost


def compare_time(before: float | None, after: float | None) -> int:
    """1 for longer, −1 for shorter; "for ever" is longer than what nothing is said of."""
    if before == after or (None in (before, after) and inf not in (before, after)):
        return 0
    return 1 if (after or 0) > (before or 0) else -1
