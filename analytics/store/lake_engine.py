"""DuckDB with a lake attached: its catalogue in PostgreSQL, its Parquet files in a shared folder.

To load the extensions takes longer than most of what is asked of a store, and nobody is kept out by a lake that is
attached: so a process keeps one engine for each lake, and each writing connection is a cursor of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import duckdb

from analytics.store.duckdb_file import THREADS
from analytics.store.errors import StoreUnusable

if TYPE_CHECKING:
    from analytics.store.lake_url import LakeUrl

LAKE, CATALOGUE = "lake", "catalogue"  # as what they are attached
NEEDED = "pip install '.[lake]' in the checkout"
_turn = Lock()


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension from its package: nothing is downloaded. Raises StoreUnusable where it is not installed."""
    package = f"duckdb_extension_{name}"
    try:
        folder = Path(str(import_module(package).__file__)).parent
    except ImportError:
        raise StoreUnusable(
            f"a store of the kind ducklake: needs the package {package.replace('_', '-')}; run: {NEEDED}"
        ) from None
    try:
        connection.execute(f"LOAD {quoted(next(folder.glob(f'extensions/*/{name}.duckdb_extension')))}")
    except (StopIteration, duckdb.Error):
        raise StoreUnusable(
            f"the package {package.replace('_', '-')} is of another release than DuckDB {duckdb.__version__}; "
            f"run: {NEEDED}"
        ) from None


def quoted(text: object) -> str:
    """As a string of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def ask(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """The answer of PostgreSQL itself to a query."""
    return connection.execute("SELECT * FROM postgres_query(?, ?)", [CATALOGUE, sql]).fetchall()


class Engine:
    """One DuckDB for one lake. `duckdb.Error` may be raised by all of it and may hold a password: see `tell`."""

    def __init__(self, lake: LakeUrl) -> None:
        self.process = os.getpid()
        self._lake = lake
        self._attached: set[str] = set()
        self._attaching = Lock()
        self._connection = duckdb.connect()
        self._memory = self._connection.execute("SELECT current_setting('memory_limit')").fetchall()[0][0]
        _load_extensions(self._connection)
        self._connection.execute(f"SET threads = {THREADS}")
        if lake.password is not None:
            self._connection.execute(f"CREATE SECRET of_catalogue (TYPE postgres, PASSWORD {quoted(lake.password)})")

    @contextmanager
    def catalogue(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection by which PostgreSQL itself can be asked: postgres_query('catalogue', …)."""
        secret = "" if self._lake.password is None else ", SECRET of_catalogue"
        self._attach(CATALOGUE, f"ATTACH {quoted(self._lake.server)} AS {CATALOGUE} (TYPE postgres{secret})")
        with self._cursor() as cursor:
            yield cursor

    @contextmanager
    def lake(self, files: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the lake, whose tables are found without its name. It is made where there is none."""
        settings = f"{_describe(self._lake, files, 'of_catalogue')}, DATA_INLINING_ROW_LIMIT 0"
        self._attach(LAKE, f"ATTACH {quoted(f'ducklake:{self._lake.server}')} AS {LAKE} ({settings})")
        with self._cursor() as cursor:
            cursor.execute(f"USE {LAKE}")
            yield cursor

    def _attach(self, name: str, sql: str) -> None:
        with self._attaching:
            if name not in self._attached:
                self._connection.execute(sql)
                self._attached.add(name)

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._connection.cursor()
        try:
            # What another cursor has set of these holds for all of them; RESET of the memory is told and not done.
            cursor.execute(f"SET memory_limit = {quoted(self._memory)}")
            cursor.execute("RESET max_temp_directory_size")
            cursor.execute("SET TimeZone = 'UTC'")
            yield cursor
        finally:
            with suppress(duckdb.Error):
                cursor.close()


@contextmanager
def attach_lake(connection: duckdb.DuckDBPyConnection, lake: LakeUrl, files: Path, name: str) -> Iterator[None]:
    """A lake as the read-only database `name` of any connection. Raises as an engine does."""
    _load_extensions(connection)
    secret = f"of_{name}"
    if lake.password is not None:
        connection.execute(f"CREATE SECRET {secret} (TYPE postgres, PASSWORD {quoted(lake.password)})")
    try:
        settings = f"READ_ONLY, {_describe(lake, files, secret)}"
        connection.execute(f"ATTACH {quoted(f'ducklake:{lake.server}')} AS {name} ({settings})")
        try:
            yield
        finally:
            with suppress(duckdb.Error):  # where the connection is lost, so is this
                connection.execute(f"DETACH {name}")
    finally:
        with suppress(duckdb.Error):
            connection.execute(f"DROP SECRET IF EXISTS {secret}")


def _load_extensions(connection: duckdb.DuckDBPyConnection) -> None:
    for name in ("postgres_scanner", "ducklake"):
        load_extension(connection, name)
    # What is asked of it is known; nothing may be fetched from anywhere for it.
    connection.execute("SET autoinstall_known_extensions = false")


def _describe(lake: LakeUrl, files: Path, secret: str) -> str:
    """Of a lake where its files lie and how its catalogue is opened, for ATTACH."""
    with_secret = "" if lake.password is None else f", 'SECRET': '{secret}'"
    return f"DATA_PATH {quoted(files)}, METADATA_PARAMETERS MAP {{'TYPE': 'postgres'{with_secret}}}"


_engines: WeakValueDictionary[str, Engine] = WeakValueDictionary()


def find_engine(lake: LakeUrl) -> Engine:
    """The engine of this lake in this process, for as long as anybody keeps it."""
    with _turn:
        engine = _engines.get(lake.url)
        if engine is None or engine.process != os.getpid():
            engine = _engines[lake.url] = Engine(lake)
        return engine
