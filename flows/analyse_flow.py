"""Prefect flow: score, tag, count weeks and measure effects."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import stages  # noqa: E402
from flows.as_tasks import finished, run_as_task  # noqa: E402
from flows.loading import load_brand  # noqa: E402


@flow(name="analyse", retries=0)
def analyse_flow(brand_file: str, store: str | None = None, rescore: bool = False) -> stages.Outcome:
    """Score, tag, count weeks and measure effects."""
    brand, stored = load_brand(brand_file), Store(store)
    return finished(stages.analyse(brand, stored, rescore=rescore, step=run_as_task))
