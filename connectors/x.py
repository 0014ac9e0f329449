"""X: posts by recent or full-archive search, by tweepy, each of which costs money.

Time is cut into ascending slices of so many posts each, by counts that cost little, so that a crash or a spent budget
loses no more than a slice. Every page that was paid for is given before the next one is asked for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from brands.brand_file import Source
from connectors.batch import Asked, AuthorKey, Batch, Coverage, Recheck, Window
from connectors.credentials import NO_CREDENTIALS, Credential
from connectors.errors import ConnectorError
from connectors.items import Reader
from connectors.politeness import utc_now
from connectors.posts import no_posts
from connectors.times import without_zone
from connectors.walking import Page, Pages, read_span, walk_slice
from connectors.x_client import NEEDS, XClient
from connectors.x_compliance import ComplianceJobs
from connectors.x_counts import CHUNK, Bucket, Counts, cut_by_posts, cut_evenly
from connectors.x_pages import read_pages
from connectors.x_search import translate
from connectors.x_spending import Estimate, Meter, as_batches

if TYPE_CHECKING:
    from brands.query import Query

FIRST_DAY = datetime(2006, 3, 27)  # noqa: DTZ001 - UTC, as in the store; X knows nothing older
RECENT = timedelta(days=7) - timedelta(minutes=30)  # a page that had to be waited for must still lie within seven days
SETTLED = timedelta(seconds=60)  # X takes no end within the last ten seconds, and clocks differ
LAG = timedelta(minutes=10)  # what is read again is paid for again
SLICE_POSTS = 2_000
UNCOUNTED = timedelta(hours=1)  # so short a time is one slice anyway
IDS_A_JOB = 100_000
MIDNIGHT = datetime.min.time()
log = logging.getLogger(__name__)

Span = tuple[datetime, datetime]


class X:
    """Posts, replies and quotes that match a query; what only repeats another post is left out.

    `budget_usd`: stop before a request that could bring the cost of this object's requests above it. `slice_posts`:
    about how many posts are paid for again after a crash at the worst.
    """

    translate = staticmethod(translate)
    needs: ClassVar[tuple[Credential, ...]] = NEEDS
    recheck_within = timedelta(hours=24)

    def __init__(
        self,
        source: Source,
        author_key: AuthorKey,
        collected_at: datetime,
        *,
        credentials: Mapping[str, str] = NO_CREDENTIALS,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        budget_usd: float | None = None,
        slice_posts: int = SLICE_POSTS,
    ) -> None:
        self.source = source.name
        self.settings = source
        self.author_key = author_key
        self.collected_at = without_zone(collected_at)
        self.slice_posts = slice_posts
        self.client = XClient(
            self.source, credentials, archive=source.full_archive, instead=source.url, clock=clock, sleep=sleep
        )
        self.meter = Meter(self.source, budget_usd)
        self.counts = Counts(self.client, self.meter, source.usd_per_count)
        self.jobs = ComplianceJobs(self.client, clock, sleep)

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        """Yield what matches, slice by slice; requests for counts are batches without posts.

        Raises SpendLimit before the page that could cost more than the budget.
        """
        searches = translate(query, self.settings)
        start, end = self._span(window, cursor)
        reader = Reader(self.source, self.author_key, self.collected_at, query)
        if start >= end:
            yield Batch(no_posts(), cursor)
            return
        reach = min(max(start, self._reach()), end)
        if start < reach:
            log.warning(
                "%s: nothing before %s can be searched; see full_archive", self.source, f"{reach:%Y-%m-%d %H:%M}"
            )
            yield Batch(no_posts(), reach.isoformat(), [Coverage(start, reach, 0, capped=True)])
        for first, last in cut_evenly(reach, end, CHUNK):
            slices = yield from self._plan(reader, searches, first, last)
            for since, until in slices:
                yield from walk_slice(reader, since, until, self._pages(searches), at_once=True)

    def estimate(self, query: Query, window: Window, cursor: str | None) -> Generator[Asked, None, Estimate]:
        """Returns what `batches` with the same arguments will cost about, this estimate included.

        It asks for counts, and yields a row of the ledger for each before it asks for the next.
        """
        searches = translate(query, self.settings)
        start, end = self._span(window, cursor)
        posts, usd = 0, 0.0
        for first, last in cut_evenly(max(start, self._reach()), end, CHUNK):
            for search in searches:
                spent = self.meter.spent_usd
                buckets = yield from self.counts.ask(search, first, last)
                posts += sum(bucket.posts for bucket in buckets)
                usd += self.meter.spent_usd - spent
        return Estimate(posts, usd + posts * self.settings.usd_per_post)

    def daily_counts(self, query: Query, since: date, until: date) -> Generator[Asked, None, list[tuple[date, int]]]:
        """Returns posts a day, UTC, since ≤ day < until, for days that are over and that X still counts.

        What is counted is what X finds, before any filter of ours, and by several searches if the query needs them.
        Yields a row of the ledger for each request before it sends the next, as they cost money.
        """
        start = max(datetime.combine(since, MIDNIGHT), self._reach())
        end = min(datetime.combine(until, MIDNIGHT), self.collected_at - SETTLED)
        searches = translate(query, self.settings)
        return self.counts.count_days(searches, start, end)

    def recheck(self, post_ids: Sequence[str]) -> Iterator[Recheck]:
        """What X lists as deleted, protected, suspended or deactivated is gone, and nothing else is."""
        numbers = [post_id for post_id in post_ids if post_id.isascii() and post_id.isdigit()]
        for first in range(0, len(numbers), IDS_A_JOB):
            asked = numbers[first : first + IDS_A_JOB]
            losses = self.jobs.find_losses(asked)
            checked = [number for number in asked if losses.get(number, "") is not None]
            yield Recheck(checked, {number: reason for number, reason in losses.items() if reason})

    def _span(self, window: Window, cursor: str | None) -> Span:
        start, end = read_span(self.settings, window, cursor, self.collected_at - SETTLED, lag=LAG)
        return max(start, FIRST_DAY), end

    def _reach(self) -> datetime:
        """Since when posts can be searched."""
        if self.settings.full_archive:
            return FIRST_DAY
        return (self.collected_at - RECENT).replace(microsecond=0)

    def _plan(
        self, reader: Reader, searches: Sequence[str], first: datetime, last: datetime
    ) -> Generator[Batch, None, list[Span]]:
        """Slices of this time; the batches are rows of the ledger. A failure is one of all this time."""
        if last - first <= UNCOUNTED and not all(self.counts.is_known(search, first, last) for search in searches):
            return [(first, last)]
        buckets: list[Bucket] = []
        for search in searches:
            try:
                buckets += yield from as_batches(self.counts.ask(search, first, last))
            except ConnectorError as problem:
                yield from walk_slice(reader, first, last, _failing(problem))
        return cut_by_posts(buckets, first, last, self.slice_posts)

    def _pages(self, searches: Sequence[str]) -> Pages:
        def read(start: datetime, until: datetime) -> Iterator[Page]:
            for search in searches:
                yield from read_pages(self.client, self.meter, self.settings.usd_per_post, search, start, until)

        return read


def _failing(problem: ConnectorError) -> Pages:
    def read(start: datetime, until: datetime) -> Iterator[Page]:
        raise problem

    return read
