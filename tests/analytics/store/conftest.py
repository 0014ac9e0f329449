"""The store's own tests: of each kind that is to be had, and made by the migrations, step by step, as users have."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.store import Store, duckdb_file
from tests.conftest import OPEN_FILE
from tests.lakes import Lakes
from tests.stores import NewStore

SEARCH_FOR_BYTES = {"test_compaction.py"}  # which zstd would hide
KINDS = ["embedded", pytest.param("lake", marks=pytest.mark.long)]


@pytest.fixture(autouse=True)
def made_stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new store is made and not copied."""
    if request.path.name not in SEARCH_FOR_BYTES:
        monkeypatch.setattr(duckdb_file, "_open_file", OPEN_FILE)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Of which kind the test's stores are."""
    return str(request.param)


@pytest.fixture
def new_store(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> NewStore:
    """Opens a new store in a folder of this name below the test's own.

    A lake is a copy of a blank one unless it is not to be `made` yet, as a file never is.
    """

    def make(name: str = "", *, made: bool = True) -> Store:
        folder = tmp_path / name
        if kind == "embedded":
            return Store(folder / "a.duckdb")
        lakes: Lakes = request.getfixturevalue("lakes")
        return Store(lakes.new_store(folder) if made else lakes.url(lakes.new_database(), folder=folder))

    return make


@pytest.fixture
def store(new_store: NewStore) -> Store:
    """A new store of each kind."""
    return new_store()
