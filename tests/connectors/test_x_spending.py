"""What X costs: estimated beforehand, in the ledger page by page, and never above the budget."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brands.query import parse
from connectors.batch import Asked, AuthorKey, Batch, Window
from connectors.errors import BadPayload, SpendLimit
from connectors.x_counts import Bucket, cut_by_posts
from tests.connectors.conftest import Clock
from tests.connectors.test_x import DAY, NOW, WEEK, ZOOM, connect, rows
from tests.servers.x import Fault, XServer, post

T = TypeVar("T")
POSTS = [post(n, DAY + timedelta(minutes=n), "zoom") for n in range(1, 201)]
LONG = parse(" OR ".join(["zoom", *(f"brandname{n:03}" for n in range(60))]))  # two searches


def finish(asking: Generator[Asked, None, T]) -> tuple[T, list[Asked]]:
    """What is answered in the end, and the rows of the ledger that came before it."""
    asked: list[Asked] = []
    while True:
        try:
            asked.append(next(asking))
        except StopIteration as end:
            return end.value, asked


def spent(batches: list[Batch]) -> float:
    return sum(row.cost_usd for batch in batches for row in batch.asked)


def test_every_request_stands_in_the_ledger_with_its_cost(author_key: AuthorKey, clock: Clock) -> None:
    """Posts × price for a page, a fixed price for counts; posts that are not kept are paid for too."""
    link = {"urls": [{"expanded_url": "https://example.org/zoom"}]}
    with XServer([*POSTS, post(900, DAY, "look", entities=link)], clock=clock, page=50) as server:
        connector = connect(server, author_key, clock, usd_per_post=0.01, usd_per_count=0.02)
        batches = list(connector.batches(ZOOM, WEEK, None))
        asked = [row for batch in batches for row in batch.asked]
        assert len(asked) == len(server.log)
    assert len(rows(batches)) == 200
    assert [round(row.cost_usd, 6) for row in asked] == [0.02, 0.5, 0.5, 0.5, 0.5, 0.01]
    assert [row.returned for row in asked] == [0, 50, 50, 50, 50, 1]
    assert connector.meter.spent_usd == pytest.approx(spent(batches)) == pytest.approx(2.03)
    assert sum(row.cost_usd for batch in batches for row in batch.coverage) == pytest.approx(2.01)


def test_a_killed_run_has_every_page_that_was_paid_for_in_the_ledger(author_key: AuthorKey, clock: Clock) -> None:
    """However many batches came, what X has billed is what they say: no page is held back for the next one."""
    with XServer(POSTS, clock=clock, page=50) as server:
        whole = len(list(connect(server, author_key, clock).batches(ZOOM, WEEK, None)))
        for killed_after in range(1, whole + 1):
            server.log.clear()
            saved = []
            for batch in connect(server, author_key, clock).batches(ZOOM, WEEK, None):
                saved.append(batch)
                if len(saved) == killed_after:
                    break
            billed = sum(50 * 0.005 if "/search/" in request.path else 0.010 for request in server.log)
            assert spent(saved) == pytest.approx(billed)


def test_no_count_is_asked_for_before_the_last_one_was_told(author_key: AuthorKey, clock: Clock) -> None:
    """A run that ends anywhere within its estimate, its slices or its counts has told of all that X has billed."""
    months = Window(datetime(2023, 5, 1), datetime(2023, 8, 31))
    with XServer(POSTS, clock=clock) as server:
        connector = connect(server, author_key, clock, full_archive=True)
        for asking in (
            connector.estimate(LONG, months, None),
            connector.daily_counts(LONG, date(2023, 5, 1), date(2023, 8, 31)),
        ):
            server.log.clear()
            assert [len(server.log) for _ in asking] == [1, 2, 3, 4]


def test_a_run_stops_before_the_page_that_could_cost_too_much(author_key: AuthorKey, clock: Clock) -> None:
    """What came stays, whole slices keep their cursor, the rest is failed, and the error says what was spent."""
    batches: list[Batch] = []
    with XServer(POSTS, clock=clock, page=20) as server:
        connector = connect(server, author_key, clock, budget_usd=0.67, slice_posts=70)
        with pytest.raises(SpendLimit, match=r"0\.67 of 0\.67 USD are spent: raise max_usd_per_run"):
            batches.extend(connector.batches(ZOOM, WEEK, None))
        sizes = [int(request.params["max_results"]) for request in server.searches]
    assert spent(batches) == pytest.approx(connector.meter.spent_usd) == pytest.approx(0.67)
    assert len(rows(batches)) == 132
    assert sizes[-1] == 13  # no more than was left
    cursors = [batch.cursor for batch in batches if batch.cursor]
    spans = [row for batch in batches for row in batch.coverage]
    assert cursors
    assert [span.failed for span in spans] == [*[False] * len(cursors), True]
    assert "USD" in batches[-1].asked[-1].problem
    assert batches[-1].asked[-1].cost_usd == 0


@settings(max_examples=settings.default.max_examples // 2)
@given(st.floats(0, 2.5), st.integers(10, 60))
def test_no_budget_is_ever_exceeded(budget: float, page: int) -> None:
    """Whatever it is, however the pages fall."""
    clock = Clock()
    with XServer(POSTS, clock=clock, page=page) as server:
        connector = connect(server, lambda *_: "key", clock, budget_usd=budget, slice_posts=40)
        batches: list[Batch] = []
        try:
            batches.extend(connector.batches(ZOOM, WEEK, None))
            assert len(rows(batches)) == 200
        except SpendLimit:
            assert budget < 200 * 0.005 + 0.010 + 10 * 0.005
    assert connector.meter.spent_usd == pytest.approx(spent(batches))
    assert spent(batches) <= budget + 1e-6


def test_the_estimate_is_asked_of_the_counts(author_key: AuthorKey, clock: Clock) -> None:
    """Posts × price and what the counting costs, with the ledger's rows; no post is read."""
    with XServer(POSTS, clock=clock) as server:
        connector = connect(server, author_key, clock, usd_per_post=0.01, usd_per_count=0.02)
        estimate, asked = finish(connector.estimate(ZOOM, WEEK, None))
        assert server.searches == []
        batches = list(connector.batches(ZOOM, WEEK, None))
        counted = [request for request in server.log if "/counts/" in request.path]
    assert (estimate.posts, estimate.usd) == (200, pytest.approx(2.02))
    assert [row.cost_usd for row in asked] == [0.02]
    assert len(counted) == 1  # the run uses what the estimate has paid for
    assert spent(batches) + 0.02 == pytest.approx(estimate.usd)


