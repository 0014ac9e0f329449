"""This week's distance from the usual, by source: what each says, and how much of the distance it has.

`compare_week.sql` says how: described, not tested. It answers the first question of whoever sees a week off its usual.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.report.figures import Row


@dataclass(frozen=True, slots=True)
class SourcePart:
    """A source in the week. `now` and `usual` are net trust expression, None where nobody spoke; `part` in points."""

    source: str
    now: float | None
    low: float | None
    high: float | None
    voices: int
    usual: float | None
    part: float


@dataclass(frozen=True, slots=True)
class WeekParts:
    """The parts of a week's distance from its usual weeks taken together; parts and `mix` add up to `distance`.

    `as_far` of `usual_weeks` lie as far from their median as the week does, on its side of it.
    """

    sources: tuple[SourcePart, ...]
    usual: float
    mix: float
    distance: float
    as_far: int
    usual_weeks: int


def read_week_parts(rows: Iterable[Row]) -> WeekParts | None:
    """Out of the rows of compare_week, the largest part first; None where the week or the usual is too thin."""
    of_source: dict[str, dict[str, Row]] = {}
    for row in rows:
        of_source.setdefault(row["scope"], {})[row["measure"]] = row
    whole = of_source.pop("", None)
    if not whole:
        return None
    parts = [
        SourcePart(
            source=source,
            now=of["now"]["value"],
            low=of["now"]["low"],
            high=of["now"]["high"],
            voices=of["now"]["n"],
            usual=of["usual"]["value"],
            part=of["part"]["value"],
        )
        for source, of in of_source.items()
    ]
    return WeekParts(
        sources=tuple(sorted(parts, key=lambda part: (-abs(part.part), part.source))),
        usual=whole["usual"]["value"],
        mix=whole["mix"]["value"],
        distance=whole["distance"]["value"],
        as_far=int(whole["as_far"]["value"]),
        usual_weeks=whole["as_far"]["n"],
    )
