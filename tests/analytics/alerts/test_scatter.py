"""How far counts scatter: what threads do to them and what news does, told apart by loud and silent hours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.alerts.false_rate import DROP, HOURS_A_YEAR, SURGE, rarest, tail_above, tail_below, widen
from analytics.alerts.hours import DAY, WEEK
from analytics.alerts.scatter import CALM_WORTH, ROUGH, Scatter, compare_hours, measure_scatter
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


def scattered_days(restless: tuple[int, ...], usual: float = 200.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts, what was expected and the hour of the day of 84 days, four times as variable at these hours."""
    random = np.random.default_rng(11)
    hour = np.arange(84 * DAY) % DAY
    expected = np.full(len(hour), usual)
    spread = np.where(np.isin(hour, restless), 2.0, 1.0) * np.sqrt(usual)
    return np.maximum(expected + spread * random.standard_normal(len(hour)), 0.0), expected, hour


def test_hours_that_are_hard_to_foretell_are_held_to_more_scatter() -> None:
    """Half-way to what they show beyond chance, and the others to a little less."""
    counts, expected, hour = scattered_days((0, 9))
    times = compare_hours(counts, expected, Scatter(1.0, 0.0), hour)
    assert times[[0, 9]] == pytest.approx([2.0, 2.0], abs=0.45)
    assert np.delete(times, [0, 9]).mean() < 0.95


def test_hours_alike_scatter_alike() -> None:
    """What chance makes of 84 days is no reason to treat an hour otherwise."""
    counts, expected, hour = scattered_days(())
    assert compare_hours(counts, expected, Scatter(1.0, 0.0), hour) == pytest.approx(np.ones(DAY), abs=0.1)


@pytest.mark.parametrize("windows", [1, DAY, DAY + 3])
def test_few_windows_tell_no_hours_apart(windows: int) -> None:
    """One window an hour is no scatter of that hour."""
    counts, expected, hour = scattered_days((0, 9))
    few = np.arange(len(counts)) < windows
    times = compare_hours(counts * few, expected * few, Scatter(1.0, 0.0), hour)
    assert times.tolist() == [1.0] * DAY


def test_hours_never_collected_scatter_as_all_do() -> None:
    """Nor do they bring in what is no number."""
    counts, expected, hour = scattered_days(())
    night = hour < 6
    times = compare_hours(np.where(night, 0, counts), np.where(night, 0, expected), Scatter(1.0, 0.0), hour)
    assert times[:6].tolist() == [1.0] * 6
    assert np.isfinite(times).all()
    assert compare_hours(counts, expected * 0, Scatter(1.0, 0.0), hour).tolist() == [1.0] * DAY


def test_windows_share_the_false_incidents_of_a_year_and_the_last_hour_has_most() -> None:
    """Before caution the parts of all lengths, and of the sum, add up to the whole; a single length has it all."""
    looks = {length: HOURS_A_YEAR * min(1, SURGE.overlap / length) for length in SURGE.parts}
    each = {length: rarest(1.2, length, SURGE) * looks[length] * SURGE.caution for length in SURGE.parts}
    assert sum(each.values()) + SURGE.part(SURGE.summed) * 1.2 == pytest.approx(1.2)
    assert each[1] == max(each.values())
    assert rarest(0.4, DAY, DROP) * HOURS_A_YEAR * DROP.overlap / DAY * DROP.caution == pytest.approx(0.4)


def test_every_length_that_has_a_part_is_judged() -> None:
    """A part of a window that nobody looks at would be lost."""
    assert set(SURGE.parts) | set(DROP.parts) == set(LENGTHS)
