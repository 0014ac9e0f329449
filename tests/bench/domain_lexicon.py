"""What does each word of the domain lexicon change? With the word and without it, on sets that nothing is measured on.

Run as `python -m tests.bench.domain_lexicon`, or with words as arguments to see these alone. For each word: how many
texts hold it, and by how much macro-recall (in hundredths of a point) is higher with its entry than without. At the end
the untouched half of our own posts, which no entry was chosen by: stock and domain scorer side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import SentiText

from analytics.sentiment.domain_lexicon import read_changes
from analytics.sentiment.vader import Vader
from tests.bench.evidence_sets import Labelled, evidence_sets
from tests.bench.measurement import run
from tests.bench.tables import Table

BOUND = 0.05  # VADER's own, on both sides
DRAWS = 2_000

Signs = npt.NDArray[np.int64]


def signs(vader: Vader, texts: Sequence[str]) -> Signs:
    """−1, 0 or 1 for each text."""
    compound = vader.scores(texts)[:, 3]
    return np.where(np.abs(compound) < BOUND, 0, np.sign(compound)).astype(np.int64)


def macro_recall(labels: Signs, found: Signs) -> float:
    """The mean over the labels that there are of the share that is found."""
    return float(np.mean([(found[labels == label] == label).mean() for label in np.unique(labels)]))


def index_words(texts: Sequence[str]) -> dict[str, list[int]]:
    """Word, as VADER cuts it → the texts that hold it."""
    places: dict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        for word in {SentiText._strip_punc_if_word(token).lower() for token in text.split()}:
            places[word].append(row)
    return places


class Evidence:
    """One set under the lexicon in force, asked what another lexicon would change."""

    def __init__(self, posts: Labelled, changes: dict[str, float | None]) -> None:
        self.posts = posts
        self.places = index_words(posts.texts)
        self.found = signs(Vader(changes, by_clause=True), posts.texts)
        self.recall = macro_recall(posts.labels, self.found)

    def gain_without(self, word: str, other: dict[str, float | None]) -> tuple[int, float]:
        """Texts that hold the word, and how much better macro-recall is now than under the other lexicon."""
        rows = self.places.get(word, [])
        if not rows:
            return 0, 0.0
        found = self.found.copy()
        found[rows] = signs(Vader(other, by_clause=True), [self.posts.texts[row] for row in rows])
        return len(rows), self.recall - macro_recall(self.posts.labels, found)


def main(*words: str) -> None:
    """Print the tables for some words, or for all."""
    changes = read_changes()
    evidence = [Evidence(posts, changes) for posts in evidence_sets()]
    table = Table("Macro-recall by set", {"lexicon": "<12", **{each.posts.name: ".4f" for each in evidence}})
    for name, vader in (("stock", Vader()), ("domain", Vader(changes, by_clause=True))):
        table.add(name, *(macro_recall(each.posts.labels, signs(vader, each.posts.texts)) for each in evidence))
    columns = {"word": "<20", "set": "<20", "texts": ",", "gain": "+.1f"}
    table = Table("What a word gains: macro-recall with it less without it, in hundredths of a point", columns)
    for word in words or changes:
        other = {key: value for key, value in changes.items() if key != word}
        for each in evidence:
            count, gain = each.gain_without(word, other)
            table.add(word, each.posts.name, count, gain * 1e4)


if __name__ == "__main__":
    run(main)
