"""The embedded store: one DuckDB file, one writer at a time, and a published read-only copy that everyone else opens.

A DuckDB file held by a writer cannot be opened by anyone else. So writers take a lock for short transactions only, and
at the end of a run the file is copied and renamed into place: readers never wait and never see half a run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from filelock import FileLock, Timeout

from analytics.store.author_keys import key_path
from analytics.store.errors import NothingPublished, StoreBusy, StoreError, StoreUnusable
from analytics.store.file_copying import copy_file
from analytics.store.file_modes import OWNER_ONLY, close_to_others, open_to_group, owner_only
from analytics.store.file_rewriting import rewrite_file
from analytics.store.leftovers import remove_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable

MAGIC, MAGIC_AT = b"DUCK", 8  # how every DuckDB file begins
STORAGE_VERSION = "v1.5.0"  # files that DuckDB 1.5 and 2 both open
THREADS = min(4, os.cpu_count() or 1)  # of the writing connection; each needs memory of its own


class DuckDBFile:
    """A store in a file; see `place.Place` for what each method is for."""

    def __init__(self, named: Path) -> None:
        self.path = _followed(named)
        if self.path.is_dir():
            raise StoreUnusable(f"{self.path}: is a directory; give the path of a DuckDB file")
        self.read_path = _followed(self.path.with_name(self.path.name.removesuffix(".duckdb") + ".read.duckdb"))
        self._named = named

    @property
    def url(self) -> str:
        return str(self.path)

    @property
    def absolute_url(self) -> str:
        return str(self.path.resolve())

    @property
    def folder(self) -> Path:
        return self.path.resolve().parent

    @property
    def key_path(self) -> Path:
        """Beside the file, or beside the link to it where only there is one."""
        own, linked = key_path(self.path), key_path(self._named)
        return linked if linked.exists() and not own.exists() else own

    @property
    def exists(self) -> bool:
        return self.path.exists()

    @property
    def size(self) -> int:
        refuse_other_files(self.path)
        return self.path.stat().st_size

    def identities(self) -> set[tuple[object, ...]]:
        return {identify(self.path)}

    def refuse_others(self) -> None:
        refuse_other_files(self.path)

    @contextmanager
    def locked(self, purpose: str, seconds: float) -> Iterator[None]:
        name = f"{self.path.name}.{purpose}.lock" if purpose else f"{self.path.name}.lock"
        lock = FileLock(self.path.with_name(name), timeout=seconds, mode=OWNER_ONLY)
        with owner_only():
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                lock.acquire()
            except Timeout:
                raise StoreBusy(
                    f"{self.path}: another run has been writing for {seconds:.0f} s; "
                    "wait for it to end, or end it, and run again"
                ) from None
            except OSError as problem:
                raise _not_written(self.path, problem) from None
            try:
                yield
            except OSError as problem:
                if purpose:  # it may be of anything that is done meanwhile
                    raise
                raise _not_written(self.path, problem) from None
            finally:
                lock.release()

    def run_lock(self, run_id: str) -> Path:
        return self.path.with_name(f"{self.path.name}.run-{run_id}.lock")

    def connected(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return connected(self.path)

    @contextmanager
    def attached_to(self, connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[None]:
        try:
            connection.execute(f"ATTACH {_quoted(self.path)} AS {name} (READ_ONLY)")
        except duckdb.Error as problem:
            raise _explained(self.path, problem) from None
        try:
            yield
        finally:
            with suppress(duckdb.Error):  # where the connection is lost, so is this
                connection.execute(f"DETACH {name}")

    def assure_lock(self) -> None:
        pass  # the system keeps the lock of a file for as long as its process lives

    def close_to_others(self) -> None:
        close_to_others(self.path)

    def connect_published(self) -> duckdb.DuckDBPyConnection:
        return connect_published(self.read_path)

    def connect_apart(self) -> duckdb.DuckDBPyConnection:
        return connect_apart(self.read_path)

    def readable_files(self, connection: duckdb.DuckDBPyConnection) -> list[Path]:
        return []

    def adapted(self, sql: str) -> str:
        return sql

    def explained(self, problem: duckdb.Error) -> StoreError:
        return _unwritten(self.path, problem)

    def remove_leftovers(self) -> None:
        remove_leftovers(self.path, self.read_path)

    def settle(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("RESET max_vacuum_tasks")
        connection.execute("CHECKPOINT")

    def publish(self) -> None:
        """Copy the file and rename the copy into place.

        The copy is for its owner only; for its group too where that may read the one before.
        """
        draft = self.read_path.with_name(f".{self.read_path.name}.{os.getpid()}.draft")
        try:
            copy_file(self.path, draft)
            open_to_group(draft, like=self.read_path)
            draft.replace(self.read_path)
        except OSError as problem:
            draft.unlink(missing_ok=True)
            raise StoreUnusable(
                f"{self.read_path}: cannot be published: {problem.strerror}; what was saved stays, and readers keep "
                "the copy before: mend that and run again"
            ) from None

    def rewrite(self, prepare: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        @contextmanager
        def opened() -> Iterator[duckdb.DuckDBPyConnection]:
            with connected(self.path) as connection:
                prepare(connection)
                yield connection

        rewrite_file(self.path, STORAGE_VERSION, opened)

    def drop_former(self) -> None:
        pass  # the file and its copy are the only ones


def identify(path: Path) -> tuple[object, ...]:
    """The same for each name of a file or folder, through links too."""
    try:
        there = path.stat()
    except OSError:
        return (str(path.resolve()),)
    return there.st_dev, there.st_ino


def refuse_other_files(path: Path) -> None:
    """Raises StoreUnusable for a file that DuckDB has not written: it would open a CSV too, as a view in memory."""
    try:
        with path.open("rb") as file:
            head = file.read(len(MAGIC) + MAGIC_AT)
    except OSError:  # not there yet, or not to be read: whoever opens it says so
        return
    if head and head[MAGIC_AT:] != MAGIC:
        raise StoreUnusable(f"{path}: is not a store that this release can open; choose another --store")


def _followed(path: Path) -> Path:
    """The path, or the file that a link at it leads to: what replaces a link leaves its old target as it was.

    Locks and drafts are named after that file, so that its link and its own name are one store.
    """
    try:
        return path.resolve() if path.is_symlink() else path
    except (OSError, RuntimeError):  # links in a circle
        raise StoreUnusable(f"{path}: is a link that leads nowhere; mend it or choose another --store") from None


@contextmanager
def connected(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the store's file, without its lock. Raises StoreBusy, StoreUnusable."""
    connection = _open_file(path)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        # To merge small row groups takes longer than to write them, and at every close of a store that grows it would
        # be done again and again: once, when the run is over, is enough.
        connection.execute("SET max_vacuum_tasks = 0")
        connection.execute(f"SET threads = {THREADS}")
        yield connection
    except (duckdb.FatalException, duckdb.IOException, duckdb.TransactionException) as problem:
        raise _unwritten(path, problem) from None
    finally:
        connection.close()


