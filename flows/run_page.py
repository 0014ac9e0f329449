"""What the page of a run in Prefect shows: what the run did, the trend, the newest answer, and where its report is.

Counts and names only: no text of a post ever goes to a Prefect server. The keys of a brand stay the same, so that
Prefect shows each artifact's past too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from flows.newest_report import NewestReport, find_newest_report

if TYPE_CHECKING:
    from analytics.store import Store
    from brands.brand_file import Brand
    from flows.alert_stages import Watch
    from flows.collection import SourceResult
    from flows.compliance import SourceSweep
    from flows.policy_stages import PageResult

Cell: TypeAlias = "str | int | float | None"
Row: TypeAlias = Mapping[str, Cell]

WEEKS = 13
"""The trend shows a quarter of a year."""


def fill_page(brand: Brand, store: Store, did: Mapping[str, Sequence[Row]]) -> None:
    """Show on the page of the run under way what it `did` (tables by their names), the trend and the newest report.

    A server that cannot be reached loses the page's tables and nothing else: what the run did is in the store.
    """
    import httpx
    from prefect.exceptions import PrefectException

    try:
        _fill(brand, store, did)
    except (httpx.HTTPError, PrefectException) as problem:
        logging.getLogger("prefect.brandtrust").warning("no artifacts of this run: %s", type(problem).__name__)


def list_sources(results: Iterable[SourceResult]) -> list[Row]:
    """One row a source that was asked."""
    return [
        {
            "source": each.source,
            "read": each.read,
            "new": each.new,
            "already stored": each.known,
            "quarantined": each.quarantined,
            "capped": "yes" if each.capped else "no",
            "failure": each.failure,
        }
        for each in results
    ]


def list_pages(results: Iterable[PageResult]) -> list[Row]:
    """One row a page of terms."""
    return [{"document": each.document, "outcome": each.outcome, "failure": each.failure} for each in results]


def list_sweeps(sweeps: Iterable[SourceSweep]) -> list[Row]:
    """One row a source that was looked at for deletions."""
    return [
        {
            "source": each.source,
            "stored": each.stored,
            "checked": each.checked,
            "erased, gone at the source": each.gone,
            "erased, too old": each.aged,
            "failure": each.failure,
        }
        for each in sweeps
    ]


def list_incidents(watch: Watch) -> list[Row]:
    """One row an incident that goes on."""
    return [
        {"incident": each.incident_id, "kind": each.kind, "since (UTC)": f"{each.first_hour:%Y-%m-%d %H:%M}"}
        for each in watch.going_on
    ]


def list_stopped(watch: Watch) -> list[Row]:
    """One row a source that no look reaches any more."""
    return [
        {"source": each.source, "since (UTC)": f"{each.since:%Y-%m-%d %H:%M}", "runs that asked in vain": each.in_vain}
        for each in watch.stopped
    ]


def _fill(brand: Brand, store: Store, did: Mapping[str, Sequence[Row]]) -> None:
    from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

    prefix = brand.slug.replace("_", "-")  # Prefect takes no underscore in a key
    for name, rows in did.items():
        if rows:
            create_table_artifact([dict(row) for row in rows], key=f"{prefix}-{name}", description=name.capitalize())
    if trend := read_trend(brand, store):
        create_table_artifact(
            [dict(row) for row in trend],
            key=f"{prefix}-trend",
            description="Net trust expression by week (UTC), all posts: sentiment among people who posted",
        )
    newest = find_newest_report(brand.slug, store)
    if newest is None:
        return
    create_markdown_artifact(
        write_answer(brand, newest), key=f"{prefix}-answer", description=f"The answer, week of {newest.week}"
    )
    for kind, path in (("pdf", newest.pdf), ("page", newest.page)):
        if path.is_file():
            create_link_artifact(path.as_uri(), link_text=path.name, key=f"{prefix}-report-{kind}")


def write_answer(brand: Brand, newest: NewestReport) -> str:
    """The newest report's headline, and where the report lies, in Markdown."""
    synthetic = "**SYNTHETIC.** " if newest.synthetic else ""
    return (
        f"# {_plain(brand.name)}, week of {newest.week}\n\n{synthetic}{_plain(newest.headline)}\n\n"
        f"- PDF: `{newest.pdf}`\n- in a browser: `{newest.page}`\n"
    )


def read_trend(brand: Brand, store: Store) -> list[Row]:
    """The last weeks, newest first; empty before anything was published."""
    from analytics.store import NothingPublished
    from analytics.store.catalogue import statement

    try:
        with store.reader() as connection:
            found = connection.execute(statement("find_recent_trend"), {"brand": brand.slug, "weeks": WEEKS})
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    except NothingPublished:
        return []


def _plain(text: str) -> str:
    """Text that Markdown takes for text."""
    return "".join(f"\\{each}" if each in "\\`*_[]<>#|" else each for each in text)
