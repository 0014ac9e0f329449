"""This week against its usual weeks, in words: how far it lies, in which source, and who was heard most of those."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.report.formatting import (
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
    parts = report.week_parts
    side = report.this_week.side
    if parts is None or side is None:
        return ""
    named = [f"{part.source} {_points(part.part)}" for part in parts.sources[:NAMED]]
    if abs(parts.mix) >= 0.05:
        named.append(f"their mix {_points(parts.mix)}")
    left = len(parts.sources) - NAMED
    rest = f"; {write_small(left, 'more source')} inside" if left > 0 else ""
    return (
        f"This week lies {_size(parts.distance)} {side} its usual weeks taken together (points by source:"
        f" {join_words(named)}{rest}); {_say_rank(parts)}."
    )


def write_week_parts(report: Report) -> WeekPartsWords | None:
    """The section; None where the week or the usual is too thin for it."""
    parts, week = report.week_parts, report.this_week
    if parts is None or week.net_trust is None or week.usual_net_trust is None:
        return None
    chance = "which chance in who spoke explains" if week.side is None else "more than chance in who spoke explains"
    said = (
        f"Net trust expression stands at {write_number(week.net_trust.value, signed=True)}, its usual is"
        f" {write_number(week.usual_net_trust.value, signed=True)}, {chance}. {upper_first(_say_rank(parts))}."
    )
    voices = sum(part.voices for part in parts.sources)
    now = write_number(parts.usual + parts.distance, 1, signed=True)
    sums = [("Sources have other shares than usual", "", "", "", "", _points(parts.mix))]
    if rest := _rest(parts):
        sums.append(("Left over by rounding", "", "", "", "", _points(rest)))
    usual_together = write_number(parts.usual, 1, signed=True)
    sums.append(("All sources", now, "", write_number(voices), usual_together, _points(parts.distance)))
    quoted = [post for post in report.posts if post.period == "mover"]
    side = "lower it" if report.this_week.side == "below" else "raise it"
    return WeekPartsWords(
        said=said,
        heads=HEADS,
        rows=tuple(map(_row, parts.sources)),
        sums=tuple(sums),
        movers_title=f"Widest heard of the posts that {side}" if quoted else "",
        movers=tuple(map(_mover, quoted)),
        how=(
            f"Usual: the {parts.usual_weeks} usual weeks taken together, since parts of a median do not add up. Its"
            " part: what a source says now less what it usually says, by its share of the voices. Counted from the"
            " posts as they stand now. Described, not tested."
        ),
    )


def _rest(parts: WeekParts) -> float:
    """What the printed parts lack of the printed distance."""
    printed = sum(round(part.part, 1) for part in parts.sources) + round(parts.mix, 1)
    return round(round(parts.distance, 1) - printed, 1)


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


def _say_rank(parts: WeekParts) -> str:
    count = "none" if not parts.as_far else write_small(parts.as_far)
    verb = "lies" if parts.as_far == 1 else "lie"
    return f"of the {parts.usual_weeks} usual weeks {count} {verb} as far from their median"


def _points(value: float) -> str:
    return write_change(value, MEASURE)


def _size(value: float) -> str:
    return write_size(value, MEASURE)
