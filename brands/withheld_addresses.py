"""Addresses that stand where none belongs: they may hold a password, so no line about a fault repeats them."""

from __future__ import annotations

import re
from collections.abc import Iterator

WITHHELD = "(an address, not shown)"
ADDRESS_IN_QUERY = "it cannot be read, and it holds an address, so it is not shown; take the address out"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_WRITTEN = re.compile(r"(?<![A-Za-z0-9+.-])(?!https://host/path)[A-Za-z][A-Za-z0-9+.-]+:/[^\"]*")


def holds_address(value: object) -> bool:
    """Whether a value is a text with something like `scheme://…` in it; a path has lost one of the slashes."""
    return isinstance(value, str) and _ADDRESS.search(value) is not None


def find_addresses(values: object) -> list[str]:
    """The texts of a brand file, keys and values, that hold an address, the longest first."""
    return sorted({text for text in _walk(values) if holds_address(text)}, key=lambda text: (-len(text), text))


def withhold(problem: str, addresses: list[str]) -> str:
    """The line without those texts, and without what is left of one that was cut."""
    for address in addresses:
        problem = problem.replace(address, WITHHELD)
    return _WRITTEN.sub(WITHHELD, problem)


def _walk(values: object) -> Iterator[str]:
    left = [values]
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            left += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            left += value
