"""Small batches are gathered, and nothing that they carry is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.batch import Asked, Batch, Coverage, Rejected, Window
from connectors.errors import Unavailable
from connectors.items import Item, Reader
from connectors.posts import no_posts
from flows import gathering
from flows.gathering import gathered

NOW = datetime(2023, 9, 1)


def batch(reader: Reader, first: int, count: int, cursor: str | None = None, cost: float = 0.0) -> Batch:
    items = [Item(str(n), NOW, "zoom", likes=n) for n in range(first, first + count)]
    made = reader.batch(items, Window())
    return Batch(
        made.posts, cursor, [Coverage(NOW, NOW, count)], [Asked(NOW, "zoom", NOW, NOW, count, cost_usd=cost)],
        made.metrics, rejected=[Rejected("x", first, "odd", "")], read=count + 1,
    )  # fmt: skip


def reader() -> Reader:
    return Reader("news", lambda source, handle: handle, NOW, None)


@given(
    shapes=st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.booleans()), max_size=12),
    enough=st.integers(1, 60),
)
def test_gathering_changes_nothing_but_the_number_of_batches(shapes: list[tuple[int, bool, bool]], enough: int) -> None:
    """Posts in order, counts, coverage, ledger, metrics and every cursor are those of the batches that came."""
    given_reader, first, batches = reader(), 0, []
    for count, with_cursor, paid in shapes:
        batches.append(batch(given_reader, first, count, f"c{first}" if with_cursor else None, float(paid)))
        first += count
    merged = list(gathered(iter(batches), enough))

    def ids(some: list[Batch]) -> list[str]:
        return [post for each in some for post in each.posts.column("post_id").to_pylist()]

    def metrics(some: list[Batch]) -> list[int]:
        return [like for each in some if each.metrics for like in each.metrics.column("likes").to_pylist()]

    assert ids(merged) == ids(batches)
    assert metrics(merged) == metrics(batches)
    assert sum(each.read for each in merged) == sum(each.read for each in batches)
    for name in ("coverage", "asked", "rejected"):
        flat = [[row for each in some for row in getattr(each, name)] for some in (merged, batches)]
        assert flat[0] == flat[1]
    assert [each.cursor for each in merged if each.cursor] == [each.cursor for each in batches if each.cursor]


def test_what_was_paid_for_is_handed_on_at_once() -> None:
    """A crash after a paid page must not forget that it was paid for."""
    given_reader = reader()
    batches = iter([batch(given_reader, 0, 5), batch(given_reader, 5, 5, cost=0.5), batch(given_reader, 10, 5)])
    source = gathered(batches)
    assert next(source).read == 12
    assert next(batches).posts.num_rows == 5


def test_an_error_comes_after_everything_before_it() -> None:
    """What came before a fault is handed on, then the fault."""

    def failing() -> Iterator[Batch]:
        yield batch(reader(), 0, 3)
        raise Unavailable("news", "there", "HTTP 500")

    source = gathered(failing())
    assert next(source).posts.num_rows == 3
    with pytest.raises(Unavailable):
        next(source)
    assert next(gathered(iter([Batch(no_posts(), "c")]))).cursor == "c"


def test_long_posts_are_handed_on_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch ends by its bytes where it has few posts."""
    monkeypatch.setattr(gathering, "MOST_BYTES", 1)
    given_reader = reader()
    batches = [batch(given_reader, 0, 2), batch(given_reader, 2, 2)]
    assert [each.read for each in gathered(iter(batches), 1_000)] == [3, 3]
