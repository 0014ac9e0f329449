"""What holds people's words is for its owner; a group reads what the owner lets it read, the world nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from analytics.report.placed_files import place_file
from analytics.store import Store, StoreUnusable, compaction
from analytics.store.file_modes import owner_only
from analytics.store.saving import save_arrival
from tests.posts import arrival, posts

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")


@pytest.fixture(autouse=True, params=[0o000, 0o022], ids=["umask 000", "umask 022"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a machine is set to."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_that_is_made_is_for_its_owner_only(tmp_path: Path) -> None:
    """Store, log of a transaction, lock, key, published copy, report, and the folders made for them."""
    store = Store(tmp_path / "folder" / "inner" / "a.duckdb")
    save_arrival(store, arrival(posts([{"author_key": store.author_keys.key("forum", "ann")}])))
    with store.writer() as connection:
        connection.execute("CREATE TABLE more AS SELECT 1")
        log = store.path.with_name("a.duckdb.wal")
        assert mode(log) == 0o600
    store.publish()
    compaction.compact(store)
    place_file(b"words", store.path.parent / "reports" / "a.pdf")
    made = sorted((tmp_path / "folder").rglob("*"))
    assert {path.name for path in made if path.is_file()} >= {
        "a.duckdb",
        "a.duckdb.lock",
        "a.key",
        "a.read.duckdb",
        "a.pdf",
    }
    assert {path: mode(path) for path in made if path.is_file() and mode(path) != 0o600} == {}
    assert {path: mode(path) for path in (tmp_path / "folder", *made) if path.is_dir() and mode(path) != 0o700} == {}


def test_a_store_of_an_earlier_release_is_closed(tmp_path: Path) -> None:
    """By the first run that writes; its copy stays readable for the group, which is for the owner to say."""
    store = Store(tmp_path / "a.duckdb")
    save_arrival(store, arrival(posts([{}])))
    store.publish()
    for path in (store.path, store.read_path):
        path.chmod(0o644)
    save_arrival(store, arrival(posts([{"post_id": "new"}])))
    store.publish()
    assert (mode(store.path), mode(store.read_path)) == (0o600, 0o640)


def test_a_group_that_may_read_the_copy_may_read_the_next_one(tmp_path: Path) -> None:
    """Said once, it holds; taken back, it is gone; the world is never let in."""
    store = Store(tmp_path / "a.duckdb")
    save_arrival(store, arrival(posts([{}])))
    store.publish()
    for given, published in ((0o640, 0o640), (0o666, 0o640), (0o600, 0o600), (0o604, 0o600)):
        store.read_path.chmod(given)
        store.publish()
        assert mode(store.read_path) == published


def test_a_report_may_be_read_by_whose_group_its_folder_is(tmp_path: Path) -> None:
    """A folder that is opened to a group opens the reports written from then on."""
    folder = tmp_path / "reports"
    place_file(b"1", folder / "1.pdf")
    folder.chmod(0o750)
    place_file(b"2", folder / "2.pdf")
    assert (mode(folder / "1.pdf"), mode(folder / "2.pdf")) == (0o600, 0o640)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files to any group")
def test_the_group_of_the_copy_is_kept(tmp_path: Path) -> None:
    """A copy for analysts stays theirs."""
    store = Store(tmp_path / "a.duckdb")
    save_arrival(store, arrival(posts([{}])))
    store.publish()
    os.chown(store.read_path, -1, 12345)
    store.read_path.chmod(0o640)
    store.publish()
    assert (store.read_path.stat().st_gid, mode(store.read_path)) == (12345, 0o640)


def test_a_file_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    """What is no store is not ours to close."""
    other = tmp_path / "a.duckdb"
    other.write_bytes(b"another program's" * 300)
    other.chmod(0o644)
    with pytest.raises(StoreUnusable), Store(other).writer():
        pass
    assert mode(other) == 0o644


def test_the_umask_comes_back_after_the_last_thread(tmp_path: Path) -> None:
    """Two stores at once, one ending after the other: neither leaves the process with the wrong one."""
    before = os.umask(0o022)
    os.umask(before)
    first_in, second_in, first_out = Barrier(2), Barrier(2), Barrier(2)

    def other() -> None:
        first_in.wait()
        with owner_only():
            second_in.wait()
            first_out.wait()
            (tmp_path / "late").touch()

    thread = Thread(target=other)
    thread.start()
    with owner_only():
        first_in.wait()
        second_in.wait()
    first_out.wait()
    thread.join()
    after = os.umask(before)
    assert (after, mode(tmp_path / "late")) == (before, 0o600)
