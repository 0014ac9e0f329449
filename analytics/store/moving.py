"""Moving a store: all that it holds into another, empty one of either kind, so that a team takes everything along.

All of it is one transaction of the new store, and is held against the old one, row by row, before that is committed.
The old store is only read. Both locks are held: what a run brings meanwhile waits, and comes into the old one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analytics.store.author_keys import AuthorKeys, load_keys, write_key
from analytics.store.duckdb_file import THREADS
from analytics.store.errors import KeyMismatch, StoreUnusable
from analytics.store.gathering import is_in_force, put_readings_in_force
from analytics.store.store import Store, first_row, whole

OF_EVERY_STORE = ("schema_migrations", "view_definitions")  # made by the migrations, of which both have the same
SETTINGS = "store_settings"  # a new store has some of its own
WITH_PATHS = ("reports", "report_quotes")  # their `path` is kept relative to the store's folder
TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND NOT temporary ORDER BY table_name"
COLUMNS = (
    "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND table_name = ? "
    "ORDER BY column_index"
)
NEEDS_KEY = (
    "SELECT 1 FROM store_settings WHERE name = 'author_key_fingerprint' "
    "UNION ALL SELECT 1 FROM posts WHERE author_key IS NOT NULL LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Moved:
    """What the new store holds. `key`: where the author key was copied to; None where it lay there or there is none."""

    tables: int
    rows: int
    posts: int
    reports: int  # files, which stay where they are
    key: Path | None


def move(source: Store, target: Store) -> Moved:
    """Copy everything in `source` into `target`, which is empty or not there yet, and publish that.

    Raises StoreUnusable, StoreBusy and KeyMismatch; the target then holds nothing, and can be moved into again.
    """
    if not source.exists:
        raise StoreUnusable(f"{source.url}: there is no store to move")
    if source.place.identities() & target.place.identities():
        raise StoreUnusable(f"{target.url}: is the store itself; give another place to move {source.url} to")
    source.place.refuse_others()
    target.place.refuse_others()
    with source.locked(), target.locked():
        with source.opened() as connection:
            source.migrate(connection)
            keys = _find_keys(source, connection)
        if target.exists:
            with target.opened() as connection:
                _require_empty(target, connection)
        if keys is not None:
            _refuse_other_key(source, target, keys)
        with target.opened() as connection:
            target.migrate(connection)
            target.place.close_to_others()
            key = _write_key(target, keys)
            old = f"old_{secrets.token_hex(8)}"  # a new file's own name is that of its database
            with source.place.attached_to(connection, old), _in_order(connection), whole(connection):
                moved = _copy(source, target, connection, old, key)
                if is_in_force(connection):
                    put_readings_in_force(connection)
                source.place.assure_lock()
                target.place.assure_lock()
    target.publish()
    return moved


@contextmanager
def _in_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Rows keep their order, which several threads that write a lake do not keep; one takes half the memory too."""
    connection.execute("SET threads = 1")
    try:
        yield
    finally:
        with suppress(duckdb.Error):
            connection.execute(f"SET threads = {THREADS}")  # of a lake's engine they are everybody's


def _find_keys(source: Store, connection: duckdb.DuckDBPyConnection) -> AuthorKeys | None:
    """The key of the store; None where it has had no use for one yet, and none is made for it. Raises KeyMismatch."""
    if not source.key_path.exists() and first_row(connection, NEEDS_KEY) is None:
        return None
    return source.keys_within(connection)


def _require_empty(target: Store, connection: duckdb.DuckDBPyConnection) -> None:
    tables = _list_tables(connection)
    if "schema_migrations" not in tables:  # whatever it is, to bring it to this release tells it
        return
    for table in tables:
        if table not in (*OF_EVERY_STORE, SETTINGS) and first_row(connection, f"SELECT 1 FROM {_name(table)} LIMIT 1"):
            raise StoreUnusable(
                f"{target.url}: is not empty, its table {table} has rows, and is left as it is; "
                "move into a new file or a new database with a new folder"
            )


def _refuse_other_key(source: Store, target: Store, keys: AuthorKeys) -> None:
    """No author may count as two: where a key lies, it is this one."""
    if target.key_path.exists() and load_keys(target.key_path, None).fingerprint != keys.fingerprint:
        raise KeyMismatch(
            f"{target.key_path}: is not the author key of {source.url}; put it away if nothing else needs it, "
            "or move into another folder"
        )


def _write_key(target: Store, keys: AuthorKeys | None) -> Path | None:
    if keys is None or target.key_path.exists():
        return None
    try:
        write_key(target.key_path, keys)
    except FileExistsError:  # a first run that asks for its key holds no lock
        raise KeyMismatch(f"{target.key_path}: another run has just made it; move again") from None
    return target.key_path


def _copy(source: Store, target: Store, connection: duckdb.DuckDBPyConnection, old: str, key: Path | None) -> Moved:
    """Fill the tables of the new store from the database `old`, and see that all of it is there."""
    connection.execute(f"DELETE FROM {SETTINGS}")
    tables = [table for table in _list_tables(connection, old) if table not in OF_EVERY_STORE]
    before, after = _kept_paths(source, target, connection, old)
    counts = {}
    for table in tables:
        columns = _list_columns(connection, table)
        if columns != _list_columns(connection, table, old):
            raise StoreUnusable(f"{source.url}: its table {table} is not of this release, and nothing was moved")
        names = ", ".join(map(_name, columns))
        in_old = f"{old}.main.{_name(table)}"
        wanted, values = names, {}
        if table in WITH_PATHS:
            wanted = names.replace('"path"', "coalesce(map($before, $after)[path], path)")
            values = {"before": before, "after": after}
        connection.execute(f"INSERT INTO {_name(table)} ({names}) SELECT {wanted} FROM {in_old}", values)
        # The sum of the hashes of all rows: the same for the same rows in any order.
        there = first_row(connection, f"SELECT count(*), sum(hash({wanted})) FROM {in_old}", values)
        here = first_row(connection, f"SELECT count(*), sum(hash({names})) FROM {_name(table)}")
        if here is None or here != there:
            raise StoreUnusable(f"{target.url}: its table {table} came out otherwise, and nothing was moved; try again")
        counts[table] = int(here[0])
    files = first_row(connection, "SELECT count(DISTINCT path) FROM reports") or (0,)
    return Moved(len(counts), sum(counts.values()), counts["posts"], int(files[0]), key)


def _kept_paths(
    source: Store, target: Store, connection: duckdb.DuckDBPyConnection, old: str
) -> tuple[list[str], list[str]]:
    """As what each report's file is kept in the old store and in the new one: the file stays where it lies."""
    rows = connection.execute(" UNION ".join(f"SELECT path FROM {old}.main.{table}" for table in WITH_PATHS)).fetchall()
    before = [str(row[0]) for row in rows]
    return before, [target.kept_path(source.folder / path) for path in before]


def _list_tables(connection: duckdb.DuckDBPyConnection, database: str = "") -> list[str]:
    return [str(row[0]) for row in connection.execute(TABLES, [database or _current(connection)]).fetchall()]


def _list_columns(connection: duckdb.DuckDBPyConnection, table: str, database: str = "") -> dict[str, str]:
    """Name and type of each column, in order."""
    return dict(connection.execute(COLUMNS, [database or _current(connection), table]).fetchall())


def _current(connection: duckdb.DuckDBPyConnection) -> str:
    (name,) = first_row(connection, "SELECT current_database()") or ("",)
    return str(name)


def _name(column_or_table: str) -> str:
    return '"' + column_or_table.replace('"', '""') + '"'
