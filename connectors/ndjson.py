"""NDJSON in UTF-8, as most exports are: lines are told and parsed as bytes, some times as fast as text line by line.

The same records, lines and reasons as `json_records` gives, which a test holds: what orjson does not take, or might
take for another number, is read by the standard library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import orjson
import pyarrow as pa

from connectors.archive_formats import (
    CHUNK_CHARACTERS,
    CHUNK_ROWS,
    BadRecord,
    Chunk,
    make_getter,
    payload,
    require_any,
    write_value,
)
from connectors.json_records import Record, line_record
from connectors.text import strings

LARGEST_EXACT = 2.0**63  # a whole number beyond 64 bits is none to orjson, but a float


@dataclass(slots=True)
class _Records:
    """Records read and not handed on yet, each with its line."""

    values: list[dict[str, Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejected: list[BadRecord] = field(default_factory=list)

    def chunk(self, mapping: Mapping[str, str]) -> Chunk:
        columns, replaced = {}, 0
        for name, column in mapping.items():
            columns[name], count = self._column(column)
            replaced += count
        return Chunk(columns, self.lines, self.rejected, replaced)

    def _column(self, column: str) -> tuple[pa.Array, int]:
        get = make_getter(column)
        values = [value.get(column) for value in self.values] if "." not in column else list(map(get, self.values))
        kinds = set(map(type, values)) - {type(None)}
        if kinds == {int}:
            try:
                return pa.array(values, pa.int64()).cast(pa.string()), 0
            except OverflowError:
                pass
        if kinds - {str}:
            values = [_written(value, raw, get) for value, raw in zip(values, self.raw, strict=True)]
        return strings(values)


def read_ndjson(lines: BinaryIO, mapping: Mapping[str, str], needed: frozenset[str]) -> Iterator[Chunk]:
    """One object a line, as `archive_formats.read_json` reads them. `lines`: bytes of UTF-8, each ended by a line feed.

    At least one chunk. Raises FileError where no record of the first chunk has a field of `needed`.
    """
    records, size, first_chunk = _Records(), 0, True
    parse = orjson.loads
    for number, line in enumerate(lines, start=1):
        try:
            value = parse(line)
        except ValueError:
            value = None
        if type(value) is not dict:
            record = _read_slowly(line, number)
            if record is None:
                continue
            if record.value is None:
                shown = "" if "author" in mapping else payload({"record": record.raw})
                records.rejected.append(BadRecord(number, record.problem, shown))
            value = record.value
        if value is not None:
            records.values.append(value)
            records.raw.append(line)
            records.lines.append(number)
        size += len(line)
        if len(records.lines) + len(records.rejected) >= CHUNK_ROWS or size >= CHUNK_CHARACTERS:
            yield _finish(records, mapping, needed if first_chunk else frozenset())
            records, size, first_chunk = _Records(), 0, False
    yield _finish(records, mapping, needed if first_chunk else frozenset())


def _read_slowly(line: bytes, number: int) -> Record | None:
    text = line.decode("utf-8-sig" if number == 1 else "utf-8", "surrogateescape")
    return line_record(text, number)


def _finish(records: _Records, mapping: Mapping[str, str], needed: frozenset[str]) -> Chunk:
    chunk = records.chunk(mapping)
    keys = set[str]().union(*records.values) if needed else set[str]()
    require_any(chunk.columns, mapping, needed, keys)
    return chunk


def _written(value: Any, raw: bytes, get: Callable[[dict[str, Any]], Any]) -> str | None:
    """A value as its record writes it. What may hold a number that orjson has rounded is read again."""
    exact = not isinstance(value, dict | list) and not (isinstance(value, float) and abs(value) >= LARGEST_EXACT)
    if not exact:
        again = line_record(raw.decode("utf-8-sig"), 1)
        value = get(again.value) if again and again.value is not None else value
    return write_value(value)
