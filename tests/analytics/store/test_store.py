from __future__ import annotations

import multiprocessing
import resource
import stat
from pathlib import Path

import duckdb
import pytest

from analytics.store import NothingPublished, Store, StoreBusy, StoreUnusable, read
from analytics.store.migrating import migrations
from analytics.store.saving import save_arrival
from tests.posts import arrival, posts
from tests.stores import NewStore


def test_a_new_store_opens_in_the_oldest_supported_format(tmp_path: Path) -> None:
    """The file is written in the storage version that DuckDB 1.5 and 2 both open."""
    store = Store(tmp_path / "a.duckdb")
    with store.writer() as connection:
        tags = connection.execute("SELECT tags FROM duckdb_databases() WHERE NOT internal").fetchone()
    assert tags is not None
    assert "1.5" in str(tags[0]["storage_version"])


def test_migrating_twice_does_nothing(new_store: NewStore) -> None:
    """Every step is applied once."""
    store = new_store(made=False)
    for _ in range(2):
        with Store(store.url).writer() as connection:
            steps = connection.execute("SELECT number FROM schema_migrations").fetchall()
    assert steps == [(number,) for number, _, _ in migrations()]


def test_every_store_has_an_id_of_its_own_for_good(new_store: NewStore) -> None:
    """By which a report says from which store it was written: the copy has it too, opening again changes nothing."""
    found = []
    for name in ("a", "b"):
        store = new_store(name, made=False)
        store.publish()
        for opened in (store.reader, store.writer):
            with opened() as connection:
                found.append(connection.execute("SELECT value FROM store_settings WHERE name = 'store_id'").fetchone())
    assert found[0] == found[1] != found[2] == found[3]
    assert all(row is not None and len(row[0]) == 32 for row in found)


def test_files_that_an_earlier_release_wrote_are_known(new_store: NewStore) -> None:
    """The bytes of each report that the store knew of stay known from here on."""
    store = new_store(made=False)
    with store.locked(), store.place.connected() as connection:
        store.migrate(connection, steps=lambda: [step for step in migrations() if step[0] != 13])
        for name in ("a.pdf", "b.pdf"):
            connection.execute(
                "INSERT INTO reports VALUES (?, 'same', 'acme-2023-09-04-0123456789ab', 'acme', '2023-09-04', 'a4', "
                "'{}', 0, false, '2023-09-11', 'run1')",
                [name],
            )
    with store.writer() as connection:
        kept = connection.execute("SELECT content_hash, report_id FROM report_files").fetchall()
    assert kept == [("same", "acme-2023-09-04-0123456789ab")]


def test_a_failing_step_leaves_the_store_as_it_was(store: Store) -> None:
    """A migration that breaks in the middle is rolled back whole, and the store opens again."""
    with store.writer() as connection:
        broken = [*migrations(), (9999, "9999_broken", "CREATE TABLE half (a INTEGER); SELECT no_such_column;")]
        with pytest.raises(duckdb.Error):
            store.migrate(connection, steps=lambda: broken)
        assert connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'").fetchone() == (0,)
    with Store(store.url).writer() as connection:
        assert connection.execute("SELECT max(number) FROM schema_migrations").fetchone() == (migrations()[-1][0],)


def test_a_store_of_a_newer_release_is_refused(store: Store) -> None:
    """An older program does not write into a newer store."""
    with store.writer() as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (9999, 'later', now()::TIMESTAMP)")
    with pytest.raises(StoreUnusable, match="newer release"), Store(store.url).writer():
        pass


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.duckdb", b""),
        ("a.duckdb", b"not a database at all, but long enough to be read as one" * 200),
        ("posts.csv", b"member,text\nann,hello\nbob,hi\n"),  # DuckDB would open it, as a view in memory
    ],
)
def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path: Path, name: str, content: bytes) -> None:
    """An empty or foreign file is named in one line and not touched; nothing is copied beside it."""
    path = tmp_path / name
    path.write_bytes(content)
    path.chmod(0o644)
    with pytest.raises(StoreUnusable, match="store") as refusal, Store(path).writer():
        pass
    assert "\n" not in str(refusal.value)
    with pytest.raises(StoreUnusable, match="store"):
        Store(path).publish()
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert not list(tmp_path.glob("*.read.duckdb"))


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    """A DuckDB file with other tables is not taken over."""
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE sales (amount INTEGER)")
    with pytest.raises(StoreUnusable, match="something else"), Store(path).writer():
        pass


@pytest.mark.parametrize("url", ["postgres://host/db", "s3://bucket/a.duckdb"])
def test_an_unknown_kind_of_store_is_refused(url: str) -> None:
    """A URL that no engine here serves is an error, not a file of that name."""
    with pytest.raises(StoreUnusable, match="unknown kind"):
        Store(url)


def test_a_directory_is_no_store(tmp_path: Path) -> None:
    """A folder given as store is named as such."""
    with pytest.raises(StoreUnusable, match="directory"):
        Store(tmp_path)


def _hold(url: str, held: object, let_go: object) -> None:
    with Store(url).writer():
        held.set()  # type: ignore[attr-defined]
        let_go.wait(60)  # type: ignore[attr-defined]


