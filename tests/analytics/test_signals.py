"""Signals beside the posts: kept once a day, unusual days found by a rule, told in the report."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.report import build_report
from analytics.report.methods import write_methods
from analytics.signals import SignalArrival, last_day, save_signal
from analytics.store import Store
from brands.brand_file import load
from flows import stages
from tests.flows.acme import write_acme

NOTICED = date(2023, 7, 2)  # of the invented brand's event


def days(level: float, count: int = 120, first: date = date(2023, 4, 1)) -> list[tuple[date, float]]:
    """A level with a small weekly wave."""
    return [(first + timedelta(days=n), level + n % 7) for n in range(count)]


def arrival(values: list[tuple[date, float]], name: str = "page_views", kind: str = "attention") -> SignalArrival:
    return SignalArrival("run-1", "acme", name, kind, values)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "brandtrust.duckdb")


def unusual(store: Store, name: str = "page_views") -> list[date]:
    store.publish()
    with store.reader() as connection:
        sql = "SELECT day FROM signals_daily WHERE name = ? AND unusual ORDER BY day"
        return [row[0] for row in connection.execute(sql, [name]).fetchall()]


def test_a_later_look_at_a_day_replaces_the_earlier(store: Store) -> None:
    """The same days again add nothing; a corrected value stands; the last day is known."""
    assert last_day(store, "acme", "page_views") is None
    assert save_signal(store, arrival(days(100))) == 120
    assert save_signal(store, arrival([(date(2023, 4, 1), 7.0), (date(2023, 8, 1), 1.0)])) == 1
    store.publish()
    with store.reader() as connection:
        rows = connection.execute("SELECT value FROM signals_daily WHERE day = '2023-04-01'").fetchall()
    assert rows == [(7.0,)]
    assert last_day(store, "acme", "page_views") == date(2023, 8, 1)


def test_a_burst_is_unusual_and_a_weekly_wave_is_not(store: Store) -> None:
    """Only the burst stands out; afterwards the usual is still that of the quiet days."""
    series = days(100)
    save_signal(store, arrival(series))
    assert unusual(store) == []
    burst = [(day, value * (6 if NOTICED <= day < NOTICED + timedelta(days=3) else 1)) for day, value in series]
    save_signal(store, arrival(burst))
    assert unusual(store) == [NOTICED + timedelta(days=n) for n in range(3)]


def test_too_short_a_past_has_no_usual(store: Store) -> None:
    """Under 28 days with a value before it, no day is called unusual."""
    first = date(2023, 4, 1)
    short = [*days(100, 20), (first + timedelta(days=20), 10_000.0)]
    save_signal(store, arrival(short))
    sparse = [(first + timedelta(days=7 * n), 10.0) for n in range(12)]
    save_signal(store, arrival([*sparse, (first + timedelta(days=84), 900.0)], "tickets", "outcome"))
    assert unusual(store) == []
    assert unusual(store, "tickets") == []


@pytest.mark.parametrize("step", [0.0, 1.0])
def test_counts_that_hardly_vary_need_more_than_a_flicker(store: Store, step: float) -> None:
    """Where nothing ever happens, two stories are no burst, three are."""
    quiet = [(day, 0.0) for day, _ in days(0)]
    quiet[80] = (quiet[80][0], 2.0 + step)
    save_signal(store, arrival(quiet))
    assert len(unusual(store)) == int(step)


def test_the_report_tells_what_speaks_for_the_notice_and_that_no_outcome_is_connected(
    store: Store, tmp_path: Path
) -> None:
    """Without signals it says so; with them it names the day, and the outcome series with its last day."""
    stages.weekly(load(write_acme(tmp_path)), store)

    def told() -> dict[str, str]:
        store.publish()
        with store.reader() as connection:
            return dict(write_methods(build_report(connection, "acme"), 0))

    before = told()
    assert "declared in the brand file. No signal beside the posts is connected" in before["When it was noticed"]
    assert before["What people did"].startswith("No outcome series is connected")
    burst = [(day, value * (9 if day == NOTICED - timedelta(days=1) else 1)) for day, value in days(100)]
    save_signal(store, arrival(burst))
    save_signal(store, arrival(days(100), "searches"))
    save_signal(store, arrival([(date(2023, 9, 1), 0.02)], "churn", "outcome"))
    after = told()
    assert "page_views first left its usual range on 1\u00a0July 2023 (900, usual 103)." in after["When it was noticed"]
    assert "searches: no unusual day" in after["When it was noticed"]
    assert "churn (to 1\u00a0September 2023)" in after["What people did"]
