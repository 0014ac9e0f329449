"""Libraries that bring a requests session: nothing of a stranger's server, nothing too large, nobody's netrc."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import requests

from connectors import politeness
from connectors.errors import BadPayload
from connectors.politeness import Politeness
from connectors.requests_session import polite_session
from tests.connectors.conftest import Clock
from tests.servers.platform import PlatformServer, Request, Response


class Anything(PlatformServer):
    """Answers everything with `answer`."""

    answer = Response(200, {})

    def respond(self, request: Request) -> Response:
        return self.answer


def session(clock: Clock) -> requests.Session:
    return polite_session(Politeness("news", clock=clock, sleep=clock.sleep))


def test_a_redirect_to_another_server_is_not_followed(clock: Clock) -> None:
    """The other server is not asked; within the same server a redirect is followed."""
    with Anything() as server, Anything() as stranger:
        server.answer = Response(302, {}, {"Location": f"{stranger.address}/x"})
        with pytest.raises(BadPayload, match="leads to another server"):
            session(clock).get(f"{server.address}/a")
        assert not stranger.log
        server.answer = Response(302, {}, {"Location": "/a"})
        with pytest.raises(requests.TooManyRedirects):
            session(clock).get(f"{server.address}/a")


def test_an_answer_that_unpacks_to_too_much_is_refused(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small packed body may hold far more than fits into memory."""
    monkeypatch.setattr(politeness, "MOST_BYTES", 100_000)
    with Anything() as server:
        server.answer = Response(200, gzip.compress(b" " * 50_000), {"Content-Encoding": "gzip"})
        assert len(session(clock).get(server.address).content) == 50_000
        server.answer = Response(200, gzip.compress(b" " * 5_000_000), {"Content-Encoding": "gzip"})
        with pytest.raises(BadPayload, match="is larger than"):
            session(clock).get(server.address)


def test_a_netrc_does_not_take_the_place_of_a_token(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a library sends as Authorization arrives, whatever ~/.netrc says of the host."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password other\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with Anything() as server:
        session(clock).get(server.address, headers={"Authorization": "Bearer token"})
        assert server.log[0].headers["Authorization"] == "Bearer token"
