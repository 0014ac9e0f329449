"""Going through posts that something has not read yet: found once as places in their table, fetched in stretches.

To ask for the next unread posts batch by batch would search everything there is again for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from analytics.store import Store
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb

BATCH_POSTS = 61_440  # half a row group of DuckDB

Progress = Callable[[int], None]
"""Called with the number of posts done since the last call."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Which posts: those that the statement `find` gives and of which `table` has nothing of `version`.

    `characters`: how much of title and text is read.
    """

    find: str
    table: str
    version: str
    characters: int


def read_through(
    store: Store,
    brands: Sequence[str],
    unread: Unread,
    read: Callable[[pa.Table], pa.Table],
    progress: Progress,
    *,
    before: Callable[[duckdb.DuckDBPyConnection], None] = lambda _: None,
) -> int:
    """Have `read` make a row of the table of each unread post of `brands`; returns how many posts.

    `read` gets source, post_id, beginning, and gives source, post_id and what it found. `before` finds them registered
    as found_rows, in the transaction that then puts them in the place of what the table has of these posts.
    """
    done = 0
    for posts in walk(store, brands, unread):
        found = read(posts)
        found = found.append_column("version", pa.array([unread.version] * len(found), pa.string()))
        with store.transaction() as connection:
            connection.register("found_rows", found)
            before(connection)
            for name in ("drop_former_rows", "insert_found_rows"):
                connection.execute(statement(name).replace("{table}", unread.table))
        done += len(posts)
        progress(len(posts))
    return done


def walk(store: Store, brands: Sequence[str], unread: Unread) -> Iterator[pa.Table]:
    """The unread posts, batch by batch: source, post_id, beginning.

    Every post must have been kept as read when the next batch is asked for: posts are looked for again until there are
    none, since an erasure may have moved a place meanwhile.
    """
    find = statement(unread.find).replace("{table}", unread.table)
    while True:
        with store.writer() as connection:
            places = connection.execute(find, {"brands": list(brands), "version": unread.version}).to_arrow_table()
        if not len(places):
            return
        for start in range(0, len(places), BATCH_POSTS):
            wanted = places.slice(start, BATCH_POSTS)
            stretch = {"first": wanted["place"][0].as_py(), "last": wanted["place"][-1].as_py()}
            with store.writer() as connection:
                connection.register("wanted_places", wanted)
                posts = connection.execute(
                    statement("read_beginnings_between"), {**stretch, "characters": unread.characters}
                ).to_arrow_table()
            yield posts
