from __future__ import annotations

import multiprocessing
import os
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.store import Store, StoreBusy, StoreUnusable, file_rewriting
from analytics.store.compaction import compact, compaction_due
from analytics.store.purging import purge_posts
from analytics.store.saving import save_arrival
from tests.posts import arrival, posts
from tests.traces import found_in_bytes, found_in_tables

POSTS = 3_000
GONE = {str(number): "deleted" for number in range(0, POSTS, 10)}
FILES = ["a.duckdb", "a.duckdb.lock", "a.key", "a.read.duckdb"]


def text(number: int | str) -> str:
    return f"words-of-post-{number}-and-no-other"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A published store out of which posts were purged, and not compacted yet."""
    made = Store(tmp_path / "a.duckdb")
    keyed = [
        {"text": text(number), "author_key": made.author_keys.key("forum", str(number))} for number in range(POSTS)
    ]
    save_arrival(made, arrival(posts(keyed)))
    made.publish()
    purge_posts(made, "forum", GONE, "run1")
    return made


def contents(path: Path) -> list[Any]:
    """Tables with their definitions, keys and rows, views, and the format of the file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("SELECT table_name, sql FROM duckdb_tables() ORDER BY ALL").fetchall()
        return [
            tables,
            connection.execute("SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL").fetchall(),
            connection.execute(
                "SELECT table_name, constraint_type, constraint_column_names FROM duckdb_constraints() ORDER BY ALL"
            ).fetchall(),
            connection.execute("SELECT tags FROM duckdb_databases() WHERE NOT internal").fetchall(),
            [
                connection.execute(f'SELECT * FROM "{table}" ORDER BY ALL').fetchall()
                for table, _ in tables
                if table != "store_settings"
            ],
        ]


def traces(store: Store) -> set[str]:
    """The texts and author keys of purged posts that stand in any file beside the store."""
    needles = [needle for n in GONE for needle in (text(n), store.author_keys.key("forum", n))]
    return found_in_bytes(store.path.parent, needles)


def test_deleted_bytes_are_gone_from_store_and_copy(store: Store) -> None:
    """Before there are traces of nearly every purged post, after there is none; what is alive is still found."""
    assert len(traces(store)) > len(GONE)
    compact(store)
    assert traces(store) == set()
    for path in (store.path, store.read_path):
        assert found_in_tables(path, [text(number) for number in GONE]) == set()
        assert found_in_bytes(path.parent, [text(number) for number in range(1, POSTS, 10)])
    assert not compaction_due(store)
    assert sorted(each.name for each in store.path.parent.iterdir()) == FILES


def test_everything_else_is_as_it_was(store: Store) -> None:
    """Tables, keys, views, format and every row; and the store can be written as before."""
    with store.writer() as connection:
        connection.execute("CHECKPOINT")
    before = contents(store.path)
    assert "1.5" in str(before[3])
    compact(store)
    assert contents(store.path) == before
    with store.writer() as connection, pytest.raises(duckdb.ConstraintException):
        connection.execute("INSERT INTO runs SELECT 'r', 'b', 'c', now(), NULL, '', '' FROM range(2)")
    assert save_arrival(store, arrival(posts([{"post_id": "0"}, {"post_id": "new"}]))).withheld == 1


def test_nothing_is_due_before_a_purge(tmp_path: Path) -> None:
    """A store that lost nothing is not rewritten; a purge of nothing that is stored leaves it so."""
    store = Store(tmp_path / "a.duckdb")
    save_arrival(store, arrival(posts([{}])))
    purge_posts(store, "forum", {"other": "deleted"}, "run1")
    assert not compaction_due(store)


def test_readers_keep_their_copy_meanwhile(store: Store) -> None:
    """Whoever has the published copy open goes on with it; the next reader sees the new one."""
    with store.reader() as early:
        compact(store)
        assert early.execute("SELECT count(*) FROM posts").fetchall() == [(POSTS,)]
    with store.reader() as late:
        assert late.execute("SELECT count(*) FROM posts").fetchall() == [(POSTS - len(GONE),)]


