"""Feeds are asked for sparingly, in bounds, and not where a redirect should not lead."""

from __future__ import annotations

import gzip
import logging
from datetime import datetime

import httpx
import pytest

from connectors import feed_requests
from connectors.errors import AuthError, BadPayload, NotFound
from connectors.feed_requests import FeedClient, is_private
from tests.connectors.conftest import Clock
from tests.servers.feeds import Article, Fault, Feed, FeedsServer
from tests.servers.platform import Response

FEED = Feed([Article("tag:1", datetime(2023, 8, 6))])


def client(clock: Clock | None = None) -> FeedClient:
    clock = clock or Clock()
    return FeedClient("news", clock=clock, sleep=clock.sleep)


def address(server: FeedsServer, path: str = "/feed") -> httpx.URL:
    return httpx.URL(server.feed_url(path))


def test_what_has_not_changed_is_not_sent_again() -> None:
    """The second request has both validators, and its answer has no body and the same validators."""
    with FeedsServer({"/feed": FEED}) as server:
        first = client().get(address(server))
        again = client().get(address(server), first.etag, first.modified)
    assert first.body
    assert (again.body, again.etag, again.modified) == (None, first.etag, first.modified)
    assert server.log[1].headers["if-none-match"] == first.etag
    assert server.log[1].headers["if-modified-since"] == first.modified


def test_a_304_that_nobody_asked_for_is_told() -> None:
    """A server that says that nothing has changed to one who has nothing is broken."""
    with FeedsServer() as server:
        server.pages["/feed"] = Response(304, b"")
        with pytest.raises(BadPayload, match="304"):
            client().get(address(server))


def test_it_says_who_asks_and_what_it_takes() -> None:
    """User agent, feeds before pages, gzip."""
    with FeedsServer({"/feed": FEED}) as server:
        client().get(address(server))
    headers = server.log[0].headers
    assert headers["user-agent"].startswith("brandtrust/")
    assert headers["accept"].startswith("application/rss+xml")
    assert headers["accept-encoding"] == "gzip, deflate"


