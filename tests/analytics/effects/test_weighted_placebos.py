from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.effects import event_effect
from analytics.effects.level_shift import find_shift, placebo_changes
from tests.analytics.effects.series import EVENT, weekly, weekly_peers

RANDOM = np.random.default_rng(5)
NOISE = RANDOM.normal(0, 3, 56)
WAVE = [float(week % 5 + week % 3) for week in range(60)]


def noisy(values: np.ndarray, past: int = 52, authors: int = 100, voice: float = 900.0) -> pd.DataFrame:
    """Bins whose voices have this variance."""
    return weekly(values.tolist(), past, authors).assign(variance=voice / authors)


def test_without_a_variance_nothing_changes() -> None:
    """An empty column is no column, and peers that tell none leave the design plain: exactly the same effect."""
    bins, peers = noisy(NOISE), weekly_peers({"meet": WAVE[:56], "teams": WAVE[1:57]}, past=52)
    plain = event_effect(bins.drop(columns="variance"), EVENT, peers=peers)
    assert event_effect(bins.assign(variance=np.nan), EVENT, peers=peers) == plain
    assert event_effect(bins, EVENT, peers=peers) == plain
    assert "median change of 2 peers" in plain.reason


def test_a_change_that_the_rank_cannot_show_is_shown() -> None:
    """9 points in four weeks: lost among the largest of 41 windows of 8 bins, clear against a year."""
    values = NOISE.copy()
    values[10:14] += 9  # one odd month in the past
    values[30:34] -= 9
    values[52:] -= 7
    plain = event_effect(noisy(values).drop(columns="variance"), EVENT)
    weighted = event_effect(noisy(values), EVENT)
    assert plain.verdict == "no_change_shown"
    assert weighted.smallest_visible is not None
    assert plain.smallest_visible is not None
    assert weighted.smallest_visible < plain.smallest_visible
    assert "voices of each week against 52 earlier weeks" in weighted.reason


def test_a_week_of_few_voices_moves_the_estimate_less() -> None:
    """40 points in one week: from 400 voices they are an effect, from 4 an accident."""
    values = NOISE.copy()
    values[52] += 40
    many, few = noisy(values, authors=400), noisy(values, authors=400)
    few.loc[52, ["authors", "variance"]] = [4, 900.0 / 4]
    loud = event_effect(many, EVENT).estimate
    quiet = event_effect(few, EVENT).estimate
    assert loud is not None
    assert quiet is not None
    assert abs(quiet) < abs(loud) / 2


def test_with_equal_bins_and_no_mood_a_placebo_is_a_difference_of_means() -> None:
    """The window's mean less the mean of all other bins, with the error that textbooks give."""
    values = RANDOM.normal(size=30)
    window = np.zeros(30, dtype=bool)
    window[10:14] = True
    [change], [error] = placebo_changes(values, 4.0 * np.eye(30), window[None, :])
    assert change == pytest.approx(values[window].mean() - values[~window].mean())
    assert error == pytest.approx(2 * np.sqrt(1 / 4 + 1 / 26))


def test_no_placebo_sees_the_event() -> None:
    """A shift from the event on, however large, leaves every placebo where it was."""
    shaken = NOISE.copy()
    shaken[52:] += 500
    calm = event_effect(noisy(NOISE), EVENT)
    assert np.array(event_effect(noisy(shaken), EVENT).placebo_estimates) == pytest.approx(calm.placebo_estimates)


def test_a_wandering_series_is_compared_with_its_last_weeks() -> None:
    """Where weeks remember, a level of long ago is no baseline: the drift is not taken for an effect."""
    drift = np.repeat([0.0, 30.0], [40, 16]) + RANDOM.normal(0, 1, 56)
    effect = event_effect(noisy(drift, authors=1000), EVENT)
    assert effect.verdict == "no_change_shown"
    assert abs(effect.estimate or 99) < 10


def test_weeks_after_another_event_are_no_baseline() -> None:
    """The month after an earlier policy event is left out, but the weeks that the event is compared with are not."""
    values = NOISE.copy()
    values[20:24] -= 60
    known = [EVENT - timedelta(weeks=32)]
    effect = event_effect(noisy(values), EVENT, known_events=known)
    assert "against 48 earlier weeks" in effect.reason
    assert effect.smallest_visible == pytest.approx(event_effect(noisy(NOISE), EVENT).smallest_visible or 0, rel=0.3)
    near = event_effect(noisy(values), EVENT, known_events=[EVENT - timedelta(weeks=2)])
    assert "against 52 earlier weeks" in near.reason


