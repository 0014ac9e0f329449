"""How pages of terms are asked for: as feeds are, and only where robots.txt and the brand file let us.

robots.txt is read by RFC 9309: one that is not there allows all, one that cannot be had for now allows nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import ClassVar

import httpx
from protego import Protego

from connectors.errors import AuthError, NotFound
from connectors.feed_requests import Answer, FeedClient
from connectors.http import without_query
from connectors.politeness import LONGEST_WAIT, USER_AGENT, utc_now
from connectors.terms.versions import MOST_BYTES

ROBOT = USER_AGENT.partition("/")[0]  # as robots.txt would call us
FORBIDDEN = "its robots.txt does not let programs read it"
INSTEAD = "keep dated copies of it by hand and import them"


class PageClient(FeedClient):
    """Asks for pages, each host with its own manners and its own robots.txt, which is read once."""

    noun: ClassVar = "page"
    headers: ClassVar[Mapping[str, str]] = {
        "User-Agent": USER_AGENT,
        "Accept": "text/html, application/xhtml+xml, text/markdown;q=0.9, text/plain;q=0.9",
    }

    def __init__(
        self, source: str, *, clock: Callable[[], datetime] = utc_now, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        super().__init__(source, clock=clock, sleep=sleep)
        self.robots: dict[tuple[str, bytes], Protego] = {}

    @property
    def most_bytes(self) -> int:
        """As of any text of terms."""
        return MOST_BYTES

    def get_page(self, declared: httpx.URL, etag: str = "", modified: str = "", *, private: bool = False) -> Answer:
        """The page at `declared`, unless it is as `etag` and `modified` say. Raises ConnectorError.

        `private`: it may lie in a private network, and be moved about in it; otherwise no request goes to one.
        """
        return self._get(
            declared, etag, modified, public_only=not private, before=lambda url: self._obey_robots(url, private)
        )

    def _obey_robots(self, url: httpx.URL, private: bool) -> None:
        """Raise AuthError where the host's robots.txt forbids the address; keep the pace that it asks for."""
        host = (url.scheme, url.netloc)
        if host not in self.robots:
            self.robots[host] = self._read_robots(url, private)
            delay = self.robots[host].crawl_delay(ROBOT)
            if delay:
                self._transport(url).politeness.pace = min(float(delay), LONGEST_WAIT)
        if not self.robots[host].can_fetch(str(url), ROBOT):
            raise AuthError(self.source, without_query(url), FORBIDDEN, advice=INSTEAD)

    def _read_robots(self, url: httpx.URL, private: bool) -> Protego:
        try:
            answer = self._get(url.copy_with(raw_path=b"/robots.txt"), public_only=not private)
        except (AuthError, NotFound):
            return Protego.parse("")
        return Protego.parse((answer.body or b"").decode("utf-8", "replace"))
