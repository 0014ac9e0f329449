"""Written reports: what each file shows is kept, so that it can be rendered anew without a quote that must go.

Kept are the words and numbers as JSON and, apart from them, which posts are quoted: their text stands nowhere but in
the table of posts. A report that is rendered anew has the same path, the same id and the same published numbers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter
from pydantic_core import to_json

from analytics.report.building import read_post
from analytics.report.figures import Figure, ask, publish_figures
from analytics.report.model import Report
from analytics.report.pdf import Paper, compile_pdf, draft_of, place_pdf
from analytics.store import Store, now

if TYPE_CHECKING:
    import duckdb

Outcome = Literal["rendered", "missing", "changed"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a report that quoted a post that is gone.

    `outcome`: rendered anew; missing: the file is not at its path any more; changed: the file there is not the one
    that was written, and is left as it is. The last two are for a person to look at.
    """

    path: Path
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Kept:
    path: str
    content_hash: str
    paper: Paper
    report: Report


def publish_report(store: Store, report: Report, out: Path, run_id: str, *, paper: Paper = "a4") -> Path:
    """Write the report to `out`, publish its figures, and keep what it shows; returns `out`.

    The file takes its place after the store knows it: whatever cuts this off, no quote stands in a file unknown.
    """
    content = compile_pdf(report, paper).content
    path = _as_kept(store, out)
    with store.transaction() as connection:
        publish_figures(connection, report, run_id)
        content_hash = _keep(connection, report, path, content, paper, run_id)
    place_pdf(content, out)
    with store.transaction() as connection:
        _drop_others(connection, path, content_hash)
    return out


def render_outdated(store: Store, run_id: str) -> list[Rendered]:
    """Render every report anew that quotes a purged post. What a killed run left half written beside one is removed."""
    with store.writer() as connection:
        paths = {str(row[0]) for row in connection.execute("SELECT path FROM reports WHERE outdated").fetchall()}
        outdated = _read_kept(connection)
    done: list[Rendered] = []
    for path in sorted(paths):
        file = _as_file(store, path)
        draft_of(file).unlink(missing_ok=True)
        there = _hash(file.read_bytes()) if file.is_file() else None
        kept = next((each for each in outdated if (each.path, each.content_hash) == (path, there)), None)
        if kept is not None:
            done.append(_render_anew(store, kept, file, run_id))
            continue
        with store.transaction() as connection:
            if there is not None and _is_current(connection, path, there):
                _drop_others(connection, path, there)  # its outdated forerunner was replaced before
                continue
            _drop(connection, path)
        done.append(Rendered(file, "missing" if there is None else "changed"))
    return done


def _render_anew(store: Store, kept: _Kept, file: Path, run_id: str) -> Rendered:
    content = compile_pdf(kept.report, kept.paper).content
    with store.transaction() as connection:
        content_hash = _keep(connection, kept.report, kept.path, content, kept.paper, run_id)
    place_pdf(content, file)
    with store.transaction() as connection:
        _drop_others(connection, kept.path, content_hash)
    return Rendered(file, "rendered")


def _keep(
    connection: duckdb.DuckDBPyConnection, report: Report, path: str, content: bytes, paper: Paper, run_id: str
) -> str:
    content_hash = _hash(content)
    connection.execute(
        (resources.files("analytics.report") / "queries" / "keep_report.sql").read_text("utf-8"),
        {
            "path": path,
            "content_hash": content_hash,
            "report_id": report.report_id,
            "brand": report.brand,
            "week": report.week,
            "paper": paper,
            "content": to_json(_without_posts(report), inf_nan_mode="constants").decode(),
            "withdrawn": report.withdrawn,
            "outdated": False,
            "written_at": now(),
            "run_id": run_id,
        },
    )
    connection.execute("DELETE FROM report_quotes WHERE path = ? AND content_hash = ?", [path, content_hash])
    quotes = [
        [path, content_hash, q.period, at, q.source, q.post_id, q.reach, q.compound, q.rating, list(q.themes)]
        for at, q in enumerate(report.posts)
    ]
    if quotes:
        connection.executemany("INSERT INTO report_quotes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", quotes)
    return content_hash


def _read_kept(connection: duckdb.DuckDBPyConnection) -> list[_Kept]:
    """The outdated reports without the posts that are gone; their figures as they were published."""
    rows = connection.execute(
        "SELECT path, content_hash, paper, report_id, content, withdrawn FROM reports WHERE outdated"
    ).fetchall()
    return [
        _Kept(
            path,
            content_hash,
            paper,
            replace(
                TypeAdapter(Report).validate_json(content),
                posts=tuple(
                    read_post(row, {})
                    for row in ask(connection, "list_quotes", {"path": path, "content_hash": content_hash})[1]
                ),
                figures=_published(connection, report_id),
                withdrawn=withdrawn,
            ),
        )
        for path, content_hash, paper, report_id, content, withdrawn in rows
    ]


def _published(connection: duckdb.DuckDBPyConnection, report_id: str) -> tuple[Figure, ...]:
    rows = connection.execute(
        "SELECT figure_id, value, low, high, n, '', measure, brand, week, scope FROM published_figures "
        "WHERE report_id = ? ORDER BY figure_id",
        [report_id],
    ).fetchall()
    return tuple(Figure(*row) for row in rows)


def _without_posts(report: Report) -> Report:
    """What is kept of a report as JSON: neither posts, nor the figures, which are published, nor any SQL."""
    named = {field.name: getattr(report.this_week, field.name) for field in fields(report.this_week)}
    bare: dict[str, Any] = {name: replace(each, sql="") for name, each in named.items() if isinstance(each, Figure)}
    return replace(report, posts=(), figures=(), withdrawn=0, this_week=replace(report.this_week, **bare))


def _is_current(connection: duckdb.DuckDBPyConnection, path: str, content_hash: str) -> bool:
    return bool(
        connection.execute(
            "SELECT 1 FROM reports WHERE path = ? AND content_hash = ? AND NOT outdated", [path, content_hash]
        ).fetchall()
    )


def _drop_others(connection: duckdb.DuckDBPyConnection, path: str, content_hash: str) -> None:
    for table in ("report_quotes", "reports"):
        connection.execute(f"DELETE FROM {table} WHERE path = ? AND content_hash <> ?", [path, content_hash])


def _drop(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    for table in ("report_quotes", "reports"):
        connection.execute(f"DELETE FROM {table} WHERE path = ?", [path])


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _as_kept(store: Store, file: Path) -> str:
    """The path as it is kept: below the store's folder relative to it, so that the whole folder may be moved."""
    absolute, folder = file.resolve(), store.path.resolve().parent
    return absolute.relative_to(folder).as_posix() if absolute.is_relative_to(folder) else str(absolute)


def _as_file(store: Store, path: str) -> Path:
    return store.path.resolve().parent / path
