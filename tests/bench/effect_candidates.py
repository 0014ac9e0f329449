"""Other ways to use the noise of each bin that were tried and not taken: their rates stand beside those of ours.

All read the same bins as `weighted` and pool peers as it does; they differ in how the change is judged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analytics.effects.level_shift import Shift, find_shift, placebo_changes
from analytics.effects.sampling_noise import pool_peers, pool_variance
from analytics.effects.windows import count_separate
from tests.bench.effect_methods import ALPHA, BEFORE, NOTHING, Finding, Method
from tests.bench.effect_worlds import AFTER, Floats, World

LAST: list[tuple[World, Prepared]] = []


@dataclass(frozen=True)
class Prepared:
    """A brand less its peers, what is known of its change, and the same at every placebo."""

    found: Shift
    change: float
    error: float
    placebos: Floats
    errors: Floats
    independent: int


def prepare(values: Floats, noises: Floats, peers: Floats, peer_noises: Floats, weeks: NDArray[np.int64]) -> Prepared:
    """Rows are brands, columns bins without gaps."""
    after = weeks >= 0
    if len(peers):
        pooled, pooled_noise, _ = pool_peers(peers, peer_noises, ~after)
        values, noises = values - pooled, noises + pooled_noise
    return judge(values, noises, weeks)


def judge(values: Floats, noises: Floats, weeks: NDArray[np.int64]) -> Prepared:
    """What the averaged likelihood says, and each placebo with its error under the averaged covariance."""
    after = weeks >= 0
    found = find_shift(values, noises, weeks, after)
    whole = found.covariance
    mine, error = placebo_changes(values, whole, after[None, :])
    firsts = np.arange(BEFORE, (~after).sum() - AFTER + 1)
    windows = np.zeros((len(firsts), int((~after).sum())), dtype=np.bool_)
    for row, first in enumerate(firsts):
        windows[row, first : first + AFTER] = True
    placebos, errors = placebo_changes(values[~after], whole[np.ix_(~after, ~after)], windows)
    return Prepared(found, float(mine[0]), float(error[0]), placebos, errors, count_separate(firsts, BEFORE + AFTER))


def read(world: World) -> tuple[Floats, Floats, Floats, Floats, NDArray[np.int64]]:
    """The brand's values and noises, the peers' (peers, bins), and the weeks, over bins in which all have data."""
    days = pd.to_datetime(world.bins["start"]) - pd.Timestamp(world.event)
    weeks = (days.dt.days // 7).to_numpy()
    frames = [world.bins]
    if world.peers is not None:
        frames += [frame for _, frame in world.peers.groupby("brand")]
    tables = [
        np.stack([frame.set_index("start")[name].reindex(world.bins["start"]) for frame in frames]).astype(float)
        for name in ("value", "variance", "authors")
    ]
    kept = np.isfinite(tables[0]).all(axis=0) & (weeks < AFTER)
    value, variance, authors = (table[:, kept] for table in tables)
    weeks = weeks[kept]
    noise = np.stack([pool_variance(*row, weeks >= 0) for row in zip(variance, authors, strict=True)])
    return value[0], noise[0], value[1:], noise[1:], weeks


def prepare_once(world: World) -> Prepared:
    """Of the world last asked for, which several methods ask for in turn."""
    if not LAST or LAST[0][0] is not world:
        LAST[:] = [(world, prepare(*read(world)))]
    return LAST[0][1]


def _rank(change: float, error: float, others: Floats) -> Finding:
    """The rank of change / error among others, and its inversion."""
    sizes = np.sort(np.abs(others))[::-1]
    rank = math.floor(ALPHA * (len(sizes) + 1) + 1e-9)
    if rank < 1:
        return NOTHING
    half = float(sizes[rank - 1]) * error
    p = (1 + int((sizes >= abs(change) / error).sum())) / (len(sizes) + 1)
    return Finding(p, change - half, change + half, change)


def rank_by_size(world: World) -> Finding:
    """Weighted estimates, ranked among weighted placebos as they are."""
    found = prepare_once(world)
    return _rank(found.change, 1.0, found.placebos)


def rank_studentised(world: World) -> Finding:
    """Each placebo and the event divided by its own standard error, then ranked."""
    found = prepare_once(world)
    return _rank(found.change, found.error, found.placebos / found.errors)


def rank_with_peers(world: World) -> Finding:
    """The same, with each peer's placebos against the other peers among the placebos."""
    value, noise, peers, noises, weeks = read(world)
    found = prepare(value, noise, peers, noises, weeks)
    others = [found.placebos / found.errors]
    for peer in range(len(peers)):
        rest = np.delete(np.arange(len(peers)), peer)
        quiet = weeks < 0
        quiet_weeks = weeks[quiet] + AFTER  # the peer's last quiet weeks stand in for its event
        each = prepare(
            peers[peer][quiet], noises[peer][quiet], peers[rest][:, quiet], noises[rest][:, quiet], quiet_weeks
        )
        others.append(np.append(each.placebos / each.errors, each.change / each.error))
    return _rank(found.change, found.error, np.concatenate(others))


