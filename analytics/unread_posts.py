"""Walking through posts that something has not read yet: found once as places in their table, fetched in stretches.

To ask for the next unread posts batch by batch would search everything there is again for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from analytics.store import Store
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

BATCH_POSTS = 61_440  # half a row group of DuckDB


def walk(store: Store, find: str, values: Mapping[str, object], characters: int) -> Iterator[pa.Table]:
    """The posts at the places that the statement `find` gives: source, post_id, beginning, batch by batch.

    `beginning` is the first `characters` of title and text. Every post must have been kept as read when the next batch
    is asked for: posts are looked for again until there are none, since an erasure may have moved a place meanwhile.
    """
    while True:
        with store.writer() as connection:
            places = connection.execute(statement(find), values).to_arrow_table()
        if not len(places):
            return
        for start in range(0, len(places), BATCH_POSTS):
            wanted = places.slice(start, BATCH_POSTS)
            stretch = {"first": wanted["place"][0].as_py(), "last": wanted["place"][-1].as_py()}
            with store.writer() as connection:
                connection.register("wanted_places", wanted)
                posts = connection.execute(
                    statement("read_beginnings_between"), {**stretch, "characters": characters}
                ).to_arrow_table()
            yield posts


def drop_former(connection: duckdb.DuckDBPyConnection, table: str, rows: str) -> None:
    """Delete from `table` what it has of the posts in the registered table `rows`."""
    connection.execute(
        f"DELETE FROM {table} AS t USING {rows} AS r WHERE t.source = r.source AND t.post_id = r.post_id"
    )
