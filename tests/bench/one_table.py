"""One table of all that was measured: a row for each promise, and one for each measurement that promises nothing.

`python -m tests.bench` ends with it, and `python -m tests.bench --from FILE` prints it of a file that was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from tests.bench.tables import Table, tell_bound, tell_measured, tell_outcome

COLUMNS = ("measurement", "seconds", "what is promised", "measured", "bound", "outcome")
LONGEST = 120  # characters of a reason: of some errors it is a whole program


def list_rows(measurements: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the table, in words but for the seconds of a measurement, which stand in its first row.

    One that failed or was left out has a row that says so and why, behind those of what it measured of its promises.
    """
    rows = []
    for name, found in measurements.items():
        cells = [
            (promised["what"], tell_measured(promised), tell_bound(promised), tell_outcome(promised))
            for promised in found.get("promises", ())
        ]
        end = tell_end(found)
        if end != "done" or not cells:
            cells.append(("", "", "", end))
        for number, cell in enumerate(cells):
            seconds = None if number else found.get("wall_seconds")
            rows.append(dict(zip(COLUMNS, (name, seconds, *cell), strict=True)))
    return rows


def tell_end(found: Mapping[str, Any]) -> str:
    """How a measurement ended."""
    for kind, words in (("error", "FAILED"), ("left_out", "left out")):
        if kind in found:
            return f"{words}: {shorten(str(found[kind]), LONGEST, placeholder=' …')}"
    return "done"


def print_table(written: Mapping[str, Any]) -> None:
    """Print the table of a file's contents, under when and where that was; nothing where nothing was measured."""
    rows = list_rows(written["measurements"])
    if not rows:
        return
    commit, processors = written.get("commit", "unknown"), written["machine"]["processors"]
    widths = {name: f"<{max(len(str(row[name])) for row in rows)}" for name in COLUMNS}
    print()
    table = Table(
        f"All that was measured ({written['date']}, commit {commit}, {processors} processors)",
        {**widths, "seconds": ",.1f"},
    )
    for row in rows:
        table.add(*row.values())
