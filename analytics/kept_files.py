"""Files that are made once on a machine and kept for later processes: machine code, the library of charts.

A file's name says everything that its content depends on, so none is ever outdated; a digest stands before the content,
so that half a file is not used.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

DIGEST = 32  # bytes of SHA-256 before the content


def folders() -> Iterator[Path]:
    """Where they may lie, the first that can be written to is used: as private as byte code and numba's own."""
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(chosen)
    yield Path(__file__).parent / "__pycache__"
    if cache_home := os.environ.get("XDG_CACHE_HOME"):
        yield Path(cache_home) / "brandtrust"
    with suppress(RuntimeError):  # nobody knows a home of this user
        if not cache_home and (home := Path("~").expanduser()).is_absolute():
            yield home / ".cache" / "brandtrust"


def read(name: str) -> bytes | None:
    """What was kept under a name, if it is whole."""
    for folder in folders():
        try:
            content = (folder / name).read_bytes()
        except OSError:
            continue
        if hashlib.sha256(content[DIGEST:]).digest() == content[:DIGEST]:
            return content[DIGEST:]
    return None


def keep(content: bytes, name: str) -> bytes:
    """Keep it for other processes; where no folder can be written to, this process alone has it."""
    for folder in folders():
        half = folder / f"{name}.{os.getpid()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            half.write_bytes(hashlib.sha256(content).digest() + content)
            half.replace(folder / name)
        except OSError:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            continue
        break
    return content
