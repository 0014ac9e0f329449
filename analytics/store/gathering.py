"""Gathering what was read of posts into one table, a row a brand and post, so that questions cost what they ask.

The view brand_posts_without_text has two bodies that give the same rows: its definition, which joins all tables that
something of a post stands in, and the reading of the table of gathered posts, which is many times as fast. Whoever
writes what it shows puts the definition in force, in the same transaction; `gather` brings the table up to date and
puts the reading in force. So the view is right at any time, and quick whenever somebody has gathered.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from analytics.store import kept_weeks
from analytics.store.catalogue import only_waiting, statement, views, without_marks
from analytics.store.waiting import last_arrival, needs_all, take_away

if TYPE_CHECKING:
    import duckdb

VIEW = "brand_posts_without_text"
READINGS = {VIEW: "read_gathered_posts", **kept_weeks.READINGS}  # by view: its other body
UNREAD = " WHERE why_not_scored = 'not scored yet'"
IN_FORCE = "gathered_posts_in_force"  # in store_settings: the view reads what was gathered
BINS = ("voice_bins", "counted_bins")
WAY = 2  # by the way before this one posts could stay away: what it gathered is gathered anew
GATHERED_AT_ONCE = 500_000  # posts: joins of more take more memory than collecting does
SOON_GATHERED = 20_000  # posts that are gathered in passing; more are left to who needs them gathered


def gather(connection: duckdb.DuckDBPyConnection, *, at_most: int | None = None) -> int:
    """Gather what is new or has changed of every brand, in the caller's transaction; returns how many rows.

    With `at_most` nothing is gathered where more are waiting: what no longer holds is dropped, and the view is right by
    its definition.
    """
    settings = describe_gathering(connection)
    before = dict(connection.execute("SELECT brand, settings FROM gathered_brands").fetchall())
    if is_in_force(connection) and settings == before:
        return 0
    put_definition_in_force(connection)
    kept_weeks.begin_noting(connection)
    _drop_outdated(connection, settings, before)
    _find_waiting(connection, list(settings), all_of_them=settings != before)
    waiting = _count(connection, "SELECT count(*) FROM posts_to_gather")
    later = at_most is not None and waiting > at_most
    if waiting and not later:
        drop_bins(connection, "FROM posts_to_gather JOIN posts USING (source, post_id)")
        if waiting > kept_weeks.ANEW:
            kept_weeks.forget_counts(connection)
        _insert(connection, waiting)
    connection.execute("DROP TABLE posts_to_gather")
    kept_weeks.settle_counts(connection)
    if later:
        return 0
    kept_weeks.count_brands(connection, settings)
    take_away(connection, "gathering", list(settings))
    # Not before: of a brand whose settings were known though its posts were left for later, they would stay away.
    for brand in settings:
        if before.get(brand) != settings[brand]:
            connection.execute("INSERT INTO gathered_brands VALUES (?, ?)", [brand, settings[brand]])
    put_readings_in_force(connection)
    connection.execute("INSERT INTO store_settings VALUES (?, '')", [IN_FORCE])
    return waiting


def _find_waiting(connection: duckdb.DuckDBPyConnection, brands: list[str], *, all_of_them: bool) -> None:
    """Fill the temporary table posts_to_gather; with `all_of_them` from all posts that are stored."""
    if all_of_them or needs_all(connection, "gathering", brands):
        connection.execute(statement("find_posts_to_gather"))
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE waiting_to_gather AS "
        "SELECT DISTINCT brand, source, post_id FROM waiting_posts WHERE consumer = 'gathering'"
    )
    connection.execute(only_waiting("find_posts_to_gather"))
    connection.execute("DROP TABLE waiting_to_gather")


def put_readings_in_force(connection: duckdb.DuckDBPyConnection) -> None:
    """Have the views read what is gathered, of a store in which nothing has changed since."""
    for reading in READINGS.values():
        connection.execute(statement(reading))


def put_definition_in_force(connection: duckdb.DuckDBPyConnection) -> None:
    """Before what the view shows is changed: have it read the tables themselves."""
    if is_in_force(connection):
        for view in READINGS:
            connection.execute(views()[view].sql)
        connection.execute("DELETE FROM store_settings WHERE name = ?", [IN_FORCE])


def mark_changed(connection: duckdb.DuckDBPyConnection, posts: str, *, unread: bool = False) -> None:
    """Have the posts in `posts`, a table or query with source and post_id, gathered anew if they are gathered.

    `unread`: none of them had been read, so they are looked for among gathered ones without a score, which are few.
    """
    put_definition_in_force(connection)
    if connection.execute("SELECT 1 FROM gathered_posts LIMIT 1").fetchall():
        connection.execute(
            f"INSERT INTO changed_posts SELECT DISTINCT source, post_id FROM ({posts}) "
            f"SEMI JOIN (FROM gathered_posts{UNREAD if unread else ''}) USING (source, post_id)"
        )


def regroup(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring posts of the temporary table joined_posts (source, post_id, copy_group) into their group of copies.

    Where another of the group is near, what it counts in is counted anew. A copy that came long after changes nothing
    that was counted before it, and to count a week costs all posts of that week. One that is not gathered yet has the
    weeks in which it lies counted when it is.
    """
    if not connection.execute("SELECT 1 FROM joined_posts LIMIT 1").fetchall():
        return
    put_definition_in_force(connection)
    connection.execute(statement("find_regrouped_posts"))
    mark_changed(connection, "FROM regrouped_posts WHERE beside_another")
    connection.execute(statement("move_regrouped_posts"))
    connection.execute("DROP TABLE regrouped_posts")


