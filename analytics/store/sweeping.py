"""Sweeps: which stored posts are to be looked at again, when they were, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from analytics.store.catalogue import statement
from analytics.store.purging import Purged, purge_within
from analytics.store.store import Store, first_row, now

if TYPE_CHECKING:
    import duckdb

PAGE_POSTS = 100_000  # ids in memory at a time; a platform that is asked in jobs wants many


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the store holds of a source: posts, and when the one that was longest not looked at was last seen."""

    posts: int
    oldest_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Begun:
    """A sweep that begins: posts looked at since `since` count as done, `looked_at` of them are already."""

    since: datetime
    stored: int
    looked_at: int


def count_posts(store: Store, source: str) -> Holdings:
    """What the store holds of `source` now."""
    with store.writer() as connection:
        return _count_posts(connection, source)


def begin_sweep(store: Store, source: str, run_id: str, within: timedelta) -> Begun:
    """Write down that a sweep begins.

    A sweep that was cut off is taken up where it ended, unless that is so long ago that all must be looked at again:
    more than half of `within`, the time in which a deletion must be followed.
    """
    moment = now()
    with store.transaction() as connection:
        row = first_row(
            connection, statement("find_sweep_cut_off"), {"source": source, "earliest": moment - within / 2}
        )
        since: datetime = row[0] if row else moment
        stored = _count_posts(connection, source).posts
        looked_at = first_row(
            connection, "SELECT count(*) FROM post_checks WHERE source = ? AND checked_at >= ?", [source, since]
        ) or (0,)
        connection.execute(
            "INSERT INTO sweeps VALUES (?, ?, ?, NULL, ?, 0, 0, NULL, NULL, '')", [run_id, source, since, stored]
        )
    return Begun(since, stored, int(looked_at[0]))


def pages_to_check(store: Store, source: str, since: datetime, page: int = PAGE_POSTS) -> Iterator[list[str]]:
    """Ids of the stored posts of `source` that were not looked at since `since`, longest unseen first."""
    seen, post_id = datetime(1, 1, 1), ""  # noqa: DTZ001 - UTC, as in the store
    while True:
        with store.writer() as connection:
            rows = connection.execute(
                statement("list_posts_to_check"),
                {"source": source, "since": since, "seen": seen, "post_id": post_id, "most": page},
            ).fetchall()
        if not rows:
            return
        post_id, seen = rows[-1]
        yield [str(row[0]) for row in rows]


def find_threads(store: Store, source: str, post_ids: Sequence[str]) -> dict[str, str]:
    """The thread of each of `post_ids` that is stored and has one."""
    with store.writer() as connection:
        connection.register("asked_posts", pa.table({"post_id": pa.array(list(post_ids), pa.string())}))
        rows = connection.execute(statement("find_threads"), {"source": source}).fetchall()
    return {str(post_id): str(thread) for post_id, thread in rows}


def save_checks(
    store: Store, source: str, checked: Sequence[str], gone: Mapping[str, str], run_id: str, checked_at: datetime
) -> Purged:
    """In one transaction: `checked` posts are seen to be there as of `checked_at`, those that are `gone` are erased."""
    with store.transaction() as connection:
        purged = purge_within(store, connection, source, gone, run_id)
        alive = pa.table({"post_id": pa.array([each for each in checked if each not in gone], pa.string())})
        connection.register("posts_alive", alive)
        values = {"source": source}
        connection.execute(
            "DELETE FROM post_checks WHERE source = $source AND post_id IN (SELECT post_id FROM posts_alive)", values
        )
        connection.execute(statement("insert_checks"), {**values, "checked_at": checked_at})
        connection.execute(
            "UPDATE sweeps SET checked = checked + ?, gone = gone + ? WHERE run_id = ? AND source = ?",
            [len(checked), purged.posts, run_id, source],
        )
    return purged


def end_sweep(
    store: Store, source: str, run_id: str, *, problem: str, worst_latency: timedelta | None
) -> timedelta | None:
    """Write down how the sweep ended; returns the age of the post that was longest not looked at, None without posts.

    Only a sweep without a `problem` is finished.
    """
    moment = now()
    with store.transaction() as connection:
        oldest_seen = _count_posts(connection, source).oldest_seen
        age = None if oldest_seen is None else max(moment - oldest_seen, timedelta())
        connection.execute(
            "UPDATE sweeps SET finished_at = ?, problem = ?, oldest_unchecked_seconds = ?, worst_latency_seconds = ? "
            "WHERE run_id = ? AND source = ?",
            [
                None if problem else moment,
                problem,
                None if age is None else age.total_seconds(),
                None if worst_latency is None else worst_latency.total_seconds(),
                run_id,
                source,
            ],
        )
    return age


def _count_posts(connection: duckdb.DuckDBPyConnection, source: str) -> Holdings:
    return Holdings(*(first_row(connection, statement("count_stored_posts"), {"source": source}) or (0, None)))
