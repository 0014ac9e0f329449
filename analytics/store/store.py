"""The store: where posts, scores and numbers are kept; one writer at a time, and what is published for readers.

Writers take a lock for short transactions only, and at the end of a run what the store holds is published: readers
never wait and never see half a run. In which kind of place that happens its URL says (`place`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from analytics.store.author_keys import AuthorKeys, load_keys
from analytics.store.catalogue import statement
from analytics.store.duckdb_file import DuckDBFile
from analytics.store.errors import StoreUnusable
from analytics.store.gathering import SOON_GATHERED, gather
from analytics.store.lake_url import FORM, LAKE
from analytics.store.migrating import migrate, migrations
from analytics.store.moments import new_run_id, now
from analytics.store.transactions import first_row, whole

if TYPE_CHECKING:
    from analytics.store.place import Place

__all__ = ["DEFAULT_STORE", "Store", "first_row", "new_run_id", "now", "whole"]

DEFAULT_STORE = "brandtrust.duckdb"
LOCK_SECONDS = 600.0


def find_place(named: str) -> Place:
    """The place that a store's URL names. Raises StoreUnusable for what is none."""
    if named.startswith(LAKE):
        from analytics.store.ducklake import DuckLake  # whoever keeps a file needs neither PostgreSQL nor what reads it

        return DuckLake(named)
    if re.match(r"[a-z][a-z0-9+]+:", named):
        shown = re.sub(r"//.*@", "//…@", named)  # a password stays out of logs
        raise StoreUnusable(f"{shown}: unknown kind of store; give the path of a DuckDB file, or {FORM}")
    return DuckDBFile(Path(named))


