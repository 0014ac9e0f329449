"""Texts to counted n-grams or weighed sums: compiled where that can be had, in plain Python where it cannot.

Both count the same features in the same order and add in the same order, so the numbers are equal to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.machine_code import Program
from analytics.sentiment.compiled.tables import Floats
from analytics.sentiment.linear import reference
from analytics.sentiment.linear.layout import (
    BLOCKS,
    CELLS,
    CLASSES,
    DAMPING,
    Features,
    Weights,
    buffers,
    kinds_of_characters,
    most_features,
)
from analytics.text_batches import as_arrow, as_batch

BATCH_BYTES = 4_000_000  # of texts whose features are kept at a time
WORTH_COMPILING = 20_000
"""Characters of a batch from which the reader is compiled where this machine has not done so yet (some seconds)."""


def assembly() -> str:
    from analytics.sentiment.linear.ngrams import llvm_of_reader

    return llvm_of_reader()


READER = Program(
    "ngrams",
    [Path(__file__).parent],
    assembly,
    "the linear scorer runs uncompiled, much slower and to the same result",
)


def weigh(texts: Sequence[str], weights: Weights) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """For each class the sum of the weights of a text's n-grams, words and characters each scaled to length 1.

    One row a text, and whether any of its n-grams is known. `weights`: CELLS cells a bucket.
    """
    code = READER.load(compile_missing=sum(map(len, texts)) >= WORTH_COMPILING)
    if code is None:
        sums = reference.sums(texts, weights)
    else:
        batch = as_batch(as_arrow(texts)[0])
        space = buffers(batch.longest, most_features(batch.longest))
        sums = np.empty((len(texts), BLOCKS, CELLS))
        nowhere = np.empty(0, np.int64)
        kinds = kinds_of_characters()
        code.call(batch.text, batch.ends, 0, len(texts), kinds, *space, 0, nowhere, weights, DAMPING, sums)
    lengths = np.sqrt(sums[:, :, :1])
    scaled = np.divide(sums[:, :, 1:], lengths, out=np.zeros((len(texts), BLOCKS, CLASSES)), where=lengths > 0)
    return np.asarray(scaled.sum(axis=1)), np.asarray(lengths.any(axis=(1, 2)))


def count(texts: Sequence[str]) -> Iterator[Features]:
    """The features of the texts, a few megabytes of text at a time."""
    code = READER.load(compile_missing=sum(map(len, texts)) >= WORTH_COMPILING)
    if code is None:
        yield reference.count(texts)
        return
    if not texts:
        return
    batch = as_batch(as_arrow(texts)[0])  # half a surrogate pair is read as "?"
    ends = batch.ends
    first = 0
    while first < len(texts):
        last = max(first + 1, int(np.searchsorted(ends, ends[first] + BATCH_BYTES, "right")) - 1)
        space = buffers(batch.longest, most_features(int(ends[last] - ends[first])))
        borders = np.empty((last - first) * 2, np.int64)
        nothing = np.empty(0, np.float32), DAMPING, np.empty(0)
        code.call(batch.text, ends, first, last, kinds_of_characters(), *space, 1, borders, *nothing)
        found = int(borders[-1])
        yield Features(space.buckets[:found].copy(), space.counts[:found].copy(), borders)
        first = last
