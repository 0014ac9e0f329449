"""A surge is found where one begins, and a signal that cannot answer gives a reason and no day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.notice.surges import FEWEST, find_surge
from tests.bench.effect_error_rates import binomial_interval
from tests.bench.notice_error_rates import KINDS, PLAIN, SEARCHED, Kind, false_proposals, find_planted

FIRST = date(2023, 1, 2)
SINCE = FIRST + timedelta(days=120)
BURST = SINCE + timedelta(days=50)
END = SINCE + timedelta(days=SEARCHED)


def quiet(days: int = 300, seed: int = 3) -> dict[date, float]:
    """Page views with a weekly wave that nothing happens to."""
    day = np.arange(days)
    level = 1000 + 300 * (day % 7 < 5) + np.random.default_rng(seed).normal(0, 40, days)
    return {FIRST + timedelta(days=int(n)): float(round(value)) for n, value in zip(day, level, strict=True)}


def burst(values: dict[date, float], first: date = BURST, times: float = 5.0) -> dict[date, float]:
    """The same with five days of so many times as much."""
    inside = [first + timedelta(days=n) for n in range(5)]
    return values | {day: round(times * values[day]) for day in inside if day in values}


def test_a_surge_is_dated_by_its_first_day_with_its_evidence() -> None:
    """Value, usual of that weekday and how many times as much; the days after are the same surge."""
    found = find_surge(burst(quiet()), SINCE, END)
    assert found.surge is not None
    assert found.surge.day == BURST
    assert found.surge.value == burst(quiet())[BURST]
    assert found.surge.usual == pytest.approx(quiet()[BURST], rel=0.1)
    assert found.surge.times == pytest.approx(5, rel=0.1)
    assert (found.surge.unseen, found.reason) == (0, "")


def test_a_weekday_is_held_against_its_own_kind() -> None:
    """A Sunday as busy as any Monday is a surge, although no value is above the week's largest."""
    wave = {day: 100.0 if day.weekday() == 6 else 1000.0 for day in quiet()}
    wave = {day: value + day.day % 7 for day, value in wave.items()}
    sunday = next(day for day in wave if day > BURST and day.weekday() == 6)
    loud = wave | {sunday: 900.0, sunday + timedelta(days=1): 1900.0}
    assert find_surge(wave, SINCE, END).surge is None
    found = find_surge(loud, SINCE, END).surge
    assert found is not None
    assert found.day == sunday


def test_one_wild_day_is_no_notice() -> None:
    """A robot or a fault makes a day; people come on the next one too."""
    found = find_surge(quiet() | {BURST: 90_000.0}, SINCE, END)
    assert found.surge is None


def test_a_surge_that_has_only_begun_is_told_and_not_dated() -> None:
    """Of the last day nobody knows whether it lasts: look again tomorrow."""
    values = {day: value for day, value in burst(quiet()).items() if day <= BURST}
    found = find_surge(values, SINCE, END)
    assert found.surge is None
    assert f"{BURST} lies far above it, but no day after it is known yet" in found.reason


def test_a_gap_is_no_silence() -> None:
    """Days without a value are counted, and a surge that shows behind them may have begun there."""
    hidden = {day: value for day, value in burst(quiet()).items() if not 0 <= (BURST - day).days <= 9}
    found = find_surge(hidden, SINCE, END)
    assert found.surge is not None
    assert found.surge.day == BURST + timedelta(days=1)
    assert found.surge.unseen == 10
    assert "the 10 days before had no value: it may have begun there" in found.reason
    without = find_surge({d: v for d, v in quiet().items() if not 0 <= (BURST - d).days <= 9}, SINCE, END)
    assert without.surge is None
    assert "10 days in between had no value" in without.reason


