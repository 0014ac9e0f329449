"""What hours say together: laws of the sum, and what it tells that no window of a thin brand does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.alerts.false_rate import SUMS_A_YEAR, SURGE, evidence_needed
from analytics.alerts.scatter import Scatter
from analytics.alerts.summing import MOST, sum_up
from tests.bench.alert_error_rates import planted_surges
from tests.bench.alert_worlds import Quiet

USUAL = np.full(48, 2.0)
ALONE = Scatter(1.0, 0.0)  # independent posts


def test_many_hours_of_three_times_the_usual_say_more_and_more() -> None:
    """Until as much is said as can be; and what is over says nothing at once."""
    seen = np.concatenate([np.full(24, 6.0), np.full(24, 1.0)])
    summed = sum_up(seen, USUAL, ALONE)
    assert (np.diff(summed[:24]) >= 0).all()
    assert summed[23] == pytest.approx(MOST)
    assert not summed[24:].any()


def test_twice_the_usual_says_nothing() -> None:
    """News does as much by itself: days of it never add up."""
    assert not sum_up(2 * USUAL, USUAL, ALONE).any()


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=48), st.integers(0, 47), st.floats(1.0, 5.0), st.floats(0.0, 2.0)
)
def test_an_hour_that_was_not_collected_says_nothing(counts: list[int], at: int, threads: float, news: float) -> None:
    """The hours after it have the sum that they would have without it, and it has none itself."""
    seen, usual = np.array(counts, dtype=float), USUAL[: len(counts)]
    at = min(at, len(counts))
    summed = sum_up(np.insert(seen, at, 0.0), np.insert(usual, at, 0.0), Scatter(threads, news))
    assert summed[at] == 0
    assert np.array_equal(np.delete(summed, at), sum_up(seen, usual, Scatter(threads, news)))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=48), st.integers(0, 47))
def test_more_voices_never_say_less(counts: list[int], at: int) -> None:
    """One voice more in any hour."""
    seen, usual = np.array(counts, dtype=float), USUAL[: len(counts)]
    more = seen + (np.arange(len(seen)) == min(at, len(seen) - 1))
    assert (sum_up(more, usual, ALONE) >= sum_up(seen, usual, ALONE)).all()


def test_one_thread_in_one_hour_says_no_more_than_a_surge_would() -> None:
    """However many people it has: three times the usual, and one voice."""
    lone = np.where(np.arange(48) == 5, 500.0, 0.0)
    surge = np.where(np.arange(48) == 5, 7.0, 0.0)
    assert np.array_equal(sum_up(lone, USUAL, ALONE), sum_up(surge, USUAL, ALONE))


def test_the_sum_has_its_part_of_the_false_incidents_of_a_year() -> None:
    """Beside those of the windows; fewer false incidents ask for more."""
    part = SURGE.summed / (sum(SURGE.parts.values()) + SURGE.summed)
    assert evidence_needed(1.2, SURGE) == pytest.approx(np.log(SUMS_A_YEAR / (1.2 * part)))
    assert evidence_needed(0.6, SURGE) > evidence_needed(1.2, SURGE)
    assert evidence_needed(52.0, SURGE) == 0.0


def test_most_lasting_surges_of_a_small_brand_are_told() -> None:
    """Three times as many for two days, at 60 posts a day: by windows alone two of five were, now two of three."""
    assert planted_surges(Quiet(60), 3.0, 4, seed=5).share(48) >= 0.6
