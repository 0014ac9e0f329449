"""What is known of watched pages: how each look at one ended, and what to ask with the next time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from analytics.policy.history import Recorded, save_versions_within
from analytics.store import Store, first_row
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb

READ_WHOLE = timedelta(days=7)  # a server may say that nothing has changed though it has: not longer than this
Outcome = Literal["changed", "unchanged", "not_sent", "failed"]


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a page. `asked_at`: UTC without zone. `problem`: why it failed, else empty."""

    run_id: str
    brand: str
    document: str
    page_hash: str
    address: str
    asked_at: datetime
    outcome: Outcome
    problem: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the last looks left: validators for the next request, and the last version of the document, "" for none."""

    etag: str
    modified: str
    text: str


@dataclass(frozen=True, slots=True)
class LookRecord:
    """What is written down of the looks at a document: how many, and how the last ones ended.

    `read_at`: when its text was last known, None for never. `failed_at` and `problem` are of the last look that failed.
    """

    document: str
    looks: int
    asked_at: datetime
    outcome: Outcome
    read_at: datetime | None
    failed_at: datetime | None
    problem: str


def list_looks(connection: duckdb.DuckDBPyConnection, brand: str) -> dict[str, LookRecord]:
    """By document, as the store or its published copy has them."""
    rows = connection.execute(statement("list_terms_looks"), {"brand": brand}).fetchall()
    return {row[0]: LookRecord(*row) for row in rows}


def find_known(store: Store, brand: str, document: str, page_hash: str, asked_at: datetime) -> Known:
    """What is known of a page. Without validators where it was not read whole for a week, or its text is not here."""
    if not store.exists:
        return Known("", "", "")
    told = {"brand": brand, "document": document}
    with store.writer() as connection:
        row = first_row(connection, statement("find_validators"), told | {"page_hash": page_hash})
        last = first_row(connection, statement("find_last_version"), told)
    text = "" if last is None else str(last[0])
    if row is None or row[2] is None or row[2] + READ_WHOLE < asked_at or not text:
        return Known("", "", text)
    return Known(str(row[0]), str(row[1]), text)


def save_look(store: Store, look: Look, version: Recorded | None = None) -> None:
    """Write down how a look ended, with the version that it brought, together or not at all."""
    with store.transaction() as connection:
        if version is not None:
            save_versions_within(connection, look.brand, [version])
        connection.execute(statement("insert_terms_request"), {name: getattr(look, name) for name in Look.__slots__})
