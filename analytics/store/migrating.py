"""Bringing a store to this release: numbered steps, each in its own transaction, then the views."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import duckdb

from analytics.store.catalogue import statement, views
from analytics.store.errors import StoreUnusable
from analytics.store.gathering import IN_FORCE, READINGS
from analytics.store.kept_weeks import COUNTING
from analytics.store.moments import now
from analytics.store.transactions import first_row, whole

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def migrations() -> list[tuple[int, str, str]]:
    """(number, name, SQL) of every migration, in order."""
    folder = resources.files("analytics.store") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), name.removesuffix(".sql"), (folder / name).read_text("utf-8")) for name in names]


def migrate(
    connection: duckdb.DuckDBPyConnection,
    name: object,
    *,
    steps: Callable[[], list[tuple[int, str, str]]] = migrations,
    adapted: Callable[[str], str] = str,
) -> None:
    """Bring the store to this release: each numbered step in its own transaction, then the views if they changed.

    `name` is what messages call the store, `adapted` puts a step in the words of its kind. Raises StoreUnusable for
    what is another program's or a newer release's.
    """
    wanted = steps()
    if _is_of_this_release(connection, [number for number, _, _ in wanted]):  # as nearly every time, and quick to see
        return
    sql = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"
    tables = {str(row[0]) for row in connection.execute(sql).fetchall()}
    if tables and "schema_migrations" not in tables:
        raise StoreUnusable(f"{name}: is a database of something else, not a store; choose another --store")
    connection.execute(
        adapted(
            "CREATE TABLE IF NOT EXISTS schema_migrations "
            "(number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
        )
    )
    connection.execute("CREATE TABLE IF NOT EXISTS view_definitions (hash VARCHAR NOT NULL)")
    done = {int(row[0]) for row in connection.execute("SELECT number FROM schema_migrations").fetchall()}
    if done and max(done) > max(number for number, _, _ in wanted):
        raise StoreUnusable(f"{name}: was written by a newer release (step {max(done)}); update brandtrust")
    for number, step, sql in wanted:
        if number not in done:
            with whole(connection):
                connection.execute(adapted(sql))
                connection.execute("INSERT INTO schema_migrations VALUES (?, ?, ?)", [number, step, now()])
    _define_views(connection)


@cache
def _view_definitions() -> tuple[list[str], str]:
    definitions = [view.sql for view in views().values()]
    others = [statement(name) for name in (*READINGS.values(), *COUNTING)]  # what they read while nothing has changed
    return definitions, hashlib.sha256("".join([*definitions, *others]).encode()).hexdigest()


def _is_of_this_release(connection: duckdb.DuckDBPyConnection, numbers: list[int]) -> bool:
    _, definitions = _view_definitions()
    done = "SELECT (SELECT list(number ORDER BY number) FROM schema_migrations), (SELECT hash FROM view_definitions)"
    try:
        return first_row(connection, done) == (numbers, definitions)
    except (duckdb.CatalogException, duckdb.BinderException):  # no such table or column yet
        return False


def _define_views(connection: duckdb.DuckDBPyConnection) -> None:
    definitions, present = _view_definitions()
    if connection.execute("SELECT hash FROM view_definitions").fetchall() == [(present,)]:
        return
    with whole(connection):
        for sql in definitions:
            connection.execute(sql)
        connection.execute("DELETE FROM store_settings WHERE name = ?", [IN_FORCE])  # one of them was another
        connection.execute("DELETE FROM view_definitions")
        connection.execute("INSERT INTO view_definitions VALUES (?)", [present])
