"""Mastodon: hashtag timelines of several servers, newest first, and their search where there is a token.

Time is worked off in ascending slices. A server that is down or closed is a problem of its own: the others go on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from brands.brand_file import Source
from brands.wording import write_count
from connectors.batch import AuthorKey, Batch, Recheck, Window
from connectors.credentials import Credential
from connectors.errors import BadInput, BadPayload, ConnectorError
from connectors.items import Item, Read, Reader
from connectors.mastodon_client import STATUSES, TOKEN, Instance, Status, read_tokens
from connectors.mastodon_items import read_statuses
from connectors.mastodon_recheck import recheck_at_home
from connectors.mastodon_search import hashtags, is_partial, searches, translate
from connectors.politeness import utc_now
from connectors.times import from_iso, without_zone
from connectors.walking import Page, read_span, walk

if TYPE_CHECKING:
    from brands.query import Query

SLICE = timedelta(days=7)
LAG = timedelta(hours=6)  # servers pass statuses on to each other late
SKEW = timedelta(minutes=10)  # what a server's number for a status may be later than the status
MOST_PAGES = 2_500  # of a hashtag in a slice: 100,000 statuses
SECOND = timedelta(seconds=1)  # the finest that a search can be asked for
log = logging.getLogger(__name__)


class Mastodon:
    """Statuses that match a query, each once, however many servers show it."""

    needs: ClassVar[tuple[Credential, ...]] = (TOKEN,)
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
        self.clock, self.sleep = clock, sleep
        if not source.instances:
            raise BadInput(source.name, f'[[sources]] "{source.name}"', 'name instances = ["mastodon.social", …]')
        addresses = {_host(each): each if "://" in each else f"https://{each.strip()}" for each in source.instances}
        tokens = read_tokens(source.name, next(iter(addresses)), list(addresses), credentials)
        self.instances = {
            host: Instance(source.name, address, tokens.get(host), clock=clock, sleep=sleep)
            for host, address in addresses.items()
        }

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        """Yield what matches, slice by slice, server by server. Raises a server's problem after the others' posts."""
        span = read_span(self.settings, window, cursor, self.collected_at, lag=LAG)
        reader = Reader(self.source, self.author_key, self.collected_at, query)
        tags, words, partial = hashtags(query, self.settings), searches(query), is_partial(query)
        if not tags and not any(instance.searches for instance in self.instances.values()):
            raise BadInput(self.source, f'[[sources]] "{self.source}"', 'name hashtags = ["…"]: the query holds none')

        def ask(instance: Instance, start: datetime, until: datetime) -> Iterator[Page]:
            for tag in tags:
                yield from self._read_timeline(instance, tag, start, until)
            for search in words if instance.searches else ():
                yield from self._search(instance, search, start, until, partial=partial)

        down: dict[str, ConnectorError] = {}

        def pages(start: datetime, until: datetime) -> Iterator[Page]:
            for host, instance in self.instances.items():
                # A server that did not answer is not asked again and again for every slice of this run.
                if host not in down:
                    try:
                        yield from ask(instance, start, until)
                    except ConnectorError as error:
                        down[host] = error
                if host in down:
                    yield Page(host, problem=down[host])

        yield from walk(reader, span, SLICE, pages, cursor)

    def recheck(self, post_ids: Sequence[str]) -> Iterator[Recheck]:
        """A post that its own server does not show to anybody is gone; a server that does not say is left out."""

        def connect(host: str) -> Instance:
            known = self.instances.get(host)
            return known or Instance(self.source, f"https://{host}", clock=self.clock, sleep=self.sleep)

        return recheck_at_home(post_ids, self.instances, connect)

    def _read_timeline(self, instance: Instance, tag: str, start: datetime, until: datetime) -> Iterator[Page]:
        """Statuses from the newest to the oldest, until all of a page are older than the slice."""
        max_id = instance.find_start(tag, until + SKEW) if until < self.collected_at else None
        for _ in range(MOST_PAGES):
            statuses = instance.read_timeline(tag, max_id)
            yield self._page(f"#{tag} on {instance.host}", instance, statuses, until)
            if all((from_iso(status.get("created_at")) or start) < start for status in statuses):
                return
            oldest = min((str(status.get("id")) for status in statuses), key=_in_order)
            if max_id is not None and _in_order(oldest) >= _in_order(max_id):
                raise BadPayload(self.source, instance.address, "it gives the same statuses again and again")
            max_id = oldest
        raise BadPayload(self.source, instance.address, f"#{tag} does not come to an end within {SLICE.days} days")

    def _search(
        self, instance: Instance, words: str, start: datetime, until: datetime, *, partial: bool
    ) -> Iterator[Page]:
        """Statuses from the newest to the oldest, capped where more stand in one second than a search gives."""
        name, end, known = f"{words} on {instance.host}", until + SKEW, frozenset[object]()
        while end > start:
            statuses = instance.search(words, end)
            found = {uri for status in statuses if isinstance(uri := status.get("uri"), str)}
            page = self._page(name, instance, statuses, until, capped=partial)
            written = [moment for status in statuses if (moment := from_iso(status.get("created_at"))) and moment < end]
            if not written or (found <= known and len(statuses) < STATUSES):
                yield page
                return
            # The oldest second may have been cut in two: it is asked for again, unless it was all there is.
            following = min(min(written).replace(microsecond=0) + SECOND, end)
            if following == end:
                page = self._page(name, instance, statuses, until, capped=partial or len(statuses) >= STATUSES)
                following -= SECOND
            yield page
            end, known = following, frozenset(found)

    def _page(
        self, name: str, instance: Instance, statuses: Sequence[Status], until: datetime, *, capped: bool = False
    ) -> Page:
        """The statuses as a page. What is later than the slice is left to the next."""
        items: list[Read] = [
            item
            for item in read_statuses(statuses, numbered=bool(instance.numbered))
            if not isinstance(item, Item) or item.created_at < until
        ]
        if hidden := items.count(None):
            left_out = write_count(hidden, "status", "statuses")
            log.info("%s left out: boosts, not public, or their authors want to be left out", left_out)
        return Page(name, items, requested=STATUSES, capped=capped)


def _host(instance: str) -> str:
    return instance.strip().lower().partition("://")[2].strip("/") or instance.strip().lower().strip("/")


def _in_order(status_id: str) -> tuple[int, str]:
    """Ids grow with time: numbers by their value, those of other software letter by letter."""
    return len(status_id), status_id
