"""The passing Prefect server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows.own_server import _free_port
from flows.prefect_server import may_name_a_server


def test_the_server_ends_with_the_run_that_started_it() -> None:
    """A killed run cannot stop its server: the server sees its pipe close and ends by itself."""
    command = [sys.executable, "-m", "flows.passing_server", str(_free_port())]
    server = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert server.stdin is not None
    assert server.poll() is None
    server.stdin.close()
    assert server.wait(60) == 0


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
