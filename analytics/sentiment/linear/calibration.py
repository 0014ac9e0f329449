"""Probabilities that can be taken at their word, among as many texts of each class."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analytics.sentiment.compiled.tables import Floats
from analytics.sentiment.linear.model import soften
from analytics.sentiment.linear.regression import Labels, balance

COLDEST, HOTTEST = 0.05, 20.0
EDGES = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Texts whose most probable class has a probability from `start` to `end`, and how often that class was right.

    `probability` and `right` are means with the classes balanced; None without texts.
    """

    start: float
    end: float
    texts: int
    probability: float | None
    right: float | None


def find_temperature(logits: Floats, labels: Labels) -> float:
    """The number that logits are to be divided by, so that their probabilities have the least log loss.

    `logits` must come from models that have not seen the texts. One number changes no vote. Guo, Pleiss, Sun and
    Weinberger (2017), On calibration of modern neural networks, ICML. So that a few texts that are all read right do
    not make it certain of everything, each is taken to be right with (n + 1)/(n + 2), n the texts of its class: Platt
    (1999), Probabilistic outputs for support vector machines.
    """
    from scipy.optimize import minimize_scalar

    classes, of_class, counts = np.unique(labels, return_inverse=True, return_counts=True)
    right = (counts + 1) / (counts + 2)
    targets = np.tile(((1 - right) / (len(classes) - 1))[of_class][:, None], len(classes))
    targets[np.arange(len(labels)), of_class] = right[of_class]
    targets *= balance(labels)[:, None]
    learned = logits[:, classes.astype(int) + 1]

    def loss(log_temperature: float) -> float:
        probabilities = soften(learned / np.exp(log_temperature))
        return float(-(targets * np.log(np.maximum(probabilities, 1e-300))).sum())

    found = minimize_scalar(loss, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded")
    return float(np.exp(found.x))


def bin_confidence(probabilities: Floats, labels: Labels) -> tuple[ConfidenceBin, ...]:
    """Texts by the probability of their most probable class."""
    top, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels.astype(int) + 1
    of_bin, weights = np.searchsorted(EDGES[1:-1], top, "right"), balance(labels)
    bins = []
    for at, (start, end) in enumerate(pairwise(EDGES)):
        here = of_bin == at
        weight = weights[here].sum()
        means = [float((weights * each)[here].sum() / weight) if weight else None for each in (top, right)]
        bins.append(ConfidenceBin(start, end, int(here.sum()), *means))
    return tuple(bins)
