"""A Prefect server of our own on loopback: started as a program beside this one, started again where it dies."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from flows.errors import ServerError
from flows.passing_server import LOOPBACK
from flows.settings import STARTUP_SECONDS

POLL_SECONDS = 0.05
STOP_SECONDS = 10.0
USUAL_PORT = 4200  # where Prefect's own server would be, and its page
TRIES = 3
STEADY_SECONDS = 60.0  # a server that lived for so long may be started again as often as it dies


class OwnServer:
    """A server in a process of its own. `schedules`: with its page and the services that fire scheduled runs."""

    def __init__(self, *, schedules: bool) -> None:
        self.schedules = schedules
        self.port = _free_port(USUAL_PORT if schedules else 0)
        self.url = f"http://{LOOPBACK}:{self.port}/api"
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - of this object, as long as it lives
        self._stopping = threading.Event()
        self._process = self._start()
        if schedules:
            threading.Thread(target=self._start_again, daemon=True).start()

    def await_answer(self) -> None:
        """Wait until it answers. Raises ServerError where it ends, or takes too long."""
        deadline = time.monotonic() + float(
            os.environ.get("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", STARTUP_SECONDS)
        )
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise ServerError(f"the local Prefect server did not start: {self._last_line()}")
            if answers(self.url):
                if self.schedules:
                    self._write_down()
                return
            time.sleep(POLL_SECONDS)
        raise ServerError(
            "the local Prefect server did not answer in time; give it longer by "
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS, or run the stages: collect, score, effects, report"
        )

    def stop(self) -> None:
        """End it."""
        self._stopping.set()
        if self.schedules and running_server() == self.url:
            _address_file().unlink(missing_ok=True)
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.passing_server", str(self.port)],
            env={**os.environ, **self._environment()},
            stdin=subprocess.PIPE,  # closes with this process, and the server with it
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C is for this process, which still needs the server to pause its schedules
        )

    def _start_again(self) -> None:
        """While it is not to stop: its state is in a file, so scheduled runs go on where they were."""
        died_early = 0
        while died_early < TRIES:
            begun = time.monotonic()
            self._process.wait()
            if self._stopping.is_set():
                return
            died_early = 0 if time.monotonic() - begun > STEADY_SECONDS else died_early + 1
            sys.stderr.write(f"brandtrust: the local Prefect server ended ({self._last_line()}); it is started again\n")
            self._process = self._start()
            if self._stopping.is_set():  # it was told to stop while it was started
                self._process.kill()
                return
            with contextlib.suppress(ServerError):
                self.await_answer()

    def _environment(self) -> dict[str, str]:
        if not self.schedules:
            # The flags that Prefect gives its own temporary server: one process, no services but the few that it needs.
            return {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_FINAL": "1", "PREFECT__SERVER_EPHEMERAL": "1"}
        defaults = {
            "PREFECT_UI_STATIC_DIRECTORY": str(
                prefect_home() / "ui"
            ),  # where the packages lie it may not be allowed to write
            # In memory, as is Prefect's default, a server that is started again would never give back who held a slot.
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        }
        return {
            **{name: value for name, value in defaults.items() if name not in os.environ},
            "PREFECT__SERVER_FINAL": "1",
            "PREFECT_UI_API_URL": self.url,
        }

    def _write_down(self) -> None:
        """Its address, so that a run which is started by hand need not start another."""
        _address_file().write_text(json.dumps({"url": self.url, "process": self._process.pid}))

    def _last_line(self) -> str:
        self._log.seek(0)
        lines = [line.strip() for line in self._log.read().splitlines() if line.strip()]
        return lines[-1][:300] if lines else "it ended without a word"


def running_server() -> str | None:
    """The address of a server that `brandtrust serve` of this person keeps running on this machine."""
    try:
        written = json.loads(_address_file().read_text())
        url, process = str(written["url"]), int(written["process"])
        os.kill(process, 0)  # nothing is sent: another person's process raises, as does one that is gone
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return url if url.startswith(f"http://{LOOPBACK}:") and answers(url) else None


def answers(url: str) -> bool:
    """Whether a Prefect server is healthy at `url`."""
    import httpx

    try:
        return httpx.get(f"{url}/health", timeout=5.0).status_code == 200
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


def prefect_home() -> Path:
    """Where Prefect keeps its state: PREFECT_HOME, or the folder that it takes without."""
    home = os.environ.get("PREFECT_HOME")
    return Path(home).expanduser() if home else Path.home() / ".prefect"


def _address_file() -> Path:
    return prefect_home() / "brandtrust-server.json"


def _free_port(preferred: int = 0) -> int:
    """The preferred port where it is free, else any."""
    for port in (preferred, 0):
        with socket.socket() as free, contextlib.suppress(OSError):
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind((LOOPBACK, port))
            return int(free.getsockname()[1])
    raise ServerError("no port is free on loopback for a Prefect server; end something that holds many")
