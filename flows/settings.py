"""Settings of a run that must stand before Prefect is imported.

Prefect reads its settings when it is imported, so `prepare_environment` comes first. What a person has set wins.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

STARTUP_SECONDS = 150
"""A loaded machine needs more than Prefect's own 20 s to start a server."""

SERVED = "BRANDTRUST_SERVED"
"""Set by `brandtrust serve` for the runs that it starts."""

DEFAULTS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(STARTUP_SECONDS),
}
HEARTBEAT_SECONDS = 30  # the least that Prefect takes
SCHEDULED = {**DEFAULTS, "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS)}
"""For runs that nobody watches: one whose process is gone is missed, see `flows.automations`."""
QUIET = {
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # an error is told once, in one line, by the command line
    "PREFECT_CLI_PROMPT": "false",
}


def prepare_environment(*, quiet: bool = False) -> None:
    """Switch Prefect's telemetry off and give its server time to start; `quiet` also keeps its log off the terminal."""
    for name, value in {**DEFAULTS, **(QUIET if quiet else {})}.items():
        os.environ.setdefault(name, value)
    if "PREFECT_HOME" not in os.environ and not _can_keep_state():
        os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="brandtrust-prefect-")


def _can_keep_state() -> bool:
    """Whether Prefect can use its folder in the home directory: in a container there may be none to write to."""
    try:
        folder = Path.home() / ".prefect"
        folder.mkdir(exist_ok=True)
    except (OSError, RuntimeError):
        return False
    return os.access(folder, os.W_OK)
