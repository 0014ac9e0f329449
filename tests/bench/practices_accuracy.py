"""Can a scorer tell complaint from praise on data and AI practices? Stars of app reviews, each app unseen in training.

Run as `python -m tests.bench.practices_accuracy`. Measured are the reviews that speak of practices, by
`analytics.themes`: one or two stars against four or five. `linear` is trained on tweets (SemEval), on Reddit comments
(GoEmotions), or on the reviews of the other apps with their stars as labels: never on the app that it is measured on.
Complaints read negative and praise read positive are by the displayed vote; AUC is over the reviews of all apps.
The last row takes for each app the training data without reviews that did best on the other apps: the highest AUC where
three quarters of the complaints and two thirds of the praise are read as such.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
import pandas as pd

from analytics.sentiment import score
from analytics.sentiment.domain_lexicon import read_changes
from analytics.sentiment.linear.features import VOTES_FROM, Changes
from analytics.sentiment.linear.matrix import Counted, Rows, count_texts
from analytics.sentiment.linear.regression import FileNumbers, Labels, learn
from analytics.themes import practices_themes, tag
from brands.folding import READ_CHARACTERS
from tests.bench.evidence_sets import NEGATIVE, POSITIVE, read_training_posts
from tests.bench.linear_accuracy import read_tweets
from tests.bench.measurement import run
from tests.bench.real_posts import find
from tests.bench.tables import Table, note

NAMES = (
    *("Zoom", "Zoom Meetings", "Webex", "Cisco Webex", "Firefox", "Mozilla", "Chrome", "Google Chrome"),
    *("Google Drive", "Google", "Drive", "Threads", "Instagram", "Twitter", "Meta", "Facebook"),
)


def read_reviews() -> pd.DataFrame:
    """All reviews: app, text, stance (−1 for one or two stars, 0, 1 for four or five), practices."""
    frames = []
    for app in ("zoom", "webex", "firefox"):
        [path] = find(f"zoom_play_reviews/{app}.csv")
        frames.append(pd.read_csv(path)[["content", "score"]].set_axis(["text", "stars"], axis=1).assign(app=app))
    [path] = find("threads_reviews/*.csv")
    threads = pd.read_csv(path)[["review_description", "rating"]]
    frames.append(threads.set_axis(["text", "stars"], axis=1).assign(app="threads"))
    [path] = find("app_store_reviews/*.csv.gz")
    store = pd.read_csv(path)
    text = store["title"].fillna("") + "\n" + store["content"].fillna("")
    frames.append(pd.DataFrame({"text": text, "stars": store["rating"], "app": store["app"]}))
    reviews = pd.concat(frames).dropna().reset_index(drop=True)
    reviews["text"] = reviews["text"].str[:READ_CHARACTERS]
    reviews["stance"] = np.sign(reviews["stars"] - 3).astype(int)
    themes = practices_themes()
    reviews["practices"] = [bool(found & themes) for found in tag(reviews["text"].tolist())]
    return reviews


def area_under_curve(praise: np.ndarray, scores: np.ndarray) -> float:
    """The chance that praise scores higher than a complaint, ties half: Mann and Whitney's U."""
    ranks = pd.Series(scores).rank().to_numpy()
    n, m = int(praise.sum()), int((~praise).sum())
    return float((ranks[praise].sum() - n * (n + 1) / 2) / (n * m))


def read_comments() -> tuple[list[str], Labels]:
    """Reddit comments with a stance by the groups of emotions of Demszky et al. (2020); those with both have none."""
    [path], [names_path] = find("goemotions/train.tsv"), find("goemotions/labels.txt")
    names = names_path.read_text().split()
    comments = pd.read_csv(path, sep="\t", header=None, names=["text", "emotions", "id"], dtype={"emotions": str})
    stances = comments["emotions"].map(lambda told: stance_of({names[int(number)] for number in told.split(",")}))
    known = stances.notna()
    return comments["text"][known].tolist(), stances[known].to_numpy(np.int8)


def stance_of(emotions: set[str]) -> int | None:
    negative, positive = bool(emotions & NEGATIVE), bool(emotions & POSITIVE)
    if negative != positive:
        return 1 if positive else -1
    return 0 if emotions == {"neutral"} else None


