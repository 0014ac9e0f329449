"""Collecting signals: what is counted a day and is no post. A signal that fails is named and stops nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from analytics.signals import SignalArrival, last_day, save_signal
from analytics.store import Store, StoreError, now
from connectors.batch import Asked, Window
from connectors.signals.batch import SignalBatch, SignalDay
from connectors.signals.registry import needed_credentials, open_signal
from flows.collection import SourceResult
from flows.credentials import find_credentials
from flows.failures import tell_failure
from flows.progress import Advance
from flows.spending import alone, failed_row, find_budget

if TYPE_CHECKING:
    from brands.brand_file import Brand
    from brands.schema import Signal

FIRST_RUN = timedelta(days=400)  # a year of what is usual, and the weeks before it
AGAIN = timedelta(days=14)  # counts of the last days are corrected by those who count


def collect_signal(
    brand: Brand,
    signal: Signal,
    store: Store,
    run_id: str,
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Advance = lambda _: None,
) -> SourceResult:
    """Save the days of one signal; without a window from two weeks before the last known day to today."""
    result = SourceResult(signal.name)

    def save(asked: Sequence[Asked], days: Sequence[SignalDay] = ()) -> int:
        values, rows = [(each.day, each.value) for each in days], [asdict(row) for row in asked]
        new = save_signal(store, SignalArrival(run_id, brand.slug, signal.name, signal.kind, values, rows))
        result.requests += len(asked)
        result.cost_usd += sum(row.cost_usd for row in asked)
        return new

    try:
        batch = _ask(brand, signal, store, run_id, since, until, lambda row: save([row]))
    except StoreError:
        raise
    except Exception as problem:  # whatever one signal does, the others go on
        save([failed_row(signal.connector, Window(since, until), problem)])
        result.failure = tell_failure(problem, signal.name)
        return result
    result.new = save(batch.asked, batch.days)
    result.read = len(batch.days)
    result.known = result.read - result.new
    progress(result.read)
    return result


def _ask(
    brand: Brand,
    signal: Signal,
    store: Store,
    run_id: str,
    since: datetime | None,
    until: datetime | None,
    record: Callable[[Asked], object],
) -> SignalBatch:
    """What the signal counts; one that is paid for is asked by one run at a time, and only within its caps."""
    needs = needed_credentials(signal)
    with alone(store, signal.name) if needs else nullcontext():
        budget = find_budget(store, signal, run_id, now()).usd if needs else None
        secrets = find_credentials(needs)
        connector = open_signal(signal, query=brand.query, credentials=secrets, budget_usd=budget, record=record)
        if connector.reads_whole and since is None and until is None:
            return connector.days(date.min, date.max)
        today = now().date()
        known = last_day(store, brand.slug, signal.name)
        start = since.date() if since else (known - AGAIN if known else _earliest(brand, today))
        return connector.days(start, min(until.date() if until else today, today))


def _earliest(brand: Brand, today: date) -> date:
    """A first look reaches a year back from today, or from the earliest date of an event."""
    dates = [
        day
        for event in brand.events
        for day in (event.clause_first_seen, event.effective, event.noticed)
        if day is not None
    ]
    return min([today, *dates]) - FIRST_RUN
