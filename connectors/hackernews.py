"""Hacker News: stories and comments by Algolia's keyless search, newest first, at most 1,000 hits a search.

Time is worked off in ascending slices; within one the search slides down from its end, since a page of the feed ends
where the cap is. A slice gives its cursor when all of it is here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from brands.brand_file import Source
from connectors import posts
from connectors.batch import AuthorKey, Batch, Coverage, Window
from connectors.errors import BadInput, BadPayload, ConnectorError
from connectors.hackernews_hits import Hit, Hits
from connectors.hackernews_search import translate
from connectors.http import JsonClient, utc_now
from connectors.times import without_zone

if TYPE_CHECKING:
    from brands.query import Query

PUBLIC_ADDRESS = "https://hn.algolia.com/api/v1"
HITS = 1_000  # the most that one search gives, however it is paged
SLICE = timedelta(days=7).total_seconds()
LAG = timedelta(hours=1).total_seconds()  # the index is behind the site by minutes, at times by more
FIRST_RUN = timedelta(days=30)


class HackerNews:
    """Stories and comments that match a query."""

    translate = staticmethod(translate)

    def __init__(
        self,
        source: Source,
        author_key: AuthorKey,
        collected_at: datetime,
        *,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.source = source.name
        self.since = source.since
        self.author_key = author_key
        self.collected_at = without_zone(collected_at)
        self.address = source.url or PUBLIC_ADDRESS
        self.client = JsonClient(self.source, self.address, clock=clock, sleep=sleep)

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        """Yield what matches, slice by slice. A cursor is the second up to which everything is here.

        What a search finds too much (Algolia's is loose) is left out here and counted. A slice that fails leaves a
        failed row of coverage before its ConnectorError is raised.
        """
        start, end = self._span(window, cursor)
        searches = translate(query)
        if start >= end:
            yield Batch(posts.no_posts(), cursor)
        while start < end:
            until = min(end, start + int(SLICE))
            yield from self._slice(query, searches, start, until)
            start = until

    def _span(self, window: Window, cursor: str | None) -> tuple[int, int]:
        """First second asked for and the second after the last."""
        now = self.collected_at
        until = min(without_zone(window.until), now) if window.until else now
        since = without_zone(window.since) if window.since else now - FIRST_RUN
        if window.since is None and self.since is not None:
            since = datetime(self.since.year, self.since.month, self.since.day)  # noqa: DTZ001 - UTC, as the store keeps it
        start = math.ceil(_seconds(since))
        if cursor is not None:
            try:
                start = max(start, int(cursor) - int(LAG)) if window.since else int(cursor) - int(LAG)
            except ValueError:
                raise BadInput(self.source, "saved cursor", f"{cursor!r} is no cursor of this connector") from None
        return start, math.ceil(_seconds(until))

    def _slice(self, query: Query, searches: Sequence[str], start: int, until: int) -> Iterator[Batch]:
        found = Hits(self.source, self.author_key, self.collected_at, query, range(start, until))
        returned, capped = 0, False
        waiting = Batch(posts.no_posts(), None)
        window = (_moment(start), _moment(until))
        try:
            for search in searches:
                for hits, cut in self._pages(search, start, until):
                    if waiting.read:
                        yield waiting
                    waiting = found.batch(hits)
                    returned += waiting.posts.num_rows
                    capped = capped or cut
        except ConnectorError:
            yield replace(waiting, coverage=[Coverage(*window, returned, capped=capped, failed=True)])
            raise
        yield replace(waiting, cursor=str(until), coverage=[Coverage(*window, returned, capped=capped)])

    def _pages(self, search: str, start: int, until: int) -> Iterator[tuple[list[Hit], bool]]:
        """Hits from the newest to the oldest, and whether more stand in one second than a search can give."""
        while until > start:
            answer = self.client.get(
                "search_by_date",
                {
                    "query": search,
                    "tags": "(story,comment)",
                    "numericFilters": f"created_at_i>={start},created_at_i<{until}",
                    "hitsPerPage": HITS,
                    "typoTolerance": "false",
                    "restrictSearchableAttributes": "title,story_text,comment_text",
                    "attributesToHighlight": "[]",
                },
            )
            hits, times = self._checked(answer, start, until)
            if not hits:
                yield hits, bool(answer.get("nbHits"))
                return
            full = len(hits) >= min(HITS, int(answer.get("hitsPerPage") or HITS))
            if not full and int(answer.get("nbHits") or 0) <= len(hits):
                yield hits, False
                return
            # The oldest second may have been cut in two: it is asked for again, unless it fills a whole answer.
            following = min(times) + 1
            cut = following >= until and full
            yield hits, cut
            until = following - 1 if following >= until else following

    def _checked(self, answer: Hit, start: int, until: int) -> tuple[list[Hit], list[int]]:
        hits = answer.get("hits")
        if not isinstance(hits, list) or not all(isinstance(hit, dict) for hit in hits):
            raise BadPayload(self.source, self.address, "the answer holds no list of hits")
        times = [hit["created_at_i"] for hit in hits if isinstance(hit.get("created_at_i"), int)]
        inside = [moment for moment in times if start <= moment < until]
        if hits and not inside:
            raise BadPayload(self.source, self.address, "no hit lies in the time that was asked for")
        return hits, inside


def _seconds(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp()


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
