"""An event is declared before its notice only where the last plan before that day is still the one in force."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from analytics.plan import freezing
from analytics.plan.declarations import DECLARED, EXPLORATORY, Declaration, judge_plans
from analytics.plan.freezing import Freezing, UnknownPlan, find_plan, freeze_plans, list_plans
from analytics.store import Store
from brands.brand_file import Brand
from tests.analytics.plan.test_parts import read, write_brand

NOTICED = date(2023, 8, 6)
JULY, NOON = datetime(2023, 7, 1, 12), datetime(2023, 8, 6, 12)
At = Callable[[datetime], None]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store without posts."""
    return Store(tmp_path / "a.duckdb")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Set the clock by which plans are frozen."""
    return lambda moment: monkeypatch.setattr(freezing, "now", lambda: moment)


def freeze(store: Store, brand: Brand) -> Freezing:
    """Freeze the plan of the first event."""
    with store.transaction() as connection:
        return freeze_plans(connection, brand, brand.events[:1])[0]


def judge(store: Store, brand: Brand) -> Declaration:
    """The status of the first event."""
    with store.writer() as connection:
        return judge_plans(brand, brand.events[0], list_plans(connection, brand.slug, brand.events[0].id))


def noticed(folder: Path, **changed: object) -> Brand:
    """The brand file once the notice is known, with its answer and reversal."""
    dates = f"effective = 2023-07-27\nnoticed = {NOTICED}\nresponded = 2023-08-07\nreversed = 2023-08-11"
    return read(folder, write_brand(**{"event": f"{dates}\nconfirmed = true", **changed}))  # type: ignore[arg-type]


def test_a_plan_frozen_before_any_date_was_known_is_declared(tmp_path: Path, store: Store, at: At) -> None:
    """The best time to freeze: all dates are entered afterwards, and none of them makes the plan another one."""
    at(JULY)
    frozen = freeze(store, read(tmp_path, write_brand())).frozen
    found = judge(store, noticed(tmp_path))
    assert (found.status, found.frozen) == (DECLARED, frozen)
    assert found.reason == f"Plan {frozen.short_hash}, frozen on 2023-07-01, before the notice (2023-08-06)."


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (datetime(2023, 8, 5, 23, 59, 59), DECLARED),
        (datetime(2023, 8, 6), EXPLORATORY),
        (datetime(2023, 9, 1), EXPLORATORY),
    ],
)
def test_the_day_tested_must_not_have_begun(
    tmp_path: Path, store: Store, at: At, moment: datetime, status: str
) -> None:
    """Up to the last second before it, in UTC."""
    at(moment)
    freeze(store, read(tmp_path, write_brand(event="effective = 2023-07-27")))
    found = judge(store, noticed(tmp_path))
    assert found.status == status
    if status == EXPLORATORY:
        assert found.reason == f"The plan was frozen on {moment:%Y-%m-%d}, not before the notice (2023-08-06)."


def test_without_a_plan_an_event_is_exploratory(tmp_path: Path, store: Store) -> None:
    """And says so."""
    found = judge(store, noticed(tmp_path))
    assert (found.status, found.reason, found.frozen) == (EXPLORATORY, "No plan was frozen.", None)


def test_what_was_changed_afterwards_is_named(tmp_path: Path, store: Store, at: At) -> None:
    """A peer left out and other themes, once the posts could be looked at."""
    at(JULY)
    freeze(store, read(tmp_path, write_brand()))
    changed = noticed(tmp_path, peers={"Bolt": "bolt"}, themes=["consent"])
    found = judge(store, changed)
    assert found.status == EXPLORATORY
    assert found.reason == (
        "What was asked differs from the plan frozen on 2023-07-01 in: themes, taxonomy, masked names, peers."
    )
    at(NOON)  # to freeze it now comes too late
    freeze(store, changed)
    assert judge(store, changed).reason == found.reason


def test_freezing_the_same_plan_again_adds_nothing(tmp_path: Path, store: Store, at: At) -> None:
    """It stands since the first time; its dates that have come meanwhile change nothing."""
    at(JULY)
    first = freeze(store, read(tmp_path, write_brand()))
    at(NOON)
    again = freeze(store, noticed(tmp_path))
    assert (first.added, again.added, again.frozen) == (True, False, first.frozen)


def test_a_plan_that_was_taken_back_declares_nothing(tmp_path: Path, store: Store, at: At) -> None:
    """Who freezes two plans and later keeps to the one that suits better has not said beforehand which."""
    at(JULY)
    freeze(store, read(tmp_path, write_brand()))
    at(datetime(2023, 7, 2))
    freeze(store, read(tmp_path, write_brand(query="acme")))
    assert judge(store, noticed(tmp_path)).reason == (
        "What was asked differs from the plan frozen on 2023-07-02 in: query."
    )
    at(datetime(2023, 7, 3))  # in time the first one may come back, as a third row
    assert freeze(store, read(tmp_path, write_brand())).added
    found = judge(store, noticed(tmp_path))
    assert found.status == DECLARED
    assert found.reason.endswith("it took the place of 2 earlier ones.")


def test_a_past_date_that_is_moved_afterwards_is_another_plan(tmp_path: Path, store: Store, at: At) -> None:
    """Which weeks are no usual ones may not be chosen once the posts are there."""
    at(datetime(2023, 8, 1))
    freeze(store, read(tmp_path, write_brand(event="effective = 2023-07-27")))
    moved = noticed(tmp_path, event=f"effective = 2023-07-20\nnoticed = {NOTICED}")
    assert judge(store, moved).reason.endswith("differs from the plan frozen on 2023-08-01 in: known dates.")


def test_a_day_tested_that_is_no_notice_is_called_so(tmp_path: Path, store: Store, at: At) -> None:
    """Without a notice the day of effect is tested."""
    at(JULY)
    freeze(store, read(tmp_path, write_brand()))
    found = judge(store, read(tmp_path, write_brand(event="effective = 2023-07-27")))
    assert found.status == DECLARED
    assert "before the day tested (2023-07-27)" in found.reason


def test_a_plan_is_kept_as_it_was_hashed(tmp_path: Path, store: Store, at: At) -> None:
    """The stored JSON gives the hash again, and is found by how the hash begins."""
    at(JULY)
    frozen = freeze(store, read(tmp_path, write_brand())).frozen
    with store.writer() as connection:
        found = find_plan(connection, frozen.plan_hash[:8].upper())
        assert found == [frozen]
        for unknown in ("", "0000"):
            with pytest.raises(UnknownPlan, match="plan list"):
                find_plan(connection, unknown)
    assert hashlib.sha256(found[0].plan.encode()).hexdigest() == frozen.plan_hash
    assert json.loads(found[0].plan)["event"] == "terms"
