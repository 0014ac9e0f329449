"""A large file copied onto the disk, at the cost of its bytes and of nothing else.

A copy through the system's cache takes twice the room there, and where that is short costs many times the copying
itself: pages of programs and of the file go, and are read again. So blocks are shared where the file system can
(reflinks of XFS and Btrfs), or written past the cache, straight from where the file lies in it.
"""

from __future__ import annotations

import errno
import mmap
import os
import shutil
import sys
from contextlib import closing
from pathlib import Path

FICLONE = 0x40049409  # of Linux, ioctl_ficlone(2)
AT_ONCE = 16 * 2**20  # bytes
SMALL = 256 * 2**20  # bytes: the cache has room for such a file, and whoever reads it next finds it there
BLOCK = 4096  # what is written past the cache is whole ones
# What says that this way is closed here, and nothing of the disk.
CANNOT = {errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, errno.EPERM, errno.EFAULT, errno.ENODEV, errno.ENOMEM}


def copy_file(source: Path, target: Path) -> None:
    """Copy the bytes of a file that nobody writes to meanwhile, and wait until they are on the disk.

    What was at `target` is overwritten. Raises OSError.
    """
    with source.open("rb") as given, target.open("wb") as made:
        if not (_share_blocks(given.fileno(), made.fileno()) or _write_past_cache(given.fileno(), made.fileno())):
            given.seek(0)
            made.seek(0)
            made.truncate()
            shutil.copyfileobj(given, made, AT_ONCE)
            made.flush()
        os.fsync(made.fileno())


def _share_blocks(given: int, made: int) -> bool:
    """Whether it could be done."""
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        fcntl.ioctl(made, FICLONE, given)
    except OSError:  # most file systems cannot, and what else may be wrong the copying tells
        return False
    return True


def _write_past_cache(given: int, made: int) -> bool:
    """Whether it could be done. Raises OSError where the disk is full, or cannot be read or written."""
    size = os.fstat(given).st_size
    if not hasattr(os, "O_DIRECT") or size < SMALL:
        return False
    import fcntl

    flags = fcntl.fcntl(made, fcntl.F_GETFL)
    try:
        fcntl.fcntl(made, fcntl.F_SETFL, flags | os.O_DIRECT)
        whole = size // BLOCK * BLOCK
        with closing(mmap.mmap(given, size, prot=mmap.PROT_READ)) as mapped, memoryview(mapped) as content:
            at = 0
            while at < whole:
                with content[at : min(at + AT_ONCE, whole)] as piece:
                    at += os.pwrite(made, piece, at)
            fcntl.fcntl(made, fcntl.F_SETFL, flags)
            with content[whole:] as rest:
                os.pwrite(made, rest, whole)
    except OSError as problem:
        fcntl.fcntl(made, fcntl.F_SETFL, flags)
        if problem.errno in CANNOT:
            return False
        raise
    return True
