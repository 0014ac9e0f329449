"""What voices said by 7-day bins, kept: a run counts those into which posts came, and reads the others.

A bin is known by the day it starts on and by all that decides what is in it: the settings of its brand, the scorer, the
themes, and how it is counted. Gathering drops the bins that posts came into, went out of or changed in; a purge does so
too. So what is kept is what counting all of them anew would give.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from analytics.store import first_row
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


@dataclass(frozen=True, slots=True)
class BinsAsked:
    """Bins of a brand by a scorer of one version, before `as_of`: those of which one starts on `day`."""

    brand: str
    scorer: str
    version: str
    themes: tuple[str, ...]
    day: date
    as_of: date


def list_event_bins(connection: duckdb.DuckDBPyConnection, asked: BinsAsked) -> pd.DataFrame:
    """One row a bin, those without posts too: all voices, what was collected, and declared breaks."""
    return _ask(connection, asked, "list_event_bins", others=False)


def list_other_bins(connection: duckdb.DuckDBPyConnection, asked: BinsAsked) -> pd.DataFrame:
    """One row a kind of voices other than all, source and bin in which there are any."""
    return _ask(connection, asked, "list_other_bins", others=True)


def _ask(connection: duckdb.DuckDBPyConnection, asked: BinsAsked, name: str, *, others: bool) -> pd.DataFrame:
    """Count what is missing, in the caller's transaction and of gathered posts, and read."""
    where = {
        "brand": asked.brand,
        "event_date": asked.day,
        "as_of": asked.as_of,
        "counted_by": _describe(connection, asked, others),
    }
    connection.execute(statement("find_bins_to_count"), where)
    first, last = first_row(connection, "SELECT min(start), max(start) FROM bins_to_count") or (None, None)
    if first is not None:
        values = {name: value for name, value in where.items() if name != "as_of"}
        values |= {"scorer": asked.scorer, "version": asked.version, "themes": list(asked.themes)}
        connection.execute(statement("count_voice_bins"), {**values, "first": first, "last": last, "others": others})
        connection.execute(
            "INSERT INTO counted_bins SELECT $brand, $counted_by, start FROM bins_to_count",
            {"brand": asked.brand, "counted_by": where["counted_by"]},
        )
    connection.execute("DROP TABLE bins_to_count")
    return connection.execute(statement(name), where).df()


def _describe(connection: duckdb.DuckDBPyConnection, asked: BinsAsked, others: bool) -> str:
    row = first_row(connection, "SELECT settings FROM gathered_brands WHERE brand = ?", [asked.brand])
    told: Sequence[object] = (
        statement("count_voice_bins"),
        row[0] if row else "",
        asked.scorer,
        asked.version,
        *asked.themes,
        others,
    )
    return hashlib.sha256("\0".join(map(str, told)).encode()).hexdigest()[:24]
