"""One row of a result, and all of several statements or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import duckdb


def first_row(connection: duckdb.DuckDBPyConnection, sql: str, values: object = None) -> tuple[Any, ...] | None:
    """The first row of a result, read to its end: DuckDB 2 runs nothing else on a connection before that."""
    rows = connection.execute(sql, values).fetchall()
    return rows[0] if rows else None


@contextmanager
def whole(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """One transaction on a connection that is open: all that is done inside or nothing."""
    connection.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # where the disk is full there is nothing to roll back any more
            connection.rollback()
        raise
    connection.commit()
