"""Recorded versions of terms, written by us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from analytics.store import Store

PLAIN = {"VARCHAR": "", "BOOLEAN": False, "TIMESTAMP": datetime(2024, 1, 1)}


def record(store: Store, versions: Mapping[str, str], brand: str = "acme", document: str = "Terms") -> None:
    """Store versions as {moment: text}; whatever else a version has gets a plain value."""
    with store.writer() as connection:
        columns = connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'policy_versions' "
            "AND NOT is_nullable ORDER BY column_index"
        ).fetchall()
        for moment, text in versions.items():
            row = {"brand": brand, "document": document, "recorded_at": datetime.fromisoformat(moment), "text": text}
            values = [row.get(name, PLAIN.get(kind)) for name, kind in columns]
            marks = ", ".join("?" for _ in values)
            names = ", ".join(name for name, _ in columns)
            connection.execute(f"INSERT INTO policy_versions ({names}) VALUES ({marks})", values)
