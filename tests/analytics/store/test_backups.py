"""Backups: whole, of one moment, and what people asked to be forgotten stays forgotten."""

from __future__ import annotations

import json
import os
import stat
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest

from analytics.store import KeyMismatch, Store, StoreBusy, StoreUnusable
from analytics.store import backups as backups_module
from analytics.store.backups import KEY, STORE, back_up, read_manifest
from analytics.store.compaction import compact, compaction_due
from analytics.store.forgetting import forget_author
from analytics.store.purging import purge_posts
from analytics.store.restoring import Restored, restore
from analytics.store.saving import save_arrival
from tests.posts import arrival, posts

HANDLES = ("ann", "bob", "cid")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three posts by three authors, and two records that could not be read."""
    made = Store(tmp_path / "a.duckdb")
    say(made, *HANDLES)
    rejected = [
        {"file": "a.csv", "line": line, "reason": "", "payload": json.dumps({"record": f"{line};{who};words of {who}"})}
        for line, who in ((1, "bob"), (2, "dan"))
    ]
    save_arrival(made, arrival(posts([]), rejected=rejected))
    made.publish()
    return made


def say(store: Store, *handles: str) -> None:
    keyed = [
        {"post_id": f"by-{each}", "author_key": store.author_keys.key("forum", each), "text": f"the words of {each}"}
        for each in handles
    ]
    save_arrival(store, arrival(posts(keyed)))


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.writer() as connection:
        return connection.execute(sql).fetchall()


def ids(store: Store) -> list[str]:
    return [row[0] for row in rows(store, "SELECT post_id FROM posts ORDER BY ALL")]


def back(store: Store, backup: Path, **options: Any) -> Restored:
    return restore(store, backup, "run9", **options)


def beside(store: Store) -> list[str]:
    return sorted(path.name for path in store.path.parent.iterdir())


def test_a_backup_gives_back_every_row(store: Store, tmp_path: Path) -> None:
    """Into a folder where no store is, with the key that is given with it; the next run goes on there."""
    backup, manifest = back_up(store, tmp_path, with_key=True)
    assert backup.name.startswith("a-")
    assert (manifest.posts, manifest.with_key) == (3, True)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    elsewhere = Store(tmp_path / "new" / "b.duckdb")
    done = back(elsewhere, backup)
    tables = [row[0] for row in rows(store, "SELECT table_name FROM duckdb_tables() WHERE NOT temporary")]
    for table in tables:
        sql = f"SELECT * FROM {table} ORDER BY ALL"
        assert rows(elsewhere, sql) == rows(store, sql), table
    assert done.key_restored == elsewhere.key_path
    assert elsewhere.key_path.read_bytes() == store.key_path.read_bytes()
    assert stat.S_IMODE(elsewhere.key_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(elsewhere.path.stat().st_mode) == 0o600
    say(elsewhere, "eve")
    assert len(ids(elsewhere)) == 4


def test_the_key_is_not_in_a_backup_unless_it_is_asked_for(store: Store, tmp_path: Path) -> None:
    """Nor are its digits; where it is missing after restoring, that is told and nothing is made in its place."""
    backup, manifest = back_up(store, tmp_path / "b.tar")
    assert not manifest.with_key
    assert bytes.fromhex(store.key_path.read_text().strip()) not in backup.read_bytes()
    assert store.key_path.read_text().strip().encode() not in backup.read_bytes()
    elsewhere = Store(tmp_path / "new" / "b.duckdb")
    assert back(elsewhere, backup).key_missing == elsewhere.key_path
    with pytest.raises(KeyMismatch, match="author key of this store is missing"):
        say(elsewhere, "eve")


def test_a_backup_is_of_one_moment_while_a_run_writes(store: Store, tmp_path: Path) -> None:
    """Posts are saved three at a time by another thread: every backup has all three of each batch or none."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            say(store, *(f"n{number}-{part}" for part in range(3)))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up(store, tmp_path / f"{number}.tar")[0] for number in range(4)]
    finally:
        stop.set()
        writer.join()
    for number, backup in enumerate(made):
        elsewhere = Store(tmp_path / f"new{number}" / "a.duckdb")
        back(elsewhere, backup)
        assert len(ids(elsewhere)) == read_manifest(backup).posts
        assert read_manifest(backup).posts % 3 == 0


