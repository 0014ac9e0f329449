from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.effects import Effect, event_effect
from analytics.effects.step_down import judge_together
from tests.analytics.effects.series import EVENT, weekly
from tests.bench.effect_error_rates import binomial_interval
from tests.bench.effect_worlds import Setting
from tests.bench.joint_error_rates import SETTINGS, false_claims

WAVE = [float(week % 5 + week % 3) for week in range(60)]
TEMPLATE = event_effect(weekly(WAVE[:56], past=52), EVENT)
WINDOWS = TEMPLATE.placebos


def effect_of(changes: np.ndarray) -> Effect:
    """An effect whose placebos and estimate (last) are these."""
    p_value = (1 + int((np.abs(changes[:-1]) >= abs(changes[-1])).sum())) / len(changes)
    placebos = tuple(changes[:-1].tolist())
    return replace(TEMPLATE, estimate=float(changes[-1]), placebo_estimates=placebos, p_value=p_value)


def family(random: np.random.Generator, together: float, moved: float = 0.0) -> dict[str, Effect]:
    """Three measures in units of their own that hang together; the first moves by `moved` of its deviations."""
    common = random.normal(size=WINDOWS + 1)
    changes = together * common + np.sqrt(1 - together**2) * random.normal(size=(3, WINDOWS + 1))
    changes[0, -1] += moved
    return {name: effect_of(unit * row) for name, unit, row in zip("abc", (1, 50, 0.01), changes, strict=True)}


@pytest.mark.parametrize("together", [0.0, 0.6, 0.95])
def test_a_false_claim_among_three_quiet_measures_stays_as_rare_as_in_one(together: float) -> None:
    """However much the measures hang together, any claim at all stays near 5 % (42 windows: ⌊2.1⌋/42 = 4.8 %)."""
    random, worlds = np.random.default_rng(1), 1500
    false = sum(
        any(said.verdict != "no_change_shown" for said in judge_together(family(random, together)).values())
        for _ in range(worlds)
    )
    low, high = binomial_interval(false, worlds)
    assert low <= 0.05
    assert high >= 0.03


def test_a_true_change_in_one_measure_gives_the_quiet_ones_no_licence() -> None:
    """With the first always shown, a claim about the other two is still as rare as one test's."""
    random, worlds = np.random.default_rng(2), 1500
    judged = [judge_together(family(random, 0.5, moved=15.0)) for _ in range(worlds)]
    assert sum(said["a"].verdict == "rose" for said in judged) == worlds
    false = sum(said["b"].verdict != "no_change_shown" or said["c"].verdict != "no_change_shown" for said in judged)
    low, high = binomial_interval(false, worlds)
    assert low <= 0.05
    assert high >= 0.03