def test_too_little_room_is_told_and_nothing_is_touched(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line with both numbers; compaction stays due."""
    before = store.path.read_bytes()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 5_000_000))
    with pytest.raises(StoreUnusable, match=r"MB must be free .* 5 MB are") as refusal:
        compact(store)
    assert "\n" not in str(refusal.value)
    assert store.path.read_bytes() == before
    assert compaction_due(store)


def test_leftovers_of_killed_runs_are_removed(store: Store) -> None:
    """Drafts of the copy and of the rewritten file, and what DuckDB wrote aside; a user's own files stay."""
    folder = store.path.parent
    for name in (".a.read.duckdb.123.draft", ".a.duckdb.123.rewritten", ".a.duckdb.123.rewritten.wal"):
        (folder / name).write_bytes(text(0).encode())
    (folder / "a.duckdb.tmp").mkdir()
    (folder / "a.duckdb.tmp" / "spilt").write_bytes(text(0).encode())
    (folder / ".a.duckdb.notes.txt").write_text("mine")
    compact(store)
    assert sorted(each.name for each in folder.iterdir()) == [".a.duckdb.notes.txt", *FILES]


def killed_at(moment: str, path: str) -> None:
    """Compact in a process of its own that ends at once, before or after a step, as by a kill."""
    module, name, when = moment.split()
    holder: Any = file_rewriting if module == "file_rewriting" else Store
    step = getattr(holder, name)

    def end(*arguments: Any, **named: Any) -> None:
        if when == "after":
            step(*arguments, **named)
        os._exit(9)

    setattr(holder, name, end)
    compact(Store(path))


@pytest.mark.parametrize(
    "moment",
    [
        "file_rewriting _rewrite before", "file_rewriting _rewrite after", "file_rewriting _replace before",
        "file_rewriting _replace after", "store publish before", "store publish after",
    ],
)  # fmt: skip
def test_a_kill_at_any_point_loses_nothing_and_is_made_good(store: Store, moment: str) -> None:
    """The store opens whole, says that compaction is due, and the next one leaves neither traces nor drafts."""
    process = multiprocessing.get_context("spawn").Process(target=killed_at, args=(moment, str(store.path)))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert compaction_due(store)
    with store.writer() as connection:
        assert connection.execute("SELECT count(*) FROM posts").fetchall() == [(POSTS - len(GONE),)]
    compact(store)
    assert traces(store) == set()
    assert not compaction_due(store)
    assert sorted(each.name for each in store.path.parent.iterdir()) == FILES


def test_behind_a_link_nothing_stays(tmp_path: Path) -> None:
    """The file that the link leads to is the one that is rewritten, and its copy likewise; the links stay links."""
    for folder in ("disk", "copies", "work"):
        (tmp_path / folder).mkdir()
    real, link = tmp_path / "disk" / "big.duckdb", tmp_path / "work" / "a.duckdb"
    link.symlink_to(real)
    (copy_link := tmp_path / "disk" / "big.read.duckdb").symlink_to(tmp_path / "copies" / "copy.duckdb")
    store = Store(link)
    save_arrival(store, arrival(posts([{"text": text(0)}, {"text": text(1)}])))
    store.publish()
    assert found_in_bytes(tmp_path, [text(0)]) == {text(0)}
    purge_posts(store, "forum", {"0": "deleted"}, "run1")
    compact(store)
    assert found_in_bytes(tmp_path, [text(0), text(1)]) == {text(1)}
    assert link.is_symlink()
    assert copy_link.is_symlink()
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["a.duckdb"]


def test_a_link_and_what_it_leads_to_are_one_store(tmp_path: Path) -> None:
    """Whoever writes by one name keeps out who comes by the other, and a key beside the link is still found."""
    (tmp_path / "disk").mkdir()
    real, link = Store(tmp_path / "disk" / "big.duckdb", lock_seconds=0), tmp_path / "a.duckdb"
    link.symlink_to(real.path)
    linked = Store(link)
    assert (linked.path, linked.read_path) == (real.path, real.read_path)
    with linked.locked(), pytest.raises(StoreBusy), real.locked():
        pass
    (tmp_path / "a.key").write_text("ab" * 32)
    (tmp_path / "a.key").chmod(0o600)
    assert linked.key_path == tmp_path / "a.key"
    (loop := tmp_path / "loop.duckdb").symlink_to(loop)
    with pytest.raises(StoreUnusable, match=r"loop\.duckdb: .* --store$"):
        Store(loop)