def test_nothing_is_overwritten_unasked(store: Store, tmp_path: Path) -> None:
    """Neither a file by a backup nor a store by restoring; both are as they were, to the byte."""
    backup, _ = back_up(store, tmp_path / "b.tar")
    before, stored = backup.read_bytes(), store.path.read_bytes()
    with pytest.raises(StoreUnusable, match="is there already and is left as it is"):
        back_up(store, backup)
    with pytest.raises(StoreUnusable, match="--replace"):
        back(store, backup)
    assert (backup.read_bytes(), store.path.read_bytes()) == (before, stored)
    say(store, "eve")
    back(store, backup, replace=True)
    assert ids(store) == ["by-ann", "by-bob", "by-cid"]


def test_who_was_forgotten_since_stays_forgotten(store: Store, tmp_path: Path) -> None:
    """Posts, records in quarantine and posts deleted at the source go again, to the last byte, and stay away."""
    backup, _ = back_up(store, tmp_path / "b.tar")
    forget_author(store, "bob", "run2")
    purge_posts(store, "forum", {"by-cid": "deleted"}, "run2")
    done = back(store, backup, replace=True)
    assert ids(store) == ["by-ann"]
    assert [row[0] for row in rows(store, "SELECT line FROM quarantine")] == [2]
    assert done.erased == 3
    assert compaction_due(store)
    compact(store)
    held = store.path.read_bytes() + store.read_path.read_bytes()
    assert b"words of ann" in held
    assert b"words of bob" not in held
    assert b"words of cid" not in held
    say(store, *HANDLES)
    assert ids(store) == ["by-ann"]


def test_marks_are_found_in_the_published_copy_where_the_store_is_lost(store: Store, tmp_path: Path) -> None:
    """A damaged store cannot be asked; its copy can, and that the store could not be is told."""
    backup, _ = back_up(store, tmp_path / "b.tar")
    forget_author(store, "bob", "run2")
    compact(store)
    store.path.write_bytes(b"damaged" * 1_000)
    done = back(store, backup, replace=True)
    assert ids(store) == ["by-ann", "by-cid"]
    assert done.unreadable == str(store.path)
    store.path.unlink()
    done = back(store, backup)
    assert ids(store) == ["by-ann", "by-cid"]
    assert (done.unreadable, done.marks_from) == ("", "in its published copy")


def test_without_the_key_nothing_is_restored_that_was_to_be_forgotten(store: Store, tmp_path: Path) -> None:
    """Nobody could tell then whose posts are meant: it is refused, and the store is as it was."""
    backup, _ = back_up(store, tmp_path / "b.tar")
    forget_author(store, "bob", "run2")
    store.key_path.rename(tmp_path / "elsewhere.key")
    before = store.path.read_bytes()
    with pytest.raises(KeyMismatch, match="what was erased since the backup"):
        back(Store(store.path), backup, replace=True)
    assert store.path.read_bytes() == before


def test_a_backup_takes_no_erased_words_along(store: Store, tmp_path: Path) -> None:
    """DuckDB's file holds them until it is rewritten: where that is still due it is done before."""
    many = [f"n{number}" for number in range(3_000)]
    say(store, *many)
    store.publish()
    purge_posts(store, "forum", {f"by-{each}": "deleted" for each in many[::10]}, "run2")
    store.publish()
    erased = [f"words of {each}".encode() for each in many[1_000:2_000:10]]  # no beginning of another's
    assert any(words in store.path.read_bytes() for words in erased)
    backup, _ = back_up(store, tmp_path / "b.tar")
    written = backup.read_bytes()
    assert b"words of n1001" in written
    assert not any(words in written for words in erased)


