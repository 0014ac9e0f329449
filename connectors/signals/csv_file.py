"""A signal from the user's own CSV file: churn, tickets, NPS, a panel. One value a day, or a week's on one day."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import numpy as np
import pyarrow as pa

from brands.schema import Signal
from brands.wording import write_count
from connectors.archive_files import check, open_text, told
from connectors.batch import Asked
from connectors.errors import BadInput
from connectors.politeness import utc_now
from connectors.signals.batch import SignalBatch, SignalDay, midnight
from connectors.times import read_times

DELIMITERS = (",", ";", "\t", "|")


class CsvFile:
    """Reads the file anew each time: it is small, and may have been mended."""

    reads_whole: ClassVar[bool] = True

    def __init__(self, signal: Signal, *, clock: Callable[[], datetime] = utc_now, **_: object) -> None:
        self.name = signal.name
        self.signal = signal
        self.clock = clock
        if signal.path is None:
            raise BadInput(signal.name, f'[[signals]] "{signal.name}"', 'names no file; write path = "..."')
        self.path: Path = signal.path

    def days(self, since: date, until: date) -> SignalBatch:
        """The file's values within the span, complete as far as its last day. Raises BadInput with file and line."""
        with told(self.name, self.path):
            check(self.path, "csv", self.signal.encoding)
            rows = list(self._rows())
        read = self._read(rows)
        days = [SignalDay(day, read[day]) for day in sorted(read) if since <= day < until]
        last = max(read, default=None)
        complete = since if last is None else min(max(last + timedelta(days=1), since), until)
        first, end = (min(read), max(read) + timedelta(days=1)) if read else (self.clock().date(),) * 2
        asked = Asked(self.clock(), self.path.name, midnight(first), midnight(end), returned=len(read))
        return SignalBatch(self.name, self.signal.kind, days, complete, [asked])

    def _rows(self) -> Iterator[tuple[int, str, str]]:
        """Line, day and value of each row that has both; a row without a value is a day that nobody measured."""
        columns = self.signal.columns
        with open_text(self.path, self.signal.encoding) as file:
            header = file.readline()
            names, delimiter = _read_header(header, (columns.day, columns.value))
            for name in (columns.day, columns.value):
                if names.count(name) != 1:
                    there = ", ".join(names)
                    fault = f'has not one column "{name}" but: {there}; name the right ones in [signals.columns]'
                    raise self._fault(1, fault)
            at_day, at_value = names.index(columns.day), names.index(columns.value)
            reader = csv.reader(file, delimiter=delimiter)
            for row in reader:
                line = reader.line_num + 1
                if not any(cell.strip() for cell in row):
                    continue
                if len(row) != len(names):
                    told = f"has {write_count(len(row), 'field')} where the header has {len(names)}; mend the line"
                    raise self._fault(line, told)
                if row[at_value].strip():
                    yield line, row[at_day].strip(), row[at_value].strip()

    def _read(self, rows: Sequence[tuple[int, str, str]]) -> dict[date, float]:
        times = read_times(pa.array([day for _, day, _ in rows], pa.string()), day_first=self.signal.day_first)
        lines: dict[date, int] = {}
        read: dict[date, float] = {}
        for (line, written, value), moment in zip(rows, times, strict=True):
            if np.isnat(moment):
                raise self._fault(line, f'"{written[:40]}" is no date; write it as 2023-08-06')
            day: date = moment.astype("datetime64[D]").item()
            if day in lines:
                raise self._fault(line, f"{day} stands on line {lines[day]} already; leave one value a day")
            lines[day] = line
            read[day] = self._number(line, value)
        return read

    def _number(self, line: int, value: str) -> float:
        try:
            number = float(value) if "_" not in value else math.nan
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self._fault(line, f'"{value[:40]}" is no number; write it as 1234.5')
        return number

    def _fault(self, line: int, problem: str) -> BadInput:
        return BadInput(self.name, f"{self.path}:{line}", " ".join(problem.split()))


def _read_header(header: str, wanted: Sequence[str]) -> tuple[list[str], str]:
    """The names of the columns, and the delimiter by which most of the wanted ones are found."""
    split = {
        delimiter: [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
        for delimiter in DELIMITERS
    }
    best = max(DELIMITERS, key=lambda delimiter: (len({*wanted} & {*split[delimiter]}), len(split[delimiter])))
    return split[best], best
