"""The command line: what is listed, what it costs to ask for help, and the small commands."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from flows.command_line import app
from tests.conftest import ROOT
from tests.flows.acme import live_source, write_acme
from tests.flows.conftest import BrandTrust

COMMANDS = [
    "demo",
    "init",
    "check",
    "run",
    "collect",
    "score",
    "effects",
    "report",
    "sql",
    "serve",
    "doctor",
    "comply",
    "forget",
    "approve",
    "backup",
    "restore",
    "move",
    "evaluate",
    "label",
    "claims",
    "deploy",
    "train",
    "verify",
    "deliver",
]
GROUPS = ["policy", "plan", "alerts"]


def test_help_lists_exactly_the_commands_that_work(brandtrust: BrandTrust) -> None:
    """Commands that are not written yet are not promised."""
    listed = brandtrust("--help").stdout.split("Commands:")[1]
    assert re.findall(r"^  (\w+)", listed, re.MULTILINE) == [*COMMANDS, *GROUPS]
    assert [
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    ] == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_a_store_and_debug(command: str, brandtrust: BrandTrust) -> None:
    """--store and --debug work everywhere."""
    told = brandtrust(command, "--help").stdout
    assert "--store" in told
    assert "--debug" in told


def test_help_imports_nothing_slow() -> None:
    """Half a second for help leaves no time for pandas or Prefect."""
    slow = ("pandas", "prefect", "duckdb", "pyarrow", "rich", "pydantic", "httpx", "numpy")
    code = f"import sys, flows.command_line; print([name for name in {slow} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_version_is_told(brandtrust: BrandTrust) -> None:
    """Installed or not."""
    assert brandtrust("--version").stdout.startswith("brandtrust")


def test_an_unknown_option_is_bad_usage(brandtrust: BrandTrust, acme: Path) -> None:
    """Typer's own errors have the exit code of bad input."""
    assert brandtrust("run", acme, "--sice", "2023-01-01").exit_code == 2
    assert brandtrust("run", acme, "--since", "2023-13-01").exit_code == 2
    assert brandtrust("comply").exit_code == 2


def test_init_writes_a_file_that_check_accepts(brandtrust: BrandTrust, workplace: Path) -> None:
    """The first two commands of a new user fit together."""
    made = brandtrust("init", "Your Brand")
    assert made.exit_code == 0
    assert "brandtrust check your_brand.toml" in made.stdout
    checked = brandtrust("check", "your_brand.toml")
    assert checked.exit_code == 0, checked.stderr
    assert "brandtrust run your_brand.toml" in checked.stdout


def test_init_overwrites_nothing(brandtrust: BrandTrust, workplace: Path) -> None:
    """A brand file that is there stays as it is."""
    (workplace / "acme.toml").write_text("mine")
    refused = brandtrust("init", "Acme")
    assert refused.exit_code == 2
    assert "acme.toml" in refused.stderr
    assert (workplace / "acme.toml").read_text() == "mine"


def test_check_shows_what_is_asked_of_each_source(brandtrust: BrandTrust, workplace: Path) -> None:
    """A person sees the query as the platform gets it, and what comes next."""
    path = write_acme(workplace, more=live_source("http://127.0.0.1:9/api/v1"))
    told = brandtrust("check", path)
    assert told.exit_code == 0
    for expected in (
        "query: acme",
        "peer: Bolt (bolt)",
        "forum (posts.csv)",
        "hackernews (bolt)",
        'asks for: "bolt"',
        "2023-terms",
    ):
        assert expected in told.stdout
    assert not (workplace / "brandtrust.duckdb").exists()


def test_doctor_names_what_is_missing_and_tells_no_secret(brandtrust: BrandTrust, acme: Path) -> None:
    """The key's place and mode are told, never the key."""
    assert brandtrust("doctor", acme).exit_code == 0
    brandtrust("collect", acme)
    key = Path("brandtrust.key")
    told = brandtrust("doctor", acme)
    assert told.exit_code == 0, told.stdout
    assert key.read_text().strip() not in told.stdout
    assert "last run: collect, done" in told.stdout
    key.chmod(key.stat().st_mode | stat.S_IRGRP)
    Path("posts.csv").unlink()
    told = brandtrust("doctor", acme)
    assert told.exit_code == 1
    assert "chmod 600" in told.stdout
    assert "posts.csv: is no file" in told.stdout


def test_doctor_asks_live_sources_only_when_told_to(brandtrust: BrandTrust, workplace: Path) -> None:
    """Without --online nothing leaves the machine."""
    path = write_acme(workplace, more=live_source("ftp://example.org"))
    assert brandtrust("doctor", path).exit_code == 0
    asked = brandtrust("doctor", path, "--online")
    assert asked.exit_code == 1
    assert "missing  source hackernews" in asked.stdout


def test_stages_need_a_store(brandtrust: BrandTrust, acme: Path) -> None:
    """A stage after collecting makes no empty store."""
    for command in ("score", "effects", "report"):
        refused = brandtrust(command, acme)
        assert refused.exit_code == 2
        assert refused.stderr.count("\n") == 1
        assert "brandtrust collect" in refused.stderr
    assert not Path("brandtrust.duckdb").exists()


def test_what_is_unexpected_is_one_line_until_asked_for(
    brandtrust: BrandTrust, acme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A traceback is for --debug; everyone else gets a line that says so."""

    def fail(*_: object) -> None:
        raise RuntimeError("a\nfault")

    monkeypatch.setattr("analytics.registration.register", fail)
    told = brandtrust("collect", acme)
    assert told.exit_code == 2
    assert told.stderr.splitlines()[-1] == "brandtrust: unexpected: RuntimeError: a fault; run again with --debug"
    assert "Traceback" not in told.stderr
    assert "Traceback" in brandtrust("collect", acme, "--debug").stderr


def test_ctrl_c_is_one_line(brandtrust: BrandTrust, acme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever interrupts gets 130 and is told that nothing is lost."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("analytics.registration.register", interrupt)
    told = brandtrust("collect", acme)
    assert told.exit_code == 130
    assert "interrupted" in told.stderr.splitlines()[-1]
