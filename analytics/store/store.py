"""The store: one DuckDB file, one writer at a time, and a published read-only copy that everyone else opens.

A DuckDB file held by a writer cannot be opened by anyone else. So writers take a lock for short transactions only, and
at the end of a run the file is copied and renamed into place: readers never wait and never see half a run.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from filelock import FileLock, Timeout

from analytics.store.author_keys import AuthorKeys, key_path, load_keys
from analytics.store.catalogue import statement, views
from analytics.store.errors import NothingPublished, StoreBusy, StoreError, StoreUnusable
from analytics.store.file_modes import OWNER_ONLY, close_to_others, open_to_group, owner_only
from analytics.store.gathering import IN_FORCE, SOON_GATHERED, gather
from analytics.store.leftovers import remove_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_STORE = "brandtrust.duckdb"
STORAGE_VERSION = "v1.5.0"  # files that DuckDB 1.5 and 2 both open
LOCK_SECONDS = 600.0
THREADS = min(4, os.cpu_count() or 1)  # of the writing connection; each needs memory of its own


def now() -> datetime:
    """This moment as the store keeps times: UTC without zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def new_run_id() -> str:
    """An id that sorts by time."""
    return f"{now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"


class Store:
    """A store at a path. Nothing is opened or made before it is needed."""

    def __init__(self, url: str | Path | None = None, *, lock_seconds: float = LOCK_SECONDS) -> None:
        named = str(url or os.environ.get("BRANDTRUST_STORE") or DEFAULT_STORE)
        if re.match(r"[a-z][a-z0-9+]+:", named):
            shown = re.sub(r"//[^/@]*@", "//…@", named)  # a password stays out of logs
            raise StoreUnusable(f"{shown}: unknown kind of store; give the path of a DuckDB file")
        self.path = _followed(Path(named))
        if self.path.is_dir():
            raise StoreUnusable(f"{self.path}: is a directory; give the path of a DuckDB file")
        self.read_path = _followed(self.path.with_name(self.path.name.removesuffix(".duckdb") + ".read.duckdb"))
        self._named = Path(named)
        self._lock_seconds = lock_seconds
        self._keys: AuthorKeys | None = None

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    @property
    def exists(self) -> bool:
        """Whether the file is there."""
        return self.path.exists()

    @property
    def key_path(self) -> Path:
        """Where the author key lies: beside the file, or beside the link to it where only there is one."""
        own, linked = key_path(self.path), key_path(self._named)
        return linked if linked.exists() and not own.exists() else own

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
        where the file is no store, of a newer release or cannot be written.
        """
        with self.locked(), connected(self.path) as connection:
            try:
                migrate(connection, self.path)
                close_to_others(self.path)
                yield connection
            except duckdb.OutOfMemoryException:
                raise StoreUnusable(
                    f"{self.path}: this machine has too little free memory for it, and what was begun is undone; "
                    "end other programs or take a larger machine, and run again"
                ) from None
            except (duckdb.FatalException, duckdb.IOException, duckdb.TransactionException) as problem:
                raise _unwritten(self.path, problem) from None

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A writing connection inside one transaction: all of it or nothing."""
        with self.writer() as connection, whole(connection):
            yield connection

    @contextmanager
    def reader(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the published copy, read-only. Raises NothingPublished."""
        connection = connect_published(self.read_path)
        try:
            yield connection
        finally:
            connection.close()

    def publish(self, *, gather_at_most: int | None = SOON_GATHERED) -> Path:
        """Copy the store for readers and rename the copy into place; returns its path.

        The copy is for its owner only; for its group too where that may read the one before. Posts are gathered for
        it, at any cost where `gather_at_most` is None.
        """
        draft = self.read_path.with_name(f".{self.read_path.name}.{os.getpid()}.draft")
        with self.locked():
            remove_leftovers(self.path, self.read_path)
            with connected(self.path) as connection:
                migrate(connection, self.path)
                self.record_fingerprint(connection)
                with whole(connection):
                    gather(connection, at_most=gather_at_most)
                connection.execute("RESET max_vacuum_tasks")
                # A checkpoint merges nothing where nothing was written.
                connection.execute(statement("replace_setting"), ["published_at", now().isoformat()])
                connection.execute("CHECKPOINT")
            try:
                shutil.copyfile(self.path, draft)
                with draft.open("rb+") as file:
                    os.fsync(file.fileno())
                open_to_group(draft, like=self.read_path)
                draft.replace(self.read_path)
            except OSError as problem:
                draft.unlink(missing_ok=True)
                raise StoreUnusable(f"{self.read_path}: cannot be published: {problem.strerror}") from None
        return self.read_path

    def record_fingerprint(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write down which author key this store belongs to; its first use decides."""
        if self._keys is not None:
            connection.execute(statement("keep_setting"), ["author_key_fingerprint", self._keys.fingerprint])

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the writer's lock; what is made meanwhile is for its owner only. Raises StoreBusy, StoreUnusable."""
        lock_path = self.path.with_name(self.path.name + ".lock")
        try:
            with owner_only():
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with FileLock(lock_path, timeout=self._lock_seconds, mode=OWNER_ONLY):
                    yield
        except Timeout:
            raise StoreBusy(
                f"{self.path}: another run has been writing for {self._lock_seconds:.0f} s; "
                "wait for it to end, or end it, and run again"
            ) from None
        except OSError as problem:
            where = problem.filename or self.path
            raise StoreUnusable(f"{where}: cannot be written: {problem.strerror}; choose another --store") from None


def _followed(path: Path) -> Path:
    """The path, or the file that a link at it leads to: what replaces a link leaves its old target as it was.

    Locks and drafts are named after that file, so that its link and its own name are one store.
    """
    try:
        return path.resolve() if path.is_symlink() else path
    except (OSError, RuntimeError):  # links in a circle
        raise StoreUnusable(f"{path}: is a link that leads nowhere; mend it or choose another --store") from None


def first_row(connection: duckdb.DuckDBPyConnection, sql: str, values: object = None) -> tuple[Any, ...] | None:
    """The first row of a result, read to its end: DuckDB 2 runs nothing else on a connection before that."""
    rows = connection.execute(sql, values).fetchall()
    return rows[0] if rows else None


@contextmanager
def whole(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """One transaction on a connection that is open: all that is done inside or nothing."""
    connection.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # where the disk is full there is nothing to roll back any more
            connection.rollback()
        raise
    connection.commit()


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
    finally:
        connection.close()


def _open_file(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        if not path.exists():
            with duckdb.connect() as maker:
                quoted = str(path).replace("'", "''")
                maker.execute(f"ATTACH '{quoted}' AS made (STORAGE_VERSION '{STORAGE_VERSION}')")
                maker.execute("DETACH made")
        elif path.stat().st_size == 0:
            raise StoreUnusable(f"{path}: is an empty file, not a store; remove it or choose another --store")
        return duckdb.connect(str(path))
    except duckdb.Error as problem:
        raise _explained(path, problem) from None


def _explained(path: Path, problem: duckdb.Error) -> StoreError:
    text = str(problem)
    if "lock" in text.lower():
        holder = re.search(r"PID (\d+)", text)
        who = f"process {holder[1]}" if holder else "another program"
        return StoreBusy(
            f"{path}: {who} holds the store open; close it (analysts open the copy that ends in .read.duckdb)"
        )
    if "permission" in text.lower() or "read-only" in text.lower():
        return StoreUnusable(f"{path}: no right to write here; choose another --store")
    return StoreUnusable(f"{path}: is not a store that this release can open; choose another --store")


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
    if not path.exists():
        raise NothingPublished(
            f"{path}: nothing is published yet; run: brandtrust run BRAND.toml, or name the store that "
            "is meant: --store PATH"
        )
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as problem:
        raise _explained(path, problem) from None
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@cache
def migrations() -> list[tuple[int, str, str]]:
    """(number, name, SQL) of every migration, in order."""
    folder = resources.files("analytics.store") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), name.removesuffix(".sql"), (folder / name).read_text("utf-8")) for name in names]


