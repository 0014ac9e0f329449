"""A local feed of customer reviews that answers as Apple's does, over real HTTP on loopback.

Modelled on how programs that read the real one describe it: `/{country}/rss/customerreviews/page=N/id=APP/
sortby=mostrecent/json`, pages of 50 from 1 to 10 and 400 beyond, every value under a `label`, one review as an object
and not a list, no `entry` where there is none, links that name the first, last, previous and next page, dates in
Cupertino's time, an unknown app as a feed without entries, an unknown country as 400, and 403 where it is asked too
often, with no header that says for how long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.servers.platform import Fault, PlatformServer, Request, Response

__all__ = ["AppStoreServer", "Fault", "Review"]

REVIEWS = 50
PAGES = 10
CUPERTINO = timezone(timedelta(hours=-7))
PATH = re.compile(r"/(\w+)/rss/customerreviews/page=(\d+)/id=(\d+)/sort[bB]y=most[rR]ecent/json")


@dataclass(frozen=True)
class Review:
    """A review as the store knows it; `updated` in UTC: when it was last changed."""

    id: int
    updated: datetime
    content: str = "zoom is fine"
    title: str = "Good"
    stars: int = 4
    author: str = "author0"

    def entry(self) -> dict[str, Any]:
        """As the feed writes it."""
        moment = self.updated.replace(tzinfo=UTC).astimezone(CUPERTINO)
        return {
            "author": {
                "uri": {"label": f"https://itunes.apple.com/us/reviews/id{self.id % 1000}"},
                "name": {"label": self.author},
                "label": "",
            },
            "updated": {"label": moment.isoformat()},
            "im:rating": {"label": str(self.stars)},
            "im:version": {"label": "5.15.5"},
            "id": {"label": str(self.id)},
            "title": {"label": self.title},
            "content": {"label": self.content, "attributes": {"type": "text"}},
            "link": {"attributes": {"rel": "related", "href": "https://itunes.apple.com/us/review?id=1&type=Purple"}},
            "im:voteSum": {"label": "0"},
            "im:contentType": {"attributes": {"term": "Application", "label": "Application"}},
            "im:voteCount": {"label": "0"},
        }


class AppStoreServer(PlatformServer):
    """`with AppStoreServer({"us": reviews}) as server:` — the reviews of one app by country, in any order."""

    def __init__(self, reviews: Mapping[str, Sequence[Review]], app_id: str = "546505307") -> None:
        super().__init__()
        self.reviews = {country: list(of_country) for country, of_country in reviews.items()}
        self.app_id = app_id
        self.app_first = False  # an older form: the app itself is the first entry
        self.empty_pages: set[tuple[str, int]] = set()  # at times the real one loses a page

    def respond(self, request: Request) -> Response:
        """A page of the feed."""
        found = PATH.fullmatch(request.path)
        if found is None:
            return Response(404, b"<html><body>Not Found</body></html>", content_type="text/html")
        country, page, app_id = found[1], int(found[2]), found[3]
        if country not in self.reviews:
            return Response(400, b"Invalid value(s) for key(s): [country]", content_type="text/plain")
        if not 1 <= page <= PAGES:
            return Response(400, b"CustomerReviews RSS page depth is limited to 10", content_type="text/plain")
        of_app = self.reviews[country] if app_id == self.app_id else []
        newest = sorted(of_app, key=lambda review: (review.updated, review.id), reverse=True)[: REVIEWS * PAGES]
        entries = [review.entry() for review in newest[(page - 1) * REVIEWS : page * REVIEWS]]
        if (country, page) in self.empty_pages:
            entries = []
        if self.app_first:
            entries = [{"im:name": {"label": "Zoom"}, "id": {"label": "https://apps.apple.com/app"}}, *entries]
        last = max(1, -(-len(newest) // REVIEWS))
        return Response(body={"feed": self._feed(country, page, last, entries)}, content_type="text/javascript")

    def _feed(self, country: str, page: int, last: int, entries: list[dict[str, Any]]) -> dict[str, Any]:
        feed: dict[str, Any] = {
            "author": {"name": {"label": "iTunes Store"}, "uri": {"label": f"http://www.apple.com/{country}/itunes/"}},
            "updated": {"label": datetime(2023, 9, 1, tzinfo=CUPERTINO).isoformat()},
            "rights": {"label": "Copyright 2008 Apple Inc."},
            "title": {"label": "iTunes Store: Customer Reviews"},
            "icon": {"label": "http://itunes.apple.com/favicon.ico"},
            "link": [
                {"attributes": {"rel": rel, "href": f"{self._page(country, number)}"}}
                for rel, number in (
                    ("self", page),
                    ("first", 1),
                    ("last", last),
                    ("previous", max(page - 1, 1)),
                    ("next", min(page + 1, last)),
                )
            ],
            "id": {"label": self._page(country, page)},
        }
        if entries:
            feed["entry"] = entries if len(entries) > 1 else entries[0]
        return feed

    def _page(self, country: str, number: int) -> str:
        path = f"page={number}/id={self.app_id}/sortby=mostrecent/xml"
        return f"https://itunes.apple.com/{country}/rss/customerreviews/{path}?urlDesc=/customerreviews"
