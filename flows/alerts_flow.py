"""Prefect flow: bring in what is new, look at the last hours, and tell what has left its usual range."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import alert_stages  # noqa: E402
from flows.as_tasks import finished, run_as_task, tell_end  # noqa: E402
from flows.loading import load_brand  # noqa: E402


@flow(name="alerts", retries=0, on_completion=[tell_end], on_failure=[tell_end], on_crashed=[tell_end])
def alerts_flow(brand_file: str, store: str | None = None, collects: bool = True) -> alert_stages.Watch:
    """Bring in what is new, look at the last hours, and tell what has left its usual range."""
    brand, stored = load_brand(brand_file), Store(store)
    return finished(alert_stages.watch(brand, stored, collects=collects, step=run_as_task))
