"""A copy is the file, whichever way it is made, and a disk that is full is told."""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path

import pytest

from analytics.store import file_copying
from analytics.store.file_copying import AT_ONCE, BLOCK, copy_file

SIZES = (0, 1, BLOCK - 1, BLOCK, 3 * BLOCK + 7, AT_ONCE, AT_ONCE + BLOCK, 2 * AT_ONCE + 4_095)


def written(folder: Path, size: int) -> Path:
    path = folder / "given"
    path.write_bytes(random.Random(size).randbytes(size))
    return path


@pytest.fixture
def every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files too are written past the cache."""
    monkeypatch.setattr(file_copying, "SMALL", 1)


@pytest.mark.usefixtures("every_size")
@pytest.mark.parametrize("size", SIZES)
def test_a_copy_has_the_same_bytes_and_nothing_of_what_was_there(tmp_path: Path, size: int) -> None:
    """With whole blocks or without, and over a file that was longer."""
    given, made = written(tmp_path, size), tmp_path / "made"
    made.write_bytes(b"before" * 4 * AT_ONCE)
    copy_file(given, made)
    assert made.read_bytes() == given.read_bytes()


def test_a_small_file_is_copied_through_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is found by whoever opens it next."""
    monkeypatch.setattr(file_copying, "_share_blocks", lambda *_: False)
    monkeypatch.setattr(os, "pwrite", None)
    given = written(tmp_path, AT_ONCE)
    copy_file(given, tmp_path / "made")
    assert (tmp_path / "made").read_bytes() == given.read_bytes()


@pytest.mark.usefixtures("every_size")
def test_where_a_file_system_cannot_write_past_the_cache_the_file_is_copied_through_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it says so after the first blocks."""
    real, times = os.pwrite, []

    def refuse(*given: object) -> int:
        times.append(1)
        if len(times) > 1:
            raise OSError(errno.EINVAL, "Invalid argument")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "pwrite", refuse)
    given = written(tmp_path, 2 * AT_ONCE + 5)
    copy_file(given, tmp_path / "made")
    assert (tmp_path / "made").read_bytes() == given.read_bytes()


@pytest.mark.usefixtures("every_size")
def test_a_full_disk_is_told_and_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be as full for the other way."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(file_copying, "_share_blocks", lambda *_: False)
    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match="No space left"):
        copy_file(written(tmp_path, AT_ONCE), tmp_path / "made")
    assert not (tmp_path / "made").stat().st_size
