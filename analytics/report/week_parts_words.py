"""This week against its usual weeks, in words: how far it lies, in which source, and who was heard most of those."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.report.formatting import (
    NO_BREAK,
    join_words,
    upper_first,
    write_change,
    write_day,
    write_interval,
    write_number,
    write_size,
    write_small,
)
from analytics.report.model import LoudPost, Report
from analytics.report.quoting import write_link, write_unlinked
from analytics.report.volume_words import shorten
from analytics.report.week_parts import SourcePart, WeekParts

MEASURE = "net_trust"
NAMED = 3  # sources in the sentence of page one
HEADS = ("Source", "This week", "95 % interval", "n", "Usual", "Its part, points")


@dataclass(frozen=True, slots=True)
class MoverWords:
    """A post that speaks the way the week went: its notes, its words, and where it stands."""

    lead: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class WeekPartsWords:
    """The section: a sentence, a row a source under `heads`, `sums` below them, posts under a title, and how."""

    said: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[tuple[str, ...], ...]
    movers_title: str
    movers: tuple[MoverWords, ...]
    how: str


def say_main_parts(report: Report) -> str:
    """For page one: in which sources a week beyond its usual lies; empty for a week within it."""
    parts, side, usual = report.week_parts, report.this_week.side, report.this_week.usual_net_trust
    if parts is None or side is None or usual is None:
        return ""
    named = [f"{part.source} {_points(part.part)}" for part in parts.sources[:NAMED]]
    distance = round(_now(parts) - usual.value, 1)
    rest = round(distance - sum(round(part.part, 1) for part in parts.sources[:NAMED]), 1)
    if rest:
        named.append(f"the rest {_points(rest)}")
    return (
        f"This week lies {_size(distance)} {side} its usual{_as_they_stand(report)} (points by source:"
        f" {join_words(named)}); {_say_rank(parts, distance)}."
    )


def write_week_parts(report: Report) -> WeekPartsWords | None:
    """The section; None where the week or the usual is too thin for it."""
    parts, week = report.week_parts, report.this_week
    if parts is None or week.net_trust is None or week.usual_net_trust is None:
        return None
    usual = week.usual_net_trust.value
    distance = round(_now(parts) - usual, 1)
    beyond = "" if week.net_trust.low is None else "inside" if week.side is None else "outside"
    said = (
        f"Net trust expression stands at {write_number(week.net_trust.value, signed=True)}, its usual is"
        f" {write_number(usual, signed=True)}{f', {beyond} the 95{NO_BREAK}% interval of sampling' if beyond else ''}."
        f" {upper_first(_say_rank(parts, distance))}."
    )
    if stand := _as_they_stand(report):
        said += f" The table is counted{stand}: posts have been erased, or have come, since the week was first counted."
    of_median = round(parts.usual - usual, 1)
    sums = [("Sources have other shares than usual", "", "", "", "", _points(parts.mix))]
    if of_median:
        sums.append(("The usual is a median, not the usual weeks together", "", "", "", "", _points(of_median)))
    printed = sum(round(part.part, 1) for part in parts.sources) + round(parts.mix, 1) + of_median
    if rest := round(distance - printed, 1):
        sums.append(("Left over by rounding", "", "", "", "", _points(rest)))
    now, median = (write_number(value, 1, signed=True) for value in (_now(parts), usual))
    voices = write_number(sum(part.voices for part in parts.sources))
    sums.append(("All sources", now, "", voices, median, _points(distance)))
    quoted = [post for post in report.posts if post.period == "mover"]
    side = "lower it" if week.side == "below" else "raise it"
    return WeekPartsWords(
        said=said,
        heads=HEADS,
        rows=tuple(map(_row, parts.sources)),
        sums=tuple(sums),
        movers_title=f"Widest heard of the posts that {side}" if quoted else "",
        movers=tuple(map(_mover, quoted)),
        how=(
            f"Usual of a source: the {parts.usual_weeks} usual weeks taken together. Its part: what it says now less"
            " what it usually says, by the mean of its share of the voices now and usually. Each number is rounded by"
            " itself. Described, not tested."
        ),
    )


def _now(parts: WeekParts) -> float:
    """The week, counted from the posts as they stand now."""
    return parts.usual + parts.distance


def _as_they_stand(report: Report) -> str:
    """Where the week would be counted otherwise now than it was first: that it is."""
    week, parts = report.this_week.net_trust, report.week_parts
    if week is None or parts is None or abs(_now(parts) - week.value) < 0.05:
        return ""
    return " from the posts as they stand now"


def _row(part: SourcePart) -> tuple[str, ...]:
    interval = write_interval(part.low, part.high, MEASURE) or ("too few" if part.voices else "")
    levels = (write_number(value, 1, signed=True) for value in (part.now, part.usual))
    return (part.source, next(levels), interval, write_number(part.voices), next(levels), _points(part.part))


def _mover(post: LoudPost) -> MoverWords:
    notes = [post.source, write_day(post.day, year=False)]
    if post.reach:
        notes.append(f"reach {write_number(post.reach)}")
    if post.compound is not None:
        notes.append(f"score {write_number(post.compound, 2, signed=True)}")
    words = " · ".join(filter(None, (shorten(post.text or post.title), write_unlinked(post))))
    return MoverWords(f"{' · '.join(notes)}:", words, write_link(post))


def _say_rank(parts: WeekParts, distance: float) -> str:
    count = "none" if not parts.as_far else write_small(parts.as_far)
    verb = "lies" if parts.as_far == 1 else "lie"
    return f"of the {parts.usual_weeks} usual weeks {count} {verb} as {'low' if distance < 0 else 'high'}"


def _points(value: float) -> str:
    return write_change(value, MEASURE)


def _size(value: float) -> str:
    return write_size(value, MEASURE)
