"""A file is read ahead without changing what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, current_thread

import pytest

from flows.reading_ahead import read_ahead


def test_the_next_item_is_made_while_one_is_used() -> None:
    """While the first is still held the second comes to be, on another thread; their order stays."""
    second_made = Event()
    threads = []

    def items() -> Iterator[int]:
        yield 1
        threads.append(current_thread())
        second_made.set()
        yield 2

    ahead = read_ahead(items())
    assert next(ahead) == 1
    assert second_made.wait(60)
    assert threads != [current_thread()]
    assert list(ahead) == [2]


def test_an_error_comes_after_what_came_before_it() -> None:
    """Whatever was read before the fault is handed on first."""

    def items() -> Iterator[int]:
        yield 1
        raise ValueError("line 7")

    ahead = read_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="line 7"):
        next(ahead)


def test_who_stops_early_leaves_no_thread_behind() -> None:
    """A store that fails ends the reading with it: at most one more item is made."""
    made = []

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    ahead = read_ahead(items())
    next(ahead)
    ahead.close()  # type: ignore[attr-defined]
    assert made in ([0, 1], [0])
