"""What does each word of the domain lexicon change? With the word and without it, on sets that nothing is measured on.

Run as `python -m tests.bench.domain_lexicon`, or with words as arguments to see these alone. For each word: how many
texts hold it, and by how much macro-recall (in hundredths of a point) is higher with its entry than without. At the end
the untouched half of our own posts, which no entry was chosen by: stock and domain scorer side by side.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import SentiText

from analytics.sentiment.domain_lexicon import read_changes
from analytics.sentiment.vader import Vader
from tests.bench.evidence_sets import Labelled, evidence_sets, read_domain_posts

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


def main() -> None:
    changes = read_changes()
    evidence = [Evidence(posts, changes) for posts in evidence_sets()]
    print(f"{'':<20}" + "".join(f"{each.posts.name:>20}" for each in evidence))
    for name, lexicon in (("stock", {}), ("domain", changes)):
        recalls = (macro_recall(each.posts.labels, signs(Vader(lexicon), each.posts.texts)) for each in evidence)
        print(f"{name:<20}" + "".join(f"{recall:>20.4f}" for recall in recalls))
    for word in sys.argv[1:] or changes:
        other = {key: value for key, value in changes.items() if key != word}
        gains = (each.gain_without(word, other) for each in evidence)
        print(f"{word:<20}" + "".join(f"{count:>12}{gain * 1e4:>+8.1f}" for count, gain in gains))
    print_held_out(changes)


def print_held_out(changes: dict[str, float | None]) -> None:
    """Macro-recall, and the mean of complaints less that of praise with a 95 % bootstrap interval over posts."""
    posts = read_domain_posts("held_out")
    chance = np.random.default_rng(0)
    print(f"\n{posts.name}: {len(posts.texts)}")
    print(f"{'':<10}{'macro-recall':>13}{'complaint':>11}{'praise':>9}{'difference':>12}")
    for name, lexicon in (("stock", {}), ("domain", changes)):
        compound = Vader(lexicon).scores(posts.texts)[:, 3]
        found = np.where(np.abs(compound) < BOUND, 0, np.sign(compound)).astype(np.int64)
        complaint, praise = compound[posts.labels == -1], compound[posts.labels == 1]
        drawn = [
            chance.choice(complaint, len(complaint)).mean() - chance.choice(praise, len(praise)).mean()
            for _ in range(DRAWS)
        ]
        low, high = np.quantile(drawn, [0.025, 0.975])
        difference = complaint.mean() - praise.mean()
        print(
            f"{name:<10}{macro_recall(posts.labels, found):>13.3f}{complaint.mean():>11.3f}{praise.mean():>9.3f}"
            f"{difference:>12.3f} [{low:.3f}, {high:.3f}]"
        )


if __name__ == "__main__":
    main()
