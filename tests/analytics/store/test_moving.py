"""Moving a store into another of either kind: everything comes along, or nothing is touched."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import stat
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.store import KeyMismatch, Store, StoreBusy, StoreUnusable, duckdb_file, migrating, moving, read
from analytics.store.catalogue import views
from analytics.store.forgetting import forget_author
from analytics.store.gathering import is_in_force
from analytics.store.migrating import migrate, migrations
from analytics.store.moving import move
from analytics.store.purging import purge_posts
from analytics.store.saving import save_arrival
from tests.lakes import Lakes
from tests.posts import arrival, posts
from tests.stores import NewStore, write_key

NOT_OF_CONTENTS = {"store_settings": "WHERE name <> 'published_at'"}
VALUES = {  # of each type a value that is easily lost on the way
    "VARCHAR": "'it''s \"é\" 🙂' || chr(10) || chr(9) || ' end '",
    "TIMESTAMP": "TIMESTAMP '2023-08-06 23:59:59.999999'",
    "DATE": "DATE '0001-01-01'",
    "DOUBLE": "0.1::DOUBLE + 0.2::DOUBLE",
    "BIGINT": "9223372036854775807",
    "UBIGINT": "18446744073709551615",
    "INTEGER": "-2147483648",
    "BOOLEAN": "true",
    "VARCHAR[]": "['', 'a,b', '''']",
    "DOUBLE[]": "[0.1, 'NaN'::DOUBLE, '-Infinity'::DOUBLE]",
    "UBIGINT[]": "[18446744073709551615, 0]",
}


@pytest.fixture
def target(new_store: NewStore) -> Store:
    """Where there is no store yet, of each kind."""
    return new_store("new", made=False)


@pytest.fixture
def source(tmp_path: Path) -> Store:
    """A file with three posts of two authors."""
    store = Store(tmp_path / "old" / "a.duckdb")
    write_key(store)
    key = store.author_keys.key
    save_arrival(store, arrival(posts([{"author_key": key("forum", who)} for who in ("ann", "bob", "bob")])))
    return store


def fill(store: Store) -> None:
    """Put a row into each table that has none, with values that are easily lost on the way."""
    with store.transaction() as connection:
        assert is_in_force(connection)  # so that publishing gathers nothing of these
        for table in moving._list_tables(connection):
            if not connection.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchall():
                columns = moving._list_columns(connection, table)
                connection.execute(
                    f'INSERT INTO "{table}" SELECT {", ".join(VALUES[each] for each in columns.values())}'
                )


def contents(store: Store) -> dict[str, list[int]]:
    """A hash of every row of every table, in order. When the store was published is left out."""
    with store.writer() as connection:
        return {
            table: connection.execute(f"SELECT hash(t) AS hash FROM {table} AS t {NOT_OF_CONTENTS.get(table, '')}")
            .fetchnumpy()["hash"]
            .tolist()
            for table in moving._list_tables(connection)
            if table not in moving.OF_EVERY_STORE
        }


@pytest.fixture
def whole_store(demo_store: Store, tmp_path: Path) -> Store:
    """The demo's store after a whole run, with a row in every table."""
    shutil.copytree(demo_store.folder, tmp_path / "demo")
    store = Store(tmp_path / "demo" / "brandtrust.duckdb")
    fill(store)
    return store


def test_every_table_comes_along_and_back(whole_store: Store, target: Store) -> None:
    """Into a store of each kind and from there into a file: each table the same, row by row and in its order."""
    first = contents(whole_store)
    assert len(first) > 50
    assert all(first.values())
    moved = move(whole_store, target)
    assert moved.rows >= sum(map(len, first.values()))
    assert moved.posts == len(first["posts"])
    back = Store(whole_store.folder / "back.duckdb")
    move(target, back)
    assert contents(back) == first
    assert contents(whole_store) == first
    on_the_way = contents(target)
    differ = {table for table in first if on_the_way[table] != first[table]}
    assert differ == set(moving.WITH_PATHS)


