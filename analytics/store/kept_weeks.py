"""Weeks, counted of what was gathered and kept, so that a run counts those into which something came.

The views source_weekly, posts_behind and stored_weekly have two bodies that give the same rows, as
brand_posts_without_text has: their definition, and the reading of what is kept. Whoever lets posts come into
gathered_posts or go out of it says so before it ends its transaction: then what is kept is at any time what counting
all that is gathered would give.

Who is a newcomer hangs on all weeks before. So each author's first week is kept too. A post that comes earlier, or the
last one that goes from the first week, moves it, and both weeks are counted anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from analytics.store.catalogue import statement, views, without_marks
from analytics.store.transactions import first_row

if TYPE_CHECKING:
    from datetime import date

    import duckdb

COUNTED_BY_BRAND = {"posts_behind": "chosen_posts", "stored_weekly": "stored_weeks"}  # by view: the table of its rows
# By view: its other body.
READINGS = {
    "source_weekly": "read_source_weeks",
    "posts_behind": "read_chosen_posts",
    "stored_weekly": "read_stored_weeks",
}
CAME, WENT = "posts_that_came", "posts_that_went"
COUNTS = ("source_weeks", "first_weeks", *COUNTED_BY_BRAND.values(), "counted_brands")
ANEW = 100_000  # posts: where more come or go at once, all weeks are counted anew
COUNTED_AT_ONCE = 500_000  # posts, which bounds the memory
COUNTING = ("count_source_weeks", "find_first_weeks")  # by what these say is counted


def forget_counts(connection: duckdb.DuckDBPyConnection, brands: Iterable[str] | None = None) -> None:
    """Have all weeks of these brands (default: of every one) counted anew by the next `count_brands`."""
    for table in COUNTS:
        if brands is None:
            connection.execute(f"DELETE FROM {table}")
        else:
            connection.execute(f"DELETE FROM {table} WHERE list_contains(?, brand)", [list(brands)])


def begin_noting(connection: duckdb.DuckDBPyConnection) -> None:
    """From here on posts that come and go are noted; to be ended by `settle_counts` in the same transaction."""
    for noted in (CAME, WENT):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {noted} (brand VARCHAR, source VARCHAR, week DATE, author_key VARCHAR)"
        )


def note_going(connection: duckdb.DuckDBPyConnection, which: str) -> None:
    """Before posts go out of gathered_posts; `which` follows that name in FROM and holds it to them."""
    _note(connection, WENT, f"gathered_posts {which}")


def note_coming(connection: duckdb.DuckDBPyConnection, posts: str) -> None:
    """Of posts that come into gathered_posts: `posts` is a table with its columns."""
    _note(connection, CAME, posts)


def settle_counts(connection: duckdb.DuckDBPyConnection) -> None:
    """Count the weeks anew in which posts came or went, of the brands whose weeks are counted."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE weeks_to_count AS SELECT brand, source, week FROM {CAME} "
        f"UNION SELECT brand, source, week FROM {WENT}"
    )
    if first_row(connection, "SELECT 1 FROM weeks_to_count LIMIT 1"):
        _bring_forward(connection)
        _put_back(connection)
        connection.execute(statement("drop_weeks_to_count"))
        _count_weeks(connection)
    for table in (CAME, WENT, "weeks_to_count"):
        connection.execute(f"DROP TABLE {table}")


def count_brands(connection: duckdb.DuckDBPyConnection, brands: Iterable[str]) -> None:
    """Count all weeks of those of these brands that are not counted, or were in another way."""
    counted_by = hashlib.sha256(
        "".join([*map(statement, COUNTING), *map(_counting, COUNTED_BY_BRAND)]).encode()
    ).hexdigest()[:24]
    counted = dict(connection.execute("SELECT brand, counted_by FROM counted_brands").fetchall())
    outdated = [brand for brand in brands if counted.get(brand) != counted_by]
    if not outdated:
        return
    forget_counts(connection, outdated)
    for brand in outdated:
        connection.execute(statement("find_first_weeks"), {"brand": brand})
        connection.execute("INSERT INTO counted_brands VALUES (?, ?)", [brand, counted_by])
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE weeks_to_count AS "
        "SELECT DISTINCT brand, source, week FROM gathered_posts WHERE list_contains(?, brand)",
        [outdated],
    )
    _count_weeks(connection)
    connection.execute("DROP TABLE weeks_to_count")


