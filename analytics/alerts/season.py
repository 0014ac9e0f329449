"""What an hour of the week is usually like on one source, robustly.

The usual of an hour is a level times an hour of the day times a day of the week; where hours of the week differ by more
than chance, each of the 168 also has a factor of its own. Each factor is a ratio of sums drawn towards 1 by posts,
`PRIOR` or as many as that chance asks for, so that a thin source keeps a flat and quiet pattern (empirical Bayes for
Poisson counts: Clayton and Kaldor 1987, Biometrics 43(3)).
Counts far above what is expected are cut down to that before they enter, again and again until nothing moves much
(winsorising with Huber's proposal: Huber 1964, Annals of Mathematical Statistics 35(1)): an earlier surge hardly raises
the usual. The level is that of the last four weeks.
"""

from __future__ import annotations

import numpy as np

from analytics.alerts.hours import DAY, WEEK, Flags, Floats, Hours
from analytics.alerts.scatter import ROUGH, cut_down

PAST_DAYS, LEVEL_DAYS = 84, 28
FEWEST_HOURS = 504  # three weeks collected: with less there is no usual
PRIOR = 20.0  # posts
ROUNDS = 4
MONDAY = 72  # 1970-01-01 was a Thursday


def hour_of_week(hours: Hours) -> Hours:
    """0 for the first hour of Monday, UTC, to 167."""
    return (hours + MONDAY) % WEEK


def fit_week(counts: Floats, covered: Flags, first: int) -> Floats | None:
    """Expected voices of each hour of the week, shape (168,); None with too few hours collected.

    `counts` and `covered`: an entry an hour, from hour `first` on, oldest first.
    """
    if covered.sum() < FEWEST_HOURS:
        return None
    place = hour_of_week(np.arange(first, first + len(counts)))
    usual = np.full(WEEK, max(counts[covered].mean(), 1e-6))
    collected = covered.astype(float)
    for _ in range(ROUNDS):
        # Counts are cut at the usual of the round before; of the first, where that is one level for all, generously.
        kept = cut_down(counts, usual[place], ROUGH) * collected
        total = _add_up(place, kept)
        hours = _add_up(place, collected)
        usual = np.full(WEEK, total.sum() / hours.sum())
        for groups in (np.arange(WEEK) // DAY, np.arange(WEEK) % DAY):
            usual = usual * _factors(groups, total, usual * hours, PRIOR)
        expected = usual * hours
        # How much hours of the week differ beyond chance, as the variance of their factors.
        own = max(float((np.square(total - expected) - expected).sum() / np.square(expected).sum()), 1e-9)
        usual = usual * _factors(np.arange(WEEK), total, expected, max(1 / own, PRIOR))
    recent = covered & (np.arange(len(counts)) >= len(counts) - LEVEL_DAYS * DAY)
    now = place[recent]
    if len(now):
        kept = cut_down(counts[recent], usual[now], ROUGH)
        usual = usual * (kept.sum() + PRIOR) / (usual[now].sum() + PRIOR)
    return usual


def _add_up(place: Hours, values: Floats) -> Floats:
    return np.bincount(place, values, minlength=WEEK).astype(np.float64)


def _factors(groups: Hours, total: Floats, expected: Floats, prior: float) -> Floats:
    """What each hour of the week should be multiplied by, so that its group has what was seen of it."""
    factors = (np.bincount(groups, total) + prior) / (np.bincount(groups, expected) + prior)
    found: Floats = factors[groups]
    return found
