"""App Store: customer reviews by Apple's keyless feed, newest first, 500 a country at most.

Each country is a part that goes on where it ended itself. What is older than 500 reviews cannot be asked for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from brands.brand_file import Source
from connectors.batch import AuthorKey, Batch, Window
from connectors.errors import BadInput, BadPayload, ConnectorError, NotFound, Unavailable
from connectors.http import JsonClient
from connectors.items import Item, Read, Reader, Unreadable
from connectors.part_cursors import Part, find_earliest, read_parts, walk_parts
from connectors.politeness import utc_now
from connectors.times import from_iso, without_zone
from connectors.walking import Page, read_span

if TYPE_CHECKING:
    from brands.query import Query

PUBLIC_ADDRESS = "https://itunes.apple.com"
REVIEWS = 50  # on a page
PAGES = 10  # the feed refuses to go deeper
LAG = timedelta(days=3)  # a review is dated when it is written, and shown when Apple has looked at it
LAST_PAGE = re.compile(r"/page=(\d+)/")

Record = dict[str, Any]


class AppStore:
    """Reviews of one app: all of them with `match = "all"`, which is what one usually wants, else those that match."""

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
        self.countries = tuple(dict.fromkeys(country.lower() for country in source.countries or ("us",)))
        where = f'[[sources]] "{source.name}"'
        for country in self.countries:
            if not re.fullmatch(r"[a-z]{2}", country):
                raise BadInput(
                    source.name, where, f'countries: "{country}" is no country; write two letters such as "us" or "de"'
                )
        if source.app_id is not None and not re.fullmatch(r"\d{1,20}", source.app_id):
            raise BadInput(
                source.name, where, f'app_id "{source.app_id}" is no app; write the number in the app\'s address'
            )
        self.client = JsonClient(self.source, source.url or PUBLIC_ADDRESS, clock=clock, sleep=sleep)

    @staticmethod
    def translate(query: Query, source: Source | None = None) -> list[str]:
        """Nothing: the feed cannot be searched; it is read in full and the query, if any, is asked here."""
        return []

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        """Yield the reviews of each country within the window; the last batch has the cursor of all countries."""
        if not self.settings.app_id:
            raise BadInput(
                self.source,
                f'[[sources]] "{self.source}"',
                "needs app_id; write the number in the app's address",
            )
        parts = {name: part for name, part in read_parts(self.source, cursor).items() if name in self.countries}
        span = read_span(self.settings, window, find_earliest(parts, self.countries), self.collected_at, lag=LAG)
        asked = None if self.settings.match == "all" else query
        reader = Reader(self.source, self.author_key, self.collected_at, asked)
        yield from walk_parts(reader, span, lambda start, until: self._pages(parts, start, until), parts, cursor)

    def _pages(self, parts: dict[str, Part], start: datetime, until: datetime) -> Iterator[Page]:
        answered = shown = False
        for country in self.countries:
            part = parts.get(country, {})
            since = max(start, datetime.fromisoformat(part["until"])) if part else start
            returned, missing = 0, False
            try:
                for page in self._country(country, start, since):
                    returned, missing = returned + len(page.items), missing or page.capped
                    yield page
                if part.get("reviews") and not returned:
                    raise Unavailable(self.source, country, "shows no reviews where it did before")
            except ConnectorError as problem:
                yield Page(country, problem=problem)
                continue
            answered, shown = True, shown or returned > 0
            if not missing:
                parts[country] = {"until": until.isoformat()} | ({"reviews": "yes"} if returned else {})
        if answered and not shown:  # an unknown app looks like one without reviews
            where = ", ".join(self.countries)
            unknown = NotFound(
                self.source,
                where,
                f"no reviews of app {self.settings.app_id}",
                advice="is app_id right? Check it in the brand file",
            )
            yield Page(where, problem=unknown)

    def _country(self, country: str, start: datetime, since: datetime) -> Iterator[Page]:
        """Pages until one holds nothing after `start`. Where they end before `since`, older reviews cannot be had."""
        times: list[datetime] = []
        for number in range(1, PAGES + 1):
            entries, last = self._ask(country, number)
            items = [read_review(entry, country, self.settings.app_id or "") for entry in entries]
            here = [item.created_at for item in items if isinstance(item, Item)]
            times += here
            cut = min(times) if number == PAGES and times and min(times) > since else None
            # At times a page in the middle is empty. What stands on it is not here, and nobody knows when it is from.
            missing = not entries and last is not None and number < last
            yield Page(f"{country}, page {number}", items, REVIEWS, cut_before=cut, capped=missing)
            if number == last or (here and max(here) < start) or not (entries or missing):
                return

    def _ask(self, country: str, number: int) -> tuple[list[Record], int | None]:
        """The entries of a page, and the number of the last page as the feed says it."""
        path = f"{country}/rss/customerreviews/page={number}/id={self.settings.app_id}/sortby=mostrecent/json"
        answer = self.client.get(path)
        feed = answer.get("feed")
        entries = feed.get("entry", []) if isinstance(feed, dict) else None
        entries = [entries] if isinstance(entries, dict) else entries  # one review comes without a list around it
        if not isinstance(feed, dict) or not isinstance(entries, list):
            raise BadPayload(self.source, f"{self.client.client.base_url}{path}", "the answer holds no feed of reviews")
        return [entry if isinstance(entry, dict) else {} for entry in entries], _last_page(feed)


def read_review(entry: Record, country: str, app_id: str) -> Read:
    """A review of the feed as an item; None for the app itself, the first entry in some forms of the feed."""
    if "im:name" in entry and "im:rating" not in entry:
        return None
    post_id, created = _label(entry, "id"), from_iso(_label(entry, "updated"))
    if not post_id.isalnum() or created is None:
        return Unreadable("a review without id or date")
    author = entry.get("author")
    stars = _label(entry, "im:rating")
    return Item(
        post_id,
        created,
        text=_label(entry, "content"),
        kind="review",
        title=_label(entry, "title"),
        author=_label(author, "name") if isinstance(author, dict) else None,
        url=f"https://apps.apple.com/{country}/app/id{app_id}",
        rating=float(stars) if stars in ("1", "2", "3", "4", "5") else None,
    )


def _label(record: Record, key: str) -> str:
    value = record.get(key)
    label = value.get("label") if isinstance(value, dict) else None
    return label if isinstance(label, str) else ""


def _last_page(feed: Record) -> int | None:
    """The number of the last page that can be had; None where the feed does not say it."""
    links = feed.get("link")
    for link in links if isinstance(links, list) else [links]:
        attributes = link.get("attributes") if isinstance(link, dict) else None
        if isinstance(attributes, dict) and attributes.get("rel") == "last":
            found = LAST_PAGE.search(str(attributes.get("href")))
            return min(int(found[1]), PAGES) if found else None
    return None
