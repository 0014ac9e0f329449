"""Columns of a user's table as text, by name: CSV, TSV, JSON, NDJSON and Parquet, text formats also packed by gzip."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from analytics.evaluation.errors import EvaluationError

Record = dict[str, str | None]
DELIMITERS = {".csv": (",", ";", "\t"), ".tsv": ("\t",), ".tab": ("\t",)}
LONGEST_FIELD = 16_000_000
WRONG_FIELDS, NOT_AN_OBJECT = "another number of fields than the header", "no JSON object"


def read_columns(path: Path, columns: Sequence[str], encoding: str) -> tuple[list[Record], Counter[str]]:
    """The records of a file with these columns, and how many could not be read, by reason.

    Raises EvaluationError, without the file's name, where the file or a column is not there or cannot be read.
    """
    ending = (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()
    try:
        if not path.is_file():
            raise EvaluationError("is a folder; name a file in it" if path.is_dir() else "there is no such file")
        if path.stat().st_size == 0:
            raise EvaluationError("the file is empty")
        if ending == ".parquet":
            return _read_parquet(path, columns), Counter()
        content = _read_text(path, encoding)
    except OSError as problem:
        raise EvaluationError(f"cannot be read: {problem.strerror or problem}") from None
    if not content.strip():
        raise EvaluationError("the file is empty")
    if ending in DELIMITERS:
        return _read_delimited(content, columns, DELIMITERS[ending])
    if ending in (".ndjson", ".jsonl", ".json"):
        return _read_json(content, columns, lines=ending != ".json")
    raise EvaluationError(
        f"no format is known by the ending {ending!r}; name it .csv, .tsv, .ndjson, .json or .parquet"
    )


def _read_text(path: Path, encoding: str) -> str:
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix.lower() == ".gz" else path.read_bytes()
        return raw.decode("utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise EvaluationError("the compressed file is cut off or damaged") from None
    except UnicodeDecodeError:
        raise EvaluationError(f"is not {encoding}; say what it is, such as --encoding latin-1") from None
    except LookupError:
        raise EvaluationError(f"no encoding is called {encoding!r}") from None


def _read_delimited(
    content: str, columns: Sequence[str], delimiters: Iterable[str]
) -> tuple[list[Record], Counter[str]]:
    csv.field_size_limit(LONGEST_FIELD)
    # A spreadsheet writes semicolons in half of Europe: the delimiter is the first by which the header has the columns.
    first = content.lstrip().split("\n", 1)[0]
    headers = {delimiter: [*map(str.strip, next(csv.reader([first], delimiter=delimiter)))] for delimiter in delimiters}
    delimiter = next((each for each, header in headers.items() if set(columns) <= set(header)), None)
    if delimiter is None:
        _require(columns, max(headers.values(), key=len))
        raise EvaluationError("the header cannot be read")
    header, problems, records = headers[delimiter], Counter[str](), list[Record]()
    _require(columns, header)
    places = [(name, header.index(name)) for name in columns]
    rows = csv.reader(io.StringIO(content.lstrip(), newline=""), delimiter=delimiter)
    try:
        next(rows)
        for row in rows:
            if len(row) == len(header):
                records.append({name: row[at] for name, at in places})
            elif row:
                problems[WRONG_FIELDS] += 1
    except csv.Error as problem:
        raise EvaluationError(f"line {rows.line_num}: {problem}") from None
    return records, problems


def _read_json(content: str, columns: Sequence[str], *, lines: bool) -> tuple[list[Record], Counter[str]]:
    problems, found = Counter[str](), list[dict[str, Any]]()
    for value in map(_load, filter(str.strip, content.split("\n"))) if lines else _load_array(content):
        if isinstance(value, dict):
            found.append(value)
        else:
            problems[NOT_AN_OBJECT] += 1
    _require(columns, list(dict.fromkeys(key for record in found for key in record)))
    return [{name: _as_text(record.get(name)) for name in columns} for record in found], problems


def _load(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _load_array(content: str) -> list[object]:
    value = _load(content)
    if not isinstance(value, list):
        raise EvaluationError("is not a JSON array of objects; one object a line is NDJSON (.ndjson)")
    return value


def _read_parquet(path: Path, columns: Sequence[str]) -> list[Record]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            _require(columns, file.schema_arrow.names)
            rows = file.read(list(columns)).to_pylist()
    except pa.ArrowException as problem:
        raise EvaluationError(f"cannot be read as Parquet: {' '.join(str(problem).split())[:200]}") from None
    return [{name: _as_text(value) for name, value in row.items()} for row in rows]


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value)


def _require(columns: Sequence[str], there: Sequence[str]) -> None:
    for name in columns:
        if there.count(name) != 1:
            said = "is there more than once" if name in there else "is not there"
            raise EvaluationError(f"column {name!r} {said}; the columns are: {', '.join(there)[:300] or 'none'}")