def drop_bins(connection: duckdb.DuckDBPyConnection, posts: str) -> None:
    """Have the kept bins that these posts lie in counted again; `posts` reads brand and created_at of them."""
    if not connection.execute("SELECT 1 FROM counted_bins LIMIT 1").fetchall():
        return
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE touched_days AS SELECT DISTINCT brand, created_at::DATE AS day {posts}"
    )
    for table in BINS:
        connection.execute(statement("drop_touched_bins").replace("{table}", table))
    connection.execute("DROP TABLE touched_days")


def describe_gathering(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Of each brand a hash of all settings that decide what stands in its rows."""
    definition = hashlib.sha256(f"{WAY} {views()[VIEW].sql}".encode()).hexdigest()
    return dict(connection.execute(statement("describe_gathering"), {"definition": definition}).fetchall())


def is_in_force(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the view reads what was gathered."""
    return bool(connection.execute("SELECT 1 FROM store_settings WHERE name = ?", [IN_FORCE]).fetchall())


def _drop_outdated(connection: duckdb.DuckDBPyConnection, present: dict[str, str], before: dict[str, str]) -> None:
    """Drop what has changed since, and whatever was gathered under other settings of its brand."""
    if outdated := [brand for brand, settings in before.items() if present.get(brand) != settings]:
        for table in BINS:
            connection.execute(f"DELETE FROM {table} WHERE list_contains(?, brand)", [outdated])
        connection.execute("DELETE FROM gathered_posts WHERE list_contains(?, brand)", [outdated])
        connection.execute("DELETE FROM gathered_brands WHERE list_contains(?, brand)", [outdated])
        kept_weeks.forget_counts(connection, outdated)
    if connection.execute("SELECT 1 FROM changed_posts LIMIT 1").fetchall():
        connection.execute(
            "INSERT INTO waiting_posts SELECT 'gathering', brand, source, post_id, ? "
            "FROM gathered_posts SEMI JOIN changed_posts USING (source, post_id)",
            [last_arrival(connection)],
        )
        kept_weeks.note_going(connection, "SEMI JOIN changed_posts USING (source, post_id)")
        connection.execute(statement("drop_changed_posts"))
        connection.execute("DELETE FROM changed_posts")


def _insert(connection: duckdb.DuckDBPyConnection, waiting: int) -> None:
    definition = without_marks(views()[VIEW].sql).partition(" AS\n")[2].rstrip().rstrip(";")
    columns = [row[0] for row in connection.execute("DESCRIBE gathered_posts").fetchall()]
    gathered = f"SELECT {', '.join(columns)} FROM ({definition})"
    connection.execute("ALTER TABLE posts_to_gather RENAME TO all_to_gather")
    for start in range(0, waiting, GATHERED_AT_ONCE):
        among = "SELECT * FROM all_to_gather WHERE place > ? AND place <= ?"
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE posts_to_gather AS {among}", [start, start + GATHERED_AT_ONCE]
        )
        if waiting > kept_weeks.ANEW:  # nothing of them is to be known beside
            connection.execute(f"INSERT INTO gathered_posts BY NAME {gathered}")
            continue
        connection.execute(f"CREATE OR REPLACE TEMP TABLE gathered_now AS {gathered}")
        kept_weeks.note_coming(connection, "gathered_now")
        connection.execute("INSERT INTO gathered_posts BY NAME FROM gathered_now")
        connection.execute("DROP TABLE gathered_now")
    connection.execute("DROP TABLE all_to_gather")


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])
