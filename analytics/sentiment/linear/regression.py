"""The regression itself: which n-grams and features speak for which class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.sentiment.compiled.tables import Floats
from analytics.sentiment.linear.features import VADER
from analytics.sentiment.linear.layout import BUCKETS, CELLS, CLASSES, Weights
from analytics.sentiment.linear.matrix import Counted, design, rarity

Labels = npt.NDArray[np.int8]
"""−1 negative, 0 neutral, 1 positive."""

FileNumbers = npt.NDArray[np.int64]

INVERSE_REGULARISATION = 1.0
TOLERANCE = 0.1  # liblinear's own; a hundredth of it moves macro-recall by less than 0.002 and takes six times as long
MOST_STEPS = 1_000
SEED = 20230806


@dataclass(frozen=True)
class Learned:
    """`grams`: a row for each bucket with a rarity, a column a class. A class not in the data: intercept −inf."""

    rarity: Weights
    grams: Weights
    vader: Floats
    intercept: Floats

    def logits(self, counted: Counted) -> Floats:
        """What speaks for each class, before probabilities are made of it; one row a text."""
        both = np.concatenate([self.grams, self.vader.astype(np.float32)])
        return np.asarray(design(counted, self.rarity) @ both, np.float64) + self.intercept

    def table(self) -> Weights:
        """The weights as the reader takes them: CELLS cells a bucket."""
        cells = np.zeros((BUCKETS, CELLS), np.float32)
        cells[:, 0] = self.rarity
        cells[np.flatnonzero(self.rarity), 1:] = self.grams
        return cells


def learn(counted: Counted, labels: Labels, of_file: FileNumbers | None = None) -> Learned:
    """Fit a logistic regression of each class against the others, the classes balanced: a rare one has the same say.

    With `of_file`, which has the number of each text's file, so has a small file.

    Dual coordinate descent (Yu, Huang and Lin 2011, Machine Learning 85), quick on text. The same data in the same
    order give the same numbers. Raises ValueError for fewer than two classes.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    classes = np.unique(labels)
    if len(classes) < 2:
        raise ValueError("one class only: there is nothing to tell apart")
    rare = rarity(counted)
    rows, weights = design(counted, rare), balance(labels, of_file) * len(labels)
    of_classes, intercept = np.zeros((CLASSES, rows.shape[1])), np.full(CLASSES, -np.inf)
    with threadpool_limits(1):  # sums of several threads would differ in their last bits
        for each in classes[1:] if len(classes) == 2 else classes:
            regression = LogisticRegression(
                C=INVERSE_REGULARISATION,
                solver="liblinear",
                dual=True,
                tol=TOLERANCE,
                max_iter=MOST_STEPS,
                random_state=SEED,
            )
            regression.fit(rows, labels == each, sample_weight=weights)
            of_classes[each + 1], intercept[each + 1] = regression.coef_[0], regression.intercept_[0]
    if len(classes) == 2:
        first, second = classes + 1
        of_classes[first], intercept[first] = -of_classes[second], -intercept[second]
    grams = rows.shape[1] - len(VADER)
    return Learned(rare, of_classes[:, :grams].T.astype(np.float32), of_classes[:, grams:].T.copy(), intercept)


def balance(labels: Labels, of_file: FileNumbers | None = None) -> Floats:
    """Weights of texts by which every class that is there counts the same, in every file if these are given.

    They add up to 1.
    """
    if of_file is not None:
        weights, files = np.empty(len(labels)), np.unique(of_file)
        for each in files:
            weights[of_file == each] = balance(labels[of_file == each]) / len(files)
        return weights
    classes, of_class, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.asarray(1 / (counts[of_class] * len(classes)), np.float64)
