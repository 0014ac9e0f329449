"""What was not collected, in words: which sources and which days, as briefly as they can be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from analytics.report.formatting import join_words, write_day, write_small, write_span
from analytics.report.model import Gap, Report

NAMED = 3  # sources in one sentence, and groups of them
WEEK = 7  # days


def write_missing_days(report: Report) -> str:
    """The sources and days of the reported week that were not collected in full; empty where none is missing."""
    days: dict[str, set[date]] = {}
    for gap in report.gaps:
        inside = [report.week + timedelta(days=at) for at in range(WEEK)]
        for source in gap.sources:
            days.setdefault(source, set()).update(day for day in inside if gap.first <= day <= gap.last)
    alike: dict[tuple[date, ...], list[str]] = {}
    for source, missing in sorted(days.items()):
        if missing:
            alike.setdefault(tuple(sorted(missing)), []).append(source)
    groups = sorted(alike.items(), key=lambda group: (-len(group[0]), group[1]))
    said = [f"{name_sources(sources, report)} {_write_days(missing)}" for missing, sources in groups[:NAMED]]
    if len(groups) > NAMED:
        said.append(write_small(sum(len(sources) for _, sources in groups[NAMED:]), "more source"))
    return "; ".join(said)


def write_partial_week(report: Report) -> str:
    """That the week is not over, or was not collected in full, and what is missing; empty where all is there."""
    week, missing = report.this_week, write_missing_days(report)
    if week.over and week.coverage == "complete":
        return ""
    which = f" ({missing})" if missing else ""
    if week.coverage == "complete":
        return f"The week of {write_day(report.week)} is not over yet."
    running = "is not over yet and " if not week.over else ""
    nothing = week.coverage == "none"
    return f"The week of {write_day(report.week)} {running}was not collected{'' if nothing else ' in full'}{which}."


def write_long_gaps(report: Report) -> str:
    """The last stretch of a week or more that began before this week, with its sources; empty without one."""
    long = [gap for gap in report.gaps if (gap.last - gap.first).days + 1 >= WEEK and gap.first < report.week]
    if not long:
        return ""
    more = f", and {write_small(len(long) - 1)} more under “What was collected”" if len(long) > 1 else ""
    nothing = long[0].status in ("failed", "never_asked")
    latest = f"{write_span(long[0].first, long[0].last)} ({name_sources(long[0].sources, report)})"
    return f"Not collected{'' if nothing else ' in full'}: {latest}{more}."


def write_gap(gap: Gap) -> str:
    """A line of the list of gaps."""
    return f"{write_span(gap.first, gap.last)}: {join_words(gap.sources)} ({gap.status.replace('_', ' ')})"


def name_sources(sources: Sequence[str], report: Report) -> str:
    """Sources by name; all of them, or many, by their number."""
    if len(sources) > 1 and set(sources) == {row.source for row in report.sources}:
        return "all sources" if len(sources) > 2 else "both sources"
    return join_words(sources) if len(sources) <= NAMED else write_small(len(sources), "source")


def _write_days(days: Sequence[date]) -> str:
    """Days of one week: all week, or the stretches that they form."""
    if len(days) == WEEK:
        return "all week"
    return join_words([write_span(first, last, year=False) for first, last in _stretches(days)])


def _stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
