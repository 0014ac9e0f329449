"""The placebo design where each bin says how noisy it is.

Everything that decides whether there is a verdict at all is the plain design's (`placebo_in_time`): windows, peers,
gaps, known events, how many earlier windows there must be. What differs is the estimate and its judgement: bins count
by their precision, the baseline is all of the comparable past (`level_shift`), the peers are pooled by precision
(`sampling_noise`), and p and the interval come from the averaged likelihood, held against its own simulations, instead
of a rank, which in a year of weeks rests on the second largest of some ten windows that do not overlap. p is never
below one in all windows.

Measured on simulated brands (`tests/bench/effects_benchmark.py`), false alarms at 5 % stay near it with 26, 52 and 80
bins of past, with any memory of the news and any number of peers. Two worlds fail: a peer whose own scandal begins on
the event's day (about 10 %, as in the plain design; the reason names such a peer), and a date that was searched in the
very series that is tested, for which no p is to be given.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analytics.effects import wording
from analytics.effects.bins import Bins, Flags, Integers, PeerBins
from analytics.effects.effect import Effect
from analytics.effects.level_shift import find_shift, placebo_changes
from analytics.effects.peers import Peers, lay_peers
from analytics.effects.sampling_noise import pool_peers, pool_variance


def judge_weighted(
    effect: Effect, own: Bins, others: PeerBins, origin: int, baseline: Flags, later: Integers, windows: Integers
) -> tuple[Effect, Peers]:
    """Judge an effect that the plain design has judged by rank anew, by precision.

    On the row of bins that begins with week `origin`: `baseline` marks the bins that levels are read from, `later` are
    the positions of the bins after the event and `windows` those of the placebos (placebos, bins of a window).
    """
    length = len(baseline)
    at = own.weeks - origin
    value, voices, variance = np.full(length, np.nan), np.full(length, np.nan), np.full(length, np.nan)
    value[at], voices[at] = own.value, own.authors
    variance[at] = np.nan if own.variance is None else own.variance
    bins = np.union1d(np.flatnonzero(baseline), later)
    after = np.isin(bins, later)
    peers = lay_peers(others, origin, length, bins)

    change, noise = value[bins], pool_variance(variance[bins], voices[bins], after)
    apart: tuple[str, ...] = ()
    if peers.names:
        noises = np.stack(
            [
                pool_variance(of_one, by_one, after)
                for of_one, by_one in zip(peers.variances[:, bins], peers.authors[:, bins], strict=True)
            ]
        )
        noises = np.where(np.isnan(noises), np.nanmean(noises) if not np.isnan(noises).all() else 0.0, noises)
        pooled, pooled_noise, heard = pool_peers(peers.values[:, bins], noises, ~after)
        change, noise = change - pooled, noise + pooled_noise
        apart = tuple(
            name for name, share in zip(peers.names, heard[:, after].mean(axis=1), strict=True) if share < 0.5
        )
    found = find_shift(change, noise, bins, after)
    inside = (windows[:, :, None] == bins[~after]).any(axis=1)
    placebos, errors = placebo_changes(change[~after], found.covariance[np.ix_(~after, ~after)], inside)
    at_event, its_error = placebo_changes(change, found.covariance, after[None, :])

    low, high = found.interval(effect.alpha)
    estimate = found.estimate
    p_value = max(found.p_value(), effect.smallest_p or 0.0)
    judged = replace(
        effect,
        estimate=estimate,
        low=low,
        high=high,
        p_value=p_value,
        placebo_estimates=tuple(placebos.tolist()),
        smallest_visible=max(estimate - low, high - estimate),
        verdict="no_change_shown" if p_value > effect.alpha else "fell" if estimate < 0 else "rose",
        peers_used=peers.names,
        peers_left_out=tuple(peers.left_out),
        standardised=tuple(np.append(placebos / errors, at_event / its_error).tolist()),
    )
    reason = wording.join(wording.weighted(judged, int(baseline.sum())), wording.apart(apart))
    return replace(judged, reason=reason), peers
