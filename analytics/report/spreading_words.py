"""From posts to the press, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from analytics.report.formatting import NO_BREAK, write_count, write_day, write_number, write_span
from analytics.report.model import Report
from analytics.report.quoting import write_link, write_unlinked


@dataclass(frozen=True, slots=True)
class SpreadWords:
    """What is said of it; `rows` are days, posts, stories, outlets a day and the most of them in a day."""

    said: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    quote: str
    url: str


def write_spread(report: Report) -> SpreadWords | None:
    """Whether it spread to the press; None without an event, one line where no press is listened to."""
    spread, tested = report.spread, report.event.tested if report.event else None
    if spread is None or tested is None:
        return None
    if not spread.heard:
        line = "No source of stories or articles, such as news feeds or Hacker News, is listened to: not answered."
        return SpreadWords((line,), (), "", "")
    since = f"in the 28 days from {write_day(tested)}"
    other = (
        f" {write_count(spread.other_stories, 'story', 'stories')} on other subjects." if spread.other_stories else ""
    )
    if not spread.stories:
        return SpreadWords((f"No story or article spoke of {report.attention_subject} {since}.{other}",), (), "", "")
    said = [
        f"{write_count(spread.stories, 'story or article', 'stories and articles')} on {report.attention_subject} by"
        f" {write_count(spread.outlets, 'outlet')} {since}.{other}"
    ]
    if spread.lag_first is not None:
        said.append(f"The first stood there {_write_lag(spread.lag_first)} the first post.")
    if spread.lag_half is not None:
        said.append(f"Half of them stood there {_write_lag(spread.lag_half)} half of the posts.")
    first = next((post for post in report.posts if post.period == "story"), None)
    rows = tuple(
        (
            write_span(
                tested + timedelta(days=seven.first), tested + timedelta(days=seven.first + seven.days - 1), year=False
            ),
            write_number(seven.posts),
            write_number(seven.stories),
            write_number(seven.outlets_mean, 1),
            write_number(seven.outlets_most),
        )
        for seven in spread.days
    )
    if first is None:
        return SpreadWords((*said, "The first of them has been deleted since."), rows, "", "")
    quote = f"First: “{first.title or first.text}” ({first.source}, {write_day(first.day)})"
    quote = " · ".join(filter(None, (quote, write_unlinked(first))))
    return SpreadWords(tuple(said), rows, quote, write_link(first))


def _write_lag(hours: float) -> str:
    size = abs(hours)
    if size < 1:
        return "within an hour of"
    written = write_count(round(size), "hour") if size < 47.5 else f"{write_number(size / 24, 1)}{NO_BREAK}days"
    return f"{written} {'before' if hours < 0 else 'after'}"
