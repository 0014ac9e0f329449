"""Does a scorer's daily mean follow people? Brand × day means on the airline tweets, against human labels.

Run as `python -m tests.bench.airline_correlation`. Pooled: Pearson's correlation over all cells of brand and UTC day
with 20 posts or more. Within brand: the same after each brand's mean is taken out, so that only days are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analytics.sentiment import KNOWN, score
from tests.bench.measurement import run
from tests.bench.real_posts import find
from tests.bench.tables import Table

LABELS = {"negative": -1, "neutral": 0, "positive": 1}
SMALLEST_CELL = 20
NAMES = (
    *("American", "American Airlines", "American Air", "@AmericanAir", "AA"),
    *("Delta", "Delta Air Lines", "Delta Airlines", "@Delta", "@DeltaAssist"),
    *("Southwest", "Southwest Airlines", "Southwest Air", "@SouthwestAir", "SWA"),
    *("US Airways", "US Air", "USAirways", "@USAirways", "@USAir"),
    *("United", "United Airlines", "United Air", "@united"),
    *("Virgin", "Virgin America", "Virgin Airlines", "@VirginAmerica"),
    *("JetBlue", "Jet Blue", "JetBlue Airways", "@JetBlue"),
)


def correlate(posts: pd.DataFrame, measure: str) -> tuple[float, float, int]:
    """Correlation of a measure's brand × day means with people's: pooled, within brand, and the number of cells."""
    cells = posts.groupby(["airline", "day"]).agg(
        people=("people", "mean"), ours=(measure, "mean"), n=("people", "size")
    )
    cells = cells[cells["n"] >= SMALLEST_CELL]
    means = cells[["people", "ours"]]
    within = means - means.groupby("airline").transform("mean")
    return means.corr().loc["people", "ours"], within.corr().loc["people", "ours"], len(cells)


def show_correlations(scorers: Sequence[str], model: Path | None = None) -> None:
    """Print the table for some scorers; `model` is the file of `linear`."""
    [path] = find("airline_tweets/*.csv")
    posts = pd.read_csv(path)
    posts["people"] = posts["airline_sentiment"].map(LABELS)
    posts["day"] = pd.to_datetime(posts["tweet_created"], utc=True).dt.date
    table = Table(
        "Airline tweets: correlation of brand × day means with people's",
        {"scorer": "<14", "pooled": ".2f", "within brand": ".2f", "cells": ","},
    )
    for scorer in scorers:
        posts[scorer] = score(posts["text"].tolist(), scorer, NAMES, model)["compound"]
        table.add(scorer, *correlate(posts, scorer))


def main() -> None:
    show_correlations(KNOWN)


if __name__ == "__main__":
    run(main)
