"""Hacker News: stories and comments by Algolia's keyless search, newest first, at most 1,000 hits a search.

Time is worked off in ascending slices; within one the search slides down from its end, since a page of the feed ends
where the cap is.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from brands.brand_file import Source
from connectors.batch import AuthorKey, Batch, Recheck, Window
from connectors.errors import BadPayload, NotFound
from connectors.hackernews_search import translate
from connectors.http import JsonClient
from connectors.items import Item, Read, Reader, Unreadable
from connectors.politeness import utc_now
from connectors.text import from_html
from connectors.times import from_seconds, without_zone
from connectors.walking import Page, read_span, walk

if TYPE_CHECKING:
    from brands.query import Query

PUBLIC_ADDRESS = "https://hn.algolia.com/api/v1"
HITS = 1_000  # the most that one search gives, however it is paged
SLICE = timedelta(days=7)
LAG = timedelta(hours=1)  # the index is behind the site by minutes, at times by more

Hit = dict[str, Any]
log = logging.getLogger(__name__)


class HackerNews:
    """Stories and comments that match a query."""

    translate = staticmethod(translate)
    recheck_within = timedelta(days=7)

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
        self.settings = source
        self.author_key = author_key
        self.collected_at = without_zone(collected_at)
        self.address = source.url or PUBLIC_ADDRESS
        self.client = JsonClient(self.source, self.address, clock=clock, sleep=sleep)

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        """Yield what matches, slice by slice. What a search finds too much (Algolia's is loose) is left out here."""
        span = read_span(self.settings, window, cursor, self.collected_at, lag=LAG)
        reader = Reader(self.source, self.author_key, self.collected_at, query)
        searches = translate(query)
        yield from walk(reader, span, SLICE, lambda start, until: self._pages(searches, start, until), cursor)

    def recheck(self, post_ids: Sequence[str]) -> Iterator[Recheck]:
        """An item that Algolia does not hold any more, or holds without author and text, is gone.

        One whose answer cannot be read, or is about something else, is left out: what is gone here cannot be brought
        back, and it would stand in the way of all that come after it.
        """
        for post_id in post_ids:
            try:
                item = self.client.get(f"items/{post_id}")
            except NotFound as problem:
                if problem.said_by_the_service:
                    yield Recheck([post_id], {post_id: "deleted"})
            except BadPayload as problem:
                log.warning("%s", problem)
            else:
                if str(item.get("id")) == post_id:
                    blank = not any(item.get(key) for key in ("author", "title", "text"))
                    yield Recheck([post_id], {post_id: "deleted"} if blank else {})

    def _pages(self, searches: Sequence[str], start: datetime, until: datetime) -> Iterator[Page]:
        for search in searches:
            yield from self._search(search, _seconds(start), _seconds(until))

    def _search(self, search: str, start: int, until: int) -> Iterator[Page]:
        """Hits from the newest to the oldest, capped where more stand in one second than a search can give."""
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
            items = [read_hit(hit) for hit in hits]
            if not hits:
                yield Page(search, requested=HITS, capped=bool(answer.get("nbHits")))
                return
            full = len(hits) >= min(HITS, _count(answer.get("hitsPerPage")) or HITS)
            if not full and _count(answer.get("nbHits")) <= len(hits):
                yield Page(search, items, requested=HITS)
                return
            # The oldest second may have been cut in two: it is asked for again, unless it fills a whole answer.
            following = min(times) + 1
            cut = following >= until and full
            yield Page(search, items, requested=HITS, capped=cut)
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


def read_hit(hit: Hit) -> Read:
    """A hit of the search as an item: HTML as text, the story as its thread."""
    post_id, created = hit.get("objectID"), from_seconds(hit.get("created_at_i"))
    if not isinstance(post_id, str) or not post_id.isalnum() or created is None:
        return Unreadable("a hit without objectID or created_at_i")
    return Item(
        post_id,
        created,
        text=from_html(_string(hit, "comment_text") or _string(hit, "story_text")),
        kind="comment" if hit.get("comment_text") else "story",
        title=_string(hit, "title"),
        author=_string(hit, "author"),
        url=f"https://news.ycombinator.com/item?id={post_id}",
        parent_id=_id(hit.get("parent_id")),
        thread_id=_id(hit.get("story_id")) or post_id,
        likes=hit.get("points"),
        replies=hit.get("num_comments"),
    )


def _string(hit: Hit, key: str) -> str:
    value = hit.get(key)
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    """A number that the answer tells of itself; 0 where it is none, such as the Infinity that Python reads in JSON."""
    return value if isinstance(value, int) else 0


def _id(value: object) -> str | None:
    return None if value is None else str(value)


def _seconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())
