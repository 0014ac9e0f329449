"""The labelled sets that words of the domain lexicon may be chosen by; scorers are measured on others."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.sentiment import linear
from analytics.sentiment.names import NameMask
from tests.bench.real_posts import find
from tests.labelled.labelled_files import Row, read_rows

PRACTICES_POSTS = Path(linear.__file__).with_name("practices_posts.csv")
STANCES = {"complaint": -1, "neutral": 0, "praise": 1}
# After the grouping that comes with GoEmotions; surprise and its like have no side and are left out.
POSITIVE = frozenset(
    {"admiration", "amusement", "approval", "caring", "desire", "excitement"}
    | {"gratitude", "joy", "love", "optimism", "pride", "relief"}
)
NEGATIVE = frozenset(
    {"anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment"}
    | {"fear", "grief", "nervousness", "remorse", "sadness"}
)
CLEAR_VALENCE = 0.5  # of people's mean on −4…4: nearer to 0 is neutral
THREADS = ("Threads", "Instagram", "Meta", "Facebook", "Twitter")


@dataclass(frozen=True)
class Labelled:
    """Texts with names masked, and labels −1, 0 or 1."""

    name: str
    texts: list[str]
    labels: npt.NDArray[np.int64]


def evidence_sets() -> Iterator[Labelled]:
    """Tweets, Reddit comments, VADER's own sentences, app reviews by stars, and the known half of our own posts."""
    [path] = find("semeval_train/tweets.csv.gz")
    tweets = pd.read_csv(path).dropna()
    yield Labelled("semeval_train", tweets["text"].tolist(), tweets["label"].astype(int).to_numpy() - 1)
    yield read_goemotions()
    yield read_vader_sentences()
    [path] = find("threads_reviews/*.csv")
    reviews = pd.read_csv(path).dropna(subset=["review_description"])
    reviews = reviews[reviews["rating"] != 3]
    mask = NameMask(THREADS)
    yield Labelled(
        "threads_reviews",
        [mask.mask(text) for text in reviews["review_description"]],
        np.sign(reviews["rating"].to_numpy() - 3).astype(np.int64),
    )
    yield read_domain_posts("known")


def read_goemotions() -> Labelled:
    names = find("goemotions/labels.txt")[0].read_text().split()
    sides = {str(number): (name in POSITIVE) - (name in NEGATIVE) for number, name in enumerate(names)}
    neutral = str(names.index("neutral"))
    frames = [pd.read_csv(path, sep="\t", header=None, quoting=3) for path in find("goemotions/*.tsv")]
    texts, labels = [], []
    for text, numbers in pd.concat(frames)[[0, 1]].astype(str).itertuples(index=False):
        held = {sides[number] for number in numbers.split(",") if sides[number] or number == neutral}
        if len(held) == 1:
            texts.append(text)
            labels.append(held.pop())
    return Labelled("goemotions", texts, np.array(labels))


def read_vader_sentences() -> Labelled:
    frames = [
        pd.read_csv(path, sep="\t", header=None, quoting=3) for path in find("vader_groundtruth/*GroundTruth.txt")
    ]
    sentences = pd.concat(frames)
    valence = sentences[1].to_numpy()
    labels = np.where(np.abs(valence) < CLEAR_VALENCE, 0, np.sign(valence)).astype(np.int64)
    return Labelled("vader_groundtruth", sentences[2].astype(str).tolist(), labels)


def read_training_posts() -> Labelled:
    """The posts on practices that come with the project, to train on; the company's name masked in each."""
    with PRACTICES_POSTS.open(encoding="utf-8", newline="") as file:
        return label_posts("practices posts", [*csv.DictReader(file)])


def read_domain_posts(half: str) -> Labelled:
    """Our own posts of one half, the company's name masked in each."""
    rows = read_rows("domain_posts.csv", ["id", "text", "label", "form", "company", "half"])
    rows = [row for row in rows if row["half"] == half]
    return label_posts(f"domain_posts {half}", rows)


def label_posts(name: str, rows: list[Row]) -> Labelled:
    texts = [NameMask([row["company"]]).mask(row["text"]) for row in rows]
    return Labelled(name, texts, np.array([STANCES[row["label"]] for row in rows]))
