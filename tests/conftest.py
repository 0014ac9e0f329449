"""What every test may use, and an environment that no test inherits from the machine."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from analytics.store import Store, duckdb_file
from analytics.store.migrating import migrate, migrations
from brands.brand_file import load
from flows.demo_sample import write_sample
from flows.demo_terms import store_terms
from flows.stages import weekly
from tests.lakes import Lakes, running_lakes, why_no_lake

ROOT = Path(__file__).resolve().parent.parent
OPEN_FILE = duckdb_file._open_file  # as the store itself opens it

# How many examples a law is tried on: `make test-laws` takes the second.
UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # a busy machine is no fault
settings.register_profile("quick", max_examples=50, **UNTIMED)
settings.register_profile("thorough", max_examples=200, **UNTIMED)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real posts that is not part of the project; a test that needs it is skipped by name without it."""
    folder = Path(os.environ.get("BRANDTRUST_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the folder of real posts (../shared/data) is not here")
    return folder


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the machine must not reach a test."""
    for name in list(os.environ):
        if name.startswith("BRANDTRUST_") and name != "BRANDTRUST_SHARED_DATA":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def heard_interrupts() -> Iterator[None]:
    """Ctrl-C is heard, here and in programs that a test starts.

    Where the tests run in the background of a shell it is ignored, which they would inherit and pass on: whoever waits
    for an interrupted program would then wait for ever.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def copied_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new store is a copy of a blank one: the migrations take five times as long, and most tests make a store.

    The blank one compresses nothing by zstd, so that whoever searches a store's bytes for what was purged finds what is
    there. The store's own tests have theirs made by the migrations, as they are.
    """
    blank = tmp_path_factory.mktemp("blank") / "blank.duckdb"
    plain = [(number, name, sql.replace(" USING COMPRESSION zstd", "")) for number, name, sql in migrations()]
    with duckdb_file.connected(blank) as connection:
        migrate(connection, blank, steps=lambda: plain)

    def open_file(path: Path) -> duckdb.DuckDBPyConnection:
        if not path.exists():
            shutil.copyfile(blank, path)
        return OPEN_FILE(path)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(duckdb_file, "_open_file", open_file)
        yield


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Store:
    """The demo's store after a whole run, made by the same functions that the demo calls: once for all workers."""
    session = tmp_path_factory.getbasetemp()
    made = (session if worker_id == "master" else session.parent) / "demo-of-all-workers"
    with FileLock(made.with_suffix(".lock")):
        if not made.exists():
            draft = made.with_suffix(".draft")
            brand, store = load(write_sample(draft)), Store(draft / "brandtrust.duckdb")
            store_terms(store, brand.slug)
            weekly(brand, store, out=draft / "reports")
            draft.rename(made)
    mine = tmp_path_factory.mktemp("demo") / "copy"
    shutil.copytree(made, mine)
    return Store(mine / "brandtrust.duckdb")


@pytest.fixture(scope="session")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lakes]:
    """Lakes on a real PostgreSQL, one for all tests."""
    if missing := why_no_lake():
        pytest.skip(missing)
    with running_lakes(tmp_path_factory.mktemp("lakes")) as running:
        yield running
