"""What was asked before: holes in what is covered, and what was spent."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.store import Store, now
from analytics.store.ledger import find_holes, find_spent
from analytics.store.saving import Arrival, Listener, record_questions, save_arrival
from connectors.posts import no_posts
from tests.stores import NewStore

START = datetime(2023, 8, 1)
END = datetime(2023, 8, 11)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def covered(start: float, end: float, **more: bool) -> dict[str, Any]:
    row = {"requested": None, "returned": 0, "capped": False, "failed": False, "cost_usd": 0.0}
    return {**row, "window_start": day(start), "window_end": day(end), **more}


def asked(cost: float, at: datetime = START, problem: str = "") -> dict[str, Any]:
    window = {"window_start": START, "window_end": END}
    return {
        **window, "asked_at": at, "search": "zoom", "requested": 100, "returned": 7, "capped": False,
        "cost_usd": cost, "problem": problem,
    }  # fmt: skip


def save(store: Store, coverage: list[dict[str, Any]], requests: list[dict[str, Any]], run: str = "run-1") -> None:
    listener = Listener("zoom", "q1", "all")
    save_arrival(store, Arrival(run, "x", "q1", "live", [listener], no_posts(), coverage=coverage, asked=requests))


def test_what_was_never_asked_failed_or_capped_is_a_hole(store: Store) -> None:
    """Complete answers close holes; everything else leaves them open, and holes stay within what is wanted."""
    assert find_holes(store, "x", "q1", START, END) == [(START, END)]
    save(
        store,
        [covered(-5, 2), covered(3, 4), covered(4, 5, failed=True), covered(6, 8, capped=True), covered(9, 20)],
        [],
    )
    assert find_holes(store, "x", "q1", START, END) == [(day(2), day(3)), (day(4), day(9))]
    assert find_holes(store, "x", "another query", START, END) == [(START, END)]
    assert find_holes(store, "y", "q1", START, END) == [(START, END)]


@settings(
    max_examples=settings.default.max_examples // 10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(spans=st.lists(st.tuples(st.integers(-3, 12), st.integers(1, 5)), max_size=8))
def test_holes_and_coverage_together_are_the_whole_time(new_store: NewStore, spans: list[tuple[int, int]]) -> None:
    """An hour is in a hole exactly where no complete window holds it; asking for the holes leaves none."""
    store = new_store(secrets.token_hex(8))
    save(store, [covered(start, start + length) for start, length in spans], [])
    holes = find_holes(store, "x", "q1", START, END)
    for hour in range(240):
        moment = START + timedelta(hours=hour)
        inside = any(day(start) <= moment < day(start + length) for start, length in spans)
        assert inside != any(since <= moment < until for since, until in holes)
    save(store, [covered((since - START).days, (until - START).days) for since, until in holes], [])
    assert find_holes(store, "x", "q1", START, END) == []


def test_spend_is_counted_by_run_and_month(store: Store) -> None:
    """A cent is a cent: sums are exact, other sources and other months do not count, failed requests are rows."""
    assert find_spent(store, "x", "run-1", START) == (0.0, 0.0)
    save(store, [], [asked(0.1), asked(0.2), asked(0.0, problem="x: HTTP 500 (there)")])
    save(store, [], [asked(0.4), asked(5.0, datetime(2023, 7, 31, 23, 59))], run="run-2")
    assert find_spent(store, "x", "run-1", START) == (0.3, 0.7)
    assert find_spent(store, "hackernews", "run-1", START) == (0.0, 0.0)
    store.publish()
    with store.reader() as connection:
        months = connection.execute("SELECT * FROM spend_monthly ORDER BY month").fetchall()
        problems = connection.execute("SELECT count(*) FROM source_requests WHERE problem <> ''").fetchall()
    assert [(row[2], row[3], row[5]) for row in months] == [(1, 0, 5.0), (4, 1, 0.7)]
    assert problems == [(1,)]


@pytest.mark.long
def test_the_days_of_a_source_cost_what_its_months_cost(store: Store) -> None:
    """Whatever was asked, counted or lost on the way, coverage_daily and spend_monthly add up to the same sum."""
    record_questions(store, [("zoom", "x", "q2")])  # what the brand asks now; q1 is what it asked before

    @settings(max_examples=8, deadline=None)
    @given(
        ledger=st.lists(
            st.tuples(
                st.sampled_from(["q1", "q2"]),
                st.booleans(),  # whether the time was collected, or its posts only counted
                st.integers(-20, 20),
                st.sampled_from([0.0, 0.005, 0.01, 0.1, 2.5]),
            ),
            max_size=8,
        )
    )
    def holds(ledger: list[tuple[str, bool, int, float]]) -> None:
        with store.transaction() as connection:
            connection.execute("DELETE FROM coverage")
            connection.execute("DELETE FROM requests")
        for question in {row[0] for row in ledger}:
            mine = [row[1:] for row in ledger if row[0] == question]
            coverage = [{**covered(start, start + 3), "cost_usd": cost} for brought, start, cost in mine if brought]
            requests = [{**asked(cost), "window_start": day(start)} for _, start, cost in mine]
            listeners = [Listener("zoom", question, "all"), Listener("webex", question, "all")]
            save_arrival(
                store, Arrival("run-1", "x", question, "live", listeners, no_posts(), coverage=coverage, asked=requests)
            )
        with store.writer() as connection:
            of_days, of_months = (
                connection.execute(f"SELECT coalesce(sum(cost_usd), 0) FROM {view}").fetchall()[0][0]
                for view in ("coverage_daily", "spend_monthly")
            )
        assert of_days == pytest.approx(of_months)
        assert of_months == pytest.approx(sum(cost for *_, cost in ledger))

    holds()


def test_counting_posts_covers_no_day(store: Store) -> None:
    """What a count cost stands on the day its time begins and moves no bound: the days with rows stay the same."""
    save(store, [covered(0, 1)], [asked(0.05), {**asked(0.01), "window_start": day(-30)}])
    with store.writer() as connection:
        days = connection.execute("SELECT min(day), count(*), sum(cost_usd) FROM coverage_daily").fetchall()
        paid = connection.execute("SELECT day, status FROM coverage_daily WHERE cost_usd > 0").fetchall()
    assert days == [(START.date() - timedelta(days=1), 7, pytest.approx(0.06))]
    assert paid == [(START.date(), "complete")]


def test_what_a_clock_that_was_ahead_covered_is_a_hole(store: Store) -> None:
    """A row that ends in the future was written by a wrong clock: what lies under it is asked for again."""
    ahead = {**covered(0, 1), "window_end": now() + timedelta(days=3)}
    save(store, [ahead], [])
    assert find_holes(store, "x", "q1", START, END) == [(START, END)]
