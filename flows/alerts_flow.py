"""Prefect flow: bring in what is new, look at the last hours, and tell what has left its usual range."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import alert_stages  # noqa: E402
from flows.as_tasks import TOLD_AT_THE_END, AsTasks, finished  # noqa: E402
from flows.loading import load_brand  # noqa: E402
from flows.run_page import fill_page, list_incidents, list_sources, list_stopped  # noqa: E402


@flow(name="alerts", retries=0, **TOLD_AT_THE_END)
def alerts_flow(
    brand_file: str, store: str | None = None, collects: bool = True, scores: bool = False
) -> alert_stages.Watch:
    """Bring in what is new, look at the last hours, and tell what has left its usual range.

    Args:
        brand_file: Path of the brand file (TOML) on the machine that runs this.
        store: Path or URL of the store; empty: BRANDTRUST_STORE, or brandtrust.duckdb in the working folder.
        collects: Bring in and score what is new before.
        scores: Score what is new before.
    """
    brand, stored = load_brand(brand_file), Store(store)
    outcome = alert_stages.watch(brand, stored, collects=collects, scores=scores, step=AsTasks(brand))
    did = {
        "sources": list_sources(outcome.sources),
        "incidents": list_incidents(outcome),
        "stopped": list_stopped(outcome),
    }
    fill_page(brand, stored, did)
    return finished(outcome)
