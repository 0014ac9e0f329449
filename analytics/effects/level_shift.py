"""A change of level in a series whose bins are differently noisy, and how sure one may be of it.

The brand's bins, less what its peers did, are a level, a mood that remembers itself, sampling noise of known size, and
from the event on the change:

    value = level + change·[after] + mood + noise,   mood: AR(1),   variance of noise: known up to a factor

The change is estimated by generalised least squares over all earlier comparable bins, so a long calm past is a long
baseline and a wandering one is not. How restless the mood is, how long it remembers and the factor on the noise are not
known: the estimate and its tail are averaged over them by their restricted likelihood. That tail is then held against
the tails of simulated series without a change, which have the covariance found here and go through the same steps.
Averaging alone is too careful where the mood is weak and too bold where a short past hides how long it remembers.

Sources: restricted likelihood, Patterson and Thompson (1971), Biometrika 58(3); averaged over the variance components
under flat priors on change and level, Harville (1974), Biometrika 61(2); a half-Cauchy prior on the standard deviation
between bins, Gelman (2006), Bayesian Analysis 1(3); a p-value held against its own simulated distribution
("prepivoting"), Beran (1988), Journal of the American Statistical Association 83(403).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr

from analytics.effects.bins import Flags, Floats, Integers

MEMORIES = np.array([0.1, 0.3, 0.5, 0.7, 0.85, 0.95])  # of the mood, from one bin to the next
MEMORY_WIDTHS = np.array([0.2, 0.2, 0.2, 0.175, 0.125, 0.1])  # a uniform prior's share of each
RATIOS = np.concatenate([[0.0], 4.0 ** np.arange(-2, 9)])  # variance of the mood to that of sampling
LARGEST_RATIO = 4.0**6  # of the scatter to the noise that is told: two steps below the last ratio, so that it is inside
FACTORS = np.exp(np.linspace(math.log(0.5), math.log(4.0), 10))  # on the sampling variance: people who repeat
FACTOR_SPREAD = 0.5  # themselves make it smaller, people who copy each other larger; of its logarithm
SIMULATED = 999
SEED = 0  # any: the same simulated series for everyone, so that the same bins give the same answer


@dataclass(frozen=True, slots=True)
class Shift:
    """The change as a mixture of normals, the tails of simulated series without one, and the bins' covariance."""

    means: Floats
    errors: Floats
    shares: Floats
    tails: Floats  # two-sided, in ascending order
    covariance: Floats

    @property
    def estimate(self) -> float:
        return float(self.shares @ self.means)

    def p_value(self, change: float = 0.0) -> float:
        """Two-sided p of the hypothesis that the true change is `change`."""
        as_small = int(np.searchsorted(self.tails, self.tail(change), side="right"))
        return (1 + as_small) / (len(self.tails) + 1)

    def interval(self, alpha: float) -> tuple[float, float]:
        """The changes of which p is above `alpha`."""
        rank = math.floor(alpha * (len(self.tails) + 1) + 1e-9)
        level = float(self.tails[rank - 1]) if rank else 0.0
        return self.quantile(level / 2), self.quantile(1 - level / 2)

    def tail(self, change: float) -> float:
        """Two-sided tail beyond `change`, averaged and not yet held against simulated ones."""
        below = float(self.shares @ ndtr((change - self.means) / self.errors))
        return 2 * min(below, 1 - below)

    def quantile(self, level: float) -> float:
        """Of the averaged distribution; by bisection, which cannot fail on a distribution without jumps."""
        low = float((self.means - 9 * self.errors).min())
        high = float((self.means + 9 * self.errors).max())
        for _ in range(50):
            middle = (low + high) / 2
            if float(self.shares @ ndtr((middle - self.means) / self.errors)) < level:
                low = middle
            else:
                high = middle
        return (low + high) / 2


def find_shift(values: Floats, variances: Floats, weeks: Integers, after: Flags) -> Shift:
    """What is known of the change from the bins marked `after` on; all of shape (bins,), in order of time.

    `variances` are of sampling, in the values' unit squared; all 0 where nothing is known of it.
    """
    centred = values - np.where(after, values[after].mean(), values[~after].mean())
    noise = float(variances[~after].mean())
    if noise > 0:  # a scatter beyond what the ratios reach has the noise told too small: better too careful than bold
        least = float(np.square(centred).mean()) / LARGEST_RATIO
        if noise < least:
            variances, noise = variances * (least / noise), least
    unit = math.sqrt(noise if noise > 0 else max(float(np.square(centred).mean()), 1e-300))
    shape = np.maximum(variances / noise, 1e-6) if noise > 0 else np.ones_like(variances)
    likelihood = _Likelihood(shape, weeks, after)
    means, errors, shares = likelihood.average((values - values[~after].mean())[:, None] / unit)
    covariance = likelihood.average_covariance(shares[:, :, 0])

    quiet = np.linalg.cholesky(covariance) @ standard_normal(len(values))
    quiet_means, _, quiet_shares = likelihood.average(quiet.astype(np.float32))
    quiet_means /= -1.0
    below = np.einsum("sfb,sfb->b", quiet_shares, ndtr(quiet_means[:, None, :] / errors[:, :, None].astype(np.float32)))
    kept = shares[:, :, 0] > 1e-9
    return Shift(
        means=np.broadcast_to(means * unit, kept.shape)[kept],
        errors=errors[kept] * unit,
        shares=shares[:, :, 0][kept] / shares[:, :, 0][kept].sum(),
        tails=np.sort(2 * np.minimum(below, 1 - below).astype(np.float64)),
        covariance=covariance * unit**2,
    )


