"""Reading a brand's hours from the store: who spoke when, what was collected, and which sources' counts say nothing."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

import numpy as np

from analytics.alerts.hours import BrandHours, SourceHours, mark_covered, name_hour, number_hour
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb


def read_hours(connection: duckdb.DuckDBPyConnection, brand: str, first: int, end: int) -> BrandHours:
    """The hours first ≤ h < end of a brand. A source too sparse to tell silence from missing collection is left out."""
    asked = {"brand": brand, "since": name_hour(first), "until": name_hour(end)}
    spans: dict[str, list[tuple[datetime, datetime]]] = {}
    for source, since, until in connection.execute(statement("list_collected_spans"), asked).fetchall():
        spans.setdefault(source, []).append((since, until))
    limits = connection.execute(
        statement("list_source_limits"), {"brand": brand, "until": name_hour(end).date()}
    ).fetchall()
    told = {source: (sparse, constant, day) for source, sparse, constant, day in limits}
    columns = connection.execute(statement("list_voice_hours"), asked).fetchnumpy()
    names = np.asarray(columns["source"], dtype=object)
    found, left_out = {}, []
    for source, collected in spans.items():
        sparse, constant, day = told.get(source, (False, False, None))
        if sparse:
            left_out.append(mark_covered(first, end - first, collected))
            continue
        own = names == source
        hour = np.asarray(columns["hour"][own], dtype=np.int64)
        voice = np.unique(np.asarray(columns["voice"][own]), return_inverse=True)[1].astype(np.int64)
        compound = np.ma.filled(np.ma.asarray(columns["compound"][own], dtype=np.float64), np.nan)
        usable_from = first if day is None else number_hour(datetime.combine(day, time()))
        found[source] = SourceHours(
            first, mark_covered(first, end - first, collected), hour, voice, compound, usable_from, not constant
        )
    last = max((until for collected in spans.values() for _, until in collected), default=None)
    return BrandHours(first, end - first, found, left_out, last)
