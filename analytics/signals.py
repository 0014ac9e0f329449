"""Signals: what is counted a day and is no post. They date a notice independently, and say what people did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from analytics.store import Store
from analytics.store.catalogue import statement
from analytics.store.given_rows import execute_with_rows
from analytics.store.saving import save_requests


@dataclass(frozen=True, slots=True)
class SignalArrival:
    """Days of one signal of one brand, with the requests that brought them. `kind`: attention or outcome."""

    run_id: str
    brand: str
    name: str
    kind: str
    days: Sequence[tuple[date, float]]
    asked: Sequence[Mapping[str, Any]] = ()


def save_signal(store: Store, arrival: SignalArrival) -> int:
    """Write the days in one transaction, over what stood there for them; returns how many were not there before."""
    last = dict(arrival.days)
    rows = [(arrival.brand, day, arrival.name, arrival.kind, value) for day, value in last.items()]
    with store.transaction() as connection:
        before = _count(connection, arrival)
        execute_with_rows(connection, statement("upsert_signals"), ("brand", "day", "name", "kind", "value"), rows)
        save_requests(connection, arrival.run_id, arrival.brand, arrival.name, "", arrival.asked)
        return _count(connection, arrival) - before


def last_day(store: Store, brand: str, name: str) -> date | None:
    """The last day that the store has of a signal."""
    if not store.exists:
        return None
    with store.writer() as connection:
        rows = connection.execute("SELECT max(day) FROM signals WHERE brand = ? AND name = ?", [brand, name]).fetchall()
    found: date | None = rows[0][0]
    return found


def _count(connection: Any, arrival: SignalArrival) -> int:
    rows = connection.execute(
        "SELECT count(*) FROM signals WHERE brand = ? AND name = ?", [arrival.brand, arrival.name]
    ).fetchall()
    return int(rows[0][0])
