from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.bench import tables
from tests.bench.tables import Record, Table, note, promise, tell_measured


@pytest.fixture(autouse=True)
def record(monkeypatch: pytest.MonkeyPatch) -> Record:
    """An empty record for each test."""
    empty = Record()
    monkeypatch.setattr(tables, "RECORD", empty)
    return empty


def test_rows_stand_under_their_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """Text stands left and numbers right, under a head of the same widths; None is blank."""
    table = Table("Recall by set", {"set": "<16", "posts": ",", "recall": ".3f", "low": ".3f"})
    table.add("tweets", 14_640, 0.54321, 0.5)
    table.add("reviews", 3, None, -0.25)
    assert capsys.readouterr().out.splitlines() == [
        "Recall by set",
        "set                  posts    recall       low",
        "tweets              14,640     0.543     0.500",
        "reviews                  3              -0.250",
    ]


def test_a_column_is_as_wide_as_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is longer than its values moves the column's right edge, for text and for numbers."""
    Table("Memory", {"connector": "<2", "MB above start": ".0f", "note": "<"}).add("x", 7.6, "flat")
    _, head, row = capsys.readouterr().out.splitlines()
    assert head == "connector  MB above start  note"
    assert row == "x                       8  flat"


def test_a_row_is_seen_before_the_next_one_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Title and head come when the table begins, and each row when it is added."""
    table = Table("Slow", {"step": "<8"})
    assert capsys.readouterr().out.splitlines() == ["Slow", "step"]
    table.add("first")
    assert capsys.readouterr().out.splitlines() == ["first"]


def test_what_was_printed_is_kept_unrounded(record: Record) -> None:
    """JSON has the value, not what the format shows of it; numpy's numbers are numbers."""
    Table("Recall", {"set": "<8", "posts": ",", "recall": ".1f"}).add("tweets", np.int64(3), np.float64(1 / 3))
    note("trained on 3 tweets")
    assert json.loads(json.dumps(record.tables)) == [
        {"title": "Recall", "rows": [{"set": "tweets", "posts": 3, "recall": 1 / 3}]}
    ]
    assert record.notes == ["trained on 3 tweets"]


@example(math.nan)
@example(-math.inf)
@given(st.floats() | st.integers() | st.none())
def test_every_number_is_one_of_json(value: float | None) -> None:
    """Whatever is measured can be written: what is not finite is kept as None, all else as it is."""
    table = Table("Any", {"number": ".3f"})
    table.add(value)
    [row] = json.loads(json.dumps(table.rows, allow_nan=False))
    assert row["number"] == (None if value is None or not math.isfinite(value) else value)


@pytest.mark.parametrize("values", [("tweets",), ("tweets", 1, 2), ("tweets", "many")])
def test_a_row_that_does_not_fit_is_refused(values: tuple[object, ...], record: Record) -> None:
    """A value too few or too many, or text for a number, raises at once and is not kept."""
    table = Table("Posts", {"set": "<8", "posts": ","})
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own words
        table.add(*values)
    assert record.tables == [{"title": "Posts", "rows": []}]


@pytest.mark.parametrize(
    ("measured", "bound", "held"),
    [
        (3, {"at_most": 3}, True), (4, {"at_most": 3}, False), (3, {"at_least": 3}, True), (2, {"at_least": 3}, False),
        (0, {"at_most": 0}, True), (None, {"at_most": 3}, False), (math.nan, {"at_least": 3}, False),
        (np.float64(2.5), {"at_most": 3}, True),
    ],
)  # fmt: skip
def test_a_promise_is_held_within_its_bound(
    measured: float | None, bound: dict[str, float], held: bool, record: Record
) -> None:
    """The bound itself is within it; what could not be measured is not held, and all of it can be written."""
    assert promise("something", measured, **bound, unit="s") is held
    [kept] = json.loads(json.dumps(record.promises, allow_nan=False))
    value = None if measured is None or math.isnan(measured) else measured
    assert kept == {"what": "something", "measured": value, **bound, "unit": "s", "held": held}


@pytest.mark.parametrize("bounds", [{}, {"at_most": 1, "at_least": 0}])
def test_a_promise_has_one_bound(bounds: dict[str, float], record: Record) -> None:
    """Without one, or with two, nothing could be said to be held."""
    with pytest.raises(ValueError, match="one bound"):
        promise("something", 1, **bounds)
    assert record.promises == []


@example(1.5004)
@example(1.5)
@example(1.4996)
@given(st.floats(-10, 10))
def test_rounding_does_not_move_a_value_onto_its_bound(value: float) -> None:
    """Who reads 1.50 where at most 1.5 is promised would take it for held."""
    shown = float(tell_measured({"measured": value, "at_most": 1.5}))
    assert (shown < 1.5, shown > 1.5) == (value < 1.5, value > 1.5)
    assert shown == pytest.approx(value, abs=0.05)
