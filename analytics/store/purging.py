"""Purging: stored posts that are gone at their source, too old, or by an author who is to be forgotten.

In one transaction everything of a post goes from every table that has a row a post, the reports that quote it are
marked to be rendered anew, and a keyed mark stays so that no later import brings it back. Numbers that were published
stay: no week is marked to be counted anew. The old bytes are in the file until `compaction.compact` has rewritten it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from analytics.store import kept_weeks
from analytics.store.catalogue import statement
from analytics.store.gathering import drop_bins
from analytics.store.quarantine import erase_expired, erase_gone
from analytics.store.store import Store, first_row, now

if TYPE_CHECKING:
    import duckdb

RETENTION = "retention"
COMPACTION_DUE = "compaction_due"  # in store_settings: bytes of purged rows are still in the files


@dataclass(slots=True)
class Purged:
    """What was erased. `worst_latency`: the longest time from when a post was last seen to now; None without posts."""

    posts: int = 0
    quarantined: int = 0
    outdated_reports: int = 0
    worst_latency: timedelta | None = None

    def add(self, other: Purged) -> None:
        """Add another purge to this one."""
        self.posts += other.posts
        self.quarantined += other.quarantined
        self.outdated_reports += other.outdated_reports
        self.worst_latency = longest(self.worst_latency, other.worst_latency)


def purge_posts(store: Store, source: str, gone: Mapping[str, str], run_id: str) -> Purged:
    """Erase the posts of `source` whose ids are in `gone` (id → reason), and let none of them come back.

    An id that is not stored leaves its tombstone all the same. Again is the same as once. Raises KeyMismatch.
    """
    with store.transaction() as connection:
        return purge_within(store, connection, source, gone, run_id)


def purge_within(
    store: Store, connection: duckdb.DuckDBPyConnection, source: str, gone: Mapping[str, str], run_id: str
) -> Purged:
    """The same inside a transaction that is open already."""
    if not gone:
        return Purged()
    _fill_gone_posts(connection, gone)
    _leave_tombstones(store, connection, source)
    return erase_gone_posts(store, connection, source, run_id)


def purge_aged(store: Store, source: str, days: int, run_id: str) -> Purged:
    """Erase the posts of `source` that were collected more than `days` days ago. Raises KeyMismatch."""
    with store.transaction() as connection:
        old = "FROM posts WHERE source = $source AND collected_at < $before"
        values = {"source": source, "before": now() - timedelta(days=days)}
        if first_row(connection, f"SELECT 1 {old} LIMIT 1", values) is None:
            return Purged()
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE gone_posts AS SELECT post_id, '{RETENTION}' AS reason {old}", values
        )
        _leave_tombstones(store, connection, source)
        return erase_gone_posts(store, connection, source, run_id)


def count_purges(connection: duckdb.DuckDBPyConnection) -> int:
    """How many times posts were erased so far: while it stays the same, every post that was stored still is."""
    [(purges,)] = connection.execute("SELECT count(*) FROM purges").fetchall()
    return int(purges)


def purge_expired_quarantine(store: Store) -> int:
    """Erase the records in quarantine whose time is over, for good; returns how many. Raises KeyMismatch."""
    with store.transaction() as connection:
        expired = erase_expired(store, connection)
        if expired:
            mark_compaction_due(connection)
    return expired


def erase_gone_posts(store: Store, connection: duckdb.DuckDBPyConnection, source: str, run_id: str) -> Purged:
    """Erase the posts of `source` in the temporary table gone_posts (post_id, reason) and write that down.

    Records in quarantine that name one of them go with them. Raises KeyMismatch.
    """
    values = {"source": source, "moment": now()}
    posts, seconds = first_row(connection, statement("measure_purge"), values) or (0, None)
    for log in ("log_purge", "log_brand_purges"):
        connection.execute(statement(log), {**values, "run_id": run_id})
    reports = connection.execute(statement("find_quoting_reports"), {"source": source}).fetchall()
    for withdrawn, path, content_hash in reports:
        connection.execute(
            "UPDATE reports SET withdrawn = withdrawn + ?, outdated = true WHERE path = ? AND content_hash = ?",
            [withdrawn, path, content_hash],
        )
    drop_bins(connection, "FROM gathered_posts SEMI JOIN gone_posts USING (post_id)")  # of other sources too: no harm
    kept_weeks.begin_noting(connection)
    kept_weeks.note_going(connection, "SEMI JOIN gone_posts USING (post_id)")
    for table in post_tables(connection):
        connection.execute(
            f'DELETE FROM "{table}" WHERE source = $source AND post_id IN (SELECT post_id FROM gone_posts)',
            {"source": source},
        )
    kept_weeks.settle_counts(connection)
    quarantined = erase_gone(store, connection, source)
    if posts or quarantined:
        mark_compaction_due(connection)
    return Purged(posts, quarantined, len(reports), None if seconds is None else timedelta(seconds=seconds))


def mark_compaction_due(connection: duckdb.DuckDBPyConnection) -> None:
    """Remember, together with what was deleted, that the files still hold it."""
    connection.execute(statement("keep_setting"), [COMPACTION_DUE, now().isoformat()])


def post_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Every table that has a row a post, by its columns: a new one is purged without being named here."""
    rows = connection.execute(
        "SELECT table_name FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal "
        "AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT temporary) "
        "GROUP BY table_name HAVING list_has_all(list(column_name), ['source', 'post_id']) ORDER BY table_name"
    ).fetchall()
    return [str(row[0]) for row in rows]


def longest(*spans: timedelta | None) -> timedelta | None:
    """The longest span there is."""
    return max((span for span in spans if span is not None), default=None)


def _fill_gone_posts(connection: duckdb.DuckDBPyConnection, gone: Mapping[str, str]) -> None:
    columns = {"post_id": pa.array(list(gone), pa.string()), "reason": pa.array(list(gone.values()), pa.string())}
    connection.register("arriving_gone", pa.table(columns))
    connection.execute("CREATE OR REPLACE TEMP TABLE gone_posts AS SELECT * FROM arriving_gone")
    connection.unregister("arriving_gone")


def _leave_tombstones(store: Store, connection: duckdb.DuckDBPyConnection, source: str) -> None:
    key = store.keys_within(connection).post_mark_key
    store.record_fingerprint(connection)
    connection.execute(statement("leave_tombstones"), {"source": source, "key": key, "moment": now()})
