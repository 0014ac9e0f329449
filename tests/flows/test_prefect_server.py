"""The passing Prefect server."""

from __future__ import annotations

import subprocess
import sys

from flows.own_server import _free_port


def test_the_server_ends_with_the_run_that_started_it() -> None:
    """A killed run cannot stop its server: the server sees its pipe close and ends by itself."""
    command = [sys.executable, "-m", "flows.passing_server", str(_free_port())]
    server = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert server.stdin is not None
    assert server.poll() is None
    server.stdin.close()
    assert server.wait(60) == 0
