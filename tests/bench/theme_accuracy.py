"""How well do themes find posts on privacy, and each theme its own? Against human labels and against our own.

Run as `python -m tests.bench.theme_accuracy`. No review of `privacy_reviews` was read for any rule; its negatives are
hard ("charged my card without permission"). Its figure was looked at some ten times while the taxonomy was widened.
The cross-validated figure leaves out, in each of ten folds, the rules that the other nine speak against.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.themes import practices_themes, read_taxonomy, tag
from analytics.themes.matching import Matcher
from brands.folding import fold
from tests.bench.measurement import run
from tests.bench.real_posts import find
from tests.bench.tables import Table, note
from tests.labelled.labelled_files import HALVES, read_rows

FOLDS = 10
DRAWS = 2_000
PRECISIONS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7)  # what a rule may be asked for in training; 0 keeps all

COLUMNS = {"theme": "<28", "found": ",", "right": ",", "precision": ".3f", "recall": ".3f", "F1": ".3f"}

Flags = npt.NDArray[np.bool_]


def accuracy(found: Flags, right: Flags) -> tuple[float, float, float]:
    """Precision, recall and F1 of what was found; nan where nothing was."""
    hits = (found & right).sum()
    return hits / max(found.sum(), 1), hits / max(right.sum(), 1), 2 * hits / max(found.sum() + right.sum(), 1)


def interval(found: Flags, right: Flags) -> tuple[float, float]:
    """95 % bootstrap interval of F1 over posts."""
    chance = np.random.default_rng(0)
    draws = chance.integers(0, len(found), (DRAWS, len(found)))
    low, high = np.quantile([accuracy(found[draw], right[draw])[2] for draw in draws], [0.025, 0.975])
    return low, high


def hits_by_rule(texts: Sequence[str]) -> Flags:
    """Text × rule of the themes of practices: does the rule alone find it?"""
    rules = {
        f"{entry.name} {number}": ([rule], entry.not_phrases)
        for entry in read_taxonomy().themes.values()
        if entry.practices
        for number, rule in enumerate(entry.rules)
    }
    matcher = Matcher(rules)
    found = [{name for name, _ in matcher.match(fold(text))} for text in texts]
    return np.array([[name in here for name in rules] for here in found])


def select_rules(hits: Flags, right: Flags) -> Flags:
    """The rules to keep by these posts: those at least as precise as makes F1 highest; ones without a hit stay."""
    precise = (hits & right[:, None]).sum(axis=0) / np.maximum(hits.sum(axis=0), 1)
    kept = [(precise >= wanted) | ~hits.any(axis=0) for wanted in PRECISIONS]
    return max(kept, key=lambda rules: accuracy(hits[:, rules].any(axis=1), right)[2])


def cross_validate(texts: Sequence[str], right: Flags) -> Flags:
    """What is found in each fold by the rules that the other folds keep."""
    hits = hits_by_rule(texts)
    fold_of = np.array([zlib.crc32(text.encode()) % FOLDS for text in texts])
    found = np.zeros(len(texts), bool)
    for number in range(FOLDS):
        held = fold_of == number
        found[held] = hits[held][:, select_rules(hits[~held], right[~held])].any(axis=1)
    return found


def counts(found: Flags, right: Flags) -> tuple[int, int]:
    """How many were found, and how many of them are right."""
    return found.sum(), (found & right).sum()


def show_own_posts(half: str) -> None:
    rows = read_rows("themes.csv", ["id", "text", "themes", "half"])
    rows = [row for row in rows if row["half"] == half]
    tagged = tag([row["text"] for row in rows])
    labels = [row["themes"].split("|") for row in rows]
    table = Table(f"Our own posts, {half}: {len(rows)}", COLUMNS)
    flags: Mapping[str, tuple[Flags, Flags]] = {
        name: (np.array([name in here for here in tagged]), np.array([name in here for here in labels]))
        for name in read_taxonomy().themes
    }
    for name, (found, right) in flags.items():
        table.add(name, *counts(found, right), *accuracy(found, right))
    all_found, all_right = (np.concatenate(side) for side in zip(*flags.values(), strict=True))
    table.add("all themes", *counts(all_found, all_right), *accuracy(all_found, all_right))
    posts = read_rows("domain_posts.csv", ["id", "text", "label", "form", "company", "half"])
    texts = [row["text"] for row in posts if row["half"] == half]
    about = sum(bool(themes & practices_themes()) for themes in tag(texts))
    note(f"domain_posts, {half}: {about} of {len(texts)} posts on practices have a theme of practices")


def main() -> None:
    for half in HALVES:
        show_own_posts(half)
    [path] = find("privacy_reviews/half.csv")
    reviews = pd.read_csv(path).dropna(subset=["content"])
    texts, right = reviews["content"].tolist(), reviews["Privacy-related"].astype(int).eq(1).to_numpy()
    tagged = tag(texts)
    found = np.array([bool(themes & practices_themes()) for themes in tagged])
    title = f"privacy_reviews: {len(texts)}, on privacy {right.sum()}; F1 with its 95 % bootstrap interval"
    table = Table(title, {**COLUMNS, "low": ".3f", "high": ".3f"})
    for name, here in (("rules as shipped", found), (f"{FOLDS} folds, rules selected", cross_validate(texts, right))):
        table.add(name, *counts(here, right), *accuracy(here, right), *interval(here, right))
    table = Table("privacy_reviews by theme", {"theme": "<28", "found": ",", "right": ","})
    for name in sorted(practices_themes()):
        with_theme = np.array([name in themes for themes in tagged])
        table.add(name, *counts(with_theme, right))


if __name__ == "__main__":
    run(main)
