"""NDJSON in UTF-8, as most exports are: parsed as bytes, in whole blocks of lines where nothing in them is odd.

The same records, lines and reasons as `json_records` gives, which tests hold: a block with anything odd is read line by
line, and a line that orjson does not take, or where it might take a number for another, by the standard library.
"""

from __future__ import annotations

import io
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
from connectors.ndjson_blocks import Block, Blocks, read_columns
from connectors.text import strings

LARGEST_EXACT = 2.0**63  # a whole number beyond 64 bits is none to orjson, but a float


@dataclass(slots=True)
class _Records:
    """Records read and not handed on yet, each with its line."""

    values: list[dict[str, Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejected: list[BadRecord] = field(default_factory=list)
    size: int = 0

    @property
    def count(self) -> int:
        return len(self.lines) + len(self.rejected)

    def read(self, block: Block, first: int, mapping: Mapping[str, str]) -> None:
        """Take in the lines of `block`, of which the first has the number `first`."""
        parse = orjson.loads
        for number, line in enumerate(io.BytesIO(block.content), start=first):
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
                    self.rejected.append(BadRecord(number, record.problem, shown))
                value = record.value
            if value is not None:
                self.values.append(value)
                self.raw.append(line)
                self.lines.append(number)
            self.size += len(line)

    def chunk(self, mapping: Mapping[str, str], kinds: dict[str, pa.DataType | None]) -> Chunk:
        """The records as columns. What type their values have is written into `kinds`."""
        columns, replaced = {}, 0
        for name, column in mapping.items():
            columns[name], count = self._column(column, kinds)
            replaced += count
        return Chunk(columns, self.lines, self.rejected, replaced)

    def _column(self, column: str, kinds: dict[str, pa.DataType | None]) -> tuple[pa.Array, int]:
        get = make_getter(column)
        values = [value.get(column) for value in self.values] if "." not in column else list(map(get, self.values))
        found = set(map(type, values)) - {type(None)}
        if found == {int}:
            try:
                numbers = pa.array(values, pa.int64())
            except OverflowError:
                pass
            else:
                kinds[column] = None if "." in column else pa.int64()
                return numbers.cast(pa.string()), 0
        if found:
            kinds[column] = pa.string() if str in found and "." not in column else None
        if found - {str}:
            values = [_written(value, raw, get) for value, raw in zip(values, self.raw, strict=True)]
        return strings(values)


def read_ndjson(lines: BinaryIO, mapping: Mapping[str, str], needed: frozenset[str]) -> Iterator[Chunk]:
    """One object a line, as `archive_formats.read_json` reads them. `lines`: bytes of UTF-8, each ended by a line feed.

    At least one chunk. Raises FileError where no record of the first chunk has a field of `needed`.
    """
    blocks, records, number, first_chunk = Blocks(lines), _Records(), 1, True
    # The type of each key as last seen, by which a whole block can be read; None: none that Arrow's reader would keep.
    kinds: dict[str, pa.DataType | None] = {
        column: None if "." in column else pa.string() for column in mapping.values()
    }
    while (block := blocks.take(CHUNK_ROWS - records.count, CHUNK_CHARACTERS - records.size)).content:
        whole = len(block.ends) == CHUNK_ROWS or len(block.content) >= CHUNK_CHARACTERS
        columns = read_columns(block, kinds) if whole and not first_chunk and not records.count else None
        if columns is not None:
            texts = {name: columns[column] for name, column in mapping.items()}
            yield Chunk(texts, list(range(number, number + len(block.ends))))
        else:
            records.read(block, number, mapping)
            if records.count >= CHUNK_ROWS or records.size >= CHUNK_CHARACTERS:
                yield _finish(records, mapping, needed if first_chunk else frozenset(), kinds)
                records, first_chunk = _Records(), False
        number += len(block.ends)
    yield _finish(records, mapping, needed if first_chunk else frozenset(), kinds)


def _read_slowly(line: bytes, number: int) -> Record | None:
    text = line.decode("utf-8-sig" if number == 1 else "utf-8", "surrogateescape")
    return line_record(text, number)


def _finish(
    records: _Records, mapping: Mapping[str, str], needed: frozenset[str], kinds: dict[str, pa.DataType | None]
) -> Chunk:
    chunk = records.chunk(mapping, kinds)
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
