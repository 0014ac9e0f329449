"""Pictures by a process of its own: what it is asked, what goes wrong in it, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from analytics.report.pictures import PictureError, PictureMaker
from tests.conftest import ROOT

POINT = {"mark": "point", "data": {"values": [{"x": 1}]}, "encoding": {"x": {"field": "x", "type": "quantitative"}}}


@pytest.fixture
def maker() -> Iterator[PictureMaker]:
    one = PictureMaker()
    yield one
    one.stop()


def test_a_specification_becomes_a_picture(maker: PictureMaker) -> None:
    """SVG and PNG come as what they are, and what was begun beside is the same as what is waited for."""
    svg = maker.make("svg", POINT)
    assert svg.startswith(b"<svg")
    assert maker.begin("svg", POINT).result() == svg
    assert maker.make("png", POINT).startswith(b"\x89PNG")


def test_what_cannot_be_drawn_is_told_and_the_next_picture_is_drawn(maker: PictureMaker) -> None:
    """An error keeps its words, and the process goes on."""
    with pytest.raises(PictureError, match="conversion failed"):
        maker.make("svg", {"mark": {"type": "nonsense"}, "data": {"values": []}})
    assert maker.make("svg", POINT).startswith(b"<svg")


def test_a_killed_process_is_told_and_another_takes_its_place(maker: PictureMaker) -> None:
    """As when memory runs out: this picture fails in one line, the next one does not."""
    maker.make("svg", POINT)
    assert maker._process is not None
    os.kill(maker._process.pid, signal.SIGKILL)
    with pytest.raises(PictureError, match="ended by itself"):
        maker.make("svg", POINT)
    assert maker.make("svg", POINT).startswith(b"<svg")


@pytest.mark.parametrize("how", ["", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux for a process's state")
def test_it_ends_with_the_process_that_asked(how: str) -> None:
    """Whether that ends by itself or is killed, nothing of it stays."""
    told = "print(PICTURES._process.pid, flush=True)"
    program = f"from analytics.report.pictures import PICTURES; PICTURES.make('svg', {POINT!r}); {told}; {how}"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    state = Path(f"/proc/{int(done.stdout)}/stat")
    deadline = time.monotonic() + 60
    with suppress(FileNotFoundError, ProcessLookupError):
        while state.read_text().rpartition(")")[2].split()[0] != "Z":  # its end may not have been asked for yet
            assert time.monotonic() < deadline, "still there"
            time.sleep(0.05)
