"""The laws of the plain design hold where bins say how noisy they are."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.effects import Effect, event_effect, level_shift
from tests.analytics.effects.series import EVENT
from tests.analytics.effects.test_effect_laws import World, shifted, worlds

FEWER = settings(max_examples=settings.default.max_examples // 2)  # one takes ten times as long as in the plain design


@pytest.fixture(scope="module", autouse=True)
def _fewer_simulated_series() -> Iterator[None]:
    """The laws hold for any number of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(level_shift, "SIMULATED", 99)
        level_shift.standard_normal.cache_clear()
        yield
    level_shift.standard_normal.cache_clear()


@st.composite
def noisy_worlds(draw: st.DrawFn) -> World:
    """Worlds whose bins have voices and a sampling variance, some of them unknown, none or 0."""
    own, peers, options = draw(worlds())
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["known", "some unknown", "tiny bins", "zero"]))
    return add_noise(own, random, kind), None if peers is None else add_noise(peers, random, kind), options


def add_noise(frame: pd.DataFrame, random: np.random.Generator, kind: str) -> pd.DataFrame:
    voices = random.integers(1 if kind == "tiny bins" else 5, 6 if kind == "tiny bins" else 200, len(frame))
    variance = random.uniform(500, 4000, len(frame)) / voices
    if kind == "some unknown":
        variance[random.random(len(frame)) < 0.3] = np.nan
        variance[0] = 40.0
    return frame.assign(authors=voices + 9, variance=0.0 if kind == "zero" else variance)


def scaled(frame: pd.DataFrame, by: float) -> pd.DataFrame:
    return frame.assign(value=frame["value"] * by, variance=frame["variance"] * by**2)


def assert_same(one: Effect, other: Effect, scale: float = 1.0) -> None:
    """Equal up to rounding, after multiplication of the first by `scale`."""
    assert (one.placebos, one.peers_used) == (other.placebos, other.peers_used)
    assert (one.p_value is None) == (other.p_value is None)
    if one.p_value is not None:
        assert one.p_value == pytest.approx(other.p_value, abs=1e-5)
    bounds = (one.low, one.high) if scale > 0 else (one.high, one.low)
    for mine, theirs in zip((one.estimate, *bounds), (other.estimate, other.low, other.high), strict=True):
        assert (mine is None) == (theirs is None)
        assert mine is None or mine * scale == pytest.approx(theirs, rel=1e-5, abs=1e-4 * abs(scale))
    assert np.array(one.placebo_estimates) * scale == pytest.approx(
        np.array(other.placebo_estimates), rel=1e-5, abs=1e-4 * abs(scale)
    )


@FEWER
@given(noisy_worlds(), st.floats(-1000, 1000))
def test_a_constant_added_to_every_value_changes_nothing(world: World, by: float) -> None:
    """Only changes count, not the level."""
    own, peers, options = world
    plain = event_effect(own, EVENT, peers=peers, **options)
    assert_same(
        plain, event_effect(shifted(own, by), EVENT, peers=None if peers is None else shifted(peers, -by), **options)
    )


@FEWER
@given(noisy_worlds(), st.sampled_from([0.001, 0.3, 7.0, 1e6, -1.0, -0.7]))
def test_another_unit_scales_the_effect_and_keeps_its_p(world: World, by: float) -> None:
    """Points or per mille, praise or blame: the unit changes the size and the sign, not the evidence."""
    own, peers, options = world
    plain = event_effect(own, EVENT, peers=peers, **options)
    moved = event_effect(scaled(own, by), EVENT, peers=None if peers is None else scaled(peers, by), **options)
    assert_same(plain, moved, scale=by)


@FEWER
@given(noisy_worlds(), st.randoms(use_true_random=False))
def test_news_that_moves_everyone_alike_changes_nothing(world: World, random: Random) -> None:
    """The same series added to the brand and to its peers cancels, however unlike their voices are."""
    own, peers, options = world
    if peers is None:
        peers = own.assign(brand="peer", value=own["value"].fillna(0)[::-1].to_numpy())
    news = {start: random.randint(-1000, 1000) for start in peers["start"]}
    moved = own.assign(value=own["value"] + own["start"].map(news))
    moved_peers = peers.assign(value=peers["value"] + peers["start"].map(news))
    plain = event_effect(own, EVENT, peers=peers, **options)
    if plain.peers_used:
        assert_same(plain, event_effect(moved, EVENT, peers=moved_peers, **options))


@FEWER
@given(noisy_worlds(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(world: World, seed: int) -> None:
    """Unsorted bins are sorted in silence, exactly."""
    own, peers, options = world
    plain = event_effect(own, EVENT, peers=peers, **options)
    mixed_peers = None if peers is None else peers.sample(frac=1, random_state=seed)
    assert event_effect(own.sample(frac=1, random_state=seed), EVENT, peers=mixed_peers, **options) == plain


@FEWER
@given(noisy_worlds())
def test_p_and_interval_say_the_same(world: World) -> None:
    """The interval leaves out 0 exactly where p ≤ alpha, and p is never smaller than one window among all."""
    own, peers, options = world
    effect = event_effect(own, EVENT, peers=peers, **options)
    if effect.low is None or effect.high is None or effect.p_value is None or effect.estimate is None:
        assert effect.verdict == "descriptive_only"
        return
    assert effect.smallest_p is not None
    assert effect.smallest_p <= effect.p_value <= 1
    assert effect.low <= effect.estimate <= effect.high
    leaves_out_zero = effect.low > 0 or effect.high < 0
    assert leaves_out_zero == (effect.p_value <= effect.alpha)
    assert effect.verdict == ("no_change_shown" if not leaves_out_zero else "fell" if effect.high < 0 else "rose")
    assert effect.placebos == len(effect.placebo_estimates) == len(effect.placebo_starts)


@FEWER
@given(noisy_worlds(), st.floats(-500, 500))
def test_a_shift_after_the_event_is_added_to_the_estimate_and_to_its_interval(world: World, by: float) -> None:
    """What is known of a true change does not hang on its size: inverting the test is adding it."""
    own, peers, options = world
    plain = event_effect(own, EVENT, peers=peers, **options)
    late = pd.to_datetime(own["start"]) >= pd.Timestamp(EVENT)
    moved = event_effect(own.assign(value=own["value"] + by * late), EVENT, peers=peers, **options)
    if plain.low is None or plain.high is None or moved.low is None or moved.high is None:
        return
    for mine, theirs in ((plain.estimate, moved.estimate), (plain.low, moved.low), (plain.high, moved.high)):
        assert mine is not None
        assert mine + by == pytest.approx(theirs, rel=1e-6, abs=1e-4)
    assert plain.smallest_visible == pytest.approx(moved.smallest_visible, rel=1e-6, abs=1e-4)
    assert (abs(moved.estimate or 0) > (moved.smallest_visible or 0)) <= (moved.verdict != "no_change_shown")
