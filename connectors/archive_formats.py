"""Readers of archives: CSV, TSV, JSON, NDJSON and Parquet become chunks of mapped columns with true line numbers.

A reader never drops a record: what cannot be read stands in `Chunk.rejected` with its line. What spoils a whole file
(no such column, an array that ends in the middle) raises FileError.
"""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from brands.wording import write_count
from connectors.json_records import FileError, array_records, line_records
from connectors.text import LONE_SURROGATE, strings

CHUNK_ROWS = 10_240  # a whole number of these makes a row group of the store
CHUNK_CHARACTERS = 32_000_000
LONGEST_FIELD = 16_000_000  # a quote that is never closed would otherwise swallow the rest of the file
PAYLOAD_CHARACTERS = 2_000  # as many as the store keeps of one


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be read: what is wrong, and what may be shown of it."""

    line: int
    reason: str
    payload: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Mapped columns of equal length by field name, each record's first line (from 1), and what could not be read."""

    columns: dict[str, pa.Array]
    lines: list[int]
    rejected: list[BadRecord] = field(default_factory=list)
    replaced: int = 0


@dataclass(slots=True)
class _Rows:
    """Records read and not handed on yet: one list of values for each mapped field."""

    fields: tuple[str, ...]
    values: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejected: list[BadRecord] = field(default_factory=list)
    characters: int = 0

    @property
    def full(self) -> bool:
        return len(self.lines) + len(self.rejected) >= CHUNK_ROWS or self.characters >= CHUNK_CHARACTERS

    def chunk(self) -> Chunk:
        by_field = zip(*self.values, strict=True) if self.values else [()] * len(self.fields)
        columns, replaced = {}, 0
        for name, column in zip(self.fields, by_field, strict=True):
            columns[name], count = strings(column)
            replaced += count
        return Chunk(columns, self.lines, self.rejected, replaced)


def payload(values: Mapping[str, object]) -> str:
    """What a person needs to find the fault of a record, as JSON, without its author and not longer than a screen.

    The id stands first and whole: by it the record is erased with its post. Only other long values are cut, behind a
    whole word. Empty where that is not enough, as with a long record that was not read and may name an id anywhere.
    """
    named = {name: str(value) for name, value in values.items() if name != "author" and value is not None}
    if "id" in named:
        named = {"id": named.pop("id").strip(), **named}  # as ids of posts are
    shown = {name: value.encode("utf-8", "backslashreplace").decode() for name, value in named.items()}
    for limit in (PAYLOAD_CHARACTERS, 1_000, 500, 200, 50):
        written = json.dumps(
            {name: value if name == "id" else _cut(value, limit) for name, value in shown.items()}, ensure_ascii=False
        )
        if len(written) <= PAYLOAD_CHARACTERS:
            return written
        if "record" in shown:
            break
    return ""


def _cut(value: str, limit: int) -> str:
    """The value up to `limit` characters, ended by … where something is missing; half a name would not be known."""
    return value if len(value) <= limit else value[: limit + 1].rpartition(" ")[0] + "…"


