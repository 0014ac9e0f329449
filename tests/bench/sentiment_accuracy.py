"""How often do the scorers agree with people? Macro-averaged recall over negative, neutral and positive.

Run as `python -m tests.bench.sentiment_accuracy`. VADER's customary bounds: compound ≥ 0.05 is positive, ≤ −0.05
negative. No entry of the domain lexicon was chosen in view of these labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.sentiment import KNOWN, score
from tests.bench.airline_correlation import NAMES as AIRLINES
from tests.bench.measurement import run
from tests.bench.real_posts import find
from tests.bench.tables import Table

WORDS = {"negative": -1, "neutral": 0, "positive": 1, "Negative emotion": -1, "Positive emotion": 1}
WORDS["No emotion toward brand or product"] = 0
APPLE = ("Apple", "@Apple", "iPhone", "iPad", "Google", "Android")


def labelled_sets() -> Iterator[tuple[str, pd.Series, pd.Series, tuple[str, ...]]]:
    """Name, texts, labels (−1, 0, 1; others are left out) and names to mask of each labelled set."""
    [path] = find("airline_tweets/*.csv")
    posts = pd.read_csv(path)
    yield "airline_tweets", posts["text"], posts["airline_sentiment"].map(WORDS), AIRLINES
    [path] = find("apple_tweets/*.csv")
    posts = pd.read_csv(path, encoding="latin-1")
    labels = posts["label"].map({"neg": -1, "neu": 0, "pos": 1})
    yield "apple_tweets", posts["text"], labels, APPLE
    [path] = find("sxsw_brands/half.csv")
    posts = pd.read_csv(path)
    labels = posts["is_there_an_emotion_directed_at_a_brand_or_product"].map(WORDS)
    yield "sxsw_brands", posts["tweet_text"], labels, APPLE
    [texts], [labels_path] = find("tweeteval_val/val_text.txt"), find("tweeteval_val/val_labels.txt")
    labels = pd.Series(labels_path.read_text().split()).astype(int) - 1
    yield "tweeteval_val", pd.Series(texts.read_text(encoding="utf-8").splitlines()), labels, ()
    [path] = find("zoom_play_reviews/zoom.csv")
    posts = pd.read_csv(path)
    yield "zoom stars", posts["content"], np.sign(posts["score"] - 3), ("Zoom", "Zoom Meetings", "@Zoom")


def macro_recall(labels: pd.Series, compound: pd.Series) -> float:
    """The mean over the three labels of the share that is found."""
    found = np.sign(compound.where(compound.abs() >= 0.05, 0))
    return float(np.mean([(found[labels == label] == label).mean() for label in (-1, 0, 1)]))


def show_recalls(scorers: Sequence[str], model: Path | None = None) -> None:
    """Print macro-recall by set and scorer; `model` is the file of `linear`."""
    table = Table("Macro-recall by set", {"set": "<16", "posts": ",", **dict.fromkeys(scorers, ".3f")})
    for name, texts, labels, names in labelled_sets():
        usable = texts.notna() & labels.notna()
        texts, labels = texts[usable].reset_index(drop=True), labels[usable].reset_index(drop=True)
        recalls = [macro_recall(labels, score(texts.tolist(), each, names, model)["compound"]) for each in scorers]
        table.add(name, len(texts), *recalls)


def main() -> None:
    show_recalls(KNOWN)


if __name__ == "__main__":
    run(main)
