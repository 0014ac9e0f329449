"""A source that no look reaches any more is named; one that answers is not, whatever it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from analytics.alerts.stopped import StoppedSource, find_stopped
from analytics.store import Store
from tests.posts import covered

START = datetime(2026, 3, 2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Look = Callable[..., None]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store.duckdb")


@pytest.fixture
def look(store: Store) -> Look:
    """Look at a source: a run up to each of these times, with a row of coverage from an hour before on.

    Or, of one run, `rows` of its own.
    """
    numbers = count()

    def add(source: str, *moments: datetime, rows: Sequence[dict[str, Any]] = (), **coverage: object) -> None:
        runs = [rows] if rows else [[{**covered(moment - HOUR, 1 / 24), **coverage}] for moment in moments]
        written = [
            [f"run {number}", "acme", source, "q1", *row.values()]
            for run, number in zip(runs, numbers, strict=False)
            for row in run
        ]
        with store.transaction() as connection:
            connection.executemany(f"INSERT INTO coverage VALUES ({', '.join('?' * 11)})", written)

    return add


def hourly(first: datetime, last: datetime, step: timedelta = HOUR) -> list[datetime]:
    return [first + number * step for number in range((last - first) // step + 1)]


def stopped(store: Store, *sources: str, until: datetime = START + 365 * DAY) -> list[StoppedSource]:
    with store.writer() as connection:
        return find_stopped(connection, "acme", sources or ("forum", "chat"), until)


def test_a_source_that_fails_every_run_is_named_after_a_day(store: Store, look: Look) -> None:
    """Since its last look that succeeded, with the number of those in vain; not before a day has passed."""
    look("forum", *hourly(START, START + 30 * HOUR, 6 * HOUR))
    look("chat", *hourly(START, START + 6 * HOUR, 6 * HOUR))
    look("chat", *hourly(START + 12 * HOUR, START + 24 * HOUR, 6 * HOUR), failed=True)
    assert stopped(store, until=START + 29 * HOUR) == []
    look("chat", START + 30 * HOUR, failed=True)
    assert stopped(store) == [StoppedSource("chat", START + 6 * HOUR, 4, START + 12 * HOUR)]


def test_a_source_that_only_answers_is_well(store: Store, look: Look) -> None:
    """In which nobody speaks for weeks, or that holds more than it gives."""
    look("forum", *hourly(START, START + 20 * DAY, DAY))
    look("chat", *hourly(START, START + 20 * DAY, DAY), returned=0)
    look("shop", *hourly(START, START + 20 * DAY, DAY), capped=True)
    assert stopped(store, "forum", "chat", "shop") == []


def test_a_source_that_is_no_longer_asked_is_named_by_its_own_rhythm(store: Store, look: Look) -> None:
    """One that was asked weekly, beside one asked daily, is named after three weeks; a daily one after three days."""
    look("forum", *hourly(START, START + 28 * DAY, DAY))
    look("weekly", *hourly(START - 70 * DAY, START, 7 * DAY))
    look("daily", *hourly(START - 10 * DAY, START, DAY))
    sources = ("forum", "weekly", "daily")
    assert stopped(store, *sources, until=START + 2 * DAY) == []
    assert stopped(store, *sources, until=START + 3 * DAY) == [StoppedSource("daily", START, 0, START)]
    assert [each.source for each in stopped(store, *sources, until=START + 21 * DAY)] == ["daily", "weekly"]


def test_one_failure_of_a_source_that_is_asked_daily_is_none(store: Store, look: Look) -> None:
    """The next look may succeed; after the second one nobody waits for its rhythm."""
    look("forum", *hourly(START, START + 11 * DAY, DAY))
    look("chat", *hourly(START, START + 9 * DAY, DAY))
    look("chat", START + 10 * DAY, failed=True)
    assert stopped(store, until=START + 10 * DAY) == []
    look("chat", START + 11 * DAY, failed=True)
    assert [(each.source, each.in_vain) for each in stopped(store)] == [("chat", 2)]


def test_a_source_that_has_never_answered_is_named(store: Store, look: Look) -> None:
    """Since it was first asked."""
    look("forum", *hourly(START, START + 2 * DAY, DAY))
    look("chat", *hourly(START, START + 2 * DAY, DAY), failed=True)
    assert stopped(store) == [StoppedSource("chat", None, 3, START)]
    assert stopped(store)[0].since == START


def test_where_every_source_fails_each_is_named_and_where_none_is_asked_none_is(store: Store, look: Look) -> None:
    """That nobody collects at all is told otherwise, in one line."""
    for source in ("forum", "chat"):
        look(source, *hourly(START, START + DAY, HOUR))
    assert stopped(store) == []
    for source in ("forum", "chat"):
        look(source, *hourly(START + 2 * DAY, START + 3 * DAY, DAY), failed=True)
    assert [(each.source, each.given_until) for each in stopped(store)] == [
        ("chat", START + DAY),
        ("forum", START + DAY),
    ]


def test_only_sources_that_are_asked_for_and_of_the_brand_are_looked_at(store: Store, look: Look) -> None:
    """An archive is read once, and one that was taken out of the brand file is not missed; nor do they name others."""
    look("archive", START)
    look("removed", *hourly(START, START + DAY, HOUR))
    look("forum", *hourly(START, START + 10 * DAY, DAY))
    assert stopped(store, "forum") == []
    assert [each.source for each in stopped(store, "forum", "removed")] == ["removed"]


def test_a_failed_part_a_backfill_and_a_wrong_clock_are_no_end(store: Store, look: Look) -> None:
    """A run counts as far as it came; time long ago that cannot be had says nothing of today."""
    look("forum", *hourly(START, START + 5 * DAY, DAY))
    for day in range(6):
        moment = START + day * DAY
        rows = [covered(moment - DAY, 0.9), covered(moment - 0.1 * DAY, 0.1, failed=True)]
        look("chat", rows=rows)
    look("chat", START - 300 * DAY, START - 299 * DAY, failed=True)
    look("forum", START + 200 * DAY)
    assert stopped(store, until=START + 5 * DAY) == []


def test_what_a_source_holds_before_it_fails_is_no_answer(store: Store, look: Look) -> None:
    """A failed look that begins with time which the source no longer gives has not succeeded up to there."""
    look("forum", *hourly(START, START + 20 * DAY, DAY))
    look("chat", START)
    for day in range(1, 21):
        moment = START + day * DAY
        rows = [
            covered(moment - 30 * DAY, 23, capped=True),
            covered(moment - 7 * DAY, 7, failed=True),
        ]
        look("chat", rows=rows)
    assert stopped(store) == [StoppedSource("chat", START, 20, START + DAY)]
