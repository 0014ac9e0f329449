"""Freezing plans: each is kept whole with its hash and its time, and none is ever changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from analytics.plan.parts import collect_parts, hash_plan, write_plan
from analytics.store import StoreError, now
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb

    from brands.brand_file import Brand, Event

HASH_SHOWN = 12


class UnknownPlan(StoreError):
    """No plan is frozen under the hash that was given, or several are."""


@dataclass(frozen=True, slots=True)
class FrozenPlan:
    """A plan as it was frozen. `plan` is the JSON of which `plan_hash` is the SHA-256; `frozen_at` is UTC."""

    brand: str
    event_id: str
    frozen_at: datetime
    plan_hash: str
    plan: str

    @property
    def short_hash(self) -> str:
        """As much of the hash as people are shown."""
        return self.plan_hash[:HASH_SHOWN]


@dataclass(frozen=True, slots=True)
class Freezing:
    """What freezing one event's plan came to: `added`, or the same plan stood since `frozen.frozen_at`."""

    event: Event
    frozen: FrozenPlan
    added: bool


def freeze_plans(connection: duckdb.DuckDBPyConnection, brand: Brand, events: Iterable[Event]) -> list[Freezing]:
    """Freeze the plan of each event, inside the transaction of `connection`.

    A plan equal to the last one of its event is not added again. One that went back to an earlier plan is: what stands
    is the last word.
    """
    done = []
    for event in events:
        frozen = list_plans(connection, brand.slug, event.id)
        if frozen and is_in_force(frozen[-1], brand, event):
            done.append(Freezing(event, frozen[-1], False))
            continue
        moment = now()
        plan = write_plan(collect_parts(brand, event, moment.date()))
        added = FrozenPlan(brand.slug, event.id, moment, hash_plan(plan), plan)
        connection.execute(
            statement("insert_plan"),
            {
                "brand": added.brand,
                "event_id": added.event_id,
                "frozen_at": added.frozen_at,
                "plan_hash": added.plan_hash,
                "plan": added.plan,
            },
        )
        done.append(Freezing(event, added, True))
    return done


def is_in_force(frozen: FrozenPlan, brand: Brand, event: Event) -> bool:
    """Whether the brand file still says what was frozen."""
    return write_plan(collect_parts(brand, event, frozen.frozen_at.date())) == frozen.plan


def list_plans(
    connection: duckdb.DuckDBPyConnection, brand: str | None = None, event_id: str | None = None
) -> list[FrozenPlan]:
    """Frozen plans in order of time; of every brand, or event, where none is named."""
    rows = connection.execute(statement("list_plans"), {"brand": brand, "event_id": event_id, "plan_hash": ""})
    return [FrozenPlan(*row) for row in rows.fetchall()]


def find_plan(connection: duckdb.DuckDBPyConnection, plan_hash: str) -> list[FrozenPlan]:
    """The plan whose hash begins so, each time that it was frozen. Raises UnknownPlan."""
    asked = {"brand": None, "event_id": None, "plan_hash": plan_hash.lower()}
    found = [FrozenPlan(*row) for row in connection.execute(statement("list_plans"), asked).fetchall()]
    if not plan_hash or not found:
        raise UnknownPlan(f"no plan is frozen under {plan_hash!r}; see: brandtrust plan list")
    if len({each.plan_hash for each in found}) > 1:
        raise UnknownPlan(f"several plans begin with {plan_hash!r}; give more of the hash, see: brandtrust plan list")
    return found
