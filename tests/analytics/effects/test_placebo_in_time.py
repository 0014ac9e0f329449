from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from analytics.effects import Effect, event_effect, placebo_in_time
from tests.analytics.effects.series import EVENT, weekly, weekly_peers

PAST = [1, 3, 2, 4, 3, 5]
SMALL: dict[str, Any] = {"before": 2, "after": 1, "alpha": 0.25}
WAVE = [float(week % 5 + week % 3) for week in range(60)]


# ---------------------------------------------------------------- known answers, computed by hand


def test_small_series_gives_the_answer_worked_out_by_hand() -> None:
    """Placebos 2−2, 4−2.5, 3−3, 5−3.5; the event 10−4; one in five, so the largest placebo is the half width."""
    effect = event_effect(weekly([*PAST, 10], past=6), EVENT, **SMALL)
    assert effect.estimate == 6
    assert effect.placebo_estimates == (0, 1.5, 0, 1.5)
    assert (effect.low, effect.high, effect.smallest_visible) == (4.5, 7.5, 1.5)
    assert (effect.p_value, effect.smallest_p, effect.placebos) == (0.2, 0.2, 4)
    assert effect.independent_windows == 2  # three bins wide, from the first to the sixth bin
    assert effect.verdict == "rose"
    assert effect.reason == (
        "Of 4 comparable earlier windows (2 that do not overlap), 0 moved as much. Compared with no peer."
    )
    assert effect.placebo_starts == tuple(EVENT - timedelta(weeks=weeks) for weeks in (4, 3, 2, 1))


def test_one_peer_is_subtracted_from_the_event_and_from_every_placebo() -> None:
    """The peer's changes are −0.5, 0.5, −0.5, 0.5 and 1.5 at the event."""
    peers = weekly_peers({"webex": [0, 1, 0, 1, 0, 1, 2]}, past=6)
    effect = event_effect(weekly([*PAST, 10], past=6), EVENT, peers=peers, **SMALL)
    assert effect.estimate == 4.5
    assert effect.placebo_estimates == (0.5, 1, 0.5, 1)
    assert effect.peers_used == ("webex",)
    assert "one peer (webex)" in effect.reason


def test_of_several_peers_the_median_of_their_changes_is_subtracted() -> None:
    """At the event the peers change by 1.5, 0 and 40: one peer's own scandal moves nothing."""
    peers = weekly_peers({"a": [0, 1, 0, 1, 0, 1, 2], "b": [7] * 7, "c": [0] * 6 + [40]}, past=6)
    effect = event_effect(weekly([*PAST, 10], past=6), EVENT, peers=peers, **SMALL)
    assert effect.estimate == 6 - 1.5
    assert effect.placebo_estimates == (0, 1.5, 0, 1.5)
    assert "median change of 3 peers (a, b, c)" in effect.reason


def test_a_change_as_large_as_an_earlier_one_is_not_shown() -> None:
    """A tie with the largest placebo counts against the event, and the interval then touches 0."""
    effect = event_effect(weekly([*PAST, 5.5], past=6), EVENT, **SMALL)
    assert effect.estimate == 1.5
    assert effect.verdict == "no_change_shown"
    assert (effect.low, effect.p_value) == (0, 0.6)


def test_a_tie_that_binary_fractions_hide_is_still_a_tie() -> None:
    """0.1 + 0.2 is not 0.3 in binary: the placebo 0.3 and the event 0.1 + 0.2 must count as equal."""
    flat = [0.0] * 12
    effect = event_effect(weekly([*flat, 0.3, *flat, 0.1 + 0.2], past=25), EVENT, before=1, after=1, alpha=0.05)
    assert effect.p_value == 3 / 25  # the step up to 0.3 and the step down from it
    assert effect.verdict == "no_change_shown"


def test_nineteen_placebos_are_just_enough_for_five_per_cent() -> None:
    """The event itself is the twentieth window; with eighteen placebos no p can reach 5 %."""
    enough = event_effect(weekly([*WAVE[:20], 99], past=20), EVENT, before=1, after=1)
    assert (enough.placebos, enough.smallest_p, enough.p_value, enough.verdict) == (19, 0.05, 0.05, "rose")
    short = event_effect(weekly([*WAVE[:19], 99], past=19), EVENT, before=1, after=1)
    assert (short.placebos, short.verdict) == (18, "descriptive_only")
    assert (short.low, short.high, short.smallest_visible) == (None, None, None)
    assert short.estimate is not None
    assert "smallest attainable p is 0.0526, above 0.05" in short.reason


