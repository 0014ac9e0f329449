"""How rare an hour must be for an incident: from the number of false incidents a year that a person will have.

A look at every hour of a year is 8,766 looks. Windows that end an hour apart share most of what they hold, so a window
of w hours counts as `overlap` × 8,766/w looks of its own (the mean number of runs of exceedances, not of exceedances,
is what matters: Naus 1982, Journal of the American Statistical Association 77(377)). The year's number is shared
among what is watched (`SHARES`) and then divided among the windows, which is Bonferroni's bound. Patterns and scatter
are themselves estimates: by `caution` thresholds are stricter, and more so for windows of `LONG` hours and more, whose
scatter the past shows less often. All three were set on simulated quiet brands of other seeds
than those that `tests/bench/alert_error_rates.py` prints.

Volume is a Poisson count around news that scatters by a factor (Aitchison and Ho 1989, Biometrika 76(4)): a lognormal
tail is heavier than the gamma of a negative binomial count, which was too light for loud brands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import pdtrc

from analytics.alerts.hours import Floats
from brands.schema import AlertKind

HOURS_A_YEAR = 8_766
SHARES: dict[AlertKind, float] = {"volume_surge": 3.0}  # a missed surge costs more than a missed drop; others have 1
NEWS = np.linspace(-6.0, 6.0, 81)  # standard deviations: where the integral over news is taken
CHANCE = np.exp(-np.square(NEWS) / 2) / np.exp(-np.square(NEWS) / 2).sum()


@dataclass(frozen=True, slots=True)
class Strictness:
    """How much thresholds are stricter than windows that share nothing, and that are known exactly, would ask for."""

    overlap: float
    caution: float
    caution_of_long: float


LONG = 6  # hours
VOLUME = Strictness(overlap=12.0, caution=2.5, caution_of_long=7.5)
TRUST = Strictness(overlap=3.0, caution=3.5, caution_of_long=3.5)


def share_out(kinds: Sequence[AlertKind], false_incidents_a_year: float) -> dict[AlertKind, float]:
    """The false incidents a year that each of these kinds may bring."""
    whole = sum(SHARES.get(kind, 1.0) for kind in kinds)
    return {kind: false_incidents_a_year * SHARES.get(kind, 1.0) / whole for kind in kinds}


def rarest(share: float, length: int, windows: int, strictness: Strictness) -> float:
    """The probability an hour must fall below, where `windows` lengths share `share` false incidents a year."""
    looks = HOURS_A_YEAR * min(1.0, strictness.overlap / length)
    return share / windows / looks / (strictness.caution if length < LONG else strictness.caution_of_long)


def tail_above(counts: Floats, expected: Floats, dispersion: float) -> Floats:
    """Probability of so many or more of a Poisson-lognormal count with this mean and overdispersion (μ + αμ²)."""
    width = np.sqrt(np.log1p(dispersion))
    means = expected[:, None] * np.exp(width * NEWS - width**2 / 2)
    found: Floats = pdtrc(np.maximum(counts, 1.0)[:, None] - 1.0, means) @ CHANCE
    return np.where(counts > 0, found, 1.0)


def tail_below(counts: Floats, expected: Floats, dispersion: float) -> Floats:
    """Probability of so few or fewer."""
    return 1.0 - tail_above(counts + 1, expected, dispersion)
