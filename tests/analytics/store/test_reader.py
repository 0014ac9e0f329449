from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import duckdb
import pandas as pd
import pytest

from analytics.store import NothingPublished, Reader, Store, StoreBusy, read, reader
from analytics.store.catalogue import views
from analytics.store.duckdb_file import DuckDBFile
from analytics.store.place import Place
from analytics.store.saving import save_arrival
from tests.posts import arrival, posts, write_by_hand
from tests.stores import NewStore

VIEW = "brand_posts_without_text"
OPEN_FILES = Path("/proc/self/fd")
needs_open_files = pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="only Linux tells which files are open")


def publish(store: Store, holding: int) -> None:
    """Publish the store with so many posts."""
    save_arrival(store, arrival(posts([{}] * holding)))
    store.publish()


def count(reader: Reader) -> int:
    """How many posts the copy has that answers."""
    with reader.connection() as connection:
        return len(connection.execute("FROM posts").fetchall())


def open_copies(store: Store) -> list[str]:
    """The published copies that this process has open: those that were replaced end in (deleted)."""
    found = [str(each.readlink()) for each in OPEN_FILES.iterdir() if each.is_symlink()]
    return sorted(path.removeprefix(str(store.folder)) for path in found if path.startswith(str(store.read_path)))


@pytest.fixture
def openings(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[Place]:
    """Each opening of what is published, by the place that was opened."""
    opened: list[Place] = []
    kind = type(store.place)
    as_always = kind.connect_apart

    def connect_apart(place: Place) -> duckdb.DuckDBPyConnection:
        opened.append(place)
        return as_always(place)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "connect_apart", connect_apart)
    return opened


def test_a_reader_answers_as_read_does(demo_store: Store) -> None:
    """Every view, and cuts by brand and time, are the same frames."""
    with Reader(demo_store.url) as reader:
        for view in views():
            pd.testing.assert_frame_equal(reader.read(view), read(view, store=demo_store.url))
        cut = ("trust_weekly", "lumio", "2023-06-01", "2023-09-01")
        pd.testing.assert_frame_equal(reader.read(*cut), read(*cut, store=demo_store.url))
        assert 0 < len(reader.read(*cut)) < len(reader.read("trust_weekly"))
        with pytest.raises(ValueError, match="no view 'trusts'"):
            reader.read("trusts")


def test_a_copy_is_opened_once_until_another_is_published(store: Store, openings: list[Place]) -> None:
    """Questions to the same copy open nothing; the first one after a publication is answered by the new copy."""
    publish(store, 1)
    with Reader(store.url) as reader:
        assert [count(reader) for _ in range(3)] == [1, 1, 1]
        assert len(openings) == 1
        for holding in (2, 3):
            publish(store, holding)
            assert [count(reader) for _ in range(2)] == [holding, holding]
            assert len(openings) == holding


def test_who_holds_the_former_copy_holds_nobody_back(tmp_path: Path) -> None:
    """DuckDB gives a path's old instance for as long as anybody has it open; readers and `read` see the new copy."""
    store = Store(tmp_path / "a.duckdb")
    with store.writer() as connection:
        write_by_hand(connection)
        connection.execute(
            "INSERT INTO brands VALUES ('acme', 'Acme', 'acme', 'q1', 'vader', '1', [], [], 't1', [], 'UTC', 'f', NULL)"
        )
    publish(store, 1)
    with Reader(store.url) as reader, duckdb.connect(str(store.read_path), read_only=True) as holder:
        assert count(reader) == 1
        publish(store, 2)
        with duckdb.connect(str(store.read_path), read_only=True) as again:
            assert len(again.execute("FROM posts").fetchall()) == 1  # the danger is there
        assert count(reader) == 2
        assert len(reader.read(VIEW)) == len(read(VIEW, store=store.url)) == 2
        assert len(holder.execute("FROM posts").fetchall()) == 1


