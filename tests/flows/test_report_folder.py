"""A folder that no report can go into is told before anything is collected."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from analytics.store import Store
from brands.brand_file import load
from flows import stages
from flows.errors import UsageError
from flows.report_folder import find_obstacle
from tests.flows.conftest import BrandTrust


@pytest.fixture
def blocked(acme: Path, workplace: Path) -> Path:
    """A brand file whose folder of reports is a file."""
    (workplace / "reports").write_text("not a folder", "utf-8")
    return acme


@pytest.mark.parametrize("command", ["check", "run", "serve"])
def test_a_file_in_the_place_of_the_folder_is_refused(
    command: str, blocked: Path, workplace: Path, brandtrust: BrandTrust
) -> None:
    """One line and exit code 2; no store was made, and the file stays."""
    told = brandtrust(command, blocked)
    assert told.exit_code == 2
    assert told.stderr.count("\n") == 1
    assert "reports: is there and is no folder" in told.stderr
    assert "valid" not in told.stdout
    assert [path.name for path in workplace.glob("brandtrust*")] == []
    assert (workplace / "reports").read_text("utf-8") == "not a folder"


@pytest.mark.parametrize("stage", [stages.weekly, stages.report])
def test_a_flow_refuses_before_it_begins(stage: Any, acme: Path, workplace: Path) -> None:
    """Whoever starts it, as a schedule does: nothing is collected, no run is written down."""
    store = Store(workplace / "brandtrust.duckdb")
    (workplace / "blocked").touch()
    with pytest.raises(UsageError, match="no report can go there"):
        stage(load(acme), store, out=workplace / "blocked" / "of" / "acme")
    assert not store.exists


def test_a_report_alone_is_refused(blocked: Path, brandtrust: BrandTrust) -> None:
    """With posts in the store: by one line that names the file, and another --out is taken."""
    assert brandtrust("collect", blocked).exit_code == 0
    told = brandtrust("report", blocked)
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert "reports: is there and is no folder, so no report can go there" in told.stderr
    assert "no report can go there" not in brandtrust("report", blocked, "--out", "elsewhere").stderr


def test_doctor_says_it(acme: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """As missing where a file stands there, as well where the folder is only not there yet."""
    assert "ok       reports: reports: not made yet" in brandtrust("doctor", acme).stdout
    (workplace / "reports").touch()
    told = brandtrust("doctor", acme)
    assert told.exit_code == 1
    assert "missing  reports: reports: is there and is no folder" in told.stdout


def test_only_what_is_certain_is_an_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is there or could be made is none; one that cannot be written is, and so is a lost link."""
    assert find_obstacle(tmp_path) == ""
    assert find_obstacle(tmp_path / "a" / "b") == ""
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    assert "is no folder" in find_obstacle(tmp_path / "lost" / "reports")
    (tmp_path / "found").symlink_to(tmp_path)
    assert find_obstacle(tmp_path / "found" / "reports") == ""
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert find_obstacle(tmp_path / "a") == f"{tmp_path}: cannot be written, so no report can go there"