def placebo_changes(values: Floats, covariance: Floats, windows: Flags) -> tuple[Floats, Floats]:
    """The change in each of several windows and its standard error, with all other bins as the baseline.

    `values` (bins,) and `covariance` (bins, bins) without the event's own bins; `windows` (windows, bins).
    """
    unit = float(covariance.max())  # of bins that hardly vary it is so small that its inverse is beyond all numbers
    precision = np.linalg.inv(covariance / unit)
    total = precision.sum(axis=0)
    centred = precision - np.outer(total, total) / total.sum()
    marks = windows.astype(np.float64)
    weights = marks @ centred
    information = (weights * marks).sum(axis=1)
    changes: Floats = weights @ (values - values.mean()) / information
    return changes, math.sqrt(unit) / np.sqrt(information)


@cache
def standard_normal(bins: int) -> Floats:
    """What the simulated series are made of: (bins, SIMULATED), the same in every process."""
    return np.random.default_rng(SEED).standard_normal((bins, SIMULATED))


class _Likelihood:
    """Restricted likelihood of series with these bins, at every setting (memory, ratio) and factor.

    The covariance is noise·(D + ratio·R), D the `shape` of the sampling variance and R the memory's correlations. In
    the eigenvectors of D^-½ R D^-½ it is diagonal for all ratios at once.
    """

    def __init__(self, shape: Floats, weeks: Integers, after: Flags) -> None:
        self.shape, self.apart = shape, np.abs(weeks[:, None] - weeks[None, :])
        self.freedom = len(shape) - 2
        root = 1 / np.sqrt(shape)
        prior = _ratio_prior()
        self.turns: list[Floats] = []  # bins → the eigenvectors of one memory
        self.weights: list[Floats] = []  # (ratios, bins): one over the variances there
        self.sides: list[Floats] = []  # the level and the change there, (2, bins)
        self.settings: list[tuple[float, float]] = []
        base = []
        for place, (memory, width) in enumerate(zip(MEMORIES.tolist(), MEMORY_WIDTHS.tolist(), strict=True)):
            values, vectors = np.linalg.eigh(root[:, None] * memory**self.apart * root[None, :])
            ratios = RATIOS if place == 0 else RATIOS[1:]  # without a mood memory means nothing
            mass = np.append(prior[:1], prior[1:] * width) if place == 0 else prior[1:] * width
            spread = 1 + ratios[:, None] * np.maximum(values, 0.0)
            turn = vectors.T * root
            self.turns.append(turn)
            self.weights.append(1 / spread)
            self.sides.append(np.stack([turn.sum(axis=1), turn @ after]))
            self.settings += [(memory, ratio) for ratio in ratios.tolist()]
            base.append(np.log(mass) - 0.5 * np.log(spread).sum(axis=1))
        parts = [
            (weights @ level**2, weights @ (level * change), weights @ change**2)
            for weights, (level, change) in zip(self.weights, self.sides, strict=True)
        ]
        self.level, self.both, self.change = (np.concatenate(part) for part in zip(*parts, strict=True))
        self.fixed = self.level * self.change - np.square(self.both)
        self.base = np.concatenate(base) - 0.5 * np.log(self.fixed)
        self.errors = np.sqrt(self.level / self.fixed)[:, None] * np.sqrt(FACTORS)

    def average(self, series: Floats) -> tuple[Floats, Floats, Floats]:
        """Of series (bins, series): the change (settings, series), its error (settings, factors) and each one's share
        (settings, factors, series)."""
        products = [[], [], []]  # type: ignore[var-annotated]
        for turn, weights, (level, change) in zip(self.turns, self.weights, self.sides, strict=True):
            turned = turn.astype(series.dtype) @ series
            products[0].append((weights * level).astype(series.dtype) @ turned)
            products[1].append((weights * change).astype(series.dtype) @ turned)
            products[2].append(weights.astype(series.dtype) @ np.square(turned))
        by_level, by_change, square = (np.concatenate(product) for product in products)
        level, both, change, fixed = (
            part.astype(series.dtype)[:, None] for part in (self.level, self.both, self.change, self.fixed)
        )
        means = (level * by_change - both * by_level) / fixed
        rest = np.maximum(square - means * by_change - (change * by_level - both * by_change) / fixed * by_level, 0)
        prior = -0.5 * np.square(np.log(FACTORS) / FACTOR_SPREAD) - 0.5 * self.freedom * np.log(FACTORS)
        fit = (self.base[:, None] + prior)[:, :, None].astype(series.dtype) - rest[:, None, :] / (
            2 * FACTORS.astype(series.dtype)[:, None]
        )
        shares = np.exp(fit - fit.max(axis=(0, 1)))
        shares /= shares.sum(axis=(0, 1))
        return means, self.errors, shares

    def average_covariance(self, shares: Floats) -> Floats:
        """Of the bins, by shares (settings, factors)."""
        scale = shares @ FACTORS
        memory, ratio = np.array(self.settings).T
        lags = np.arange(int(self.apart.max()) + 1)
        mood = (scale * ratio) @ memory[:, None] ** lags
        covariance: Floats = mood[self.apart] + np.diag(scale.sum() * self.shape)
        return covariance


def _ratio_prior() -> Floats:
    """Half-Cauchy on the mood's standard deviation in units of the noise's: the share of each ratio."""
    between = np.sqrt(RATIOS[1:-1] * RATIOS[2:])
    edges = np.concatenate([[0.0], RATIOS[1:2] / 2, between, [np.inf]])
    prior: Floats = np.diff(np.arctan(np.sqrt(edges))) * 2 / math.pi
    return prior
