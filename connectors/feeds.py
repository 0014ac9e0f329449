"""Feeds of news sites and blogs: RSS, Atom, RDF and JSON Feed, asked for anew only where they have changed.

A feed shows its newest entries and no others. Where its oldest is younger than what was read before, time is missing,
and coverage says so. Each feed goes on where it ended itself: one that fails does not hold up the others.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from brands.brand_file import Source
from connectors.batch import AuthorKey, Batch, Window
from connectors.errors import BadInput, BadPayload, ConnectorError
from connectors.feed_documents import NotAFeed, read_document
from connectors.feed_entries import read_entry
from connectors.feed_requests import Answer, FeedClient
from connectors.http import check_address, without_query
from connectors.items import Item, Reader
from connectors.part_cursors import Part, find_earliest, read_parts, walk_parts
from connectors.politeness import utc_now
from connectors.times import without_zone
from connectors.walking import Page, read_span

if TYPE_CHECKING:
    from brands.query import Query

LAG = timedelta(days=2)  # articles are dated when they are begun, and shown when they are released
READ_WHOLE = timedelta(days=7)  # a server may say that nothing has changed though it has: not longer than this


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """Where a feed is. The query of its address may hold a key: neither `name` (in the cursor) nor `shown` has it."""

    name: str
    shown: str
    address: httpx.URL = field(repr=False)


class Feeds:
    """Articles that match a query, or all articles of the feeds with `match = "all"`."""

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
        self.settings = source.model_copy(update={"feeds": ()})
        self.author_key = author_key
        self.collected_at = without_zone(collected_at)
        self.feeds = {feed.name: feed for feed in (self._prepare(address) for address in source.feeds)}
        self.client = FeedClient(self.source, clock=clock, sleep=sleep)

    @staticmethod
    def translate(query: Query, source: Source | None = None) -> list[str]:
        """Nothing: a feed cannot be searched, it is read in full and the query is asked here."""
        return []

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        """Yield what the feeds show within the window, one page a feed; the last batch has the cursor of all feeds."""
        if not self.feeds:
            raise BadInput(self.source, f'[[sources]] "{self.source}"', 'names no feeds; write feeds = ["https://..."]')
        parts = {name: part for name, part in read_parts(self.source, cursor).items() if name in self.feeds}
        span = read_span(self.settings, window, find_earliest(parts, self.feeds), self.collected_at, lag=LAG)
        reader = Reader(self.source, self.author_key, self.collected_at, None if self._takes_all else query)
        yield from walk_parts(reader, span, lambda start, until: self._pages(parts, start, until), parts, cursor)

    @property
    def _takes_all(self) -> bool:
        return self.settings.match == "all"

    def _pages(self, parts: dict[str, Part], start: datetime, until: datetime) -> Iterator[Page]:
        """One page for each feed; what is known of it is noted in `parts` once it is read."""
        for feed in self.feeds.values():
            try:
                page, part = self._read(feed, parts.get(feed.name, {}), start, until)
            except ConnectorError as problem:
                yield Page(feed.shown, problem=problem)
            else:
                parts[feed.name] = part
                yield page

    def _read(self, feed: FeedAddress, part: Part, start: datetime, until: datetime) -> tuple[Page, Part]:
        stale = datetime.fromisoformat(part.get("whole", until.isoformat())) + READ_WHOLE < until
        known = ("", "") if stale else (part.get("etag", ""), part.get("modified", ""))
        answer = self.client.get(feed.address, *known)
        if answer.body is None:
            return Page(feed.shown), part | {"until": until.isoformat()}
        try:
            document = read_document(answer.body, answer.charset, feed.shown)
        except NotAFeed as problem:
            raise BadPayload(self.source, feed.shown, str(problem), advice="") from None
        items = [read_entry(entry, feed.shown, document.language) for entry in document.entries]
        times = [item.created_at for item in items if isinstance(item, Item)]
        since = max(start, datetime.fromisoformat(part["until"])) if "until" in part else start
        oldest = _find_oldest(times) or until
        shows_all = not document.entries and "until" not in part
        cut = oldest if oldest > since and not shows_all else None
        # An article of a time to come is left to a later run, which must not hear that nothing has changed.
        validators = {} if any(moment >= until for moment in times) else _validators(answer)
        reached = {"until": until.isoformat(), "whole": until.isoformat(), **validators}
        return Page(feed.shown, items, cut_before=cut), reached

    def _prepare(self, address: str) -> FeedAddress:
        url = check_address(self.source, address)
        # With another `match` other articles count, so that what has not changed is to be read again.
        name = hashlib.sha256(f"{self._takes_all} {url}".encode()).hexdigest()[:16]
        return FeedAddress(name, without_query(url), url)


def _find_oldest(times: Sequence[datetime]) -> datetime | None:
    """The entry that tells how far back a feed reaches: one far older than all others is pinned, and tells nothing."""
    ordered = sorted(times)
    if len(ordered) > 2 and ordered[1] - ordered[0] > max(10 * (ordered[-1] - ordered[1]), timedelta(days=7)):
        return ordered[1]
    return ordered[0] if ordered else None


def _validators(answer: Answer) -> Part:
    return {name: value for name, value in (("etag", answer.etag), ("modified", answer.modified)) if value}
