"""Does a scorer's daily mean follow people? Brand × day means on the airline tweets, against human labels.

Run as `python -m tests.bench.airline_correlation`. Pooled: Pearson's correlation over all cells of brand and UTC day
with 20 posts or more. Within brand: the same after each brand's mean is taken out, so that only days are compared.
"""

from __future__ import annotations

import pandas as pd

from analytics.sentiment import KNOWN, score
from tests.bench.real_posts import find

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


def main() -> None:
    [path] = find("airline_tweets/*.csv")
    posts = pd.read_csv(path)
    posts["people"] = posts["airline_sentiment"].map(LABELS)
    posts["day"] = pd.to_datetime(posts["tweet_created"], utc=True).dt.date
    print(f"{'scorer':<14}{'pooled':>8}{'within brand':>14}{'cells':>7}")
    for scorer in KNOWN:
        posts[scorer] = score(posts["text"].tolist(), scorer, NAMES)["compound"]
        pooled, within, cells = correlate(posts, scorer)
        print(f"{scorer:<14}{pooled:>8.2f}{within:>14.2f}{cells:>7}")


if __name__ == "__main__":
    main()
