"""What `ngrams` computes, in plain Python: for machines without a compiler, small batches, and to test against."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np

from analytics.sentiment.compiled.tables import Floats
from analytics.sentiment.linear.layout import (
    BLOCKS,
    BUCKET_BITS,
    CELLS,
    CHARACTER_GRAMS,
    CHARACTER_SEED,
    DAMPING,
    FACTOR,
    LONGEST_RUN,
    MIXER,
    MOST_COUNTED,
    PAIR_SEED,
    SIXTY_FOUR_BITS,
    WORD_SEED,
    Features,
    Weights,
)

WORDS = re.compile(r"\w+(?:['’]\w+)*|[!-/:-@\[-^`{-~]+|\S")
"A word with its inner apostrophes, a run of ASCII signs, or any other character."


def normalise(text: str) -> str:
    """Digits as 0, spaces as one kind, no character over LONGEST_RUN times in a row; half a surrogate pair as ?."""
    text = text.encode(errors="replace").decode()
    plain = re.sub(r"\s", " ", re.sub(r"\d", "0", text))
    return re.sub(rf"(.)\1{{{LONGEST_RUN},}}", lambda run: run[1] * LONGEST_RUN, plain, flags=re.DOTALL)


def hash_of(text: str, seed: int) -> int:
    for character in text:
        seed = (seed ^ ord(character)) * FACTOR & SIXTY_FOUR_BITS
    return seed


def bucket(hashed: int) -> int:
    return (hashed * MIXER & SIXTY_FOUR_BITS) >> (64 - BUCKET_BITS)


def word_hashes(text: str) -> Iterator[int]:
    """Each word and its pair with the word before, or with the beginning."""
    before = PAIR_SEED
    for word in WORDS.findall(text):
        hashed = hash_of(word.replace("’", "'") if len(word) > 1 else word, WORD_SEED)
        yield hashed
        yield (before ^ hashed) * FACTOR & SIXTY_FOUR_BITS
        before = hashed * PAIR_SEED & SIXTY_FOUR_BITS


def character_hashes(text: str) -> Iterator[int]:
    """Every run of CHARACTER_GRAMS characters of what stands between spaces, with a space at either end."""
    shortest, longest = CHARACTER_GRAMS
    for token in text.split(" "):
        padded = f" {token} " if token else ""
        for start in range(len(padded)):
            for size in range(shortest, min(longest, len(padded) - start) + 1):
                yield hash_of(padded[start : start + size], CHARACTER_SEED)


def blocks(text: str) -> Iterator[dict[int, int]]:
    """How often each bucket is met, in the order of the first time: by words, then by characters."""
    text = normalise(text)
    for hashes in (word_hashes(text), character_hashes(text)):
        yield {each: min(times, MOST_COUNTED) for each, times in Counter(map(bucket, hashes)).items()}


def sums(texts: Iterable[str], weights: Weights) -> Floats:
    """One row a text: for its words and then its characters the square of the length, then the sum for each class."""
    return np.array([[sums_of(block, weights) for block in blocks(text)] for text in texts]).reshape(-1, BLOCKS, CELLS)


def sums_of(block: dict[int, int], weights: Weights) -> list[float]:
    sums = [0.0] * CELLS
    for bucket, times in block.items():
        rarity, *of_classes = map(float, weights[bucket * CELLS : bucket * CELLS + CELLS])
        value = float(DAMPING[times]) * rarity
        added = (value * value, *(value * weight for weight in of_classes))
        sums = [total + one for total, one in zip(sums, added, strict=True)]
    return sums


def count(texts: Iterable[str]) -> Features:
    """The features of the texts."""
    counted = [block for text in texts for block in blocks(text)]
    buckets = [*chain.from_iterable(counted)]
    counts = [*chain.from_iterable(block.values() for block in counted)]
    borders = np.cumsum([*map(len, counted)], dtype=np.int64)
    return Features(np.array(buckets, np.int32), np.array(counts, np.int32), borders)
