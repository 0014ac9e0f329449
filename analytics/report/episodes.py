"""The newest event beside earlier ones, as data: attention by seven days from the notice, on one source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.report.figures import Row

FIRST_WEEK, LAST_WEEK = -4, 11  # counted from the notice, whose seven days are week 0
REACTION = 4  # weeks in which the highest is looked for: later ones are as often high by chance


@dataclass(frozen=True, slots=True)
class EpisodeWeek:
    """Seven days, counted from the notice: the share (0 to 100) of the source's voices on the event's own themes.

    `share` is None where the days were not collected or under 10 voices spoke.
    """

    week: int
    share: float | None
    low: float | None
    high: float | None
    authors: int
    coverage: str  # complete, partial, none


@dataclass(frozen=True, slots=True)
class Episode:
    """An event and what was said of it. Weeks that are not there yet, or belong to the next event, are left out."""

    brand: str
    name: str
    event_id: str
    title: str
    noticed: date
    weeks: tuple[EpisodeWeek, ...]

    @property
    def peak(self) -> EpisodeWeek:
        """Of the first four weeks from the notice the one with the largest share, the first of such."""
        return max((week for week in self.told if 0 <= week.week < REACTION), key=lambda week: week.share or 0.0)

    @property
    def told(self) -> tuple[EpisodeWeek, ...]:
        """The weeks that have a share."""
        return tuple(week for week in self.weeks if week.share is not None)


@dataclass(frozen=True, slots=True)
class Episodes:
    """The newest event and others on the same source, the newest of these first. `others`: how many there are."""

    source: str
    own: Episode
    earlier: tuple[Episode, ...]
    others: int

    @property
    def all(self) -> tuple[Episode, ...]:
        """The event itself, then the others."""
        return self.own, *self.earlier


def read_episodes(rows: Sequence[Row], names: Mapping[str, str]) -> Episodes | None:
    """Out of the rows of compare_episodes; None where there is no other event to compare with."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["brand"], row["event_id"]), []).append(row)
    told = [
        Episode(
            brand,
            names.get(brand, brand),
            event_id,
            weeks[0]["title"],
            weeks[0]["noticed"],
            tuple(
                EpisodeWeek(row["bin"], row["value"], row["low"], row["high"], row["n"], row["coverage"])
                for row in weeks
            ),
        )
        for (brand, event_id), weeks in found.items()
    ]
    if len(told) < 2:
        return None
    return Episodes(rows[0]["source"], told[0], tuple(told[1:]), rows[0]["others"])


def runs_of_weeks(episode: Episode) -> list[list[EpisodeWeek]]:
    """Weeks with a share, cut where one has none: a line never crosses a gap."""
    runs: list[list[EpisodeWeek]] = []
    for week in episode.told:
        if runs and week.week == runs[-1][-1].week + 1:
            runs[-1].append(week)
        else:
            runs.append([week])
    return runs