def test_a_level_that_binary_fractions_make_too_small_is_still_reached() -> None:
    """(1 − 0.9)·10 is 0.999… in binary: nine placebos are enough for 10 % all the same."""
    effect = event_effect(weekly([*WAVE[:10], 99], past=10), EVENT, before=1, after=1, alpha=1 - 0.9)
    assert (effect.placebos, effect.verdict) == (9, "rose")


@pytest.mark.parametrize(("past", "before"), [(51, 4), (52, 8)])
def test_eight_bins_before_where_a_year_of_past_is_there_and_four_otherwise(past: int, before: int) -> None:
    """The default length of the baseline follows the past that is at hand."""
    assert event_effect(weekly(WAVE[: past + 4], past), EVENT).before == before


def test_empty_bins_in_front_of_the_data_are_no_past() -> None:
    """A calendar that starts before the first post does not lengthen the baseline."""
    assert event_effect(weekly([None] * 10 + WAVE[:49], past=55), EVENT).before == 4


# ---------------------------------------------------------------- which placebos count


def test_no_placebo_sees_the_event() -> None:
    """Whatever happens from the event on, the placebos stay what they were."""
    check_that_no_placebo_sees_the_event()


def test_the_check_against_overlap_finds_a_planted_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were placebos allowed up to the event itself, the check above would fail."""

    def overlapping(event: int, before: int, after: int) -> np.ndarray:
        return np.arange(before, event)

    monkeypatch.setattr(placebo_in_time, "placebo_positions", overlapping)
    with pytest.raises(AssertionError):
        check_that_no_placebo_sees_the_event()


def check_that_no_placebo_sees_the_event() -> None:
    calm = event_effect(weekly(WAVE[:56], past=52), EVENT)
    shaken = event_effect(weekly(WAVE[:52] + [500.0] * 4, past=52), EVENT)
    assert calm.placebo_estimates == shaken.placebo_estimates
    assert calm.placebos == 41
    assert max(calm.placebo_starts) + timedelta(weeks=4) == EVENT


@pytest.mark.parametrize("days", [0, 6])
def test_a_known_event_takes_out_every_placebo_whose_windows_hold_it(days: int) -> None:
    """On whichever day of its bin the event falls, 8 + 4 placebos hold it."""
    known = EVENT - timedelta(weeks=26) + timedelta(days=days)
    effect = event_effect(weekly(WAVE[:56], past=52), EVENT, known_events=[known, EVENT])
    assert effect.placebos == 41 - 12
    held = [
        start for start in effect.placebo_starts if start - timedelta(weeks=8) <= known < start + timedelta(weeks=4)
    ]
    assert held == []
    assert effect.not_separable_from == ()


def test_a_placebo_with_an_incomparable_bin_does_not_count() -> None:
    """A source that changed half a year before the event bars the windows that hold the change, nothing else."""
    bins = weekly(WAVE[:56], past=52).assign(comparable=True)
    bins.loc[26, "comparable"] = False
    effect = event_effect(bins, EVENT)
    assert effect.placebos == 41 - 12
    assert effect.verdict == "no_change_shown"


# ---------------------------------------------------------------- gaps and unfinished windows


def test_a_gap_is_left_open_at_the_same_place_in_every_placebo() -> None:
    """The event lacks its second bin after, so each placebo skips its own second bin."""
    values: list[float | None] = [*WAVE[:52], 9.0, None, 9.0, 9.0]
    effect = event_effect(weekly(values, past=52), EVENT)
    first = np.mean([WAVE[8], WAVE[10], WAVE[11]]) - np.mean(WAVE[:8])
    assert effect.placebo_estimates[0] == pytest.approx(first)
    assert (effect.bins_before_used, effect.bins_after_used) == (8, 3)
    assert "3 of 4 after have data" in effect.reason


def test_a_missing_row_and_an_empty_value_are_the_same() -> None:
    """An absent bin means no data, as NaN does."""
    values: list[float | None] = list(WAVE[:56])
    values[30] = values[50] = None
    empty = weekly(values, past=52)
    assert event_effect(empty, EVENT) == event_effect(empty.drop(index=[30, 50]), EVENT)


def test_a_placebo_that_lacks_data_does_not_count() -> None:
    """One empty bin in the middle of the past takes out the 12 windows that would need it."""
    values: list[float | None] = list(WAVE[:56])
    values[26] = None
    assert event_effect(weekly(values, past=52), EVENT).placebos == 41 - 12


def test_half_of_the_window_after_is_enough_and_is_said() -> None:
    """Two weeks after the notice there is a first answer, from windows of two bins in every placebo."""
    effect = event_effect(weekly([*WAVE[:52], 90, 90], past=52), EVENT)
    assert effect.verdict == "rose"
    assert "2 of 4 weeks so far" in effect.reason
    assert effect.placebo_estimates[0] == pytest.approx(np.mean(WAVE[8:10]) - np.mean(WAVE[:8]))


def test_less_than_half_of_the_window_describes_only() -> None:
    """One week of four shows where it stands, without a verdict."""
    effect = event_effect(weekly([*WAVE[:52], 90], past=52), EVENT)
    assert effect.verdict == "descriptive_only"
    assert effect.estimate == pytest.approx(90 - np.mean(WAVE[44:52]))
    assert (effect.p_value, effect.low, effect.smallest_visible) == (None, None, None)
    assert "1 of 4 weeks so far" in effect.reason


@pytest.mark.parametrize(("empty", "verdict"), [(4, "rose"), (5, "descriptive_only")])
def test_half_of_the_window_before_is_enough(empty: int, verdict: str) -> None:
    """Four weeks of eight carry a baseline, three do not."""
    values: list[float | None] = [*WAVE[: 52 - empty], *[None] * empty, *[90.0] * 4]
    effect = event_effect(weekly(values, past=52), EVENT)
    assert effect.verdict == verdict
    assert effect.bins_before_used == 8 - empty


# ---------------------------------------------------------------- peers


def test_a_peer_with_a_gap_in_the_compared_bins_is_left_out_by_name() -> None:
    """A peer that falls silent for a week cannot stand beside the brand in that week's windows."""
    holed: list[float | None] = list(WAVE[:56])
    holed[20] = None
    peers = weekly_peers({"meet": WAVE[:56], "teams": holed}, past=52)
    effect = event_effect(weekly(WAVE[1:57], past=52), EVENT, peers=peers)
    assert (effect.peers_used, effect.peers_left_out) == (("meet",), ("teams",))
    assert "teams (no comparable data in 1 bin)" in effect.reason


