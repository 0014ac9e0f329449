"""The effect on one measure, from bins that hold all of them: its voices, its noise, and what its notice allows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from analytics.effects import Effect, event_effect

if TYPE_CHECKING:
    import pandas as pd

WEIGHED = ("net_trust", "rating")
"""Measures whose bins count by their precision. Attention is a share, often near 0, where a bin's variance says more of
its level than of its noise: it is ranked among the earlier windows, which assumes nothing."""


def measure_effect(
    measure: str,
    bins: pd.DataFrame,
    peers: pd.DataFrame | None,
    day: date,
    *,
    known_dates: Iterable[date],
    barred: str,
    alpha: float,
    after: int,
    before: int | None = None,
) -> Effect:
    """The effect of `measure` at `day`; `bins` and `peers` are `EventBins`.

    `barred`: why nothing may be tested there, such as a day that was picked in the same posts. That holds for all
    measures: net trust too has false alarms in 17 of 100 such cases (docs/effects_benchmark.md).
    """
    return event_effect(
        take_measure(bins, measure),
        day,
        value=measure,
        before=before,
        after=after,
        peers=None if peers is None else take_measure(peers, measure),
        known_events=known_dates,
        alpha=alpha,
        barred=barred,
    )


def take_measure(bins: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The bins with `authors`, and `variance` where it is weighed, as those of this measure."""
    if measure == "rating":
        bins = bins.assign(authors=bins["rating_authors"])
    return bins.assign(variance=bins[f"{measure}_variance"]) if measure in WEIGHED else bins
