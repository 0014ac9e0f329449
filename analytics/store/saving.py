"""Saving what a connector brought: posts, mentions, coverage and cursor in one transaction; a crash loses nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.store.catalogue import statement
from analytics.store.gathering import mark_changed, put_definition_in_force
from analytics.store.given_rows import execute_with_rows, insert_rows
from analytics.store.quarantine import save_records
from analytics.store.store import Store, first_row, now
from analytics.store.waiting import let_wait

if TYPE_CHECKING:
    import duckdb

RECORDED = ("window_start", "window_end", "requested", "returned", "capped", "failed", "cost_usd")  # of coverage
ASKED = (  # of each request
    *("asked_at", "search", "window_start", "window_end"),
    *("requested", "returned", "capped", "cost_usd", "problem"),
)


@dataclass(frozen=True, slots=True)
class Listener:
    """A brand that arriving posts are held against.

    `how`: every post is about it (all), those that match `condition` (query: a SQL expression over the column
    `searched`), or those whose record names it (column). What `excluded`, such an expression too, finds never is.
    """

    brand: str
    query_hash: str
    how: Literal["all", "query", "column"]
    condition: str = "false"
    excluded: str = "false"

    @property
    def takes_all(self) -> bool:
        """Whether no post need be looked at."""
        return self.how == "all" and self.excluded == "false"

    @property
    def found(self) -> str:
        """The condition on arriving posts, with the brand as parameter $brand where it is named by a column.

        What it excludes is among them.
        """
        return {
            "all": "true",
            "query": self.condition,
            "column": "post_id IN (SELECT post_id FROM arriving_names WHERE brand = $brand)",
        }[self.how]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is saved together. Arrow batches in the pinned schemas; coverage and quarantine as plain records."""

    run_id: str
    source: str
    query_hash: str
    window: str
    listeners: Sequence[Listener]
    posts: pa.RecordBatch
    cursor: str | None = None
    metrics: pa.RecordBatch | None = None
    named_brands: pa.RecordBatch | None = None
    coverage: Sequence[Mapping[str, Any]] = ()
    asked: Sequence[Mapping[str, Any]] = ()
    rejected: Sequence[Mapping[str, Any]] = ()


@dataclass(slots=True)
class Saved:
    """How many of the arriving posts were new, and how many each brand found for the first time."""

    new: int = 0
    known: int = 0
    unmatched: int = 0  # about no brand that is listened for: not kept
    excluded: int = 0  # left out by a brand that would have found them; another brand may keep them
    withheld: int = 0  # deleted before, or by an author who is forgotten: kept away
    moved: int = 0  # of the known ones, those that came with another time than is stored
    quarantined: int = 0
    records_withheld: int = 0  # that could not be read, and were erased before or speak of what was
    mentions: dict[str, int] = field(default_factory=dict)

    def add(self, other: Saved) -> None:
        """Add another batch's counts to these."""
        self.new += other.new
        self.known += other.known
        self.unmatched += other.unmatched
        self.excluded += other.excluded
        self.withheld += other.withheld
        self.moved += other.moved
        self.quarantined += other.quarantined
        self.records_withheld += other.records_withheld
        for brand, count in other.mentions.items():
            self.mentions[brand] = self.mentions.get(brand, 0) + count


def save_arrival(store: Store, arrival: Arrival) -> Saved:
    """Write one batch in one transaction. Posts that the store has stay as they are; running it again adds nothing."""
    saved = Saved()
    with store.transaction() as connection:
        store.record_fingerprint(connection)
        if arrival.posts.num_rows:
            _save_posts(store, connection, arrival, saved)
        _save_coverage(connection, arrival)
        save_requests(
            connection, arrival.run_id, arrival.listeners[0].brand, arrival.source, arrival.query_hash, arrival.asked
        )
        saved.records_withheld = save_records(store, connection, arrival.source, arrival.run_id, arrival.rejected)
        saved.quarantined = len(arrival.rejected) - saved.records_withheld
        if arrival.cursor is not None:
            connection.execute(
                statement("upsert_cursor"), [arrival.source, arrival.query_hash, arrival.window, arrival.cursor, now()]
            )
    return saved


