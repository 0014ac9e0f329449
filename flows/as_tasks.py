"""How flows run the stages: each batch-sized step as one Prefect task, never a task a post.

Tasks are not retried here: connectors retry requests, and a run that failed is safe to start again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from prefect import Flow, State, Task
from prefect.assets import Asset, AssetProperties
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed
from prefect.tasks import MaterializingTask

from brands.brand_file import Brand
from flows.products import MADE_FROM, Product
from flows.progress import POST, Advance
from flows.settings import SERVED
from flows.stages import run_plainly
from flows.terminal import printable

T = TypeVar("T")
PLAIN: dict[str, Any] = {"retries": 0, "cache_policy": NO_CACHE, "persist_result": False}


class Failed(Protocol):
    """A source that failed, and how."""

    @property
    def failure(self) -> str: ...


class Finished(Protocol):
    """What a run did, with the sources that failed."""

    @property
    def failures(self) -> Sequence[Failed]: ...


FinishedT = TypeVar("FinishedT", bound=Finished)


class AsTasks:
    """Runs each step as a Prefect task of its name. The work is a closure: nothing of it is copied, hashed or stored.

    What a step makes is told to Prefect as an asset of the brand, with what it was made of and how much was done.
    """

    def __init__(self, brand: Brand) -> None:
        self.brand = brand

    def __call__(
        self, name: str, work: Callable[[Advance], T], counting: str = POST, *, makes: Product | None = None
    ) -> T:
        if makes is None:
            return Task(partial(run_plainly, name, work, counting), name=name, **PLAIN)()
        asset = asset_of(self.brand, makes)
        made_from: list[Asset | str] = [asset_of(self.brand, each) for each in MADE_FROM[makes]]

        def make() -> T:
            done = 0

            def work_and_count(advance: Advance) -> T:
                def count(more: int) -> None:
                    nonlocal done
                    done += more
                    advance(more)

                return work(count)

            result = run_plainly(name, work_and_count, counting)
            asset.add_metadata({"step": name, f"{counting}s": done})
            return result

        return MaterializingTask(make, assets=[asset], asset_deps=made_from, name=name, **PLAIN)()


def asset_of(brand: Brand, product: Product) -> Asset:
    """How Prefect knows what is made for a brand."""
    return Asset(
        key=f"brandtrust://{brand.slug}/{product.value}",
        properties=AssetProperties(name=f"{brand.name}: {product.value}"),
    )


def finished(outcome: FinishedT) -> FinishedT:
    """The outcome, in a state that names failed sources on the run's page and lets automations look for them."""
    if not outcome.failures:
        return outcome
    named = "; ".join(each.failure for each in outcome.failures)
    # Prefect takes a returned state for the run's own, and hands its data to the caller.
    return cast(FinishedT, Completed(name="SourceFailed", message=named, data=outcome))


def tell_end(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A line to whoever watches `brandtrust serve`; elsewhere the command line or Prefect's pages tell."""
    if SERVED in os.environ:
        told = " ".join(f"{flow_run.parameters.get('brand_file')}: {state.name}: {state.message or 'all done'}".split())
        sys.stderr.write(f"{datetime.now():%Y-%m-%d %H:%M:%S} {flow.name} {printable(told)}\n")  # noqa: DTZ005 - the wall clock


TOLD_AT_THE_END: dict[str, Any] = {"on_completion": [tell_end], "on_failure": [tell_end], "on_crashed": [tell_end]}


def midnight(day: date | None) -> datetime | None:
    """The first moment of a UTC day, without zone."""
    return None if day is None else datetime(day.year, day.month, day.day)  # noqa: DTZ001 - UTC, as the store keeps it
