"""How far counts scatter: what threads do to them and what news does, told apart by loud and silent hours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.alerts.false_rate import DROP, HOURS_A_YEAR, SURGE, rarest, tail_above, tail_below, widen
from analytics.alerts.hours import DAY, WEEK
from analytics.alerts.scatter import CALM_WORTH, ROUGH, Scatter, measure_scatter
from analytics.alerts.volume import LENGTHS
from tests.bench.alert_worlds import NIGHT, PAST

USUAL = 20.0 * np.tile(NIGHT, PAST // DAY)


def test_threads_scatter_as_many_times_in_silent_hours_as_in_loud_ones() -> None:
    """Posts that come by threes are three times as scattered as single ones, and that is not taken for news."""
    counts = 3.0 * np.random.default_rng(1).poisson(USUAL / 3)
    found = measure_scatter(counts, USUAL)
    assert 3 < found.threads < 1.2 * (1 + 2 * CALM_WORTH)
    assert found.news < 0.02


def test_news_scatters_with_what_is_expected() -> None:
    """Hours that are a third louder or more silent by turns: a variance of a tenth of the square, and no threads."""
    random = np.random.default_rng(2)
    news = random.gamma(10.0, 1 / 10.0, PAST)
    found = measure_scatter(random.poisson(USUAL * news).astype(float), USUAL)
    assert found.threads < 1.5
    assert 0.07 < found.news < 0.1 * CALM_WORTH * 1.2


def test_where_all_hours_are_alike_all_scatter_is_news() -> None:
    """Nothing then tells the two apart, and news has the heavier tail."""
    counts = 3.0 * np.random.default_rng(3).poisson(20 / 3, PAST)
    found = measure_scatter(counts, np.full(PAST, 20.0))
    assert found.threads == 1
    assert found.news > 2 / 20


def test_one_loud_week_does_not_hide_the_next() -> None:
    """A week of ten times as many leaves the scatter as it was, within a half."""
    counts = np.random.default_rng(4).poisson(USUAL).astype(float)
    calm = measure_scatter(counts, USUAL)
    counts[5 * WEEK : 6 * WEEK] *= 10
    loud = measure_scatter(counts, USUAL)
    assert loud.deviation(USUAL).mean() < 1.5 * calm.deviation(USUAL).mean()


def test_windows_that_were_not_collected_do_not_scatter() -> None:
    """Two days of every week of which nothing is expected and nothing seen leave the scatter; with none it is rough."""
    missing = np.arange(PAST) % WEEK < 2 * DAY
    expected = np.where(missing, 0.0, USUAL)
    counts = 3.0 * np.random.default_rng(5).poisson(expected / 3)
    assert 3 < measure_scatter(counts, expected).threads < 1.2 * (1 + 2 * CALM_WORTH)
    assert measure_scatter(np.zeros(PAST), np.zeros(PAST)) == ROUGH


@pytest.mark.parametrize("more", [{"threads": 2.0}, {"news": 0.1}])
def test_what_scatters_more_is_less_rare(more: dict[str, float]) -> None:
    """Twice as many, and half as many, with threads or with news, beside those of independent posts."""
    independent = Scatter(1.0, 0.0)
    scattered = replace(independent, **more)
    usual = np.array([30.0])
    assert tail_above(2 * usual, usual, scattered) > 10 * tail_above(2 * usual, usual, independent)
    assert tail_below(usual / 2, usual, scattered) > 5 * tail_below(usual / 2, usual, independent)


def test_independent_posts_are_as_rare_as_poisson_says() -> None:
    """Five or more where two are expected: 5.265 %; one or fewer: 40.601 %."""
    independent = Scatter(1.0, 0.0)
    assert tail_above(np.array([5.0]), np.array([2.0]), independent) == pytest.approx(0.05265, abs=1e-5)
    assert tail_below(np.array([1.0]), np.array([2.0]), independent) == pytest.approx(0.40601, abs=1e-5)


def test_a_long_window_is_held_to_more_news_than_a_short_one() -> None:
    """The past shows fewer days than hours; what threads do it shows often enough."""
    scatter = Scatter(1.5, 0.1)
    assert scatter.news < widen(scatter, 1).news < widen(scatter, DAY).news
    assert widen(scatter, DAY).threads == scatter.threads


def test_windows_share_the_false_incidents_of_a_year_and_the_last_hour_has_two_shares() -> None:
    """Before caution the shares of all lengths, and of the sum, add up to the whole; a single length has it all."""
    looks = {length: HOURS_A_YEAR * min(1, SURGE.overlap / length) for length in LENGTHS}
    each = {length: rarest(1.2, length, LENGTHS, SURGE) * looks[length] * SURGE.caution for length in LENGTHS}
    assert sum(each.values()) + each[2] == pytest.approx(1.2)
    assert each[1] == pytest.approx(2 * each[2])
    assert rarest(0.4, DAY, [DAY], DROP) * looks[DAY] * DROP.caution == pytest.approx(0.4)
