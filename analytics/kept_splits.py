"""What a change is made of, kept: it is read of every voice of its windows, and those of an earlier event lie still.

A split is known by all that decides on it but the posts. Each 7-day bin of its windows is written down among the bins
that are counted (`voice_bins`), from where gathering and purging drop the bins that posts come into or go out of: a
split of which one is missing is made anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.effects.decomposition import Decomposition, Part
from analytics.store import first_row
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb

DECIDING = (  # what is in these modules decides on a split
    ("analytics", "effect_context.py"),
    ("analytics.effects", "decomposition.py"),
    ("analytics.effects", "voices.py"),
)


@dataclass(frozen=True, slots=True)
class SplitAsked:
    """The change of one measure at `day`, between windows of the 7-day `bins` counted from there.

    `told`: what else decides on it.
    """

    brand: str
    event_id: str
    measure: str
    day: date
    bins: tuple[int, ...]
    told: tuple[object, ...]


def find_split(connection: duckdb.DuckDBPyConnection, asked: SplitAsked) -> Decomposition | None:
    """The split as it was kept; None where there is none, or a post has come into its windows or gone out of them."""
    counted_by = _describe(connection, asked)
    row = first_row(
        connection,
        "SELECT split FROM kept_splits WHERE brand = ? AND event_id = ? AND measure = ? AND counted_by = ?",
        [asked.brand, asked.event_id, asked.measure, counted_by],
    )
    if row is None:
        return None
    counted = connection.execute(
        "SELECT start FROM counted_bins WHERE brand = ? AND counted_by = ?", [asked.brand, counted_by]
    ).fetchall()
    if {start for (start,) in counted} != set(_starts(asked)):
        return None
    read = json.loads(row[0])
    return Decomposition(**{**read, "parts": tuple(Part(**part) for part in read["parts"])})


def keep_split(connection: duckdb.DuckDBPyConnection, asked: SplitAsked, split: Decomposition) -> None:
    """Keep a split in the place of the one before, in the transaction that has made it of gathered posts."""
    of = [asked.brand, asked.event_id, asked.measure]
    where = "brand = ? AND event_id = ? AND measure = ?"
    connection.execute(
        "DELETE FROM counted_bins WHERE brand = ? "
        f"AND counted_by IN (SELECT counted_by FROM kept_splits WHERE {where})",
        [asked.brand, *of],
    )
    connection.execute(f"DELETE FROM kept_splits WHERE {where}", of)
    counted_by = _describe(connection, asked)
    connection.execute("INSERT INTO kept_splits VALUES (?, ?, ?, ?, ?)", [*of, counted_by, json.dumps(asdict(split))])
    connection.execute(
        "INSERT INTO counted_bins SELECT ?, ?, unnest(?::DATE[])", [asked.brand, counted_by, _starts(asked)]
    )


def _starts(asked: SplitAsked) -> Sequence[date]:
    return [asked.day + timedelta(days=7 * number) for number in asked.bins]


def _describe(connection: duckdb.DuckDBPyConnection, asked: SplitAsked) -> str:
    row = first_row(connection, "SELECT settings FROM gathered_brands WHERE brand = ?", [asked.brand])
    decides = (row[0] if row else "", statement("list_voices_of_bins"), _program(), asked)
    return hashlib.sha256("\0".join(map(str, decides)).encode()).hexdigest()[:24]


@cache
def _program() -> str:
    """What makes a split: our own words, and the libraries that draw and sum."""
    words = [(resources.files(package) / name).read_text("utf-8") for package, name in DECIDING]
    return "\0".join([*words, np.__version__, pd.__version__])
