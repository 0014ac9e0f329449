"""Backups: one tar file with the store as it was between two transactions, and a manifest of checksums.

The author key is not in it unless asked for: whoever gets the backup alone cannot tell handles. A store that still has
bytes of what was erased is rewritten first, so that no backup takes them along.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from analytics.store.compaction import DUE, compact
from analytics.store.duckdb_file import connected
from analytics.store.errors import StoreUnusable
from analytics.store.file_modes import OWNER_ONLY, owner_only
from analytics.store.migrating import migrate, migrations
from analytics.store.store import Store, first_row, now

FORMAT = 1
STORE, KEY, MANIFEST = "store.duckdb", "author.key", "manifest.json"
ENDING = ".brandtrust.tar"
LARGEST_MANIFEST = 1 << 20  # bytes
BLOCK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a backup."""

    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `step`: the last migration of its store. `fingerprint`: of its author key; may be empty."""

    format: int
    made_at: datetime  # UTC
    step: int
    posts: int
    fingerprint: str
    members: dict[str, Member]

    @property
    def with_key(self) -> bool:
        """Whether the author key is in it."""
        return KEY in self.members


def back_up(store: Store, where: Path, *, with_key: bool = False) -> tuple[Path, Manifest]:
    """Write a backup of `store` to the new file `where`, or into the folder `where` under a name with the time.

    Runs may go on meanwhile; they wait while the store is read. Raises StoreUnusable where the file is there, cannot be
    written, or the store is not one; KeyMismatch where the key is asked for and is not this store's.
    """
    while True:
        with store.locked():
            with connected(store.path) as connection:
                migrate(connection, store.path)
                due = first_row(connection, DUE) is not None
                if not due:
                    keys = store.keys_within(connection) if with_key else None
                    step, posts, fingerprint = _describe(connection)
                    connection.execute("CHECKPOINT")
            if not due:
                if store.path.with_name(store.path.name + ".wal").exists():
                    raise StoreUnusable(f"{store.path}: its write-ahead log cannot be merged; close what has it open")
                moment = now()
                path = where / f"{store.path.stem}-{moment:%Y%m%dT%H%M%SZ}{ENDING}" if where.is_dir() else where
                with _new_file(path) as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                    with store.path.open("rb") as stored:
                        members = {STORE: _add(tar, STORE, stored, store.path.stat().st_size, moment)}
                    if keys is not None:
                        secret = f"{keys.secret.hex()}\n".encode()
                        members[KEY] = _add(tar, KEY, io.BytesIO(secret), len(secret), moment)
                    manifest = Manifest(FORMAT, moment, step, posts, fingerprint, members)
                    told = _write_manifest(manifest)
                    _add(tar, MANIFEST, io.BytesIO(told), len(told), moment)
                return path, manifest
        compact(store)


def read_manifest(path: Path) -> Manifest:
    """What the backup at `path` says of itself. Raises StoreUnusable: no backup, damaged, or of a newer release."""
    with _opened(path) as tar:
        try:
            file = tar.extractfile(MANIFEST)
        except KeyError:
            file = None
        if file is None:
            raise StoreUnusable(f"{path}: is not a backup by brandtrust; give a file that `brandtrust backup` wrote")
        return _read_manifest(path, file.read(LARGEST_MANIFEST))


def take_out(path: Path, manifest: Manifest, name: str, target: IO[bytes]) -> None:
    """Write a file of the backup to `target`. Raises StoreUnusable where it is not what was backed up."""
    found, size = hashlib.sha256(), 0
    with _opened(path) as tar:
        try:
            file = tar.extractfile(name)
        except KeyError:
            file = None
        while file is not None and (block := file.read(BLOCK)):
            found.update(block)
            size += len(block)
            target.write(block)
    if Member(size, found.hexdigest()) != manifest.members[name]:
        raise StoreUnusable(f"{path}: is damaged: {name} in it is not what was backed up; take another backup")


def _describe(connection: Any) -> tuple[int, int, str]:
    row = first_row(
        connection,
        "SELECT (SELECT max(number) FROM schema_migrations), (SELECT count(*) FROM posts), "
        "(SELECT value FROM store_settings WHERE name = 'author_key_fingerprint')",
    ) or (0, 0, None)
    return int(row[0]), int(row[1]), str(row[2] or "")


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there, whole and for its owner only, once all is written; never in the place of another."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        if path.exists():
            raise StoreUnusable(f"{path}: is there already and is left as it is; give another name or a folder")
        with owner_only(), draft.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike a rename it replaces nothing
    except FileExistsError:
        raise StoreUnusable(f"{path}: is there already and is left as it is; give another name or a folder") from None
    except OSError as problem:
        raise StoreUnusable(f"{path}: cannot be written: {problem.strerror}; no backup was made") from None
    finally:
        draft.unlink(missing_ok=True)


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._read: Callable[[int], bytes] = file.read
        self.hash = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        block = self._read(size)
        self.hash.update(block)
        return block


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int, moment: datetime) -> Member:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, OWNER_ONLY, int((moment - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001 - UTC
    hashed = _Hashed(file)
    tar.addfile(entry, hashed)
    return Member(size, hashed.hash.hexdigest())


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError):
        raise StoreUnusable(f"{path}: is damaged or not a backup by brandtrust; take another backup") from None
    except OSError as problem:
        raise StoreUnusable(f"{path}: cannot be read: {problem.strerror}; check the path") from None


def _write_manifest(manifest: Manifest) -> bytes:
    told = {**asdict(manifest), "made_at": manifest.made_at.isoformat()}
    plain = json.dumps(told, sort_keys=True)
    return (json.dumps({**told, "checksum": _checksum(plain)}, sort_keys=True, indent=1) + "\n").encode()


def _read_manifest(path: Path, written: bytes) -> Manifest:
    try:
        told = json.loads(written)
        newest = int(told["format"]), int(told["step"])
        checksum = told.pop("checksum")
        whole = checksum == _checksum(json.dumps(told, sort_keys=True))
    except (ValueError, KeyError, TypeError, AttributeError):
        whole, newest = False, (0, 0)
    if not whole:
        raise StoreUnusable(f"{path}: is damaged: its manifest is not what was written; take another backup")
    if newest[0] > FORMAT or newest[1] > max(number for number, _, _ in migrations()):
        raise StoreUnusable(f"{path}: was written by a newer release (step {newest[1]}); update brandtrust")
    members = {name: Member(**each) for name, each in told["members"].items()}
    return Manifest(**{**told, "made_at": datetime.fromisoformat(told["made_at"]), "members": members})


def _checksum(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
