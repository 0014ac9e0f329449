"""The user's own figures are read strictly, and faults are told with their line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from brands.brand_file import Signal, SignalColumns
from connectors.errors import BadInput
from connectors.signals.csv_file import CsvFile

SINCE, UNTIL = date(2023, 8, 1), date(2023, 9, 1)


def open_text(folder: Path, text: str | bytes, **more: Any) -> CsvFile:
    path = folder / "churn.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return CsvFile(Signal(connector="csv", name="churn", path=path, **more))


def values(file: CsvFile) -> dict[int, float]:
    return {each.day.day: each.value for each in file.days(SINCE, UNTIL).days}


def test_days_come_in_order_and_within_the_span(tmp_path: Path) -> None:
    """As an outcome, complete as far as the last day of the file."""
    text = "day,value\n2023-08-03,3.5\n2023-08-01,1\n2023-07-31,9\n2023-08-02,-2\n"
    batch = open_text(tmp_path, text).days(SINCE, UNTIL)
    assert [(each.day, each.value) for each in batch.days] == [
        (date(2023, 8, 1), 1.0),
        (date(2023, 8, 2), -2.0),
        (date(2023, 8, 3), 3.5),
    ]
    assert (batch.name, batch.kind, batch.complete_until) == ("churn", "outcome", date(2023, 8, 4))
    assert (batch.asked[0].search, batch.asked[0].returned) == ("churn.csv", 4)


def test_weekly_values_stay_on_their_days(tmp_path: Path) -> None:
    """Nothing is spread, nothing is filled in."""
    assert values(open_text(tmp_path, "day,value\n2023-08-07,70\n2023-08-14,60\n2023-08-21,65\n")) == {
        7: 70.0,
        14: 60.0,
        21: 65.0,
    }


@pytest.mark.parametrize(
    "text",
    [
        "week;n;score\n01.08.2023;x;1,5\n".replace(",", "."),
        "week\tn\tscore\n01.08.2023\tx\t1.5\n",
        '"week","n","score"\r\n"01.08.2023","a, b","1.5"\r\n',
        "\ufeffweek,score,n\n\n01.08.2023, 1.5 ,x\n\n",
    ],
)
def test_columns_and_delimiters_may_be_others(tmp_path: Path, text: str) -> None:
    """Semicolons and tabs, other names, a byte order mark, blank lines."""
    columns = SignalColumns(day="week", value="score")
    assert values(open_text(tmp_path, text, columns=columns, day_first=True)) == {1: 1.5}


def test_a_row_without_a_value_is_a_day_that_nobody_measured(tmp_path: Path) -> None:
    """It is not 0."""
    assert values(open_text(tmp_path, "day,value\n2023-08-01,\n2023-08-02,5\n")) == {2: 5.0}


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("day,value\n2023-08-01,5\nsoon,6\n", 3, '"soon" is no date'),
        ("day,value\n2023-02-30,5\n", 2, "no date"),
        ("day,value\n2023-08-01,five\n", 2, '"five" is no number'),
        ("day,value\n2023-08-01,nan\n", 2, "no number"),
        ("day,value\n2023-08-01,inf\n", 2, "no number"),
        ("day,value\n2023-08-01,1_000\n", 2, "no number"),
        ('day,value\n2023-08-01,"1,000"\n', 2, "write it as 1234.5"),
        ("day,value\n2023-08-01,5\n\n2023-08-01,6\n", 4, "2023-08-01 stands on line 2 already"),
        ("day,value\n2023-08-01,5,6\n", 2, "has 3 fields where the header has 2"),
        ("date,value\n2023-08-01,5\n", 1, 'has not one column "day" but: date, value; name the right ones'),
        ("day,value,day\n2023-08-01,5,x\n", 1, 'not one column "day"'),
        ("hello\n", 1, 'not one column "day" but: hello'),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    """`file:line`, what is wrong and how it is written; nothing of the file is used."""
    with pytest.raises(BadInput) as caught:
        open_text(tmp_path, text).days(SINCE, UNTIL)
    assert caught.value.where == f"{tmp_path / 'churn.csv'}:{line}"
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lines_count_as_an_editor_shows_them(tmp_path: Path) -> None:
    """Also after a field that holds a line break."""
    with pytest.raises(BadInput, match=r"churn\.csv:4"):
        open_text(tmp_path, 'day,value,note\n2023-08-01,5,"a\nb"\nx,6,\n').days(SINCE, UNTIL)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04xxxx", b"\xff\xfed\x00a\x00y\x00"])
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    """An empty file, a spreadsheet, another encoding: one line with the file."""
    with pytest.raises(BadInput, match=r"churn\.csv"):
        open_text(tmp_path, content).days(SINCE, UNTIL)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With its path."""
    with pytest.raises(BadInput, match=r"no such file.*nowhere\.csv"):
        CsvFile(Signal(connector="csv", name="churn", path=tmp_path / "nowhere.csv")).days(SINCE, UNTIL)


def test_a_file_without_rows_is_complete_nowhere(tmp_path: Path) -> None:
    """It says nothing of any day."""
    batch = open_text(tmp_path, "day,value\n").days(SINCE, UNTIL)
    assert (list(batch.days), batch.complete_until) == ([], SINCE)


@pytest.mark.parametrize(
    ("text", "complete"), [("2023-07-01,5", SINCE), ("2023-08-05,5", date(2023, 8, 6)), ("2023-12-01,5", UNTIL)]
)
def test_it_is_complete_as_far_as_the_file_goes_and_no_farther_than_asked(
    tmp_path: Path, text: str, complete: date
) -> None:
    """A file that ended before the span says nothing of it."""
    assert open_text(tmp_path, f"day,value\n{text}\n").days(SINCE, UNTIL).complete_until == complete
