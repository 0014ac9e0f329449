"""Prefect flow: the whole way: collect, score, trends, effects, report."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from datetime import date
from pathlib import Path

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import stages  # noqa: E402
from flows.as_tasks import TOLD_AT_THE_END, AsTasks, finished, midnight  # noqa: E402
from flows.loading import load_brand  # noqa: E402
from flows.run_page import fill_page, list_pages, list_sources  # noqa: E402


@flow(name="weekly", retries=0, **TOLD_AT_THE_END)
def weekly_flow(
    brand_file: str,
    store: str | None = None,
    only_sources: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    out: str | None = None,
    week: date | None = None,
) -> stages.Outcome:
    """The whole way: collect, score, trends, effects, report.

    Args:
        brand_file: Path of the brand file (TOML) on the machine that runs this.
        store: Path or URL of the store; empty: BRANDTRUST_STORE, or brandtrust.duckdb in the working folder.
        only_sources: Names of sources; empty: every source of the brand file.
        since: Backfill from this day on (UTC); empty: only what is new.
        until: Backfill up to before this day (UTC); empty: up to now.
        out: Folder for the report; empty: the brand file's report.out.
        week: A day of the week to report on; empty: the last that is over.
    """
    brand, stored = load_brand(brand_file), Store(store)
    outcome = stages.weekly(
        brand,
        stored,
        only_sources=only_sources or (),
        since=midnight(since),
        until=midnight(until),
        out=Path(out) if out else None,
        week=week,
        step=AsTasks(brand),
    )
    fill_page(brand, stored, {"sources": list_sources(outcome.sources), "terms": list_pages(outcome.pages)})
    return finished(outcome)
