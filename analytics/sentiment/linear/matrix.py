"""Texts as rows of numbers to learn from: counted n-grams, weighed by how rare they are, and VADER's features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analytics.sentiment.batch import BatchVader
from analytics.sentiment.compiled.tables import Floats
from analytics.sentiment.linear.features import Changes, read_vader
from analytics.sentiment.linear.layout import BLOCKS, BUCKETS, DAMPING, Weights
from analytics.sentiment.linear.normalisation import hashable, readable
from analytics.sentiment.linear.reader import count

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Rows = npt.NDArray[np.int64]

FEWEST_TEXTS = 2
"""An n-gram of fewer texts is left out: it says nothing of other texts, and may say who wrote this one."""


@dataclass(frozen=True)
class Counted:
    """Some texts, counted. `blocks`: BLOCKS rows a text, damped counts; `vader`: one row a text."""

    blocks: csr_array
    vader: Floats

    def take(self, rows: Rows) -> Counted:
        """Some of the texts, in the order of `rows`."""
        of_text = rows[:, None] * BLOCKS + np.arange(BLOCKS)
        return Counted(self.blocks[of_text.ravel()], self.vader[rows])


def count_texts(texts: Sequence[str], names: Sequence[str] = (), changes: Changes | None = None) -> Counted:
    """Count the n-grams of the texts, `names` masked; `changes` are those of VADER's lexicon."""
    from scipy.sparse import csr_array

    seen = readable(texts, names)
    parts = [*count(hashable(seen))]
    ends, last = [np.zeros(1, np.int64)], 0
    for part in parts:
        ends.append(part.borders + last)
        last += len(part.buckets)
    damped = np.concatenate([DAMPING[part.counts].astype(np.float32) for part in parts])
    buckets = np.concatenate([part.buckets for part in parts])
    return Counted(
        csr_array((damped, buckets, np.concatenate(ends)), shape=(len(texts) * BLOCKS, BUCKETS)),
        read_vader(seen, BatchVader(changes)),
    )


def rarity(counted: Counted) -> Weights:
    """By bucket how much an n-gram weighs: 1 + log((1 + texts) / (1 + texts that have it)), 0 where too few have it.

    Spärck Jones (1972), A statistical interpretation of term specificity, smoothed as scikit-learn does.
    """
    found = np.bincount(counted.blocks.indices, minlength=BUCKETS)
    weighed = 1 + np.log((1 + len(counted.vader)) / (1 + found))
    return np.where(found >= FEWEST_TEXTS, weighed, 0).astype(np.float32)


def design(counted: Counted, rarity: Weights) -> csr_array:
    """One row a text: its known n-grams, words and characters each scaled to length 1, and then VADER's features.

    Columns: the buckets with a rarity, ascending, and the features. float32.
    """
    from scipy.sparse import csr_array, hstack

    known = np.flatnonzero(rarity)
    column = np.zeros(BUCKETS, np.int32)
    column[known] = np.arange(len(known))
    blocks = counted.blocks
    weighed = blocks.data * rarity[blocks.indices]
    of_block = np.repeat(np.arange(blocks.shape[0]), np.diff(blocks.indptr))
    squares = np.bincount(of_block, weights=weighed.astype(np.float64) ** 2, minlength=blocks.shape[0])
    lengths = np.sqrt(np.where(squares > 0, squares, 1)).astype(np.float32)
    kept = weighed > 0
    rows = of_block[kept] // BLOCKS
    ends = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(counted.vader)))]).astype(np.int32)
    grams = csr_array(
        (weighed[kept] / lengths[of_block[kept]], column[blocks.indices[kept]], ends),
        shape=(len(counted.vader), len(known)),
    )
    both = csr_array(hstack([grams, csr_array(counted.vader.astype(np.float32))], format="csr"))
    both.indices, both.indptr = both.indices.astype(np.int32), both.indptr.astype(np.int32)  # liblinear takes no other
    return both
