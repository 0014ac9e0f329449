"""Do a scorer's daily means follow people's? A brand's index is made of means, where errors of single posts cancel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.evaluation.accuracy import DRAWS, SEED, TAILS, Estimate, Floats, Integers, Votes
from analytics.evaluation.errors import EvaluationError

SMALLEST_CELL = 20
"""Texts of a brand and day from which its mean says something."""

FEWEST_CELLS = 5
ONE_BRAND = ""


@dataclass(frozen=True, slots=True)
class DailyMeans:
    """The cells (brand × UTC day) of SMALLEST_CELL texts or more: columns brand, day, texts, people, and one a scorer.

    `people` and the scorers' columns are means, −1…1. `left_out`: texts without a day that can be read, and texts in
    smaller cells.
    """

    cells: pd.DataFrame
    brands: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Correlation:
    """Pearson's correlation with people's means over cells; `within` after each brand's own mean is taken out of both.

    None where it has no meaning: a constant series, or for `within` a single brand.
    """

    pooled: Estimate | None
    within: Estimate | None


def gather_daily_means(
    labels: Votes,
    scores: dict[str, Floats],
    days: Sequence[str],
    brands: Sequence[str] | None = None,
    *,
    day_first: bool = False,
) -> DailyMeans:
    """Means by brand and UTC day; a time without a zone is UTC. Raises EvaluationError with too few cells."""
    moments = pd.to_datetime(
        pd.Series(days, dtype="object"), utc=True, errors="coerce", format="mixed", dayfirst=day_first
    )
    if moments.isna().all():
        raise EvaluationError(f"--day: holds no day that can be read, such as {str(days[0])[:40]!r}")
    frame = pd.DataFrame({"people": labels.astype(float), **scores})
    frame.insert(0, "day", moments.dt.date)
    frame.insert(0, "brand", list(brands) if brands is not None else ONE_BRAND)
    grouped = frame.dropna(subset=["day"]).groupby(["brand", "day"])
    cells = grouped.mean().assign(texts=grouped.size()).reset_index()
    cells = cells[cells["texts"] >= SMALLEST_CELL].reset_index(drop=True)
    if len(cells) < FEWEST_CELLS:
        raise EvaluationError(
            f"--day: {len(cells)} cells of brand and day have {SMALLEST_CELL} texts or more, and {FEWEST_CELLS} are "
            "needed; leave --day out"
        )
    return DailyMeans(cells, cells["brand"].nunique(), len(labels) - int(cells["texts"].sum()))


def correlate(means: DailyMeans, scorer: str) -> Correlation:
    """Correlation of a scorer's daily means with people's, with 95 % bootstrap intervals over cells.

    Cells are drawn anew within each brand, so that each keeps its number of days.
    """
    people, ours, brand = _columns(means, scorer)
    drawn = _draw_cells(brand)
    pooled = _estimate(_pearson(people, ours), _pearson(people[drawn], ours[drawn]))
    within = None
    if means.brands > 1:
        centred = [_centre(series, brand) for series in (people, ours)]
        again = [_centre(series[drawn], brand[drawn]) for series in (people, ours)]
        within = _estimate(_pearson(*centred), _pearson(*again))
    return Correlation(pooled, within)


def compare_correlations(means: DailyMeans, scorer: str, other: str) -> Correlation:
    """The correlations of `other` less those of `scorer`, over the same cells."""
    people, ours, brand = _columns(means, scorer)
    theirs = means.cells[other].to_numpy(float)
    drawn = _draw_cells(brand)

    def difference(which: Integers, centred: bool) -> Floats:
        series = [each[which] for each in (people, ours, theirs)]
        if centred:
            series = [_centre(each, brand[which]) for each in series]
        return np.asarray(_pearson(series[0], series[2]) - _pearson(series[0], series[1]))

    every = np.arange(len(brand))
    pooled = _estimate(difference(every, False), difference(drawn, False))
    within = _estimate(difference(every, True), difference(drawn, True)) if means.brands > 1 else None
    return Correlation(pooled, within)


def _columns(means: DailyMeans, scorer: str) -> tuple[Floats, Floats, Integers]:
    cells = means.cells
    return (
        cells["people"].to_numpy(float),
        cells[scorer].to_numpy(float),
        np.asarray(pd.factorize(cells["brand"])[0], np.int64),
    )


def _draw_cells(brand: Integers) -> Integers:
    """Numbers of cells, (DRAWS, cells): in the place of each cell one of the same brand."""
    random = np.random.default_rng(SEED)
    drawn = np.empty((DRAWS, len(brand)), np.int64)
    for each in np.unique(brand):
        own = np.flatnonzero(brand == each)
        drawn[:, own] = own[random.integers(len(own), size=(DRAWS, len(own)))]
    return drawn


def _centre(series: Floats, brand: Integers) -> Floats:
    centred = series.copy()
    for each in np.unique(brand):
        own = brand == each
        means = np.where(own, series, 0).sum(axis=-1, keepdims=True) / np.maximum(own.sum(axis=-1, keepdims=True), 1)
        centred = np.where(own, series - means, centred)
    return centred


def _pearson(one: Floats, other: Floats) -> Floats:
    """Along the last axis; NaN where one of the two does not vary."""
    one, other = (each - each.mean(axis=-1, keepdims=True) for each in (one, other))
    spread = np.sqrt((one**2).sum(axis=-1) * (other**2).sum(axis=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 1e-12, (one * other).sum(axis=-1) / spread, np.nan)


def _estimate(value: Floats, drawn: Floats) -> Estimate | None:
    if np.isnan(value):
        return None
    low, high = np.nanpercentile(drawn, TAILS)
    return Estimate(float(value), float(low), float(high))
