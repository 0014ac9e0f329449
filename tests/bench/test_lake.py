from __future__ import annotations

from pathlib import Path

import pytest

from analytics.store import Store
from analytics.store.saving import save_arrival
from tests.bench.lake import bring_at_once, count_faults
from tests.posts import arrival, posts


def test_rows_that_are_missing_or_there_twice_are_counted(tmp_path: Path) -> None:
    """Of posts and of mentions; a whole store has none."""
    store = Store(tmp_path / "a.duckdb")
    save_arrival(store, arrival(posts({"post_id": f"p{number}"} for number in range(3))))
    assert count_faults(store, 3) == (0, 0)
    with store.transaction() as connection:
        connection.execute("INSERT INTO mentions FROM mentions WHERE post_id = 'p1'")
        connection.execute("DELETE FROM posts WHERE post_id = 'p2'")
    assert count_faults(store, 3) == (1, 1)


@pytest.mark.long
def test_writers_bring_the_same_posts_and_some_of_their_own(tmp_path: Path) -> None:
    """Two with twenty each, ten of which are the same: thirty are to be there, in a file as in a lake."""
    found = bring_at_once(str(tmp_path / "a.duckdb"), 2, 20)
    assert (found.due, found.lost, found.doubled) == (30, 0, 0)
