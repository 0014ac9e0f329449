from __future__ import annotations

import pytest

from tests.bench.one_table import list_rows, print_table

HELD = {"what": "errors", "measured": 0, "at_most": 0, "unit": "", "held": True}
SHORT = {"what": "p95", "measured": 120.4, "at_most": 100, "unit": "ms", "held": False}
WRITTEN = {"machine": {"processors": 2}, "date": "2024-01-01T00:00:00+00:00", "commit": "c1"}
MEASUREMENTS = {
    "readers": {"wall_seconds": 1234.5, "promises": [HELD, SHORT]},
    "speakers": {"wall_seconds": 3.0, "promises": []},
    "kills": {"wall_seconds": 60.0, "promises": [HELD], "error": "not\nas it must be"},
    "dask": {"error": "its process ended with -9"},
    "vader": {"wall_seconds": 0.1, "left_out": "no posts here"},
}


def test_a_row_a_promise_and_one_for_what_promises_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """What failed has its promises and a row with the error; the seconds stand once, and columns as wide as needed."""
    print_table({**WRITTEN, "measurements": MEASUREMENTS})
    assert capsys.readouterr().out.splitlines()[-9:] == [
        "All that was measured (2024-01-01T00:00:00+00:00, commit c1, 2 processors)",
        "measurement   seconds  what is promised  measured  bound           outcome",
        "readers       1,234.5  errors            0         at most 0       held",
        "readers                p95               120       at most 100 ms  SHORT",
        "speakers          3.0                                              done",
        "kills            60.0  errors            0         at most 0       held",
        "kills                                                              FAILED: not as it must be",
        "dask                                                               FAILED: its process ended with -9",
        "vader             0.1                                              left out: no posts here",
    ]


def test_there_is_no_table_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """As of a run that is stopped within its first measurement."""
    print_table({**WRITTEN, "measurements": {}})
    assert capsys.readouterr().out == ""


def test_a_long_error_is_cut_in_the_table() -> None:
    """The file has all of it elsewhere."""
    [row] = list_rows({"dask": {"error": "word " * 1_000}})
    assert row["outcome"].startswith("FAILED: word word")
    assert row["outcome"].endswith(" …")
    assert len(row["outcome"]) < 140


def test_a_file_of_before_there_were_promises_has_a_table() -> None:
    """One row for each measurement, as far as it is known."""
    rows = list_rows({"speakers": {"about": "who speaks", "wall_seconds": 3.0}})
    assert [(row["measurement"], row["seconds"], row["outcome"]) for row in rows] == [("speakers", 3.0, "done")]
