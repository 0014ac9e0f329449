"""How often a scorer's reading agrees with people's, from the table of confusion, with bootstrap intervals.

Texts are drawn anew independently of each other, and all that is asked of them stands in the table of confusion; so the
bootstrap (Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13) draws that table, multinomially, and
not the texts: the same distribution, in milliseconds. Two scorers have read the same texts: their difference is drawn
from the table of both readings together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.evaluation.label_words import CLASSES

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Votes = npt.NDArray[np.int8]
Metric = Callable[[Integers], Floats]

DRAWS = 4_000
SEED = 20230806
POSITIVE_FROM = 0.05
TAILS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % percentile bootstrap interval; low and high are None where none can be given."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A scorer against people. `confusion[i][j]`: texts of class i that were read as class j, in the order of CLASSES.

    Means are over the classes that the labels have. `recalls` and `precisions` have None for a class without labels, or
    one that the scorer never reads.
    """

    texts: int
    macro_recall: Estimate
    macro_f1: Estimate
    recalls: tuple[float | None, ...]
    precisions: tuple[float | None, ...]
    confusion: tuple[tuple[int, ...], ...]


def read_votes(compound: Floats) -> Votes:
    """The class that a compound score stands for: 1 from 0.05, −1 to −0.05, else 0, as VADER's authors have it."""
    return np.where(compound >= POSITIVE_FROM, 1, np.where(compound <= -POSITIVE_FROM, -1, 0)).astype(np.int8)


def measure_accuracy(labels: Votes, votes: Votes) -> Accuracy:
    """Macro-recall (the official metric of TweetEval: Barbieri et al. 2020), macro-F1 and the table of confusion.

    `labels` and `votes` hold −1, 0 and 1, one a text. Raises ValueError where they differ in length or are empty.
    """
    table = count_confusion(labels, votes)
    drawn = _draw(table)
    hits = np.diagonal(table)
    with np.errstate(invalid="ignore"):
        recalls, precisions = hits / table.sum(axis=1), hits / table.sum(axis=0)
    return Accuracy(
        int(table.sum()),
        _interval(float(macro_recall(table)), macro_recall(drawn)),
        _interval(float(macro_f1(table)), macro_f1(drawn)),
        tuple(None if np.isnan(share) else float(share) for share in recalls),
        tuple(None if np.isnan(share) else float(share) for share in precisions),
        tuple(tuple(row) for row in table.tolist()),
    )


def compare_accuracy(labels: Votes, votes: Votes, others: Votes) -> tuple[Estimate, Estimate]:
    """Macro-recall and macro-F1 of `others` less those of `votes`, both read from the same texts."""
    size = len(CLASSES)
    table = np.zeros((size, size, size), np.int64)
    np.add.at(table, (labels.astype(int) + 1, votes.astype(int) + 1, others.astype(int) + 1), 1)
    drawn = _draw(table)

    def difference(metric: Metric, tables: Integers) -> Floats:
        return metric(tables.sum(axis=-2)) - metric(tables.sum(axis=-1))

    recall, f1 = (
        _interval(float(difference(metric, table)), difference(metric, drawn)) for metric in (macro_recall, macro_f1)
    )
    return recall, f1


def count_confusion(labels: Votes, votes: Votes) -> Integers:
    """The table of confusion: rows are people's classes, columns the scorer's."""
    if len(labels) != len(votes) or not len(labels):
        raise ValueError(f"{len(labels)} labels and {len(votes)} readings: give as many, and at least one")
    table = np.zeros((len(CLASSES), len(CLASSES)), np.int64)
    np.add.at(table, (labels.astype(int) + 1, votes.astype(int) + 1), 1)
    return table


def macro_recall(tables: Integers) -> Floats:
    """Mean over the classes that have labels of the share that is found; tables (…, 3, 3) → (…)."""
    return _mean_over_labelled(tables, np.diagonal(tables, axis1=-2, axis2=-1), tables.sum(axis=-1))


def macro_f1(tables: Integers) -> Floats:
    """Mean over the classes that have labels of 2·hits / (labelled + read)."""
    hits = 2 * np.diagonal(tables, axis1=-2, axis2=-1)
    return _mean_over_labelled(tables, hits, tables.sum(axis=-1) + tables.sum(axis=-2))


def _mean_over_labelled(tables: Integers, hits: Integers, of: Integers) -> Floats:
    labelled = tables.sum(axis=-1) > 0
    shares = np.where(labelled, hits / np.maximum(of, 1), 0.0)
    return np.asarray(shares.sum(axis=-1) / np.maximum(labelled.sum(axis=-1), 1))


def _draw(table: Integers) -> Integers:
    """DRAWS tables of as many texts, drawn from this one's shares."""
    total = int(table.sum())
    drawn = np.random.default_rng(SEED).multinomial(total, table.ravel() / total, size=DRAWS)
    return np.asarray(drawn.reshape(DRAWS, *table.shape), np.int64)


def _interval(value: float, drawn: Floats) -> Estimate:
    low, high = np.percentile(drawn, TAILS)
    return Estimate(value, float(low), float(high))
