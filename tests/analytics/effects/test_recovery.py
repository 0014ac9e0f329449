from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.effects import event_effect
from analytics.effects.recovery import IN_A_ROW, WIDTH, Recovery, find_recovery
from tests.analytics.effects.series import EVENT, weekly, weekly_peers
from tests.bench.recovery_error_rates import false_recoveries

PAST = 60
AFTER = 4
QUIET = [float(value) for value in np.random.default_rng(5).normal(10, 1, PAST)]


def look(later: Sequence[float | None], *, margin: float = 5.0, past: Sequence[float | None] = QUIET) -> Recovery:
    """The recovery of a series that stands at 10 before the event and has these values from it on."""
    bins = weekly([*past, *later], len(past))
    return find_recovery(bins, EVENT, event_effect(bins, EVENT, after=AFTER), margin=margin)


def test_a_measure_that_came_back_has_recovered_on_a_day() -> None:
    """Four weeks down, then where it was: recovered on the first day on which six looks in a row had passed."""
    found = look([-10.0] * 4 + [10.0] * 12)
    assert found.state == "recovered"
    assert found.recovered_on == EVENT + timedelta(days=7 * (4 + WIDTH + IN_A_ROW - 1))
    assert found.as_of == EVENT + timedelta(days=7 * 16)
    assert found.low is not None
    assert found.high is not None
    assert -5 <= found.low <= found.high <= 5


def test_a_measure_that_stays_down_has_not_recovered_yet() -> None:
    """What is not back by the last week is censored there; the reason gives day and gap."""
    found = look([-10.0] * 16)
    assert (found.state, found.recovered_on) == ("not_yet", None)
    assert "as of 2023-11-26" in found.reason
    assert found.gap == pytest.approx(-20, abs=1)


def test_too_few_looks_are_not_yet_a_recovery() -> None:
    """Back for a few weeks only: one look short of what is needed is counted and not claimed."""
    found = look([-10.0] * 4 + [10.0] * (WIDTH + IN_A_ROW - 2))
    assert found.state == "not_yet"
    assert "5 of 6 looks in a row" in found.reason
    assert look([-10.0] * 4 + [10.0] * (WIDTH + IN_A_ROW - 1)).state == "recovered"


def test_a_relapse_ends_the_recovery() -> None:
    """What was back and fell again is not called recovered: the last weeks decide."""
    assert look([-10.0] * 4 + [10.0] * 12 + [-10.0] * 4).state == "not_yet"


def test_a_margin_smaller_than_what_is_visible_cannot_be_judged() -> None:
    """With a noisier past than the margin no gap could ever pass; where the gap is plain it is told all the same."""
    assert look([-10.0] * 4 + [10.0] * 12, margin=0.1).state == "cannot_be_told"
    assert look([-10.0] * 16, margin=0.1).state == "not_yet"


def test_a_past_that_is_too_short_cannot_judge() -> None:
    """Without enough earlier differences at the same distance there is no interval, and the reason counts them."""
    bins = weekly([*QUIET, *[-10.0] * 4, *[10.0] * 12], PAST)
    effect = event_effect(bins, EVENT, after=AFTER)
    found = find_recovery(bins.iloc[40:], EVENT, effect, margin=5)
    assert found.state == "cannot_be_told"
    assert "earlier difference" in found.reason
    assert found.low is None


def test_far_from_the_event_the_last_week_that_can_be_judged_stands() -> None:
    """A follow-up longer than the past does not turn a recovery into a riddle; it is told as of its last look."""
    found = look([-10.0] * 4 + [10.0] * 60)
    assert found.state == "recovered"
    assert found.as_of is not None
    assert found.as_of < EVENT + timedelta(days=7 * 60)
    assert "too far from the event" in found.reason


