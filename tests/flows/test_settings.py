"""What stands before Prefect is imported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows.settings import prepare_environment


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the tests stays as it is."""
    for name in ("PREFECT_HOME", "DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_telemetry_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent home unless a person has switched it on."""
    monkeypatch.setenv("HOME", str(tmp_path))
    prepare_environment()
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


def test_what_a_person_has_set_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that is there is not touched."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DO_NOT_TRACK", "0")
    prepare_environment()
    assert os.environ["DO_NOT_TRACK"] == "0"


def test_a_home_that_is_not_there_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container without a home directory, Prefect's state goes into a temporary folder."""
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    prepare_environment()
    assert Path(os.environ["PREFECT_HOME"]).is_dir()
    assert not (tmp_path / "nowhere").exists()
