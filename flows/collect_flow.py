"""Prefect flow: bring in what the sources of a brand file hold."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from datetime import date

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import stages  # noqa: E402
from flows.as_tasks import TOLD_AT_THE_END, AsTasks, finished, midnight  # noqa: E402
from flows.loading import load_brand  # noqa: E402
from flows.run_page import fill_page, list_sources  # noqa: E402


@flow(name="collect", retries=0, **TOLD_AT_THE_END)
def collect_flow(
    brand_file: str,
    store: str | None = None,
    only_sources: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> stages.Outcome:
    """Bring in what the sources of a brand file hold.

    Args:
        brand_file: Path of the brand file (TOML) on the machine that runs this.
        store: Path or URL of the store; empty: BRANDTRUST_STORE, or brandtrust.duckdb in the working folder.
        only_sources: Names of sources; empty: every source of the brand file.
        since: Backfill from this day on (UTC); empty: only what is new.
        until: Backfill up to before this day (UTC); empty: up to now.
    """
    brand, stored = load_brand(brand_file), Store(store)
    outcome = stages.collect(
        brand,
        stored,
        only_sources=only_sources or (),
        since=midnight(since),
        until=midnight(until),
        step=AsTasks(brand),
    )
    fill_page(brand, stored, {"sources": list_sources(outcome.sources)})
    return finished(outcome)
