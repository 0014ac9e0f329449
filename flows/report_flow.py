"""Prefect flow: write the weekly report as a PDF and as a page for a browser."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from datetime import date
from pathlib import Path

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import stages  # noqa: E402
from flows.as_tasks import finished, run_as_task  # noqa: E402
from flows.loading import load_brand  # noqa: E402


@flow(name="report", retries=0)
def report_flow(
    brand_file: str, store: str | None = None, out: str | None = None, week: date | None = None
) -> stages.Outcome:
    """Write the weekly report as a PDF and as a page for a browser."""
    brand, stored = load_brand(brand_file), Store(store)
    return finished(stages.report(brand, stored, out=Path(out) if out else None, week=week, step=run_as_task))
