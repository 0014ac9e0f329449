"""Whether a run lives: each keeps the lock of a file of its own, which the system takes from it however it ends.

Such a file is made and looked at under the store's lock only, so that nobody sees one between being made and locked.
A run without one, as of an earlier release, may live or not: nobody can tell.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from filelock import FileLock

from analytics.store.file_modes import OWNER_ONLY, owner_only
from analytics.store.moments import now

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from analytics.store.place import Place

NO_LOCK = (OSError, NotImplementedError)  # held by another, another user's, or the disk knows none


class RunLock:
    """The lock of one run: held from before its row is written until after its end is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # A run may end in another thread than it began in.
        self._lock = FileLock(path, timeout=0, mode=OWNER_ONLY, thread_local=False)

    def take(self) -> None:
        """Take it for as long as this process lives; where that cannot be, no file is left that would seem free."""
        try:
            with owner_only():
                self._lock.acquire()
        except NO_LOCK:
            self.remove()

    def is_free(self) -> bool:
        """Whether a lock that is there is held by nobody: its run is gone."""
        try:
            self._lock.acquire()
        except NO_LOCK:
            return False
        self.release()
        return True

    def release(self) -> None:
        """Give it back. Whoever looks next takes the run for gone, unless its end is written down."""
        with suppress(*NO_LOCK):
            self._lock.release()

    def remove(self) -> None:
        """Remove its file, once the end of the run is written down."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def note_killed_runs(connection: duckdb.DuckDBPyConnection, place: Place) -> list[RunLock]:
    """Write down of every run that is gone without a word that it was killed; under the lock for writing.

    When it ended nobody knows: `finished_at` stays NULL. Returns the locks that are to be removed once this is
    committed, those among them that were left beside an end that is written down.
    """
    gone = []
    for run_id, path in _list_locks(place):
        lock = RunLock(path)
        if lock.is_free():
            told = (
                f"ended without a word, as by a kill, a crash or a loss of power; found at {now():%Y-%m-%d %H:%M} UTC"
            )
            connection.execute(
                "UPDATE runs SET status = 'killed', detail = ? WHERE run_id = ? AND status = 'running'", [told, run_id]
            )
            gone.append(lock)
    return gone


def _list_locks(place: Place) -> list[tuple[str, Path]]:
    """Every run that has left or holds a lock, and where it is."""
    like = place.run_lock("*")
    begin, _, end = like.name.rpartition("*")
    return [
        (each.name.removeprefix(begin).removesuffix(end), each)
        for each in sorted(like.parent.iterdir())
        if each.name.startswith(begin) and each.name.endswith(end)
    ]
