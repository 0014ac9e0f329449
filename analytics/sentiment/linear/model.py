"""A trained linear scorer: what it has learned, and how it turns texts into scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from analytics.sentiment.batch import BatchVader
from analytics.sentiment.compiled.tables import Floats
from analytics.sentiment.linear.features import read_vader
from analytics.sentiment.linear.layout import Weights
from analytics.sentiment.linear.normalisation import hashable, readable
from analytics.sentiment.linear.reader import weigh

LABELS = ("negative", "neutral", "positive")
VOTES_FROM = 0.05  # where the displayed vote begins, in every scorer
STILL_NEUTRAL = 0.0499


@dataclass(frozen=True)
class Model:
    """What was learned. `header` says from what and how well; see `model_file`.

    `weights`: a row a bucket, float32: how rare it is, then its weight for each class. `vader`: (features, classes).
    `intercept`: −inf for a class that was not learned. `temperature`: what all is divided by (see `calibration`).
    """

    weights: Weights
    vader: Floats
    intercept: Floats
    temperature: float
    header: Mapping[str, Any]

    @property
    def version(self) -> str:
        """Such as linear:1a2b3c4d; another one wherever a score may differ."""
        return str(self.header["version"])

    @cached_property
    def lexicon(self) -> BatchVader:
        """VADER with the lexicon of the model's own day: a later change of it moves no score."""
        return BatchVader(self.header["features"]["lexicon"])

    def scores(self, texts: Sequence[str], names: Sequence[str] = ()) -> Floats:
        """Score a batch, `names` masked: one row a text, columns neg, neu, pos (probabilities) and compound.

        A text of which nothing is known (empty, or in letters that were never seen) is neutral.
        """
        seen = readable(texts, names)
        sums, known = weigh(hashable(seen), self.weights.ravel())
        probabilities = soften((sums + self._weigh_vader(seen) + self.intercept) / self.temperature)
        probabilities[~known] = (0.0, 1.0, 0.0)
        return np.column_stack([probabilities, compound(probabilities)])

    def _weigh_vader(self, seen: Sequence[str]) -> Floats:
        """One feature after the other: a product of matrices adds in an order that depends on the size of the batch."""
        sums = np.zeros((len(seen), len(self.intercept)))
        for feature, weights in zip(read_vader(seen, self.lexicon).T, self.vader, strict=True):
            sums += feature[:, None] * weights
        return sums


def soften(logits: Floats) -> Floats:
    """Probabilities of the classes, rows adding up to 1 (softmax)."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def compound(probabilities: Floats) -> Floats:
    """Praise less blame, −1…1, held on that side of ±0.05 where the most probable class is.

    Moving probability from blame to praise never lowers it. A tie of the most probable is neutral.
    """
    negative, neutral, positive = probabilities.T
    balance = positive - negative
    praised, blamed = (positive > negative) & (positive > neutral), (negative > positive) & (negative > neutral)
    within = np.clip(balance, -STILL_NEUTRAL, STILL_NEUTRAL)
    return np.select([praised, blamed], [np.maximum(balance, VOTES_FROM), np.minimum(balance, -VOTES_FROM)], within)
