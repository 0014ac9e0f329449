"""The demo's terms tell its story: a clause that comes with its event, is mended, and goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.store import Store, read
from brands.brand_file import load
from connectors.terms.reading import read_history
from flows.demo_sample import TEMPLATE
from flows.demo_terms import FOLDER, read_versions, store_terms, write_terms
from tests.flows.conftest import BrandTrust

CHANGES = [
    ("Privacy Statement", "2022-11-24", "widens", "2022-retention"),
    ("Terms of Service", "2023-05-04", "widens", "2023-ai-clause"),
    ("Terms of Service", "2023-09-11", "narrows", "2023-ai-clause"),
    ("Terms of Service", "2023-09-15", "narrows", "2023-ai-clause"),
]


@pytest.fixture
def told(workplace: Path) -> Store:
    """The demo's brand file and terms, stored; no posts."""
    Path("lumio.toml").write_bytes(TEMPLATE.read_bytes())
    write_terms(workplace)
    store_terms(Store(), "lumio")
    Store().publish()
    return Store()


def test_each_change_is_dated_as_its_event_is(told: Store) -> None:
    """The clause that comes widens, the answers narrow; the events of the brand file have the days of the terms."""
    history = read("policy_history").dropna(subset=["direction"]).sort_values("recorded_at")
    found = [
        (row.document, str(row.first_seen.date()), row.direction, *row.confirmed_events) for row in history.itertuples()
    ]
    assert found == CHANGES
    assert set(history["noise"]) == {""}
    retention, clause = load(Path("lumio.toml")).events
    assert [str(day) for day in (retention.clause_first_seen, clause.clause_first_seen)] == [
        "2022-11-24",
        "2023-05-04",
    ]
    assert [str(day) for day in (clause.responded, clause.reversed)] == ["2023-09-11", "2023-09-15"]
    assert "ai_training" in history["themes"].iloc[1]


def test_what_is_stored_is_what_the_files_say(told: Store, brandtrust: BrandTrust) -> None:
    """To import the folder adds nothing, and every text says that it is synthetic."""
    assert "Nothing new; brand: lumio" in brandtrust("policy", "import", FOLDER, "lumio.toml").stdout
    versions = read_history(Path(FOLDER)).versions
    assert [version.text for version in versions] == [
        version.text for version, _ in sorted(read_versions(), key=lambda each: (each[0].document, each[0].recorded_at))
    ]
    assert all("SYNTHETIC" in version.text for version in versions)
    assert "synthetic_terms/" in brandtrust("policy", "show", "Terms of Service", "2023-05-04").stdout


def test_a_second_demo_in_one_place_changes_nothing(told: Store) -> None:
    """Versions and confirmations are as they were."""
    before = read("policy_history").drop(columns="confirmed_at")
    store_terms(told, "lumio")
    told.publish()
    assert read("policy_history").drop(columns="confirmed_at").equals(before)