class _Lines:
    """Hands lines to csv.reader and remembers those of the record at hand.

    Where a record is broken only its first line is given up: a stray quote must not take the good records after it.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.taken: list[str] = []
        self.again: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.stream)
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        self.again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def read_delimited(stream: TextIO, mapping: Mapping[str, str], delimiter: str, encoding: str) -> Iterator[Chunk]:
    """CSV or TSV with a header line. `mapping`: field → column. At least one chunk, even where there are no records."""
    csv.field_size_limit(LONGEST_FIELD)
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    rows = _Rows(tuple(mapping))
    positions: list[int] = []
    line = 1
    while True:
        first, row, problem = line, [], ""
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            lines.give_back()
            problem = str(error)
        line += len(lines.taken)
        record, lines.taken = "".join(lines.taken), []
        if header is None:
            if problem:
                raise FileError(f"the header cannot be read: {problem}; mend the file's first line", first)
            if LONE_SURROGATE.search(record):
                raise FileError(
                    f"the header is not {encoding}; set encoding to its own; if this is a binary file, name another",
                    first,
                )
            if row:
                header = [name.strip() for name in row]
                positions = _positions(header, mapping, first)
            continue
        if not problem and not row:
            continue  # an empty line is no record
        if not problem and len(row) != len(header):
            problem = f"{write_count(len(row), 'field')} where the header has {len(header)}"
        if problem:
            # Which field is the author cannot be told here, so that nothing is shown where there is one.
            shown = "" if "author" in mapping else payload({"record": record.rstrip("\r\n")})
            rows.rejected.append(BadRecord(first, problem, shown))
        else:
            values: list[str | None] = [row[at] for at in positions]
            if not record.isascii() and any(LONE_SURROGATE.search(value) for value in values if value):
                reason = f"bytes that are not {encoding}"
                rows.rejected.append(BadRecord(first, reason, payload(dict(zip(mapping, values, strict=True)))))
            else:
                rows.values.append(values)
                rows.lines.append(first)
        rows.characters += len(record)
        if rows.full:
            yield rows.chunk()
            rows = _Rows(tuple(mapping))
    if header is None:
        raise FileError("the file holds no header line; write one with the names of its columns")
    yield rows.chunk()


def _positions(header: list[str], mapping: Mapping[str, str], line: int) -> list[int]:
    for name, column in mapping.items():
        if header.count(column) != 1:
            there = "is there more than once" if column in header else "is not there"
            hint = "; is the delimiter another one?" if len(header) == 1 else ""
            columns = ", ".join(header)[:300]
            raise FileError(
                f'column "{column}" for {name} {there}; the columns are: {columns}{hint}; choose one of them', line
            )
    return [header.index(column) for column in mapping.values()]


def read_json(stream: TextIO, mapping: Mapping[str, str], needed: frozenset[str], *, lines: bool) -> Iterator[Chunk]:
    """NDJSON (`lines`), or one array of objects. A name with dots that is no key is a path into nested objects.

    `needed`: fields that at least one of the first records must have; any other key may be absent.
    """
    records = line_records(stream) if lines else array_records(stream)
    take = [make_getter(column) for column in mapping.values()]
    rows, first_chunk, keys = _Rows(tuple(mapping)), True, set[str]()

    def finish() -> Chunk:
        chunk = rows.chunk()
        require_any(chunk.columns, mapping, needed if first_chunk else frozenset(), keys)
        return chunk

    for record in records:
        if record.value is None:
            shown = "" if "author" in mapping else payload({"record": record.raw})
            rows.rejected.append(BadRecord(record.line, record.problem, shown))
        else:
            rows.values.append([write_value(get(record.value)) for get in take])
            rows.lines.append(record.line)
            if first_chunk:
                keys.update(record.value)
        rows.characters += record.characters
        if rows.full:
            yield finish()
            rows, first_chunk = _Rows(tuple(mapping)), False
    yield finish()


def require_any(
    columns: Mapping[str, pa.Array], mapping: Mapping[str, str], needed: frozenset[str], keys: Iterable[str]
) -> None:
    """Raise FileError where none of some records has a field of `needed`; `keys`: what they have."""
    for name, values in columns.items():
        if len(values) and name in needed and values.null_count == len(values):
            there = ", ".join(sorted(keys))[:300]
            raise FileError(f'no record has "{mapping[name]}" for {name}; the keys are: {there}; choose one of them')


def make_getter(column: str) -> Callable[[dict[str, Any]], Any]:
    """What takes a field out of a record. A name with dots that is no key is a path into nested objects."""
    if "." not in column:
        return lambda record: record.get(column)
    path = column.split(".")

    def walk(record: dict[str, Any]) -> Any:
        if column in record:
            return record[column]
        found: Any = record
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    return walk


def write_value(value: Any) -> str | None:
    """A value of JSON as text: a text as it is, everything else as JSON writes it."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def read_parquet(path: Path, mapping: Mapping[str, str]) -> Iterator[Chunk]:
    """Parquet; a line is a row, from 1. Times and numbers keep their type, everything else is read as text."""
    with pq.ParquetFile(path, memory_map=True) as file:
        missing = [(name, column) for name, column in mapping.items() if column not in file.schema_arrow.names]
        for name, column in missing:
            there = ", ".join(file.schema_arrow.names)[:300]
            raise FileError(f'column "{column}" for {name} is not there; the columns are: {there}; choose one of them')
        size = sum(file.metadata.row_group(at).total_byte_size for at in range(file.metadata.num_row_groups))
        rows = max(1, min(CHUNK_ROWS, CHUNK_CHARACTERS * max(1, file.metadata.num_rows) // max(1, size)))
        line = 1
        for batch in file.iter_batches(batch_size=rows, columns=list(dict.fromkeys(mapping.values()))):
            yield _typed_chunk(batch, mapping, line)
            line += batch.num_rows
        if line == 1:
            yield Chunk({name: pa.nulls(0, pa.string()) for name in mapping}, [])


def _typed_chunk(batch: pa.RecordBatch, mapping: Mapping[str, str], line: int) -> Chunk:
    columns, bad = {}, set[int]()
    for name, column in mapping.items():
        values = batch.column(column)
        if isinstance(values, pa.DictionaryArray):
            values = values.dictionary_decode()
        if not (name == "created_at" and (pa.types.is_temporal(values.type) or pa.types.is_primitive(values.type))):
            values, unreadable = _texts(values)
            bad |= unreadable
        columns[name] = values
    good = pa.array([at for at in range(batch.num_rows) if at not in bad], pa.int64())
    rejected = [
        BadRecord(line + at, "bytes that are not utf-8", payload({n: c[at].as_py() for n, c in columns.items()}))
        for at in sorted(bad)
    ]
    columns = {name: values.take(good) if bad else values for name, values in columns.items()}
    return Chunk(columns, [line + at for at in good.to_pylist()], rejected)


def _texts(values: pa.Array) -> tuple[pa.Array, set[int]]:
    """`values` as text, and the places of those that are not UTF-8 (Arrow does not look when it reads a file)."""
    if pa.types.is_nested(values.type):
        return pa.array([write_value(value) for value in values.to_pylist()], pa.string()), set()
    try:
        texts = values.cast(pa.string())
        texts.validate(full=True)
        return texts, set()
    except pa.ArrowInvalid:
        raw = values.cast(pa.large_binary()).to_pylist()
        decoded = [None if value is None else value.decode("utf-8", "surrogateescape") for value in raw]
        bad = {at for at, value in enumerate(decoded) if value is not None and LONE_SURROGATE.search(value)}
        return strings(decoded)[0], bad
