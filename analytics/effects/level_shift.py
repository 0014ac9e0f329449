"""The change at an event where each bin says how noisy it is: weeks with many voices count more.

The brand's bins, less what its peers did, are a level, a mood that remembers itself, sampling noise of known size, and
from the event on the change:

    value = level + change·[after] + mood + noise,   mood: AR(1),   variance of noise: known up to a factor

The change is estimated by generalised least squares over all earlier comparable bins, so a long calm past is a long
baseline and a wandering one is not. How restless the mood is and how long it remembers is not known: the estimate, its
p-value and its interval are averaged over both by their restricted likelihood, and so is the factor on the noise. That
is what makes a short past cost width and not false alarms.

Sources: restricted likelihood, Patterson and Thompson (1971), Biometrika 58(3); averaged over the variance components
under flat priors on change and level, Harville (1974), Biometrika 61(2); a half-Cauchy prior on the standard deviation
between bins, Gelman (2006), Bayesian Analysis 1(3); likelihood of an AR(1) with noise and gaps by recursion, Jones
(1980), Technometrics 22(3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from analytics.effects.bins import Flags, Floats, Integers

MEMORIES = np.array([0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97])  # of the mood, from one bin to the next
MEMORY_WIDTHS = np.array([0.125, 0.15, 0.15, 0.15, 0.15, 0.125, 0.085, 0.065])
RATIOS = np.concatenate([[0.0], 3.0 ** np.arange(-3, 11)])  # variance of the mood to that of sampling
FACTOR_SPREAD = 0.5  # of the logarithm of the factor on the sampling variance
FACTORS = 0.5, 4.0  # its bounds: people who repeat themselves make it smaller, people who copy each other larger
SCALES = 31
TAIL = 8.0  # standard errors beyond which nothing is left


@dataclass(frozen=True, slots=True)
class Posterior:
    """The change as a mixture of normals, and the covariance of the bins it was read from."""

    means: Floats
    errors: Floats
    shares: Floats
    covariance: Floats

    @property
    def estimate(self) -> float:
        return float(self.shares @ self.means)

    def tail(self, change: float) -> float:
        """Two-sided p of the hypothesis that the true change is `change`."""
        below = float(self.shares @ ndtr((change - self.means) / self.errors))
        return 2 * min(below, 1 - below)

    def quantile(self, level: float) -> float:
        """By bisection, which cannot fail on a distribution without jumps."""
        low = float((self.means - TAIL * self.errors).min())
        high = float((self.means + TAIL * self.errors).max())
        for _ in range(60):
            middle = (low + high) / 2
            if float(self.shares @ ndtr((middle - self.means) / self.errors)) < level:
                low = middle
            else:
                high = middle
        return (low + high) / 2


def weigh_change(values: Floats, variances: Floats, weeks: Integers, after: Flags) -> Posterior:
    """What is known of the change from the bins marked `after` on; all of shape (bins,), in order of time."""
    noise = float(variances[~after].mean())
    shape = variances / noise if noise > 0 else np.ones_like(variances)
    design = np.stack([np.ones_like(values), after.astype(np.float64), values - values[~after].mean()])
    memory = np.concatenate([[0.0], np.tile(MEMORIES, len(RATIOS) - 1)])
    ratio = np.concatenate([[0.0], np.repeat(RATIOS[1:], len(MEMORIES))])
    mass = _prior()

    gram, log_determinant = _whiten(design, shape, weeks, memory, ratio)
    a, b, c = gram[:, 0, 0], gram[:, 0, 1], gram[:, 1, 1]
    fixed = a * c - b * b
    means = (a * gram[:, 1, 2] - b * gram[:, 0, 2]) / fixed
    level = (c * gram[:, 0, 2] - b * gram[:, 1, 2]) / fixed
    rest = np.maximum(gram[:, 2, 2] - means * gram[:, 1, 2] - level * gram[:, 0, 2], 0.0)
    freedom = len(values) - 2

    # The noise in the units of the values squared, around what the voices say and what the bins show.
    floor = 1e-12 * max(float(np.square(values).max()), 1e-300)
    if noise > 0:
        scale = noise * np.exp(np.linspace(math.log(FACTORS[0]), math.log(FACTORS[1]), SCALES))[None, :]
        prior = -0.5 * np.square(np.log(scale / noise) / FACTOR_SPREAD)
    else:
        middle = np.maximum(rest / freedom, floor)[:, None]
        scale, prior = middle * np.exp(np.linspace(-1.5, 1.5, SCALES)), np.zeros((1, SCALES))
    log_share = (
        np.log(mass)[:, None]
        + prior
        - 0.5 * freedom * np.log(scale)
        - 0.5 * (log_determinant + np.log(fixed))[:, None]
        - 0.5 * rest[:, None] / scale
    )
    share = np.exp(log_share - log_share.max())
    share /= share.sum()
    errors = np.sqrt(a / fixed)[:, None] * np.sqrt(scale)
    kept = share > 1e-9
    covariance = _covariance(shape, weeks, memory, ratio, (share * scale).sum(axis=1))
    return Posterior(
        means=np.broadcast_to(means[:, None], share.shape)[kept],
        errors=errors[kept],
        shares=share[kept] / share[kept].sum(),
        covariance=covariance,
    )


def placebo_changes(values: Floats, covariance: Floats, windows: Flags) -> tuple[Floats, Floats]:
    """The change in each of several windows and its standard error, with all other bins as the baseline.

    `values` (bins,) and `covariance` (bins, bins) without the event's own bins; `windows` (windows, bins).
    """
    precision = np.linalg.inv(covariance)
    total = precision.sum(axis=0)
    centred = precision - np.outer(total, total) / total.sum()
    marks = windows.astype(np.float64)
    weights = marks @ centred
    information = (weights * marks).sum(axis=1)
    changes: Floats = weights @ (values - values.mean()) / information
    return changes, 1 / np.sqrt(information)


def _prior() -> Floats:
    """Uniform on memory, half-Cauchy on the mood's standard deviation in units of the noise's."""
    edges = np.concatenate(
        [[0.0], np.sqrt(RATIOS[1] / 3.0 * RATIOS[1:2]), np.sqrt(RATIOS[1:-1] * RATIOS[2:]), [np.inf]]
    )
    width = np.diff(np.arctan(np.sqrt(edges))) * 2 / math.pi
    prior: Floats = np.concatenate([width[:1], np.outer(width[1:], MEMORY_WIDTHS).ravel()])
    return prior


def _whiten(design: Floats, shape: Floats, weeks: Integers, memory: Floats, ratio: Floats) -> tuple[Floats, Floats]:
    """Products of the rows of `design` (rows, bins) under each covariance, and the logarithm of its determinant.

    A filter over the bins, all covariances at once: (settings, rows, rows) and (settings,).
    """
    settings, rows = len(memory), len(design)
    state, spread = np.zeros((settings, rows)), ratio.copy()
    gram, log_determinant = np.zeros((settings, rows, rows)), np.zeros(settings)
    last = int(weeks[0])
    for bin_, week in enumerate(weeks.tolist()):
        if week > last:
            kept = memory ** (week - last)
            state = kept[:, None] * state
            spread = ratio + np.square(kept) * (spread - ratio)
        last = week
        surprise = design[:, bin_] - state
        width = spread + shape[bin_]
        gram += (surprise[:, :, None] * surprise[:, None, :]) / width[:, None, None]
        log_determinant += np.log(width)
        gain = spread / width
        state = state + gain[:, None] * surprise
        spread = spread * (1 - gain)
    return gram, log_determinant


def _covariance(shape: Floats, weeks: Integers, memory: Floats, ratio: Floats, scale: Floats) -> Floats:
    """Of the bins, averaged over the settings; `scale` is each one's share times its noise."""
    apart = np.abs(weeks[:, None] - weeks[None, :])
    by_lag = ((scale * ratio)[:, None] * memory[:, None] ** np.arange(int(apart.max()) + 1)).sum(axis=0)
    covariance: Floats = by_lag[apart] + np.diag(scale.sum() * shape)
    return covariance
