"""Who may read the files that brandtrust makes, since they hold people's words.

The store, its write-ahead log, its lock and its drafts are for their owner only, whatever the umask. What is made for
others to read, the published copy and the reports, is so too until the owner lets a group read it; the world never may.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OWNER_ONLY = 0o600
OWNER_AND_GROUP = 0o640
_OTHERS = 0o077
_WORLD = 0o027  # and writing by the group
_turn = threading.Lock()
_inside = 0
_umask = 0


@contextmanager
def owner_only(*, group: bool = False) -> Iterator[None]:
    """What is created meanwhile, by DuckDB too, is for its owner only: files of mode 600, folders 700.

    With `group` its group may read it: 640 and 750. The umask belongs to the whole process: it is set by the first
    thread that comes and put back by the last that goes.
    """
    global _inside, _umask
    with _turn:
        if _inside == 0:
            _umask = os.umask(_WORLD if group else _OTHERS)
        _inside += 1
    try:
        yield
    finally:
        with _turn:
            _inside -= 1
            if _inside == 0:
                os.umask(_umask)


def is_open_to_group(folder: Path) -> bool:
    """Whether the owner has let the group of a folder read it."""
    with suppress(OSError):
        return bool(folder.stat().st_mode & stat.S_IRGRP) and os.name == "posix"
    return False


def close_to_others(path: Path) -> None:
    """Take away what others may do with a file that is there, as one of an earlier release; where it is ours."""
    with suppress(OSError):
        if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
            path.chmod(OWNER_ONLY)


def open_to_group(path: Path, like: Path) -> None:
    """Let the group of the file or folder `like` read `path` where it may read `like`; nothing is done without it."""
    with suppress(OSError):  # a group that is not ours to give: the file stays closed
        told = like.stat()
        if told.st_mode & stat.S_IRGRP and os.name == "posix":
            if path.stat().st_gid != told.st_gid:
                os.chown(path, -1, told.st_gid)
            path.chmod(OWNER_AND_GROUP)
