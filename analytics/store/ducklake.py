"""The store of a team: Parquet files in a shared folder, their catalogue in PostgreSQL, one committer at a time.

DuckLake lets several commit at once, and two that bring the same new posts then both add them: it has no keys. So
whoever writes holds an advisory lock of PostgreSQL, which ends with its connection, and so with its process.

What is published is a file too: the catalogue as it stands, copied out of PostgreSQL and renamed into place
(`lake_publishing`). Readers need the shared folder only.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from analytics.store import lake_publishing, lake_upkeep
from analytics.store.author_keys import key_path
from analytics.store.duckdb_file import identify
from analytics.store.errors import StoreBusy, StoreError, StoreUnusable
from analytics.store.file_modes import is_open_to_group, owner_only
from analytics.store.lake_engine import Engine, ask, attach_lake, find_engine
from analytics.store.lake_url import parse_lake_url
from analytics.store.leftovers import remove_drafts

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = "files"  # in the shared folder: nothing but what DuckLake writes, and removes where nothing refers to it
PUBLISHED = "published.ducklake"
LOOK_SECONDS = 0.05  # between two looks at the lock
_KEYS = re.compile(r",?\s*PRIMARY KEY \([^)]*\)")
_BOOLEAN_DEFAULT = re.compile(r"ALTER TABLE (\w+) ADD COLUMN (\w+) BOOLEAN DEFAULT (true|false);")


class DuckLake:
    """A store in a lake; see `place.Place` for what each method is for."""

    def __init__(self, named: str) -> None:
        self._lake = parse_lake_url(named)
        self._files = self._lake.data / FILES
        self._kept: Engine | None = None
        self._may_write = False
        self._holder: duckdb.DuckDBPyConnection | None = None

    @property
    def url(self) -> str:
        return self._lake.url

    @property
    def absolute_url(self) -> str:
        return self._lake.url

    @property
    def folder(self) -> Path:
        return self._lake.data.resolve()

    @property
    def read_path(self) -> Path:
        return self._lake.data / PUBLISHED

    @property
    def key_path(self) -> Path:
        return key_path(self._lake.data / "brandtrust")

    @property
    def exists(self) -> bool:
        made = (
            "SELECT count(*) FROM public.ducklake_table WHERE table_name = 'schema_migrations' AND end_snapshot IS NULL"
        )
        with self._catalogue() as catalogue:
            return self._is_lake(catalogue) and bool(ask(catalogue, made)[0][0])

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in self._files.rglob("*.parquet"))

    def identities(self) -> set[tuple[object, ...]]:
        database = (
            "SELECT pg_postmaster_start_time()::text, oid::text FROM pg_database WHERE datname = current_database()"
        )
        with self._catalogue() as catalogue:
            return {identify(self._lake.data), self._told(catalogue, database)[0]}

    def refuse_others(self) -> None:
        pass  # opening it says so, and makes nothing before

    @contextmanager
    def locked(self, purpose: str, seconds: float) -> Iterator[None]:
        number = int.from_bytes(hashlib.sha256(f"brandtrust {purpose}".encode()).digest()[:8], "big", signed=True)
        with owner_only(group=is_open_to_group(self._lake.data)), self._catalogue() as holder:
            holder.begin()  # the lock is the transaction's, and a transaction keeps its connection
            try:
                self._await(holder, f"SELECT pg_try_advisory_xact_lock({number})", seconds)
                if not purpose:
                    self._holder = holder
                yield
            finally:
                if not purpose:
                    self._holder = None
                with suppress(duckdb.Error):  # where the server has gone, so has the lock
                    holder.rollback()

    def _await(self, holder: duckdb.DuckDBPyConnection, sql: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._told(holder, sql)[0][0]:
            if time.monotonic() >= end:
                raise StoreBusy(
                    f"{self.url}: another run has been writing for {seconds:.0f} s; "
                    "wait for it to end, or end it, and run again"
                )
            time.sleep(LOOK_SECONDS)

    def run_lock(self, run_id: str) -> Path:
        # A share may keep the locks of one machine from another, and a connection that is lost would free a lock of
        # PostgreSQL while its run lives: each machine is sure of its own runs only.
        machine = re.sub(r"[^A-Za-z0-9-]", "_", platform.node())
        return self._lake.data / f"run-{run_id}.{machine}.lock"

    @contextmanager
    def connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with ExitStack() as stack:
            try:
                self._require_right_to_write()
                connection = stack.enter_context(self._engine.lake(self._files))
            except duckdb.Error as problem:
                raise self._refused(problem) from None
            yield connection

    @contextmanager
    def attached_to(self, connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                stack.enter_context(attach_lake(connection, self._lake, self._files, name))
            except duckdb.Error as problem:
                raise self._refused(problem) from None
            yield

    def assure_lock(self) -> None:
        if self._holder is None:
            return
        try:
            ask(self._holder, "SELECT 1")
        except duckdb.Error:
            raise StoreBusy(
                f"{self.url}: the connection that kept others from writing was lost, and what was begun is undone; "
                "run again"
            ) from None

    def close_to_others(self) -> None:
        pass  # no earlier release has made one

    def connect_published(self) -> duckdb.DuckDBPyConnection:
        return lake_publishing.connect(self.read_path, self._files)

    def connect_apart(self) -> duckdb.DuckDBPyConnection:
        return self.connect_published()  # a lake is always attached to a DuckDB of its own

    def readable_files(self, connection: duckdb.DuckDBPyConnection) -> list[Path]:
        return lake_publishing.list_files(connection, self._files)

    def adapted(self, sql: str) -> str:
        return adapt_to_lake(sql)

    def explained(self, problem: duckdb.Error) -> StoreError:
        told = _tell(problem)
        if "No space left" in told or "quota exceeded" in told.lower():
            return StoreUnusable(
                f"{self._lake.data}: no room is left on its disk, and what was begun is undone; make room and run again"
            )
        if "ermission denied" in told:
            return self._no_right()
        return StoreUnusable(f"{self.url}: cannot be written, and what was begun is undone: {told[:200]}; run again")

    def remove_leftovers(self) -> None:
        remove_drafts(self.read_path, "draft")

    def settle(self, connection: duckdb.DuckDBPyConnection) -> None:
        lake_upkeep.merge_small_files(connection)

    def publish(self) -> None:
        with self.connected() as connection:
            try:
                lake_publishing.publish(connection, self.read_path)
                lake_upkeep.drop_what_no_reader_needs(connection)
            except duckdb.Error as problem:
                raise self.explained(problem) from None

    def rewrite(self, prepare: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        with self.connected() as connection:
            prepare(connection)
            try:
                lake_upkeep.rewrite_files_with_deletions(connection)
            except duckdb.Error as problem:
                raise StoreUnusable(f"{self.url}: cannot be rewritten: {_tell(problem)[:200]}") from None

    def drop_former(self) -> None:
        with self.connected() as connection:
            try:
                lake_upkeep.drop_all_former(connection)
            except duckdb.Error as problem:
                raise StoreUnusable(f"{self.url}: cannot be rid of old files: {_tell(problem)[:200]}") from None

    @property
    def _engine(self) -> Engine:
        if self._kept is None or self._kept.process != os.getpid():
            self._kept = find_engine(self._lake)
        return self._kept

    @contextmanager
    def _catalogue(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(self._engine.catalogue())
            except duckdb.Error as problem:
                raise self._refused(problem) from None
            yield connection

    def _told(self, connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
        try:
            return ask(connection, sql)
        except duckdb.Error as problem:
            raise self._refused(problem) from None

    def _is_lake(self, catalogue: duckdb.DuckDBPyConnection) -> bool:
        return bool(self._told(catalogue, "SELECT to_regclass('public.ducklake_metadata') IS NOT NULL")[0][0])

    def _require_right_to_write(self) -> None:
        """Once for each opened store, before anything is made: the catalogue is ours to write, and the folder too."""
        if self._may_write:
            return
        with self._catalogue() as catalogue:
            if self._is_lake(catalogue):
                may = "has_table_privilege('public.ducklake_snapshot', 'INSERT, UPDATE, DELETE')"
            else:
                others = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
                if self._told(catalogue, others)[0][0]:
                    raise StoreUnusable(
                        f"{self.url}: is a database of something else, not a store; give a database of its own"
                    )
                may = "has_schema_privilege('public', 'CREATE')"
            if not self._told(catalogue, f"SELECT {may}")[0][0]:
                raise self._no_right()
        try:
            self._files.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise StoreUnusable(
                f"{self._lake.data}: cannot be written: {problem.strerror}; name another folder by data= in --store"
            ) from None
        if not os.access(self._files, os.W_OK | os.X_OK):
            raise StoreUnusable(f"{self._files}: no right to write here; name another folder by data= in --store")
        self._may_write = True

    def _no_right(self) -> StoreUnusable:
        return StoreUnusable(
            f"{self.url}: this user has no right to write to the database; ask who runs the server, "
            "or read only: what is published needs the folder alone"
        )

    def _refused(self, problem: duckdb.Error) -> StoreError:
        """Why the lake cannot be opened, in one line."""
        told = _tell(problem)
        if "DATA_PATH parameter" in told:
            there = re.search(r'catalog "([^"]*?)/?"', told)
            return StoreUnusable(
                f"{self.url}: the files of this lake lie in {there[1] if there else 'another folder'}; "
                f"give the folder that holds that as data="
            )
        if "assword" in told:
            return StoreUnusable(
                f"{self.url}: the password is missing or wrong; set PGPASSWORD or write a line into ~/.pgpass"
            )
        if "ermission denied" in told:
            return self._no_right()
        if found := re.search(r'FATAL: +(\w+ "[^"]*" does not exist)', told):
            return StoreUnusable(f"{self.url}: {found[1]}; have it made, or mend --store")
        if "onnect" in told or "could not translate" in told:
            return StoreUnusable(
                f"{self.url}: no PostgreSQL server answers at {self._lake.where}; start it, or mend --store"
            )
        return StoreUnusable(f"{self.url}: is not a store that this release can open: {told[:200]}")


def adapt_to_lake(sql: str) -> str:
    """A step of the migrations without what DuckLake does not have: keys, ways of compression, a default that is true.

    Keys are kept by the one writer: what may stand already is written by MERGE INTO.
    """
    bare = re.sub(r"--[^\n]*", "", sql).replace(" USING COMPRESSION zstd", "")
    bare = _KEYS.sub("", bare).replace(" PRIMARY KEY", " NOT NULL")
    added = r"ALTER TABLE \1 ADD COLUMN \2 BOOLEAN; UPDATE \1 SET \2 = \3; "
    return _BOOLEAN_DEFAULT.sub(added + r"ALTER TABLE \1 ALTER COLUMN \2 SET DEFAULT '\3';", bare)


def _tell(problem: duckdb.Error) -> str:
    """DuckDB's message in one line, without where it was connecting."""
    told = " ".join(str(problem).split())
    return re.sub(r'at (path \+ )?"[^"]*?(dbname|host|user)=.*?": ', "", told)
