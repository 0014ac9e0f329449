"""Whether a PNG file is whole and small enough to be drawn, told from its parts without drawing it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

PNG_START = b"\x89PNG\r\n\x1a\n"
LARGEST_SIDE = 4_000  # pixels; a drawn picture takes four bytes for each
LARGEST_PROFILE = 4_000_000  # bytes of a colour profile once it is inflated; a small file may hold a huge one


def check_png(content: bytes) -> None:
    """Raises ValueError, how a line about the file goes on, where it is damaged, empty or too large to be drawn."""
    parts = list(_read_parts(content))
    if not parts or parts[-1][0] != b"IEND":
        raise ValueError("is damaged or cut off; save the PNG anew")
    kind, head = parts[0]
    if kind != b"IHDR" or len(head) != 13:
        raise ValueError("is damaged: it does not begin with its size; save the PNG anew")
    width, height = int.from_bytes(head[:4]), int.from_bytes(head[4:8])
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        most = f"{LARGEST_SIDE:,}"
        raise ValueError(f"has {width:,} by {height:,} pixels; a logo has 1 by 1 to {most} by {most}")
    for kind, body in parts:
        if kind == b"iCCP" and _inflates_too_far(body):
            raise ValueError("has a colour profile that is too large; save the PNG without one")


def _read_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kind and the body of each part, as long as each has the checksum that it says, up to the one that ends it."""
    at = len(PNG_START)
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        part, told = content[at + 4 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        if len(told) < 4 or zlib.crc32(part) != int.from_bytes(told):
            return
        yield part[:4], part[4:]
        if part.startswith(b"IEND"):
            return
        at += 12 + length


def _inflates_too_far(profile: bytes) -> bool:
    """Whether a colour profile is larger than it may be; one that cannot be inflated is passed over by all readers."""
    _, _, packed = profile.partition(b"\0")
    try:
        return len(zlib.decompressobj().decompress(packed[1:], LARGEST_PROFILE + 1)) > LARGEST_PROFILE
    except zlib.error:
        return False
