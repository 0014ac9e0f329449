"""How the response is taken, as data: who speaks of it, and who accepts or rejects it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.report.figures import Row


@dataclass(frozen=True, slots=True)
class CountedShare:
    """A share in points with its 95 % interval, of `of` authors."""

    share: float
    low: float
    high: float
    of: int


@dataclass(frozen=True, slots=True)
class Reception:
    """The 28 days from the response, up to the report's week. Shares are None where they would be of under 10 authors.

    `speaking` of `authors` speak of the response; the three last are shares of those who do.
    """

    responded: date
    language: str  # of the brand; the rules know one only
    authors: int
    speaking: int
    share: CountedShare | None
    accepts: CountedShare | None
    rejects: CountedShare | None
    neither: CountedShare | None


def read_reception(rows: Sequence[Row]) -> Reception | None:
    """Out of the rows of measure_reception; None without a response up to the week."""
    told = {row["measure"]: row for row in rows}
    if not told:
        return None
    return Reception(
        told["share"]["responded"],
        told["share"]["language"],
        int(told["everybody"]["value"]),
        int(told["speaking"]["value"]),
        *(_share(told[measure]) for measure in ("share", "accepts", "rejects", "neither")),
    )


def _share(row: Row) -> CountedShare | None:
    return None if row["value"] is None else CountedShare(row["value"], row["low"], row["high"], row["n"])
