"""The store's own tests have theirs made by the migrations, step by step, as users have."""

from __future__ import annotations

import pytest

from analytics.store import store as store_module
from tests.conftest import OPEN_FILE

SEARCH_FOR_BYTES = {"test_compaction.py"}  # which zstd would hide


@pytest.fixture(autouse=True)
def made_stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new store is made and not copied."""
    if request.path.name not in SEARCH_FOR_BYTES:
        monkeypatch.setattr(store_module, "_open_file", OPEN_FILE)