def test_many_rows_keep_their_order(source: Store, target: Store) -> None:
    """More than one thread would write at once: what came at one time stays together."""
    with source.transaction() as connection:
        connection.execute(
            "INSERT INTO purges SELECT 'run', 'forum', 'gone', 1, make_timestamp(i) FROM range(400000) r(i)"
        )
    move(source, target)
    assert contents(target)["purges"] == contents(source)["purges"]


def test_what_analysts_ask_is_answered_alike(demo_store: Store, target: Store) -> None:
    """Every view, row for row, and what was gathered is in force at once."""
    move(demo_store, target)
    for name in views():
        before, after = (read(name, store=each.url).drop(columns="published_at", errors="ignore")
                         for each in (demo_store, target))  # fmt: skip
        pd.testing.assert_frame_equal(before, after, rtol=1e-9, atol=1e-12, obj=name)
    with target.writer() as connection:
        assert is_in_force(connection)
        (definition,) = connection.execute(
            "SELECT sql FROM duckdb_views() WHERE view_name = 'brand_posts_without_text' "
            "AND database_name = current_database()"
        ).fetchall()
    assert "gathered_posts" in definition[0]


def test_reports_are_found_where_they_lie(demo_store: Store, target: Store) -> None:
    """Each is kept by a path relative to the old store; from the new one it leads to the same file."""
    move(demo_store, target)
    with target.writer() as connection:
        for table in moving.WITH_PATHS:
            paths = connection.execute(f"SELECT DISTINCT path FROM {table}").fetchall()
            assert paths
            assert all((target.folder / path).is_file() for (path,) in paths)


def test_who_is_gone_stays_away_and_nothing_comes_twice(source: Store, target: Store) -> None:
    """The next run on the new store knows which posts are there, which were deleted and who was forgotten."""
    purge_posts(source, "forum", {"0": "deleted"}, "run1")
    forget_author(source, "bob", "run1")
    move(source, target)
    key = target.author_keys.key
    again = [{"post_id": "0"}, {"post_id": "7", "author_key": key("forum", "Bob")}, {"post_id": "8"}]
    for expected in ((1, 2), (0, 2)):
        saved = save_arrival(target, arrival(posts(again)))
        assert (saved.new, saved.withheld) == expected
    with source.writer() as connection:
        assert connection.execute("SELECT count(*) FROM posts").fetchall() == [(0,)]


def test_the_old_store_is_left_as_it_was(source: Store, target: Store) -> None:
    """Not a byte of it, of its key or of its published copy is another."""
    source.publish()
    before = bytes_of(source.folder)
    move(source, target)
    assert bytes_of(source.folder) == before


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_store_that_is_not_empty_is_refused(source: Store, new_store: NewStore) -> None:
    """It is left as it is; one that was made and never used is taken."""
    other = new_store("other")
    save_arrival(other, arrival(posts([{"post_id": "of another"}])))
    before = contents(other)
    with pytest.raises(StoreUnusable, match=r"is not empty, its table \w+ has rows, and is left as it is"):
        move(source, other)
    assert contents(other) == before
    made = new_store("made")
    with made.writer():
        pass
    made.publish()
    assert move(source, made).posts == 3