def known_scale(world: World) -> Finding:
    """The averaged covariance taken for the true one."""
    found = prepare_once(world)
    half = float(stats.norm.ppf(1 - ALPHA / 2)) * found.error
    p = 2 * float(stats.norm.sf(abs(found.change) / found.error))
    return Finding(p, found.change - half, found.change + half, found.change)


def scale_from_placebos(world: World) -> Finding:
    """A t-test whose scale is the root mean square of the studentised placebos, one degree a separate window."""
    found = prepare_once(world)
    error = found.error * float(np.sqrt(np.mean(np.square(found.placebos / found.errors))))
    half = float(stats.t.ppf(1 - ALPHA / 2, found.independent)) * error
    p = 2 * float(stats.t.sf(abs(found.change) / error, found.independent))
    return Finding(p, found.change - half, found.change + half, found.change)


def averaged(world: World) -> Finding:
    """The averaged likelihood's own tail, not held against simulated ones."""
    found = prepare_once(world).found
    return Finding(found.tail(0.0), found.quantile(ALPHA / 2), found.quantile(1 - ALPHA / 2), found.estimate)


def widened_by_placebos(world: World) -> Finding:
    """Ours, made wider where the placebos vary more than the likelihood says."""
    found = prepare_once(world)
    by = max(1.0, float(np.sqrt(np.mean(np.square(found.placebos / found.errors)))))
    estimate, (low, high) = found.found.estimate, found.found.interval(ALPHA)
    p = found.found.p_value(estimate - estimate / by)
    return Finding(p, estimate + by * (low - estimate), estimate + by * (high - estimate), estimate)


def shrunk_peers(world: World) -> Finding:
    """Ours, with a coefficient on the peers as regression gives it: less than 1 the noisier they are."""
    value, noise, peers, noises, weeks = read(world)
    if len(peers):
        pooled, pooled_noise, _ = pool_peers(peers, noises, weeks < 0)
        mine, theirs = value[weeks < 0], pooled[weeks < 0]
        slope = float(np.clip(np.cov(mine, theirs)[0, 1] / max(np.var(theirs, ddof=1), 1e-12), 0.0, 1.0))
        value, noise = value - slope * pooled, noise + slope**2 * pooled_noise
    found = judge(value, noise, weeks).found
    return Finding(found.p_value(), *found.interval(ALPHA), found.estimate)


CANDIDATES: dict[str, Method] = {
    "rank by size": rank_by_size,
    "rank, studentised": rank_studentised,
    "rank with peers": rank_with_peers,
    "known scale": known_scale,
    "placebo scale": scale_from_placebos,
    "averaged": averaged,
    "widened": widened_by_placebos,
    "shrunk peers": shrunk_peers,
}
