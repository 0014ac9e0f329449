"""What every test may use, and an environment that no test inherits from the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analytics.store import Store
from brands.brand_file import load
from flows.demo_sample import write_sample
from flows.stages import weekly

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real posts that is not part of the project; a test that needs it is skipped by name without it."""
    folder = Path(os.environ.get("BRANDTRUST_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the folder of real posts (../shared/data) is not here")
    return folder


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the machine must not reach a test."""
    for name in list(os.environ):
        if name.startswith("BRANDTRUST_") and name != "BRANDTRUST_SHARED_DATA":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The demo's store after a whole run, made once by the same functions that the demo calls."""
    folder = tmp_path_factory.mktemp("demo")
    store = Store(folder / "brandtrust.duckdb")
    weekly(load(write_sample(folder)), store, out=folder / "reports")
    return store
