"""Does a scorer tell a post's stance towards data and AI practices? On our own hard posts, the half not looked at.

Run as `python -m tests.bench.domain_accuracy`. The posts avoid words of feeling: sarcasm, praise by denial, quoted
terms, headlines. `linear` is trained on tweets (SemEval), Reddit comments (GoEmotions) and the posts on practices that
come with the project, each with the same say. Those were written in the same way as the posts that are measured here,
by writers who did not see them, so that a model that has learned from them is at home here as it is nowhere else:
`practices_accuracy` has the same models on reviews that real people wrote.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analytics.sentiment import score
from analytics.sentiment.domain_lexicon import read_changes
from analytics.sentiment.linear.matrix import count_texts
from analytics.sentiment.linear.model import soften
from analytics.sentiment.linear.regression import learn
from tests.bench.domain_lexicon import BOUND, Signs, macro_recall
from tests.bench.evidence_sets import read_domain_posts
from tests.bench.linear_accuracy import read_tweets
from tests.bench.measurement import run
from tests.bench.practices_accuracy import area_under_curve, count_own, read_comments, with_equal_say
from tests.bench.tables import Table

DRAWS = 2_000
MEASURES = ("macro-recall", "low", "high", "AUC", "complaints", "praise", "difference", "diff. low", "diff. high")

Scores = npt.NDArray[np.float64]


def main() -> None:
    """Print the table."""
    posts, changes = read_domain_posts("held_out"), read_changes()
    title = f"{len(posts.texts)} posts: macro-recall; mean scores of complaints and of praise, and how far they differ"
    table = Table(title, {"scorer": "<44", **dict.fromkeys(MEASURES, ".3f")})
    for scorer in ("vader", "vader_domain"):
        compound = score(posts.texts, scorer)["compound"].to_numpy()
        votes = np.where(np.abs(compound) < BOUND, 0, np.sign(compound)).astype(np.int64)
        table.add(scorer, *measure(posts.labels, compound, votes))
    counted = count_texts(posts.texts, (), changes)
    own = count_own(changes)
    tweets, comments = ((count_texts(texts, (), changes), labels) for texts, labels in (read_tweets(), read_comments()))
    for name, parts in {
        "tweets": [tweets],
        "practices posts alone": [own],
        "tweets, practices posts": [tweets, own],
        "tweets, comments, practices posts": [tweets, comments, own],
    }.items():
        logits = learn(*with_equal_say(*parts)).logits(counted)
        probabilities = soften(logits)
        found = measure(posts.labels, probabilities[:, 2] - probabilities[:, 0], logits.argmax(axis=1) - 1)
        table.add(f"linear: {name}", *found)


def measure(labels: Signs, scores: Scores, votes: Signs) -> list[float]:
    """MEASURES; intervals are 95 % bootstrap intervals over posts."""
    chance = np.random.default_rng(0)
    complaint, praise = scores[labels < 0], scores[labels > 0]
    drawn = [
        chance.choice(complaint, len(complaint)).mean() - chance.choice(praise, len(praise)).mean()
        for _ in range(DRAWS)
    ]
    rows = chance.integers(0, len(labels), (DRAWS, len(labels)))
    recalls = [macro_recall(labels[row], votes[row]) for row in rows]
    sides = labels != 0
    return [
        macro_recall(labels, votes),
        *np.quantile(recalls, [0.025, 0.975]),
        area_under_curve(labels[sides] > 0, scores[sides]),
        complaint.mean(),
        praise.mean(),
        complaint.mean() - praise.mean(),
        *np.quantile(drawn, [0.025, 0.975]),
    ]


if __name__ == "__main__":
    run(main)
