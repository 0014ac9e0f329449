"""How far counts scatter around what is expected, in two parts that loud and silent hours tell apart.

Threads and prolific authors make counts scatter as many times as independent posts would, whether many or few are
expected; news scatters in proportion to them. The variance of a count with mean μ is φμ + αμ² (quasi-Poisson beside
negative binomial: Ver Hoef and Boveng 2007, Ecology 88(11)). φ and α are those that give the sums of squares of earlier
windows of the same length, once weighted alike and once by what was expected (moments: Cameron and Trivedi 1998,
Regression Analysis of Count Data, chapter 3). Counts far above are cut down first (winsorising with Huber's proposal:
Huber 1964, Annals of Mathematical Statistics 35(1)).

Some hours of the day are harder to foretell than others: where news breaks, a newsletter goes out or a crowd wakes up.
How much more or less each scatters is drawn towards 1 by as much as chance alone would have them differ (empirical
Bayes: Efron and Morris 1973, Journal of the American Statistical Association 68(341)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.alerts.hours import DAY, Floats, Hours

CUT = 3.0  # standard deviations above the expected count
PARTS, LOUD_PARTS = 12, 2  # weeks, where the past is whole
CALM_WORTH = 1.35  # what is left scatters less than all of it does
LEAST_NEWS = 0.005
ROUNDS = 4
DAY_ALIKE = 0.5  # how far hours of the day are taken as they scatter: the scatter of all holds their extremes already
ALIKE = 1e-6  # of their mean square: expected counts that vary less do not tell the two parts apart


@dataclass(frozen=True, slots=True)
class Scatter:
    """The variance of a count with mean μ is `threads`·μ + `news`·μ²; 1 and 0 of independent posts."""

    threads: float
    news: float

    def deviation(self, expected: Floats) -> Floats:
        """The standard deviation around these expected counts."""
        found: Floats = np.sqrt(self.threads * expected + self.news * np.square(expected))
        return found


ROUGH = Scatter(1.0, 0.5)  # while the pattern itself is still being found


def cut_down(counts: Floats, expected: Floats, scatter: Scatter) -> Floats:
    """Counts, of which none lies more than `CUT` standard deviations (and one voice) above what is expected."""
    return np.minimum(counts, expected + CUT * scatter.deviation(expected) + 1)


def measure_scatter(counts: Floats, expected: Floats) -> Scatter:
    """How counts scatter around what was expected.

    Both an entry a window, in order of time; 0 is expected of one that was not collected. Of twelve parts of that time
    the `LOUD_PARTS` that scatter most are left out: one earlier surge, of whatever size, must not hide the next.
    """
    known = expected > 0
    begins = np.arange(PARTS) * len(counts) // PARTS
    windows, means, squares = (_add_up(each, begins) for each in (known.astype(float), expected, np.square(expected)))
    told = np.flatnonzero(squares > 0)
    if not len(told):
        return ROUGH
    fewer = max(len(told) - LOUD_PARTS, 1)
    found = ROUGH
    for _ in range(ROUNDS):
        square = np.square(cut_down(counts, expected, found) - expected)
        relative = np.divide(square, expected, out=np.zeros(len(square)), where=known)
        each, each_relative = _add_up(square, begins), _add_up(relative, begins)
        foretold = found.threads * means + found.news * squares
        calm = told[np.argsort(each[told] / foretold[told])][:fewer]
        found = _divide(*(float(sums[calm].sum()) for sums in (windows, means, squares, each_relative, each)))
    return found


def compare_hours(counts: Floats, expected: Floats, scatter: Scatter, hour_of_day: Hours) -> Floats:
    """How many times as much counts scatter at each hour of the day as at all of them, shape (24,).

    An entry a window, with the hour of the day that it ends with; 0 is expected of one that was not collected.
    """
    known = expected > 0
    hour = hour_of_day[known]
    windows = np.bincount(hour, minlength=DAY)
    many = np.maximum(windows, 1.0)
    cut = cut_down(counts[known], expected[known], scatter)
    square = np.square((cut - expected[known]) / scatter.deviation(expected[known]))
    there = windows > 0
    spare = len(square) - int(there.sum())
    if spare < DAY or not square.any():  # too few windows to tell hours apart
        return np.ones(DAY)
    whole = float(square.mean())
    each = np.bincount(hour, square, minlength=DAY) / many
    chance = float(np.square(square - each[hour]).sum() / spare) / many
    apart = max(float((np.square(each - whole) - chance)[there].mean()), 0.0)
    found: Floats = 1 + DAY_ALIKE * apart / (apart + chance) * (each / whole - 1)
    return np.where(there, found, 1.0)


def _divide(windows: float, mean: float, square: float, seen_relative: float, seen: float) -> Scatter:
    """The scatter of which Σ r²/μ = φ·Σ1 + α·Σμ and Σ r² = φ·Σμ + α·Σμ², neither less than it can be."""
    apart = windows * square - mean**2
    threads, news = 1.0, (seen - mean) / square
    if apart > ALIKE * windows * square:
        both = (seen_relative * square - seen * mean) / apart
        if both > 1:
            threads, news = both, (windows * seen - mean * seen_relative) / apart
    if news < 0:
        threads, news = max(seen_relative / windows, 1.0), 0.0
    return Scatter(1 + CALM_WORTH * (threads - 1), max(CALM_WORTH * news, LEAST_NEWS))


def _add_up(values: Floats, begins: np.ndarray) -> Floats:
    found: Floats = np.add.reduceat(values, begins)
    return found
