"""The dates of policy events, numbered in their order: a chart has room for a number where it has none for words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.report.formatting import write_day
from analytics.report.model import Event


@dataclass(frozen=True, slots=True)
class ChartDate:
    """A date of an event and its number. `is_main`: the day on which the report looks for a reaction."""

    number: int
    day: date
    words: str  # what happened then, such as noticed
    title: str
    is_main: bool

    @property
    def label(self) -> str:
        """The date where there is little room: 6 Aug noticed."""
        return f"{write_day(self.day, year=False, short=True)} {self.words}"

    @property
    def written(self) -> str:
        """The date in a list: 6 August 2023 noticed."""
        return f"{write_day(self.day)} {self.words}"


def number_dates(events: Sequence[Event], first: date, last: date) -> list[ChartDate]:
    """All dates of the events from `first` to before `last`, oldest first; the first event is the one reported on."""
    found = sorted(
        (day, at, words, event.title, at == 0 and day == event.tested)
        for at, event in enumerate(events)
        for day, words in event.dates
        if first <= day < last
    )
    return [
        ChartDate(number, day, words, title, is_main) for number, (day, _, words, title, is_main) in enumerate(found, 1)
    ]


def group_dates(dates: Sequence[ChartDate], apart: float) -> list[tuple[list[ChartDate], str, ChartDate | None]]:
    """Dates that stand no more than `apart` days from the one before: group, numbers, main date in it."""
    groups: list[list[ChartDate]] = []
    for one in dates:
        if groups and (one.day - groups[-1][-1].day).days <= apart:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [(group, _numbers(group), next((one for one in group if one.is_main), None)) for group in groups]


def _numbers(group: Sequence[ChartDate]) -> str:
    return str(group[0].number) if len(group) == 1 else f"{group[0].number}–{group[-1].number}"