def test_a_row_that_the_past_cuts_short_cannot_be_told() -> None:
    """Where the past ends before six looks have passed, waiting will not help, so it is not called not yet."""
    found = look([-10.0] * 8 + [10.0] * 20, past=QUIET[:26])
    assert found.state == "cannot_be_told"
    assert "too far from the event" in found.reason


def test_without_a_change_there_is_nothing_to_recover_from() -> None:
    """No fall and no rise: the question is not asked."""
    assert look([10.0] * 16).state == "nothing_to_recover_from"


def test_soon_after_the_event_it_is_not_yet() -> None:
    """Before four weeks have passed since the compared ones nothing is looked at, and the reason says from when."""
    found = look([-10.0] * 4 + [10.0] * 3)
    assert found.state == "not_yet"
    assert "since 2023-09-03" in found.reason
    assert found.gap is None


def test_a_week_without_data_ends_a_row_of_looks() -> None:
    """A gap is neither back nor away: looks count in a row only where every week has data."""
    later = [-10.0] * 4 + [10.0] * 14
    whole = look(later)
    holed = look([*later[:10], None, *later[11:]])
    assert (whole.state, holed.state) == ("recovered", "not_yet")
    assert holed.gap is not None


def test_what_the_peers_did_is_no_recovery_of_the_brand() -> None:
    """The market rises and carries the brand back up: less its peers it is still where it fell to."""
    down, up = [-10.0] * 4 + [10.0] * 12, [10.0] * 4 + [30.0] * 12
    noise = np.random.default_rng(6).normal(10, 1, (2, PAST)).tolist()
    bins = weekly([*QUIET, *down], PAST)
    peers = weekly_peers({"left": [*noise[0], *up], "right": [*noise[1], *up]}, PAST)
    effect = event_effect(bins, EVENT, after=AFTER, peers=peers)
    assert find_recovery(bins, EVENT, effect, margin=5, peers=peers).state == "not_yet"
    assert find_recovery(bins, EVENT, effect, margin=5).state == "recovered"


@pytest.mark.parametrize("margin", [0.0, -1.0, float("nan"), float("inf")])
def test_a_margin_must_be_set(margin: float) -> None:
    """A margin that is no positive number is refused in one line."""
    with pytest.raises(ValueError, match="margin"):
        look([-10.0] * 16, margin=margin)


LATER = st.lists(st.floats(-40, 40) | st.none(), min_size=1, max_size=24)


@given(LATER, st.floats(0.5, 30), st.floats(1, 3), st.floats(0.5, 2), st.floats(-50, 50))
def test_recovery_follows_units_and_zero(
    later: list[float | None], margin: float, wider: float, scale: float, shift: float
) -> None:
    """Another unit or zero of the measure changes no state, and a wider margin takes no recovery away."""
    bins = weekly([*QUIET, *later], PAST)
    effect = replace(event_effect(bins, EVENT, after=AFTER), verdict="fell")
    found = find_recovery(bins, EVENT, effect, margin=margin)
    moved = bins.assign(value=bins["value"] * scale + shift)
    again = find_recovery(moved, EVENT, effect, margin=margin * scale * (1 + 1e-9))
    assert again.state == found.state
    assert again.recovered_on == found.recovered_on
    if found.state == "recovered":
        easier = find_recovery(bins, EVENT, effect, margin=margin * wider)
        assert easier.state == "recovered"
        assert easier.recovered_on is not None
        assert found.recovered_on is not None
        assert easier.recovered_on <= found.recovered_on
        assert found.low is not None
        assert found.high is not None
        assert -margin <= found.low <= found.high <= margin
    if found.gap is not None:
        assert np.isfinite(found.gap)


def test_a_gap_at_the_margin_is_seldom_called_recovered() -> None:
    """The worst case, a gap of just the margin for half a year: a false claim at any week within the level of 5 %."""
    rates = false_recoveries(past=52, memory=0.6, worlds=80, seed=11)
    assert rates.ever_low <= 0.05
    assert rates.a_look <= 0.05
