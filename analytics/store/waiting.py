"""Posts that wait: which have come since a consumer was done with all posts of a brand.

To find what is new by looking through all that is stored costs more with every year. So whoever brings posts in writes
down which ones, for each consumer, and a consumer takes away what it has done. Where very many come at once only that
is written down, and the consumer looks through everything, as it does once for a store from before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb

Consumer = Literal["reading", "gathering"]
CONSUMERS: tuple[Consumer, ...] = ("reading", "gathering")
MOST = 50_000  # posts of an arrival that are written down one by one
NUMBER = "arrivals"  # in store_settings: of the last arrival


def let_wait(connection: duckdb.DuckDBPyConnection, brand: str, posts: str, count: int) -> None:
    """Write down that these posts of a brand have come; `posts` is a query of source and post_id of so many."""
    if not count:
        return
    number = last_arrival(connection) + 1
    connection.execute(statement("replace_setting"), [NUMBER, str(number)])
    for consumer in CONSUMERS:
        if count > MOST:
            connection.execute("INSERT INTO waiting_brands VALUES (?, ?, ?)", [consumer, brand, number])
        elif not needs_all(connection, consumer, [brand]):
            connection.execute(
                f"INSERT INTO waiting_posts SELECT ?, ?, source, post_id, ? FROM ({posts})", [consumer, brand, number]
            )


def last_arrival(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the last arrival; 0 before the first."""
    rows = connection.execute("SELECT value FROM store_settings WHERE name = ?", [NUMBER]).fetchall()
    return int(rows[0][0]) if rows else 0


def needs_all(connection: duckdb.DuckDBPyConnection, consumer: Consumer, brands: Sequence[str]) -> bool:
    """Whether the consumer has to look through all posts of one of these brands."""
    sql = "SELECT 1 FROM waiting_brands WHERE consumer = ? AND list_contains(?, brand) LIMIT 1"
    return bool(connection.execute(sql, [consumer, list(brands)]).fetchall())


def take_away(
    connection: duckdb.DuckDBPyConnection, consumer: Consumer, brands: Sequence[str], until: int | None = None
) -> None:
    """The consumer is done with what has come of these brands, up to the arrival `until` (default: with all)."""
    for table in ("waiting_posts", "waiting_brands"):
        connection.execute(
            f"DELETE FROM {table} WHERE consumer = ? AND list_contains(?, brand) AND arrived <= coalesce(?, arrived)",
            [consumer, list(brands), until],
        )
