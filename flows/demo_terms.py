"""The terms of the demo's invented brand: written as dated files, stored, and confirmed as part of its events."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.policy.history import confirm_change_within, save_versions_within, update_changes
from connectors.terms.versions import RecordedVersion

if TYPE_CHECKING:
    from analytics.store import Store

SOURCE = Path(__file__).with_name("demo_terms.toml")
FOLDER = "synthetic_terms"  # it is told with every version, so the label goes wherever they go
CHECKED_BY = "the authors of the demo"


def read_versions() -> Iterator[tuple[RecordedVersion, str]]:
    """Every version that `demo_terms.toml` describes, and the event to which its change belongs, "" for none."""
    content = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    sentences: dict[str, str] = content["sentences"]
    for document, described in content["documents"].items():
        for version in described["versions"]:
            has = version.get("has", ())
            filled = {name: told.strip() if name in has else "" for name, told in sentences.items()}
            words = {name: version[name] for name in ("effective", "months") if name in version}
            text = described["text"].strip().format(**filled, **words) + "\n"
            at = version["recorded_at"]
            recorded = RecordedVersion(document, at, text, "file", f"{FOLDER}/{document}/{at:%Y-%m-%dT%H-%M}.md")
            yield recorded, version.get("event", "")


def write_terms(folder: Path) -> None:
    """Write each version as a dated file below `folder`: `policy import` reads them so."""
    for version, _ in read_versions():
        path = folder / version.reference
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(version.text, encoding="utf-8", newline="\n")


def store_terms(store: Store, brand: str) -> None:
    """Keep the versions with the authors' word on their events, and find their changes; again adds nothing.

    What `policy import` and `policy confirm` do, in one transaction and no run of its own: a demo is not to wait.
    """
    versions = list(read_versions())
    with store.transaction() as connection:
        save_versions_within(connection, brand, [version for version, _ in versions])
        for version, event in versions:
            if event:
                said = (version.document, version.recorded_at, event, CHECKED_BY)
                confirm_change_within(connection, brand, *said, confirmed=True)
    update_changes(store, brand)