def test_another_stores_backup_is_refused(store: Store, tmp_path: Path) -> None:
    """Its authors are known by another key: one person would be two."""
    other = Store(tmp_path / "other" / "b.duckdb")
    say(other, "ann")
    other.publish()
    backup, _ = back_up(other, tmp_path / "b.tar", with_key=True)
    before = store.path.read_bytes()
    with pytest.raises(KeyMismatch, match="another author key"):
        back(store, backup, replace=True)
    assert store.path.read_bytes() == before


def damage_store(path: Path) -> None:
    with tarfile.open(path) as tar:
        at = tar.getmember(STORE).offset_data
    written = bytearray(path.read_bytes())
    written[at + 5_000] ^= 1
    path.write_bytes(written)


def damage_manifest(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"posts": 3', b'"posts": 4'))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def other_tar(path: Path) -> None:
    with tarfile.open(path, "w") as tar:
        tar.add(Path(__file__), "x.py")


def of_a_newer_release(path: Path) -> None:
    manifest = read_manifest(path)
    newer = backups_module.Manifest(1, manifest.made_at, 9_999, 3, manifest.fingerprint, manifest.members)
    written = backups_module._write_manifest(newer)
    with tarfile.open(path) as old:
        file = old.extractfile(STORE)
        assert file is not None
        stored = file.read()
    with tarfile.open(path, "w") as tar:
        for name, data in ((STORE, stored), (backups_module.MANIFEST, written)):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, backups_module.io.BytesIO(data))


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (damage_store, "is damaged: store.duckdb"),
        (damage_manifest, "is damaged: its manifest"),
        (cut, "is damaged or not a backup"),
        (other_tar, "is not a backup"),
        (lambda path: path.write_text("no tar"), "is damaged or not a backup"),
        (lambda path: path.write_text(""), "is damaged or not a backup"),
        (lambda path: path.unlink(), "cannot be read: No such file"),
        (of_a_newer_release, "newer release"),
    ],
)
def test_what_cannot_be_restored_touches_nothing(store: Store, tmp_path: Path, harm: Any, told: str) -> None:
    """One line, the store is as it was, and nothing is left beside it."""
    backup, _ = back_up(store, tmp_path / "b.tar")
    harm(backup)
    before, there = store.path.read_bytes(), beside(store)
    with pytest.raises(StoreUnusable, match=told):
        back(store, backup, replace=True)
    assert store.path.read_bytes() == before
    assert beside(store) == there


def test_a_crash_leaves_the_old_store_or_the_new_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off before it is in place, the old one stands; what is left beside it goes with the next publishing."""
    backup, _ = back_up(store, tmp_path / "b.tar")
    say(store, "eve")
    draft = store.path.with_name(f".{store.path.name}.1.restored")
    draft.write_bytes(b"half")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(StoreUnusable, match="No space left on device; it is as it was"):
        back(store, backup, replace=True)
    monkeypatch.undo()
    assert "by-eve" in ids(store)
    assert not [name for name in beside(store) if "restored" in name]


def test_a_store_that_is_held_open_is_not_replaced(store: Store, tmp_path: Path) -> None:
    """By another process, as one that is analysed in DuckDB's own shell."""
    import subprocess
    import sys

    backup, _ = back_up(store, tmp_path / "b.tar")
    code = f"import duckdb; c = duckdb.connect({str(store.path)!r}); print('held', flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    before = store.path.read_bytes()
    try:
        with pytest.raises(StoreBusy, match="holds"):
            back(store, backup, replace=True)
        assert store.path.read_bytes() == before
    finally:
        holder.communicate("\n")


def test_only_what_belongs_to_a_backup_is_taken_out(store: Store, tmp_path: Path) -> None:
    """Its members are read by name: there is no path in them to follow."""
    backup, _ = back_up(store, tmp_path / "b.tar", with_key=True)
    with tarfile.open(backup) as tar:
        assert tar.getnames() == [STORE, KEY, "manifest.json"]
        assert {entry.mode for entry in tar.getmembers()} == {0o600}
