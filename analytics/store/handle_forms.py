"""How one handle may be written in Unicode: composed or decomposed, wide or narrow, in any case.

Author keys are made of a handle as its source writes it, in lower case, and stay as they are. So whoever looks for an
author asks for every form. Two forms are one handle only where platforms take them for one: canonically equivalent
(NFC, NFD: Unicode Standard Annex 15), of another East Asian width (Annex 11), or of another case of the same letters.
ß and ss, or 1 and ①, are two handles and may be two people.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

PREFIXES = ("", "@", "u/", "/u/")
PREFIX = re.compile(r"^(?:[@＠]|[/／]?[uｕ][/／])", re.IGNORECASE)


def _find_widths(tag: str) -> dict[int, str]:
    """Characters that Unicode calls another width of a usual one, with that usual one."""
    found = {}
    for point in (0x3000, *range(0xFF01, 0xFFEF)):
        kind, _, usual = unicodedata.decomposition(chr(point)).partition(" ")
        if kind == tag:
            found[point] = chr(int(usual, 16))
    return found


_WIDE, _NARROW = _find_widths("<wide>"), _find_widths("<narrow>")
_TO_USUAL = _WIDE | _NARROW
_TO_WIDE = {ord(usual): chr(point) for point, usual in _WIDE.items()}
_TO_NARROW = {ord(usual): chr(point) for point, usual in _NARROW.items()}


def bare(handle: str) -> str:
    """The handle without what people write before it."""
    return PREFIX.sub("", handle.strip())


def write_forms(handle: str) -> list[str]:
    """Every form of `handle` in lower case, with and without the prefixes that people write before it, sorted."""
    wholes = {handle.strip(), *(prefix + bare(handle) for prefix in PREFIXES)}
    return sorted({form for whole in wholes for form in write_plain_forms(whole)})


def write_plain_forms(handle: str) -> list[str]:
    """Every form of `handle` in lower case, without adding or taking away a prefix, sorted.

    Each form is of one kind from its beginning to its end. The host of name@host is also written as DNS has it.
    """
    usual = handle.translate(_TO_USUAL)
    written = {handle}
    for each in (usual, *_with_host_of_dns(usual)):
        for form in ("NFC", "NFD"):
            normal = unicodedata.normalize(form, each)
            written |= {normal, normal.translate(_TO_WIDE), normal.translate(_TO_NARROW)}
    normalised = {unicodedata.normalize(form, each) for form in ("NFC", "NFD") for each in written}
    return sorted({form for each in written | normalised for form in _lower(each)})


def _lower(handle: str) -> Iterator[str]:
    """In lower case as Python writes it, with each sigma as it stands inside a word, and as it stands at its end."""
    inside = handle.lower().replace("ς", "σ")
    yield handle.lower()
    yield inside
    yield inside.replace("σ", "Σ").lower()


def _with_host_of_dns(handle: str) -> set[str]:
    name, at, host = handle.rpartition("@")
    if not name:
        return set()
    found = set()
    for source, target in (("idna", "ascii"), ("ascii", "idna")):
        with suppress(UnicodeError):  # no name of a host
            found.add(name + at + host.encode(source).decode(target))
    return found