def test_the_same_bins_give_the_same_answer() -> None:
    """What is simulated is the same for everyone."""
    assert event_effect(noisy(NOISE), EVENT) == event_effect(noisy(NOISE), EVENT)


def test_a_rare_theme_that_everyone_raises_is_shown_although_it_never_varied() -> None:
    """A year of nothing, then 30 % of the voices: no variance before the event, and still noise to hold it against."""
    bins = noisy(np.repeat([0.0, 30.0], [52, 4]), authors=50)
    bins["variance"] = np.where(bins["value"] > 0, 0.3 * 0.7 * 1e4 / 50, 0.0)
    effect = event_effect(bins, EVENT)
    assert effect.verdict == "rose"
    assert effect.low is not None
    assert effect.high is not None
    assert 15 < effect.low < 30 < effect.high < 45


def test_values_that_vary_without_any_noise_are_judged_by_what_they_do() -> None:
    """A variance of 0 everywhere says nothing: the bins' own movement is all there is."""
    calm = event_effect(noisy(NOISE, voice=0.0), EVENT)
    assert calm.verdict == "no_change_shown"
    fallen = NOISE.copy()
    fallen[52:] -= 15
    assert event_effect(noisy(fallen, voice=0.0), EVENT).verdict == "fell"


@pytest.mark.parametrize("frame", ["bins", "peers"])
def test_a_negative_variance_is_refused(frame: str) -> None:
    """It is no variance, and the line says where it stands."""
    tables = {"bins": noisy(NOISE), "peers": noisy(NOISE[::-1]).assign(brand="meet")}
    tables[frame].loc[7, "variance"] = -1.0
    with pytest.raises(ValueError, match=f"{frame}: column 'variance' holds a negative number"):
        event_effect(tables["bins"], EVENT, peers=tables["peers"])


@pytest.mark.parametrize("bad", [float("inf"), "much"])
def test_a_variance_that_is_no_number_is_refused(bad: object) -> None:
    """Infinite noise and words are mistakes of the table, told in one line."""
    bins = noisy(NOISE)
    bins["variance"] = bins["variance"].astype(object)
    bins.loc[7, "variance"] = bad
    with pytest.raises(ValueError, match="bins: column 'variance' holds"):
        event_effect(bins, EVENT)


def test_a_peer_with_a_gap_in_the_baseline_is_left_out_by_name() -> None:
    """The baseline is the whole past, so that a hole anywhere in it counts."""
    holed = noisy(NOISE[::-1]).assign(brand="teams")
    holed.loc[3, "value"] = np.nan
    peers = pd.concat([noisy(NOISE[::-1]).assign(brand="meet"), holed])
    effect = event_effect(noisy(NOISE), EVENT, peers=peers)
    assert (effect.peers_used, effect.peers_left_out) == (("meet",), ("teams",))
    assert "one peer (meet)" in effect.reason


def test_a_peer_in_a_scandal_of_its_own_is_named() -> None:
    """It hardly counts in those weeks, and the reader is told."""
    random = np.random.default_rng(8)
    tables = [noisy(random.normal(0, 3, 56)).assign(brand=name) for name in ("meet", "teams", "webex", "slack")]
    tables[1].loc[52:, "value"] -= 60
    effect = event_effect(noisy(NOISE), EVENT, peers=pd.concat(tables))
    assert "In these weeks teams moved far from the other peers" in effect.reason
    assert effect.verdict == "no_change_shown"


def test_peers_may_lack_voices() -> None:
    """A peer's variance alone is enough."""
    peers = noisy(NOISE[::-1]).assign(brand="meet").drop(columns="authors")
    assert event_effect(noisy(NOISE), EVENT, peers=peers).p_value is not None


def test_one_voice_a_week_gets_no_verdict() -> None:
    """Its variance is not known, and under 10 voices on a side there is nothing to judge."""
    effect = event_effect(noisy(NOISE, authors=1).assign(variance=np.nan), EVENT)
    assert effect.verdict == "descriptive_only"


