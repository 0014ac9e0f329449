from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from analytics.effects import event_effect
from tests.analytics.effects.series import EVENT, weekly, weekly_peers

WAVE = [float(week % 5 + week % 3) for week in range(56)]
BINS = weekly(WAVE, past=52)
PEERS = weekly_peers({"meet": WAVE}, past=52)


@pytest.mark.parametrize(
    "convert",
    [
        str,
        pd.Timestamp,
        lambda day: datetime.combine(day, time()),
        lambda day: pd.Timestamp(day).to_datetime64(),
        lambda day: pd.Timestamp(day, tz="Europe/Berlin"),
        lambda day: pd.Timestamp(day, tz="Europe/Berlin").isoformat(),
    ],
    ids=["text", "Timestamp", "datetime", "datetime64", "local midnights", "text with offsets"],
)
def test_every_usual_kind_of_date_is_read_alike(convert: Any) -> None:
    """Local midnights too: across a change to daylight-saving time they are not 168 hours apart, but 7 days."""
    expected = event_effect(BINS, EVENT)
    objects = BINS.assign(start=pd.Series([convert(day) for day in BINS["start"]], dtype=object))
    assert event_effect(objects, convert(EVENT)) == expected
    typed = BINS.assign(start=[convert(day) for day in BINS["start"]])
    assert event_effect(typed, EVENT, known_events=[convert(EVENT)]) == expected


@pytest.mark.parametrize(
    "values",
    [[Decimal(str(value)) for value in WAVE], pd.array(WAVE, dtype="Float64"), pd.array(WAVE, dtype="Int64")],
    ids=["decimal", "nullable float", "nullable integer"],
)
def test_numbers_of_any_kind_are_read_alike(values: Any) -> None:
    """What DuckDB, pandas or Arrow hand over counts as the same number."""
    assert event_effect(BINS.assign(value=values), EVENT) == event_effect(BINS, EVENT)


def test_the_measure_may_have_another_name() -> None:
    """Attention and trust may stand in one table; a variance beside them is not in the way."""
    renamed = BINS.rename(columns={"value": "attention"}).assign(variance=1.0, index=3)
    peers = PEERS.rename(columns={"value": "attention"})
    expected = event_effect(BINS, EVENT, peers=PEERS)
    assert event_effect(renamed, EVENT, value="attention", peers=peers) == expected


def test_what_is_not_known_to_be_comparable_is_not() -> None:
    """An empty flag on a bin with data bars the comparison; on a bin without data it does not matter."""
    flags = pd.array([True] * 53 + [None] + [True] * 2, dtype="boolean")
    assert event_effect(BINS.assign(comparable=flags), EVENT).verdict == "not_comparable"
    without = BINS.assign(comparable=flags, value=[*WAVE[:53], None, *WAVE[54:]])
    assert event_effect(without, EVENT).verdict == "no_change_shown"


def test_no_peers_an_empty_table_and_none_are_the_same() -> None:
    """A brand whose peers have no posts at all is a brand without peers."""
    expected = event_effect(BINS, EVENT)
    assert event_effect(BINS, EVENT, peers=PEERS.iloc[:0]) == expected
    assert event_effect(BINS, EVENT, peers=pd.DataFrame()) == expected


def with_value(frame: pd.DataFrame, column: str, value: Any, row: int = 7) -> pd.DataFrame:
    changed = frame.astype({column: object})
    changed.loc[row, column] = value
    return changed


