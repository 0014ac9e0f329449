"""HTTP by requests, asked politely: for the libraries that bring a requests session (praw, tweepy, Mastodon.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from connectors import bodies
from connectors import politeness as manners
from connectors.errors import CONNECT, BadPayload, Unavailable
from connectors.http import check_address
from connectors.politeness import USER_AGENT, Politeness

PIECE = 65_536  # bytes


class PoliteAdapter(HTTPAdapter):
    """Sends requests by the rules of `politeness`; an answer comes with its whole body or as a ConnectorError.

    `instead`: scheme and host to send to in place of the library's own, for libraries whose host is fixed.
    """

    def __init__(self, politeness: Politeness, instead: str | None = None) -> None:
        super().__init__(max_retries=0)
        self.politeness = politeness
        self.instead = urlsplit(instead) if instead else None

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer to `request`, whatever its status."""
        address = urlsplit(str(request.url))
        if self.instead is not None:
            address = address._replace(scheme=self.instead.scheme, netloc=self.instead.netloc)
            request.url = urlunsplit(address)
        request.headers["Accept-Encoding"] = bodies.ACCEPTED
        kwargs["stream"] = True
        kwargs["timeout"] = (manners.CONNECT_SECONDS, manners.READ_SECONDS)  # whatever the library would wait
        where = urlunsplit(address._replace(query="", fragment=""))
        return self.politeness.ask(where, lambda: self._send(request, where, *args, **kwargs))

    def _send(self, request: requests.PreparedRequest, where: str, *args: Any, **kwargs: Any) -> requests.Response:
        source = self.politeness.source
        sent = self.politeness.monotonic()
        # Raised outside the handlers: what requests raises may hold the request with its token or password.
        try:
            response = super().send(request, *args, **kwargs)
            # One that is cut short is found here, where it can be asked for again.
            read_body(response, lambda: self.politeness.monotonic() - sent)
            if not leads_elsewhere(response):
                return response
            problem: Exception = BadPayload(
                source, where, "it leads to another server; name that one if it is meant", advice=""
            )
        except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
            problem = Unavailable(source, where, f"no answer in time ({type(error).__name__})")
        except (requests.ConnectionError, urllib3.exceptions.HTTPError) as error:
            problem = Unavailable(source, where, f"the connection failed ({type(error).__name__})", advice=CONNECT)
        except bodies.Incomplete as error:
            problem = Unavailable(source, where, str(error))
        except bodies.Unusable as error:
            problem = BadPayload(source, where, str(error))
        except requests.RequestException as error:
            problem = BadPayload(source, where, f"the answer cannot be read ({type(error).__name__})")
        raise problem


def read_body(response: requests.Response, elapsed: Callable[[], float]) -> None:
    """Read the whole body, unpacked, `elapsed` seconds after the request was sent. Raises what `bodies` raises."""
    try:
        response._content = bodies.read_body(
            # `read1` gives what is here: `stream` would wait for a whole piece, however slowly its bytes come.
            iter(lambda: response.raw.read1(PIECE, decode_content=False), b""),
            response.headers.get("Content-Encoding", ""),
            most_bytes=manners.MOST_BYTES,
            elapsed=elapsed,
        )
    except BaseException:
        response.close()
        raise


def leads_elsewhere(response: requests.Response) -> bool:
    """Whether it is a redirect to another host: what a stranger's server says there is not the platform's word."""
    there = urlsplit(response.headers.get("location", "")).netloc if response.is_redirect else ""
    return bool(there) and there != urlsplit(response.url).netloc


def polite_session(politeness: Politeness, instead: str | None = None) -> requests.Session:
    """A requests session that asks politely, and sends to `instead` where that is given (see PoliteAdapter)."""
    session = requests.Session()
    session.auth = _as_it_is
    session.headers["User-Agent"] = USER_AGENT
    if instead:
        check_address(politeness.source, instead)
    for scheme in ("https://", "http://"):
        session.mount(scheme, PoliteAdapter(politeness, instead))
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Without an `auth` of its own, requests would put what a ~/.netrc says in the place of a library's token."""
    return request
