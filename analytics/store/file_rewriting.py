"""Writing a DuckDB file anew from its live rows: deleted ones stay in its bytes until then."""

from __future__ import annotations

import os
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from analytics.store.errors import StoreUnusable
from analytics.store.transactions import first_row

if TYPE_CHECKING:
    from collections.abc import Callable

SPARE_BYTES = 16_000_000  # beyond the size of the file


def rewrite_file(
    path: Path, storage_version: str, opened: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]
) -> None:
    """Rewrite the file at `path`, which `opened` opens, and rename the new one into place.

    For that time it takes its own size on the disk once more. Raises StoreUnusable where there is too little room or
    the file cannot be written; it is then as it was.
    """
    with opened() as connection:
        connection.execute("CHECKPOINT")
        _require_room(path)
        draft = _draft(path)
        try:
            _rewrite(connection, draft, storage_version)
        except (duckdb.Error, OSError) as problem:
            draft.unlink(missing_ok=True)
            told = " ".join(str(problem).split())[:200]
            raise StoreUnusable(f"{path}: cannot be rewritten: {told}") from None
    if path.with_name(path.name + ".wal").exists():  # it would be taken for the new file's
        draft.unlink(missing_ok=True)
        raise StoreUnusable(f"{path}: its write-ahead log cannot be merged; close what has the store open")
    _replace(draft, path)


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.rewritten")


def _require_room(path: Path) -> None:
    needed, free = path.stat().st_size + SPARE_BYTES, shutil.disk_usage(path.parent).free
    if free < needed:
        raise StoreUnusable(
            f"{path}: {needed / 1e6:,.0f} MB must be free to rewrite it without what was deleted, and "
            f"{free / 1e6:,.0f} MB are; make room and run: brandtrust comply BRAND.toml"
        )


def _rewrite(connection: duckdb.DuckDBPyConnection, draft: Path, storage_version: str) -> None:
    """Copy every live row, with keys and views, into a new file, and see that all of it is there."""
    quoted = str(draft).replace("'", "''")
    (name,) = first_row(connection, "SELECT current_database()") or ("",)
    old = '"' + str(name).replace('"', '""') + '"'
    connection.execute(f"ATTACH '{quoted}' AS rewritten_store (STORAGE_VERSION '{storage_version}')")
    try:
        connection.execute(f"COPY FROM DATABASE {old} TO rewritten_store")
        if _contents(connection, old) != _contents(connection, "rewritten_store"):
            raise OSError("the copy is not whole")
    finally:
        connection.execute("DETACH rewritten_store")


def _contents(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[object, ...]]:
    """Every table with its definition and its number of rows, and every view."""
    plain = database.strip('"')
    tables = connection.execute(
        "SELECT table_name, sql FROM duckdb_tables() WHERE database_name = ? AND NOT temporary ORDER BY table_name",
        [plain],
    ).fetchall()
    views = connection.execute(
        "SELECT view_name, sql FROM duckdb_views() WHERE database_name = ? AND NOT internal ORDER BY view_name", [plain]
    ).fetchall()
    counted = [(*row, first_row(connection, f'SELECT count(*) FROM {database}.main."{row[0]}"')) for row in tables]
    return [*counted, *views]


def put_in_place(draft: Path, path: Path) -> None:
    """Rename a file that is written through, so that the name too outlives a power cut. Raises OSError."""
    draft.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _replace(draft: Path, path: Path) -> None:
    try:
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        put_in_place(draft, path)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        raise StoreUnusable(f"{path}: cannot be rewritten: {problem.strerror}") from None
