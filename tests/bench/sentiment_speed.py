"""How many times faster than its library is our VADER? Both in one process and one run, in CPU time.

Run as `python -m tests.bench.sentiment_speed`. The posts are unseen by either: each post is scored once. The library
takes a seeded sample of them, since all would take minutes; its cost a post is what is compared.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pandas as pd
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analytics.sentiment.vader import FIELDS, Vader
from tests.bench.real_posts import find

LIBRARY_SAMPLE = 2_000
ROUNDS = 10  # ours and the library's turns alternate, so that a busy machine slows both


def read_sets() -> dict[str, list[str]]:
    """Real posts by set."""
    forum = [pd.read_parquet(path)["text"] for path in find("browser_forum/*.parquet")]
    [airline] = find("airline_tweets/*.csv")
    [threads] = find("threads_reviews/*.csv")
    return {
        "browser_forum": pd.concat(forum).tolist(),
        "airline_tweets": pd.read_csv(airline)["text"].tolist(),
        "threads_reviews": pd.read_csv(threads)["review_description"].tolist(),
    }


def cpu_seconds(work: Callable[[list[str]], object], texts: list[str]) -> float:
    start = time.process_time()
    work(texts)
    return time.process_time() - start


def main() -> None:
    library = SentimentIntensityAnalyzer()
    print(f"{'set':<16}{'posts':>8}{'library µs':>12}{'ours µs':>9}{'ratio':>7}{'differences':>13}")
    for name, posts in read_sets().items():
        texts = list(posts)
        random.Random(0).shuffle(texts)
        ours, ours_seconds, library_seconds, differences = Vader(), 0.0, 0.0, 0
        for turn in range(ROUNDS):
            batch = texts[turn::ROUNDS]
            sample = batch[: LIBRARY_SAMPLE // ROUNDS]
            ours_seconds += cpu_seconds(ours.scores, batch)
            library_seconds += cpu_seconds(lambda texts: [library.polarity_scores(text) for text in texts], sample)
            for text, row in zip(sample, ours.scores(sample), strict=True):
                scores = library.polarity_scores(text)
                differences += tuple(row) != tuple(scores[field] for field in FIELDS)
        ours_each, library_each = ours_seconds / len(texts) * 1e6, library_seconds / LIBRARY_SAMPLE * 1e6
        row = f"{name:<16}{len(texts):>8}{library_each:>12.1f}{ours_each:>9.1f}{library_each / ours_each:>7.1f}"
        print(f"{row}{differences:>13}")


if __name__ == "__main__":
    main()
