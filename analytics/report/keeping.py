"""Written reports: what each file shows is kept, so that it can be rendered anew without a quote that must go.

Kept are the words and numbers as JSON and, apart from them, which posts are quoted: their text stands nowhere but in
the table of posts. A report that is rendered anew has the same path, the same id and the same published numbers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter
from pydantic_core import to_json

from analytics.report.building import read_post
from analytics.report.figures import Figure, ask, publish_figures, read_query
from analytics.report.model import Report, ReportError
from analytics.report.pdf import Paper, compile_pdf, draft_of, place_pdf
from analytics.store import Store, first_row, now, whole

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
class Kept:
    """What is kept of a written report. `quotes_gone`: posts that it quoted and that are stored no more."""

    paper: Paper
    report: Report
    quotes_gone: int


class QuoteGone(ReportError):
    """A post that the report quotes was erased since it was built: build it anew."""


def publish_report(store: Store, report: Report, out: Path, run_id: str, *, paper: Paper = "a4") -> Path:
    """Write the report to `out`, publish its figures, and keep what it shows; returns `out`.

    The file takes its place after the store knows it: whatever cuts this off, no quote stands in a file unknown. The
    writer's lock is held until it is there, so that no purge finds the record and not yet the file. Raises QuoteGone
    where a quoted post is not stored any more (nobody's who is forgotten is); nothing is written then.
    """
    content = compile_pdf(report, paper).content
    path = _as_kept(store, out)
    with store.writer() as connection:
        with whole(connection):
            _require_quotes(connection, report)
            publish_figures(connection, report, run_id)
            content_hash = _keep(connection, report, path, content, paper, run_id)
        place_pdf(content, out)
        with whole(connection):
            _drop_others(connection, path, content_hash)
    return out


def render_outdated(store: Store, run_id: str) -> list[Rendered]:
    """Render every report anew that quotes a purged post. What a killed run left half written beside one is removed."""
    with store.writer() as connection:
        paths = {str(row[0]) for row in connection.execute("SELECT path FROM reports WHERE outdated").fetchall()}
    rendered = (_render_anew(store, path, run_id) for path in sorted(paths))
    return [each for each in rendered if each is not None]


def _render_anew(store: Store, path: str, run_id: str) -> Rendered | None:
    """The report at `path` without what is gone; None where nothing is to be done about it (any more).

    Under one lock from reading the record to replacing the file: another purge, or a report that is written there
    meanwhile, comes before or after.
    """
    file = _as_file(store, path)
    with store.writer() as connection:
        if first_row(connection, "SELECT 1 FROM reports WHERE path = ? AND outdated LIMIT 1", [path]) is None:
            return None
        draft_of(file).unlink(missing_ok=True)
        there = hash_of(file.read_bytes()) if file.is_file() else None
        kept = None if there is None else _read_outdated(connection, path, there)
        if kept is None:
            with whole(connection):
                if there is not None and _is_current(connection, path, there):
                    _drop_others(connection, path, there)  # its outdated forerunner was replaced before
                    return None
                _drop(connection, path)
            return Rendered(file, "missing" if there is None else "changed")
        content = compile_pdf(kept.report, kept.paper).content
        with whole(connection):
            content_hash = _keep(connection, kept.report, path, content, kept.paper, run_id)
        place_pdf(content, file)
        with whole(connection):
            _drop_others(connection, path, content_hash)
    return Rendered(file, "rendered")


def _require_quotes(connection: duckdb.DuckDBPyConnection, report: Report) -> None:
    quoted = sorted({(post.source, post.post_id) for post in report.posts})
    stored = (
        first_row(connection, "SELECT 1 FROM posts WHERE source = ? AND post_id = ? LIMIT 1", [*post])
        for post in quoted
    )
    if None in stored:
        raise QuoteGone(f"{report.brand}: a post that the report quotes was erased meanwhile; write the report again")


def _keep(
    connection: duckdb.DuckDBPyConnection, report: Report, path: str, content: bytes, paper: Paper, run_id: str
) -> str:
    content_hash, moment = hash_of(content), now()
    ask(
        connection,
        "keep_file",
        {"content_hash": content_hash, "report_id": report.report_id, "written_at": moment.isoformat()},
    )
    connection.execute(
        read_query("keep_report"),
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
            "written_at": moment,
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


def read_kept(connection: duckdb.DuckDBPyConnection, report_id: str) -> list[Kept]:
    """Every file of the report that is kept as it would be rendered now; none where others took their places."""
    rows = connection.execute(
        "SELECT path, content_hash, paper, content, withdrawn FROM reports WHERE report_id = ? "
        "ORDER BY written_at DESC, path",
        [report_id],
    ).fetchall()
    return [_read_record(connection, report_id, *row) for row in rows]


def _read_outdated(connection: duckdb.DuckDBPyConnection, path: str, content_hash: str) -> Kept | None:
    """An outdated report without the posts that are gone; its figures as they were published."""
    row = first_row(
        connection,
        "SELECT report_id, path, content_hash, paper, content, withdrawn FROM reports "
        "WHERE outdated AND path = ? AND content_hash = ?",
        [path, content_hash],
    )
    return None if row is None else _read_record(connection, *row)


def _read_record(
    connection: duckdb.DuckDBPyConnection,
    report_id: str,
    path: str,
    content_hash: str,
    paper: Paper,
    content: str,
    withdrawn: int,
) -> Kept:
    which = {"path": path, "content_hash": content_hash}
    report = replace(
        TypeAdapter(Report).validate_json(content),
        posts=tuple(read_post(quote, {}) for quote in ask(connection, "list_quotes", which)[1]),
        figures=_published(connection, report_id),
        withdrawn=withdrawn,
    )
    return Kept(paper, report, withdrawn)


def _published(connection: duckdb.DuckDBPyConnection, report_id: str) -> tuple[Figure, ...]:
    _, rows = ask(connection, "list_published", {"report_id": report_id})
    return tuple(Figure(**{field.name: row[field.name] for field in fields(Figure)}) for row in rows)


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


def hash_of(content: bytes) -> str:
    """By which the bytes of a file are known."""
    return hashlib.sha256(content).hexdigest()


def _as_kept(store: Store, file: Path) -> str:
    """The path as it is kept: below the store's folder relative to it, so that the whole folder may be moved."""
    absolute, folder = file.resolve(), store.path.resolve().parent
    return absolute.relative_to(folder).as_posix() if absolute.is_relative_to(folder) else str(absolute)


def _as_file(store: Store, path: str) -> Path:
    return store.path.resolve().parent / path
