"""A second process that reads posts, for the one core that Python leaves idle: `python -m analytics.reading_process`.

It ends with the process that started it, however that ends: its input is closed then. Whatever happens to it, the job
at hand is read here instead, so that a fault is met, and told, where there is someone to tell it to.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

from analytics.post_reading import Batch, Job, read_posts

ROOT = Path(__file__).resolve().parents[1]

MEMORY = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "1000000",
    "MALLOC_TRIM_THRESHOLD_": "1000000",
}
"""What a batch took is given back once it is read: a quarter less memory, in no more time (glibc and Arrow)."""


class ReadingProcess:
    """Another process that reads one job after the other."""

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        self.process = subprocess.Popen(
            # -P: nothing is imported from where a user happens to be.
            [sys.executable, "-P", "-m", "analytics.reading_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**MEMORY, **os.environ, "PYTHONPATH": path},
        )

    def read(self, job: Job) -> Batch:
        """What `read_posts` gives; by itself where the other process is lost."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            pickle.dump(job, self.process.stdin, pickle.HIGHEST_PROTOCOL)
            self.process.stdin.flush()
            batch: Batch = pickle.load(self.process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            return read_posts(job)
        return batch

    def close(self) -> None:
        """End it. Nothing is lost: what it reads was not asked for any more."""
        self.process.kill()
        self.process.communicate()


def main() -> None:
    """Read jobs from standard input until it ends, and write what is read to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed is no answer
    while True:
        try:
            job = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(read_posts(job), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    main()
