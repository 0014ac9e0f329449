"""Tables and sentences that a measurement prints while it runs, and that are kept for its JSON file.

    table = Table("Macro-recall by set", {"set": "<16", "posts": ",", "vader": ".3f"})
    table.add("airline_tweets", 14_640, 0.5432)
    note("the reviews of 2023 are left out")

What was printed stands in RECORD: a process runs one measurement, and each has a process of its own (`measurement`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any

NARROWEST = 8  # characters of a column of numbers
GAP = "  "


@dataclass(slots=True)
class Record:
    """What was printed. `tables` as they go into JSON: {"title": …, "rows": [{column: value}]}."""

    tables: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


RECORD = Record()


class Table:
    """A table whose rows are printed as they come, since one may take minutes; the title and head come at once.

    `columns` gives each column by its name the format, in Python's words, that its values are shown in. One that begins
    with "<" is a column of text: left, and so many characters wide; all others are columns of numbers, and stand right.
    An interval is two columns, low and high.
    """

    def __init__(self, title: str, columns: Mapping[str, str]) -> None:
        self.columns = dict(columns)
        self.rows: list[dict[str, Any]] = []
        if RECORD.tables or RECORD.notes:
            print()
        RECORD.tables.append({"title": title, "rows": self.rows})
        print(title)
        self._print({name: name for name in columns})

    def add(self, *values: object) -> None:
        """Print and keep a row: a value for each column, in order. None, or a number that is not finite, stays blank.

        Raises ValueError where there are more or fewer values than columns, or a number's column gets text.
        """
        row = {name: self._plain(name, value) for name, value in zip(self.columns, values, strict=True)}
        self._print({name: self._show(name, value) for name, value in row.items()})
        self.rows.append(row)  # unrounded

    def _is_text(self, name: str) -> bool:
        return self.columns[name].startswith("<")

    def _plain(self, name: str, value: object) -> Any:
        """A value as JSON has it: numpy's numbers as Python's, those that are not finite as None."""
        if value is None:
            return None
        if self._is_text(name):
            return str(value)
        if isinstance(value, Integral):
            return int(value)
        if not isinstance(value, Real):
            raise ValueError(f"column {name} is for numbers, not for {value!r}")
        return float(value) if math.isfinite(value) else None

    def _show(self, name: str, value: Any) -> str:
        return "" if value is None else format(value, self.columns[name])

    def _print(self, cells: Mapping[str, str]) -> None:
        placed = []
        for name, cell in cells.items():
            if self._is_text(name):
                placed.append(format(cell, self.columns[name]).ljust(len(name)))
            else:
                placed.append(cell.rjust(max(NARROWEST, len(name))))
        print(GAP.join(placed).rstrip(), flush=True)


def note(sentence: str) -> None:
    """Print and keep a plain sentence."""
    RECORD.notes.append(sentence)
    print(sentence, flush=True)
