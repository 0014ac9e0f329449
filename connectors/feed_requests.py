"""How feeds are asked for: only what changed, no more than a limit, and never where a redirect should not lead."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import httpx

from connectors.errors import CHECK_ADDRESS, BadPayload, NotFound
from connectors.http import PoliteTransport, refuse, without_query
from connectors.pinned_transport import PUBLIC_ONLY, PinnedTransport, PrivateAddress
from connectors.politeness import USER_AGENT, Politeness, utc_now

MOST_BYTES = 20_000_000  # unpacked
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
FOR_GOOD = (301, 308)
HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: `body` None where nothing has changed. `etag` and `modified` are to be sent with the next request.

    `kind`: its media type in small letters, "" where the server names none.
    """

    body: bytes | None
    charset: str | None = None
    kind: str = ""
    etag: str = ""
    modified: str = ""


class FeedClient:
    """Asks for feeds, each host with manners of its own: one that is tired must not hold up the others."""

    noun: ClassVar = "feed"
    headers: ClassVar[Mapping[str, str]] = HEADERS

    def __init__(
        self,
        source: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.source = source
        self.clock = clock
        self.sleep = sleep
        # Not by httpx's own client: it logs whole addresses, and those of private feeds hold keys.
        self.transports: dict[tuple[str, bytes], PoliteTransport] = {}
        self.pinned: dict[tuple[str, bytes], PinnedTransport] = {}
        self.certificates: ssl.SSLContext | None = None

    def get(self, declared: httpx.URL, etag: str = "", modified: str = "") -> Answer:
        """The feed at `declared`, unless it is as `etag` and `modified` say. Raises ConnectorError."""
        return self._get(declared, etag, modified)

    def _get(
        self,
        declared: httpx.URL,
        etag: str = "",
        modified: str = "",
        *,
        public_only: bool = False,
        before: Callable[[httpx.URL], None] = lambda _: None,
    ) -> Answer:
        """The answer at `declared` or where it leads; `before` is called with each address before it is asked.

        `public_only`: `declared` itself must not lie in a private network either.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in headers.items() if value}
        url = declared
        for _ in range(MOST_REDIRECTS + 1):
            # Who names an address of his own network may be led about in it; a stranger may lead nobody into it.
            public = public_only or (url != declared and not self._pinned_to(declared).is_private)
            request = httpx.Request("GET", url, headers={**self.headers, **headers}, extensions={PUBLIC_ONLY: public})
            try:
                if public and self._pinned_to(url).is_private:
                    raise PrivateAddress(url.host)
                before(url)
                response = self._transport(url).handle_request(request)
            except PrivateAddress:
                how = "is redirected into" if url != declared else "lies in"
                raise self._refusal(declared, f"{how} a private network; not followed") from None
            if response.status_code not in REDIRECTS or "location" not in response.headers:
                return self._read(response, url, headers)
            target = self._follow(url, response.headers["location"])
            if response.status_code in FOR_GOOD:
                moved = "%s: the %s %s has moved to %s; mend its address in the brand file"
                log.warning(moved, self.source, self.noun, without_query(url), without_query(target))
            url = target
        raise self._refusal(declared, f"redirects more than {MOST_REDIRECTS} times")

    def _read(self, response: httpx.Response, url: httpx.URL, headers: Mapping[str, str]) -> Answer:
        where = without_query(url)
        if response.status_code == 304 and headers:
            return Answer(None, etag=headers.get("If-None-Match", ""), modified=headers.get("If-Modified-Since", ""))
        if response.status_code == 410:
            told = f"HTTP 410: the {self.noun} is gone for good; take it out of the brand file"
            raise NotFound(self.source, where, told, advice="")
        refuse(self.source, response, where)
        etag, modified = (response.headers.get(name, "") for name in ("etag", "last-modified"))
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Answer(response.content, response.charset_encoding, kind, etag[:500], modified[:100])

    def _follow(self, url: httpx.URL, location: str) -> httpx.URL:
        """Where a redirect leads. Raises BadPayload where it must not be followed."""
        try:
            target = url.join(location).copy_with(userinfo=b"", fragment=None)
        except (httpx.InvalidURL, ValueError):
            raise self._refusal(url, "redirects to what is no address") from None
        if target.scheme not in ("http", "https") or not target.host:
            raise self._refusal(url, "redirects to an address that is not of the web; not followed")
        if url.scheme == "https" and target.scheme == "http":
            raise self._refusal(url, "redirects from https to http; not followed; write the address that it has now")
        return target

    def _refusal(self, url: httpx.URL, problem: str) -> BadPayload:
        return BadPayload(self.source, without_query(url), problem, advice=CHECK_ADDRESS)

    @property
    def most_bytes(self) -> int:
        """How large an answer may be once it is unpacked."""
        return MOST_BYTES

    def _transport(self, url: httpx.URL) -> PoliteTransport:
        host = (url.scheme, url.netloc)
        if host not in self.transports:
            politeness = Politeness(self.source, clock=self.clock, sleep=self.sleep)
            self.transports[host] = PoliteTransport(politeness, most_bytes=self.most_bytes, inner=self._pinned_to(url))
        return self.transports[host]

    def _pinned_to(self, url: httpx.URL) -> PinnedTransport:
        host = (url.scheme, url.netloc)
        if host not in self.pinned:
            if url.scheme == "https" and self.certificates is None:
                self.certificates = httpx.create_ssl_context()  # 0.2 s: once for all hosts, and not for plain ones
            self.pinned[host] = PinnedTransport(url.host, verify=self.certificates or False)
        return self.pinned[host]
