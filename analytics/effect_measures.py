"""What of an event's bins belongs to one measure: its voices and, where bins are weighed, its sampling variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

WEIGHED = ("net_trust", "rating")
"""Measures whose bins count by their precision. Attention is a share, often near 0, where a bin's variance says more of
its level than of its noise: it is ranked among the earlier windows, which assumes nothing."""


def take_measure(bins: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The bins with `authors`, and `variance` where there is one, as those of this measure."""
    if measure == "rating":
        bins = bins.assign(authors=bins["rating_authors"])
    variance = f"{measure}_variance"
    return bins.assign(variance=bins[variance]) if measure in WEIGHED and variance in bins.columns else bins