def test_a_peer_may_lack_what_no_window_uses() -> None:
    """Where the brand itself has no data, or after the compared bins, a peer's gap costs nothing."""
    own: list[float | None] = list(WAVE[:60])
    own[20] = None
    other: list[float | None] = list(own)
    other[58] = None
    effect = event_effect(weekly(own, past=52), EVENT, peers=weekly_peers({"meet": other}, past=52))
    assert effect.peers_used == ("meet",)


def test_a_peer_that_is_not_comparable_where_it_matters_is_left_out() -> None:
    """A source break on the peer's side is the peer's, not the brand's."""
    peers = weekly_peers({"meet": WAVE[:56]}, past=52).assign(comparable=[True] * 51 + [False] + [True] * 4)
    effect = event_effect(weekly(WAVE[1:57], past=52), EVENT, peers=peers)
    assert effect.peers_left_out == ("meet",)
    assert effect.verdict == "no_change_shown"
    assert "no peer" in effect.reason


# ---------------------------------------------------------------- verdicts that bar a number


def test_an_incomparable_bin_in_the_event_windows_bars_any_number() -> None:
    """Coverage that differs between the windows makes their difference meaningless."""
    bins = weekly(WAVE[:56], past=52).assign(comparable=[True] * 53 + [False] + [True] * 2)
    effect = event_effect(bins, EVENT)
    assert effect.verdict == "not_comparable"
    assert numbers(effect) == {None}
    assert "2023-08-13" in effect.reason


def test_not_comparable_goes_before_descriptive_only() -> None:
    """With one author and a short past the coverage is still the first thing to say."""
    bins = weekly([1, 2, 3, 4], past=2, authors=1).assign(comparable=[True, False, True, True])
    assert event_effect(bins, EVENT, before=2, after=2).verdict == "not_comparable"


def test_weeks_that_were_not_collected_are_no_silence() -> None:
    """A failed collection leaves flagged empty bins: not_comparable, where mere emptiness is descriptive_only."""
    bins = weekly([*WAVE[:52], 3.0, None, None, None], past=52)
    assert event_effect(bins, EVENT).verdict == "descriptive_only"
    assert event_effect(bins.assign(comparable=bins["value"].notna()), EVENT).verdict == "not_comparable"


