"""What the tests of flows share: a folder to work in, a brand in it, and the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.command_line import app
from tests.flows.acme import write_acme

BrandTrust = Callable[..., Result]


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands set what Prefect reads from the environment; no other test may see it. No proxy stands between."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: a store is made here unless --store says otherwise."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def acme(workplace: Path) -> Path:
    """The brand file of the invented brand, relative to the working folder."""
    return write_acme(workplace).relative_to(workplace)


@pytest.fixture
def brandtrust() -> BrandTrust:
    """Run a command in this process: `brandtrust("collect", "acme.toml").exit_code`."""
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(argument) for argument in arguments], prog_name="brandtrust")