def _open_file(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        if not path.exists():
            with duckdb.connect() as maker:
                maker.execute(f"ATTACH {_quoted(path)} AS made (STORAGE_VERSION '{STORAGE_VERSION}')")
                maker.execute("DETACH made")
        elif path.stat().st_size == 0:
            raise StoreUnusable(f"{path}: is an empty file, not a store; remove it or choose another --store")
        return duckdb.connect(str(path))
    except duckdb.Error as problem:
        raise _explained(path, problem) from None


def _explained(path: Path, problem: duckdb.Error) -> StoreError:
    text = str(problem)
    if "already attached" in text or "different configuration" in text:
        return StoreBusy(f"{path}: this process has it open otherwise; close that, or open the copy read-only there")
    if "lock" in text.lower():
        holder = re.search(r"PID (\d+)", text)
        who = f"process {holder[1]}" if holder else "another program"
        return StoreBusy(
            f"{path}: {who} holds the store open; close it (analysts open the copy that ends in .read.duckdb)"
        )
    if "permission" in text.lower() or "read-only" in text.lower():
        return StoreUnusable(f"{path}: no right to write here; choose another --store")
    return StoreUnusable(f"{path}: is not a store that this release can open; choose another --store")


def _not_written(path: Path, problem: OSError) -> StoreError:
    where = problem.filename or path
    return StoreUnusable(f"{where}: cannot be written: {problem.strerror}; choose another --store")


def _unwritten(path: Path, problem: duckdb.Error) -> StoreError:
    """What is told of a write or a commit that failed: all of it is undone."""
    told = " ".join(str(problem).split())
    if "no space left" in told.lower() or "quota exceeded" in told.lower():
        return StoreUnusable(
            f"{path}: no room is left on its disk, and what was begun is undone; make room and run again"
        )
    return StoreUnusable(f"{path}: cannot be written, and what was begun is undone: {told[:200]}; run again")


def connect_published(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a published copy read-only. Raises NothingPublished, StoreUnusable."""
    _require_published(path)
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as problem:
        raise _explained(path, problem) from None
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def connect_apart(path: Path) -> duckdb.DuckDBPyConnection:
    """The same in a DuckDB of its own, which DuckDB never shares. Raises NothingPublished, StoreUnusable."""
    _require_published(path)
    connection = duckdb.connect()
    try:
        connection.execute(f"ATTACH {_quoted(path)} AS published (READ_ONLY)")
        connection.execute("USE published")
        connection.execute("SET TimeZone = 'UTC'")
        # Where DuckDB itself puts it for a file: what is in memory would get one in the working folder.
        connection.execute(f"SET temp_directory = {_quoted(f'{path}.tmp')}")
    except duckdb.Error as problem:
        connection.close()
        raise _explained(path, problem) from None
    return connection


def _require_published(path: Path) -> None:
    if not path.exists():
        raise NothingPublished(
            f"{path}: nothing is published yet; run: brandtrust run BRAND.toml, or name the store that "
            "is meant: --store PATH"
        )
    refuse_other_files(path)


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
