"""Was the analysis of an event declared before its notice? Only then is its verdict more than exploratory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Literal

from analytics.event_study import date_tested, dates_tested
from analytics.plan.freezing import FrozenPlan, list_plans
from analytics.plan.parts import collect_parts, name_differences
from analytics.store.catalogue import statement
from brands.wording import write_count

if TYPE_CHECKING:
    import duckdb

    from brands.brand_file import Brand, Event

Status = Literal["declared before the notice", "exploratory"]
DECLARED: Status = "declared before the notice"
EXPLORATORY: Status = "exploratory"


@dataclass(frozen=True, slots=True)
class Declaration:
    """Whether an event's plan was frozen in time, and why not. `frozen`: the plan that was looked at."""

    event_id: str
    tested: date | None
    status: Status
    reason: str
    frozen: FrozenPlan | None = None


def save_declarations(connection: duckdb.DuckDBPyConnection, brand: Brand, run_id: str) -> list[Declaration]:
    """The status of every event of the brand, in place of what was saved before; within the effects' transaction."""
    connection.execute("DELETE FROM event_declarations WHERE brand = ?", [brand.slug])
    days = dates_tested(connection, brand)
    told = [
        judge_plans(brand, event, list_plans(connection, brand.slug, event.id), days[event.id])
        for event in brand.events
    ]
    for each in told:
        connection.execute(
            statement("insert_declaration"),
            {
                "brand": brand.slug,
                "event_id": each.event_id,
                "status": each.status,
                "reason": each.reason,
                "plan_hash": each.frozen and each.frozen.plan_hash,
                "frozen_at": each.frozen and each.frozen.frozen_at,
                "run_id": run_id,
            },
        )
    return told


def judge_plans(brand: Brand, event: Event, plans: Sequence[FrozenPlan], confirmed: date | None = None) -> Declaration:
    """Hold the plans of an event, in order of time, against the brand file.

    `confirmed`: the day that is tested where the brand file names none.

    What counts is the last plan frozen before the day tested began, in UTC: earlier ones were taken back, since who
    freezes many plans and later keeps to the one that suits has declared nothing.
    """
    tested = date_tested(event) or confirmed
    if not plans:
        return Declaration(event.id, tested, EXPLORATORY, "No plan was frozen.")
    if tested is None:
        last = plans[-1]
        told = f"The event has no date yet; its plan was frozen on {_day(last.frozen_at)}."
        return Declaration(event.id, tested, EXPLORATORY, told, last)
    which = "the notice" if event.noticed is not None else "the day tested"
    before = [plan for plan in plans if plan.frozen_at < datetime.combine(tested, time())]
    if not before:
        first = plans[0]
        told = f"The plan was frozen on {_day(first.frozen_at)}, not before {which} ({tested})."
        return Declaration(event.id, tested, EXPLORATORY, told, first)
    last = before[-1]
    differing = name_differences(json.loads(last.plan), collect_parts(brand, event, last.frozen_at.date()))
    if differing:
        told = f"What was asked differs from the plan frozen on {_day(last.frozen_at)} in: {', '.join(differing)}."
        return Declaration(event.id, tested, EXPLORATORY, told, last)
    told = f"Plan {last.short_hash}, frozen on {_day(last.frozen_at)}, before {which} ({tested})"
    earlier = len(before) - 1
    told += f"; it took the place of {write_count(earlier, 'earlier one')}." if earlier else "."
    return Declaration(event.id, tested, DECLARED, told, last)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
