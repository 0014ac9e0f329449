"""Posts as a connector would bring them, written by us in one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from analytics.store.gathering import put_definition_in_force
from analytics.store.kept_weeks import forget_counts
from analytics.store.saving import Arrival, Listener
from connectors.batch import METRICS_SCHEMA, POSTS_SCHEMA

START = datetime(2023, 1, 2)  # a Monday
EVERYTHING = Listener("acme", "q1", "all")


def posts(records: Iterable[Mapping[str, Any]], source: str = "forum") -> pa.RecordBatch:
    """A batch in the pinned schema; absent fields get plain values."""
    rows = [
        {
            "source": source,
            "post_id": str(number),
            "author_key": None,
            "created_at": START,
            "collected_at": datetime(2024, 1, 1),
            "kind": "post",
            "text": "hello",
            "truncated": False,
            **record,
        }
        for number, record in enumerate(records)
    ]
    return pa.RecordBatch.from_pylist(
        [{name: row.get(name) for name in POSTS_SCHEMA.names} for row in rows], POSTS_SCHEMA
    )


def metrics(records: Iterable[Mapping[str, Any]], source: str = "forum") -> pa.RecordBatch:
    """Likes, replies and shares in the pinned schema."""
    rows = [{"source": source, "observed_at": datetime(2024, 1, 1), **record} for record in records]
    return pa.RecordBatch.from_pylist(
        [{name: row.get(name) for name in METRICS_SCHEMA.names} for row in rows], METRICS_SCHEMA
    )


def covered(since: datetime, days: float, returned: int = 0, **more: Any) -> dict[str, Any]:
    """A row of the ledger, complete unless told otherwise."""
    return {
        "window_start": since,
        "window_end": since + timedelta(days=days),
        "requested": None,
        "returned": returned,
        "capped": False,
        "failed": False,
        "cost_usd": 0.0,
        **more,
    }


def arrival(batch: pa.RecordBatch, **more: Any) -> Arrival:
    """An arrival for the one brand acme, all posts about it."""
    plain: dict[str, Any] = {
        "run_id": "run1",
        "source": batch.column("source")[0].as_py() if batch.num_rows else "forum",
        "query_hash": "q1",
        "window": "live",
        "listeners": [EVERYTHING],
        "posts": batch,
    }
    return Arrival(**{**plain, **more})


def write_by_hand(connection: duckdb.DuckDBPyConnection) -> None:
    """Say that the store's tables are about to be written without what writes them: nothing gathered holds then.

    Nor has anybody written down which posts come, so that all of them are to be looked through.
    """
    put_definition_in_force(connection)
    connection.execute("DELETE FROM gathered_posts")
    forget_counts(connection)
    connection.execute("DELETE FROM read_brands")
    connection.execute("INSERT INTO waiting_brands SELECT 'gathering', brand, 0 FROM brands")
