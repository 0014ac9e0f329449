"""The next piece is made ready while the last one is used: a source is parsed while the store writes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def read_ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items in their order, each but the first made on another thread while the one before it is used.

    An error comes where it came. Whoever stops early waits for the item at hand, no further one is asked for.
    """
    with ThreadPoolExecutor(1, "reading ahead") as worker:
        coming = worker.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = worker.submit(next, items, None)
            yield item
