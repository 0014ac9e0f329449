"""Author keys: a handle becomes HMAC-SHA256(source, handle) under a key that belongs to the store.

The key lies in a file of its own (mode 600), never in the store: who gets the store alone cannot test a list of handles
against it. The store keeps the key's fingerprint; another key is an error, never a new key in silence, since the same
author would then count as two.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from analytics.store.errors import KeyMismatch
from analytics.store.file_modes import owner_only

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class AuthorKeys:
    """Turns handles into author keys. The secret is in no repr."""

    secret: bytes = field(repr=False)

    def key(self, source: str, handle: str) -> str:
        """The author key of `handle` on `source`: 32 hex digits. One person on two platforms has two."""
        message = source.encode() + b"\x00" + handle.strip().lower().encode("utf-8", "replace")
        keyed = _begin_hmac(self.secret).copy()
        keyed.update(message)
        return keyed.hexdigest()[:32]

    def post_mark(self, source: str, post_id: str) -> str:
        """By which a deleted post is known: 32 hex digits, under a key of its own."""
        return _mark(self.post_mark_key, f"{source}\x00{post_id}")

    def author_mark(self, author_key: str) -> str:
        """By which a forgotten author is known: 32 hex digits, under a key of its own."""
        return _mark(self.author_mark_key, author_key)

    def record_mark(self, source: str, payload: str) -> str:
        """By which an erased record of the quarantine is known: 32 hex digits, under a key of its own."""
        return _mark(self.record_mark_key, f"{source}\x00{payload}")

    @property
    def post_mark_key(self) -> str:
        """The key of post marks, derived from the author key: for statements/drop_deleted_posts.sql."""
        return self._derive("post marks")

    @property
    def author_mark_key(self) -> str:
        """The key of author marks, derived from the author key: for statements/drop_suppressed_posts.sql."""
        return self._derive("author marks")

    @property
    def record_mark_key(self) -> str:
        """The key of record marks, derived from the author key: for statements/leave_record_marks.sql."""
        return self._derive("record marks")

    def _derive(self, purpose: str) -> str:
        # No message of `key` is without a NUL, so that none can be the same as one of these.
        return hmac.digest(self.secret, f"brandtrust {purpose}".encode(), "sha256").hex()

    @property
    def fingerprint(self) -> str:
        """Says which key this is without telling it."""
        return hashlib.sha256(b"brandtrust author key" + self.secret).hexdigest()[:16]


@lru_cache(maxsize=4)
def _begin_hmac(secret: bytes) -> hmac.HMAC:
    """To be copied for each handle: to begin anew for each takes twice as long."""
    return hmac.new(secret, digestmod="sha256")


def _mark(key: str, message: str) -> str:
    """A keyed hash that DuckDB's sha256() gives too: the inner hash keeps a message from being lengthened."""
    inner = hashlib.sha256((key + message).encode()).hexdigest()
    return hashlib.sha256((key + inner).encode()).hexdigest()[:32]


def key_path(store_path: Path) -> Path:
    """Where the key of this store lies: BRANDTRUST_KEY_FILE, or beside the store."""
    named = os.environ.get("BRANDTRUST_KEY_FILE")
    return Path(named) if named else store_path.with_suffix(".key")


def load_keys(path: Path, fingerprint: str | None, *, in_use: bool = False) -> AuthorKeys:
    """Read the key at `path`; make one where the store has none yet (`fingerprint` None) and no file is there.

    `in_use`: the store holds author keys, whatever its fingerprint; then no key is made.

    Raises KeyMismatch where the file is missing, open to others, malformed, or not the key of this store.
    """
    try:
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        if fingerprint is not None or in_use:
            raise KeyMismatch(
                f"{path}: the author key of this store is missing; restore the file or set BRANDTRUST_KEY_FILE"
            ) from None
        return _make_key(path)
    except (ValueError, UnicodeDecodeError, IsADirectoryError):
        raise KeyMismatch(f"{path}: not an author key (64 hex digits expected)") from None
    except OSError as problem:
        raise KeyMismatch(f"{path}: the author key cannot be read: {problem.strerror}") from None
    if len(secret) != KEY_BYTES:
        raise KeyMismatch(f"{path}: not an author key (64 hex digits expected)")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyMismatch(f"{path}: the author key can be read by others; run: chmod 600 {path}")
    keys = AuthorKeys(secret)
    if fingerprint is not None and keys.fingerprint != fingerprint:
        raise KeyMismatch(f"{path}: not the author key of this store; restore its own or set BRANDTRUST_KEY_FILE")
    return keys


def write_key(path: Path, keys: AuthorKeys) -> None:
    """Write the key to `path`, for its owner only; a key that is there stays. Raises FileExistsError, KeyMismatch."""
    try:
        with owner_only():
            path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(keys.secret.hex() + "\n")
            os.link(draft, path)  # whole or not at all, and never over a key that is there
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError:
        raise
    except OSError as problem:
        raise KeyMismatch(f"{path}: the author key cannot be written: {problem.strerror}") from None


def _make_key(path: Path) -> AuthorKeys:
    keys = AuthorKeys(secrets.token_bytes(KEY_BYTES))
    try:
        write_key(path, keys)
    except FileExistsError:  # another first run was quicker
        return load_keys(path, None)
    return keys
