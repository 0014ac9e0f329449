"""Prefect flow: look at the pages of terms that a brand file names."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import policy_stages  # noqa: E402
from flows.as_tasks import finished, run_as_task  # noqa: E402
from flows.loading import load_brand  # noqa: E402


@flow(name="policy_watch", retries=0)
def policy_watch_flow(brand_file: str, store: str | None = None, even_short: bool = False) -> policy_stages.Watch:
    """Look at the pages of terms that a brand file names."""
    brand, stored = load_brand(brand_file), Store(store)
    return finished(policy_stages.watch(brand, stored, even_short=even_short, step=run_as_task))
