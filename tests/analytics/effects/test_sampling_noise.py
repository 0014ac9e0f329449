from __future__ import annotations

import numpy as np
import pytest

from analytics.effects.sampling_noise import pool_peers, pool_variance

BEFORE = np.array([True] * 6 + [False] * 2)


def test_three_equal_voices_are_as_noisy_as_any_three() -> None:
    """A bin's own variance of 0 is chance: it gets the pooled variance of a voice, divided by its voices."""
    variance = np.array([4.0, 4.0, 0.0, 4.0])
    pooled = pool_variance(variance, np.array([100.0, 100.0, 3.0, 100.0]), np.zeros(4, dtype=bool))
    voice = (3 * 99 * 400 + 2 * 0) / (3 * 99 + 2)
    assert pooled == pytest.approx(voice / np.array([100, 100, 3, 100]))


def test_a_bin_that_cannot_tell_its_noise_takes_the_others() -> None:
    """One voice has no variance; the bin is still there, and noisy."""
    pooled = pool_variance(np.array([2.0, np.nan]), np.array([50.0, 1.0]), np.zeros(2, dtype=bool))
    assert pooled == pytest.approx([2.0, 100.0])


def test_people_whom_the_event_divides_are_noisier_after_it() -> None:
    """The bins after keep their own variance of a voice where it is larger, and take the usual one where it is not."""
    after = ~BEFORE
    voices = np.full(8, 10.0)
    divided = pool_variance(np.where(after, 9.0, 1.0), voices, after)
    assert divided[after] == pytest.approx(9.0)
    agreed = pool_variance(np.where(after, 0.1, 1.0), voices, after)
    assert agreed[after] == pytest.approx(agreed[0])


def test_without_voices_a_variance_stands_for_its_bin() -> None:
    """Who gives a variance and no count of voices gets the mean of the variances."""
    pooled = pool_variance(np.array([1.0, 3.0]), np.array([np.nan, np.nan]), np.zeros(2, dtype=bool))
    assert pooled == pytest.approx([2.0, 2.0])


def test_one_peer_is_taken_as_it_is() -> None:
    """Up to its level, which is a constant of the whole series."""
    peer = np.arange(8.0)
    pooled, noise, _ = pool_peers(peer[None, :], np.ones((1, 8)), BEFORE)
    assert np.diff(pooled) == pytest.approx(np.ones(7))
    assert noise == pytest.approx(np.ones(8))


def test_a_noisy_peer_counts_less() -> None:
    """With 100 times the sampling variance a peer has about a hundredth of the say."""
    values = np.array([[0.0, 0, 0, 0, 0, 0, 0, 0], [0.0, 0, 0, 0, 0, 0, 1, 1]])
    pooled, noise, _ = pool_peers(values, np.array([np.full(8, 1.0), np.full(8, 100.0)]), BEFORE)
    assert pooled[-1] == pytest.approx(1 / 101, abs=1e-4)
    assert noise[0] == pytest.approx((100**2 * 1 + 1**2 * 100) / 101**2)


def test_a_peer_with_moods_of_its_own_counts_less() -> None:
    """Restlessness beyond sampling is told from the differences between three peers and more."""
    random = np.random.default_rng(1)
    values = random.normal(size=(4, 400)) * np.array([1.0, 1.0, 1.0, 20.0])[:, None]
    values[:, -1] = [0, 0, 0, 10]  # within what the restless one does, so that nothing is held back
    variances = np.full((4, 400), 1.0)
    pooled, _, _ = pool_peers(values, variances, np.ones(400, dtype=bool))
    assert abs(pooled[-1] + values[0].mean()) < 0.3


def test_one_peers_own_scandal_moves_little() -> None:
    """A peer that falls by forty deviations for a month is left out of that month, and three others remain."""
    values = np.random.default_rng(2).normal(size=(4, 60))
    before = np.arange(60) < 56
    usual, _, _ = pool_peers(values, np.ones_like(values), before)
    fallen = values.copy()
    fallen[0, 56:] -= 40
    pooled, _, heard = pool_peers(fallen, np.ones_like(values), before)
    assert np.abs(pooled - usual)[:56] == pytest.approx(np.zeros(56), abs=1e-12)
    three = (values - values[:, before].mean(axis=1, keepdims=True))[1:, 56:].mean(axis=0)
    assert pooled[56:] == pytest.approx(three, abs=0.15)
    assert heard[0, 56:].max() < 0.01
    assert heard[:, :56].mean() > 0.8


def test_two_peers_far_apart_are_both_heard() -> None:
    """Neither is the odd one: the middle between them."""
    values = np.array([[0.0] * 6 + [90.0] * 2, [0.0] * 6 + [-10.0] * 2])
    pooled, _, _ = pool_peers(values, np.ones((2, 8)), BEFORE)
    assert pooled[-1] == pytest.approx(40.0)


def test_a_spike_after_the_event_earns_no_precision() -> None:
    """Six times the voices are other people: the bins after are as noisy as a usual one, quiet ones noisier."""
    after = ~BEFORE
    voices = np.where(after, 600.0, 100.0)
    assert pool_variance(400.0 / voices, voices, after) == pytest.approx(np.full(8, 4.0))
    voices[-1] = 25.0
    assert pool_variance(400.0 / voices, voices, after)[-1] == pytest.approx(16.0)
