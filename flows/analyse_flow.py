"""Prefect flow: score, tag, count weeks and measure effects."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import stages  # noqa: E402
from flows.as_tasks import TOLD_AT_THE_END, AsTasks, finished  # noqa: E402
from flows.loading import load_brand  # noqa: E402
from flows.run_page import fill_page  # noqa: E402


@flow(name="analyse", retries=0, **TOLD_AT_THE_END)
def analyse_flow(brand_file: str, store: str | None = None, rescore: bool = False) -> stages.Outcome:
    """Score, tag, count weeks and measure effects.

    Args:
        brand_file: Path of the brand file (TOML) on the machine that runs this.
        store: Path or URL of the store; empty: BRANDTRUST_STORE, or brandtrust.duckdb in the working folder.
        rescore: Count closed weeks anew; published numbers change.
    """
    brand, stored = load_brand(brand_file), Store(store)
    outcome = stages.analyse(brand, stored, rescore=rescore, step=AsTasks(brand))
    fill_page(brand, stored, {})
    return finished(outcome)
