"""Tables, sentences and promises that a measurement prints while it runs, and that are kept for its JSON file.

    table = Table("Macro-recall by set", {"set": "<16", "posts": ",", "vader": ".3f"})
    table.add("airline_tweets", 14_640, 0.5432)
    note("the reviews of 2023 are left out")
    promise("95 of 100 trends, 20 readers over 10,000,000 posts", 59.3, at_most=100, unit="ms")

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
    """What was printed, as in JSON; `tables`: {"title": …, "rows": [{column: value}]}, `promises`: see `promise`."""

    tables: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    promises: list[dict[str, Any]] = field(default_factory=list)


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
        if RECORD.tables or RECORD.notes or RECORD.promises:
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
        """A value as JSON has it."""
        if value is None:
            return None
        if self._is_text(name):
            return str(value)
        if not isinstance(value, Real):
            raise ValueError(f"column {name} is for numbers, not for {value!r}")
        return plain(value)

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


def promise(
    what: str, measured: float | None, *, at_most: float | None = None, at_least: float | None = None, unit: str = ""
) -> bool:
    """Print and keep what was measured of something that is promised, and by which bound; returns whether it is held.

    Kept as {"what", "measured", "at_most" or "at_least", "unit", "held"}. What was promised of a size says so in
    `what`, since a measurement is run at others too. None, or a number that is not finite, is not held. Raises
    ValueError where there is not exactly one bound.
    """
    if (at_most is None) == (at_least is None):
        raise ValueError(f"one bound is needed, at_most or at_least: {what}")
    value = None if measured is None else plain(measured)
    kept: dict[str, Any] = {"what": what, "measured": value}
    if at_most is not None:
        kept |= {"at_most": plain(at_most), "unit": unit, "held": value is not None and value <= at_most}
    elif at_least is not None:
        kept |= {"at_least": plain(at_least), "unit": unit, "held": value is not None and value >= at_least}
    RECORD.promises.append(kept)
    print(f"{tell_outcome(kept)}: {what}: {tell_measured(kept)} ({tell_bound(kept)})", flush=True)
    return bool(kept["held"])


def plain(number: Real | float) -> int | float | None:
    """A number as JSON has it: numpy's as Python's, one that is not finite as None."""
    if isinstance(number, Integral):
        return int(number)
    return float(number) if math.isfinite(number) else None


def tell_outcome(promised: Mapping[str, Any]) -> str:
    """Whether a promise is held, in a word."""
    return "held" if promised["held"] else "SHORT"


def tell_bound(promised: Mapping[str, Any]) -> str:
    """The bound of a promise with its unit."""
    words, bound = ("at most", promised["at_most"]) if "at_most" in promised else ("at least", promised["at_least"])
    return f"{words} {bound:,} {promised['unit']}".rstrip()


def tell_measured(promised: Mapping[str, Any]) -> str:
    """What was measured of a promise, rounded, but never onto the bound or over it."""
    value, bound = promised["measured"], promised.get("at_most", promised.get("at_least"))
    if value is None:
        return "nothing"
    if isinstance(value, int):
        return f"{value:,}"
    for places in (0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2, 4):
        shown = round(value, places)
        if (shown < bound, shown > bound) == (value < bound, value > bound):
            return f"{shown:,.{places}f}"
    return f"{value:,}"