def migrate(
    connection: duckdb.DuckDBPyConnection, path: Path, *, steps: Callable[[], list[tuple[int, str, str]]] = migrations
) -> None:
    """Bring the store to this release: each numbered step in its own transaction, then the views if they changed.

    Raises StoreUnusable for a file that is another program's or a newer release's.
    """
    wanted = steps()
    if _is_of_this_release(connection, [number for number, _, _ in wanted]):  # as nearly every time, and quick to see
        return
    tables = {str(row[0]) for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if tables and "schema_migrations" not in tables:
        raise StoreUnusable(f"{path}: is a DuckDB file of something else, not a store; choose another --store")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations "
        "(number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
    )
    connection.execute("CREATE TABLE IF NOT EXISTS view_definitions (hash VARCHAR NOT NULL)")
    done = {int(row[0]) for row in connection.execute("SELECT number FROM schema_migrations").fetchall()}
    if done and max(done) > max(number for number, _, _ in wanted):
        raise StoreUnusable(f"{path}: was written by a newer release (step {max(done)}); update brandtrust")
    for number, name, sql in wanted:
        if number not in done:
            with whole(connection):
                connection.execute(sql)
                connection.execute("INSERT INTO schema_migrations VALUES (?, ?, ?)", [number, name, now()])
    _define_views(connection)


@cache
def _view_definitions() -> tuple[list[str], str]:
    definitions = [view.sql for view in views().values()]
    return definitions, hashlib.sha256("".join(definitions).encode()).hexdigest()


def _is_of_this_release(connection: duckdb.DuckDBPyConnection, numbers: list[int]) -> bool:
    _, definitions = _view_definitions()
    done = "SELECT (SELECT list(number ORDER BY number) FROM schema_migrations), (SELECT hash FROM view_definitions)"
    try:
        return first_row(connection, done) == (numbers, definitions)
    except (duckdb.CatalogException, duckdb.BinderException):  # no such table or column yet
        return False


def _define_views(connection: duckdb.DuckDBPyConnection) -> None:
    definitions, present = _view_definitions()
    if connection.execute("SELECT hash FROM view_definitions").fetchall() == [(present,)]:
        return
    with whole(connection):
        for sql in definitions:
            connection.execute(sql)
        connection.execute("DELETE FROM store_settings WHERE name = ?", [IN_FORCE])  # one of them was another
        connection.execute("DELETE FROM view_definitions")
        connection.execute("INSERT INTO view_definitions VALUES (?)", [present])
