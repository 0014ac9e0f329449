"""Collecting signals: what is counted a day and is no post. A signal that fails is named and stops nothing else."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from analytics.signals import SignalArrival, last_day, save_signal
from analytics.store import Store, StoreError, now
from connectors.batch import Window
from connectors.signals.registry import needed_credentials, open_signal
from flows.collection import SourceResult
from flows.credentials import find_credentials
from flows.failures import tell_failure
from flows.progress import Advance
from flows.spending import failed_row, find_budget

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
    today = now().date()
    try:
        needs = needed_credentials(signal)
        budget = find_budget(store, signal, run_id, now()).usd if needs else None
        connector = open_signal(signal, query=brand.query, credentials=find_credentials(needs), budget_usd=budget)
        if connector.reads_whole and since is None and until is None:
            batch = connector.days(date.min, date.max)
        else:
            known = last_day(store, brand.slug, signal.name)
            start = since.date() if since else (known - AGAIN if known else _earliest(brand, today))
            batch = connector.days(start, min(until.date() if until else today, today))
    except StoreError:
        raise
    except Exception as problem:  # whatever one signal does, the others go on
        failed = failed_row(signal.connector, Window(since, until), problem)
        asked = [asdict(row) for row in (*getattr(problem, "asked", ()), failed)]
        save_signal(store, SignalArrival(run_id, brand.slug, signal.name, signal.kind, (), asked))
        result.failure = tell_failure(problem, signal.name)
        return result
    arrival = SignalArrival(
        run_id,
        brand.slug,
        signal.name,
        batch.kind,
        [(each.day, each.value) for each in batch.days],
        [asdict(row) for row in batch.asked],
    )
    result.new = save_signal(store, arrival)
    result.read = len(batch.days)
    result.known = result.read - result.new
    result.requests = len(batch.asked)
    result.cost_usd = sum(row.cost_usd for row in batch.asked)
    progress(result.read)
    return result


def _earliest(brand: Brand, today: date) -> date:
    """A first look reaches a year back from today, or from the earliest date of an event."""
    dates = [
        day
        for event in brand.events
        for day in (event.clause_first_seen, event.effective, event.noticed)
        if day is not None
    ]
    return min([today, *dates]) - FIRST_RUN