@pytest.mark.parametrize(
    "spelling", ["a.duckdb", "../old/a.duckdb", "link.duckdb", "hard.duckdb", "../elsewhere/a.duckdb"]
)
def test_a_store_is_not_moved_into_itself(source: Store, spelling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whatever path: relative, through a link to the file or to its folder."""
    monkeypatch.chdir(source.folder)
    Path("link.duckdb").symlink_to("a.duckdb")
    Path("hard.duckdb").hardlink_to("a.duckdb")
    Path("../elsewhere").symlink_to("old")
    before = bytes_of(source.folder)
    with pytest.raises(StoreUnusable, match="is the store itself"):
        move(source, Store(spelling))
    assert bytes_of(source.folder) == before


@pytest.mark.long
def test_a_lake_is_not_moved_into_itself(lakes: Lakes, tmp_path: Path) -> None:
    """By whatever URL of its database, and into no other database with its folder, where one would empty the other."""
    store = Store(lakes.new_store(tmp_path / "data"))
    save_arrival(store, arrival(posts([{}])))
    (tmp_path / "link").symlink_to("data")
    for other in (
        store.url + "&application_name=x",
        store.url.replace("postgresql://", "postgres://"),
        store.url.replace("/data", "/link"),
        store.url.replace("/data", "/elsewhere"),
        lakes.url(lakes.new_database(), folder=tmp_path / "link"),
    ):
        with pytest.raises(StoreUnusable, match="is the store itself"):
            move(store, Store(other, lock_seconds=0.1))
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.long
def test_a_lake_is_moved_into_another(source: Store, lakes: Lakes, tmp_path: Path) -> None:
    """Such as one on another server; and a lake that is open otherwise keeps nobody out."""
    first, second = (Store(lakes.url(lakes.new_database(), folder=tmp_path / name)) for name in ("one", "two"))
    move(source, first)
    first.publish()
    with first.reader():
        assert move(first, second).posts == 3
    assert contents(second) == contents(first)
    assert len(save_and_read(second)) == 4
    assert len(save_and_read(first)) == 4


def save_and_read(store: Store) -> list[tuple[str]]:
    """One more post, and what is published then."""
    save_arrival(store, arrival(posts([{"post_id": "one more"}])))
    store.publish()
    with store.reader() as connection:
        return connection.execute("SELECT post_id FROM posts").fetchall()


def test_a_store_of_an_earlier_release_is_brought_to_this_one(
    target: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is read."""
    path = tmp_path / "old.duckdb"
    with duckdb_file.connected(path) as connection:
        monkeypatch.setattr(migrating, "_define_views", lambda _: None)  # those of this release need its tables
        migrate(connection, path, steps=lambda: migrations()[:14])
        monkeypatch.undo()
        connection.execute(
            "INSERT INTO posts (source, post_id, created_at, collected_at, kind, text, truncated) "
            "VALUES ('forum', 'a', '2023-01-01', '2023-01-01', 'post', 'hello', false)"
        )
    source = Store(path)
    assert move(source, target).posts == 1
    assert contents(target)["posts"] == contents(source)["posts"]


def test_what_is_no_store_is_refused(source: Store, tmp_path: Path) -> None:
    """Neither moved from nor into: nothing is made, nothing is touched."""
    import duckdb

    with pytest.raises(StoreUnusable, match="there is no store to move"):
        move(Store(tmp_path / "none.duckdb"), Store(tmp_path / "new" / "b.duckdb"))
    assert not (tmp_path / "new").exists()
    with duckdb.connect(str(tmp_path / "sales.duckdb")) as connection:
        connection.execute("CREATE TABLE sales AS SELECT 1 AS amount")
    (tmp_path / "notes.duckdb").write_text("by hand, and long enough")
    for name in ("sales", "notes"):
        before = (tmp_path / f"{name}.duckdb").read_bytes()
        with pytest.raises(StoreUnusable, match="choose another --store"):
            move(source, Store(tmp_path / f"{name}.duckdb"))
        assert (tmp_path / f"{name}.duckdb").read_bytes() == before
    assert not list(tmp_path.glob("*.key"))


def test_a_table_of_somebody_else_is_not_left_behind_in_silence(source: Store, target: Store) -> None:
    """It is named, and nothing is moved."""
    with source.writer() as connection:
        connection.execute("CREATE TABLE my_notes AS SELECT 1 AS note")
    with pytest.raises(StoreUnusable, match="my_notes is not of this release, and nothing was moved"):
        move(source, target)
    with source.writer() as connection:
        connection.execute("DROP TABLE my_notes")
    assert move(source, target).posts == 3


def test_a_run_that_writes_is_waited_for(source: Store, target: Store) -> None:
    """Into the old store and into the new one."""
    for each in (source, target):
        with each.locked(), pytest.raises(StoreBusy, match="another run has been writing"):
            move(Store(source.url, lock_seconds=0.1), Store(target.url, lock_seconds=0.1))
    assert move(source, target).posts == 3


def _move_until(moment: str, source: str, target: str) -> None:
    """Move in a process of its own that is killed after half of the tables, or when all are there."""

    def end(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def end_half_way(connection: Any, table: str, database: str = "") -> dict[str, str]:
        return end() if table == "posts" else columns(connection, table, database)  # type: ignore[return-value]

    columns = moving._list_columns
    if moment == "half way":
        moving._list_columns = end_half_way
    else:
        moving.Moved = end  # type: ignore[assignment,misc]
    move(Store(source), Store(target))


@pytest.mark.parametrize("moment", ["half way", "before the commit"])
def test_after_a_kill_it_can_be_moved_again(source: Store, target: Store, moment: str) -> None:
    """Nothing of what was begun is there, and nothing of it is left once all has come."""
    first = contents(source)
    process = multiprocessing.get_context("spawn").Process(target=_move_until, args=(moment, source.url, target.url))
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL
    assert contents(target)["posts"] == []
    move(source, target)
    assert contents(target)["posts"] == first["posts"]
    with target.reader() as connection:
        named = {path for path in target.readable_files(connection) if path.parent.name in ("mentions", "posts")}
        there = {path for table in ("mentions", "posts") for path in target.folder.rglob(f"{table}/*.parquet")}
        assert there == named
    assert not list(target.folder.glob(".*"))


def test_a_row_that_came_out_otherwise_undoes_all(
    source: Store, target: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there is held against what was, row by row, before it is kept."""
    ask = moving.first_row

    def spoil(connection: Any, sql: str, values: Any = None) -> Any:
        if sql.endswith('FROM "posts"'):
            connection.execute("UPDATE posts SET text = 'bye' WHERE post_id = '1'")
        return ask(connection, sql, values)

    monkeypatch.setattr(moving, "first_row", spoil)
    with pytest.raises(StoreUnusable, match="its table posts came out otherwise"):
        move(source, target)
    monkeypatch.undo()
    assert contents(target)["posts"] == []
    assert move(source, target).posts == 3


def test_the_key_is_copied_and_stays_closed(source: Store, target: Store) -> None:
    """For its owner only; the new store takes it for its own."""
    moved = move(source, target)
    assert moved.key == target.key_path
    assert stat.S_IMODE(target.key_path.stat().st_mode) == 0o600
    assert target.author_keys == source.author_keys


def test_the_same_key_may_be_there_already(
    source: Store, target: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a killed move, or where BRANDTRUST_KEY_FILE names one for both."""
    shutil.copy2(source.key_path, tmp_path / "shared.key")
    monkeypatch.setenv("BRANDTRUST_KEY_FILE", str(tmp_path / "shared.key"))
    assert move(source, target).key is None
    monkeypatch.delenv("BRANDTRUST_KEY_FILE")
    assert not target.key_path.exists()


@pytest.mark.parametrize("change", ["another there", "ours gone", "another for ours"])
def test_another_key_is_refused(source: Store, target: Store, change: str) -> None:
    """The same author would count as two: one line, and nothing is made."""
    if change == "another there":
        target.key_path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source.key_path, target.key_path)
        target.key_path.write_text("cd" * 32)
    elif change == "ours gone":
        source.key_path.unlink()
    else:
        source.key_path.write_text("cd" * 32)
    with pytest.raises(KeyMismatch, match="author key"):
        move(Store(source.url), target)
    assert not target.exists


def test_a_store_without_authors_needs_no_key(target: Store, tmp_path: Path) -> None:
    """None is made for it, neither here nor there."""
    source = Store(tmp_path / "old" / "a.duckdb")
    with source.writer():
        pass
    assert move(source, target).key is None
    assert not source.key_path.exists()
    assert not target.key_path.exists()


@pytest.mark.parametrize("direction", ["into", "out of"])
def test_quotes_in_a_path_are_only_a_name(source: Store, new_store: NewStore, direction: str, tmp_path: Path) -> None:
    """Of the old and of the new store; nor does it matter what a file is called."""
    hostile = new_store('it\'s "new"; DROP TABLE posts; --', made=False)
    assert move(source, hostile).posts == 3
    if direction == "out of":
        assert move(hostile, Store(tmp_path / "plain" / "posts.duckdb")).posts == 3
