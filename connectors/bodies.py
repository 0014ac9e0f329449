"""The body of an answer, read with limits: so many bytes, unpacked, and so many seconds for the whole of it.

What servers pack is unpacked here and not by the libraries, which unpack a whole piece before anyone can look at its
size: 3 kB packed twice hold gigabytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable

from connectors import politeness as manners

ACCEPTED = "gzip"  # the Accept-Encoding of every request; an answer may also come as it is
NAMES = ("gzip", "x-gzip")  # of the one way to pack that is asked for
PADDING = b"\0"


class Unusable(Exception):
    """A body that is refused; the message says why."""


class TooLarge(Unusable):
    """A body is larger than is read."""


class Incomplete(Exception):
    """A body that did not come whole, and may the next time; the message says why."""


def read_body(
    pieces: Iterable[bytes], encoding: str, *, most_bytes: int, elapsed: Callable[[], float] = lambda: 0.0
) -> bytes:
    """The whole body of the `pieces` that come, unpacked where `encoding` (the header Content-Encoding) says so.

    `elapsed`: seconds since the request was sent. Raises Unusable where the body is packed otherwise than was asked
    for, is broken, or is larger than `most_bytes`, before all of it is in memory; Incomplete where it ends in the
    middle, or takes longer than an answer may.
    """
    ways = [way for name in encoding.lower().split(",") if (way := name.strip()) not in ("", "identity")]
    if ways and (len(ways) > 1 or ways[0] not in NAMES):
        raise Unusable(f"the answer is packed in a way that was not asked for ({encoding[:40]!a})")
    body: _Plain | _Gzip = _Gzip(most_bytes) if ways else _Plain(most_bytes)
    arrived = 0
    for piece in pieces:
        arrived += len(piece)
        if arrived > most_bytes:  # also where a lot is packed into nothing
            raise _too_large(most_bytes)
        body.add(piece)
        if elapsed() > manners.ANSWER_SECONDS:
            raise Incomplete(f"the answer was not here after {manners.ANSWER_SECONDS:g} s")
    return body.finish()


def _too_large(most_bytes: int) -> TooLarge:
    return TooLarge(f"the answer is larger than {most_bytes / 1e6:g} MB: not read")


class _Plain:
    """A body as it is."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self.most_bytes:
            raise _too_large(self.most_bytes)
        self.parts.append(piece)

    def finish(self) -> bytes:
        return b"".join(self.parts)


class _Gzip(_Plain):
    """A body of gzip members one after the other; what follows the last one and is none is no part of it."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(most_bytes)
        self.member = _open_member()
        self.members = 0
        self.begun = self.ended = False

    def add(self, piece: bytes) -> None:
        rest = piece
        while rest and not self.ended:
            if self.member.eof:
                rest = rest.lstrip(PADDING)
                if not rest:
                    return
                self.member = _open_member()
            self.begun = True
            try:
                # One byte more than is allowed tells that there is more.
                unpacked = self.member.decompress(rest, self.most_bytes - self.size + 1)
            except zlib.error:
                if not self.members:
                    raise Unusable("the answer cannot be read: it is not packed as it says") from None
                self.ended = True
                return
            super().add(unpacked)
            self.members += self.member.eof
            rest = self.member.unused_data if self.member.eof else self.member.unconsumed_tail

    def finish(self) -> bytes:
        if self.begun and not self.member.eof and not self.ended:
            raise Incomplete("the answer ends in the middle")
        return super().finish()


def _open_member() -> zlib._Decompress:
    return zlib.decompressobj(zlib.MAX_WBITS | 16)
