"""The report that this one replaces: whoever has forwarded that one must learn that its numbers have changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from analytics.report.figures import Figure, Parameter, Row, ask
from analytics.report.figures_now import Numbers, is_close

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Replaced:
    """The report before this one on the same brand and week.

    `differing` of `figures` are other numbers here, or stand in one of the two only; `erased` posts of the brand have
    gone since it was published.
    """

    report_id: str
    published_on: date
    differing: int
    figures: int
    erased: int


def find_replaced(
    connection: duckdb.DuckDBPyConnection, brand: str, week: date, report_id: str, figures: Iterable[Figure]
) -> Replaced | None:
    """What the report `report_id` with these figures replaces; None where it is the first one on its week."""
    which: dict[str, Parameter] = {"brand": brand, "week": week, "report_id": report_id}
    found = ask(connection, "find_replaced", which)[1]
    if not found:
        return None
    former = found[0]
    before = {
        row["figure_id"]: _numbers(row)
        for row in ask(connection, "list_published", {"report_id": former["report_id"]})[1]
    }
    here = {each.figure_id: Numbers(each.value, each.low, each.high, each.n) for each in figures}
    both = before.keys() & here.keys()
    differing = len(before.keys() ^ here.keys()) + sum(not _agree(before[name], here[name]) for name in both)
    return Replaced(
        former["report_id"],
        former["published_at"].date(),
        differing,
        len(before.keys() | here.keys()),
        former["erased"],
    )


def _numbers(row: Row) -> Numbers:
    return Numbers(row["value"], row["low"], row["high"], row["n"])


def _agree(one: Numbers, other: Numbers) -> bool:
    ends = zip(one[:3], other[:3], strict=True)
    return one.n == other.n and all(is_close(this, that) for this, that in ends)
