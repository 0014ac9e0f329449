"""Slices of time: what one question misses stops no other, and nothing after it is called done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from connectors.batch import Batch
from connectors.errors import AuthError, ConnectorError, Unavailable
from connectors.items import Item, Reader
from connectors.walking import Page, walk, walk_slice

START = datetime(2023, 8, 1)
DAY = timedelta(days=1)
SPAN = (START, START + 3 * DAY)
CLOSED = AuthError("news", "there", "closed")


def reader() -> Reader:
    return Reader("news", lambda source, handle: handle, START, None)


def item(start: datetime, name: str) -> Item:
    return Item(f"{name}-{start:%d}", start, "zoom")


def collect(batches: Iterator[Batch]) -> tuple[list[Batch], ConnectorError | None]:
    came: list[Batch] = []
    try:
        for batch in batches:
            came.append(batch)  # noqa: PERF402 - what came before an error counts
    except ConnectorError as problem:
        return came, problem
    return came, None


def test_a_question_that_fails_stops_no_other_and_no_later_slice() -> None:
    """All days of the part that answers come; there is no cursor from the failing slice on; the problem comes last."""

    def pages(start: datetime, until: datetime) -> Iterator[Page]:
        yield Page("one", [item(start, "one")])
        if start == START + DAY:
            yield Page("two", problem=CLOSED)
        else:
            yield Page("two", [item(start, "two")])

    batches, problem = collect(walk(reader(), SPAN, DAY, pages, None))
    ids = [post for batch in batches for post in batch.posts.column("post_id").to_pylist()]
    assert problem is CLOSED
    assert sorted(ids) == ["one-01", "one-02", "one-03", "two-01", "two-03"]
    assert [batch.cursor for batch in batches if batch.coverage] == ["2023-08-02T00:00:00", None, None]
    assert [row.failed for batch in batches for row in batch.coverage] == [False, True, False]
    assert [row.problem for batch in batches for row in batch.asked if row.problem] == ["news: closed (there)"]


def test_a_fault_of_all_ends_the_walk_with_what_came() -> None:
    """What came before it is there, its slice is failed, and later slices are not asked for."""
    asked = []

    def pages(start: datetime, until: datetime) -> Iterator[Page]:
        asked.append(start)
        yield Page("one", [item(start, "one")])
        if start == START + DAY:
            raise Unavailable("news", "there", "HTTP 500")

    batches, problem = collect(walk(reader(), SPAN, DAY, pages, None))
    assert isinstance(problem, Unavailable)
    assert len(asked) == 2
    assert sum(batch.posts.num_rows for batch in batches) == 2
    assert batches[-1].coverage[0].failed
    assert batches[-1].asked[-1].problem


def test_what_lies_before_a_cap_is_capped_and_the_rest_is_complete() -> None:
    """A listing that ends early: one row up to its oldest item, one from there on, which has the posts."""
    middle = START + DAY

    def pages(start: datetime, until: datetime) -> Iterator[Page]:
        yield Page("one", [item(middle, "one")], requested=100, cut_before=middle)

    batches, problem = collect(walk_slice(reader(), *SPAN, pages))
    assert problem is None
    rows = [row for batch in batches for row in batch.coverage]
    assert [(row.window_start, row.window_end, row.capped, row.returned) for row in rows] == [
        (START, middle, True, 0),
        (middle, SPAN[1], False, 1),
    ]
    assert batches[-1].asked[0].capped


def test_what_was_paid_for_is_given_before_the_next_is_asked_for() -> None:
    """With `at_once` no page waits for another."""
    asked = []

    def pages(start: datetime, until: datetime) -> Iterator[Page]:
        for name in ("one", "two"):
            asked.append(name)
            yield Page(name, [item(start, name)], cost_usd=0.5)

    batches = walk_slice(reader(), *SPAN, pages, at_once=True)
    first = next(batches)
    assert (asked, first.posts.num_rows, first.asked[0].cost_usd) == (["one"], 1, 0.5)
    rest = list(batches)
    assert rest[-1].coverage[0].cost_usd == pytest.approx(1.0)
    assert rest[-1].posts.num_rows == 0


def test_every_request_is_a_row_even_without_an_item() -> None:
    """Empty answers are in the ledger, in order, whether or not posts came between."""

    def pages(start: datetime, until: datetime) -> Iterator[Page]:
        for number in range(5):
            yield Page(f"q{number}", [item(start, "x")] if number == 2 else [])

    batches, _ = collect(walk_slice(reader(), START, START + DAY, pages))
    assert [row.search for batch in batches for row in batch.asked] == [f"q{number}" for number in range(5)]
