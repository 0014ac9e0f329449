"""What does a trained scorer gain? `linear`, trained on tweets alone, beside both VADERs, on other tweets and reviews.

Run as `python -m tests.bench.linear_accuracy`. It is trained on the tweets of SemEval 2013 to 2016, measured on others:
macro-recall by set; correlation of brand × day means with people's on the airline tweets; and its speed, VADER's
features and the masking of names included, on texts that differ and were not scored before.
"""

from __future__ import annotations

import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from analytics.sentiment import score
from analytics.sentiment.linear.model_file import read_model, write_model
from analytics.sentiment.linear.regression import Labels
from analytics.sentiment.linear.training import train
from tests.bench.airline_correlation import NAMES, show_correlations
from tests.bench.measurement import run
from tests.bench.real_posts import find
from tests.bench.sentiment_accuracy import show_recalls
from tests.bench.tables import Table, note

SCORERS = ("vader", "vader_domain", "linear")
SPEED_TEXTS = 40_000


def read_tweets() -> tuple[list[str], Labels]:
    """The tweets to train on, and their labels."""
    [path] = find("semeval_train/tweets.csv.gz")
    tweets = pd.read_csv(path).dropna()
    return tweets["text"].tolist(), (tweets["label"].to_numpy() - 1).astype(np.int8)


def show_speed(model: Path) -> None:
    """Posts a second of CPU time, the table that `score` returns included."""
    [path] = find("browser_forum/firefox*.parquet")[:1] or find("browser_forum/*.parquet")[:1]
    [threads] = find("threads_reviews/*.csv")
    sets = {"tweets": read_tweets()[0], "reviews": pd.read_csv(threads)["review_description"].dropna().tolist()}
    sets["forum posts"] = pd.read_parquet(path)["text"].tolist()
    columns = {"texts": "<14", "posts": ",", "characters": ".0f", "µs a post": ".1f", "posts/s": ",.0f"}
    table = Table("Speed of the linear scorer, in CPU time", columns)
    for name, texts in sets.items():
        different = sorted(set(texts))
        random.Random(0).shuffle(different)
        timed = different[:SPEED_TEXTS]
        start = time.process_time()
        score(timed, "linear", NAMES, model)
        seconds = (time.process_time() - start) / len(timed)
        length = sum(map(len, timed)) / len(timed)
        table.add(name, len(timed), length, seconds * 1e6, 1 / seconds)


def main() -> None:
    texts, labels = read_tweets()
    start = time.process_time()
    training = train(texts, labels)
    measured = training.model.header["accuracy"]["readings"]
    note(f"trained on {len(texts):,} tweets in {time.process_time() - start:.0f} s, {training.model.version}")
    table = Table("Macro-recall on unseen parts of the tweets", {"scorer": "<14", "macro-recall": ".3f"})
    for name, reading in measured.items():
        table.add(name, reading["macro_recall"])
    columns = {"from": ".1f", "to": ".1f", "tweets": ",", "mean": ".3f", "right": ".3f"}
    table = Table("Probability that the model tells, and share that it reads right", columns)
    for part in training.calibration:
        if part.texts:
            table.add(part.start, part.end, part.texts, part.probability, part.right)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tweets.model"
        write_model(training.model, path)
        read_model(path)
        note(f"model file: {path.stat().st_size / 1e6:.1f} MB")
        show_recalls(SCORERS, path)
        show_correlations(SCORERS, path)
        show_speed(path)


if __name__ == "__main__":
    run(main)
