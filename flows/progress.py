"""What a person sees while a run works: bars on a terminal, a line a stage elsewhere, nothing where nobody looks.

The reporter in force is a context variable, since Prefect passes only plain values into a flow.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Protocol, TextIO

from brands.wording import write_count
from flows.terminal import printable

Advance = Callable[[int], None]
"""Called with how many more are done since the last call."""

POST = "post"


class Reporter(Protocol):
    """Tells of the stages of a run."""

    def stage(self, name: str, counting: str = POST) -> AbstractContextManager[Advance]:
        """A stage that lasts as long as the context; `counting` says what one of its numbers is."""
        ...


class Silent:
    """Tells nothing: scheduled runs have Prefect's own pages."""

    @contextmanager
    def stage(self, name: str, counting: str = POST) -> Iterator[Advance]:
        yield lambda _: None


class Lines:
    """One line a finished stage: for logs and pipes."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr

    @contextmanager
    def stage(self, name: str, counting: str = POST) -> Iterator[Advance]:
        counts: list[int] = []
        yield counts.append
        done = write_count(sum(counts), counting) if counts else "done"
        self.stream.write(f"{printable(name)}: {done}\n")
        self.stream.flush()


class Bars:
    """Live bars on a terminal. The number of posts of a stage is not known beforehand: the bar counts."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self.progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[counted]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )

    @contextmanager
    def stage(self, name: str, counting: str = POST) -> Iterator[Advance]:
        bar = self.progress.add_task(name, total=None, counted="")
        done = 0

        def advance(posts: int) -> None:
            nonlocal done
            done += posts
            self.progress.update(bar, counted=write_count(done, counting))

        yield advance
        self.progress.update(bar, total=1, completed=1)


_reporter: ContextVar[Reporter | None] = ContextVar("reporter", default=None)


def reporter() -> Reporter:
    """The reporter in force."""
    return _reporter.get() or Silent()


@contextmanager
def shown_on_terminal() -> Iterator[None]:
    """Tell of stages on standard error: bars if that is a terminal, else lines."""
    if sys.stderr.isatty():
        bars = Bars()
        token = _reporter.set(bars)
        try:
            with bars.progress:
                yield
        finally:
            _reporter.reset(token)
        return
    token = _reporter.set(Lines())
    try:
        yield
    finally:
        _reporter.reset(token)
