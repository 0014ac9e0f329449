"""How rare an hour must be for an incident: from the number of false incidents a year that a person will have.

A look at every hour of a year is 8,766 looks. Windows that end an hour apart share most of what they hold, so a window
of w hours counts as `overlap` × 8,766/w looks of its own (the mean number of runs of exceedances, not of exceedances,
is what matters: Naus 1982, Journal of the American Statistical Association 77(377)). The year's number is shared
among what is watched (`SHARES`) and then divided among its windows (`Strictness.parts`), the last hours more than the
others, which is Bonferroni's bound. Patterns and scatter are themselves estimates: by `caution` thresholds are
stricter, and the scatter of news counts for more, the longer the window, since the past shows it less often (`widen`).
All were set on simulated quiet brands of other seeds than those that `tests/bench/alert_error_rates.py` prints.

Volume is a count around news that scatters by a factor (Poisson-lognormal: Aitchison and Ho 1989, Biometrika 76(4)): a
lognormal tail is heavier than the gamma of a negative binomial count, which was too light for loud brands. Threads are
clusters of posts around it, of logarithmic size, whose sum is negative binomial (Quenouille 1949, Biometrics 5(2)): in
a small brand one long thread fills an hour, which a Poisson tail that is only stretched thinks too rare.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betainc

from analytics.alerts.hours import DAY, Floats
from analytics.alerts.scatter import Scatter
from brands.schema import AlertKind

HOURS_A_YEAR = 8_766
SHARES: dict[AlertKind, float] = {"volume_surge": 3.0}  # a missed surge costs more than a missed drop; others have 1
LEAST_EXCESS = 1e-6  # of variance over mean: with less posts are as good as independent
NEWS = np.linspace(-6.0, 6.0, 81)  # standard deviations: where the integral over news is taken
CHANCE = np.exp(-np.square(NEWS) / 2) / np.exp(-np.square(NEWS) / 2).sum()


@dataclass(frozen=True, slots=True)
class Strictness:
    """How much thresholds are stricter than windows that share nothing, and that are known exactly, would ask for.

    `parts`: what part each length of window, in hours, has of the kind's false incidents, and `summed` the sum over
    hours (`summing`), 0 where nothing is summed up; windows of other lengths are not looked at.
    """

    overlap: float
    caution: float
    parts: Mapping[int, float]
    summed: float = 0.0

    def part(self, of: float) -> float:
        """What `of` comes to among all parts."""
        return of / (sum(self.parts.values()) + self.summed)


# What tells a surge soonest has most, and small brands need long windows; two hours told little that others did not.
SURGE = Strictness(overlap=12.0, caution=1.0, parts={1: 6.0, 3: 3.0, 6: 1.0, 12: 2.0, DAY: 2.0}, summed=1.5)
DROP = Strictness(overlap=12.0, caution=7.5, parts={DAY: 1.0})  # one silent hour says little
TRUST = Strictness(overlap=3.0, caution=3.5, parts={1: 1.0, DAY: 1.0})
SUMS_A_YEAR = 3.3  # set, not counted: see `evidence_needed`
WIDER, WIDER_AN_HOUR = 1.2, 1 / 16  # times the scatter of news, of a window of no length and by each hour more


def share_out(kinds: Sequence[AlertKind], false_incidents_a_year: float) -> dict[AlertKind, float]:
    """The false incidents a year that each of these kinds may bring."""
    whole = sum(SHARES.get(kind, 1.0) for kind in kinds)
    return {kind: false_incidents_a_year * SHARES.get(kind, 1.0) / whole for kind in kinds}


def rarest(share: float, length: int, strictness: Strictness) -> float:
    """The probability a window of so many hours must fall below, where its kind may bring `share` a year."""
    looks = HOURS_A_YEAR * min(1.0, strictness.overlap / length)
    return share * strictness.part(strictness.parts[length]) / looks / strictness.caution


def evidence_needed(share: float, strictness: Strictness) -> float:
    """What the sum over hours must pass, where its kind may bring `share` false incidents a year.

    Of exact likelihoods a sum that begins anew passes x with a probability of e⁻ˣ at most (Ville 1939). Patterns and
    scatter are estimates and hours hang together, so only that form is taken from it: `SUMS_A_YEAR` was set as caution
    was, on simulated quiet brands. However many false incidents are allowed, a sum that says nothing is none.
    """
    return max(math.log(SUMS_A_YEAR / (share * strictness.part(strictness.summed))), 0.0)


def widen(scatter: Scatter, length: int) -> Scatter:
    """The scatter that a surge of so many hours is held to: that of news may be more than the past has shown."""
    return replace(scatter, news=scatter.news * (WIDER + WIDER_AN_HOUR * length))


def tail_above(counts: Floats, expected: Floats, scatter: Scatter, times: Floats | float = 1.0) -> Floats:
    """Probability of so many or more, where this many are expected; `times`: as much scatter as that, each."""
    width = np.broadcast_to(np.sqrt(np.log1p(scatter.news * times)), counts.shape)[:, None]
    excess = np.broadcast_to(np.maximum(scatter.threads * times - 1, LEAST_EXCESS), counts.shape)[:, None]
    means = expected[:, None] * np.exp(width * NEWS - width**2 / 2)
    found: Floats = betainc(np.maximum(counts, 1.0)[:, None], means / excess, excess / (1 + excess)) @ CHANCE
    return np.where(counts > 0, found, 1.0)


def tail_below(counts: Floats, expected: Floats, scatter: Scatter) -> Floats:
    """Probability of so few or fewer."""
    return 1.0 - tail_above(counts + 1, expected, scatter)
