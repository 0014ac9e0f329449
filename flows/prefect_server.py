"""The Prefect server that flows run against: the configured one, that of `brandtrust serve`, or one for this run only.

Prefect would start one by itself, but inside the first flow and after importing its whole server into this process.
Started here it boots on the second core while the sample is written or pandas is imported, and `serve` gets one with
the services that fire schedules, which Prefect's own temporary server lacks. State is kept in PREFECT_HOME.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from flows.errors import ServerError, ServerLost, UsageError
from flows.own_server import OwnServer, answers, prefect_home, running_server
from flows.passing_server import LOOPBACK
from flows.settings import prepare_environment

ATTEMPTS_AGAIN = 2  # on a server of our own: one that is gone does not come back
STAYS = "what was done until then stays, and another run goes on from there"
GONE = f"the Prefect server {{url}} stopped answering during the run: {STAYS}; start it and run again"
ENDED = (
    f"the local Prefect server ended during the run: {STAYS}; run again, or do without Prefect by the stages: "
    "collect, score, effects, report"
)


@contextlib.contextmanager
def prefect_server(*, schedules: bool = False) -> Iterator[Callable[[], None]]:
    """A server to run flows against: one that is there, or one of our own that ends with the context.

    Yields a function that waits until the server answers; call it before the first flow. `schedules`: with the
    services that fire scheduled runs. Raises ServerError where it does not start or does not answer, and ServerLost
    where it ends under a flow.
    """
    prepare_environment()
    _reach_loopback_directly()
    url = None if schedules else running_server()
    # Where surely none is named, ours boots while Prefect is imported to see whether one is: that takes over a second.
    server = OwnServer(schedules=schedules) if url is None and not may_name_a_server() else None
    from prefect.settings import (
        PREFECT_API_URL,
        PREFECT_CLIENT_MAX_RETRIES,
        PREFECT_LOGGING_TO_API_ENABLED,
        temporary_settings,
    )

    configured = PREFECT_API_URL.value()
    if configured:
        if server is not None:
            server.stop()
        with _told_where_lost(configured, GONE.format(url=configured)):
            yield lambda: _require_answer(configured)
        return
    if url is not None:
        with temporary_settings({PREFECT_API_URL: url}), _told_where_lost(url, GONE.format(url=url)):
            yield lambda: None
        return
    server = server or OwnServer(schedules=schedules)
    try:
        # A server that ends with the run has no readers of logs, and is gone when the last of them would be sent.
        ours = {PREFECT_API_URL: server.url, PREFECT_LOGGING_TO_API_ENABLED: schedules}
        if schedules:  # it is started again where it dies
            with temporary_settings(ours):
                yield server.await_answer
            return
        with (
            temporary_settings({**ours, PREFECT_CLIENT_MAX_RETRIES: ATTEMPTS_AGAIN}),
            _told_where_lost(server.url, ENDED),
        ):
            yield server.await_answer
    finally:
        server.stop()


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


def require_configured() -> str:
    """The address of the configured server, which answers. Raises UsageError without one, else ServerError."""
    prepare_environment()
    from prefect.settings import PREFECT_API_URL

    configured = PREFECT_API_URL.value()
    if not configured:
        raise UsageError(
            "no Prefect server is configured to register at; set PREFECT_API_URL, "
            "or run all on this machine: brandtrust serve BRAND.toml"
        )
    _require_answer(configured)
    return str(configured)


def may_name_a_server() -> bool:
    """Whether a setting or a file that Prefect reads may name a server, as far as can be seen without importing it."""
    if any(name in os.environ for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH")):
        return True
    if Path("prefect.toml").exists():
        return True
    for path in (prefect_home() / "profiles.toml", Path("pyproject.toml"), Path(".env")):
        with contextlib.suppress(OSError):
            if "prefect" in path.read_text("utf-8", errors="replace").lower():
                return True
    return False


def _reach_loopback_directly() -> None:
    """A proxy that the machine is set to use cannot reach this machine's own loopback."""
    for name in ("no_proxy", "NO_PROXY"):
        others = [each for each in os.environ.get(name, "").split(",") if each and each != LOOPBACK]
        os.environ[name] = ",".join([*others, LOOPBACK])


def _require_answer(url: str) -> None:
    if not answers(url):
        shown = url.rsplit("@", 1)[-1]  # an address may hold a password
        raise ServerError(
            f"the Prefect server {shown} does not answer; start it, or unset PREFECT_API_URL to do without"
        )
