"""Ways to answer whether a brand's net trust moved at an event, ours and those in common use, each one function.

`(World) -> Finding`. A method sees the bins, the peers' bins and the date, never the truth. To measure one of your own,
add it to `LEAGUE`.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analytics.effects import event_effect
from tests.bench.effect_worlds import AFTER, Floats, World

BEFORE = 8
ALPHA = 0.05


@dataclass(frozen=True)
class Finding:
    """p of no change, a 95 % interval and the estimate, in points. NaN where the method gives none."""

    p: float
    low: float
    high: float
    estimate: float


Method = Callable[[World], Finding]
NOTHING = Finding(math.nan, math.nan, math.nan, math.nan)


def plain(world: World) -> Finding:
    """Ours, where nothing is known of the noise of a bin: the rank among placebos in time."""
    own, peers = (None if frame is None else frame.drop(columns="variance") for frame in (world.bins, world.peers))
    return _ours(World(own, peers, world.event, world.truth))


def weighted(world: World) -> Finding:
    """Ours, with the sampling variance of each bin."""
    return _ours(world)


def _ours(world: World) -> Finding:
    effect = event_effect(world.bins, world.event, peers=world.peers)
    given = (effect.p_value, effect.low, effect.high, effect.estimate)
    return Finding(*(math.nan if number is None else number for number in given))


def welch_on_posts(world: World) -> Finding:
    """Welch's t-test of all posts of 4 weeks after against all posts of 8 weeks before, as if they were independent."""
    week = _weeks(world)
    sides = []
    for chosen in ((week >= -BEFORE) & (week < 0), (week >= 0) & (week < AFTER)):
        side = world.bins[chosen & (world.bins["posts"] > 0)]
        posts = side["posts"].to_numpy(float)
        mean = float((posts * side["post_mean"]).sum() / posts.sum())
        square = float((posts * (side["post_variance"] + side["post_mean"] ** 2)).sum() / posts.sum())
        sides.append((mean, math.sqrt(max(square - mean**2, 1e-12)), int(posts.sum())))
    (first, spread1, n1), (second, spread2, n2) = sides
    test = stats.ttest_ind_from_stats(second, spread2, n2, first, spread1, n1, equal_var=False)
    half = stats.norm.ppf(1 - ALPHA / 2) * math.sqrt(spread1**2 / n1 + spread2**2 / n2)
    return Finding(float(test.pvalue), second - first - half, second - first + half, second - first)


def weekly_alert(world: World) -> Finding:
    """A dashboard's alert: any of 4 weeks more than 1.96 standard deviations off the mean of the 26 before."""
    past, after = _sides(_less_peers(world), _weeks(world), 26)
    level, spread = past.mean(), past.std(ddof=1)
    farthest = np.abs(after - level).max() / spread
    half = stats.norm.ppf(1 - ALPHA / 2) * spread * math.sqrt(1 / len(after) + 1 / len(past))
    estimate = after.mean() - level
    return Finding(2 * float(stats.norm.sf(farthest)), estimate - half, estimate + half, estimate)


def interrupted_series(world: World) -> Finding:
    """Interrupted time series: level, trend and step by least squares, errors after Newey and West with 4 lags."""
    import statsmodels.api as sm

    value, week = _less_peers(world), _weeks(world)
    kept = np.isfinite(value) & (week < AFTER)
    design = np.column_stack([np.ones(kept.sum()), week[kept], week[kept] >= 0]).astype(float)
    fit = sm.OLS(value[kept], design).fit(cov_type="HAC", cov_kwds={"maxlags": 4})
    low, high = fit.conf_int(ALPHA)[2]
    return Finding(float(fit.pvalues[2]), float(low), float(high), float(fit.params[2]))


def structural_forecast(world: World) -> Finding:
    """As CausalImpact does: a local level with the peers' mean as regressor, fitted before, forecast after."""
    import statsmodels.api as sm

    value, week = world.bins["value"].to_numpy(float), _weeks(world)
    kept = np.isfinite(value) & (week < AFTER)
    value, past = value[kept], int((week[kept] < 0).sum())
    regressor = None if world.peers is None else _peer_mean(world)[kept][:, None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.tsa.UnobservedComponents(
            value[:past], level="llevel", exog=None if regressor is None else regressor[:past]
        )
        fit = model.fit(disp=False, maxiter=100)
        later = fit.get_forecast(len(value) - past, exog=None if regressor is None else regressor[past:])
        # The errors of the four weeks hang together: read the covariance of their sum off the simulated state.
        level = float(fit.params[list(model.param_names).index("sigma2.level")])
        noise = float(fit.params[list(model.param_names).index("sigma2.irregular")])
    weeks = len(value) - past
    first = float(later.var_pred_mean[0]) - noise  # what is not known of the level in the first week
    shared = np.minimum.outer(np.arange(weeks), np.arange(weeks)) * level
    spread = math.sqrt((first * weeks**2 + shared.sum() + noise * weeks) / weeks**2)
    estimate = float((value[past:] - later.predicted_mean).mean())
    half = float(stats.norm.ppf(1 - ALPHA / 2)) * spread
    return Finding(2 * float(stats.norm.sf(abs(estimate) / spread)), estimate - half, estimate + half, estimate)


LEAGUE: dict[str, Method] = {
    "weighted": weighted,
    "plain": plain,
    "forecast": structural_forecast,
    "ITS, HAC": interrupted_series,
    "weekly z": weekly_alert,
    "Welch on posts": welch_on_posts,
}


def _weeks(world: World) -> np.ndarray:
    days = pd.to_datetime(world.bins["start"]) - pd.Timestamp(world.event)
    return (days.dt.days // 7).to_numpy()


def _peer_mean(world: World) -> Floats:
    """Of the peers, in the order of the brand's own bins; 0 without peers or data."""
    if world.peers is None:
        return np.zeros(len(world.bins))
    means = world.peers.groupby("start")["value"].mean()
    return np.nan_to_num(world.bins["start"].map(means).to_numpy(float))


def _less_peers(world: World) -> Floats:
    return world.bins["value"].to_numpy(float) - _peer_mean(world)


def _sides(value: Floats, week: np.ndarray, before: int) -> tuple[Floats, Floats]:
    known = np.isfinite(value)
    return value[known & (week >= -before) & (week < 0)], value[known & (week >= 0) & (week < AFTER)]
