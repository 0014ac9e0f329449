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
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed

from flows.progress import POST, Advance
from flows.settings import SERVED
from flows.stages import run_plainly
from flows.terminal import printable

T = TypeVar("T")


class Failed(Protocol):
    """A source that failed, and how."""

    @property
    def failure(self) -> str: ...


class Finished(Protocol):
    """What a run did, with the sources that failed."""

    @property
    def failures(self) -> Sequence[Failed]: ...


FinishedT = TypeVar("FinishedT", bound=Finished)


def run_as_task(name: str, work: Callable[[Advance], T], counting: str = POST) -> T:
    """Run a step as a Prefect task of that name. The work is a closure: nothing of it is copied, hashed or stored."""
    step = Task(
        partial(run_plainly, name, work, counting), name=name, retries=0, cache_policy=NO_CACHE, persist_result=False
    )
    return step()


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


def midnight(day: date | None) -> datetime | None:
    """The first moment of a UTC day, without zone."""
    return None if day is None else datetime(day.year, day.month, day.day)  # noqa: DTZ001 - UTC, as the store keeps it
