"""What every connector promises, as checks that raise AssertionError, and one case for each connector.

A new connector joins by a case and its name in CASES; `test_every_connector.py` then holds it to all of this.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from brands.brand_file import Columns, Source
from brands.query import Query, parse
from connectors.batch import METRICS_SCHEMA, POSTS_SCHEMA, AuthorKey, Batch, Connector, Window
from connectors.registry import open_source
from tests.servers.algolia import AlgoliaServer, comment, story

COLLECTED_AT = datetime(2023, 9, 1, 12)
WINDOW = Window(datetime(2023, 8, 1), datetime(2023, 9, 1))


@dataclass
class Case:
    """A connector with a source behind it whose content is known."""

    open: Callable[[], Connector]
    expected: set[str]  # ids of all posts that it must give
    handles: Sequence[str]  # names that must not come out of it
    grow: Callable[[], str]  # adds a post a minute older than the window's end, as a late index does; gives its id
    query: Query = field(default_factory=lambda: parse("zoom"))
    window: Window = WINDOW


@dataclass
class Store:
    """As the real one: rows, cursor and nothing else survive, and they are saved together."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    cursor: str | None = None

    def collect(self, case: Case, stop_after: int | None = None, connector: Connector | None = None) -> int:
        """Save what comes, as far as batch `stop_after` (from 1). Gives the number of batches."""
        batches = (connector or case.open()).batches(case.query, case.window, self.cursor)
        count = 0
        for count, batch in enumerate(batches, start=1):
            self.rows |= {row["post_id"]: row for row in batch.posts.to_pylist()}
            self.cursor = batch.cursor or self.cursor
            if count == stop_after:
                break
        return count


# Checks -----------------------------------------------------------------------------------------------------------


def check_schema(batches: Sequence[Batch]) -> None:
    """Posts and metrics are of the pinned schema, and what must not be NULL is not."""
    for batch in batches:
        assert batch.posts.schema.equals(POSTS_SCHEMA)
        batch.posts.validate(full=True)
        for column in POSTS_SCHEMA:
            assert column.nullable or batch.posts.column(column.name).null_count == 0
        if batch.metrics is not None:
            assert batch.metrics.schema.equals(METRICS_SCHEMA)
            known = pa.array(batch.posts.column("post_id").to_pylist())
            assert set(batch.metrics.column("post_id").to_pylist()) <= set(known.to_pylist())


def check_ids_unique(batches: Sequence[Batch]) -> None:
    """No id comes twice in one run."""
    ids = [post_id for batch in batches for post_id in batch.posts.column("post_id").to_pylist()]
    assert ids
    assert len(ids) == len(set(ids))


def check_times(batches: Sequence[Batch], window: Window) -> None:
    """Times are UTC without a zone and lie in the window, and coverage does not claim more than the window."""
    assert window.since is not None
    assert window.until is not None
    for batch in batches:
        for created in batch.posts.column("created_at").to_pylist():
            assert window.since <= created < window.until
        for row in batch.coverage:
            assert window.since <= row.window_start < row.window_end <= window.until


def check_accounted(batches: Sequence[Batch]) -> None:
    """Every record that was read is a post, rejected, outside the window or not matching; coverage counts the posts."""
    for batch in batches:
        parts = batch.posts.num_rows + len(batch.rejected) + batch.outside + batch.not_matching
        assert batch.read == parts
    posts = sum(batch.posts.num_rows for batch in batches)
    assert posts == sum(row.returned for batch in batches for row in batch.coverage)
    assert sum(batch.read for batch in batches) >= posts > 0


def check_no_handle(batches: Sequence[Batch], handles: Sequence[str], *said: str) -> None:
    """No name stands in any column, rejected record, repr or log."""
    assert handles
    told = [repr([batch.posts.to_pylist() for batch in batches]), repr(batches), *said]
    for handle in handles:
        assert not any(handle in text for text in told)


