"""Who reads jobs: this process, with a second one where that pays. Others than these can be given in their place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from queue import SimpleQueue
from typing import Protocol, TypeAlias

from analytics.post_reading import Batch, Job, read_posts
from analytics.reading_process import ReadingProcess

WORTH_A_PROCESS = 300_000  # posts: from here on a second process has soon made up for its start


class UnderWay(Protocol):
    """A job that is being read."""

    def result(self) -> Batch:
        """Wait for what was read of it."""
        ...


class Readers(Protocol):
    """Reads jobs side by side."""

    @property
    def at_once(self) -> int:
        """How many jobs under way keep all of them busy."""
        ...

    def submit(self, job: Job) -> UnderWay:
        """Begin to read it."""
        ...


Gathering: TypeAlias = Callable[[int], AbstractContextManager[Readers]]
"""Gets readers together for so many posts, and lets them go."""


class ReadersHere:
    """Readers that this process calls, each in a thread of its own."""

    def __init__(self, readers: list[Callable[[Job], Batch]], threads: ThreadPoolExecutor) -> None:
        self.at_once = len(readers)
        self._threads = threads
        self._free: SimpleQueue[Callable[[Job], Batch]] = SimpleQueue()
        for reader in readers:
            self._free.put(reader)

    def submit(self, job: Job) -> Future[Batch]:
        """Begin to read it by the first that is free."""
        return self._threads.submit(self._read, job)

    def _read(self, job: Job) -> Batch:
        reader = self._free.get()
        try:
            return reader(job)
        finally:
            self._free.put(reader)


@contextmanager
def gather_here(posts: int) -> Iterator[ReadersHere]:
    """This process, and another one where that pays: it takes seconds to start."""
    if posts < WORTH_A_PROCESS or (os.cpu_count() or 1) < 2:
        with ThreadPoolExecutor(1) as threads:
            yield ReadersHere([read_posts], threads)
        return
    other = ReadingProcess()
    try:
        with ThreadPoolExecutor(2) as threads:
            yield ReadersHere([other.read, read_posts], threads)
    finally:
        other.close()
