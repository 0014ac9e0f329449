"""What holds of a lake beyond what holds of every store; the rest of this folder is run on lakes too."""

from __future__ import annotations

import multiprocessing
import os
import stat
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pytest

from analytics.store import Store, StoreBusy, StoreError, StoreUnusable, lake_publishing, lake_upkeep, read
from analytics.store.compaction import compact, compaction_due
from analytics.store.ducklake import adapt_to_lake
from analytics.store.lake_engine import ask, load_extension
from analytics.store.lake_publishing import METADATA
from analytics.store.lake_url import parse_lake_url, without_password
from analytics.store.purging import purge_posts
from analytics.store.saving import save_arrival
from tests.bench.lake import bring_at_once
from tests.lakes import GUARDED, ONLY_READS, PASSWORD, Lakes
from tests.posts import arrival, posts
from tests.traces import found_in_bytes

KEPT, GONE = "words that stay", "words that go, and are the last in the alphabet: zzz"
URL = "ducklake:postgresql://ann@db.example:5433/trust?data=/shared"


@pytest.fixture
def made(lakes: Lakes) -> Store:
    """A store in a lake."""
    return Store(lakes.new_store())


def test_a_step_of_the_migrations_is_put_in_words_of_a_lake() -> None:
    """Keys and ways of compression go, what may not be empty stays so, and a default that is true comes afterwards."""
    assert adapt_to_lake(
        "CREATE TABLE a (b VARCHAR PRIMARY KEY, -- c\n  d VARCHAR NOT NULL USING COMPRESSION zstd)"
    ) == ("CREATE TABLE a (b VARCHAR NOT NULL, \n  d VARCHAR NOT NULL)")
    assert adapt_to_lake("CREATE TABLE a (b DATE NOT NULL,\n    PRIMARY KEY (b, c)\n);") == (
        "CREATE TABLE a (b DATE NOT NULL\n);"
    )
    assert adapt_to_lake("ALTER TABLE a ADD COLUMN b BOOLEAN DEFAULT false;") == (
        "ALTER TABLE a ADD COLUMN b BOOLEAN; UPDATE a SET b = false; ALTER TABLE a ALTER COLUMN b SET DEFAULT 'false';"
    )
    assert adapt_to_lake("ALTER TABLE a ADD COLUMN b DOUBLE;") == "ALTER TABLE a ADD COLUMN b DOUBLE;"


def test_a_url_names_server_database_and_folder() -> None:
    """As libpq has it; what else stands in it goes to libpq, the folder does not."""
    lake = parse_lake_url(URL + "&sslmode=require")
    assert lake.data == Path("/shared")
    for word in ("host='db.example'", "port='5433'", "user='ann'", "dbname='trust'", "sslmode='require'"):
        assert word in lake.server
    assert "shared" not in lake.server
    assert parse_lake_url(lake.url) == lake


@pytest.mark.parametrize(
    "url",
    [
        "ducklake:mysql://ann:hunter2@host/a?data=/b", "ducklake:a.db", "ducklake:", "ducklake:postgresql://",
        "ducklake:postgresql://ann:hunter2@host/a", "ducklake:postgresql://ann:hunter2@host?data=/b",
        "ducklake:postgresql://ann:hunter2@host:port/a?data=/b", "ducklake:postgresql://[ann:hunter2@host/a?data=/b",
    ],
)  # fmt: skip
def test_a_url_that_is_none_is_told_in_one_line_without_its_password(url: str) -> None:
    """Another catalogue, no folder, no database, nonsense."""
    with pytest.raises(StoreUnusable, match="ducklake:postgresql://USER@HOST/DATABASE") as refusal:
        Store(url)
    assert "\n" not in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("url", ["ducklake:postgresql://ann:{}@host/a?data=/b", URL + "&password={}"])
def test_a_password_stands_in_nothing_that_is_shown_or_passed_on(url: str) -> None:
    """Neither in the store's own URL nor in any repr; who opens the store by that URL in this process is told it."""
    url = url.format(quote(PASSWORD, safe=""))
    store = Store(url)
    shown = f"{store!r} {store.url} {store.absolute_url} {parse_lake_url(url)!r} {without_password(url)}"
    assert "hunter2" not in shown
    assert parse_lake_url(store.url).password == PASSWORD


def refused(url: str, lakes: Lakes) -> str:
    """What is told of a store that cannot be written, and that nothing was made for it."""
    with pytest.raises(StoreError) as refusal, Store(url, lock_seconds=0.1).writer():
        pass
    told = str(refusal.value)
    assert "\n" not in told
    assert "hunter2" not in told
    assert "dbname=" not in told
    return told