def check_complete(batches: Sequence[Batch], expected: set[str]) -> None:
    """All posts came, and the run ends with a cursor."""
    assert {post_id for batch in batches for post_id in batch.posts.column("post_id").to_pylist()} == expected
    assert batches[-1].cursor


def check_crash(case: Case, wrap: Callable[[Connector], Connector] = lambda connector: connector) -> None:
    """However many batches were saved before a crash, a second run from the saved cursor completes the posts."""
    batches = Store().collect(case, connector=wrap(case.open()))
    assert batches > 2, "too few batches to tell anything"
    for stop_after in range(1, batches + 1):
        store = Store()
        store.collect(case, stop_after, wrap(case.open()))
        store.collect(case, connector=wrap(case.open()))
        assert set(store.rows) == case.expected, f"after a crash at batch {stop_after}"


def check_resume(case: Case, wrap: Callable[[Connector], Connector] = lambda connector: connector) -> None:
    """A second run changes nothing; a post that turns up late, before the cursor, is still found."""
    store = Store()
    store.collect(case, connector=wrap(case.open()))
    first = dict(store.rows)
    store.collect(case, connector=wrap(case.open()))
    assert store.rows == first
    late = case.grow()
    store.collect(case, connector=wrap(case.open()))
    assert set(store.rows) == {*first, late}


# Cases ------------------------------------------------------------------------------------------------------------


@contextmanager
def archive_case(folder: Path, author_key: AuthorKey) -> Iterator[Case]:
    """A CSV file of 1,000 reviews in no order of time, with a bad record, one outside and one without an author."""
    path = folder / "reviews.csv"
    start = datetime(2023, 8, 1)
    rows = [
        [str(n), f"reviewer-{n % 50}", (start + timedelta(hours=n * 7 % 740)).isoformat(), "zoom\nagain"]
        for n in range(1_000)
    ]
    rows[10][1] = ""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "who", "at", "text"])
        writer.writerows(rows)
        writer.writerow(["bad", "reviewer-7", "the other day", "zoom"])
        writer.writerow(["old", "reviewer-7", "2022-01-01", "zoom"])
    columns = Columns(id="id", author="who", created_at="at", text="text")
    source = Source(connector="archive", name="reviews", path=path, columns=columns)

    def grow() -> str:
        with path.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(["late", "reviewer-7", "2023-08-31T23:59:00", "zoom"])
        return "late"

    yield Case(
        open=lambda: open_source(source, author_key=author_key, collected_at=COLLECTED_AT),
        expected={row[0] for row in rows},
        handles=[f"reviewer-{n}" for n in range(50)],
        grow=grow,
    )


@contextmanager
def hackernews_case(folder: Path, author_key: AuthorKey) -> Iterator[Case]:
    """250 stories and comments of a month, most of one week, where a search gives 100; others only look alike."""
    start = int(datetime(2023, 8, 1, tzinfo=UTC).timestamp())
    items = [
        comment(n, start + n * 600, f"<p>zoom &amp; terms {n}") if n % 3 else story(n, start + n * 600, f"Zoom {n}")
        for n in range(1, 231)
    ]
    items += [story(n, start + n * 6_000, "zoom", url=None) for n in range(300, 320)]
    items += [story(n, start + (n - 900) * 10_000, "zooming out", "no") for n in range(1_000, 1_050)]
    before = [story(5_000, start - 1, "zoom")]
    with AlgoliaServer([*items, *before], cap=100) as server:
        source = Source(connector="hackernews", name="hackernews", url=server.url)

        def grow() -> str:
            server.index.add(comment(6_000, start + 31 * 86_400 - 60, "zoom, at last"))
            return "6000"

        yield Case(
            open=lambda: open_source(source, author_key=author_key, collected_at=COLLECTED_AT),
            expected={hit["objectID"] for hit in items if int(hit["objectID"]) < 1_000},
            handles=[f"author{n}" for n in (1, 2, 3, 300)],
            grow=grow,
        )


CASES: list[Callable[[Path, AuthorKey], AbstractContextManager[Case]]] = [
    archive_case,
    hackernews_case,
]
