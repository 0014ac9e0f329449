"""Bodies are read within limits of size and time, and unpacked only where they were asked for packed."""

from __future__ import annotations

import gzip
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import politeness
from connectors.bodies import Incomplete, TooLarge, Unusable, read_body
from connectors.errors import BadPayload, Unavailable
from connectors.http import PoliteTransport
from connectors.politeness import Politeness
from connectors.requests_session import polite_session
from tests.connectors.conftest import Clock
from tests.servers.platform import PlatformServer, Request, Response

Ask = Callable[[str, Politeness], bytes]


def ask_by_httpx(address: str, manners: Politeness) -> bytes:
    with httpx.Client(transport=PoliteTransport(manners, verify=False)) as client:
        return client.get(address).content


def ask_by_requests(address: str, manners: Politeness) -> bytes:
    return polite_session(manners).get(address).content


both = pytest.mark.parametrize("ask", [ask_by_httpx, ask_by_requests])


class Packed(PlatformServer):
    """Answers with `body`, and says that it is packed as `encoding`."""

    body, encoding = b"", ""

    def respond(self, request: Request) -> Response:
        return Response(200, self.body, {"Content-Encoding": self.encoding} if self.encoding else {})


def cut(packed: bytes, size: int) -> Iterator[bytes]:
    return (packed[first : first + size] for first in range(0, len(packed), size))


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(1, 50), st.integers(0, 3))
def test_what_is_packed_comes_out_however_it_arrives(texts: list[bytes], size: int, padding: int) -> None:
    """Several members are one body, in pieces of any size, and zeros after them are no part of it."""
    packed = b"".join(map(gzip.compress, texts)) + b"\0" * padding
    assert read_body(cut(packed, size), "GZIP", most_bytes=10_000) == b"".join(texts)
    assert read_body(cut(packed, size), "identity", most_bytes=10_000) == packed


@given(st.binary(min_size=1, max_size=300), st.data())
def test_what_is_packed_and_cut_off_is_no_answer(text: bytes, data: st.DataObject) -> None:
    """A part of a text is never taken for the whole."""
    packed = gzip.compress(text)
    end = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(Incomplete, match="ends in the middle"):
        read_body([packed[:end]], "gzip", most_bytes=10_000)
    assert read_body([packed, b"more, which is no gzip"], "gzip", most_bytes=10_000) == text


def test_a_small_body_cannot_fill_the_memory() -> None:
    """A hundred megabytes in one small piece: no more than the limit is ever unpacked."""
    packed = gzip.compress(b"\0" * 100_000_000, 1)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="larger than 1 MB"):
            read_body([packed], "gzip", most_bytes=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_members_of_nothing_are_counted_too() -> None:
    """Packed bytes that hold no text do not go on for ever."""
    with pytest.raises(TooLarge):
        read_body(iter(lambda: gzip.compress(b""), b""), "gzip", most_bytes=10_000)


@both
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip, gzip", gzip.compress(gzip.compress(b"{}"))),
        ("deflate", zlib.compress(b"{}")),
        ("zstd", b"\x28\xb5\x2f\xfd"),
        ("br", b"{}"),
    ],
    ids=["twice", "deflate", "zstd", "br"],
)
def test_what_was_not_asked_for_is_not_unpacked(clock: Clock, ask: Ask, encoding: str, body: bytes) -> None:
    """Only gzip is asked for, and once: everything else is told in one line that names it."""
    with Packed() as server:
        server.body, server.encoding = body, encoding
        with pytest.raises(BadPayload, match=f"not asked for .'{encoding}'"):
            ask(server.address, Politeness("news", clock=clock, sleep=clock.sleep))
        assert [request.headers["accept-encoding"] for request in server.log] == ["gzip"]


@both
def test_a_body_that_comes_slowly_is_not_waited_for(clock: Clock, ask: Ask) -> None:
    """An answer that is not here within its time is Unavailable after three attempts; one that is just in time is."""
    seconds = iter([0.0, 90.0, 100.0, 190.5, 200.0, 290.5, 300.0, 390.5])
    with Packed() as server:
        server.body = b"{}"
        manners = Politeness("news", clock=clock, sleep=clock.sleep, monotonic=lambda: next(seconds))
        assert ask(server.address, manners) == b"{}"
        with pytest.raises(Unavailable, match="was not here after 90 s"):
            ask(server.address, manners)
        assert len(server.log) == 4


@both
def test_bytes_are_looked_at_as_they_come(clock: Clock, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says one byte and no more is left when its time is over, not when a whole piece is here."""
    monkeypatch.setattr(politeness, "READ_SECONDS", 5)
    seconds = iter(range(0, 10_000, 91))
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            for _ in range(politeness.ATTEMPTS):
                connection, _ = server.accept()
                held.append(connection)
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n ")

        thread = threading.Thread(target=drip)
        thread.start()
        manners = Politeness("news", clock=clock, sleep=clock.sleep, monotonic=lambda: next(seconds))
        with pytest.raises(Unavailable, match="was not here after 90 s"):
            ask(f"http://127.0.0.1:{server.getsockname()[1]}", manners)
        thread.join()
        for connection in held:
            connection.close()


@both
def test_an_answer_without_a_body_needs_no_packing(clock: Clock, ask: Ask) -> None:
    """Some servers say gzip of nothing."""
    with Packed() as server:
        server.encoding = "gzip"
        assert ask(server.address, Politeness("news", clock=clock, sleep=clock.sleep)) == b""


def test_another_packing_is_refused_before_anything_is_read() -> None:
    """Not one piece is taken."""

    def pieces() -> Iterator[bytes]:
        raise AssertionError("read")
        yield b""

    with pytest.raises(Unusable):
        read_body(pieces(), "zstd", most_bytes=100)
