"""Compaction: after a purge the old bytes are still in the store's file and in the published copy.

The file is written anew from its live rows and renamed into place under the writer's lock, then published. Until both
are done the store says that it is due: whatever cuts it off, the next sweep does it again. Readers keep the copy that
they have open.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from analytics.store.errors import StoreUnusable
from analytics.store.leftovers import remove_leftovers
from analytics.store.purging import COMPACTION_DUE
from analytics.store.store import STORAGE_VERSION, Store, connected, first_row, migrate

SPARE_BYTES = 16_000_000  # beyond the size of the file
DUE = f"SELECT 1 FROM store_settings WHERE name = '{COMPACTION_DUE}'"


def compaction_due(store: Store) -> bool:
    """Whether the files still hold bytes of what was purged."""
    with store.writer() as connection:
        return first_row(connection, DUE) is not None


def compact(store: Store) -> None:
    """Write the store anew without what was deleted, and publish it.

    For that time it takes its own size on the disk once more. Raises StoreUnusable where there is too little room or
    the file cannot be written; the store is then as it was, and compaction stays due.
    """
    with store.locked():
        remove_leftovers(store.path, store.read_path)
        with connected(store.path) as connection:
            migrate(connection, store.path)
            connection.execute("CHECKPOINT")
            _require_room(store.path)
            draft = _draft(store.path)
            try:
                _rewrite(connection, draft)
            except (duckdb.Error, OSError) as problem:
                draft.unlink(missing_ok=True)
                told = " ".join(str(problem).split())[:200]
                raise StoreUnusable(f"{store.path}: cannot be rewritten: {told}") from None
        if store.path.with_name(store.path.name + ".wal").exists():  # it would be taken for the new file's
            draft.unlink(missing_ok=True)
            raise StoreUnusable(f"{store.path}: its write-ahead log cannot be merged; close what has the store open")
        _replace(draft, store.path)
    store.publish()
    with store.transaction() as connection:
        connection.execute("DELETE FROM store_settings WHERE name = ?", [COMPACTION_DUE])


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.rewritten")


def _require_room(path: Path) -> None:
    needed, free = path.stat().st_size + SPARE_BYTES, shutil.disk_usage(path.parent).free
    if free < needed:
        raise StoreUnusable(
            f"{path}: {needed / 1e6:,.0f} MB must be free to rewrite it without what was deleted, and "
            f"{free / 1e6:,.0f} MB are; make room and run: brandtrust comply BRAND.toml"
        )


def _rewrite(connection: duckdb.DuckDBPyConnection, draft: Path) -> None:
    """Copy every live row, with keys and views, into a new file, and see that all of it is there."""
    quoted = str(draft).replace("'", "''")
    (name,) = first_row(connection, "SELECT current_database()") or ("",)
    old = '"' + str(name).replace('"', '""') + '"'
    connection.execute(f"ATTACH '{quoted}' AS rewritten_store (STORAGE_VERSION '{STORAGE_VERSION}')")
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


def _replace(draft: Path, path: Path) -> None:
    try:
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
        if os.name == "posix":
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        raise StoreUnusable(f"{path}: cannot be rewritten: {problem.strerror}") from None
