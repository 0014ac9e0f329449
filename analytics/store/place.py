"""What a kind of store is: where it is kept, how it is locked, opened, published and rid of what was deleted.

Two kinds keep this: a DuckDB file (`duckdb_file`), and a lake of Parquet files with a catalogue in PostgreSQL
(`ducklake`). The tables, the SQL and all that is done with them are the same.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from analytics.store.errors import StoreError


class Place(Protocol):
    """Where a store is kept. Nothing is opened or made before it is needed."""

    @property
    def url(self) -> str:
        """By which the store is opened again and named to people; without a password."""

    @property
    def absolute_url(self) -> str:
        """The same from any working folder."""

    @property
    def folder(self) -> Path:
        """What belongs to the store lies here: reports are kept relative to it."""

    @property
    def read_path(self) -> Path:
        """The file by which readers open what was published."""

    @property
    def key_path(self) -> Path:
        """Where the author key lies."""

    @property
    def exists(self) -> bool:
        """Whether the store has been made."""

    @property
    def size(self) -> int:
        """How many bytes it takes on the disk, without what is published. Raises StoreUnusable for what is no store."""

    def identities(self) -> set[tuple[object, ...]]:
        """What no other store has, by whatever name it is given. Raises StoreUnusable where its server is silent."""

    def refuse_others(self) -> None:
        """Raises StoreUnusable where a file of something else lies there, before anything is made beside it."""

    def locked(self, purpose: str, seconds: float) -> AbstractContextManager[None]:
        """Hold the lock for `purpose` (empty: writing), waiting at most `seconds`.

        What is made meanwhile is for its owner only. Raises StoreBusy, StoreUnusable.
        """

    def run_lock(self, run_id: str) -> Path:
        """The file whose lock a run keeps while it lives; where several machines write, only this one looks at it."""

    def connected(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A writing connection, without the lock. Raises StoreBusy, StoreUnusable."""

    def attached_to(self, connection: duckdb.DuckDBPyConnection, name: str) -> AbstractContextManager[None]:
        """The store as the read-only database `name` of another connection; under the lock, with nothing open.

        Raises StoreBusy, StoreUnusable.
        """

    def assure_lock(self) -> None:
        """Raises StoreBusy where the lock for writing was lost meanwhile, as with its server."""

    def close_to_others(self) -> None:
        """Take away what others may do with what an earlier release has left open; once it is known to be a store."""

    def connect_published(self) -> duckdb.DuckDBPyConnection:
        """A read-only connection to what was published, which no writer keeps out. Raises NothingPublished."""

    def connect_apart(self) -> duckdb.DuckDBPyConnection:
        """The same in a DuckDB of its own, whatever else the process has open of it: to the file that lies there now.

        Its cursors find the tables by USE of its current database.
        """

    def readable_files(self, connection: duckdb.DuckDBPyConnection) -> list[Path]:
        """The files that such a connection reads as it is asked, beyond the one that it has open."""

    def adapted(self, sql: str) -> str:
        """A migration's SQL in the words of this kind of store."""

    def explained(self, problem: duckdb.Error) -> StoreError:
        """What is told of a write or a commit that failed: all of it is undone."""

    def remove_leftovers(self) -> None:
        """Remove what killed runs have left; only under the lock, where nothing of it is anyone's."""

    def settle(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Before publishing, through the open connection: write down everything, and merge what is small."""

    def publish(self) -> None:
        """Let readers have what the store holds; under the lock, with nothing open. Raises StoreUnusable."""

    def rewrite(self, prepare: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        """Write the store anew without what was deleted; under the lock. `prepare` brings it up to date first.

        Raises StoreUnusable where there is too little room or nothing can be written; the store is then as it was.
        """

    def drop_former(self) -> None:
        """After publishing what was rewritten: drop all that only older states of the store need; under the lock."""