BAD_CALLS: dict[str, tuple[pd.DataFrame, dict[str, Any], str]] = {
    "no rows": (BINS.iloc[:0], {}, "bins has no rows"),
    "no columns": (pd.DataFrame(), {}, "bins has no column 'start'"),
    "no authors": (BINS.drop(columns="authors"), {}, "bins has no column 'authors': it has start, value"),
    "a measure that is not there": (BINS, {"value": "stars"}, "bins has no column 'stars'"),
    "a column twice": (pd.concat([BINS, BINS[["value"]]], axis=1), {}, "bins has more than one column 'value'"),
    "another weekday": (BINS, {"event_date": date(2023, 8, 7)}, "start on a Sunday .* is a Monday"),
    "a day astray": (with_value(BINS, "start", EVENT + timedelta(days=3)), {}, "are not whole weeks apart"),
    "a bin twice": (pd.concat([BINS, BINS.iloc[[7]]]), {}, "starts on 2022-09-25 is there more than once"),
    "a time of day": (with_value(BINS, "start", datetime.combine(date(2022, 9, 25), time(1))), {}, "not a midnight"),
    "times of day": (BINS.assign(start=pd.to_datetime(BINS["start"]) + pd.Timedelta("1h")), {}, "not a midnight"),
    "no date": (with_value(BINS, "start", None), {}, "start is None: give a date"),
    "no typed date": (BINS.assign(start=pd.to_datetime(BINS["start"]).where(BINS.index > 0)), {}, "start is NaT"),
    "a number for a date": (with_value(BINS, "start", 20230806), {}, "start is 20230806: give a date"),
    "a word for a date": (with_value(BINS, "start", "August"), {}, "start is 'August': give a date"),
    "a word for a number": (with_value(BINS, "value", "many"), {}, "'value' holds something that is not a number"),
    "an infinite value": (with_value(BINS, "value", float("inf")), {}, "'value' holds an infinite number"),
    "negative authors": (with_value(BINS, "authors", -1), {}, "'authors' holds a negative number"),
    "a strange flag": (BINS.assign(comparable="perhaps"), {}, "'comparable' holds something that is neither"),
    "a negative baseline": (BINS, {"before": -4}, "before is -4: give a whole number of bins, 1 or more"),
    "no window after": (BINS, {"after": 0}, "after is 0: give a whole number of bins"),
    "half a bin": (BINS, {"before": 2.5}, "before is 2.5: give a whole number of bins"),
    "a level of 5": (BINS, {"alpha": 5}, "alpha is 5: give a number between 0 and 1"),
    "a word for a level": (BINS, {"alpha": "0.05"}, "alpha is 0.05: give a number between 0 and 1"),
    "a baseline without end": (BINS, {"before": 10**9}, "before is 1000000000: give at most 2,000 bins"),
    "a number beyond all squares": (with_value(BINS, "value", 1e200), {}, "'value' holds a number beyond"),
    "a list for a peer": (BINS, {"peers": PEERS.assign(brand=[["meet"]] * len(PEERS))}, "'brand' holds something that"),
    "no event date": (BINS, {"event_date": None}, "event_date is None: give a date"),
    "a known event without date": (BINS, {"known_events": [pd.NaT]}, "a known event is NaT: give a date"),
    "a peer without name": (BINS, {"peers": PEERS.assign(brand=None)}, "'brand' is empty"),
    "peers without names": (BINS, {"peers": PEERS.drop(columns="brand")}, "peers has no column 'brand'"),
    "a peer's bin twice": (BINS, {"peers": pd.concat([PEERS, PEERS])}, "peers: meet: the bin that starts on"),
    "a peer on another grid": (
        BINS,
        {"peers": PEERS.assign(start=[day + timedelta(days=1) for day in PEERS["start"]])},
        "peers start on a Monday",
    ),
    "an infinite peer": (BINS, {"peers": PEERS.assign(value=float("-inf"))}, "peers: column 'value' holds an infinite"),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_a_call_that_cannot_be_right_is_refused_in_one_line(name: str) -> None:
    """The error says what is wrong and where; no number comes out of it."""
    bins, options, said = BAD_CALLS[name]
    options = {"event_date": EVENT, **options}
    with pytest.raises(ValueError, match=said) as error:
        event_effect(bins, options.pop("event_date"), **options)
    assert "\n" not in str(error.value)
