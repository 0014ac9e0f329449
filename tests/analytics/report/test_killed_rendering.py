"""A process that is killed while it renders a kept report anew leaves the old file or the new one, and never half."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.report import build_report, publish_report, render_outdated
from analytics.store import Store
from analytics.store.purging import purge_posts
from tests.analytics.report.invented_store import Invented, fill_store
from tests.traces import found_in_bytes

LOUD = ("Loudest words of all, and a link", "The second loudest words", "The third loudest words")
PLAN = Invented(posts_a_week=12, peers=(("webex", "Webex"),), texts=LOUD[::-1])
RENDER = """
import os, signal, sys
from pathlib import Path
from analytics.report import keeping, render_outdated
from analytics.store import Store

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def write_half(path, content):
    with path.open("wb") as file:
        file.write(content[: len(content) // 2])
    die()

def replace_and_die(draft, out):
    os.replace(draft, out)
    die()

place, name = sys.argv[1:]
match place:
    case "half of the draft is written":
        Path.write_bytes = write_half
    case "the draft is written":
        Path.replace = die
    case "the file has taken its place":
        Path.replace = replace_and_die
    case "the record of the old one is to go":
        keeping._drop_others = die
render_outdated(Store(name), "run2")
"""


@pytest.fixture(scope="module")
def outdated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, a page that quotes three posts, and one of them erased since."""
    folder = tmp_path_factory.mktemp("outdated")
    (folder / "a.key").write_text("ab" * 32)
    (folder / "a.key").chmod(0o600)
    store = fill_store(folder / "a.duckdb", PLAN)
    with store.reader() as connection:
        report = build_report(connection, "zoom")
    publish_report(store, report, folder / "reports" / "a.html", "run1")
    gone = next(post.post_id for post in report.posts if post.text == LOUD[0])
    purge_posts(store, "forum", {gone: "deleted"}, "run2")
    return folder


@pytest.mark.parametrize(
    ("where", "is_new"),
    [
        ("half of the draft is written", False),
        ("the draft is written", False),
        ("the file has taken its place", True),
        ("the record of the old one is to go", True),
    ],
)
def test_a_kill_leaves_the_old_file_or_the_new_one(outdated: Path, tmp_path: Path, where: str, is_new: bool) -> None:
    """Wherever it comes; the next sweep takes the quote out, and leaves no draft and no record of the old file."""
    folder = tmp_path / "copy"
    shutil.copytree(outdated, folder)
    name, page = folder / "a.duckdb", folder / "reports" / "a.html"
    old = page.read_bytes()
    killed = subprocess.run([sys.executable, "-c", RENDER, where, str(name)], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    left = page.read_bytes()
    assert (left != old) is is_new
    assert left.rstrip().endswith(b"</html>")

    store = Store(name)
    render_outdated(store, "run3")
    assert found_in_bytes(page.parent, LOUD) == set(LOUD[1:])
    assert [each.name for each in page.parent.iterdir()] == ["a.html"]
    with store.writer() as connection:
        assert connection.execute("SELECT path, outdated FROM reports").fetchall() == [("reports/a.html", False)]
    if is_new:
        assert page.read_bytes() == left
