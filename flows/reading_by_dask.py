"""Reading posts by Dask, through Prefect's task runner: each partition of some ten thousand posts is a task.

Only reading is handed out. The one committer fetches partitions and keeps what comes back in their order, as it does
with readers of its own, so that the store is the same whoever has read. What a worker is lost with, Dask gives to
another one; what cannot be read there at all is read here, and told.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import dask
from distributed import CancelledError
from prefect import Flow, Task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from prefect_dask.task_runners import DaskTaskRunner

from analytics.keeping_readings import versions
from analytics.new_posts import Reading, read_new_posts
from analytics.post_reading import Batch, Job, read_posts
from analytics.readers import WORTH_A_PROCESS, Readers, gather_here
from analytics.reading_process import MEMORY
from analytics.sentiment import scorer_version
from analytics.themes import taxonomy_version
from brands.wording import write_count
from flows.dask_setting import DaskSetting, count_threads
from flows.passing_server import LOOPBACK
from flows.prefect_server import prefect_server
from flows.terminal import printable

if TYPE_CHECKING:
    from prefect.task_runners import TaskRunner

    from analytics.store import Store
    from flows.progress import Advance

WORTH_DASK = WORTH_A_PROCESS
"""Posts: fewer are read here before workers have started."""
QUEUED = 2  # jobs under way for each thread of a worker: one is read while the next one waits
PATIENCE_SECONDS = 30  # after so long without an answer it is looked whether there still are workers
DASK = {
    # Dask would rather have partitions lie on a worker; so they are there still when one is lost.
    "distributed.admin.large-graph-warning-threshold": "1GB",
    "distributed.scheduler.http.routes": [],  # no pages that others on this machine could open
    "distributed.worker.http.routes": [],
}

_work: ContextVar[Callable[[], Reading]] = ContextVar("work")
"""What the flow does. Prefect sends a flow to its workers, and this must not go with it."""


class ReadsOtherwise(Exception):
    """A worker has another release, which would read otherwise."""


def read_by_dask(store: Store, brands: Sequence[str], setting: DaskSetting, progress: Advance) -> Reading:
    """The same as `read_new_posts`, with partitions read by Dask where they are many enough.

    Inside a flow it is a flow of its own within that; elsewhere a Prefect server is started for it.
    """
    runner = _runner(setting)
    threads = count_threads(setting.address) if setting.address else setting.workers

    @contextmanager
    def gather(posts: int) -> Iterator[Readers]:
        if posts < WORTH_DASK:
            with gather_here(posts) as readers:
                yield readers
            return
        workers = ReadersByDask(threads)
        with dask.config.set(DASK):
            yield workers
        if workers.problem:
            times = write_count(workers.read_here, "partition was", "partitions were")
            sys.stderr.write(f"brandtrust: {times} read here and not by Dask: {printable(workers.problem)}\n")

    token = _work.set(lambda: read_new_posts(store, brands, progress, gather))
    try:
        with nullcontext() if FlowRunContext.get() else prefect_server() as await_server:
            if await_server:
                await_server()
            found: Reading = FLOW.with_options(task_runner=cast("TaskRunner[Any]", runner))()
            return found
    finally:
        _work.reset(token)


def do_work() -> Reading:
    """What the flow does, wherever it is called."""
    return _work.get()()


class Partition:
    """A job on its way to a worker. Neither Prefect nor Dask looks into it: that would take longer than to read it."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __dask_tokenize__(self) -> str:
        return uuid4().hex


def read_partition(partition: Partition, wanted: dict[str, str]) -> Batch:
    """Read it as `wanted` versions do. Raises ReadsOtherwise."""
    for what, version in _versions(partition.job).items():
        if wanted[what] != version:
            raise ReadsOtherwise(f"a worker reads {what} by version {version}, this machine by {wanted[what]}")
    return read_posts(partition.job)


def _versions(job: Job) -> dict[str, str]:
    """Of all that reads this job, here and now."""
    scorers = {scorer.name: scorer_version(scorer.name, scorer.names, scorer.model) for scorer, _ in job.scorers}
    return {**versions(), "themes": taxonomy_version(), **scorers}


# Not decorators: both travel to workers, which find a function by its name and would find these there instead.
FLOW = Flow(do_work, name="read posts by Dask", retries=0, persist_result=False)
TASK = Task(read_partition, name="read a partition", retries=0, cache_policy=NO_CACHE, persist_result=False)


class ReadersByDask:
    """Workers of Dask as readers. `read_here`: jobs that were read here since they could not; `problem`: why, first."""

    def __init__(self, threads: int) -> None:
        self.at_once = QUEUED * threads
        self.read_here = 0
        self.problem = ""
        self.lost = False

    def submit(self, job: Job) -> PartitionUnderWay:
        """Hand it to the flow's task runner."""
        if self.lost:
            return PartitionUnderWay(self, job, None)
        try:
            return PartitionUnderWay(self, job, TASK.submit(Partition(job), _versions(job)))
        except Exception as problem:  # whatever Dask or Prefect meets, the job can be read here
            return PartitionUnderWay(self, job, None, problem)

    def give_up(self, job: Job, problem: BaseException | None) -> Batch:
        """Read it here, where a fault of the job itself is met again and told."""
        self.problem = self.problem or (f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}")
        self.read_here += 1
        return read_posts(job)


class PartitionUnderWay:
    """A job that a worker reads."""

    def __init__(self, readers: ReadersByDask, job: Job, future: Any, problem: Exception | None = None) -> None:
        self._readers, self._job, self._future, self._problem = readers, job, future, problem

    def result(self) -> Batch:
        """What the worker has read; by this process where none can."""
        while self._future is not None and not self._readers.lost:
            try:
                batch: Batch = self._future.result(timeout=PATIENCE_SECONDS)
                return batch
            except TimeoutError as problem:
                if not _has_workers(self._future):
                    self._readers.lost = True
                    self._problem = problem
            except (Exception, CancelledError) as problem:
                self._problem = problem
                break
        return self._readers.give_up(self._job, self._problem)


def _has_workers(future: Any) -> bool:
    try:
        return bool(future.wrapped_future.client.nthreads())
    except Exception:  # the scheduler is gone, which it may tell in many ways
        return False


def _runner(setting: DaskSetting) -> DaskTaskRunner:
    if setting.address:
        return DaskTaskRunner(address=setting.address)
    local = {
        "n_workers": setting.workers,
        "threads_per_worker": 1,
        "processes": True,
        "host": LOOPBACK,
        "security": True,  # TLS under a key of this run: whoever reaches a worker has it run what he likes
        "dashboard_address": f"{LOOPBACK}:0",
        "silence_logs": logging.ERROR,
        "env": MEMORY,
    }
    return DaskTaskRunner(cluster_class="distributed.LocalCluster", cluster_kwargs=local)