def saved_cursor(store: Store, source: str, query_hash: str, window: str) -> str | None:
    """Where the last run on this source, query and window ended; None for a first run."""
    if not store.exists:
        return None
    with store.writer() as connection:
        row = first_row(
            connection,
            'SELECT cursor FROM cursors WHERE source = ? AND query_hash = ? AND "window" = ?',
            [source, query_hash, window],
        )
    return str(row[0]) if row else None


def _save_posts(store: Store, connection: duckdb.DuckDBPyConnection, arrival: Arrival, saved: Saved) -> None:
    arriving = _first_of_each(arrival.posts, ["source", "post_id"], "created_at")
    places = pa.array(np.arange(arriving.num_rows))
    connection.register("arriving_posts", arriving.append_column("place", places))
    connection.execute(statement("find_known_posts"))
    any_known = _count(connection, "SELECT count(*) FROM known_posts") > 0
    connection.execute(statement("find_new_posts"))
    _match(connection, arrival)
    saved.withheld = _withhold(store, connection, arrival.source)
    if any(listener.excluded != "false" for listener in arrival.listeners):
        saved.excluded = _count(connection, statement("count_excluded_posts"))
        _drop(connection, "drop_excluded_matches")
    if not any(listener.takes_all for listener in arrival.listeners):
        saved.unmatched = _drop(connection, "drop_unmatched_posts")
    saved.new = _count(connection, "SELECT count(*) FROM new_posts")
    saved.known = arrival.posts.num_rows - saved.new - saved.unmatched - saved.withheld
    all_new = saved.new == arriving.num_rows
    if saved.new:
        new = "true" if all_new else "place IN (SELECT place FROM new_posts)"
        connection.execute(statement("insert_new_posts").replace("{new}", new))
    if any_known:
        saved.moved = _count(connection, statement("count_moved_posts"))
    put_definition_in_force(connection)
    if arrival.metrics is not None and arrival.metrics.num_rows:
        metrics = _first_of_each(arrival.metrics, ["source", "post_id", "observed_at"], "observed_at")
        connection.register("arriving_metrics", metrics)
        new = "true" if all_new else "(source, post_id) IN (SELECT (source, post_id) FROM new_posts)"
        connection.execute(statement("insert_metrics").replace("{new}", new))
        if any_known:
            connection.execute(statement("insert_metrics_of_known_posts"))
            mark_changed(connection, "SELECT source, post_id FROM known_posts")
    for number, listener in enumerate(arrival.listeners):
        saved.mentions[listener.brand] = _save_mentions(connection, number, listener, any_known)


def _first_of_each(batch: pa.RecordBatch, key: list[str], order: str) -> pa.Table:
    """The rows of which no other with the same key comes first in `order`, and of equal ones the first."""
    rows = pa.Table.from_batches([batch])
    if pc.count_distinct(rows["post_id"]).as_py() == rows.num_rows:  # as nearly always, and quick to see
        return rows
    keys = rows.select(list(dict.fromkeys([*key, order]))).to_pandas()
    return rows.take(pa.array(np.sort(keys.sort_values(order, kind="stable").drop_duplicates(key).index)))


def _match(connection: duckdb.DuckDBPyConnection, arrival: Arrival) -> None:
    """Write down which arriving posts speak of whom; of a listener to all nothing has to be."""
    if arrival.named_brands is not None:
        connection.register("arriving_names", pa.Table.from_batches([arrival.named_brands]))
    connection.execute("CREATE OR REPLACE TEMP TABLE matched_posts (listener INTEGER, place BIGINT, excluded BOOLEAN)")
    for number, listener in enumerate(arrival.listeners):
        if not listener.takes_all:
            values = {"listener": number} | ({"brand": listener.brand} if listener.how == "column" else {})
            matching = statement("match_arriving_posts").replace("{matched}", listener.found)
            connection.execute(matching.replace("{excluded}", listener.excluded), values)