def main() -> None:
    reviews, changes = read_reviews(), read_changes()
    stance, app = reviews["stance"].to_numpy(np.int8), reviews["app"].to_numpy()
    measured = np.flatnonzero(reviews["practices"] & (stance != 0))
    told, of_app = stance[measured], app[measured]
    apps = sorted(set(of_app))
    table = Table(f"{len(measured):,} reviews on practices", {"app": "<14", "complaints": ",", "praise": ","})
    for each in apps:
        table.add(each, (told[of_app == each] < 0).sum(), (told[of_app == each] > 0).sum())
    columns = {"scorer": "<44", "AUC": ".3f", "complaints": ".3f", "praise": ".3f"}
    table = Table("Area under the curve, shares of complaints and of praise that are read as such", columns)
    texts = reviews["text"].iloc[measured].tolist()
    for scorer in ("vader", "vader_domain"):
        compound = score(texts, scorer, NAMES)["compound"].to_numpy()
        table.add(scorer, *measure(told, compound, np.where(np.abs(compound) >= VOTES_FROM, compound, 0)))
    counted = count_texts(reviews["text"].tolist(), NAMES, changes)
    tweets, comments = ((count_texts(texts, (), changes), labels) for texts, labels in (read_tweets(), read_comments()))
    candidates = {}
    for name, data in {
        "tweets": tweets,
        "tweets, no neutral": without_neutral(tweets),
        "comments": comments,
        "comments, no neutral": without_neutral(comments),
        "tweets and comments": join(tweets, comments),
        "tweets and comments, no neutral": without_neutral(join(tweets, comments)),
    }.items():
        candidates[name] = learn(*data).logits(counted.take(measured))
        table.add(f"linear: {name}", *measure_logits(told, candidates[name]))
    own = count_own(changes)
    for name, parts in {
        "practices posts alone": [own],
        "tweets, practices posts": [tweets, own],
        "tweets, comments, practices posts": [tweets, comments, own],
    }.items():
        table.add(
            f"linear: {name}", *measure_logits(told, learn(*with_equal_say(*parts)).logits(counted.take(measured)))
        )
    for name, more in {"reviews": None, "reviews, tweets, comments, no neutral": join(tweets, comments)}.items():
        logits = np.empty((len(measured), 3))
        for each in apps:
            others: Rows = np.flatnonzero((app != each) & (stance != 0))
            known = counted.take(others), stance[others]
            own = of_app == each
            data = known if more is None else join(known, without_neutral(more))
            logits[own] = learn(*data).logits(counted.take(measured[own]))
        table.add(f"linear: {name}", *measure_logits(told, logits))
    chosen = np.empty((len(measured), 3))
    for each in apps:
        elsewhere = of_app != each
        name = choose({name: measure_logits(told[elsewhere], rows[elsewhere]) for name, rows in candidates.items()})
        chosen[~elsewhere] = candidates[name][~elsewhere]
        note(f"chosen for {each}: {name}")
    table.add("linear: chosen on the other apps", *measure_logits(told, chosen))


Measures = tuple[float, float, float]
"""AUC, complaints read negative, praise read positive."""


def choose(measures: dict[str, Measures]) -> str:
    return max(measures, key=lambda name: (measures[name][1] >= 0.75 and measures[name][2] >= 0.65, measures[name][0]))


def measure(stance: Labels, scores: np.ndarray, votes: np.ndarray) -> Measures:
    blame, praise = stance < 0, stance > 0
    return area_under_curve(praise, scores), float((votes[blame] < 0).mean()), float((votes[praise] > 0).mean())


def measure_logits(stance: Labels, logits: np.ndarray) -> Measures:
    return measure(stance, logits[:, 2] - logits[:, 0], logits.argmax(axis=1) - 1)


Labelled = tuple[Counted, Labels]


def join(one: Labelled, other: Labelled) -> Labelled:
    from scipy.sparse import csr_array, vstack

    blocks = csr_array(vstack([one[0].blocks, other[0].blocks], format="csr"))
    return Counted(blocks, np.concatenate([one[0].vader, other[0].vader])), np.concatenate([one[1], other[1]])


def count_own(changes: Changes) -> Labelled:
    """The posts on practices that come with the project."""
    posts = read_training_posts()
    return count_texts(posts.texts, (), changes), posts.labels.astype(np.int8)


def with_equal_say(*parts: Labelled) -> tuple[Counted, Labels, FileNumbers]:
    """Parts to learn from together, each with the same say: what `brandtrust train --equal-files` does."""
    of_part = np.repeat(np.arange(len(parts)), [len(labels) for _, labels in parts])
    return *reduce(join, parts), of_part


def without_neutral(data: Labelled) -> Labelled:
    rows = np.flatnonzero(data[1] != 0)
    return data[0].take(rows), data[1][rows]


if __name__ == "__main__":
    run(main)
