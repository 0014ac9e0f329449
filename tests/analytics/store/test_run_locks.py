"""A run that is gone without a word is found out by the next one; one that lives never is."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from analytics.store import Store, StoreError, run_locks
from flows.runs import Run, recorded

ROOT = Path(__file__).resolve().parents[3]
BEGIN_AND_WAIT = """
import sys
from analytics.store import Store
from flows.runs import recorded

with recorded(Store(sys.argv[1]), "acme", "collect") as run:
    run.begin()
    print(run.id, flush=True)
    sys.stdin.read()
"""


@contextmanager
def other_process(store: Store) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process in the middle of a run, and the run's id. It comes to its end when its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", BEGIN_AND_WAIT, store.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        with suppress(OSError):
            process.stdin.close()
        process.wait(60)
        process.stdout.close()


def run_once(store: Store) -> None:
    with recorded(store, "acme", "score") as run:
        run.begin()


def runs(store: Store) -> dict[str, tuple[Any, ...]]:
    with store.writer() as connection:
        rows = connection.execute("SELECT run_id, status, finished_at, detail FROM runs").fetchall()
    return {row[0]: row[1:] for row in rows}


def statuses(store: Store) -> list[str]:
    return [row[0] for _, row in sorted(runs(store).items())]


def locks(store: Store) -> list[str]:
    return [path.name for path in store.folder.iterdir() if "run-" in path.name]


def test_a_run_that_was_killed_is_found_out_by_the_next(store: Store) -> None:
    """It is `killed`; when it ended is not known, only when it was found; its lock is gone, and readers see it."""
    with other_process(store) as (process, killed):
        process.send_signal(signal.SIGKILL)
        process.wait(60)
    assert statuses(store) == ["running"]
    assert len(locks(store)) == 1
    run_once(store)
    status, finished_at, detail = runs(store)[killed]
    assert (status, finished_at) == ("killed", None)
    assert detail.startswith("ended without a word, as by a kill, a crash or a loss of power; found at 20")
    assert statuses(store) == ["killed", "done"]
    assert locks(store) == []
    with store.reader() as connection:
        assert connection.execute("SELECT count(*) FROM runs WHERE status = 'killed'").fetchone() == (1,)


def test_of_two_runs_at_once_neither_takes_the_other_for_gone(store: Store) -> None:
    """Whether they are of two processes or of one, and whichever ends first."""
    with other_process(store) as (_, other):
        with recorded(store, "acme", "score") as run:
            run.begin()
            run_once(store)
            assert statuses(store) == ["running", "running", "done"]
        assert runs(store)[other][0] == "running"
    assert statuses(store) == ["done", "done", "done"]
    assert locks(store) == []


def test_a_run_that_fails_or_is_interrupted_says_so_itself(store: Store) -> None:
    """Its lock goes with it, so that nobody takes it for killed later."""

    def end_by(problem: BaseException) -> None:
        with recorded(store, "acme", "score") as run:
            run.begin()
            raise problem

    for problem in (ValueError("x"), KeyboardInterrupt()):
        with pytest.raises(type(problem)):
            end_by(problem)
    assert locks(store) == []
    run_once(store)
    assert statuses(store) == ["failed", "failed", "done"]


def test_a_run_that_could_not_write_down_its_end_is_found_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where its process lives on, as that of `serve` does."""

    def refuse(*_: object) -> None:
        raise StoreError("no room")

    run = Run(store, "acme", "score", "1")
    run.begin()
    with monkeypatch.context() as patched:
        patched.setattr(store, "transaction", refuse)
        with pytest.raises(StoreError):
            run.end("done", "")
    run_once(store)
    assert statuses(store) == ["killed", "done"]


def test_a_run_without_a_lock_is_left_alone(store: Store) -> None:
    """Such as one of an earlier release: whether it is gone nobody can tell."""
    with store.transaction() as connection:
        connection.execute("INSERT INTO runs VALUES ('1', 'acme', 'collect', now()::TIMESTAMP, NULL, 'running', '')")
    run_once(store)
    assert statuses(store) == ["running", "done"]


def test_an_end_that_is_written_down_stays(store: Store) -> None:
    """Of a run that was killed after it, only the lock is removed; so is one of a run that never began."""
    run_once(store)
    (ended,) = runs(store)
    for each in (ended, "20260101T000000000000-abcdef"):
        store.place.run_lock(each).touch()
    run_once(store)
    assert statuses(store) == ["done", "done"]
    assert locks(store) == []


def test_where_the_disk_knows_no_locks_a_run_goes_on_without(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves nothing by which another would take it for gone while it lives."""

    class NoLock:
        def __init__(self, path: Path, **_: object) -> None:
            self.path = path

        def acquire(self) -> None:
            self.path.touch()
            raise OSError("no locks available")

        def release(self) -> None:
            pass

    with monkeypatch.context() as patched:
        patched.setattr(run_locks, "FileLock", NoLock)
        first = Run(store, "acme", "collect", "1")
        first.begin()
    assert locks(store) == []
    run_once(store)
    assert statuses(store) == ["running", "done"]
    first.end("done", "")
    assert statuses(store) == ["done", "done"]


def test_on_a_lake_each_machine_is_sure_of_its_own_runs_only(
    store: Store, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share may keep one machine's locks from another; a file is written by one machine, or by containers of it."""
    with other_process(store) as (process, _):
        process.send_signal(signal.SIGKILL)
        process.wait(60)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(platform, "node", lambda: "another")
        run_once(store)
    assert statuses(store) == [{"embedded": "killed", "lake": "running"}[kind], "done"]
    run_once(store)
    assert statuses(store) == ["killed", "done", "done"]
