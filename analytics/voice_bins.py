"""What voices said by 7-day bins, kept: a run counts those into which posts came, and reads the others.

A bin is known by the day it starts on and by all that decides what is in it: the settings of its brand, the scorer, the
themes, and how it is counted. Gathering drops the bins that posts came into, went out of or changed in; a purge does so
too. So what is kept is what counting all of them anew would give.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
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
    return _ask(connection, asked, "list_event_bins", "count_voice_bins", {**_themes(asked), "others": False})


def list_other_bins(connection: duckdb.DuckDBPyConnection, asked: BinsAsked) -> pd.DataFrame:
    """One row a kind of voices other than all, source and bin in which there are any."""
    return _ask(connection, asked, "list_other_bins", "count_voice_bins", {**_themes(asked), "others": True})


def list_attention_bins(
    connection: duckdb.DuckDBPyConnection, asked: BinsAsked, choices: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """One row a choice of themes and bin in which there are voices: `attention` is the share of them, 0 to 100.

    `choices` are themes by a name; those of `asked` play no part.
    """
    told = {"choices": list(choices), "themes": [list(themes) for themes in choices.values()]}
    return _ask(connection, asked, "list_attention_bins", "count_attention_bins", told)


def _themes(asked: BinsAsked) -> dict[str, object]:
    return {"themes": list(asked.themes)}


def _ask(
    connection: duckdb.DuckDBPyConnection, asked: BinsAsked, listing: str, counting: str, told: Mapping[str, object]
) -> pd.DataFrame:
    """Count what is missing, in the caller's transaction and of gathered posts, and read."""
    where = {
        "brand": asked.brand,
        "event_date": asked.day,
        "as_of": asked.as_of,
        "counted_by": _describe(connection, asked, counting, told),
    }
    connection.execute(statement("find_bins_to_count"), where)
    first, last = first_row(connection, "SELECT min(start), max(start) FROM bins_to_count") or (None, None)
    if first is not None:
        values = {name: value for name, value in where.items() if name != "as_of"}
        values |= {"scorer": asked.scorer, "version": asked.version, "first": first, "last": last, **told}
        connection.execute(statement(counting), values)
        connection.execute(
            "INSERT INTO counted_bins SELECT $brand, $counted_by, start FROM bins_to_count",
            {"brand": asked.brand, "counted_by": where["counted_by"]},
        )
    connection.execute("DROP TABLE bins_to_count")
    return connection.execute(statement(listing), where).df()


def _describe(
    connection: duckdb.DuckDBPyConnection, asked: BinsAsked, counting: str, told: Mapping[str, object]
) -> str:
    """A hash of all that decides what is in a bin but its posts."""
    row = first_row(connection, "SELECT settings FROM gathered_brands WHERE brand = ?", [asked.brand])
    decides = (statement(counting), row[0] if row else "", asked.scorer, asked.version, *told.items())
    return hashlib.sha256("\0".join(map(str, decides)).encode()).hexdigest()[:24]
