"""Prefect flow: look at the pages of terms that a brand file names."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import policy_stages  # noqa: E402
from flows.as_tasks import TOLD_AT_THE_END, AsTasks, finished  # noqa: E402
from flows.loading import load_brand  # noqa: E402
from flows.run_page import fill_page, list_pages  # noqa: E402


@flow(name="policy_watch", retries=0, **TOLD_AT_THE_END)
def policy_watch_flow(brand_file: str, store: str | None = None, even_short: bool = False) -> policy_stages.Watch:
    """Look at the pages of terms that a brand file names.

    Args:
        brand_file: Path of the brand file (TOML) on the machine that runs this.
        store: Path or URL of the store; empty: BRANDTRUST_STORE, or brandtrust.duckdb in the working folder.
        even_short: Believe a page that has lost most of its text.
    """
    brand, stored = load_brand(brand_file), Store(store)
    outcome = policy_stages.watch(brand, stored, even_short=even_short, step=AsTasks(brand))
    fill_page(brand, stored, {"terms": list_pages(outcome.pages)})
    return finished(outcome)
