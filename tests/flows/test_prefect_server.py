"""The passing Prefect server, and a server that is gone before the run is over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from flows.errors import ServerLost
from flows.own_server import _free_port
from flows.prefect_server import may_name_a_server, prefect_server
from tests.conftest import ROOT
from tests.flows.acme import live_source, write_acme
from tests.servers.algolia import AlgoliaServer
from tests.servers.platform import PlatformServer, Request, Response


class HealthServer(PlatformServer):
    """As much of a Prefect server as is asked whether it is there."""

    def respond(self, request: Request) -> Response:
        return Response(200, True)


def test_the_server_ends_with_the_run_that_started_it() -> None:
    """A killed run cannot stop its server: the server sees its pipe close and ends by itself."""
    command = [sys.executable, "-m", "flows.passing_server", str(_free_port())]
    server = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert server.stdin is not None
    assert server.poll() is None
    server.stdin.close()
    assert server.wait(60) == 0


@pytest.fixture
def _not_yet_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ServerLost, "happened", False)


@pytest.mark.usefixtures("_not_yet_lost")
def test_a_server_that_is_gone_under_a_flow_is_one_line() -> None:
    """Which one, that nothing is lost, and what to do; not the words of the transport."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with HealthServer() as server:
        url = f"{server.address}/api"
    with temporary_settings({PREFECT_API_URL: url}), pytest.raises(ServerLost) as caught, prefect_server():
        raise httpx.ConnectError("[Errno 111] Connection refused")
    assert str(caught.value).startswith(f"the Prefect server {url} stopped answering during the run: ")
    assert "start it and run again" in str(caught.value)
    assert ServerLost.happened


def test_a_broken_connection_of_something_else_is_not_laid_to_the_server() -> None:
    """Where it still answers, it is not what failed."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with (
        HealthServer() as server,
        temporary_settings({PREFECT_API_URL: f"{server.address}/api"}),
        pytest.raises(httpx.ConnectError),
        prefect_server(),
    ):
        raise httpx.ConnectError("elsewhere")


def find_server(run: int) -> int:
    """The process of the server that a run started, as Linux tells it."""
    children = [int(each) for each in Path(f"/proc/{run}/task/{run}/children").read_text().split()]
    [server] = [each for each in children if b"flows.passing_server" in Path(f"/proc/{each}/cmdline").read_bytes()]
    return server


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="no /proc to find the server in")
def test_a_run_whose_server_is_killed_ends_with_one_line_and_keeps_its_work(tmp_path: Path) -> None:
    """Killed while a source is asked: the posts are stored, and nothing of Prefect's own words is printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BRANDTRUST"))}
    environment |= {"PREFECT_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    asked, killed = threading.Event(), threading.Event()

    class Waiting(AlgoliaServer):
        def respond(self, request: Request) -> Response:
            asked.set()
            killed.wait(60)
            return super().respond(request)

    with Waiting() as source:
        path = write_acme(tmp_path, more=live_source(source.url))
        command = [sys.executable, "-m", "flows.command_line", "run", path.name]
        run = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert asked.wait(180)
        os.kill(find_server(run.pid), signal.SIGKILL)
        killed.set()
        _, told = run.communicate(timeout=240)
    assert run.returncode == 2
    lines = [line for line in told.splitlines() if line.startswith("brandtrust: ")]
    assert lines == [told.splitlines()[-1]]
    assert lines[0].startswith("brandtrust: the local Prefect server ended during the run: what was done until then")
    assert "ConnectError" not in told
    assert "EventsWorker" not in told
    assert (tmp_path / "brandtrust.duckdb").exists()


@pytest.mark.parametrize(
    ("file", "content", "may"),
    [
        ("prefect.toml", '[api]\nurl = "http://127.0.0.1:9/api"\n', True),
        (".env", "PREFECT_API_URL=http://127.0.0.1:9/api\n", True),
        ("home/profiles.toml", '[profiles.team]\nPREFECT_API_URL = "http://127.0.0.1:9/api"\n', True),
        ("pyproject.toml", '[tool.prefect.api]\nurl = "http://127.0.0.1:9/api"\n', True),
        (".env", "X_BEARER_TOKEN=abc\n", False),
        ("pyproject.toml", '[project]\nname = "something"\n', False),
    ],
)
def test_a_server_may_be_named_wherever_prefect_reads(
    file: str, content: str, may: bool, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where none can be named is one started before Prefect is asked."""
    monkeypatch.setenv("PREFECT_HOME", str(workplace / "home"))
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH"):
        monkeypatch.delenv(name, raising=False)
    (workplace / "home").mkdir()
    assert may_name_a_server() is False
    (workplace / file).write_text(content)
    assert may_name_a_server() is may


def test_the_environment_names_a_server(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address, or a profile that has one."""
    monkeypatch.setenv("PREFECT_HOME", str(workplace))
    monkeypatch.setenv("PREFECT_PROFILE", "team")
    assert may_name_a_server() is True