def test_a_run_within_its_estimate_ends_within_its_budget(author_key: AuthorKey, clock: Clock) -> None:
    """A budget of just what was estimated is enough: no page is refused for what it could have cost."""
    with XServer(POSTS, clock=clock) as server:
        connector = connect(server, author_key, clock, budget_usd=200 * 0.005 + 0.010)
        estimate, _ = finish(connector.estimate(ZOOM, WEEK, None))
        assert estimate.usd == pytest.approx(1.01)
        assert len(rows(connector.batches(ZOOM, WEEK, None))) == 200


def test_an_estimate_of_nothing_costs_nothing(author_key: AuthorKey, clock: Clock) -> None:
    """An empty window is not asked for."""
    with XServer(clock=clock) as server:
        asking = connect(server, author_key, clock).estimate(ZOOM, Window(NOW + timedelta(days=1)), None)
        estimate, asked = finish(asking)
        assert (estimate.posts, estimate.usd, asked, server.log) == (0, 0.0, [], [])


def test_a_long_backfill_is_counted_month_by_month(author_key: AuthorKey, clock: Clock) -> None:
    """31 days a request, just before they are read: who stops early has not paid for counting the rest."""
    posts = [post(n, datetime(2023, 1, 1) + timedelta(days=n), "zoom") for n in range(1, 200)]
    window = Window(datetime(2023, 1, 1), datetime(2023, 8, 1))
    with XServer(posts, clock=clock) as server:
        connector = connect(server, author_key, clock, full_archive=True)
        batches = connector.batches(ZOOM, window, None)
        cursors = [batch.cursor for batch in (next(batches) for _ in range(3))]
        assert len([request for request in server.log if "/counts/" in request.path]) == 1
        rest = list(batches)
        assert len([request for request in server.log if "/counts/" in request.path]) == 7
    assert cursors == [None, None, "2023-02-01T00:00:00"]
    assert rest[-1].cursor == "2023-08-01T00:00:00"