def test_a_feed_that_is_too_large_is_told_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit holds for what is unpacked: a bomb of zeros is a small answer."""
    monkeypatch.setattr(feed_requests, "MOST_BYTES", 100_000)
    with FeedsServer() as server:
        server.pages["/plain"] = Response(200, b"x" * 100_001)
        bomb = gzip.compress(b"0" * 50_000_000)
        server.pages["/bomb"] = Response(200, bomb, {"Content-Encoding": "gzip"})
        server.pages["/fits"] = Response(200, gzip.compress(b"y" * 100_000), {"Content-Encoding": "gzip"})
        for path in ("/plain", "/bomb"):
            with pytest.raises(BadPayload, match=r"larger than 0\.1 MB"):
                client().get(address(server, path))
        assert client().get(address(server, "/fits")).body == b"y" * 100_000
        assert len(server.log) == 3


def test_a_broken_packing_is_told() -> None:
    """What says gzip and is none cannot be read."""
    with FeedsServer() as server:
        server.pages["/feed"] = Response(200, b"no gzip", {"Content-Encoding": "gzip"})
        with pytest.raises(BadPayload, match="cannot be read"):
            client().get(address(server))


def test_redirects_are_followed_five_times(caplog: pytest.LogCaptureFixture) -> None:
    """Absolute or relative; a permanent one is told, so that the brand file can be mended."""
    with FeedsServer({"/5": FEED}) as server:
        server.redirects = {f"/{n}": (302 if n % 2 else 301, f"{n + 1}") for n in range(5)}
        assert client().get(address(server, "/0")).body
        assert caplog.text.count("has moved to") == 3
        assert f"{server.address}/0 has moved to {server.address}/1" in caplog.text
        server.redirects["/5"] = (307, f"{server.address}/6")
        with pytest.raises(BadPayload, match="more than 5 times"):
            client().get(address(server, "/0"))
        server.redirects = {"/a": (308, "/b"), "/b": (303, "/a")}
        with pytest.raises(BadPayload, match="more than 5 times"):
            client().get(address(server, "/a"))
        assert len(server.log) == 6 + 6 + 6


@pytest.mark.parametrize("location", ["file:///etc/hostname", "ftp://example.org/x", "http://x:port/"])
def test_a_redirect_out_of_the_web_is_not_followed(location: str) -> None:
    """Only http and https."""
    with FeedsServer() as server:
        server.redirects["/feed"] = (302, location)
        with pytest.raises(BadPayload, match="redirects to"):
            client().get(address(server))


@pytest.mark.parametrize(
    ("url", "target", "declared", "followed"),
    [
        ("http://192.0.3.1/a", "https://192.0.3.1/a", "http://192.0.3.1/a", True),
        ("https://192.0.3.1/a", "http://192.0.3.1/a", "https://192.0.3.1/a", False),
        ("https://192.0.3.1/a", "https://10.0.0.1/a", "https://192.0.3.1/a", False),
        ("https://192.0.3.1/a", "https://169.254.169.254/latest", "https://192.0.3.1/a", False),
        ("https://192.0.3.1/a", "https://[::1]/a", "https://192.0.3.1/a", False),
        ("https://192.0.3.1/a", "https://localhost/a", "https://192.0.3.1/a", False),
        ("http://10.0.0.1/a", "http://10.0.0.2/a", "http://10.0.0.1/a", True),
    ],
)
def test_redirects_do_not_lead_into_private_networks(url: str, target: str, declared: str, followed: bool) -> None:
    """Nor from https to http; a feed that was declared in a private network may stay there."""
    follow = client()._follow
    if followed:
        assert str(follow(httpx.URL(url), target, httpx.URL(declared))) == target
    else:
        with pytest.raises(BadPayload, match="not followed"):
            follow(httpx.URL(url), target, httpx.URL(declared))


def test_addresses_that_are_not_public_are_known() -> None:
    """Loopback, private and link-local ones in both families; what has no address leads nowhere."""
    assert all(is_private(host) for host in ("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.1.1", "[fe80::1]", "::1"))
    assert not any(is_private(host) for host in ("8.8.8.8", "2001:4860:4860::8888", "", "x" * 300))


@pytest.mark.parametrize(
    ("status", "error", "told"),
    [
        (401, AuthError, "access refused"),
        (403, AuthError, "access refused"),
        (404, NotFound, "is the address right"),
        (410, NotFound, "gone for good; take it out"),
        (406, BadPayload, "HTTP 406"),
    ],
)
def test_refusals_say_what_to_do(status: int, error: type[Exception], told: str) -> None:
    """One line, one request."""
    with FeedsServer({"/feed": FEED}) as server:
        server.faults.append(Fault(status=status))
        with pytest.raises(error, match=told):
            client().get(address(server))
    assert len(server.log) == 1


def test_a_tired_host_does_not_hold_up_another() -> None:
    """Each host is asked by manners of its own: what one allows says nothing of the other."""
    clock = Clock()
    with FeedsServer({"/feed": FEED}) as tired, FeedsServer({"/feed": FEED}) as other:
        tired.pages["/feed"] = Response(200, b"x", {"RateLimit-Remaining": "0", "RateLimit-Reset": "60"})
        asked = client(clock)
        asked.get(address(tired))
        asked.get(address(other))
        assert clock.waits == []
        asked.get(address(tired))
        assert clock.waits == [60.0]


def test_no_log_tells_the_key_of_a_private_feed(caplog: pytest.LogCaptureFixture) -> None:
    """Not ours, and not those of the libraries at any level."""
    caplog.set_level(logging.DEBUG)
    with FeedsServer({"/feed": FEED}) as server:
        server.redirects["/old"] = (301, "/feed")
        client().get(httpx.URL(f"{server.address}/old?key=s3cret"))
        client().get(httpx.URL(f"{server.address}/feed?key=s3cret"))
    assert "has moved" in caplog.text
    assert "s3cret" not in caplog.text
