"""Prefect flow: the whole way: collect, score, trends, effects, report."""

# No postponed annotations here: Prefect reads the types of parameters in a module that it loads by its path.

from datetime import date
from pathlib import Path

from flows.settings import prepare_environment

prepare_environment()

from prefect import flow  # noqa: E402 - after its environment

from analytics.store import Store  # noqa: E402
from flows import stages  # noqa: E402
from flows.as_tasks import finished, midnight, run_as_task, tell_end  # noqa: E402
from flows.loading import load_brand  # noqa: E402


@flow(name="weekly", retries=0, on_completion=[tell_end], on_failure=[tell_end], on_crashed=[tell_end])
def weekly_flow(
    brand_file: str,
    store: str | None = None,
    only_sources: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    out: str | None = None,
    week: date | None = None,
) -> stages.Outcome:
    """The whole way: collect, score, trends, effects, report."""
    brand, stored = load_brand(brand_file), Store(store)
    return finished(
        stages.weekly(
            brand,
            stored,
            only_sources=only_sources or (),
            since=midnight(since),
            until=midnight(until),
            out=Path(out) if out else None,
            week=week,
            step=run_as_task,
        )
    )
