"""Dask reads posts on a real local cluster, and what is stored is the same as without."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import distributed
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from analytics import new_posts
from analytics.store import Store
from brands.brand_file import Brand, load
from flows import reading_by_dask, stages
from flows.analyse_flow import analyse_flow
from flows.dask_setting import NAME, find_dask
from flows.errors import UsageError
from flows.own_server import OwnServer
from flows.progress import Advance
from tests.bench.made_posts import BRAND, write_ndjson
from tests.bench.whole_path import BRAND_FILE, USUAL, VARIANTS
from tests.conftest import ROOT
from tests.flows.conftest import BrandTrust

T = TypeVar("T")
POSTS = 3_000
OF_THE_RUN = {"runs", "store_settings"}  # and not of what it read


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a brand file and a store of posts that nobody has read."""
    folder = tmp_path_factory.mktemp("collected")
    write_ndjson(folder / "posts.ndjson", POSTS)
    text = BRAND_FILE.format(brand=BRAND, query=BRAND.lower(), path=folder / "posts.ndjson", **VARIANTS[USUAL])
    (folder / "brand.toml").write_text(text)
    stages.collect(load(folder / "brand.toml"), Store(folder / "a.duckdb"))
    return folder


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    """A Prefect server for all tests here."""
    own = OwnServer(schedules=False)
    own.await_answer()
    with temporary_settings({PREFECT_API_URL: own.url}):
        yield
    own.stop()


@pytest.fixture(scope="module", autouse=True)
def small_partitions() -> Iterator[None]:
    """Rounds of four partitions, and all of them worth Dask."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(new_posts, "FIRST_ROUND_POSTS", 200)
        patched.setattr(new_posts, "ROUND_POSTS", 400)
        patched.setattr(new_posts, "JOB_POSTS", 100)
        patched.setattr(reading_by_dask, "WORTH_DASK", 0)
        yield


def copy_of(collected: Path, folder: Path) -> tuple[Brand, Store]:
    for name in ("a.duckdb", "a.key"):
        shutil.copy(collected / name, folder / name)
    return load(collected / "brand.toml"), Store(folder / "a.duckdb")


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, to the last bit, without what tells which run wrote them and when.

    In an order of their own: DuckDB's joins, which some go through, keep none.
    """
    with store.writer() as connection:
        found = connection.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE NOT internal "
            "AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT temporary) GROUP BY table_name"
        ).fetchall()
        return {
            table: connection.execute(
                f"SELECT {'* EXCLUDE run_id' if 'run_id' in columns else '*'} FROM {table} ORDER BY ALL"
            ).fetchall()
            for table, columns in found
            if table not in OF_THE_RUN
        }


@pytest.fixture(scope="module")
def read_here(collected: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    """All tables after a run without Dask."""
    brand, store = copy_of(collected, tmp_path_factory.mktemp("here"))
    stages.analyse(brand, store)
    return everything(store)


def differing(store: Store, expected: dict[str, list[tuple[object, ...]]]) -> list[str]:
    found = everything(store)
    assert len(found["scores"]) > POSTS
    return [table for table in expected | found if found.get(table) != expected.get(table)]


@pytest.mark.long
def test_workers_on_this_machine_read_the_same(
    collected: Path,
    read_here: dict[str, list[tuple[object, ...]]],
    prefect: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """BRANDTRUST_DASK=2 starts two for a flow, and every table is that of a run without, row by row."""
    brand, store = copy_of(collected, tmp_path)
    monkeypatch.setenv(NAME, "2")
    analyse_flow(str(brand.path), str(store.path))
    assert differing(store, read_here) == []
    assert "read here" not in capsys.readouterr().err


@pytest.mark.long
def test_what_a_worker_is_killed_with_is_read_again(
    collected: Path,
    read_here: dict[str, list[tuple[object, ...]]],
    prefect: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By another worker of the scheduler that is named, and every table is that of a run without."""
    brand, store = copy_of(collected, tmp_path)
    killed: dict[str, int] = {}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        monkeypatch.setenv(NAME, cluster.scheduler_address)

        def kill_one_at_work(_: int) -> None:
            for worker in [] if killed else cluster.scheduler.workers.values():
                if worker.processing:
                    killed[worker.name] = len(worker.processing)
                    os.kill(cluster.workers[worker.name].pid, signal.SIGKILL)
                    break

        def step(name: str, work: Callable[[Advance], T], *others: object, **more: object) -> T:
            return work(kill_one_at_work)

        stages.analyse(brand, store, step=step)
    assert sum(killed.values()) > 0
    assert differing(store, read_here) == []
    assert "read here" not in capsys.readouterr().err


@pytest.mark.long
def test_what_no_worker_can_read_is_read_here(
    collected: Path,
    read_here: dict[str, list[tuple[object, ...]]],
    prefect: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Workers of another release would read otherwise: they are not believed, which is told, and nothing is lost."""
    brand, store = copy_of(collected, tmp_path)
    monkeypatch.setenv(NAME, "1")
    now_and_here = reading_by_dask._versions
    monkeypatch.setattr(reading_by_dask, "_versions", lambda job: {**now_and_here(job), "themes": "a newer one"})
    stages.analyse(brand, store)
    assert differing(store, read_here) == []
    told = capsys.readouterr().err
    assert "read here and not by Dask: ReadsOtherwise: a worker reads themes by version" in told


def test_a_scheduler_that_is_not_there_is_told_before_anything_is_done(
    acme: Path, workplace: Path, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line that names the setting, with exit code 2; no post is collected and no run written down."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv(NAME, address)
    monkeypatch.setattr("flows.dask_setting.ANSWER_SECONDS", 1)
    brandtrust("collect", acme)
    before = (workplace / "brandtrust.duckdb").read_bytes()
    result = brandtrust("score", acme)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"brandtrust: {NAME}={address}: no Dask scheduler answers there")
    assert len(result.stderr.splitlines()) == 1
    assert (workplace / "brandtrust.duckdb").read_bytes() == before


@pytest.mark.parametrize("told", ["two", "0", "-1", "localhost:8786", "4.5"])
def test_a_setting_that_says_nothing_is_told(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what could stand there."""
    monkeypatch.setenv(NAME, told)
    with pytest.raises(UsageError, match=r"neither a number of workers .* nor the address"):
        find_dask()


def test_without_the_setting_nothing_of_dask_is_imported() -> None:
    """It takes a second, and a machine without the extra has none of it."""
    code = "import flows.weekly_flow, flows.stages, analytics.new_posts, sys; print(*sys.modules)"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"dask", "distributed", "prefect_dask"} & set(process.stdout.split())
