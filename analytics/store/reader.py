"""Asking the published copy again and again, as a dashboard or a notebook does.

To open a copy and read its catalogue takes longer than to answer what is usually asked of it. So it is kept open, and
opened anew when another was published.

It is opened in a DuckDB of its own (`Place.connect_apart`): DuckDB gives whoever connects to a path the instance that
the process has of that path already, though another file lies there by now, and for as long as anybody holds it.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Self
from weakref import WeakSet

import duckdb

from analytics.store.reading import build_question
from analytics.store.store import Store
from analytics.store.transactions import first_row

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path
    from types import TracebackType

    import pandas as pd

    from analytics.store.place import Place

KEPT_MEGABYTES = 256  # of buffers between two questions: what took more is not kept open
BUFFERS = "SELECT sum(memory_usage_bytes) / 1e6 FROM duckdb_memory()"


class Reader:
    """The published copy, kept open for many questions; close it, or use it in a `with`.

    Each question looks which copy is published and is answered by that, or by one that was published since. A copy that
    was replaced stays on the disk until the next question, or until the reader is closed. Between questions it keeps up
    to 256 MB of buffers. A question takes one thread of DuckDB unless told otherwise: a small one is answered by less
    work, and many readers leave each other their processors.

    Threads may share a reader. A forked process may ask by it too: it opens a copy of its own.
    """

    def __init__(self, store: str | Path | None = None, *, threads: int = 1) -> None:
        """`store` is as for `read`. Nothing is opened before the first question. Raises ValueError for no threads."""
        if threads < 1:
            raise ValueError(f"threads is {threads}; give 1 or more")
        self._store, self._threads = store, threads
        self._turn = Lock()
        self._copy: _Copy | None = None
        self._closed = False
        _readers.add(self)

    def read(
        self,
        view: str,
        brand: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> pd.DataFrame:
        """What `analytics.store.read` gives, and raises; also ValueError once it is closed."""
        sql, values = build_question(view, brand, since, until)
        with self.connection() as connection:
            return connection.execute(sql, values).df()

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for any SQL, read-only, to one copy for as long as it is held.

        Raises NothingPublished, StoreUnusable; ValueError once the reader is closed.
        """
        with self._turn:
            copy = self._newest()
            cursor = copy.connect()
            copy.asked += 1
        try:
            with closing(cursor):
                yield cursor
        finally:
            with self._turn:
                copy.asked -= 1
                if not copy.asked and (copy is not self._copy or copy.holds_much()):
                    self._let_go(copy)

    def close(self) -> None:
        """Let the copy go; what is being asked of it is still answered."""
        with self._turn:
            self._closed = True
            self._let_go(self._copy)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _newest(self) -> _Copy:
        if self._closed:
            raise ValueError("this reader is closed")
        place = Store(self._store).place
        # Looked at before the file is opened: where it is replaced in between, what is opened is newer than what it is
        # taken for, and the next question opens it again. It is never older.
        file = _identify(place)
        if self._copy is None or self._copy.file != file:
            self._let_go(self._copy)
            self._copy = _Copy(place, file, self._threads)
        return self._copy

    def _let_go(self, copy: _Copy | None) -> None:
        """Close a copy, or leave that to the last who asks it."""
        if copy is self._copy:
            self._copy = None
        if copy is not None and not copy.asked:
            copy.close()

    def _forget_parent(self) -> None:
        """After a fork, in the child: another thread may have had the lock, and what is open is the parent's."""
        self._turn = Lock()
        if self._copy is not None:
            self._copy.close()
            self._copy = None


class _Copy:
    """A published copy that is open."""

    def __init__(self, place: Place, file: tuple[int, ...] | None, threads: int) -> None:
        self.file = file
        self.asked = 0  # by how many at this moment
        self._process = os.getpid()
        self._opened = place.connect_apart()
        self._opened.execute(f"SET threads = {threads}")
        self._name = (first_row(self._opened, "SELECT current_database()") or ("",))[0]

    def connect(self) -> duckdb.DuckDBPyConnection:
        cursor = self._opened.cursor()
        cursor.execute(f'USE "{self._name}"')  # a cursor begins with none of its connection's settings
        cursor.execute("SET TimeZone = 'UTC'")
        return cursor

    def holds_much(self) -> bool:
        held = first_row(self._opened, BUFFERS)
        return held is not None and float(held[0] or 0) > KEPT_MEGABYTES

    def close(self) -> None:
        if self._process == os.getpid():
            self._opened.close()
        else:
            # To close it would wait for DuckDB's threads, of which a fork has none: so nobody ever does.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._opened))


def _identify(place: Place) -> tuple[int, ...] | None:
    """Which file is published; None for none that can be looked at: whoever opens it says why."""
    try:
        found = place.read_path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


_readers: WeakSet[Reader] = WeakSet()


def _forget_parents() -> None:
    for reader in list(_readers):
        reader._forget_parent()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_forget_parents)