def test_a_missing_row_and_an_empty_value_are_the_same() -> None:
    """Without posts a bin has neither value nor variance, in the table or not."""
    empty = noisy(NOISE)
    empty.loc[[30, 50], ["value", "variance"]] = np.nan
    empty.loc[[30, 50], "authors"] = 0
    assert event_effect(empty, EVENT) == event_effect(empty.drop(index=[30, 50]), EVENT)


def test_bins_across_a_change_of_the_clock_are_read_by_the_wall_clock() -> None:
    """Local midnights are 167 and 169 hours apart twice a year, and whole weeks all the same."""
    bins = noisy(NOISE)
    local = bins.assign(start=pd.to_datetime(bins["start"]).dt.tz_localize("America/New_York"))
    assert event_effect(local, EVENT) == event_effect(bins, EVENT)


def test_a_change_of_a_river_is_found_where_it_is_known_to_be() -> None:
    """Nile, yearly volume: a lower level from 1899 on, put on 7-day bins with an independent yearly deviation."""
    nile = pytest.importorskip("statsmodels.api").datasets.nile.load_pandas().data["volume"].to_numpy()
    past = 1899 - 1871
    plain = event_effect(weekly(nile[: past + 20].tolist(), past), EVENT, after=4)
    assert plain.verdict == "fell"
    years = weekly(nile[: past + 20].tolist(), past, authors=100)
    weighted = event_effect(years.assign(variance=np.var(nile[:past], ddof=1)), EVENT, after=4)
    assert weighted.verdict == "fell"
    # Balke (1993) and Durbin and Koopman (2012) put the fall at about 248; four years of it are what is compared.
    assert weighted.low is not None
    assert weighted.high is not None
    assert weighted.low < -248 < weighted.high


def test_the_series_of_causal_impact_gives_nearly_its_answer(shared_data: Path) -> None:
    """R's CausalImpact on its `arma` example: 0.89 [0.27, 1.5] over 30 points after, from a regression on X.

    Ours, 1.03 [0.54, 1.52], subtracts X as it would a peer, where the regression gives it a coefficient of its own, and
    is given a sampling variance, which the regression estimates with the level's: near, and as wide.
    """
    table = pd.read_csv(shared_data / "effects_reference" / "arma_data.csv")
    starts = [EVENT + timedelta(days=7 * (row - 70)) for row in range(len(table))]
    own = pd.DataFrame({"start": starts, "value": table["y"], "authors": 1000, "variance": 0.5})
    peer = own.assign(value=table["X"], brand="X")
    effect = event_effect(own, EVENT, peers=peer, before=8, after=30)
    assert effect.verdict == "rose"
    assert effect.estimate == pytest.approx(1.03, abs=0.02)
    assert effect.low == pytest.approx(0.54, abs=0.05)
    assert effect.high == pytest.approx(1.52, abs=0.05)


def test_a_series_without_a_change_covers_nothing() -> None:
    """The change of a straight line is none, with an interval around it."""
    weeks = np.arange(-40, 4)
    shift = find_shift(np.zeros(44), np.ones(44), weeks, weeks >= 0)
    low, high = shift.interval(0.05)
    assert shift.estimate == pytest.approx(0, abs=1e-12)
    assert low == pytest.approx(-high, rel=0.05)
    assert shift.p_value() > 0.9


@pytest.mark.filterwarnings("error")
def test_a_step_without_any_noise_is_read() -> None:
    """Before and after no voice differs from another: no number on the way is beyond all numbers."""
    effect = event_effect(weekly([0.0] * 52 + [3.0] * 4, 52, 30).assign(variance=0.0), EVENT)
    assert effect.verdict == "rose"
    assert effect.estimate == pytest.approx(3.0)


@pytest.mark.parametrize("smaller", [1e3, 1e6, 1e12])
def test_noise_that_is_told_far_too_small_makes_nothing_surer(smaller: float) -> None:
    """Weeks that scatter beyond what any mood allows for: the interval is no narrower than by honest noise."""
    random = np.random.default_rng(5)
    value = random.normal(0, 0.1, 64)
    starts = [EVENT + timedelta(days=7 * (week - 60)) for week in range(64)]
    table = pd.DataFrame({"start": starts, "value": value, "authors": 50, "variance": 0.01})
    widths = []
    for told in (table, table.assign(variance=0.01 / smaller)):
        effect = event_effect(told, EVENT)
        assert effect.low is not None
        assert effect.high is not None
        widths.append(effect.high - effect.low)
    assert widths[1] > 0.8 * widths[0]
