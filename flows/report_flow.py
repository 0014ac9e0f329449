"""Prefect flow: write the weekly report as a PDF and as a page for a browser."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from datetime import date
from pathlib import Path

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import stages  # noqa: E402
from flows.as_tasks import TOLD_AT_THE_END, AsTasks, finished  # noqa: E402
from flows.loading import load_brand  # noqa: E402
from flows.run_page import fill_page  # noqa: E402


@flow(name="report", retries=0, **TOLD_AT_THE_END)
def report_flow(
    brand_file: str, store: str | None = None, out: str | None = None, week: date | None = None
) -> stages.Outcome:
    """Write the weekly report as a PDF and as a page for a browser.

    Args:
        brand_file: Path of the brand file (TOML) on the machine that runs this.
        store: Path or URL of the store; empty: BRANDTRUST_STORE, or brandtrust.duckdb in the working folder.
        out: Folder for the report; empty: the brand file's report.out.
        week: A day of the week to report on; empty: the last that is over.
    """
    brand, stored = load_brand(brand_file), Store(store)
    outcome = stages.report(brand, stored, out=Path(out) if out else None, week=week, step=AsTasks(brand))
    fill_page(brand, stored, {})
    return finished(outcome)
