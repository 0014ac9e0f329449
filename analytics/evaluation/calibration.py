"""Is a score of +0.5 twice as good as one of +0.2? What people say of texts, by bins of the scorer's compound."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from analytics.evaluation.accuracy import Estimate, Floats, Votes
from analytics.intervals import net_trust_intervals

EDGES = (-1.0, -0.6, -0.3, -0.05, 0.05, 0.3, 0.6, 1.0)
"""Ends of the bins; two of them are the bounds of a neutral vote, ±0.05, which belong to the votes beside."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Texts whose compound lies from `start` to `end`: their mean compound, and the mean of people's labels (−1…1).

    `label` has no interval under 10 texts; both means are None without texts.
    """

    start: float
    end: float
    texts: int
    compound: float | None
    label: Estimate | None


def bin_scores(labels: Votes, compound: Floats) -> tuple[Bin, ...]:
    """Mean label by bin of `compound`, from the lowest; intervals as in `net_trust_intervals`."""
    inner = np.array(EDGES[1:-1])
    # A score at a bound belongs to the bin farther from zero, as 0.05 is a positive vote and −0.05 a negative one.
    bins = np.where(compound >= 0, np.searchsorted(inner, compound, "right"), np.searchsorted(inner, compound, "left"))
    counts = pd.DataFrame(
        {
            name: np.bincount(bins[labels == value], minlength=len(inner) + 1)
            for name, value in (("negative", -1), ("neutral", 0), ("positive", 1))
        }
    )
    lows, highs = net_trust_intervals(counts)
    sums = np.bincount(bins, weights=compound, minlength=len(inner) + 1)
    found = []
    for at, (start, end) in enumerate(pairwise(EDGES)):
        texts = int(counts.iloc[at].sum())
        label = None
        if texts:
            mean = float((counts["positive"][at] - counts["negative"][at]) / texts)
            bare = bool(np.isnan(lows[at]))
            label = Estimate(mean, None if bare else float(lows[at]) / 100, None if bare else float(highs[at]) / 100)
        found.append(Bin(start, end, texts, float(sums[at] / texts) if texts else None, label))
    return tuple(found)
