"""What a question may take of the machine, and what never becomes of the files around it."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from flows.errors import UsageError
from flows.question_limits import LEFT_BEHIND, ROOM_PREFIX, bounded_memory, read_size, temporary_room
from tests.conftest import ROOT
from tests.flows.conftest import BrandTrust
from tests.flows.test_published_sql import collected, once_collected

__all__ = ["collected", "once_collected"]


@pytest.mark.parametrize("name", ["brandtrust.duckdb", "brandtrust.read.duckdb", "brandtrust.key", "acme.toml", "link"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_answer_never_takes_the_place_of_a_store_or_its_key(
    name: str, kind: str, collected: Path, brandtrust: BrandTrust
) -> None:
    """Nor of a brand file, nor of what a link leads to: refused, and the file is as it was."""
    if name == "link":
        Path(name).symlink_to("brandtrust.duckdb")
    before = Path(name).read_bytes()
    told = brandtrust("sql", "SELECT 1", "--format", kind, "--out", name)
    assert told.exit_code == 2
    assert "is there and is no earlier answer" in " ".join(told.output.split())
    assert Path(name).read_bytes() == before
    assert not list(Path().glob("*.part"))


def test_an_answer_takes_the_place_of_an_earlier_one_and_is_for_its_owner(
    collected: Path, brandtrust: BrandTrust
) -> None:
    """Posts are people's words: mode 600, and 640 where the group could read the file before."""
    for mode, wanted in ((None, 0o600), (0o644, 0o640)):
        if mode:
            Path("answer.csv").chmod(mode)
        assert brandtrust("sql", "SELECT text FROM posts", "--format", "csv", "--out", "answer.csv").exit_code == 0
        assert stat.S_IMODE(Path("answer.csv").stat().st_mode) == wanted


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells how much memory is in use")
def test_one_value_does_not_grow_beyond_the_memory(collected: Path) -> None:
    """A function may make a single value of any size, which DuckDB's own limit does not hold."""
    asked = "SELECT length(repeat('a', 4000000000)) AS long"
    told = subprocess.run(
        [sys.executable, "-m", "flows.command_line", "sql", asked, "--memory", "100MB"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert told.returncode == 2
    assert "this question needs more than 100MB of memory" in told.stderr


def test_the_limit_is_that_of_the_question_alone() -> None:
    """Afterwards the process may have what it could have before."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with bounded_memory("100MB"):
        assert resource.getrlimit(resource.RLIMIT_DATA)[0] > 1_000_000_000
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@pytest.mark.parametrize(("written", "size"), [("500MB", 500_000_000), ("1.5 GiB", 1_610_612_736), ("4gb", 4 * 10**9)])
def test_sizes_are_read_as_people_write_them(written: str, size: int) -> None:
    """Decimal units, and binary ones by their names."""
    assert read_size(written) == size


@pytest.mark.parametrize("written", ["-1", "1B", "80%", "much", "", "1KB", "5", "9999999GB"])
def test_what_is_no_size_is_refused(written: str) -> None:
    """Also what is too little for anything."""
    with pytest.raises(UsageError, match="10MB or more"):
        read_size(written)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM")
def test_a_question_that_is_ended_leaves_nothing(collected: Path, tmp_path: Path) -> None:
    """Its temporary files go with it, as when Ctrl-C is pressed."""
    asked = "SELECT count(*) FROM (SELECT range AS i FROM range(3000000000) ORDER BY hash(i), i)"
    going = subprocess.Popen(
        [sys.executable, "-m", "flows.command_line", "sql", asked, "--memory", "50MB"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(f"{ROOM_PREFIX}*/*")):
        assert time.monotonic() < deadline, "no temporary files"
        assert going.poll() is None
        time.sleep(0.05)
    going.send_signal(signal.SIGTERM)
    _, told = going.communicate(timeout=60)
    assert going.returncode == 130
    assert told.strip().endswith("interrupted")
    assert not list(tmp_path.glob(f"{ROOM_PREFIX}*"))


def test_what_a_killed_question_left_goes_a_day_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the next question; what is younger may belong to one that still runs."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, young = tmp_path / f"{ROOM_PREFIX}old", tmp_path / f"{ROOM_PREFIX}young"
    for folder in (old, young):
        folder.mkdir()
        (folder / "spilled").write_text("words")
    os.utime(old, (time.time() - LEFT_BEHIND - 60,) * 2)
    with temporary_room() as room:
        assert Path(room).is_dir()
    assert not old.exists()
    assert young.exists()
    assert not Path(room).exists()
    shutil.rmtree(young)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"\xff\xfe SELECT 1;", "no UTF-8 text"),
        (b"SELECT \x00 1;", "NUL character"),
        (b"SELECT " + b"(1+" * 900 + b"1" + b")" * 900, "nested too deeply"),
    ],
)
@pytest.mark.parametrize("way", [["-"], ["--shell"]])
def test_what_cannot_be_a_question_is_one_line(given: bytes, said: str, way: list[str], collected: Path) -> None:
    """From a pipe too, to one question and to the shell."""
    told = subprocess.run(
        [sys.executable, "-m", "flows.command_line", "sql", *way],
        input=given,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert told.returncode == 2
    assert said in told.stderr.decode()
    assert b"unexpected" not in told.stderr
