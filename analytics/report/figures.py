"""Figures: every number that a report prints, with the SQL that gives it again.

A query of this folder that holds figures has the columns figure_id, brand, week, scope, measure, value, low, high and
n. Its parameters are written into the text, and that text is both what runs and what is kept: whoever runs it again on
a copy of the store finds the figure in the row of its id.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any

from analytics.store import now

if TYPE_CHECKING:
    import duckdb

    from analytics.report.model import Report

Parameter = str | date | None | tuple[str, ...]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number. `low` and `high` end its 95 % interval, `n` is what it stands on (authors, weeks, windows)."""

    figure_id: str  # such as trust_weekly/zoom/2023-08-07/all/net_trust
    value: float
    low: float | None
    high: float | None
    n: int | None
    sql: str
    measure: str
    brand: str
    week: date | None
    scope: str | None

    @property
    def sql_hash(self) -> str:
        """SHA-256 of the SQL, the key under which it is kept."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def ask(connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, Parameter]) -> tuple[str, list[Row]]:
    """Run queries/`name`.sql; returns the SQL as it ran and its rows as dictionaries."""
    sql = fill(read_query(name), parameters)
    cursor = connection.execute(sql)
    columns = [column[0] for column in cursor.description or ()]
    return sql, [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def read_query(name: str) -> str:
    """The SQL that stands in queries/`name`.sql."""
    return (resources.files("analytics.report") / "queries" / f"{name}.sql").read_text("utf-8")


def fill(sql: str, parameters: Mapping[str, Parameter]) -> str:
    """The SQL with its $parameters written as literals, so that it runs again without anything beside it."""
    return re.sub(r"\$(\w+)", lambda match: _literal(parameters[match[1]]), sql).strip()


def read_figures(sql: str, rows: Iterable[Row]) -> dict[str, Figure]:
    """The figures in the rows of a query, by id; a row without a value prints nothing and is none."""
    figures = {}
    for row in rows:
        if row["value"] is not None:
            figures[row["figure_id"]] = Figure(
                figure_id=row["figure_id"],
                value=float(row["value"]),
                low=row["low"],
                high=row["high"],
                n=row["n"],
                sql=sql,
                measure=row["figure_measure"] if "figure_measure" in row else row["measure"],
                brand=row["brand"],
                week=row["week"],
                scope=row["scope"],
            )
    return figures


def fingerprint(figures: Iterable[Figure], *said: object) -> str:
    """Twelve hexadecimal digits that change with any printed figure, and with what else is `said`."""
    lines = sorted(f"{f.figure_id} {f.value!r} {f.low!r} {f.high!r} {f.n!r}" for f in figures)
    lines += [repr(each) for each in said]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def publish_figures(connection: duckdb.DuckDBPyConnection, report: Report, run_id: str) -> str:
    """Append the report's figures and their SQL to the store, through a writing connection; returns the report's id.

    The id follows from the figures: the same report again adds nothing, and nothing that stands is ever changed.
    """
    queries = {figure.sql_hash: figure.sql for figure in report.figures}
    figures = [(f, f.sql_hash) for f in report.figures]
    connection.execute(read_query("keep_figure_queries"), [list(queries), list(queries.values())])
    connection.execute(
        read_query("append_figures"),
        {
            "report_id": report.report_id,
            "run_id": run_id,
            "published_at": now(),
            "figure_ids": [f.figure_id for f, _ in figures],
            "brands": [f.brand for f, _ in figures],
            "weeks": [f.week for f, _ in figures],
            "scopes": [f.scope for f, _ in figures],
            "measures": [f.measure for f, _ in figures],
            "values": [f.value for f, _ in figures],
            "lows": [f.low for f, _ in figures],
            "highs": [f.high for f, _ in figures],
            "ns": [f.n for f, _ in figures],
            "hashes": [sql_hash for _, sql_hash in figures],
        },
    )
    return report.report_id


def _literal(value: Parameter) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, tuple):
        return "[" + ", ".join(_literal(item) for item in value) + "]::VARCHAR[]"
    return "'" + value.replace("'", "''") + "'"
