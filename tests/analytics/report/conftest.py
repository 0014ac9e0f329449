"""One invented store for the room's tests, and small ones for what differs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.report import Report, build_report
from analytics.store import Store
from tests.analytics.report.invented_store import Invented, fill_store


@pytest.fixture(scope="session")
def full_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two years of a brand with an event and three peers."""
    return fill_store(tmp_path_factory.mktemp("full") / "store.duckdb", Invented(posts_a_week=60))


@pytest.fixture(scope="session")
def full_report(full_store: Store) -> Report:
    """The report on its last week."""
    with full_store.reader() as connection:
        return build_report(connection, "zoom", synthetic=True)


@pytest.fixture
def report_on(tmp_path: Path) -> Callable[..., Report]:
    """Fill a small store as asked and report on its last week."""

    def build(**wanted: object) -> Report:
        plan = Invented(**{"posts_a_week": 12, "peers": (("webex", "Webex"),), **wanted})  # type: ignore[arg-type]
        with fill_store(tmp_path / f"{len(list(tmp_path.iterdir()))}.duckdb", plan).reader() as connection:
            return build_report(connection, "zoom")

    return build