@pytest.mark.parametrize("side", ["before", "after"])
def test_under_ten_authors_on_a_side_describe_only(side: str) -> None:
    """Authors are pooled over a window before the gate: 9 of them carry no inference, 10 do."""
    bins = weekly([*WAVE[:52], 90, 90, 90, 90], past=52)
    window = range(44, 52) if side == "before" else range(52, 56)
    bins.loc[list(window), "authors"] = 0
    bins.loc[window[0], "authors"] = 9
    effect = event_effect(bins, EVENT)
    assert effect.verdict == "descriptive_only"
    assert (effect.p_value, effect.low, effect.high, effect.smallest_visible) == (None, None, None, None)
    assert "Under 10 authors" in effect.reason
    bins.loc[window[-1], "authors"] = 1
    assert event_effect(bins, EVENT).verdict == "rose"


def test_one_author_gets_no_verdict() -> None:
    """A single voice a week, or none, is no public."""
    bins = weekly([*WAVE[:52], 90, 90, 90, 90], past=52, authors=1)
    assert event_effect(bins, EVENT).verdict == "descriptive_only"


@pytest.mark.parametrize("constant", [0.0, 0.1, -7.3])
def test_a_measure_that_never_varied_describes_only(constant: float) -> None:
    """All neutral, always: zero change among zero changes is no evidence of calm."""
    effect = event_effect(weekly([constant] * 56, past=52), EVENT)
    assert (effect.verdict, effect.estimate, effect.p_value) == ("descriptive_only", 0, None)
    assert "did not vary" in effect.reason


def test_a_first_movement_after_a_flat_past_is_shown_with_a_warning() -> None:
    """Nobody ever spoke of the theme, then many do: rare by rank, though the interval says nothing of the size."""
    effect = event_effect(weekly([0.0] * 52 + [5.0] * 4, past=52), EVENT)
    assert (effect.verdict, effect.low, effect.high, effect.smallest_visible) == ("rose", 5, 5, 0)
    assert "no width" in effect.reason


def test_other_events_in_the_windows_are_named() -> None:
    """The notice of August 6 cannot be told apart from the reply of August 11; the next event is out of reach."""
    known = [EVENT, date(2023, 8, 11), EVENT - timedelta(weeks=8), EVENT + timedelta(weeks=4)]
    effect = event_effect(weekly(WAVE[:60], past=52), EVENT, known_events=known)
    assert effect.not_separable_from == (EVENT - timedelta(weeks=8), date(2023, 8, 11))
    assert "Not separable from 2023-06-11, 2023-08-11." in effect.reason


def test_a_second_event_on_the_same_day_is_named() -> None:
    """Two events on one day share every window."""
    assert event_effect(weekly(WAVE[:56], past=52), EVENT, known_events=[EVENT]).not_separable_from == ()
    assert event_effect(weekly(WAVE[:56], past=52), EVENT, known_events=[EVENT, EVENT]).not_separable_from == (EVENT,)


@pytest.mark.parametrize(
    ("values", "past", "said"),
    [
        (WAVE[:40], 40, "No data from the event on: the last bin with data starts on 2023-07-30"),
        (WAVE[:40], 70, "No data from the event on: the last bin with data starts on 2023-01-01"),
        (WAVE[:40], 0, "No data before the event: the first bin with data starts on 2023-08-06"),
        (WAVE[:40], -3, "No data before the event: the first bin with data starts on 2023-08-27"),
        ([None] * 56, 52, "No bin has data"),
        ([*WAVE[:30], *[None] * 10, *WAVE[:10]], 40, "No data in the 4 bins before the event"),
    ],
)
def test_an_event_that_the_data_do_not_reach_gets_a_reason_and_no_number(
    values: list[float | None], past: int, said: str
) -> None:
    """In the future, before the data, or in a gap: descriptive_only, nothing that could be printed as a figure."""
    effect = event_effect(weekly(values, past), EVENT)
    assert effect.verdict == "descriptive_only"
    assert numbers(effect) == {None}
    assert said in effect.reason


def numbers(effect: Effect) -> set[float | None]:
    return {effect.estimate, effect.low, effect.high, effect.p_value, effect.smallest_p, effect.smallest_visible}


def test_an_effect_cannot_be_changed_afterwards() -> None:
    """A published figure is what was computed."""
    effect = event_effect(weekly(WAVE[:56], past=52), EVENT)
    with pytest.raises(dataclasses.FrozenInstanceError):
        effect.estimate = 0.0  # type: ignore[misc]
