"""How rare an hour must be for an incident: from the number of false incidents a year that a person will have.

A look at every hour of a year is 8,766 looks. Windows that end an hour apart share most of what they hold, so a window
of w hours counts as `OVERLAP` × 8,766/w looks of its own (the mean number of runs of exceedances, not of exceedances,
is what matters: Naus 1982, Journal of the American Statistical Association 77(377)). The year's share is divided among
what is watched and then among the windows, which is Bonferroni's bound. Threads and moods have heavier tails than a
negative binomial count: by `CAUTION` thresholds are stricter. It was set on simulated quiet brands of other seeds than
those that `tests/bench/alert_error_rates.py` prints.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc

from analytics.alerts.hours import Floats

HOURS_A_YEAR = 8_766
OVERLAP = 3.0
CAUTION = 2.5


def rarest(share: float, length: int, windows: int) -> float:
    """The probability an hour must fall below, where `windows` lengths share `share` false incidents a year."""
    looks = HOURS_A_YEAR * min(1.0, OVERLAP / length)
    return share / windows / looks / CAUTION


def tail_above(counts: Floats, expected: Floats, dispersion: Floats) -> Floats:
    """Probability of so many or more of a negative binomial count with this mean and overdispersion."""
    size = 1 / dispersion
    with np.errstate(invalid="ignore"):
        found = betainc(np.maximum(counts, 1e-9), size, expected / (expected + size))
    return np.where(counts <= 0, 1.0, found)


def tail_below(counts: Floats, expected: Floats, dispersion: Floats) -> Floats:
    """Probability of so few or fewer."""
    return 1.0 - tail_above(counts + 1, expected, dispersion)
