"""What the model sees of a text beside its n-grams: VADER's four numbers, and what its vote would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analytics.sentiment.batch import BatchVader
from analytics.sentiment.compiled.tables import Floats
from analytics.sentiment.linear.layout import BUCKET_BITS, CHARACTER_GRAMS, LONGEST_RUN
from analytics.sentiment.scorers import scorer_version

VADER = ("neg", "neu", "pos", "compound", "above zero", "below zero", "votes positive", "votes negative")
VOTES_FROM = 0.05  # VADER's customary bounds


Changes = Mapping[str, float | None]
"""Of VADER's lexicon: word → valence, None takes the word out. A model keeps those it was trained with."""


def read_vader(readable: Sequence[str], vader: BatchVader) -> Floats:
    """One row a text, columns VADER."""
    scores = vader.scores(readable)
    compound = scores[:, 3]
    return np.column_stack(
        [
            scores,
            np.maximum(compound, 0),
            np.minimum(compound, 0),
            compound >= VOTES_FROM,
            compound <= -VOTES_FROM,
        ]
    )


def settings(changes: Changes) -> dict[str, Any]:
    """Everything that decides which features a text has. A model fits only where they are as it was trained."""
    return {
        "hashing": 1,  # raised with any change to how n-grams are cut, hashed or weighed
        "normalisation": 1,  # raised with any change to `normalisation`
        "bucket_bits": BUCKET_BITS,
        "word_grams": [1, 2],
        "character_grams": [*CHARACTER_GRAMS],
        "longest_run": LONGEST_RUN,
        "vader": list(VADER),
        "vaderSentiment": scorer_version("vader"),
        "lexicon": dict(sorted(changes.items())),
    }
