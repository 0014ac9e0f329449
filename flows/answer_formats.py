"""How the rows of an answer are written: a table for eyes, CSV for spreadsheets, JSON and Parquet for programs.

Posts are written by strangers. A table and whatever goes to a terminal hold nothing that a terminal obeys, CSV nothing
that a spreadsheet would calculate; JSON and Parquet carry every character as it was posted.
"""

from __future__ import annotations

import itertools
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TextIO

from analytics.store.duckdb_file import MAGIC, MAGIC_AT
from analytics.store.file_modes import OWNER_ONLY, open_to_group
from brands.wording import write_count
from flows.errors import UsageError
from flows.published_sql import Answer
from flows.terminal import printable

Format = Literal["table", "csv", "json", "parquet"]
TABLE_ROWS = 1_000  # more is for a file, not for eyes
CELL = 300  # characters of a cell of a table
ANSWERS = frozenset({"", ".csv", ".json", ".jsonl", ".ndjson", ".parquet", ".tsv", ".txt"})
NARROW = 12  # characters that a column of a table needs to be read

# What spreadsheets take for the beginning of a formula, in its wide forms too, behind white space or invisible marks.
_FORMULA = re.compile("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n]")
_QUOTED = re.compile('[,"\r\n]')
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*([eE][+-]?\d+)?%?")


def write_answer(answer: Answer, kind: Format, stream: TextIO, out: Path | None = None, *, raw: bool = False) -> int:
    """Write all rows to `stream`, or to the file `out`, which parquet needs; returns how many.

    A file stands there as a whole or not at all. `raw` leaves CSV as it is. Raises UsageError where it cannot be
    written, BrokenPipeError where who reads has enough.
    """
    if out is None:
        if kind == "parquet":
            raise UsageError("--format parquet needs --out FILE")
        return _write_text(answer, kind, stream, raw)
    try:
        with _whole_file(out) as draft:
            if kind == "parquet":
                return _write_parquet(answer, draft)
            with draft.open("w", encoding="utf-8", newline="") as file:
                return _write_text(answer, kind, file, raw)
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise UsageError(f"{out}: cannot be written: {problem.strerror or problem}; choose another --out") from None


@contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    """A path to write to that takes the place of `path` at the end; after an error or Ctrl-C there is nothing of it."""
    if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
        yield path
        return
    _refuse_other_files(path.resolve())
    draft = path.resolve().with_name(path.resolve().name + ".part")
    try:
        draft.unlink(missing_ok=True)
        draft.touch(OWNER_ONLY)  # what people wrote is for its owner, and for the group that could read it before
        open_to_group(draft, like=path)
        yield draft
        draft.replace(path.resolve())
    finally:
        draft.unlink(missing_ok=True)


def _refuse_other_files(path: Path) -> None:
    """An answer takes the place of an earlier one, never of a store, its key or a brand file."""
    if not path.exists():
        return
    with path.open("rb") as file:
        is_store = file.read(MAGIC_AT + len(MAGIC))[MAGIC_AT:] == MAGIC
    if is_store or path.suffix.lower() not in ANSWERS:
        raise UsageError(f"{path}: is there and is no earlier answer; choose another --out")


def _write_text(answer: Answer, kind: Format, stream: TextIO, raw: bool) -> int:
    if kind == "csv":
        return _write_csv(answer, stream, raw)
    if kind == "json":
        return _write_json(answer, stream)
    return _write_table(answer, stream)


def _write_csv(answer: Answer, stream: TextIO, raw: bool) -> int:
    count, marked, seen = 0, 0, stream.isatty()

    def cell(value: object) -> str:
        nonlocal marked
        text = _text(value)
        if isinstance(value, str):
            if not raw and _FORMULA.match(text) and not _NUMBER.fullmatch(text):
                text, marked = f"'{text}", marked + 1
            if seen:
                text = printable(text)
        # The csv module of Python 3.11 leaves a lone carriage return without quotes, and rows fall apart there.
        return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text

    for row in itertools.chain([answer.names], answer.rows()):
        stream.write((",".join(map(cell, row)) or '""') + "\n")
        count += 1
    if marked:
        sys.stderr.write(
            f"{write_count(marked, 'cell begins', 'cells begin')} as a formula would and got a ' before it; "
            "--raw leaves them as they are\n"
        )
    return count - 1


def _write_json(answer: Answer, stream: TextIO) -> int:
    """An array with one object a line, so that it can be read whole or line by line."""
    count, names = 0, distinct(answer.names)
    ascii_only = stream.isatty()  # escapes what a terminal would obey
    stream.write("[")
    for row in answer.rows():
        record = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        stream.write(("\n" if not count else ",\n") + json.dumps(record, ensure_ascii=ascii_only))
        count += 1
    stream.write("\n]\n")
    return count


def _write_parquet(answer: Answer, draft: Path) -> int:
    import pyarrow.parquet as pq

    count = 0
    schema, batches = answer.batches()
    with pq.ParquetWriter(draft, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def _write_table(answer: Answer, stream: TextIO) -> int:
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows, names = answer.fetch(TABLE_ROWS + 1), [printable(name) for name in answer.names]
    whole = [[printable(_text(value, "·")) for value in row] for row in rows[:TABLE_ROWS]]
    shown = [[text if len(text) <= CELL else f"{text[:CELL]}…" for text in row] for row in whole]
    widest = [
        max([cell_len(name), *(cell_len(line) for row in shown for line in row[at].split("\n"))])
        for at, name in enumerate(names)
    ]
    # A pipe has no edge: there nothing is folded.
    console = Console(file=stream, width=None if stream.isatty() else max(40, sum(widest) + 2 * len(names)))
    table = Table(box=None, pad_edge=False, header_style="bold")
    if sum(min(width, NARROW) + 1 for width in widest) > console.width:  # too many columns: one below the other
        table.show_header = False
        table.add_column(overflow="fold")
        table.add_column(overflow="fold")
        for row in shown:
            for name, text in zip(names, row, strict=True):
                table.add_row(Text(name, style="bold"), Text(text))
            table.add_row()
    else:
        for at, name in enumerate(names):
            number = all(isinstance(row[at], int | float | Decimal) or row[at] is None for row in rows)
            table.add_column(
                Text(name),
                justify="right" if number else "left",
                overflow="fold",
                min_width=min(widest[at], NARROW),
            )
        for row in shown:
            table.add_row(*map(Text, row))
    console.print(table)
    if len(rows) > TABLE_ROWS:
        sys.stderr.write(f"the first {TABLE_ROWS:,} rows; all of them with --format csv, json or parquet\n")
    cut = sum(len(text) > CELL for row in whole for text in row)
    if cut:
        sys.stderr.write(
            f"{write_count(cut, 'cell is', 'cells are')} cut at {CELL} characters; whole with another --format\n"
        )
    return len(shown)


def _text(value: object, missing: str = "") -> str:
    """A value in words; with a sign for what is `missing` for eyes, else to its last digit."""
    if value is None:
        return missing
    if isinstance(value, float):
        return _short(value) if missing else repr(value)
    if isinstance(value, list | dict | tuple):
        return json.dumps(_plain(value), ensure_ascii=False)
    return str(value)


def _short(value: float) -> str:
    return f"{value:.0f}" if 1e6 <= abs(value) < 1e15 else f"{value:.6g}"


def _plain(value: Any) -> Any:
    """The value in what JSON has: no infinity, no key but text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {_text(name): _plain(each) for name, each in value.items()}
    return str(value)


def distinct(names: list[str]) -> list[str]:
    """The names, a second one numbered: an object keeps only one value a name."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        found.append(f"{name}_{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found
