"""What holds for every series, whatever its numbers."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.effects import Effect, event_effect
from tests.analytics.effects.series import EVENT, weekly, weekly_peers

World = tuple[pd.DataFrame, pd.DataFrame | None, dict[str, Any]]
levels = st.integers(-100, 100).map(float)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Bins, peers and settings: some gaps, ties and zeros among them."""
    past = draw(st.integers(22, 60))
    after = draw(st.integers(1, 5))
    bins = past + draw(st.integers(after - 1 if after > 1 else 1, after + 3))
    small = draw(st.booleans())
    number = st.integers(0, 2).map(float) if small else levels
    values = draw(st.lists(number, min_size=bins, max_size=bins))
    holes: set[int] = draw(st.sets(st.integers(0, bins - 1), max_size=2))
    own = weekly([None if week in holes else value for week, value in enumerate(values)], past)
    names = draw(st.integers(0, 3))
    peers = (
        weekly_peers({f"peer{n}": draw(st.lists(number, min_size=bins, max_size=bins)) for n in range(names)}, past)
        if names
        else None
    )
    options = {
        "before": draw(st.sampled_from([1, 2, 4, None])),
        "after": after,
        "alpha": draw(st.sampled_from([0.05, 0.1, 0.2])),
    }
    return own, peers, options


def shifted(frame: pd.DataFrame, by: float) -> pd.DataFrame:
    return frame.assign(value=frame["value"] + by)


def scaled(frame: pd.DataFrame, by: float) -> pd.DataFrame:
    return frame.assign(value=frame["value"] * by)


def assert_same(one: Effect, other: Effect, scale: float = 1.0) -> None:
    """Equal in rank and verdict; changes equal up to rounding, after multiplication of the first by `scale`."""
    assert (one.p_value, one.placebos, one.peers_used) == (other.p_value, other.placebos, other.peers_used)
    mirror = {"fell": "rose", "rose": "fell"} if scale < 0 else {}
    assert mirror.get(one.verdict, one.verdict) == other.verdict
    bounds = (one.low, one.high) if scale > 0 else (one.high, one.low)
    for mine, theirs in zip((one.estimate, *bounds), (other.estimate, other.low, other.high), strict=True):
        assert (mine is None) == (theirs is None)
        assert mine is None or mine * scale == pytest.approx(theirs, abs=1e-7 * abs(scale))
    assert np.array(one.placebo_estimates) * scale == pytest.approx(
        np.array(other.placebo_estimates), abs=1e-7 * abs(scale)
    )


@given(worlds(), st.floats(-1000, 1000))
def test_a_constant_added_to_every_value_changes_nothing(world: World, by: float) -> None:
    """Only changes count, not the level."""
    own, peers, options = world
    plain = event_effect(own, EVENT, peers=peers, **options)
    assert_same(
        plain, event_effect(shifted(own, by), EVENT, peers=None if peers is None else shifted(peers, -by), **options)
    )


@given(worlds(), st.sampled_from([0.001, 0.3, 7.0, 1e6, -1.0, -0.7]))
def test_another_unit_scales_the_effect_and_keeps_its_rank(world: World, by: float) -> None:
    """Points or per mille, praise or blame: the unit changes the size and the sign, not the evidence."""
    own, peers, options = world
    plain = event_effect(own, EVENT, peers=peers, **options)
    assert_same(
        plain,
        event_effect(scaled(own, by), EVENT, peers=None if peers is None else scaled(peers, by), **options),
        scale=by,
    )


@given(worlds(), st.randoms(use_true_random=False))
def test_news_that_moves_everyone_alike_changes_nothing(world: World, random: Random) -> None:
    """The same series added to the brand and to its peers cancels."""
    own, peers, options = world
    if peers is None:
        peers = own.assign(brand="peer", value=own["value"].fillna(0)[::-1].to_numpy())
    news = {start: random.randint(-1000, 1000) for start in peers["start"]}
    moved = own.assign(value=own["value"] + own["start"].map(news))
    moved_peers = peers.assign(value=peers["value"] + peers["start"].map(news))
    plain = event_effect(own, EVENT, peers=peers, **options)
    if not plain.peers_used:
        return
    assert_same(plain, event_effect(moved, EVENT, peers=moved_peers, **options))


@given(worlds(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(world: World, seed: int) -> None:
    """Unsorted bins are sorted in silence, exactly."""
    own, peers, options = world
    plain = event_effect(own, EVENT, peers=peers, **options)
    mixed_peers = None if peers is None else peers.sample(frac=1, random_state=seed)
    assert event_effect(own.sample(frac=1, random_state=seed), EVENT, peers=mixed_peers, **options) == plain


@given(worlds())
def test_rank_and_interval_say_the_same(world: World) -> None:
    """p never beats the smallest attainable, and the interval leaves out 0 exactly where p ≤ alpha."""
    own, peers, options = world
    effect = event_effect(own, EVENT, peers=peers, **options)
    if effect.p_value is not None:
        assert effect.smallest_p is not None
        assert effect.smallest_p <= effect.p_value <= 1
        sizes = np.abs(effect.placebo_estimates)
        assert effect.p_value == (1 + (sizes >= abs(effect.estimate or 0)).sum()) / (effect.placebos + 1)
    if effect.low is None or effect.high is None:
        assert effect.verdict == "descriptive_only"
        return
    assert effect.p_value is not None
    leaves_out_zero = effect.low > 0 or effect.high < 0
    assert leaves_out_zero == (effect.p_value <= effect.alpha)
    assert (effect.verdict in ("fell", "rose")) == leaves_out_zero
    assert effect.independent_windows <= effect.placebos == len(effect.placebo_estimates) == len(effect.placebo_starts)
