"""The gap between what people say of the terms, what the terms have of it, and what a person confirmed, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from analytics.report.formatting import write_day, write_number, write_percent, write_share
from brands.wording import write_count

if TYPE_CHECKING:
    import duckdb


FEWEST_WHOLE = 9.95  # percent: from here on shares are written without a decimal


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
    quotations_at_event: list[str]
    first_week: date | None
    last_week: date | None
    peak_week: date | None
    peak_authors_all: int | None
    peak_share: float | None
    peak_low: float | None
    peak_high: float | None
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
    return " ".join((*_say_voices(gap, name), *_say_peak(gap), _say_status(gap), *_say_text(gap)))


def write_interval(share: float | None, low: float | None, high: float | None) -> str:
    """A share's interval with the share's own decimals, such as 15–28 %; empty where there is none."""
    if share is None or low is None or high is None:
        return ""
    digits = 0 if share >= FEWEST_WHOLE else 1
    return f"{write_number(low, digits)}–{write_percent(high, digits)}"


def _say_voices(gap: Gap, name: str) -> Iterator[str]:
    if gap.week is None:
        yield f"How many say of {name}: “{gap.says}” is not counted yet."
        return
    week = f"In the week of {write_day(gap.week)},"
    if not gap.authors_all or gap.share is None:
        yield f"{week} nobody spoke of {name}."
        return
    interval = write_interval(gap.share, gap.low, gap.high)
    share = f"{write_share(gap.share)} of" if interval else f"{gap.authors} of"
    between = f" ({interval})" if interval else ""
    yield f"{week} {share} {write_count(gap.authors_all, 'author')}{between} said of {name}: “{gap.says}”."
    if gap.change is not None and gap.change_low is not None and gap.change_high is not None:
        ends = f"{write_number(gap.change_low, 1, signed=True)} to {write_number(gap.change_high, 1, signed=True)}"
        weeks = write_count(gap.weeks_before, "week")
        yield f"That is {write_number(gap.change, 1, signed=True)} points ({ends}) on the {weeks} before."


def _say_peak(gap: Gap) -> Iterator[str]:
    if gap.peak_week is not None and gap.peak_week != gap.week:
        share = f"{write_share(gap.peak_share)} of {write_count(gap.peak_authors_all or 0, 'author')}"
        interval = write_interval(gap.peak_share, gap.peak_low, gap.peak_high)
        yield f"Most did in the week of {write_day(gap.peak_week)}: {share} ({interval})."


def _say_status(gap: Gap) -> str:
    confirmed = f"(confirmed by {gap.checked_by} on {write_day(gap.checked_on)})" if gap.checked_on else ""
    where = f"in the {gap.document}"
    if gap.status == "in_text":
        since = f" since {write_day(gap.since)}" if gap.since else ""
        return f"It stands {where}{since} {confirmed}."
    if gap.status == "never":
        return f"It never stood {where} {confirmed}."
    if gap.status == "was" and gap.until:
        since = f"from {write_day(gap.since)} " if gap.since else ""
        return f"It stood {where} {since}until {write_day(gap.until)}, and no longer does {confirmed}."
    return f"Nobody has confirmed yet whether it stands {where}."


def _say_text(gap: Gap) -> Iterator[str]:
    if gap.clause_since is None:
        yield f"No text of the {gap.document} is recorded."
        return
    if gap.event_date is not None and gap.quotations_at_event != gap.quotations:
        day = write_day(gap.event_date)
        if gap.clause_at_event == "no_text":
            yield f"On {day} no text of the {gap.document} was recorded yet."
        else:
            yield f"On {day} the recorded text had{_quote(gap.quotations_at_event)}"
    yield f"The text recorded since {write_day(gap.clause_since)} has{_quote(gap.quotations)}"


def _quote(sentences: list[str]) -> str:
    if not sentences:
        return " no sentence on it."
    more = len(sentences) - 1
    return f": “{sentences[0]}”" + (f" and {write_count(more, 'more sentence')} on it." if more else "")
