"""Parts of labelled texts to measure on in turn, while the others are learned from."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analytics.evaluation.errors import EvaluationError
from analytics.evaluation.label_words import CLASSES
from analytics.sentiment.linear.regression import Labels

Folds = npt.NDArray[np.int64]
"""The number of each text's fold, from 0."""

MOST_GROUP_FOLDS = 10


def fold_by_text(texts: Sequence[str], labels: Labels, folds: int) -> Folds:
    """`folds` parts with the classes in the same proportion. Equal texts share a part: none is measured on itself.

    By the texts alone, whatever their order. Raises EvaluationError where a part cannot be learned without.
    """
    first_label: dict[str, int] = {}
    for text, label in sorted(zip(texts, labels.tolist(), strict=True)):
        first_label.setdefault(text, label)
    order = sorted(
        first_label, key=lambda text: (first_label[text], hashlib.sha256(text.encode("utf-8", "replace")).digest())
    )
    place = {text: number % folds for number, text in enumerate(order)}
    chosen = np.array([place[text] for text in texts], np.int64)
    return require_classes(chosen, labels, [f"part {number + 1} of {folds}" for number in range(folds)], "--folds")


def fold_by_group(groups: Sequence[str], labels: Labels) -> Folds:
    """A part for each group, so that each is measured by a model that never saw it; many groups share MOST_GROUP_FOLDS.

    Raises EvaluationError for a single group, or where a part cannot be learned without.
    """
    sizes = Counter(groups)
    if len(sizes) < 2:
        raise EvaluationError("--group: every row has the same value; name a column with two or more, or leave it out")
    folds = min(len(sizes), MOST_GROUP_FOLDS)
    place: dict[str, int] = {}
    filled = [0] * folds
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        place[group] = filled.index(min(filled))
        filled[place[group]] += size
    chosen = np.array([place[group] for group in groups], np.int64)
    names = ["group " + ", ".join(group for group in place if place[group] == number) for number in range(folds)]
    return require_classes(chosen, labels, names, "--group")


def require_classes(folds: Folds, labels: Labels, names: Sequence[str], option: str) -> Folds:
    for number, name in enumerate(names):
        missing = set(np.unique(labels).tolist()) - set(np.unique(labels[folds != number]).tolist())
        if missing:
            lost = " and ".join(CLASSES[label + 1] for label in sorted(missing))
            raise EvaluationError(f"{option}: without {name[:80]} no text is {lost}; choose others")
    return folds
