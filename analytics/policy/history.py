"""The history of a brand's terms in the store: versions as they were recorded, and what changed from one to the next.

A version is kept as it came and never rewritten. Changes are made from the versions, and made anew for a document where
one came in between or the rules that find them are others; what a person said of a change stands apart from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from analytics.policy import Version, find_changes
from analytics.store import Store, StoreError, now
from analytics.store.catalogue import statement
from analytics.themes import taxonomy_version

if TYPE_CHECKING:
    import duckdb

    from analytics.policy import PolicyChange

COLUMNS = ("document", "recorded_at", "text", "origin", "reference", "technical")
SCHEMA = pa.schema(
    [
        ("document", pa.string()),
        ("recorded_at", pa.timestamp("us")),
        ("text", pa.large_string()),
        ("origin", pa.string()),
        ("reference", pa.string()),
        ("technical", pa.bool_()),
    ]
)


class Recorded(Protocol):
    """A version as whoever recorded it gives it. `recorded_at`: UTC without zone."""

    @property
    def document(self) -> str: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def technical(self) -> bool: ...


class VersionConflict(StoreError):
    """The store has another text of the same document and moment."""


@dataclass(frozen=True, slots=True)
class SavedVersions:
    """How many versions were new, and how many the store had."""

    new: int
    known: int


def save_versions(store: Store, brand: str, versions: Sequence[Recorded]) -> SavedVersions:
    """Keep the versions that are not stored yet, all of them or none. Raises VersionConflict.

    No two may be of one document and moment.
    """
    with store.transaction() as connection:
        return save_versions_within(connection, brand, versions)


def save_versions_within(
    connection: duckdb.DuckDBPyConnection, brand: str, versions: Sequence[Recorded]
) -> SavedVersions:
    """The same inside a transaction that is open."""
    arriving = pa.table({name: [getattr(each, name) for each in versions] for name in COLUMNS}, schema=SCHEMA)
    connection.register("arriving_versions", arriving)
    try:
        known = connection.execute(statement("find_known_versions"), {"brand": brand}).fetchall()
        for document, recorded_at, same, origin, reference in known:
            if not same:
                raise VersionConflict(
                    f'"{document}" of {recorded_at:%Y-%m-%d %H:%M:%S} is stored with another text '
                    f"({origin} {reference}); nothing was saved; take one of the two out, or use another --store"
                )
        if len(known) < len(versions):
            connection.execute(statement("insert_versions"), {"brand": brand, "stored_at": now()})
    finally:
        connection.unregister("arriving_versions")
    return SavedVersions(len(versions) - len(known), len(known))


def update_changes(store: Store, brand: str, progress: Callable[[int], None] = lambda _: None) -> int:
    """Find the changes of every document that has versions not compared yet; returns how many versions that were.

    A document is compared as a whole, since whether a text is an earlier one again shows only in all of them.
    """
    rules = rules_version()
    with store.writer() as connection:  # and not while the changes are found, which takes seconds
        waiting = connection.execute(
            statement("find_uncompared_documents"), {"brand": brand, "rules": rules}
        ).fetchall()
        texts = {
            document: connection.execute(statement("read_versions"), {"brand": brand, "document": document}).fetchall()
            for document, _ in waiting
        }
    found: dict[str, list[dict[str, object]]] = {}
    for document, rows in texts.items():
        changes = find_changes(Version(recorded_at, text, document) for recorded_at, text in rows)
        before = {later: earlier for (earlier, _), (later, _) in pairwise(rows)}
        found[document] = [_row(brand, change, before[change.recorded_at], rules) for change in changes]
        progress(len(changes))
    if found:
        with store.transaction() as connection:
            for document, told in found.items():
                connection.execute(statement("drop_former_changes"), {"brand": brand, "document": document})
                for row in told:
                    connection.execute(statement("insert_change"), row)
    return sum(count for _, count in waiting)


def _row(brand: str, change: PolicyChange, previous_at: datetime, rules: str) -> dict[str, object]:
    return {
        "brand": brand,
        "document": change.document,
        "recorded_at": change.recorded_at,
        "previous_at": previous_at,
        "rules": rules,
        "stated_effective": change.stated_effective,
        "themes": list(change.themes),
        "added": list(change.added),
        "removed": list(change.removed),
        "telling": change.telling,
        "direction": change.direction,
        "noise": change.noise,
        "restores": change.restores,
    }


@cache
def rules_version() -> str:
    """Changes with whatever decides what a change is: this package's files and the taxonomy."""
    files = sorted(
        (entry for entry in resources.files("analytics.policy").iterdir() if entry.name.endswith((".py", ".toml"))),
        key=lambda entry: entry.name,
    )
    contents = hashlib.sha256(taxonomy_version().encode())
    for entry in files:
        if entry.name != f"{__name__.rpartition('.')[2]}.py":
            contents.update(entry.read_bytes())
    return contents.hexdigest()[:16]


def confirm_change(
    store: Store, brand: str, document: str, recorded_at: datetime, event_id: str, who: str, *, confirmed: bool
) -> None:
    """Write down what a person says of a change; what was said of it and this event before is replaced.

    Events know of it once the brand is registered anew.
    """
    with store.transaction() as connection:
        confirm_change_within(connection, brand, document, recorded_at, event_id, who, confirmed=confirmed)


def confirm_change_within(
    connection: duckdb.DuckDBPyConnection,
    brand: str,
    document: str,
    recorded_at: datetime,
    event_id: str,
    who: str,
    *,
    confirmed: bool,
) -> None:
    """The same inside a transaction that is open."""
    told = {"brand": brand, "document": document, "recorded_at": recorded_at, "event_id": event_id}
    connection.execute(statement("drop_former_confirmation"), told)
    connection.execute(
        statement("insert_confirmation"),
        told | {"confirmed": confirmed, "confirmed_by": who, "confirmed_at": now()},
    )
