"""The server of `brandtrust serve`: kept alive, ended well, and used by runs beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.own_server import OwnServer, answers, running_server
from tests.conftest import ROOT
from tests.flows.acme import write_acme
from tests.flows.prefect_at_work import blank_home, wait_for

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A home of Prefect's with an empty database."""
    blank = request.config.cache.mkdir("prefect-blank") if request.config.cache else tmp_path / "blank"
    return blank_home(blank, tmp_path / "home")


@pytest.fixture
def served(home: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """`brandtrust serve` in a program of its own, once it says so, and its environment."""
    folder = tmp_path / "brand"
    folder.mkdir()
    write_acme(folder)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BRANDTRUST"))}
    environment = {**kept, "PREFECT_HOME": str(home), "PREFECT_UI_ENABLED": "0", "PYTHONPATH": str(ROOT)}
    serving = subprocess.Popen(
        [sys.executable, "-m", "flows.command_line", "serve", "acme.toml"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=(tmp_path / "errors").open("w"),
        text=True,
    )
    assert serving.stdout is not None
    for line in serving.stdout:
        if line.startswith("Stop with"):
            break
    try:
        yield serving, environment
    finally:
        serving.terminate()
        try:
            serving.wait(60)
        except subprocess.TimeoutExpired:
            serving.kill()
            serving.wait()


def test_serve_keeps_its_server_lends_it_and_pauses_at_the_end(
    served: tuple[subprocess.Popen[str], dict[str, str]], home: Path, tmp_path: Path
) -> None:
    """A killed server is started again with its state; a run beside it starts none; SIGTERM pauses what was served."""
    serving, environment = served
    written = home / "brandtrust-server.json"
    first = json.loads(written.read_text())
    os.kill(first["process"], signal.SIGKILL)
    second = wait_for(lambda: (now := json.loads(written.read_text())) != first and now, "another server")
    assert second["url"] == first["url"]
    assert "it is started again" in (tmp_path / "errors").read_text()

    run = subprocess.run(
        [sys.executable, "-m", "flows.command_line", "run", "acme.toml", "--debug"],
        cwd=tmp_path / "brand",
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert first["url"].removesuffix("/api") in run.stderr  # Prefect's log names the page of the run

    serving.terminate()
    assert serving.wait(60) == 0
    assert serving.stdout is not None
    assert serving.stdout.read() == "Stopped; the schedules are paused until the next serve.\n"
    assert not written.exists()
    assert not answers(first["url"])
    assert set(paused(home)) == {1}


def paused(home: Path) -> list[int]:
    """Of each deployment whether it is paused."""
    import sqlite3

    connection = sqlite3.connect(home / "prefect.db")
    try:
        return [row[0] for row in connection.execute("SELECT paused FROM deployment")]
    finally:
        connection.close()


def test_an_address_of_nobody_is_not_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that was killed with all around it has left its address behind: a run then starts its own."""
    monkeypatch.setenv("PREFECT_HOME", str(home))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for content in ("", "{}", json.dumps({"url": "http://127.0.0.1:9/api", "process": gone.pid})):
        (home / "brandtrust-server.json").write_text(content)
        assert running_server() is None
    server = OwnServer(schedules=False)
    try:
        server.await_answer()
        known = {"url": server.url, "process": server._process.pid}
        (home / "brandtrust-server.json").write_text(json.dumps(known))
        assert running_server() == server.url
        away = {"url": server.url.replace("127.0.0.1", "127.0.0.2"), "process": server._process.pid}
        (home / "brandtrust-server.json").write_text(json.dumps(away))
        assert running_server() is None
    finally:
        server.stop()