@pytest.mark.long
def test_what_cannot_be_a_store_is_told_and_not_touched(lakes: Lakes, tmp_path: Path) -> None:
    """No server, no database, no user, another folder, a database of something else: each its own line."""
    folder, database = tmp_path / "data", lakes.new_database()
    gone = f"ducklake:postgresql://ann:hunter2@127.0.0.1:1/a?data={folder}"
    assert "no PostgreSQL server answers at 127.0.0.1, port 1" in refused(gone, lakes)
    assert 'database "no_such" does not exist' in refused(lakes.url("no_such", folder=folder), lakes)
    assert 'role "nobody" does not exist' in refused(lakes.url(database, user="nobody", folder=folder), lakes)
    lakes.run("CREATE TABLE sales (amount INTEGER)", database)
    assert "something else" in refused(lakes.url(database, folder=folder), lakes)
    with duckdb.connect() as connection:
        assert tables_of(lakes, database, connection) == {"sales"}
    assert not folder.exists()
    elsewhere = Store(lakes.new_store()).url.partition("?")[0].rpartition("/")[2]
    assert f"lie in {lakes.room}" in refused(lakes.url(elsewhere, folder=tmp_path / "other"), lakes)


def tables_of(lakes: Lakes, database: str, connection: duckdb.DuckDBPyConnection) -> set[str]:
    load_extension(connection, "postgres_scanner")
    connection.execute(f"ATTACH 'host={lakes.socket} user=postgres dbname={database}' AS catalogue (TYPE postgres)")
    rows = ask(connection, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    return {str(row[0]) for row in rows}


@pytest.mark.long
def test_a_password_is_asked_for_and_never_repeated(
    lakes: Lakes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Missing or wrong it is told by where it belongs; in the URL or in PGPASSWORD it opens the store."""
    database = lakes.new_database()
    lakes.run(f"GRANT ALL ON SCHEMA public TO {GUARDED}", database)
    for wrong in (GUARDED, f"{GUARDED}:hunter2"):
        assert "PGPASSWORD" in refused(lakes.url(database, user=wrong, folder=tmp_path / wrong[-3:]), lakes)
    right = Store(lakes.url(database, user=f"{GUARDED}:{quote(PASSWORD, safe='')}", folder=tmp_path / "data"))
    with right.writer() as connection:
        told = connection.execute("SELECT * FROM duckdb_databases()").fetchall()
        told += connection.execute("SELECT * FROM duckdb_secrets()").fetchall()
    assert "hunter2" not in str(told)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with Store(lakes.url(database, user=GUARDED, folder=tmp_path / "data") + "&application_name=x").writer():
        pass


@pytest.mark.long
def test_who_may_not_write_is_told_before_anything_is_made(lakes: Lakes, made: Store, tmp_path: Path) -> None:
    """Neither into a new database nor into a store of others; what is published can be read all the same."""
    fresh = lakes.new_database()
    assert "no right to write" in refused(lakes.url(fresh, user=ONLY_READS, folder=tmp_path / "a"), lakes)
    assert not (tmp_path / "a").exists()
    save_arrival(made, arrival(posts([{}])))
    made.publish()
    database = made.url.partition("?")[0].rpartition("/")[2]
    lakes.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {ONLY_READS}", database)
    reader = lakes.url(database, user=ONLY_READS, folder=made.folder)
    assert "no right to write" in refused(reader, lakes)
    with Store(reader).reader() as connection:
        assert connection.execute("SELECT count(*) FROM posts").fetchall() == [(1,)]


@pytest.mark.long
def test_readers_need_no_server(made: Store) -> None:
    """What is published is read from the folder alone."""
    save_arrival(made, arrival(posts([{"text": KEPT}])))
    made.publish()
    away = Store(f"ducklake:postgresql://ann@127.0.0.1:1/gone?data={made.folder}")
    with away.reader() as connection:
        assert connection.execute("SELECT text FROM posts").fetchall() == [(KEPT,)]
    assert len(read("coverage_daily", store=away.url)) == 0


@pytest.mark.long
def test_an_analyst_needs_nothing_but_duckdb(made: Store) -> None:
    """DuckDB's own shell opens what is published as docs/team.md says, and it cannot be written."""
    save_arrival(made, arrival(posts([{"text": KEPT}])))
    made.publish()
    with duckdb.connect() as connection:
        load_extension(connection, "ducklake")
        connection.execute(f"ATTACH 'ducklake:{made.read_path}' AS trust (READ_ONLY)")
        connection.execute("USE trust")
        assert connection.execute("SELECT text FROM posts").fetchall() == [(KEPT,)]
        assert connection.execute("SELECT count(*) FROM trust_weekly").fetchall() == [(0,)]
        with pytest.raises(duckdb.Error, match="read-only"):
            connection.execute("DELETE FROM posts")


@pytest.mark.long
def test_what_is_published_tells_nothing_of_what_was(made: Store) -> None:
    """One snapshot, and of each table the files in force: no file that was replaced and no words out of one."""
    save_arrival(made, arrival(posts([{"text": KEPT}])))
    save_arrival(made, arrival(posts([{"post_id": "1", "text": GONE}])))  # all of a file
    made.publish()
    assert found_in_bytes(made.read_path.parent, [GONE]) == {GONE}  # not compressed in the catalogue
    purge_posts(made, "forum", {"1": "deleted"}, "run1")
    compact(made)
    with made.reader() as connection:
        assert connection.execute(f"SELECT count(*) FROM {METADATA}.ducklake_snapshot").fetchall() == [(1,)]
        listed = {path for path in made.readable_files(connection) if path.is_file()}
        assert listed == set(made.folder.rglob("*.parquet"))
    assert found_in_bytes(made.read_path.parent, [GONE]) == set()


@pytest.mark.long
def test_what_was_deleted_is_in_no_file_and_no_row_of_the_catalogue(made: Store) -> None:
    """Before compaction it is; the catalogue too knows the last words in the alphabet, until they go."""

    def traces() -> set[str]:
        found: set[str] = set()
        with made.locked(), made.place.connected() as connection:
            for path in made.folder.rglob("*.parquet"):
                rows = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
                found |= {"file"} if GONE[:9] in str(rows) and "words that go" in str(rows) else set()
            for (table,) in ask(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
                rows = ask(connection, f'SELECT * FROM public."{table}"')
                found |= {"catalogue"} if "words that go" in str(rows) else set()
            rows = ask(connection, "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats")
            found |= {"statistics"} if "words that go" in str(rows) else set()
        return found

    save_arrival(made, arrival(posts([{"text": KEPT}])))
    save_arrival(made, arrival(posts([{"post_id": "1", "text": GONE}])))  # all of a file
    made.publish()
    purge_posts(made, "forum", {"1": "deleted"}, "run1")
    assert compaction_due(made)
    assert traces() >= {"file", "catalogue"}
    compact(made)
    assert traces() == set()
    assert not compaction_due(made)
    assert save_arrival(made, arrival(posts([{"post_id": "1"}, {"post_id": "new"}]))).withheld == 1


@pytest.mark.long
def test_what_stays_is_found_after_the_words_in_the_catalogue_are_gone(made: Store) -> None:
    """Whatever is asked of it, and whatever comes afterwards: the bounds of a column never leave out a row."""
    save_arrival(made, arrival(posts([{"text": "m"}])))
    save_arrival(made, arrival(posts([{"post_id": "1", "text": "aaa"}, {"post_id": "2", "text": "zzz"}])))
    purge_posts(made, "forum", {"1": "deleted", "2": "deleted"}, "run1")
    compact(made)
    for number, more in enumerate(["n", "b", "é", ""]):
        save_arrival(made, arrival(posts([{"post_id": f"p{number}", "text": more}])))
        made.publish()
        for opened in (made.reader, made.writer):
            with opened() as connection:
                for condition in ("text = 'm'", "text < 'mm' AND text > 'l'", "post_id = '0'", "text LIKE 'm%'"):
                    found = connection.execute(f"SELECT text FROM posts WHERE {condition}").fetchall()
                    assert found == [("m",)], condition
                assert connection.execute("SELECT min(text), max(text) FROM posts").fetchall() == [
                    connection.execute("SELECT min(text || ''), max(text || '') FROM posts").fetchall()[0]
                ]


@pytest.mark.long
def test_small_files_are_merged_and_nothing_else_changes(made: Store) -> None:
    """After many small saves a table has few files again, and the same rows."""
    for number in range(15):
        save_arrival(made, arrival(posts([{"post_id": f"p{number}"}])))
    before = len(list((made.folder / "files" / "main" / "posts").iterdir()))
    made.publish()
    with made.reader() as connection:
        files = connection.execute(
            f"SELECT count(*) FROM {METADATA}.ducklake_data_file JOIN {METADATA}.ducklake_table USING (table_id) "
            "WHERE table_name = 'posts'"
        )
        assert files.fetchall() < [(before,)]
        assert connection.execute("SELECT count(DISTINCT post_id), count(*) FROM posts").fetchall() == [(15, 15)]


def _hold_and_die(url: str, held: Any, let_go: Any) -> None:
    with Store(url).transaction() as connection:
        connection.execute("INSERT INTO store_settings VALUES ('begun', '1')")
        held.set()
        let_go.wait(60)
        os._exit(9)


@pytest.mark.long
def test_the_lock_dies_with_its_process_and_what_it_began_is_undone(made: Store) -> None:
    """A worker that is killed keeps nobody out, and nothing of its transaction is there."""
    context = multiprocessing.get_context("spawn")
    held, let_go = context.Event(), context.Event()
    other = context.Process(target=_hold_and_die, args=(made.url, held, let_go))
    other.start()
    assert held.wait(60)
    with pytest.raises(StoreBusy, match="another run"), Store(made.url, lock_seconds=0.1).writer():
        pass
    let_go.set()
    other.join(60)
    assert other.exitcode == 9
    with Store(made.url, lock_seconds=20).writer() as connection:
        assert connection.execute("SELECT count(*) FROM store_settings WHERE name = 'begun'").fetchall() == [(0,)]
    compact(made)  # removes the file that nothing refers to
    with made.reader() as connection:
        assert {*made.folder.rglob("*.parquet")} == {*made.readable_files(connection)}


@pytest.mark.long
def test_a_lock_that_was_lost_undoes_the_transaction(made: Store, lakes: Lakes) -> None:
    """Where the server ends the connection that holds it, nothing is committed beside whoever has it now."""

    def write() -> None:
        with made.transaction() as connection:
            connection.execute("INSERT INTO store_settings VALUES ('begun', '1')")
            lakes.run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")

    with pytest.raises(StoreBusy, match="is undone"):
        write()
    with Store(made.url).writer() as connection:
        assert connection.execute("SELECT count(*) FROM store_settings WHERE name = 'begun'").fetchall() == [(0,)]


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_a_group_reads_the_lake_whose_folder_is_opened_to_it(lakes: Lakes, tmp_path: Path) -> None:
    """Until then all is for its owner; from then on what is made may be read by the group, never by the world."""
    store = Store(lakes.url(lakes.new_database(), folder=tmp_path / "shared"))
    _ = store.author_keys

    def modes() -> set[int]:
        return {stat.S_IMODE(path.stat().st_mode) for path in store.folder.rglob("*") if path.is_file()}

    save_arrival(store, arrival(posts([{}])))
    store.publish()
    assert modes() == {0o600}
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    store.folder.chmod(0o750)
    save_arrival(store, arrival(posts([{"post_id": "new"}])))
    newest = max((store.folder / "files" / "main" / "posts").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    assert stat.S_IMODE(newest.stat().st_mode) == 0o640
    assert stat.S_IMODE(store.key_path.stat().st_mode) == 0o600


@pytest.mark.long
@pytest.mark.timeout(900)
def test_four_workers_with_the_same_posts_store_each_once(made: Store) -> None:
    """Four processes at once, 250,000 posts each, half of them the same in all four and brought at the same time."""
    found = bring_at_once(made.url, 4, 250_000)
    assert (found.due, found.lost, found.doubled) == (625_000, 0, 0)


def _compact_until(moment: str, url: str) -> None:
    """Compact in a process of its own that ends at once, before or after a step, as by a kill."""
    name, when = moment.split()
    module: Any = lake_publishing if name == "publish" else lake_upkeep
    step = getattr(module, name)

    def end(*arguments: Any) -> None:
        if when == "after":
            step(*arguments)
        os._exit(9)

    setattr(module, name, end)
    compact(Store(url))


@pytest.mark.long
@pytest.mark.parametrize(
    "moment",
    [
        "rewrite_files_with_deletions before", "rewrite_files_with_deletions after", "publish before", "publish after",
        "drop_all_former before", "drop_all_former after",
    ],
)  # fmt: skip
def test_a_kill_while_compacting_loses_nothing_and_is_made_good(made: Store, moment: str) -> None:
    """The store opens whole, says that compaction is due, and the next one leaves no file that held what is gone."""
    save_arrival(made, arrival(posts([{"text": KEPT}, {"text": GONE}])))
    made.publish()
    purge_posts(made, "forum", {"1": "deleted"}, "run1")
    process = multiprocessing.get_context("spawn").Process(target=_compact_until, args=(moment, made.url))
    process.start()
    process.join(120)
    assert process.exitcode == 9
    assert compaction_due(made)
    with made.writer() as connection:
        assert connection.execute("SELECT text FROM posts").fetchall() == [(KEPT,)]
    with made.reader() as connection:
        assert (KEPT,) in connection.execute("SELECT text FROM posts").fetchall()
    compact(made)
    assert not compaction_due(made)
    with made.reader() as connection:
        assert {*made.readable_files(connection)} == {*made.folder.rglob("*.parquet")}
    assert not list(made.folder.glob(".*"))
