"""Feeds are asked for sparingly, in bounds, and not where a redirect should not lead."""

from __future__ import annotations

import gzip
import logging
from datetime import datetime

import httpx
import pytest

from connectors import feed_requests, pinned_transport
from connectors.errors import AuthError, BadPayload, NotFound, Unavailable
from connectors.feed_requests import FeedClient
from connectors.pinned_transport import is_public, look_up
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
    assert headers["accept-encoding"] == "gzip"


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


def test_a_redirect_does_not_leave_encryption() -> None:
    """From https to http nothing is followed, the other way it is."""
    follow = client()._follow
    assert str(follow(httpx.URL("http://192.0.3.1/a"), "https://192.0.3.1/a")) == "https://192.0.3.1/a"
    with pytest.raises(BadPayload, match="not followed"):
        follow(httpx.URL("https://192.0.3.1/a"), "http://192.0.3.1/a")


class Names:
    """A name server in the hands of its owner: the answers for a name in turn, the last one for good."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: list[str]) -> None:
        self.answers = {name.replace("_", "."): found for name, found in answers.items()}
        self.asked: list[str] = []
        monkeypatch.setattr(pinned_transport, "look_up", self.look_up)

    def look_up(self, host: str) -> list[str]:
        self.asked.append(host)
        found = self.answers.get(host)
        if found is None:
            return look_up(host)
        return [found.pop(0) if len(found) > 1 else found[0]]


@pytest.fixture
def public_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.2 stands for a machine of the public internet, so that no test leaves this one."""
    monkeypatch.setattr(pinned_transport, "is_public", lambda address: address == "127.0.0.2" or is_public(address))


@pytest.mark.parametrize("inside", ["{server}", "http://[::1]/", "http://169.254.169.254/latest", "http://localhost/"])
def test_a_stranger_redirects_nobody_into_a_private_network(
    inside: str, public_loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent there; a feed that was declared in a private network may stay in it."""
    Names(monkeypatch, news_test=["127.0.0.2"])
    with FeedsServer({"/feed": FEED}, host="127.0.0.2") as news, FeedsServer({"/feed": FEED}) as private:
        news.redirects["/feed"] = (302, inside.format(server=private.feed_url("/feed")))
        with pytest.raises(BadPayload, match="private network"):
            client().get(httpx.URL(news.feed_url("/feed")).copy_with(host="news.test"))
        assert private.log == []
        private.redirects["/old"] = (302, private.feed_url("/feed").replace("127.0.0.1", "localhost"))
        assert client().get(address(private, "/old")).body


def test_the_address_that_was_checked_is_the_one_connected_to(
    public_loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that turns from a public address to a private one after it was looked at leads nowhere else."""
    names = Names(monkeypatch, evil_test=["127.0.0.2", "127.0.0.1"], start_test=["127.0.0.2", "127.0.0.1"])
    with FeedsServer({"/feed": FEED}, host="127.0.0.2") as public:
        port = httpx.URL(public.address).port
        public.redirects["/feed"] = (302, f"http://evil.test:{port}/a")
        public.redirects["/a"] = (302, f"http://evil.test:{port}/b")
        public.pages["/b"] = Response(200, b"from outside")
        asked = client()
        for _ in range(2):
            assert asked.get(httpx.URL(f"http://start.test:{port}/feed")).body == b"from outside"
        assert names.asked == ["start.test", "evil.test"]
        assert {request.headers["host"] for request in public.log} == {f"start.test:{port}", f"evil.test:{port}"}


def test_each_address_of_a_name_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """One family that cannot be reached does not make a feed unreachable."""
    monkeypatch.setattr(pinned_transport, "look_up", lambda host: ["127.0.0.3", "127.0.0.1"])
    with FeedsServer({"/feed": FEED}) as server:
        assert client().get(address(server).copy_with(host="news.test")).body


def test_a_name_without_an_address_is_told_after_three_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As any connection that fails."""
    clock = Clock()
    monkeypatch.setattr(pinned_transport, "look_up", lambda host: [])
    with pytest.raises(Unavailable, match="connection failed"):
        client(clock).get(httpx.URL("http://gone.test/feed"))
    assert len(clock.waits) == 2


PRIVATE = (
    *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
    *("fe80::1", "fe80::1%eth0", "::1", "::", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public_are_known(address: str) -> None:
    """Loopback, private, link-local and shared ones in both families, and those that are written as the other's."""
    assert not is_public(address)


def test_public_addresses_are_known() -> None:
    """In both families; what is no name has no address."""
    assert all(map(is_public, ("8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8")))
    assert look_up("x" * 300) == []
    assert look_up("[::1]") == ["::1"]


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
