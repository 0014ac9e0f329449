"""Prefect flow: erase what was deleted at its source, or is kept too long."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import stages  # noqa: E402
from flows.as_tasks import TOLD_AT_THE_END, AsTasks, finished  # noqa: E402
from flows.loading import load_brand  # noqa: E402
from flows.run_page import fill_page, list_sweeps  # noqa: E402


@flow(name="comply", retries=0, **TOLD_AT_THE_END)
def comply_flow(
    brand_file: str, store: str | None = None, only_sources: list[str] | None = None, even_many: bool = False
) -> stages.Compliance:
    """Erase what was deleted at its source, or is kept too long.

    Args:
        brand_file: Path of the brand file (TOML) on the machine that runs this.
        store: Path or URL of the store; empty: BRANDTRUST_STORE, or brandtrust.duckdb in the working folder.
        only_sources: Names of sources; empty: every source of the brand file.
        even_many: Believe a source that says of more than half of its posts that they are gone.
    """
    brand, stored = load_brand(brand_file), Store(store)
    outcome = stages.comply(brand, stored, only_sources=only_sources or (), even_many=even_many, step=AsTasks(brand))
    fill_page(brand, stored, {"deletions": list_sweeps(outcome.sweeps)})
    return finished(outcome)