class Store:
    """A store at a URL. Nothing is opened or made before it is needed."""

    def __init__(
        self, url: str | Path | None = None, *, lock_seconds: float = LOCK_SECONDS, keys: AuthorKeys | None = None
    ) -> None:
        self.place = find_place(str(url or os.environ.get("BRANDTRUST_STORE") or DEFAULT_STORE))
        self._lock_seconds = lock_seconds
        self._keys = keys

    def __repr__(self) -> str:
        return f"Store({self.url!r})"

    @property
    def url(self) -> str:
        """By which it is opened again and named to people: a path, or a URL without a password."""
        return self.place.url

    @property
    def absolute_url(self) -> str:
        """The same from any working folder."""
        return self.place.absolute_url

    @property
    def path(self) -> Path:
        """The store's file. Raises StoreUnusable for a store that is no file."""
        if isinstance(self.place, DuckDBFile):
            return self.place.path
        raise StoreUnusable(f"{self.url}: is not kept in one file")

    @property
    def folder(self) -> Path:
        """Where what belongs to the store lies; reports are kept relative to it."""
        return self.place.folder

    @property
    def read_path(self) -> Path:
        """The file by which readers open what was published."""
        return self.place.read_path

    @property
    def exists(self) -> bool:
        """Whether it has been made. Raises StoreUnusable where its server does not answer."""
        return self.place.exists

    @property
    def size(self) -> int:
        """How many bytes it takes on the disk, without what is published."""
        return self.place.size

    @property
    def key_path(self) -> Path:
        """Where the author key lies: BRANDTRUST_KEY_FILE, or with the store."""
        return self.place.key_path

    @property
    def author_keys(self) -> AuthorKeys:
        """The keys of this store; made with the store at its first use. Raises KeyMismatch."""
        if self._keys is None:
            if not self.exists:
                self._keys = load_keys(self.key_path, None)
            else:
                with self.writer() as connection:
                    return self.keys_within(connection)
        return self._keys

    def keys_within(self, connection: duckdb.DuckDBPyConnection) -> AuthorKeys:
        """The same through a writing connection that is open already. Raises KeyMismatch."""
        if self._keys is None:
            row = first_row(connection, "SELECT value FROM store_settings WHERE name = 'author_key_fingerprint'")
            in_use = first_row(connection, "SELECT 1 FROM posts WHERE author_key IS NOT NULL LIMIT 1") is not None
            self._keys = load_keys(self.key_path, str(row[0]) if row else None, in_use=in_use)
        return self._keys

    @contextmanager
    def writer(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The one writing connection, with migrations applied; waits for its turn. Keep it short.

        Raises StoreBusy where another run keeps the lock too long or another program holds the file, StoreUnusable
        where this is no store, is of a newer release or cannot be written.
        """
        self.place.refuse_others()
        with self.locked(), self.opened() as connection:
            self.migrate(connection)
            self.place.close_to_others()
            yield connection

    @contextmanager
    def opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A writing connection whose failures are told in a line; under the lock, and the store as it is."""
        with self.place.connected() as connection:
            try:
                yield connection
            except duckdb.OutOfMemoryException:
                raise StoreUnusable(
                    f"{self.url}: this machine has too little free memory for it, and what was begun is undone; "
                    "end other programs or take a larger machine, and run again"
                ) from None
            except (duckdb.FatalException, duckdb.IOException, duckdb.TransactionException) as problem:
                raise self.place.explained(problem) from None

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A writing connection inside one transaction: all of it or nothing."""
        with self.writer() as connection, whole(connection):
            yield connection
            self.place.assure_lock()

    @contextmanager
    def gathered(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """What the store holds now, all posts gathered: what readers will have once it is published.

        Under the lock, as `writer` is, and with the same errors.
        """
        with self.writer() as connection:
            with whole(connection):
                gather(connection, at_most=None)
            yield connection

    @contextmanager
    def reader(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to what was published, read-only. Raises NothingPublished."""
        connection = self.place.connect_published()
        try:
            yield connection
        finally:
            connection.close()

    def kept_path(self, file: Path) -> str:
        """A file's path as it is kept: below the store's folder relative to it, so that the whole may be moved."""
        absolute = file.resolve()
        return absolute.relative_to(self.folder).as_posix() if absolute.is_relative_to(self.folder) else str(absolute)

    def readable_files(self, connection: duckdb.DuckDBPyConnection) -> list[Path]:
        """The files that such a connection reads as it is asked, beyond the one that it has open."""
        return self.place.readable_files(connection)

    def publish(self, *, gather_at_most: int | None = SOON_GATHERED) -> Path:
        """Let readers have what the store holds now; returns the path of what they open.

        Posts are gathered for it, at any cost where `gather_at_most` is None.
        """
        self.place.refuse_others()
        with self.locked():
            self.place.remove_leftovers()
            with self.opened() as connection:
                self.migrate(connection)
                self.record_fingerprint(connection)
                with whole(connection):
                    gather(connection, at_most=gather_at_most)
                # A checkpoint merges nothing where nothing was written.
                connection.execute(statement("replace_setting"), ["published_at", now().isoformat()])
                self.place.settle(connection)
            self.place.publish()
        return self.read_path

    def rewrite(self) -> None:
        """Write the store anew without what was deleted. Raises StoreUnusable; the store is then as it was."""
        with self.locked():
            self.place.remove_leftovers()
            self.place.rewrite(self.migrate)

    def drop_former(self) -> None:
        """After publishing what was rewritten: drop all that only older states of the store need."""
        with self.locked():
            self.place.drop_former()

    def record_fingerprint(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write down which author key this store belongs to; its first use decides."""
        if self._keys is not None:
            connection.execute(statement("keep_setting"), ["author_key_fingerprint", self._keys.fingerprint])

    @contextmanager
    def locked(self, purpose: str = "", *, seconds: float | None = None) -> Iterator[None]:
        """Hold the lock for `purpose`, for writing unless it is named; waits for its turn.

        Raises StoreBusy, StoreUnusable.
        """
        with self.place.locked(purpose, self._lock_seconds if seconds is None else seconds):
            yield

    def migrate(
        self,
        connection: duckdb.DuckDBPyConnection,
        steps: Callable[[], list[tuple[int, str, str]]] = migrations,
    ) -> None:
        """Bring the store to this release. Raises StoreUnusable for what is another program's or a newer release's."""
        migrate(connection, self.url, steps=steps, adapted=self.place.adapted)
