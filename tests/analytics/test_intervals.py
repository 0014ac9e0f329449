from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.intervals import net_trust_intervals, share_interval


def counts(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["positive", "negative", "neutral"])


@pytest.mark.parametrize("row", [(3, 2, 6), (30, 40, 30), (500, 400, 100), (7, 0, 13), (40, 60, 0)])
def test_the_interval_is_what_very_many_resamples_give(row: tuple[int, int, int]) -> None:
    """300,000 multinomial resamples agree with the computed bounds to one author who changes sides."""
    (low,), (high,) = net_trust_intervals(counts(row))
    authors = sum(row)
    drawn = np.random.default_rng(20230806).multinomial(authors, np.array(row) / authors, size=300_000)
    resampled = np.quantile(100 * (drawn[:, 0] - drawn[:, 1]) / authors, [0.025, 0.975], method="inverted_cdf")
    assert [low, high] == pytest.approx(resampled, abs=200.001 / authors)


def test_ten_authors_evenly_split_by_hand() -> None:
    """P − N is 2·Binomial(10, ½) − 10: P(≤ −8) = 11/1024 < 2.5 % ≤ P(≤ −6) = 56/1024."""
    low, high = net_trust_intervals(counts((5, 5, 0)))
    assert (low.tolist(), high.tolist()) == ([-60.0], [60.0])


def test_under_ten_authors_there_is_no_interval() -> None:
    """Nine voices, or none, give NaN; ten give numbers; each in its row."""
    low, high = net_trust_intervals(counts((9, 0, 0), (5, 5, 0), (0, 0, 0), (3, 3, 3)))
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False, True, True]


def test_large_crowds_agree_with_the_normal_curve() -> None:
    """With a million authors the interval is 1.96 standard errors, to a hundredth of a point."""
    (low,), (high,) = net_trust_intervals(counts((400_000, 350_000, 250_000)))
    error = 100 * np.sqrt((0.75 - 0.05**2) / 1e6)
    assert [low, high] == pytest.approx([5 - 1.95996 * error, 5 + 1.95996 * error], abs=0.01)


few = st.integers(0, 60)


@given(st.lists(st.tuples(few, few, few), min_size=1, max_size=30))
def test_intervals_obey_their_laws(rows: list[tuple[int, int, int]]) -> None:
    """They hold the value, stay within ±100, mirror praise and blame, and do not depend on the other rows."""
    frame = counts(*rows)
    low, high = net_trust_intervals(frame)
    mirrored_low, mirrored_high = net_trust_intervals(
        frame.rename(columns={"positive": "negative", "negative": "positive"})
    )
    assert low == pytest.approx(-mirrored_high, nan_ok=True)
    assert high == pytest.approx(-mirrored_low, nan_ok=True)
    enough = frame.sum(axis=1).to_numpy() >= 10
    value = (100 * (frame["positive"] - frame["negative"]) / frame.sum(axis=1))[enough]
    assert (low[enough] <= value + 1e-9).all()
    assert (value - 1e-9 <= high[enough]).all()
    assert (np.abs(np.concatenate([low, high])[np.tile(enough, 2)]) <= 100).all()
    alone = net_trust_intervals(frame.iloc[[-1]])
    assert (alone[0][0], alone[1][0]) == pytest.approx((low[-1], high[-1]), nan_ok=True, rel=1e-12)


def test_no_rows_give_no_intervals() -> None:
    """A brand without weeks is no error."""
    assert [bound.tolist() for bound in net_trust_intervals(counts())] == [[], []]


@pytest.mark.parametrize("bad", [-1, 1.5, None, float("inf")])
def test_what_is_no_count_is_refused(bad: Any) -> None:
    """A negative, broken or missing count is an error, not an interval."""
    with pytest.raises(ValueError, match="'negative' holds something that is not a count"):
        net_trust_intervals(counts((5, 5, 5)).assign(negative=[bad]))


def test_a_missing_column_is_named() -> None:
    """The error says what is there instead."""
    with pytest.raises(ValueError, match="no column 'neutral': it has positive, negative"):
        net_trust_intervals(counts((5, 5, 5)).drop(columns="neutral"))


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 10, 0.0, 0.27753), (1, 10, 0.01788, 0.40415), (5, 10, 0.23659, 0.76341), (10, 10, 0.72247, 1.0)],
)
def test_shares_get_the_published_score_interval(count: int, total: int, low: float, high: float) -> None:
    """Values by the formula (x + z²/2 ∓ z√(x(n−x)/n + z²/4)) / (n + z²), worked out for n = 10."""
    assert share_interval(count, total) == (pytest.approx(low, abs=1e-5), pytest.approx(high, abs=1e-5))


def test_a_share_of_nothing_has_no_interval() -> None:
    """No authors, no share: NaN in its place."""
    low, high = share_interval([0, 3], [0, 30])
    assert np.isnan([low[0], high[0]]).all()
    assert low[1] < 0.1 < high[1]


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_a_share_lies_in_its_interval_and_within_bounds(count: int, more: int) -> None:
    """0 ≤ low ≤ share ≤ high ≤ 1, with a true width even at 0 and 1."""
    total = count + more
    low, high = share_interval(count, total)
    assert 0 <= low <= count / total <= high <= 1
    assert low < high


@pytest.mark.parametrize(
    ("count", "total", "confidence"), [(3, 2, 0.95), (-1, 5, 0.95), (float("nan"), 5, 0.95), (1, 5, 95)]
)
def test_an_impossible_share_is_refused(count: float, total: float, confidence: float) -> None:
    """More authors than there are, or a confidence in per cent, is a mistake of the caller."""
    with pytest.raises(ValueError, match=r"a share needs|confidence is"):
        share_interval(count, total, confidence)
