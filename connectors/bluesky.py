"""Bluesky: posts that a search finds, newest first, by an account's app password.

Time is worked off in ascending slices. Within one the search's own cursor is followed as far as it leads, which at
times is not the end; then the search slides down and asks again, until it brings nothing new.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from atproto import models

from brands.brand_file import Source
from brands.wording import write_count
from connectors.batch import AuthorKey, Batch, Recheck, Window
from connectors.bluesky_client import APP_PASSWORD, HANDLE, BlueskyClient
from connectors.bluesky_items import View, read_post, written_and_indexed
from connectors.bluesky_search import is_partial, translate
from connectors.credentials import Credential
from connectors.errors import BadPayload
from connectors.items import Item, Reader
from connectors.politeness import utc_now
from connectors.times import without_zone
from connectors.walking import Page, read_span, walk

if TYPE_CHECKING:
    from brands.query import Query

PUBLIC_ADDRESS = "https://bsky.social"
POSTS = 100  # a page
PAGES = 100  # a cursor leads to at most 10,000 posts
IDS = 25  # of posts that are asked for by name
SLICE = timedelta(days=1)
LAG = timedelta(hours=1)  # posts of other servers arrive late
SKEW = timedelta(minutes=10)  # clocks of writers run ahead; such a post may be filed under its own time
STEP = timedelta(milliseconds=1)  # the finest that can be asked for
log = logging.getLogger(__name__)


class Bluesky:
    """Posts and replies that match a query."""

    needs: ClassVar[tuple[Credential, ...]] = (HANDLE, APP_PASSWORD)
    translate = staticmethod(translate)
    recheck_within = timedelta(hours=48)

    def __init__(
        self,
        source: Source,
        author_key: AuthorKey,
        collected_at: datetime,
        *,
        credentials: Mapping[str, str],
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.source = source.name
        self.settings = source
        self.author_key = author_key
        self.collected_at = without_zone(collected_at)
        self.address = source.url or PUBLIC_ADDRESS
        self.client = BlueskyClient(self.source, self.address, credentials, clock=clock, sleep=sleep)

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        """Yield what matches, slice by slice.

        A slice is capped where the query hangs on the beginning of a word, which the search cannot be asked for.
        """
        span = read_span(self.settings, window, cursor, self.collected_at, lag=LAG)
        reader = Reader(self.source, self.author_key, self.collected_at, query)
        searches, partial = translate(query), is_partial(query)
        if partial:
            log.warning("%s cannot search for beginnings of words; write whole words into the query", self.source)

        def pages(start: datetime, until: datetime) -> Iterator[Page]:
            for search in searches:
                yield from self._search(search, start, until, partial=partial)

        yield from walk(reader, span, SLICE, pages, cursor)

    def recheck(self, post_ids: Sequence[str]) -> Iterator[Recheck]:
        """A post that Bluesky does not show to this account any more is gone."""
        for first in range(0, len(post_ids), IDS):
            uris = {_uri(post_id): post_id for post_id in post_ids[first : first + IDS] if post_id.count("/") == 1}
            if not uris:
                continue
            shown, unnamed = self._look_up(list(uris))
            if missing := [uri for uri in uris if uri not in shown]:  # asked for twice: what is gone stays gone
                found, unnamed = self._look_up(missing)
                shown |= found
            if unnamed:  # any of those that are missing may be the one that came without its name
                uris = {uri: post_id for uri, post_id in uris.items() if uri in shown}
            gone = {post_id: "deleted" for uri, post_id in uris.items() if uri not in shown}
            gone |= {post_id: "hidden" for uri, post_id in uris.items() if uri in shown and not read_post(shown[uri])}
            yield Recheck(list(uris.values()), gone)

    def _look_up(self, uris: list[str]) -> tuple[dict[str, View], bool]:
        """The posts that are shown, and whether there was one that does not say which it is."""
        answer = self.client.get("app.bsky.feed.getPosts", models.AppBskyFeedGetPosts.Params(uris=uris))
        posts = self._posts(answer)
        shown = {uri: view for view in posts if isinstance(uri := view.get("uri"), str)}
        return shown, len(shown) < len(posts)

    def _search(self, search: str, start: datetime, until: datetime, *, partial: bool) -> Iterator[Page]:
        """Posts from the newest to the oldest, capped where more stand in one millisecond than a cursor leads to."""
        end, known = until + SKEW, frozenset[object]()
        while end > start:
            found: set[object] = set()
            oldest: datetime | None = None
            pages = 0
            for posts in self._follow(search, start, end):
                pages += 1
                found.update(uri for view in posts if isinstance(uri := view.get("uri"), str))
                for view in posts:
                    placed = _place(view, start, end)
                    oldest = min(placed, oldest or placed) if placed else oldest
                # What is later than this slice is left to the next.
                items = [item for item in map(read_post, posts) if not _is_after(item, until)]
                if hidden := items.count(None):
                    left_out = write_count(hidden, "post")
                    log.info("%s left out: they or their authors are not to be shown to everybody", left_out)
                yield Page(search, items, requested=POSTS, capped=partial)
            if found <= known and pages == 1:
                return
            if oldest is None:  # more was found than shown, and nothing tells where to go on
                yield Page(search, capped=True)
                return
            # The oldest millisecond may have been cut in two: it is asked for again, unless it was all there is.
            following = min(oldest.replace(microsecond=oldest.microsecond // 1000 * 1000) + STEP, end)
            if following == end:
                if pages > 1:
                    yield Page(search, capped=True)
                following -= STEP
            end, known = following, frozenset(found)

    def _follow(self, search: str, start: datetime, end: datetime) -> Iterator[list[View]]:
        """Pages as far as the cursor leads; posts that are hidden leave gaps in them, so that only the cursor tells."""
        cursor: str | None = None
        for _ in range(PAGES):
            params = models.AppBskyFeedSearchPosts.Params(
                q=search, sort="latest", since=_write(start), until=_write(end), limit=POSTS, cursor=cursor
            )
            answer = self.client.get("app.bsky.feed.searchPosts", params)
            yield self._posts(answer)
            following = answer.get("cursor")
            if not isinstance(following, str) or not following or following == cursor:
                return
            cursor = following

    def _posts(self, answer: View) -> list[View]:
        posts = answer.get("posts")
        if not isinstance(posts, list) or not all(isinstance(view, dict) for view in posts):
            raise BadPayload(self.source, self.address, "the answer holds no list of posts")
        return posts


def _place(view: View, start: datetime, end: datetime) -> datetime | None:
    """Where the search has filed a post that it found between `start` and `end`."""
    return next((moment for moment in written_and_indexed(view) if moment and start <= moment < end), None)


def _is_after(item: object, until: datetime) -> bool:
    return isinstance(item, Item) and item.created_at >= until


def _uri(post_id: str) -> str:
    did, _, key = post_id.partition("/")
    return f"at://{did}/app.bsky.feed.post/{key}"


def _write(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds") + "Z"
