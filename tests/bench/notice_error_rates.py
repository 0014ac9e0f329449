"""Days of notice that quiet signals propose, and how late true ones are: `python -m tests.bench.notice_error_rates`.

A signal is a count a day: a level with a weekly wave and a mood that remembers itself (AR(1)), overdispersed. Quiet
ones have no surge in the half year that is searched; whatever day is proposed there is false. Into others a surge is
planted: on its first day it has as much of a day's strength as is left of that day, then all of it, and loses a quarter
a day. The threshold of `analytics.notice.surges` was set on series of other seeds so that each of the first seven kinds
proposes a day in at most 5 of 100 half-years; the last two hold what is no quiet, and are told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.notice.surges import NEXT, PAST, judge_days
from tests.bench.effect_error_rates import binomial_interval, remember
from tests.bench.measurement import run
from tests.bench.tables import Table, note

SEARCHED = 183  # days
FOUND_WITHIN = 14
DECAY = 0.75
OTHER_NEWS = (3.0, 5.0, 3.5, 2.5, 1.8, 1.4)  # times the usual, day by day
SERIES = 2_000
AT_A_TIME = 250

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """What a signal is like; `mood` is the standard deviation of its logarithm, `growth` its drift in half a year."""

    name: str = "page views"
    level: float = 2_000
    mood: float = 0.15
    memory: float = 0.7
    weekend: float = 0.7
    dispersion: float = 0.05
    growth: float = 0.0
    missing: float = 0.0  # share of days
    glitches: float = 0.0  # days of four times the usual, by a robot or a fault; a day
    news: float = 0.0  # surges of some other cause; a day


PLAIN = Kind()
KINDS = (
    PLAIN,
    Kind("restless, long memory", mood=0.3, memory=0.9),
    Kind("restless, short memory", mood=0.3, memory=0.3, dispersion=0.1),
    Kind("three a day", level=3, dispersion=0.3),
    Kind("one in five days", level=0.2, dispersion=0.5),
    Kind("doubles in half a year", growth=0.7),
    Kind("a fifth of the days missing", missing=0.2),
    Kind("a wild day every two months", glitches=1 / 60),
    Kind("other news twice a year", news=1 / 180),
)


@dataclass(frozen=True)
class Finding:
    """Of planted surges: shares 0 to 1 found in time and on the first day, and days late of those found, on average."""

    found: float
    first_day: float
    late: float


def simulate(kind: Kind, series: int, days: int, random: np.random.Generator, strength: Floats | None = None) -> Floats:
    """Counts of shape (series, days), NaN where missing; `strength`, of that shape, multiplies what is expected."""
    day = np.arange(days)
    weekday = (day + random.integers(0, 7, (series, 1))) % 7
    expected = kind.level * np.exp(
        kind.mood * remember(random, series, days, kind.memory) + kind.growth * day / SEARCHED
    )
    expected *= np.where(weekday >= 5, kind.weekend, 1.0)
    expected *= random.gamma(1 / kind.dispersion, kind.dispersion, (series, days))
    expected *= np.where(random.random((series, days)) < kind.glitches, 4.0, 1.0)
    begins = random.random((series, days)) < kind.news
    for later, times in enumerate(OTHER_NEWS):
        expected[:, later:] *= np.where(begins[:, : days - later], times, 1.0)
    counts = random.poisson(expected if strength is None else expected * strength).astype(float)
    counts[random.random((series, days)) < kind.missing] = np.nan
    return counts


def false_proposals(kind: Kind, series: int, seed: int) -> int:
    """How many of so many quiet series propose a day in half a year."""
    random, wrong = np.random.default_rng(seed), 0
    for size in _parts(series):
        surges = judge_days(simulate(kind, size, PAST + SEARCHED, random)).surges
        wrong += int(surges[:, PAST:].any(axis=1).sum())
    return wrong


def find_planted(kind: Kind, times: float, series: int, seed: int) -> Finding:
    """How surges of so many times the usual are found."""
    random, found = np.random.default_rng(seed), []
    begins = PAST + 60
    for size in _parts(series):
        strength = np.ones((size, begins + FOUND_WITHIN + NEXT))
        strength[:, begins] += (times - 1) * random.random(size)
        strength[:, begins + 1 :] += (times - 1) * DECAY ** np.arange(strength.shape[1] - begins - 1)
        surges = judge_days(simulate(kind, size, strength.shape[1], random, strength)).surges
        found.append(surges[:, begins : begins + FOUND_WITHIN])
    inside = np.concatenate(found)
    hits = inside.any(axis=1)
    late = float(inside[hits].argmax(axis=1).mean()) if hits.any() else float("nan")
    return Finding(float(hits.mean()), float(inside[:, 0].mean()), late)


def _parts(series: int) -> list[int]:
    return [min(AT_A_TIME, series - done) for done in range(0, series, AT_A_TIME)]


def main() -> None:
    note(f"{SERIES:,} series a row; searched: {SEARCHED} days, with 99 % Monte-Carlo intervals")
    table = Table(
        "Quiet signals that propose a day in half a year",
        {"signal": "<28", **dict.fromkeys(("false", "low", "high"), ".1%")},
    )
    for number, kind in enumerate(KINDS):
        wrong = false_proposals(kind, SERIES, seed=20230806 + number)
        table.add(kind.name, wrong / SERIES, *binomial_interval(wrong, SERIES))
    table = Table(
        f"Planted surges found within {FOUND_WITHIN} days",
        {"signal": "<28", "times": ".1f", "found": ".0%", "on the day": ".0%", "days late": ".1f"},
    )
    for number, kind in enumerate(KINDS[:5]):
        for times in (2.0, 3.0, 5.0, 10.0):
            seen = find_planted(kind, times, SERIES, seed=20230906 + number)
            table.add(kind.name, times, seen.found, seen.first_day, seen.late)


if __name__ == "__main__":
    run(main)