def test_a_second_writer_waits_and_says_why_when_it_gives_up(store: Store) -> None:
    """While another process writes, a writer with no patience gets one line; afterwards it gets the store."""
    with store.writer():
        pass
    context = multiprocessing.get_context("spawn")
    held, let_go = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(store.url, held, let_go))
    other.start()
    try:
        assert held.wait(60)
        with pytest.raises(StoreBusy, match="another run"), Store(store.url, lock_seconds=0.1).writer():
            pass
    finally:
        let_go.set()
        other.join(60)
    with Store(store.url, lock_seconds=0.1).writer() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_readers_keep_their_copy_while_a_new_one_is_published(store: Store, kind: str) -> None:
    """An open reader goes on with what it had; the next reader sees the new posts; nobody is refused."""
    save_arrival(store, arrival(posts([{}])))
    store.publish()
    with store.reader() as early:
        save_arrival(store, arrival(posts([{}, {}])))
        store.publish()
        assert early.execute("SELECT count(*) FROM posts").fetchone() == (1,)
    with store.reader() as late:
        assert late.execute("SELECT count(*) FROM posts").fetchone() == (2,)
    files = {"embedded": ["a.duckdb", "a.duckdb.lock", "a.read.duckdb"], "lake": ["files", "published.ducklake"]}
    assert sorted(file.name for file in store.folder.iterdir()) == files[kind]


def test_the_published_copy_cannot_be_written(store: Store) -> None:
    """Analysts cannot change numbers by accident."""
    with store.writer():
        pass
    store.publish()
    with store.reader() as connection, pytest.raises(duckdb.Error, match="read-only mode"):
        connection.execute("DELETE FROM posts")


def test_reading_before_anything_is_published_says_what_to_run(new_store: NewStore) -> None:
    """No copy yet is one line with the next command, not an empty table."""
    with pytest.raises(NothingPublished, match="brandtrust run"):
        read("trust_weekly", store=new_store(made=False).url)


def test_reading_an_unknown_view_names_the_views(tmp_path: Path) -> None:
    """A mistyped view is told which there are; a name cannot smuggle SQL in."""
    with pytest.raises(ValueError, match="trust_weekly"):
        read("trust_weekly; DROP TABLE posts", store=tmp_path / "a.duckdb")


def test_a_store_that_was_cut_off_while_it_was_made_is_finished(new_store: NewStore) -> None:
    """A kill between the first two tables leaves a store that the next run completes."""
    store = new_store(made=False)
    with store.locked(), store.place.connected() as connection:
        connection.execute(
            store.place.adapted(
                "CREATE TABLE schema_migrations "
                "(number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
            )
        )
    with store.writer() as connection:
        assert connection.execute("SELECT count(*) FROM trust_weekly").fetchall() == [(0,)]


@pytest.mark.parametrize("moment", ["yesterday", "2023-99-01"])
def test_a_cut_that_is_no_date_is_told_in_one_line(tmp_path: Path, moment: str) -> None:
    """A mistyped since is a ValueError, not the engine's own message."""
    store = Store(tmp_path / "a.duckdb")
    store.publish()
    with pytest.raises(ValueError, match="no date"):
        read("trust_weekly", since=moment, store=store.path)


def test_a_password_in_a_store_url_is_not_repeated() -> None:
    """What is refused is named without its secret."""
    with pytest.raises(StoreUnusable) as refusal:
        Store("s3://user:hunter2@bucket/a")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("rows", [40, 40_000])
def test_a_disk_that_is_full_is_one_line_and_loses_nothing(store: Store, kind: str, rows: int) -> None:
    """Found in the middle or by the commit: what was begun is undone, and what was there is there."""
    with store.transaction() as connection:
        connection.execute("CREATE TABLE notes AS SELECT 'before' AS note")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)

    def write() -> None:
        with store.transaction() as connection:
            if kind == "lake":  # which writes its file before the commit
                resource.setrlimit(resource.RLIMIT_FSIZE, (64, usual[1]))
            connection.execute("INSERT INTO notes SELECT repeat(range::VARCHAR, 200) FROM range(?)", [rows])
            resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, usual[1]))  # as a disk that takes no more

    try:
        with pytest.raises(StoreUnusable, match=r": .* is undone[;:] ") as refusal:
            write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert "\n" not in str(refusal.value)
    with store.writer() as connection:
        assert connection.execute("SELECT DISTINCT note FROM notes").fetchall() == [("before",)]


def test_too_little_memory_is_one_line(store: Store) -> None:
    """What to do stands in it, and nothing is half written."""

    def ask_too_much() -> None:
        with store.transaction() as connection:
            connection.execute("INSERT INTO store_settings VALUES ('begun', '1')")
            connection.execute("SET memory_limit = '10MB'")
            connection.execute("SET max_temp_directory_size = '0KiB'")
            connection.execute("SELECT list(range) FROM range(10_000_000)").fetchall()

    with pytest.raises(StoreUnusable, match=r"too little free memory.*run again"):
        ask_too_much()
    with store.writer() as connection:
        assert connection.execute("SELECT 1 FROM store_settings WHERE name = 'begun'").fetchall() == []
