from __future__ import annotations

import pytest

from tests.bench.effect_error_rates import Cell, binomial_interval, effects, rank_rule_size
from tests.bench.effect_worlds import Setting
from tests.bench.effects_benchmark import MOVED, QUIET, compete

REPETITIONS = 300


@pytest.mark.parametrize("cell", [Cell(posts_a_day=15), Cell(posts_a_day=15, past=80, memory=0.0)], ids=str)
def test_a_world_without_an_event_seldom_raises_an_alarm(cell: Cell) -> None:
    """The 99 % Monte-Carlo interval of the rate of false alarms at 5 % reaches into 3–7 %."""
    alarms = sum(effect.verdict in ("fell", "rose") for effect in effects(cell, REPETITIONS, seed=1))
    low, high = binomial_interval(alarms, REPETITIONS)
    assert low <= 0.07
    assert high >= 0.03


def test_a_large_fall_is_found_and_covered() -> None:
    """30 points are seen nearly always, as a fall, and the interval mostly holds them."""
    found = list(effects(Cell(effect=-30), 60, seed=2))
    assert sum(effect.verdict == "fell" for effect in found) >= 54
    covered = sum(effect.low <= -30 <= effect.high for effect in found if effect.low is not None and effect.high)
    assert covered >= 50


@pytest.mark.parametrize(("past", "before"), [(52, 8), (80, 8)])
def test_the_rank_rule_holds_its_level_on_series_with_memory(past: int, before: int) -> None:
    """With a year of past and news that lasts, false alarms stay within 3–7 %, by 4,000 worlds."""
    _, measured = rank_rule_size(past, before, memory=0.3, worlds=4000, seed=3)
    low, high = binomial_interval(round(measured * 4000), 4000)
    assert low <= 0.07
    assert high >= 0.03


def test_with_a_short_past_and_lasting_news_the_level_is_exceeded() -> None:
    """26 bins of strongly remembering weeks give more false alarms than 7 %, as the module says."""
    _, measured = rank_rule_size(26, 4, memory=0.9, worlds=4000, seed=3)
    assert binomial_interval(round(measured * 4000), 4000)[0] > 0.07


HARD = ["usual", "15 posts a day, 26 bins", "long memory, no peer", "thin weeks", "volume ×6 at the event"]


@pytest.mark.long
@pytest.mark.parametrize("setting", [each for each in QUIET if each.name in HARD], ids=lambda setting: setting.name)
def test_weighed_by_voices_a_quiet_world_seldom_raises_an_alarm(setting: Setting) -> None:
    """The 99 % Monte-Carlo intervals of false alarms at 5 % and of coverage reach into 3–7 % and 93–97 %."""
    found = compete([setting], ["weighted"], REPETITIONS, 1)[setting.name]["weighted"]
    low, high = binomial_interval(found.shown, REPETITIONS)
    assert low <= 0.07
    assert high >= 0.03
    low, high = binomial_interval(found.covered, REPETITIONS)
    assert low <= 0.97
    assert high >= 0.93


@pytest.mark.long
def test_weighed_by_voices_more_of_the_small_brands_effects_are_shown() -> None:
    """16 points at 15 posts a day: at least a fifth more than by rank, with narrower intervals."""
    [small] = [each for each in MOVED if each.name == "16 points, 15 posts a day"]
    found = compete([small], ["weighted", "plain"], REPETITIONS, 1)[small.name]
    assert found["weighted"].shown >= 1.2 * found["plain"].shown
    assert found["weighted"].half < found["plain"].half
