"""Written reports: what each file shows is kept, so that it can be rendered anew without a quote that must go.

Kept are the words and numbers as JSON and, apart from them, which posts are quoted: their text stands nowhere but in
the table of posts. A report that is rendered anew has the same path, the same id and the same published numbers.
Each file of a report, its PDF and its page for a browser, is kept by itself, with the posts that it quotes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter
from pydantic_core import to_json

from analytics.report.figures import Figure, ask, publish_figures, read_query
from analytics.report.html import compile_html
from analytics.report.model import LoudPost, Report, ReportError
from analytics.report.pdf import Paper, compile_pdf
from analytics.report.placed_files import draft_of, place_file
from analytics.report.rows import read_post
from analytics.store import Store, first_row, now, whole
from analytics.store.purging import count_purges

if TYPE_CHECKING:
    import duckdb

BEHIND = "behind"
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
    """What is kept of a written file. `behind`: posts behind a page's weeks, `quotes_gone`: those stored no more."""

    paper: Paper
    report: Report
    behind: tuple[LoudPost, ...] = ()
    quotes_gone: int = 0


class QuoteGone(ReportError):
    """A post that the report quotes was erased since it was built: build it anew."""


def publish_report(
    store: Store,
    report: Report,
    out: Path,
    run_id: str,
    *,
    paper: Paper = "a4",
    behind: Sequence[LoudPost] = (),
    purges: int | None = None,
) -> Path:
    """Write the report to `out`, publish its figures, and keep what it shows; returns `out`.

    What the name ends with says which view of the report it is: .html a page for a browser, with the posts `behind` its
    weeks, anything else a PDF on `paper`.

    The file takes its place after the store knows it: whatever cuts this off, no quote stands in a file unknown. The
    writer's lock is held until it is there, so that no purge finds the record and not yet the file. Raises QuoteGone
    where a quoted post is not stored any more (nobody's who is forgotten is); nothing is written then. `purges`: how
    many there had been when the report was built (`count_purges`); where none came since, all quotes are there still,
    and are not looked for among all posts that are stored.
    """
    kept = Kept(paper, report, tuple(behind) if _is_page(out) else ())
    content = _compile(kept, out)
    path = store.kept_path(out)
    with store.writer() as connection:
        with whole(connection):
            if purges is None or count_purges(connection) != purges:
                _require_quotes(connection, kept)
            publish_figures(connection, report, run_id)
            content_hash = _keep(connection, kept, path, content, run_id)
        place_file(content, out)
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
        content = _compile(kept, file)
        with whole(connection):
            content_hash = _keep(connection, kept, path, content, run_id)
        place_file(content, file)
        with whole(connection):
            _drop_others(connection, path, content_hash)
    return Rendered(file, "rendered")


def _is_page(out: Path) -> bool:
    return out.suffix == ".html"


def _compile(kept: Kept, out: Path) -> bytes:
    if _is_page(out):
        return compile_html(kept.report, kept.behind)
    return compile_pdf(kept.report, kept.paper).content


def _quotes(kept: Kept) -> tuple[LoudPost, ...]:
    return (*kept.report.posts, *kept.behind)


def _require_quotes(connection: duckdb.DuckDBPyConnection, kept: Kept) -> None:
    quoted = {
        "sources": [post.source for post in _quotes(kept)],
        "post_ids": [post.post_id for post in _quotes(kept)],
    }
    if first_row(connection, read_query("find_erased_quotes"), quoted) is not None:
        raise QuoteGone(
            f"{kept.report.brand}: a post that the report quotes was erased meanwhile; write the report again"
        )


def _keep(connection: duckdb.DuckDBPyConnection, kept: Kept, path: str, content: bytes, run_id: str) -> str:
    content_hash, report, quotes, moment = hash_of(content), kept.report, _quotes(kept), now()
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
            "paper": kept.paper,
            "content": to_json(_without_posts(report), inf_nan_mode="constants").decode(),
            "withdrawn": report.withdrawn,
            "outdated": False,
            "written_at": moment,
            "run_id": run_id,
        },
    )
    connection.execute("DELETE FROM report_quotes WHERE path = ? AND content_hash = ?", [path, content_hash])
    connection.execute(
        read_query("keep_quotes"),
        {
            "path": path,
            "content_hash": content_hash,
            "periods": [quote.period for quote in quotes],
            "sources": [quote.source for quote in quotes],
            "post_ids": [quote.post_id for quote in quotes],
            "reaches": [quote.reach for quote in quotes],
            "compounds": [quote.compound for quote in quotes],
            "ratings": [quote.rating for quote in quotes],
            "themes": [list(quote.themes) for quote in quotes],
        },
    )
    return content_hash


def read_kept(connection: duckdb.DuckDBPyConnection, report_id: str) -> list[Kept]:
    """Every PDF of the report that is kept as it would be rendered now; none where others took their places."""
    rows = connection.execute(
        "SELECT path, content_hash, paper, content, withdrawn FROM reports "
        "WHERE report_id = ? AND NOT ends_with(path, '.html') ORDER BY written_at DESC, path",
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
    quotes = tuple(read_post(quote, {}) for quote in ask(connection, "list_quotes", which)[1])
    report = replace(
        TypeAdapter(Report).validate_json(content),
        posts=tuple(quote for quote in quotes if quote.period != BEHIND),
        figures=_published(connection, report_id),
        withdrawn=withdrawn,
    )
    return Kept(paper, report, tuple(quote for quote in quotes if quote.period == BEHIND), withdrawn)


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


def _as_file(store: Store, path: str) -> Path:
    return store.folder / path
