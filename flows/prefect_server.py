"""A Prefect server on loopback for those who have none: started beside other work, ended with the run.

Prefect would start one by itself, but inside the first flow and after importing its whole server into this process.
Started here it boots on the second core while the sample is written or pandas is imported, and `serve` gets one with
the services that fire schedules, which Prefect's own temporary server lacks. State is kept in PREFECT_HOME.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from flows.errors import ServerError, ServerLost
from flows.passing_server import LOOPBACK
from flows.settings import STARTUP_SECONDS, prepare_environment

POLL_SECONDS = 0.05
STOP_SECONDS = 10.0
ATTEMPTS_AGAIN = 2  # on a server of our own: one that is gone does not come back
STAYS = "what was done until then stays, and another run goes on from there"


@contextlib.contextmanager
def prefect_server(*, schedules: bool = False) -> Iterator[Callable[[], None]]:
    """A server to run flows against: the configured one, or one of our own that ends with the context.

    Yields a function that waits until the server answers; call it before the first flow. `schedules`: with the
    services that fire scheduled runs. Raises ServerError where it does not start or does not answer, and ServerLost
    where it ends under a flow.
    """
    prepare_environment()
    from prefect.settings import (
        PREFECT_API_URL,
        PREFECT_CLIENT_MAX_RETRIES,
        PREFECT_LOGGING_TO_API_ENABLED,
        temporary_settings,
    )

    configured = PREFECT_API_URL.value()
    if configured:
        lost = f"the Prefect server {configured} stopped answering during the run: {STAYS}; start it and run again"
        with _told_where_lost(configured, lost):
            yield lambda: _require_answer(configured)
        return
    _reach_loopback_directly()
    port = _free_port()
    url = f"http://{LOOPBACK}:{port}/api"
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.passing_server", str(port)],
            env=_environment(schedules),
            stdin=subprocess.PIPE,  # closes with this process, and the server with it
            stdout=log,
            stderr=log,
        )
        try:
            # A server that ends with the run has no readers of logs, and is gone when the last of them would be sent.
            ours = {
                PREFECT_API_URL: url,
                PREFECT_LOGGING_TO_API_ENABLED: schedules,
                PREFECT_CLIENT_MAX_RETRIES: ATTEMPTS_AGAIN,
            }
            lost = (
                f"the local Prefect server ended during the run: {STAYS}; run again, or do without Prefect by the "
                "stages: collect, score, effects, report"
            )
            with temporary_settings(ours), _told_where_lost(url, lost):
                yield lambda: _await_answer(url, process, log)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def _told_where_lost(url: str, told: str) -> Iterator[None]:
    """Prefect's client meets a server that is gone by whatever its transport says; here that becomes one line."""
    import httpx

    try:
        yield
    except httpx.TransportError:
        if answers(url):  # then it is no fault of the server's
            raise
        raise ServerLost(told) from None


def _environment(schedules: bool) -> dict[str, str]:
    # The flags that Prefect gives its own temporary server: one process, no services but the few that it needs.
    temporary = {} if schedules else {"PREFECT__SERVER_EPHEMERAL": "1"}
    return {**os.environ, "PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_FINAL": "1", **temporary}


def _reach_loopback_directly() -> None:
    """A proxy that the machine is set to use cannot reach this machine's own loopback."""
    for name in ("no_proxy", "NO_PROXY"):
        others = [each for each in os.environ.get(name, "").split(",") if each and each != LOOPBACK]
        os.environ[name] = ",".join([*others, LOOPBACK])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        return int(free.getsockname()[1])


def answers(url: str) -> bool:
    """Whether a Prefect server is healthy at `url`."""
    import httpx

    try:
        return httpx.get(f"{url}/health", timeout=5.0).status_code == 200
    except httpx.HTTPError:
        return False


def _require_answer(url: str) -> None:
    if not answers(url):
        raise ServerError(f"the Prefect server {url} does not answer; start it, or unset PREFECT_API_URL to do without")


def _await_answer(url: str, process: subprocess.Popen[bytes], log: TextIO) -> None:
    deadline = time.monotonic() + float(
        os.environ.get("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", STARTUP_SECONDS)
    )
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerError(f"the local Prefect server did not start: {_last_line(log)}")
        if answers(url):
            return
        time.sleep(POLL_SECONDS)
    raise ServerError(
        "the local Prefect server did not answer in time; give it longer by "
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS, or run the stages: collect, score, effects, report"
    )


def _last_line(log: TextIO) -> str:
    log.seek(0)
    lines = [line.strip() for line in log.read().splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it ended without a word"
