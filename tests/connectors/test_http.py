"""Requests are retried in one place, with the clock in the hand of the test."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from datetime import datetime

import pytest

from connectors import politeness
from connectors.errors import AuthError, BadInput, BadPayload, NotFound, RateLimited, Unavailable
from connectors.http import JsonClient
from connectors.politeness import LONGEST_WAIT
from tests.connectors.conftest import Clock
from tests.servers.algolia import AlgoliaServer, Fault, story


@pytest.fixture(autouse=True)
def short_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(politeness, "READ_SECONDS", 0.2)


@pytest.fixture
def server() -> Iterator[AlgoliaServer]:
    with AlgoliaServer([story(1, 1_691_280_000, "zoom")]) as running:
        yield running


def ask(server: AlgoliaServer, clock: Clock) -> dict[str, object]:
    client = JsonClient("news", server.url, clock=clock, sleep=clock.sleep)
    try:
        return client.get("search_by_date", {"query": "zoom", "token": "s3cret"})
    finally:
        client.close()


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (Fault(status=429, headers={"Retry-After": "7"}), [7.0, 7.0]),
        (Fault(status=429, headers={"Retry-After": "0"}), [1.0, 1.0]),
        (Fault(status=429), [5.0, 25.0]),
        (Fault(status=429, headers={"Retry-After": "soon"}), [5.0, 25.0]),
        (Fault(status=503, headers={"Retry-After": "9"}), [9.0, 9.0]),
        (Fault(status=500), [1.0, 5.0]),
        (Fault(status=502), [1.0, 5.0]),
        (Fault("hang"), [1.0, 5.0]),
        (Fault("reset"), [1.0, 5.0]),
        (Fault("cut"), [1.0, 5.0]),
    ],
)
def test_passing_faults_are_tried_three_times(
    server: AlgoliaServer, clock: Clock, caplog: pytest.LogCaptureFixture, fault: Fault, waits: list[float]
) -> None:
    """Two faults are survived, three are told; it waits as long as the server asks and says in the log why."""
    caplog.set_level(logging.WARNING, logger="connectors")
    server.faults.extend([fault, fault])
    assert ask(server, clock)["nbHits"] == 1
    assert clock.waits == waits
    assert caplog.text.count("waiting") == 2

    server.log.clear()
    server.faults.extend([fault] * 3)
    with pytest.raises((RateLimited, Unavailable), match="news: "):
        ask(server, clock)
    assert len(server.requests) == 3


def test_a_date_in_retry_after_is_understood(server: AlgoliaServer, clock: Clock) -> None:
    """Retry-After may be an HTTP date."""
    server.faults.append(Fault(status=429, headers={"Retry-After": "Fri, 01 Sep 2023 12:00:42 GMT"}))
    ask(server, clock)
    assert clock.waits == [42.0]


def test_a_long_wait_is_left_to_the_next_run(server: AlgoliaServer, clock: Clock) -> None:
    """A server that asks for an hour is not asked again now, and the error says when it may be."""
    server.faults.append(Fault(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(RateLimited) as caught:
        ask(server, clock)
    assert caught.value.retry_at == datetime(2023, 9, 1, 13)
    assert clock.waits == []
    assert LONGEST_WAIT < 3600


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=401), AuthError),
        (Fault(status=403), AuthError),
        (Fault(status=400), BadPayload),
        (Fault(status=404), NotFound),
        (Fault("html"), BadPayload),
        (Fault("broken_json"), BadPayload),
        (Fault("not_an_object"), BadPayload),
    ],
)
def test_what_waiting_does_not_mend_is_not_retried(
    server: AlgoliaServer, clock: Clock, fault: Fault, error: type[Exception]
) -> None:
    """Refusals and unreadable answers are told at once."""
    server.faults.append(fault)
    with pytest.raises(error):
        ask(server, clock)
    assert len(server.requests) == 1
    assert clock.waits == []


def test_nobody_there_is_unavailable(clock: Clock) -> None:
    """A port without a server, and a name without an address, are told with the place."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        client = JsonClient("news", f"http://127.0.0.1:{free.getsockname()[1]}/x", clock=clock, sleep=clock.sleep)
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1"):
            client.get("search", {})


def test_no_error_and_no_log_tells_the_query(
    server: AlgoliaServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """A query may hold a token: neither the error nor our log names more than scheme, host and path."""
    caplog.set_level(logging.DEBUG, logger="connectors")
    server.faults.extend([Fault(status=429)] * 3)
    with pytest.raises(RateLimited) as caught:
        ask(server, clock)
    assert "s3cret" not in f"{caught.value!r} {caught.value} {caplog.text}"
    assert caught.value.where == f"{server.url}/search_by_date"
    assert "\n" not in str(caught.value)


def test_it_says_who_asks(server: AlgoliaServer, clock: Clock) -> None:
    """The user agent names the program."""
    ask(server, clock)
    assert server.log[0].headers["user-agent"].startswith("brandtrust/")


@pytest.mark.parametrize("url", ["", "news", "ftp://example.org", "https://name:s3cret@example.org", "http://x:port"])
def test_an_address_that_cannot_be_used_is_told(url: str) -> None:
    """No address, another scheme or a password inside is the user's to mend; the password is not repeated."""
    with pytest.raises(BadInput) as caught:
        JsonClient("news", url)
    assert "s3cret" not in str(caught.value)