def _save_mentions(connection: duckdb.DuckDBPyConnection, number: int, listener: Listener, any_known: bool) -> int:
    """Write down which stored posts speak of the brand for the first time; returns how many."""
    matched = "true" if listener.takes_all else f"place IN (SELECT place FROM matched_posts WHERE listener = {number})"
    values = {"brand": listener.brand, "query_hash": listener.query_hash}
    connection.execute(statement("find_new_mentions").replace("{matched}", matched))
    if any_known:
        connection.execute(statement("find_new_mentions_of_known_posts").replace("{matched}", matched), values)
    connection.execute("INSERT INTO mentions SELECT $brand, source, post_id, $query_hash FROM new_mentions", values)
    connection.execute(statement("mark_weeks_of_new_mentions"), {"brand": listener.brand})
    count = _count(connection, "SELECT count(*) FROM new_mentions")
    let_wait(connection, listener.brand, "SELECT source, post_id FROM new_mentions", count)
    return count


def _withhold(store: Store, connection: duckdb.DuckDBPyConnection, source: str) -> int:
    """Leave out new posts that were deleted, or whose author is forgotten; returns how many.

    Hashing every arriving post costs something, so it is done only where this source has anything to keep away.
    """
    withheld = 0
    if first_row(connection, "SELECT 1 FROM tombstones WHERE source = ? LIMIT 1", [source]):
        key = store.keys_within(connection).post_mark_key
        withheld += _drop(connection, "drop_deleted_posts", {"key": key})
    if first_row(connection, "SELECT 1 FROM suppressed_authors WHERE source = ? LIMIT 1", [source]):
        key = store.keys_within(connection).author_mark_key
        withheld += _drop(connection, "drop_suppressed_posts", {"key": key})
    return withheld


def _drop(connection: duckdb.DuckDBPyConnection, name: str, values: object = None) -> int:
    """Carry out a DELETE; returns how many rows went."""
    return int((first_row(connection, statement(name), values) or (0,))[0])


def _save_coverage(connection: duckdb.DuckDBPyConnection, arrival: Arrival) -> None:
    rows = [
        [
            arrival.run_id,
            listener.brand,
            arrival.source,
            arrival.query_hash,
            *(record[name] for name in RECORDED[:-1]),
            record["cost_usd"] if place == 0 else 0.0,  # paid once, however many brands listen
        ]
        for record in arrival.coverage
        for place, listener in enumerate(arrival.listeners)
    ]
    columns = ("run_id", "brand", "source", "query_hash", *RECORDED)
    insert_rows(connection, "coverage", columns, rows)


def record_questions(store: Store, questions: Sequence[tuple[str, str, str]]) -> None:
    """Write down by which hash each brand asks each live source now: (brand, source, query_hash)."""
    if questions:
        last = {question[:2]: question for question in questions}
        with store.transaction() as connection:
            columns = ("brand", "source", "query_hash")
            execute_with_rows(connection, statement("upsert_source_questions"), columns, list(last.values()))


def save_requests(
    connection: duckdb.DuckDBPyConnection,
    run_id: str,
    brand: str,
    source: str,
    query_hash: str,
    asked: Sequence[Mapping[str, Any]],
) -> None:
    """Append rows to the ledger of requests, inside the caller's transaction."""
    rows = [
        [
            secrets.token_hex(8),
            *(run_id, brand, source, query_hash),
            *(record[name] for name in ASKED),
        ]
        for record in asked
    ]
    columns = ("request_id", "run_id", "brand", "source", "query_hash", *ASKED)
    insert_rows(connection, "requests", columns, rows)


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = first_row(connection, sql)
    return int(row[0]) if row else 0
