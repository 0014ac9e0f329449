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
from tests.bench.airline_correlation import LABELS, NAMES, correlate
from tests.bench.real_posts import find
from tests.bench.sentiment_accuracy import labelled_sets, macro_recall

SCORERS = ("vader", "vader_domain", "linear")
SPEED_TEXTS = 40_000


def read_tweets() -> tuple[list[str], Labels]:
    """The tweets to train on, and their labels."""
    [path] = find("semeval_train/tweets.csv.gz")
    tweets = pd.read_csv(path).dropna()
    return tweets["text"].tolist(), (tweets["label"].to_numpy() - 1).astype(np.int8)


def show_recalls(model: Path) -> None:
    """Macro-recall by set and scorer."""
    print(f"{'set':<16}{'posts':>7}" + "".join(f"{scorer:>14}" for scorer in SCORERS))
    for name, texts, labels, names in labelled_sets():
        usable = texts.notna() & labels.notna()
        texts, labels = texts[usable].reset_index(drop=True), labels[usable].reset_index(drop=True)
        recalls = [macro_recall(labels, score(texts.tolist(), each, names, model)["compound"]) for each in SCORERS]
        print(f"{name:<16}{len(texts):>7}" + "".join(f"{recall:>14.3f}" for recall in recalls))


def show_correlations(model: Path) -> None:
    """Brand × day means on the airline tweets."""
    [path] = find("airline_tweets/*.csv")
    posts = pd.read_csv(path)
    posts["people"] = posts["airline_sentiment"].map(LABELS)
    posts["day"] = pd.to_datetime(posts["tweet_created"], utc=True).dt.date
    print(f"{'scorer':<14}{'pooled':>8}{'within brand':>14}{'cells':>7}")
    for scorer in SCORERS:
        posts[scorer] = score(posts["text"].tolist(), scorer, NAMES, model)["compound"]
        pooled, within, cells = correlate(posts, scorer)
        print(f"{scorer:<14}{pooled:>8.2f}{within:>14.2f}{cells:>7}")


def show_speed(model: Path) -> None:
    """Posts a second of CPU time, the table that `score` returns included."""
    [path] = find("browser_forum/firefox*.parquet")[:1] or find("browser_forum/*.parquet")[:1]
    [threads] = find("threads_reviews/*.csv")
    sets = {"tweets": read_tweets()[0], "reviews": pd.read_csv(threads)["review_description"].dropna().tolist()}
    sets["forum posts"] = pd.read_parquet(path)["text"].tolist()
    print(f"{'texts':<14}{'posts':>8}{'characters':>12}{'µs a post':>11}{'posts/s':>10}")
    for name, texts in sets.items():
        different = sorted(set(texts))
        random.Random(0).shuffle(different)
        timed = different[:SPEED_TEXTS]
        start = time.process_time()
        score(timed, "linear", NAMES, model)
        seconds = (time.process_time() - start) / len(timed)
        length = sum(map(len, timed)) / len(timed)
        print(f"{name:<14}{len(timed):>8}{length:>12.0f}{seconds * 1e6:>11.1f}{1 / seconds:>10,.0f}")


def main() -> None:
    texts, labels = read_tweets()
    start = time.process_time()
    training = train(texts, labels)
    measured = training.model.header["accuracy"]["readings"]
    print(f"trained on {len(texts):,} tweets in {time.process_time() - start:.0f} s, {training.model.version}")
    print("macro-recall on unseen parts: " + ", ".join(f"{k} {v['macro_recall']:.3f}" for k, v in measured.items()))
    print(f"\n{'probability':<14}{'tweets':>7}{'mean':>8}{'right':>8}")
    for part in training.calibration:
        if part.texts:
            print(f"{part.start:.1f} … {part.end:.1f}{part.texts:>12}{part.probability:>8.3f}{part.right:>8.3f}")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tweets.model"
        write_model(training.model, path)
        read_model(path)
        print(f"model file: {path.stat().st_size / 1e6:.1f} MB\n")
        show_recalls(path)
        print()
        show_correlations(path)
        print()
        show_speed(path)


if __name__ == "__main__":
    main()
