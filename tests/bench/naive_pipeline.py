"""The same work as an ordinary analyst does it in an afternoon: what `whole_path` measures ours against.

pandas.read_json → apply(polarity_scores) → SQLite → net trust by week. Nothing is made slow on purpose, and nothing of
what brandtrust adds is done: no themes, no keys for authors, no quarantine, nothing that survives a crash.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import pandas as pd
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer


def run(posts_file: Path, store: Path) -> pd.DataFrame:
    """Weeks with their posts, net trust (−100 … 100, a vote a post) and mean compound."""
    posts = pd.read_json(posts_file, lines=True)
    analyzer = SentimentIntensityAnalyzer()
    scores = posts["text"].apply(analyzer.polarity_scores)
    posts = posts.join(pd.DataFrame(scores.tolist()))
    with sqlite3.connect(store) as connection:
        posts.to_sql("posts", connection, index=False)
    posts["created_at"] = pd.to_datetime(posts["created_at"], utc=True).dt.tz_localize(None)
    posts["week"] = posts["created_at"].dt.to_period("W-SUN").dt.start_time
    posts["vote"] = (posts["compound"] >= 0.05).astype(int) - (posts["compound"] <= -0.05).astype(int)
    weeks = posts.groupby("week").agg(posts=("vote", "size"), net_trust=("vote", "mean"), compound=("compound", "mean"))
    return weeks.assign(net_trust=100 * weeks["net_trust"])


if __name__ == "__main__":
    print(run(Path(sys.argv[1]), Path(sys.argv[2])).to_string())
