"""Words that rise: which more voices use this week than in the eight weeks before.

`find_rising_terms.sql` says how they are found; it reads those nine weeks only. The function words beside this file are
English: in another language the statistic alone keeps words out that are always used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from analytics.report.figures import Row


@dataclass(frozen=True, slots=True)
class RisingTerm:
    """A word or a pair of words. Shares are of voices, 0 to 100; `voices` used it this week, five at least."""

    term: str
    voices: int
    voices_all: int
    share_now: float
    share_before: float
    z: float


@cache
def function_words() -> tuple[str, ...]:
    """Words that are no subject of their own."""
    return tuple((resources.files("analytics.report") / "function_words.txt").read_text("utf-8").split())


def read_rising_terms(rows: Iterable[Row]) -> tuple[RisingTerm, ...]:
    """Out of the rows of find_rising_terms, those that rise most first."""
    terms: dict[str, dict[str, Row]] = {}
    for row in rows:
        terms.setdefault(row["scope"], {})[row["measure"]] = row
    return tuple(
        RisingTerm(
            term,
            of["z"]["n"],
            of["share_now"]["n"],
            of["share_now"]["value"],
            of["share_before"]["value"],
            of["z"]["value"],
        )
        for term, of in terms.items()
    )
