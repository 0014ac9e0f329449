"""The 7-day bins of a brand and its peers on the grid of a day: what voices said, and what was collected of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from analytics.sentiment import can_score, scorer_version
from analytics.store import first_row
from analytics.voice_bins import BinsAsked, list_event_bins

if TYPE_CHECKING:
    import duckdb

CountedBins: TypeAlias = tuple[pd.DataFrame, pd.DataFrame | None]
"""The brand's bins, empty where there are none, and its peers' with their `brand`, None where there are none."""


class EventBins:
    """Bins of one event's brand and peers, from posts before `as_of`; each scorer and day is counted once."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        brand: str,
        peers: Sequence[str],
        themes: Sequence[str],
        as_of: date,
    ) -> None:
        self._connection, self._brand, self._peers = connection, brand, peers
        self._themes, self._as_of = tuple(themes), as_of
        self._counted: dict[tuple[date, str], CountedBins] = {}

    def on_grid_of(self, day: date, scorer: str) -> CountedBins:
        """The bins of which one begins on `day`, by the scores of `scorer`."""
        key = day, scorer
        if key not in self._counted:
            own = self._count(self._brand, *key)
            frames = [] if own.empty else [self._count(peer, *key).assign(brand=peer) for peer in self._peers]
            frames = [frame for frame in frames if not frame.empty]
            self._counted[key] = own, pd.concat(frames, ignore_index=True) if frames else None
        return self._counted[key]

    def _count(self, brand: str, day: date, scorer: str) -> pd.DataFrame:
        """One brand's bins with `comparable`: collected as the event's windows were, without a declared break."""
        row = first_row(self._connection, "SELECT masked_names, model FROM brands WHERE brand = ?", [brand])
        # A peer of another brand file may have no model; then it has no such scores either.
        if row is None or not can_score(scorer, row[1]):
            return pd.DataFrame()
        asked = BinsAsked(brand, scorer, scorer_version(scorer, *row), self._themes, day, self._as_of)
        bins = list_event_bins(self._connection, asked)
        if bins.empty:
            return bins
        around = bins[bins["bin"].between(-8, 3) & ~bins["not_collected"]]
        usual = Counter(around["collected"]).most_common(1)
        usual_collected = usual[0][0] if usual else None
        bins["comparable"] = (bins["not_collected"] | (bins["collected"] == usual_collected)) & ~bins["source_break"]
        return bins
