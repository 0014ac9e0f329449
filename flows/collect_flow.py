"""Prefect flow: bring in what the sources of a brand file hold."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from datetime import date

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import stages  # noqa: E402
from flows.as_tasks import finished, midnight, run_as_task  # noqa: E402
from flows.loading import load_brand  # noqa: E402


@flow(name="collect", retries=0)
def collect_flow(
    brand_file: str,
    store: str | None = None,
    only_sources: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> stages.Outcome:
    """Bring in what the sources of a brand file hold."""
    brand, stored = load_brand(brand_file), Store(store)
    return finished(
        stages.collect(
            brand,
            stored,
            only_sources=only_sources or (),
            since=midnight(since),
            until=midnight(until),
            step=run_as_task,
        )
    )
