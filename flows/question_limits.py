"""What a question may take of the machine: memory, temporary files, and nothing that outlives it."""

from __future__ import annotations

import re
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from flows.errors import UsageError

ROOM_PREFIX = "brandtrust-sql-"
LEFT_BEHIND = 24 * 3600  # seconds after which the temporary files of a question are those of one that was killed
BESIDE = 1_000_000_000  # bytes for what is not DuckDB's: rows on their way out, Parquet, this program
UNITS = {"K": 1_000, "M": 1_000**2, "G": 1_000**3, "T": 1_000**4}
BINARY_UNITS = {"K": 1_024, "M": 1_024**2, "G": 1_024**3, "T": 1_024**4}
LEAST = 10_000_000  # bytes with which DuckDB can work at all
_SIZE = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*([KMGT])(i?)B\s*", re.IGNORECASE)


class Ended(KeyboardInterrupt):
    """Somebody asked this process to end: as Ctrl-C, and at a prompt too."""


def read_size(written: str) -> int:
    """A size such as 500MB or 4GiB in bytes. Raises UsageError."""
    found = _SIZE.fullmatch(written)
    size = 0
    if found:
        number, unit, binary = found.groups()
        size = round(float(number) * (BINARY_UNITS if binary else UNITS)[unit.upper()])
    if size < LEAST:
        raise UsageError(f"--memory {written}: is no size of 10MB or more; give one such as 500MB or 4GB")
    return size


@contextmanager
def bounded_memory(memory: str) -> Iterator[None]:
    """Meanwhile this process gets no more memory than it has, twice that size and a gigabyte.

    DuckDB's own limit holds what it sorts and joins, not a single value: one call of repeat() makes one of any size.
    """
    size = read_size(memory)
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _data_in_use() + 2 * size + BESIDE
    if before[0] != resource.RLIM_INFINITY:
        limit = min(limit, before[0])
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit, before[1]))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, before)


def _data_in_use() -> int:
    """Bytes of data of this process; 0 where the system does not tell."""
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmData:"))) * 1_024
    return 0


@contextmanager
def ended_as_by_the_keyboard() -> Iterator[None]:
    """Meanwhile SIGTERM, as of `timeout`, ends a question as Ctrl-C does: nothing of it stays."""
    if threading.current_thread() is not threading.main_thread():  # only that one may listen
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise Ended

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def temporary_room() -> Iterator[str]:
    """A private folder that goes afterwards; those that killed questions left a day ago go before."""
    for left in Path(tempfile.gettempdir()).glob(f"{ROOM_PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(left, ignore_errors=True)  # those of others are not ours to remove, and stay
    with tempfile.TemporaryDirectory(prefix=ROOM_PREFIX) as room:
        yield room