def test_a_surge_under_way_before_the_clause_is_not_its_notice() -> None:
    """What began the day before is something else; a later surge is found."""
    early = burst(quiet(), SINCE - timedelta(days=2))
    found = find_surge(early, SINCE, END)
    assert found.surge is None
    assert "already" in found.reason
    again = find_surge(burst(early), SINCE, END)
    assert again.surge is not None
    assert again.surge.day == BURST


def test_a_surge_on_the_first_day_of_all_is_not_dated() -> None:
    """There is nothing to compare it with: the search says from when on it could judge."""
    values = burst({day: value for day, value in quiet().items() if day >= SINCE}, SINCE)
    found = find_surge(values, SINCE, END)
    assert found.surge is None
    assert f"judged from {SINCE + timedelta(days=FEWEST)} on, with too short a past before" in found.reason


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "has no value on any day"),
        ({day: float("nan") for day in quiet()}, "has no value on any day"),
        (dict.fromkeys(quiet(), 0.0), "is 0 on all"),
        (dict.fromkeys(quiet(), 5.5), "is 5.5 on all"),
        ({day: value for day, value in quiet().items() if 0 <= (day - SINCE).days < 5}, "a usual needs 28 of 84"),
        ({day: value for day, value in quiet().items() if day < SINCE}, f"ends on {SINCE - timedelta(days=1)}"),
        ({day: value for day, value in quiet().items() if day.weekday() == 0}, "a usual needs 28 of 84"),
        ({day: -value for day, value in quiet().items()}, "holds values below 0"),
    ],
    ids=["nothing", "nan", "zeros", "constant", "five days", "over", "weekly", "negative"],
)
def test_a_signal_that_cannot_answer_gives_a_reason(values: dict[date, float], reason: str) -> None:
    """Never a day that means nothing."""
    found = find_surge(values, SINCE, END)
    assert found.surge is None
    assert reason in found.reason
    assert "\n" not in found.reason


def test_one_missing_number_changes_nothing() -> None:
    """NaN is a day without a value."""
    found = find_surge(burst(quiet()) | {BURST - timedelta(days=20): float("nan")}, SINCE, END)
    assert found.surge is not None
    assert found.surge.day == BURST


def test_a_search_that_has_not_begun_finds_nothing() -> None:
    """An event in the future."""
    assert "no day between" in find_surge(quiet(), SINCE, SINCE - timedelta(days=1)).reason


@given(unit=st.sampled_from([0.001, 0.37, 12.5, 3_000.7]), seed=st.integers(0, 30))
def test_the_unit_of_a_signal_does_not_matter(unit: float, seed: int) -> None:
    """Shares of a panel and thousands of views are judged alike: where no unit is a count, days stay the same."""
    values = {day: value * 1.0001 for day, value in burst(quiet(seed=seed), times=2.0).items()}
    scaled = {day: value * unit for day, value in values.items()}
    one, other = (find_surge(each, SINCE, END).surge for each in (values, scaled))
    assert (one and one.day) == (other and other.day)


@given(seed=st.integers(0, 200), at=st.integers(0, 100))
def test_what_comes_later_moves_no_day(seed: int, at: int) -> None:
    """A day is judged by what was known on the day after the next ones: later values change nothing before them."""
    values = burst(quiet(seed=seed))
    last = BURST + timedelta(days=4 + at)
    cut = {day: value for day, value in values.items() if day <= last}
    assert find_surge(cut, SINCE, END).surge == find_surge(values, SINCE, END).surge


@pytest.mark.parametrize("kind", [PLAIN, KINDS[3]], ids=lambda kind: kind.name)
def test_quiet_signals_seldom_propose_a_day(kind: Kind) -> None:
    """In half a year at most 5 of 100 do."""
    low, _ = binomial_interval(false_proposals(kind, 150, seed=9), 150)
    assert low <= 0.05


def test_a_strong_surge_is_found_and_hardly_late() -> None:
    """Ten times the usual: nearly always, within a day or so."""
    found = find_planted(PLAIN, 10.0, 100, seed=4)
    assert found.found > 0.95
    assert found.late < 1
