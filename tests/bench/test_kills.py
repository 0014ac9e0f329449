from __future__ import annotations

from pathlib import Path

import pytest

from analytics.store.catalogue import views
from analytics.store.saving import Listener, save_arrival
from tests.bench.kill_checks import check, list_leftovers
from tests.bench.kill_stages import promise, promised, store_in
from tests.bench.kills import kill_many
from tests.bench.planted_faults import PLANTED
from tests.posts import arrival, posts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store of three posts, published, of which all is promised."""
    store = store_in(tmp_path)
    batch = posts({"post_id": f"p{number}", "text": "good"} for number in range(3))
    saved = arrival(batch, listeners=[Listener("acme", "1", "all")])
    save_arrival(store, saved)
    store.publish()
    for name in ("acknowledged", "published"):
        promise(tmp_path / name, ((saved.source, f"p{number}") for number in range(3)))
    return tmp_path


def test_a_whole_store_has_no_fault(folder: Path) -> None:
    """Nothing is found where nothing is wrong, and its contents are told."""
    found = check(folder)
    assert (found.lost, found.doubled, found.unreadable, found.different) == (0, 0, [], [])
    assert found.contents["posts of the store"] == found.contents["posts of the copy"]


def test_a_promised_post_that_is_gone_is_lost(folder: Path) -> None:
    """In the store alone, and with the whole store: that is not made anew by looking."""
    with store_in(folder).transaction() as connection:
        connection.execute("DELETE FROM posts WHERE post_id = 'p1'")
    assert check(folder).lost == 1
    store_in(folder).path.unlink()
    assert check(folder).lost == 3
    assert not store_in(folder).exists


def test_a_row_whose_key_another_has_is_doubled(folder: Path) -> None:
    """Mentions have no constraint that would keep them apart."""
    with store_in(folder).transaction() as connection:
        connection.execute("INSERT INTO mentions FROM mentions WHERE post_id = 'p1'")
    assert check(folder).doubled == 1


def test_half_a_copy_is_unreadable(folder: Path) -> None:
    """As one that was being written in place."""
    copy = store_in(folder).read_path
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 3])
    assert [told.partition(":")[0] for told in check(folder).unreadable] == ["the copy"]


def test_an_erased_post_that_is_there_and_a_wrong_view_are_told(folder: Path) -> None:
    """What was said to be erased may not be there, nor what was gathered of a post be another than it is."""
    promise(folder / "erased", promised(folder / "acknowledged"))
    with store_in(folder).transaction() as connection:
        connection.execute(views()["brand_posts_without_text"].sql.partition(" AS\n")[0] + " AS SELECT 1 AS brand")
    assert check(folder).different == [
        "erased posts are in the store",
        "brand_posts_without_text of the store is not what its definition gives",
    ]


def test_a_draft_of_a_killed_run_is_gone_after_the_next_publishing(folder: Path) -> None:
    """It is as large as the store, and holds what may be erased meanwhile."""
    (folder / ".a.read.duckdb.123.draft").write_bytes(b"half a copy")
    assert list_leftovers(folder) == [".a.read.duckdb.123.draft"]
    store_in(folder).publish()
    assert list_leftovers(folder) == []


@pytest.mark.long
def test_kills_lose_double_and_spoil_nothing() -> None:
    """Ten kills over all stages leave stores that are whole, and as undisturbed ones once the work is done again."""
    rows = list(kill_many(10, 1))
    assert sum(row.kills for row in rows) == 10
    assert [(row.name, row.told) for row in rows if row.faults] == []


@pytest.mark.long
def test_planted_faults_are_found() -> None:
    """Ten kills of stages with faults find some of these: the harness sees what it is for."""
    rows = list(kill_many(10, 1, planted=True))
    assert [row.name for row in rows] == list(PLANTED)
    assert sum(row.faults for row in rows) > 0
