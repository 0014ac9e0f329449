"""HTTP by httpx, asked politely: a client for JSON, and a transport for libraries that bring an httpx client."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from connectors import bodies
from connectors import politeness as manners
from connectors.errors import CHECK_ADDRESS, CONNECT, AuthError, BadInput, BadPayload, NotFound, Unavailable
from connectors.politeness import LONGEST_WAIT, USER_AGENT, Politeness, utc_now

OPEN_TO_ALL = "check that it may be read without an account, and run again later, or from another network"
UNPACKED = ("content-encoding", "content-length", "transfer-encoding")  # no longer true of a body that was read


def check_address(source: str, address: str) -> httpx.URL:
    """`address` as a URL. Raises BadInput where it is none, or holds a password."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise BadInput(
            source, "address in the brand file", f"is no address: {error}; write it as https://host/path"
        ) from None
    if url.scheme not in ("http", "https") or not url.host:
        raise BadInput(source, "address in the brand file", "is no address; write it as https://host/path")
    if url.userinfo:
        raise BadInput(source, "address in the brand file", "holds a password; take it out, since addresses are logged")
    return url


def without_query(url: httpx.URL) -> str:
    """Scheme, host and path: the query may hold what must not be logged."""
    return str(url.copy_with(query=None, fragment=None, userinfo=b""))


class PoliteTransport(httpx.BaseTransport):
    """Sends requests by the rules of `politeness`; an answer comes with its whole body or as a ConnectorError.

    `most_bytes`: an answer that is larger once it is unpacked is refused as BadPayload, before all of it is here.
    `inner` sends in place of httpx's own transport; then `verify` is its business.
    """

    def __init__(
        self,
        politeness: Politeness,
        *,
        verify: ssl.SSLContext | bool = True,
        most_bytes: int = manners.MOST_BYTES,
        inner: httpx.BaseTransport | None = None,
    ) -> None:
        self.politeness = politeness
        self.most_bytes = most_bytes
        self.inner = inner or httpx.HTTPTransport(verify=verify)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to `request`, whatever its status."""
        where = without_query(request.url)
        request.headers["Accept-Encoding"] = bodies.ACCEPTED
        timeout = httpx.Timeout(manners.READ_SECONDS, connect=manners.CONNECT_SECONDS)
        request.extensions = {**request.extensions, "timeout": timeout.as_dict()}
        return self.politeness.ask(where, lambda: self._send(request, where))

    def _send(self, request: httpx.Request, where: str) -> httpx.Response:
        source = self.politeness.source
        sent = self.politeness.monotonic()
        try:
            response = self.inner.handle_request(request)
            try:
                response = self._read(response, sent)
            finally:
                response.close()
        except httpx.TimeoutException as error:
            raise Unavailable(source, where, f"no answer in time ({type(error).__name__})") from None
        except httpx.TransportError as error:
            raise Unavailable(
                source, where, f"the connection failed ({type(error).__name__})", advice=CONNECT
            ) from None
        except bodies.Incomplete as error:
            raise Unavailable(source, where, str(error)) from None
        except bodies.TooLarge as error:
            raise BadPayload(source, where, str(error), advice=CHECK_ADDRESS) from None
        except bodies.Unusable as error:
            raise BadPayload(source, where, str(error)) from None
        return response

    def _read(self, response: httpx.Response, sent: float) -> httpx.Response:
        """The response with its whole body; the request was sent at `sent`."""
        body = bodies.read_body(
            response.iter_raw(),
            response.headers.get("content-encoding", ""),
            most_bytes=self.most_bytes,
            elapsed=lambda: self.politeness.monotonic() - sent,
        )
        unpacked = [(name, value) for name, value in response.headers.multi_items() if name not in UNPACKED]
        return httpx.Response(response.status_code, headers=unpacked, content=body)

    def close(self) -> None:
        """Give the connections back."""
        self.inner.close()


def polite_client(politeness: Politeness, base_url: str) -> httpx.Client:
    """An httpx client that asks politely. Raises BadInput for an address that cannot be used."""
    url = check_address(politeness.source, base_url)
    # Loading the certificates takes 0.2 s; a plain address, as in tests, needs none.
    transport = PoliteTransport(politeness, verify=url.scheme == "https")
    return httpx.Client(base_url=url, headers={"User-Agent": USER_AGENT}, transport=transport)


def refuse(source: str, response: httpx.Response, where: str) -> None:
    """Raise what a status other than 200 means, where waiting does not mend it."""
    status = response.status_code
    if status == 200:
        return
    if status in (401, 403):
        raise AuthError(source, where, f"HTTP {status}: access refused", advice=OPEN_TO_ALL)
    if status in (404, 410):
        told = f"HTTP {status}: nothing is there"
        by_service = "json" in response.headers.get("content-type", "")
        raise NotFound(source, where, told, said_by_the_service=by_service)
    raise BadPayload(source, where, f"HTTP {status}: the request was not understood", advice=CHECK_ADDRESS)


class JsonClient:
    """Asks one service for JSON objects."""

    def __init__(
        self,
        source: str,
        base_url: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        longest_wait: float = LONGEST_WAIT,
    ) -> None:
        self.source = source
        self.politeness = Politeness(source, clock=clock, sleep=sleep, longest_wait=longest_wait)
        self.client = polite_client(self.politeness, base_url)

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> dict[str, Any]:
        """The JSON object at `path`. Raises ConnectorError, after a third attempt where waiting might have helped."""
        response = self.client.get(path, params=dict(params or {}))
        where = without_query(response.request.url)
        refuse(self.source, response, where)
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            kind = response.headers.get("content-type", "no content type")
            raise BadPayload(self.source, where, f"the answer is no JSON but {kind}", advice=CHECK_ADDRESS) from None
        if not isinstance(answer, dict):
            raise BadPayload(self.source, where, "the answer is JSON, but no object", advice=CHECK_ADDRESS)
        return answer
