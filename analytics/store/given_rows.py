"""Rows that Python has, as one table to a statement: many single-row inserts are slow, and a file each on a lake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb


def insert_rows(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Append `rows` to a table; `columns` names what stands in each."""
    execute_with_rows(connection, f"INSERT INTO {table} BY NAME SELECT * FROM given_rows", columns, rows)


def execute_with_rows(
    connection: duckdb.DuckDBPyConnection, sql: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Execute a statement that reads `rows` from the table given_rows; nothing is done without any."""
    if not rows:
        return
    values = zip(*rows, strict=True)
    connection.register("given_rows", pa.table({name: list(each) for name, each in zip(columns, values, strict=True)}))
    try:
        connection.execute(sql)
    finally:
        connection.unregister("given_rows")