def _note(connection: duckdb.DuckDBPyConnection, noted: str, posts: str) -> None:
    connection.execute(statement("note_posts").replace("{noted}", noted).replace("{posts}", posts))


def _bring_forward(connection: duckdb.DuckDBPyConnection) -> None:
    """First weeks of authors who came, and came earlier than they had before."""
    connection.execute(statement("find_earlier_weeks"))
    if first_row(connection, "SELECT 1 FROM earlier_weeks WHERE former IS NOT NULL LIMIT 1"):
        connection.execute(statement("drop_first_weeks").replace("{authors}", "earlier_weeks"))
    connection.execute("INSERT INTO first_weeks SELECT brand, source, author, week FROM earlier_weeks")
    _have_counted(connection, "SELECT brand, source, former FROM earlier_weeks WHERE former IS NOT NULL")
    connection.execute("DROP TABLE earlier_weeks")


def _put_back(connection: duckdb.DuckDBPyConnection) -> None:
    """First weeks of authors of whose posts of that week none is left."""
    connection.execute(statement("find_lost_weeks"))
    first, last = first_row(connection, "SELECT min(week), max(week) FROM lost_weeks") or (None, None)
    if first is not None:
        connection.execute(statement("keep_held_weeks"), {"first": first, "last": last})
    if first_row(connection, "SELECT 1 FROM lost_weeks LIMIT 1"):
        connection.execute(statement("drop_first_weeks").replace("{authors}", "lost_weeks"))
        connection.execute(statement("find_later_weeks"))
        connection.execute("INSERT INTO first_weeks SELECT brand, source, author, week FROM later_weeks")
        _have_counted(connection, "SELECT brand, source, week FROM later_weeks")
        connection.execute("DROP TABLE later_weeks")
    connection.execute("DROP TABLE lost_weeks")


def _have_counted(connection: duckdb.DuckDBPyConnection, weeks: str) -> None:
    connection.execute(f"INSERT INTO weeks_to_count ({weeks}) EXCEPT FROM weeks_to_count")


def _count_weeks(connection: duckdb.DuckDBPyConnection) -> None:
    """Count weeks_to_count, some weeks at a time."""
    weeks = [row[0] for row in connection.execute("SELECT DISTINCT week FROM weeks_to_count ORDER BY week").fetchall()]
    if not weeks:
        return
    posts = dict(
        connection.execute(
            "SELECT week, count(*) FROM gathered_posts WHERE week BETWEEN ? AND ? GROUP BY week", [weeks[0], weeks[-1]]
        ).fetchall()
    )
    begun, held = weeks[0], 0
    for week, following in zip(weeks, [*weeks[1:], None], strict=True):
        held += posts.get(week, 0)
        if following is None or held + posts.get(following, 0) > COUNTED_AT_ONCE:
            connection.execute(statement("count_source_weeks"), {"first": begun, "last": week})
            _count_by_brand(connection, begun, week)
            begun, held = following, 0


def _count_by_brand(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> None:
    """Of whatever source a post came, what is counted hangs on all posts of its brand and week."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE weeks_to_choose AS "
        "SELECT DISTINCT brand, week FROM weeks_to_count WHERE week BETWEEN ? AND ?",
        [first, last],
    )
    for view, table in COUNTED_BY_BRAND.items():
        connection.execute(
            f"DELETE FROM {table} AS c USING weeks_to_choose AS w WHERE w.brand = c.brand AND w.week = c.week"
        )
        connection.execute(f"INSERT INTO {table} BY NAME {_counting(view)}")
    connection.execute("DROP TABLE weeks_to_choose")


def _counting(view: str) -> str:
    """The definition of a view, of weeks_to_choose and of what is gathered, whatever is in force."""
    gathered = _body(statement("read_gathered_posts"))
    return without_marks(_body(views()[view].sql)).replace("FROM brand_posts_without_text", f"FROM ({gathered})")


def _body(view: str) -> str:
    return view.partition(" AS\n")[2].rstrip().rstrip(";")
