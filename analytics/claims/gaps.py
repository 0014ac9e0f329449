"""The gap between what people say of the terms, what the terms have of it, and what a person confirmed, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from analytics.report.formatting import write_day, write_number, write_share
from brands.wording import write_count

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Gap:
    """A row of the view claims_against_text; shares are percentages, changes points."""

    claim: str
    says: str
    status: str
    since: date | None
    until: date | None
    checked_by: str | None
    checked_on: date | None
    document: str
    clause_now: str
    clause_since: date | None
    quotations: list[str]
    event_date: date | None
    clause_at_event: str | None
    first_week: date | None
    last_week: date | None
    week: date | None
    authors: int | None
    authors_all: int | None
    share: float | None
    low: float | None
    high: float | None
    weeks_before: int
    change: float | None
    change_low: float | None
    change_high: float | None


def read_gaps(connection: duckdb.DuckDBPyConnection, brand: str) -> list[Gap]:
    """Every claim of the brand, in the order of its brand file."""
    columns = ", ".join(field.name for field in fields(Gap))
    rows = connection.execute(
        f"SELECT {columns} FROM claims_against_text WHERE brand = ? ORDER BY place", [brand]
    ).fetchall()
    return [Gap(*row) for row in rows]


def say_gap(gap: Gap, name: str) -> str:
    """What can be repeated to others: how many said it of `name`, what a person confirmed, what the text has."""
    return " ".join((*_say_voices(gap, name), _say_status(gap), _say_text(gap)))


def write_interval(low: float | None, high: float | None) -> str:
    """A share's interval, such as 15–28 %; empty where there is none."""
    if low is None or high is None:
        return ""
    digits = 0 if round(low) != round(high) else 1
    return f"{write_number(low, digits)}–{write_number(high, digits)} %"


def _say_voices(gap: Gap, name: str) -> Iterator[str]:
    said = f"said of {name}: “{gap.says}”."
    if gap.week is None:
        yield f"How many {said.replace('said of', 'say of')[:-1]} is not counted yet."
        return
    week = f"In the week of {write_day(gap.week)},"
    if not gap.authors_all or gap.share is None:
        yield f"{week} nobody spoke of {name}: “{gap.says}” was not said."
    elif gap.low is None:
        yield f"{week} {gap.authors} of {write_count(gap.authors_all, 'author')} {said}"
    else:
        share = f"{write_share(gap.share)} of {write_count(gap.authors_all, 'author')}"
        yield f"{week} {share} ({write_interval(gap.low, gap.high)}) {said}"
    if gap.change is not None and gap.change_low is not None and gap.change_high is not None:
        ends = f"{write_number(gap.change_low, 1, signed=True)} to {write_number(gap.change_high, 1, signed=True)}"
        weeks = write_count(gap.weeks_before, "week")
        yield f"That is {write_number(gap.change, 1, signed=True)} points ({ends}) on the {weeks} before."


def _say_status(gap: Gap) -> str:
    confirmed = f"(confirmed by {gap.checked_by} on {write_day(gap.checked_on)})" if gap.checked_on else ""
    since = f" since {write_day(gap.since)}" if gap.since else ""
    if gap.status == "in_text":
        return f"The {gap.document} say so{since} {confirmed}."
    if gap.status == "never":
        return f"The {gap.document} never said so {confirmed}."
    if gap.status == "was" and gap.until:
        since = f"from {write_day(gap.since)} " if gap.since else ""
        return f"The {gap.document} said so {since}until {write_day(gap.until)}, and no longer do {confirmed}."
    return f"Nobody has confirmed yet whether the {gap.document} say so."


def _say_text(gap: Gap) -> str:
    if gap.clause_since is None:
        return f"No text of the {gap.document} is recorded."
    recorded = f"The text recorded since {write_day(gap.clause_since)}"
    if gap.clause_now == "not_found":
        return f"{recorded} has no sentence on it."
    more = len(gap.quotations) - 1
    return f"{recorded} has: “{gap.quotations[0]}”" + (
        f" and {write_count(more, 'more sentence')} on it." if more else ""
    )