def test_days_are_counted_for_signals(author_key: AuthorKey, clock: Clock) -> None:
    """Whole UTC days that are over, with zeros; each request has a row of the ledger."""
    with XServer(POSTS, clock=clock) as server:
        connector = connect(server, author_key, clock)
        counts, asked = finish(connector.daily_counts(ZOOM, date(2023, 8, 29), date(2023, 9, 2)))
        assert [request.params["granularity"] for request in server.log] == ["day"]
    assert counts == [(date(2023, 8, 29), 0), (date(2023, 8, 30), 200), (date(2023, 8, 31), 0)]
    assert [row.cost_usd for row in asked] == [0.010]


def test_days_out_of_reach_are_not_counted(author_key: AuthorKey, clock: Clock) -> None:
    """Recent counts end after seven days: a day that is cut would look like a dip."""
    with XServer(POSTS, clock=clock) as server:
        connector = connect(server, author_key, clock)
        recent, _ = finish(connector.daily_counts(ZOOM, date(2023, 8, 1), date(2023, 9, 1)))
        whole = connect(server, author_key, clock, full_archive=True)
        archive, _ = finish(whole.daily_counts(ZOOM, date(2023, 6, 1), date(2023, 9, 1)))
        nothing, _ = finish(connector.daily_counts(ZOOM, date(2023, 9, 1), date(2023, 9, 5)))
    assert recent[0][0] == date(2023, 8, 26)
    assert [day for day, _ in archive] == [date(2023, 6, 1) + timedelta(days=n) for n in range(92)]
    assert (dict(archive)[date(2023, 8, 30)], nothing) == (200, [])


def test_several_searches_are_counted_together(author_key: AuthorKey, clock: Clock) -> None:
    """A query that X takes in two pieces is counted in two."""
    more = [post(n, DAY + timedelta(minutes=n), "brandname059") for n in range(500, 507)]
    with XServer([*POSTS, *more], clock=clock) as server:
        connector = connect(server, author_key, clock)
        estimate, asked = finish(connector.estimate(LONG, WEEK, None))
        counts, _ = finish(connector.daily_counts(LONG, date(2023, 8, 30), date(2023, 8, 31)))
        batches = list(connector.batches(LONG, WEEK, None))
    assert (estimate.posts, len(asked)) == (207, 2)
    assert counts == [(date(2023, 8, 30), 207)]
    assert len(rows(batches)) == 207


def test_counts_of_another_form_are_told(author_key: AuthorKey, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """No number, no time, no list: BadPayload, and what was paid for it is in the ledger."""
    bodies: list[Any] = [
        {"data": {}, "meta": {}},
        {"data": [{"start": "2023-08-30T00:00:00Z"}], "meta": {}},
        {"data": []},
        {"data": ["x"], "meta": {}},
    ]
    for body in bodies:
        with XServer(clock=clock) as server:
            monkeypatch.setattr(server, "_counts", lambda params, *, archive, body=body: body)
            batches: list[Batch] = []
            with pytest.raises(BadPayload):
                batches.extend(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
        assert spent(batches) == pytest.approx(0.010)
        assert batches[-1].coverage[0].failed


def test_requests_that_fail_cost_nothing(author_key: AuthorKey, clock: Clock) -> None:
    """X bills what it gives."""
    with XServer(POSTS, clock=clock) as server:
        server.faults.extend([Fault(status=500), None, Fault(status=503)])
        batches = list(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
    assert spent(batches) == pytest.approx(200 * 0.005 + 0.010)


HOURS = st.lists(st.integers(0, 500), min_size=1, max_size=40)


@given(HOURS, st.integers(10, 200))
def test_slices_are_neighbours_and_hold_what_they_may(counts: list[int], most: int) -> None:
    """They cover the whole time, in order, and none of several hours holds more posts than it may."""
    buckets = [Bucket(DAY + timedelta(hours=n), DAY + timedelta(hours=n + 1), count) for n, count in enumerate(counts)]
    end = DAY + timedelta(hours=len(counts))
    slices = cut_by_posts(buckets, DAY, end, most)
    assert (slices[0][0], slices[-1][1]) == (DAY, end)
    assert all(one[1] == following[0] for one, following in pairwise(slices))
    for start, until in slices:
        assert start < until
        inside = [bucket for bucket in buckets if start <= bucket.start and bucket.end <= until]
        assert len(inside) <= 1 or sum(bucket.posts for bucket in inside) <= most
    assert len(slices) <= len(counts) + sum(count // most for count in counts)
