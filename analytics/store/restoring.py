"""Restoring a backup: the store as it was then, without what was erased since.

Who was forgotten and what was deleted after the backup is known by the marks in the store that is replaced, or in its
published copy. They go into the restored store, and what they are of is erased again before it takes its place.
"""

from __future__ import annotations

import io
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from analytics.store.author_keys import AuthorKeys, load_keys, write_key
from analytics.store.backups import KEY, STORE, Manifest, read_manifest, take_out
from analytics.store.catalogue import statement
from analytics.store.duckdb_file import connected
from analytics.store.errors import KeyMismatch, StoreBusy, StoreUnusable
from analytics.store.file_modes import owner_only
from analytics.store.file_rewriting import put_in_place
from analytics.store.leftovers import remove_leftovers
from analytics.store.migrating import migrate
from analytics.store.purging import erase_gone_posts
from analytics.store.quarantine import erase_unwanted
from analytics.store.store import Store, first_row, whole

MARKS = {  # table of marks → its columns
    "tombstones": "source, post_mark, purged_at, reason",
    "suppressed_authors": "source, author_mark, suppressed_at",
}
BESIDE = "beside the store"
IN_COPY = "in its published copy"


@dataclass(slots=True)
class Restored:
    """What was done. `marks_from`: where the marks of what was erased since were read; empty where nowhere.

    `erased`: posts and records that they were of. `key_missing`: where the author key is to be put.
    """

    manifest: Manifest
    marks_from: str = ""
    unreadable: str = ""  # why the replaced store could not be asked, or empty
    marks: int = 0
    erased: int = 0
    key_missing: Path | None = None
    key_restored: Path | None = None


@dataclass(frozen=True, slots=True)
class _Marks:
    """Marks of what was erased, and by which key they were made."""

    tables: dict[str, pa.Table]
    fingerprint: str


def restore(store: Store, backup: Path, run_id: str, *, replace: bool = False) -> Restored:
    """Put the store of `backup` in the place of `store`; only there where `replace`, if it exists.

    The files may hold bytes of what was erased until `compact`, which is due then. Raises StoreUnusable, StoreBusy,
    KeyMismatch; all is as it was then.
    """
    manifest = read_manifest(backup)
    draft = store.path.with_name(f".{store.path.name}.{os.getpid()}.restored")
    with store.locked():
        if store.exists and not replace:
            raise StoreUnusable(f"{store.path}: is there already and is left as it is; --replace puts the backup there")
        remove_leftovers(store.path, store.read_path)
        done = Restored(manifest)
        marks = _find_marks(store, done)
        if marks and marks.fingerprint and manifest.fingerprint and marks.fingerprint != manifest.fingerprint:
            raise KeyMismatch(
                f"{backup}: is of another store than {store.path}, with another author key; choose another --store"
            )
        keys = _find_keys(store, backup, done, marks)
        try:
            with owner_only(), draft.open("xb") as file:
                take_out(backup, manifest, STORE, file)
                file.flush()
                os.fsync(file.fileno())
            with connected(draft) as connection:
                migrate(connection, backup)
                if marks is not None and keys is not None:
                    with whole(connection):
                        _erase_again(Store(draft, keys=keys), connection, marks, keys, run_id, done)
                connection.execute("CHECKPOINT")
            # The log of the store that goes would be taken for this one's.
            store.path.with_name(store.path.name + ".wal").unlink(missing_ok=True)
            put_in_place(draft, store.path)
            if keys is not None and KEY in manifest.members and not store.key_path.exists():
                with suppress(FileExistsError):  # a key that is there is never replaced
                    write_key(store.key_path, keys)
                done.key_restored = store.key_path
        except OSError as problem:
            raise StoreUnusable(f"{store.path}: cannot be restored: {problem.strerror}; it is as it was") from None
        finally:
            for each in (draft, draft.with_name(draft.name + ".wal")):
                each.unlink(missing_ok=True)
    return done


def _find_marks(store: Store, done: Restored) -> _Marks | None:
    """The marks in the store that is replaced; where that is gone or cannot be read, in its published copy."""
    for path, where in ((store.path, BESIDE), (store.read_path, IN_COPY)):
        if not path.exists():
            continue
        try:
            with duckdb.connect(str(path), read_only=True) as connection:
                if not first_row(connection, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_migrations'"):
                    raise StoreUnusable(
                        f"{path}: is a DuckDB file of something else, not a store; choose another --store"
                    )
                tables = {
                    name: connection.execute(f"SELECT {columns} FROM {name}").to_arrow_table()
                    for name, columns in MARKS.items()
                }
                row = first_row(connection, "SELECT value FROM store_settings WHERE name = 'author_key_fingerprint'")
        except duckdb.Error as problem:
            if "lock" in str(problem).lower():
                raise StoreBusy(f"{path}: another program holds it open; close that and restore again") from None
            done.unreadable = done.unreadable or str(path)
            continue
        done.marks_from = where
        return _Marks(tables, str(row[0]) if row else "")
    return None


def _find_keys(store: Store, backup: Path, done: Restored, marks: _Marks | None) -> AuthorKeys | None:
    """The key that is here, else that of the backup. Without one nothing that is marked could be told."""
    fingerprint = done.manifest.fingerprint or (marks.fingerprint if marks else "") or None
    if store.key_path.exists():
        return load_keys(store.key_path, fingerprint)
    if done.manifest.with_key:
        written = io.BytesIO()
        take_out(backup, done.manifest, KEY, written)
        return AuthorKeys(bytes.fromhex(written.getvalue().decode("ascii").strip()))
    if fingerprint is not None:
        if marks and any(len(rows) for rows in marks.tables.values()):
            raise KeyMismatch(
                f"{store.key_path}: the author key is missing, and without it what was erased since the backup cannot "
                "be told; restore the file or set BRANDTRUST_KEY_FILE"
            )
        done.key_missing = store.key_path
    return None


def _erase_again(
    draft: Store,
    connection: duckdb.DuckDBPyConnection,
    marks: _Marks,
    keys: AuthorKeys,
    run_id: str,
    done: Restored,
) -> None:
    """Add the marks that are new to the restored store, and erase what they are of."""
    for name, columns in MARKS.items():
        connection.register("later_marks", marks.tables[name])
        key = ", ".join(columns.split(", ")[:2])
        row = first_row(
            connection,
            f"INSERT INTO {name} ({columns}) SELECT DISTINCT ON ({key}) {columns} FROM later_marks "
            f"ANTI JOIN {name} USING ({key})",
        )
        done.marks += int(row[0]) if row else 0
        connection.unregister("later_marks")
    if not done.marks:
        return
    draft.record_fingerprint(connection)
    sources = [str(row[0]) for row in connection.execute(statement("list_sources")).fetchall()]
    for source in sources:
        connection.execute(
            statement("find_marked_posts"),
            {"source": source, "post_key": keys.post_mark_key, "author_key": keys.author_mark_key},
        )
        purged = erase_gone_posts(draft, connection, source, run_id)
        done.erased += purged.posts + purged.quarantined + erase_unwanted(draft, connection, source)
