"""`brandtrust sql`: one read-only question to the published copy, answered as a table, CSV, JSON or Parquet."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TextIO

import duckdb

from analytics.store import Store
from analytics.store.catalogue import views
from flows.errors import UsageError
from flows.terminal import printable

Format = Literal["table", "csv", "json", "parquet"]
BATCH_ROWS = 10_000
TABLE_ROWS = 1_000  # more is for a file, not for eyes
NARROW = 12  # characters that a column of a table needs to be read
LOCKED = (
    "SET enable_external_access = false",  # no files, no network, no attaching
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)


def check_question(sql: str) -> None:
    """Raises UsageError for anything but one statement that reads."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as problem:
        raise UsageError(one_line(problem)) from None
    if len(statements) != 1:
        raise UsageError(f"sql takes one statement, not {len(statements)}; send them one by one")
    kind = statements[0].type.name
    if kind not in ("SELECT", "EXPLAIN"):
        raise UsageError(f"{kind}: sql only reads; give SELECT, WITH, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN")
    if statements[0].named_parameters:
        raise UsageError("sql takes no parameters; write the values into the statement")


@contextmanager
def asked(store: Store, sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The result of one question to the published copy, on a connection that can reach nothing else.

    Raises UsageError for a statement that is refused or fails, NothingPublished where there is no copy.
    """
    check_question(sql)
    with store.reader() as connection:
        for setting in LOCKED:
            connection.execute(setting)
        try:
            _execute_interruptibly(connection, sql)
        except duckdb.Error as problem:
            raise UsageError(one_line(problem)) from None
        yield connection


def _execute_interruptibly(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Run it beside the main thread: only that one hears Ctrl-C, and a question inside DuckDB would not let it."""
    with ThreadPoolExecutor(1) as beside:
        asked_now = beside.submit(connection.execute, sql)
        try:
            while not asked_now.done():
                wait([asked_now], timeout=0.2)
        except KeyboardInterrupt:
            connection.interrupt()
            raise
        asked_now.result()


def one_line(problem: duckdb.Error) -> str:
    """DuckDB's message without the picture of the statement; where it says how to do it right, that stays."""
    text = str(problem).split("\n\nLINE ")[0]
    return printable(" ".join(text.split()))


def age(store: Store) -> str:
    """How old the published copy is, in words."""
    seconds = max(0.0, time.time() - store.read_path.stat().st_mtime)
    old = timedelta(seconds=round(seconds))
    return f"{store.read_path}: published {old} ago" if old else f"{store.read_path}: published just now"


def write_rows(result: duckdb.DuckDBPyConnection, kind: Format, stream: TextIO, out: Path | None = None) -> int:
    """Write all rows in batches to `stream`, or to the file `out`, which parquet needs; returns how many."""
    try:
        if kind == "parquet":
            return _write_parquet(result, out)
        if out is None:
            return _write_text(result, kind, stream)
        with out.open("w", encoding="utf-8", newline="") as file:
            return _write_text(result, kind, file)
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise UsageError(f"{out}: cannot be written: {problem.strerror or problem}") from None


def _write_text(result: duckdb.DuckDBPyConnection, kind: Format, stream: TextIO) -> int:
    names = [str(column[0]) for column in result.description or []]
    if kind == "csv":
        return _write_csv(result, names, stream)
    if kind == "json":
        return _write_json(result, names, stream)
    return _write_table(result, names, stream)


def _batches(result: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    while rows := result.fetchmany(BATCH_ROWS):
        yield rows


def _write_csv(result: duckdb.DuckDBPyConnection, names: list[str], stream: TextIO) -> int:
    count, clean = 0, printable if stream.isatty() else str
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([clean(name) for name in names])
    for rows in _batches(result):
        writer.writerows([[clean(_text(value)) for value in row] for row in rows])
        count += len(rows)
    return count


def _write_json(result: duckdb.DuckDBPyConnection, names: list[str], stream: TextIO) -> int:
    """An array with one object a line, so that it can be read whole or line by line."""
    count = 0
    ascii_only = stream.isatty()  # escapes what a terminal would obey
    stream.write("[")
    for rows in _batches(result):
        for row in rows:
            record = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=ascii_only, default=_text)
            stream.write(("\n" if not count else ",\n") + record)
            count += 1
    stream.write("\n]\n")
    return count


def _write_parquet(result: duckdb.DuckDBPyConnection, out: Path | None) -> int:
    import pyarrow.parquet as pq

    if out is None:
        raise UsageError("--format parquet needs --out FILE")
    count = 0
    reader = result.to_arrow_reader(BATCH_ROWS)
    with pq.ParquetWriter(out, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def _write_table(result: duckdb.DuckDBPyConnection, names: list[str], stream: TextIO) -> int:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = result.fetchmany(TABLE_ROWS + 1)
    cells = [[printable(_text(value, "·")) for value in row] for row in rows[:TABLE_ROWS]]
    widest = [max([len(name), *(len(row[at]) for row in cells)]) for at, name in enumerate(names)]
    # A pipe has no edge: there nothing is folded.
    console = Console(file=stream, width=None if stream.isatty() else max(40, 2 * sum(widest) + 2 * len(names)))
    table = Table(box=None, pad_edge=False, header_style="bold")
    if sum(min(width, NARROW) + 1 for width in widest) > console.width:  # too many columns: one below the other
        table.show_header = False
        for row in cells:
            for name, cell in zip(names, row, strict=True):
                table.add_row(Text(printable(name), style="bold"), Text(cell))
            table.add_row()
    else:
        for at, name in enumerate(names):
            number = all(isinstance(row[at], int | float) or row[at] is None for row in rows)
            table.add_column(Text(printable(name)), justify="right" if number else "left", overflow="fold")
        for row in cells:
            table.add_row(*map(Text, row))
    console.print(table)
    if len(rows) > TABLE_ROWS:
        sys.stderr.write(f"the first {TABLE_ROWS:,} rows; all of them with --format csv, json or parquet\n")
    return len(cells)


def _text(value: object, missing: str = "") -> str:
    if value is None:
        return missing
    if isinstance(value, float):
        return f"{value:.6g}" if missing else repr(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def write_schema(stream: TextIO) -> None:
    """Every view: what one row is, its unique key, and what each column means."""
    for view in views().values():
        stream.write(f"{view.name}\n  {view.summary}\n  key: {', '.join(view.key)}\n")
        width = max(len(name) for name in view.columns)
        stream.writelines(f"    {name:<{width}}  {meaning}\n" for name, meaning in view.columns.items())
        stream.write("\n")