def test_the_second_measure_is_held_against_what_is_left() -> None:
    """Stepping down shows what a single maximum would not: the first is out of the way by then."""
    quiet = np.tile([1.0, -1.0], WINDOWS // 2 + 1)[:WINDOWS]
    first, second = np.append(quiet * 3, 30.0), np.append(quiet, 2.0)
    first[5] = 29.0  # one wild earlier window of the first measure alone
    first[7] = 29.0
    judged = judge_together({"first": effect_of(first), "second": effect_of(second)})
    assert judged["first"].p_value == 1 / (WINDOWS + 1)
    assert judged["second"].p_value == 1 / (WINDOWS + 1)
    assert judged["second"].verdict == "rose"


def test_no_measure_looks_better_than_one_that_moved_more() -> None:
    """Adjusted p-values follow the order of the standardised changes, and none is below the measure's own rank."""
    random = np.random.default_rng(3)
    for _ in range(50):
        effects = family(random, 0.3, moved=2.0)
        judged = judge_together(effects)
        alone = {name: judge_together({name: effect})[name].p_value for name, effect in effects.items()}
        scale = {name: np.sqrt(np.mean(np.square([*e.placebo_estimates, e.estimate]))) for name, e in effects.items()}
        order = sorted(effects, key=lambda name: -abs(effects[name].estimate or 0) / scale[name])
        adjusted = [judged[name].p_value or 0 for name in order]
        assert adjusted == sorted(adjusted)
        assert all((judged[name].p_value or 0) >= (alone[name] or 0) for name in effects)


def test_one_measure_alone_keeps_its_rank() -> None:
    """Without others there is nothing to correct."""
    effect = event_effect(weekly([*WAVE[:52], 90, 90, 90, 90], past=52), EVENT)
    assert judge_together({"trust": effect})["trust"].p_value == effect.p_value


def test_a_measure_without_a_verdict_costs_the_others_nothing() -> None:
    """Not comparable stays so, is not tested, and leaves the other's p as it was."""
    shown = event_effect(weekly([*WAVE[:52], 90, 90, 90, 90], past=52), EVENT)
    barred = replace(shown, verdict="not_comparable", low=None, high=None, estimate=None, placebo_estimates=())
    judged = judge_together({"trust": shown, "stars": replace(barred, placebo_starts=())})
    assert judged["trust"].p_value == shown.p_value
    assert (judged["stars"].verdict, judged["stars"].p_value) == ("not_comparable", None)


def test_measures_without_windows_in_common_are_not_ranked() -> None:
    """The maximum over measures is one date's; where dates differ there is none."""
    effect = event_effect(weekly([*WAVE[:52], 90, 90, 90, 90], past=52), EVENT)
    half = effect.placebos // 2
    early = replace(
        effect, placebo_starts=effect.placebo_starts[:half], placebo_estimates=effect.placebo_estimates[:half]
    )
    late = replace(
        effect, placebo_starts=effect.placebo_starts[half:], placebo_estimates=effect.placebo_estimates[half:]
    )
    assert judge_together({"a": early, "b": late})["a"].verdict == "descriptive_only"
    assert "in common" in judge_together({"a": early, "b": late})["b"].reason
    few = replace(effect, placebo_starts=effect.placebo_starts[:9], placebo_estimates=effect.placebo_estimates[:9])
    assert judge_together({"a": few, "b": effect})["a"].verdict == "descriptive_only"


def test_changes_over_their_own_errors_go_before_changes() -> None:
    """Where bins are weighed, a change that is large only because its weeks are noisy is not among the largest."""
    loud = effect_of(np.append(np.tile([1.0, -1.0], WINDOWS // 2 + 1)[:WINDOWS], 9.0))
    noisy = replace(loud, standardised=(*np.tile([1.0, -1.0], WINDOWS // 2 + 1)[:WINDOWS].tolist(), 0.5))
    assert judge_together({"a": loud})["a"].verdict == "rose"
    assert judge_together({"a": noisy})["a"].p_value == 1


def test_a_p_of_its_own_is_a_floor() -> None:
    """A weighed measure may move more than in any window and still not be sure: beside others it is no surer."""
    moved = effect_of(np.append(np.tile([1.0, -1.0], WINDOWS // 2 + 1)[:WINDOWS], 9.0))
    unsure = replace(moved, p_value=0.2)
    judged = judge_together({"sure": moved, "unsure": unsure})
    assert (judged["sure"].p_value, judged["unsure"].p_value) == (1 / (WINDOWS + 1), 0.2)
    assert judged["unsure"].verdict == "no_change_shown"


def test_a_hush_at_the_event_is_no_odd_window() -> None:
    """With a tenth of the voices means scatter three times as far; over their own errors they do not."""
    at_event, earlier = [], []
    for child in np.random.default_rng(7).spawn(24):
        voices = np.repeat([400, 40], [52, 4])
        values = child.normal(0, 30 / np.sqrt(voices))
        effect = event_effect(weekly(values.tolist(), 52).assign(authors=voices, variance=900 / voices), EVENT)
        *windows, event = effect.standardised
        assert len(windows) == effect.placebos
        earlier += windows
        at_event.append(event)
    assert np.mean(np.square(at_event)) < 3 * np.mean(np.square(earlier))


@pytest.mark.long
@pytest.mark.parametrize("setting", [SETTINGS[0], Setting("hush", quiet=0.1)], ids=lambda setting: setting.name)
def test_false_claims_stay_rare_where_weeks_are_weighed(setting: Setting) -> None:
    """On simulated brands, also where an event silences most: of weighed measures judged together few are false."""
    rates = false_claims(setting, 100, seed=5)
    assert rates.weighed_low <= 0.05


def test_a_level_other_than_the_effects_own_is_refused() -> None:
    """The windows were counted for one level."""
    with pytest.raises(ValueError, match=r"trust was tested at 0.05, the measures are to be judged at 0.1"):
        judge_together({"trust": TEMPLATE}, alpha=0.1)
