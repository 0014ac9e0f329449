"""From posts to the press, as data: the stories of an event's 28 days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.report.figures import Row


@dataclass(frozen=True, slots=True)
class SpreadDays:
    """Seven days of the event's 28, fewer where the report's week ends before: counts on the event's themes."""

    first: int  # days after the event's
    days: int
    posts: int
    stories: int
    outlets_mean: float  # a day
    outlets_most: int  # in a day


@dataclass(frozen=True, slots=True)
class Spread:
    """Stories and articles on the event's themes. Lags are hours behind the posts, negative where stories came first.

    `heard` is False where no source of stories or articles is listened to; nothing else is told then.
    """

    heard: bool
    stories: int
    other_stories: int  # on the brand, not on the event's themes
    outlets: int
    lag_first: float | None
    lag_half: float | None
    days: tuple[SpreadDays, ...]


def read_spread(rows: Sequence[Row]) -> Spread | None:
    """Out of the rows of measure_spread; None without an event."""
    whole = {row["measure"]: row for row in rows if row["seven"] is None}
    if not whole:
        return None
    sevens: dict[int, dict[str, Row]] = {}
    for row in rows:
        if row["seven"] is not None:
            sevens.setdefault(row["seven"], {})[row["measure"]] = row
    return Spread(
        heard=whole["stories"]["heard"],
        stories=int(whole["stories"]["value"]),
        other_stories=int(whole["other_stories"]["value"]),
        outlets=int(whole["outlets"]["value"]),
        lag_first=whole["lag_first"]["value"],
        lag_half=whole["lag_half"]["value"],
        days=tuple(
            SpreadDays(
                7 * seven,
                of["posts"]["n"],
                int(of["posts"]["value"]),
                int(of["stories"]["value"]),
                of["outlets_mean"]["value"],
                int(of["outlets_most"]["value"]),
            )
            for seven, of in sorted(sevens.items())
        ),
    )
