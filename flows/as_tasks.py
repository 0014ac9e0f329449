"""How flows run the stages: each batch-sized step as one Prefect task, never a task a post.

Tasks are not retried here: connectors retry requests, and a run that failed is safe to start again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import TypeVar, cast

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed

from flows.progress import Advance
from flows.stages import Outcome, run_plainly

T = TypeVar("T")


def run_as_task(name: str, work: Callable[[Advance], T]) -> T:
    """Run a step as a Prefect task of that name. The work is a closure: nothing of it is copied, hashed or stored."""
    step = Task(partial(run_plainly, name, work), name=name, retries=0, cache_policy=NO_CACHE, persist_result=False)
    return step()


def finished(outcome: Outcome) -> Outcome:
    """The outcome, in a state that names failed sources on the run's page and lets automations look for them."""
    if not outcome.failures:
        return outcome
    named = "; ".join(each.failure for each in outcome.failures)
    # Prefect takes a returned state for the run's own, and hands its data to the caller.
    return cast(Outcome, Completed(name="SourceFailed", message=named, data=outcome))


def midnight(day: date | None) -> datetime | None:
    """The first moment of a UTC day, without zone."""
    return None if day is None else datetime(day.year, day.month, day.day)  # noqa: DTZ001 - UTC, as the store keeps it
