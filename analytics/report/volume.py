"""How much was posted, as data: weeks far above the usual, and what carried them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from analytics.report.figures import Row


@dataclass(frozen=True, slots=True)
class Carrier:
    """Posts of a week that belong together: a thread, or copies of one text.

    `post_id` is the post that stands for them, None where only the brand itself wrote there; `share` is of the source's
    posts of the week, 0 to 100.
    """

    kind: str  # thread, copies
    share: float
    posts: int
    post_id: str | None


@dataclass(frozen=True, slots=True)
class Spike:
    """A week in which a source had far more posts than usual (the median of `usual_weeks` weeks before)."""

    week: date
    source: str
    posts: int
    usual: float
    usual_weeks: int
    practices_share: float  # of its posts, 0 to 100
    carriers: tuple[Carrier, ...]


def read_spikes(rows: Iterable[Row]) -> tuple[Spike, ...]:
    """Out of the rows of find_volume_spikes, in their order: the newest first."""
    spikes: dict[tuple[date, str], list[Row]] = {}
    for row in rows:
        spikes.setdefault((row["week"], row["scope"]), []).append(row)
    return tuple(_read(of) for of in spikes.values())


def _read(rows: list[Row]) -> Spike:
    of = {row["measure"]: row for row in rows}
    carriers = [
        Carrier(row["measure"], row["value"], row["n"], row["post"] and row["post"]["post_id"])
        for row in rows
        if row["measure"] in ("thread", "copies")
    ]
    usual = of["usual"]
    return Spike(
        week=usual["week"],
        source=usual["scope"],
        posts=usual["posts"],
        usual=usual["value"],
        usual_weeks=usual["n"],
        practices_share=of["practices"]["value"] if "practices" in of else 0.0,
        carriers=tuple(sorted(carriers, key=lambda carrier: -carrier.share)),
    )
