"""A real Prefect server and a real worker for tests, each a program of its own that a test may kill."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar

import httpx
from filelock import FileLock

from flows.own_server import _free_port, answers
from tests.conftest import ROOT

T = TypeVar("T")
PATIENCE = 150.0  # seconds until a wait gives up; nothing is judged by how long it took
QUICK = {  # how often the services look: a test should not wait for theirs
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "1",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "true",
    "PREFECT_WORKER_QUERY_SECONDS": "1",
    "PREFECT_WORKER_PREFETCH_SECONDS": "1",
}
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class PrefectAtWork:
    """A server on `url` with its state in `home`, and what is started against it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}/api"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BRANDTRUST"))}
        self.environment = {
            **{name: value for name, value in kept.items() if not name.lower().endswith("_proxy")},
            **QUICK,
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_HOME": str(home),
            "PREFECT_UI_ENABLED": "0",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
            "PYTHONPATH": str(ROOT),
        }
        self.server = self._start_server()

    def _start_server(self) -> subprocess.Popen[bytes]:
        # Its standard input is a pipe: it ends with the tests, however those end.
        server = subprocess.Popen(
            [sys.executable, "-m", "flows.passing_server", str(self.port)],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: answers(self.url), "the server")
        return server

    def kill_server(self) -> None:
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def start_server_again(self) -> None:
        self.server = self._start_server()

    def stop(self) -> None:
        self.server.terminate()
        self.server.wait(30)

    def brandtrust(self, *arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
        """A command with this server configured, in a folder of its own."""
        return subprocess.run(
            [sys.executable, "-m", "flows.command_line", *map(str, arguments)],
            cwd=folder,
            env={**self.environment, "PREFECT_API_URL": self.url},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def worker(self, pool: str) -> Iterator[subprocess.Popen[bytes]]:
        """A worker of `pool`; it and the runs that it has started end with the context."""
        worker = subprocess.Popen(
            [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool, "--type", "process"],
            env={**self.environment, "PREFECT_API_URL": self.url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield worker
        finally:
            worker.terminate()
            try:
                worker.wait(30)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()

    def ask(self, path: str, **body: Any) -> Any:
        """What the server answers to a POST."""
        return self._answer("POST", path, json=body)

    def get(self, path: str) -> Any:
        """What the server answers to a GET."""
        return self._answer("GET", path)

    def _answer(self, method: str, path: str, **given: Any) -> Any:
        """What the server answers, asked again while it is too busy (503), as Prefect's own client does."""

        def look() -> httpx.Response | None:
            answer = httpx.request(method, f"{self.url}/{path}", timeout=30, **given)
            return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer

        answer = wait_for(look, f"an answer to {path}")
        answer.raise_for_status()
        return answer.json()

    def deployment(self, name: str) -> dict[str, Any]:
        """A deployment by flow/name."""
        found: dict[str, Any] = self.get(f"deployments/name/{name}")
        return found

    def start_run(self, name: str) -> str:
        """Start a run of a deployment now; its id."""
        return str(self.ask(f"deployments/{self.deployment(name)['id']}/create_flow_run")["id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """A run as it stands."""
        found: dict[str, Any] = self.get(f"flow_runs/{run_id}")
        return found

    def await_end(self, run_id: str) -> dict[str, Any]:
        """A run that has ended."""
        return wait_for(lambda: (run := self.run(run_id))["state_type"] in ENDED and run, f"the end of run {run_id}")


def wait_for(look: Callable[[], T | Literal[False] | None], what: str) -> T:
    """What `look` finds, once it finds something; a server that is away for a moment is asked again."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if found := look():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"waited in vain for {what}")


def children(process: int) -> list[int]:
    """The programs that a program has started (Linux)."""
    return [
        int(child)
        for thread in Path(f"/proc/{process}/task").iterdir()
        for child in (thread / "children").read_text().split()
    ]


def blank_home(blank: Path, home: Path) -> Path:
    """A home with an empty database, copied from `blank`, which is made where it is not there: that takes long."""
    environment = {**os.environ, "PREFECT_HOME": str(blank), "DO_NOT_TRACK": "1"}
    with FileLock(blank.with_suffix(".lock")):
        if not (blank / "made").exists():
            command = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"]
            subprocess.run(command, env=environment, check=True, capture_output=True, timeout=PATIENCE)
            (blank / "made").touch()
    shutil.copytree(blank, home)
    return home


@contextmanager
def prefect_at_work(home: Path, blank: Path) -> Iterator[PrefectAtWork]:
    """A server with an empty database of its own in `home`."""
    at_work = PrefectAtWork(blank_home(blank, home))
    try:
        yield at_work
    finally:
        at_work.stop()
