"""What the model sees of a text beside its n-grams: VADER's four numbers, and what its vote would be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analytics.sentiment.compiled.tables import Floats
from analytics.sentiment.linear.layout import BUCKET_BITS, CHARACTER_GRAMS, LONGEST_RUN
from analytics.sentiment.scorers import scorer_version, stock_vader

VADER = ("neg", "neu", "pos", "compound", "above zero", "below zero", "votes positive", "votes negative")
VOTES_FROM = 0.05  # VADER's customary bounds


def read_vader(readable: Sequence[str]) -> Floats:
    """One row a text, columns VADER. By the library's own lexicon: a change of ours must not unsettle old models."""
    scores = stock_vader().scores(readable)
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


def settings() -> dict[str, Any]:
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
    }