def test_a_connection_keeps_its_copy(store: Store) -> None:
    """It goes on with the copy that it began with, while others get the new one, and after the reader is closed."""
    publish(store, 1)
    with Reader(store.url) as reader, reader.connection() as early:
        assert early.execute("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)
        publish(store, 2)
        assert count(reader) == 2
        assert len(early.execute("FROM posts").fetchall()) == 1
        reader.close()
        assert len(early.execute("FROM posts").fetchall()) == 1
        with pytest.raises(ValueError, match="closed"):
            count(reader)


@needs_open_files
def test_a_replaced_copy_is_let_go(tmp_path: Path) -> None:
    """By the next question, or by the last who asks it: then its file takes no disk space any more."""
    store = Store(tmp_path / "a.duckdb")
    publish(store, 1)
    with Reader(store.url) as reader:
        with reader.connection():
            publish(store, 2)
            count(reader)
            assert open_copies(store) == ["/a.read.duckdb", "/a.read.duckdb (deleted)"]
        assert open_copies(store) == ["/a.read.duckdb"]
        publish(store, 3)
        assert open_copies(store) == ["/a.read.duckdb (deleted)"]
        assert count(reader) == 3
        assert open_copies(store) == ["/a.read.duckdb"]
    assert open_copies(store) == []


@needs_open_files
def test_a_question_that_took_much_memory_closes_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What DuckDB keeps of it in memory goes; the next question opens the copy again."""
    store = Store(tmp_path / "a.duckdb")
    publish(store, 1)
    with Reader(store.url) as kept:
        assert count(kept) == 1
        assert open_copies(store) == ["/a.read.duckdb"]
        monkeypatch.setattr(reader, "KEPT_MEGABYTES", 0)
        assert count(kept) == 1
        assert open_copies(store) == []
        assert count(kept) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_copy_published_while_one_is_opened_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Whichever of both was opened, the next question is answered by the new one."""
    store = Store(tmp_path / "a.duckdb")
    publish(store, 1)
    as_always, holding = DuckDBFile.connect_apart, [2]

    def connect_apart(place: DuckDBFile) -> duckdb.DuckDBPyConnection:
        opened = as_always(place) if when == "after" else None
        if holding:
            publish(store, holding.pop())
        return opened or as_always(place)

    monkeypatch.setattr(DuckDBFile, "connect_apart", connect_apart)
    with Reader(store.url) as reader:
        assert count(reader) == (1 if when == "after" else 2)
        assert count(reader) == 2


def test_threads_share_a_reader(store: Store) -> None:
    """Many ask while copy after copy is published: no error, and no answer older than what was published before it."""
    publish(store, 1)
    over, published, together = Event(), [1], Barrier(5)

    def ask(reader: Reader) -> list[tuple[int, int, int]]:
        answers = []
        together.wait()
        while not over.is_set() or not answers:
            before = published[0]
            answers.append((before, count(reader), published[0] + 1))  # the next one may be there before it is told of
        return answers

    with Reader(store.url) as reader, ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask, reader) for _ in range(4)]
        together.wait()
        try:
            for holding in range(2, 6):
                publish(store, holding)
                published[0] = holding
        finally:
            over.set()
        answers = [answer for each in asking for answer in each.result(60)]
        assert all(before <= told <= after for before, told, after in answers)
        assert count(reader) == 5


FORKED = """
import os, sys, threading
from analytics.store import Reader

reader, held, let_go = Reader(sys.argv[1], threads=3), threading.Event(), threading.Event()

def count():
    with reader.connection() as connection:
        return len(connection.execute("FROM posts").fetchall())

def hold():
    with reader._turn:
        held.set()
        let_go.wait()

with reader.connection():
    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        let_go.set()
    else:
        assert count() == 2
if child:
    other.join()
assert count() == 2
if "close" in sys.argv:
    reader.close()
sys.exit(bool(child and status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("at_its_end", ["close", "leave"])
def test_a_forked_process_opens_a_copy_of_its_own(tmp_path: Path, at_its_end: str) -> None:
    """It asks and ends well, also while its parent asks and another thread of that has its turn; so does the parent."""
    store = Store(tmp_path / "a.duckdb")
    publish(store, 2)
    program = [sys.executable, "-c", FORKED, store.url, at_its_end]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_what_cannot_be_answered_leaves_the_reader_fit(new_store: NewStore) -> None:
    """Before anything is published, and after SQL that fails, the next question is answered."""
    store = new_store(made=False)
    with Reader(store.url) as reader:
        with pytest.raises(NothingPublished, match="brandtrust run"):
            count(reader)
        publish(store, 1)
        with pytest.raises(duckdb.Error, match="nowhere"), reader.connection() as connection:
            connection.execute("FROM nowhere")
        with pytest.raises(duckdb.Error, match="read-only"), reader.connection() as connection:
            connection.execute("DELETE FROM posts")
        assert count(reader) == 1
        store.read_path.unlink()
        with pytest.raises(NothingPublished):
            count(reader)


def test_a_link_to_another_store_is_followed(tmp_path: Path) -> None:
    """Where the store is a link that was set to another, the next question goes there, as with `read`."""
    link = tmp_path / "current.duckdb"
    for holding in (1, 2):
        publish(Store(tmp_path / f"{holding}.duckdb"), holding)
    link.symlink_to(tmp_path / "1.duckdb")
    with Reader(link) as reader:
        assert count(reader) == 1
        link.unlink()
        link.symlink_to(tmp_path / "2.duckdb")
        assert count(reader) == 2


def test_a_copy_that_this_process_has_open_for_writing_is_told_of(tmp_path: Path) -> None:
    """DuckDB opens a file once for writing: that is said in a line, and is over with that connection."""
    store = Store(tmp_path / "a.duckdb")
    publish(store, 1)
    with Reader(store.url) as reader:
        with duckdb.connect(str(store.read_path)), pytest.raises(StoreBusy, match="this process has it open otherwise"):
            count(reader)
        assert count(reader) == 1


def test_a_reader_has_at_least_one_thread(tmp_path: Path) -> None:
    """None is refused before anything is asked; more are taken."""
    with pytest.raises(ValueError, match="threads is 0"):
        Reader(tmp_path / "a.duckdb", threads=0)
    publish(Store(tmp_path / "a.duckdb"), 1)
    for threads in (1, 3):
        with Reader(tmp_path / "a.duckdb", threads=threads) as reader, reader.connection() as connection:
            assert connection.execute("SELECT current_setting('threads')").fetchone() == (threads,)
