"""Walking through time: slices oldest first, within each the platform's pages as they come, coverage at the end.

A slice gives its cursor with its last batch only, when all of it is here. A page that fails leaves what came, a failed
row of coverage and its error; nothing that the platform would not give is written down as silence.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from brands.schema import Source
from connectors import posts
from connectors.batch import Asked, Batch, Coverage, Window
from connectors.errors import BadInput, ConnectorError
from connectors.items import Read, Reader
from connectors.politeness import utc_now
from connectors.times import without_zone

FIRST_RUN = timedelta(days=30)  # how far back a source without `since` looks at first
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a platform to one request.

    `cut_before`: the platform gives nothing older to this question though there may be more. `capped`: it holds more of
    this slice than it gives, and nobody knows when. `problem`: the question failed; the others of the slice go on.
    """

    search: str
    items: Sequence[Read] = ()
    requested: int | None = None
    cost_usd: float = 0.0
    cut_before: datetime | None = None
    capped: bool = False
    problem: ConnectorError | None = None


Pages = Callable[[datetime, datetime], Iterator[Page]]
"""(start, until) → the pages of what was created in start ≤ t < until, in any order, and no more than is needed."""


def find_beginning(source: Source, now: datetime) -> datetime:
    """Where a source without a window and a cursor begins: its own `since`, or thirty days back."""
    if source.since is None:
        return now - FIRST_RUN
    return datetime(source.since.year, source.since.month, source.since.day)  # noqa: DTZ001 - UTC, as in the store


def read_span(
    source: Source, window: Window, cursor: str | None, now: datetime, *, lag: timedelta
) -> tuple[datetime, datetime]:
    """Start (inclusive) and end (exclusive) of what is to be asked for, in whole seconds of UTC without a zone.

    `cursor` is the moment up to which everything is here; `lag` before it is asked for again, since platforms show
    posts late. Raises BadInput where `cursor` is no such moment.
    """
    now = without_zone(now)
    until = min(without_zone(window.until), now) if window.until else now
    start = without_zone(window.since) if window.since else find_beginning(source, now)
    if cursor is not None:
        try:
            reached = datetime.fromisoformat(cursor) - lag
        except ValueError:
            raise BadInput(
                source.name,
                "saved cursor",
                f"{cursor!r} is no cursor of this connector; delete its row in the table cursors",
            ) from None
        if reached > now:
            log.warning("%s: its saved cursor lies in the future, so the clock was wrong: it is read anew", source.name)
        else:
            start = max(start, reached) if window.since else reached
    return _whole_second(start), _whole_second(until)


def walk(
    reader: Reader, span: tuple[datetime, datetime], slice_length: timedelta, pages: Pages, cursor: str | None
) -> Iterator[Batch]:
    """Batches of everything in `span`, slice by slice; a batch without posts and the old `cursor` for an empty span.

    Where a question fails (`Page.problem`) the others go on to the end of the span, without a cursor from there on; the
    first problem is raised at the end.
    """
    start, end = span
    if start >= end:
        yield Batch(posts.no_posts(), cursor)
    problem: ConnectorError | None = None
    while start < end:
        until = min(end, start + slice_length)
        found = yield from _walk_slice(reader, start, until, pages, at_once=False, with_cursor=problem is None)
        problem = problem or found
        start = until
    if problem is not None:
        raise problem


def walk_slice(
    reader: Reader, start: datetime, until: datetime, pages: Pages, *, at_once: bool = False
) -> Iterator[Batch]:
    """Batches of one slice. The last has the cursor and the coverage; raises the first problem after it.

    With `at_once` a page is given before the next is asked for, as one must be that was paid for; the last batch then
    has no posts.
    """
    problem = yield from _walk_slice(reader, start, until, pages, at_once=at_once, with_cursor=True)
    if problem is not None:
        raise problem


def _walk_slice(
    reader: Reader, start: datetime, until: datetime, pages: Pages, *, at_once: bool, with_cursor: bool
) -> Generator[Batch, None, ConnectorError | None]:
    """Batches of one slice; returns the first problem of a page, and raises what the pages raise."""
    window = Window(start, until)
    state = _Slice(start, until)
    waiting = Batch(posts.no_posts(), None)
    try:
        for page in pages(start, until):
            batch = reader.batch(page.items, window)
            state.add(page, batch)
            batch = replace(batch, asked=[_asked(page, start, until)])
            if at_once:
                yield batch
            elif waiting.read or waiting.asked:
                if batch.read:
                    yield waiting
                    waiting = batch
                else:
                    waiting = replace(waiting, asked=[*waiting.asked, *batch.asked])
            else:
                waiting = batch
    except ConnectorError as problem:
        state.problem = state.problem or problem
        failed = _asked(Page("", problem=problem), start, until)
        yield replace(waiting, coverage=state.coverage(), asked=[*waiting.asked, failed])
        raise
    reached = until.isoformat() if with_cursor and state.problem is None else None
    yield replace(waiting, cursor=reached, coverage=state.coverage())
    return state.problem


class _Slice:
    """What is known of a slice so far."""

    def __init__(self, start: datetime, until: datetime) -> None:
        self.start = start
        self.until = until
        self.returned = 0
        self.cost_usd = 0.0
        self.capped = False
        self.cut_before: datetime | None = None
        self.problem: ConnectorError | None = None

    def add(self, page: Page, batch: Batch) -> None:
        self.returned += batch.posts.num_rows
        self.cost_usd += page.cost_usd
        self.capped = self.capped or page.capped
        if page.cut_before is not None:
            self.cut_before = max(self.cut_before or self.start, min(page.cut_before, self.until))
            log.warning(
                "%s gives nothing before %s; ask more often, or narrower",
                page.search,
                f"{page.cut_before:%Y-%m-%d %H:%M}",
            )
        if page.problem is not None:
            if self.problem is not None:  # the first one is raised in the end
                log.warning("%s", page.problem)
            self.problem = self.problem or page.problem

    def coverage(self) -> list[Coverage]:
        failed = self.problem is not None
        if failed or self.capped or self.cut_before is None or self.cut_before <= self.start:
            row = Coverage(self.start, self.until, self.returned, capped=self.capped, failed=failed)
            return [replace(row, cost_usd=self.cost_usd)]
        # All since the oldest item that the platform gave is here; before that nobody knows.
        rows = [Coverage(self.start, self.cut_before, 0, capped=True)]
        if self.cut_before < self.until:
            rows.append(Coverage(self.cut_before, self.until, self.returned, cost_usd=self.cost_usd))
            return rows
        return [replace(rows[0], returned=self.returned, cost_usd=self.cost_usd)]


def _asked(page: Page, start: datetime, until: datetime) -> Asked:
    return Asked(
        utc_now(),
        page.search,
        start,
        until,
        returned=len(page.items),
        requested=page.requested,
        capped=page.capped or page.cut_before is not None,
        cost_usd=page.cost_usd,
        problem=" ".join(str(page.problem).split()) if page.problem else "",
    )


def _whole_second(moment: datetime) -> datetime:
    """The first whole second that is not before `moment`: platforms ask in seconds."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)
