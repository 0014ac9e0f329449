"""The table of runs: what was started, how it ended, and why not well."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from analytics.store import Store, StoreError, new_run_id, now
from analytics.store.run_locks import RunLock, note_killed_runs

DETAIL_CHARACTERS = 1_000
NICENESS = 10


@dataclass(slots=True)
class Run:
    """A run under way. `problem`: what went wrong with its sources, empty where nothing did.

    `is_whole`: what it has written so far is for readers, also where it fails from here on, as in its report.
    """

    store: Store
    brand: str
    command: str
    id: str
    begun: bool = False
    problem: str = ""
    is_whole: bool = False
    _lock: RunLock = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._lock = RunLock(self.store.place.run_lock(self.id))

    def begin(self) -> None:
        """Write down that it is running; before this nothing was written, and a run that ends here leaves no trace.

        Of runs that are gone and have not said how, it is written down that they were killed.
        """
        try:
            with self.store.transaction() as connection:
                killed = note_killed_runs(connection, self.store.place)
                self._lock.take()
                connection.execute(
                    "INSERT INTO runs VALUES (?, ?, ?, ?, NULL, 'running', '')",
                    [self.id, self.brand, self.command, now()],
                )
        except BaseException:
            self._lock.release()
            raise
        self.begun = True
        for lock in killed:
            lock.remove()

    def end(self, status: str, detail: str) -> None:
        """Write down how it ended: done, source_failed or failed. One that cannot is taken for killed."""
        try:
            with self.store.transaction() as connection:
                connection.execute(
                    "UPDATE runs SET finished_at = ?, status = ?, detail = ? WHERE run_id = ?",
                    [now(), status, detail[:DETAIL_CHARACTERS], self.id],
                )
        finally:
            self._lock.release()
        self._lock.remove()


def make_way() -> None:
    """Leave the processors to whoever asks questions meanwhile: a run may take a little longer, an answer should not.

    It holds for this thread and those that it starts, also after the run: only an administrator may take it back.
    """
    with suppress(OSError, AttributeError):  # Windows has no such thing
        os.setpriority(os.PRIO_PROCESS, 0, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))


@contextmanager
def recorded(store: Store, brand: str, command: str) -> Iterator[Run]:
    """A run whose end is written down, whatever it is; readers get a copy of what one that came through has left."""
    make_way()
    run = Run(store, brand, command, new_run_id())
    try:
        yield run
    except BaseException as problem:
        if run.begun:
            run.end("failed", f"{type(problem).__name__}: {problem}")
        if run.is_whole and isinstance(problem, Exception):  # whoever interrupts a run does not wait for a copy
            with suppress(StoreError):
                store.publish(gather_at_most=None)
        raise
    run.end("source_failed" if run.problem else "done", run.problem)
    store.publish()
