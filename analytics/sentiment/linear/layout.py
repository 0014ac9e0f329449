"""How features are hashed and laid out: what the compiled reader, its reference and the model file must agree on."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.sentiment.compiled.tables import Bytes, Floats, Offsets

BUCKET_BITS = 20
BUCKETS = 1 << BUCKET_BITS
CHARACTER_GRAMS = (2, 5)  # within what stands between spaces, those counted as one character
LONGEST_RUN = 3  # "sooooo" is "sooo"
MOST_COUNTED = 255

SLOTS = 8  # a character, of the table in which a text's features are counted: at least half stay empty

BLOCKS = 2  # words and characters, each scaled to length 1
CLASSES = 3  # negative, neutral, positive
CELLS = 1 + CLASSES  # of a bucket: how rare it is, then its weight for each class: together in one line of cache

# FNV-1a over code points. What is hashed for one purpose begins unlike all else; the mixer brings the high bits to use.
FACTOR, MIXER = 0x100000001B3, 0x9E3779B97F4A7C15
WORD_SEED, PAIR_SEED, CHARACTER_SEED = 0xCBF29CE484222325, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F
SIXTY_FOUR_BITS = (1 << 64) - 1

SPACE, DIGIT, WORD = 1, 2, 4  # kinds of characters, combined in one number
ZERO = ord("0")

Integers = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]
Damping = Floats
Sums = Floats

DAMPING: Damping = 1 + np.log(np.maximum(np.arange(MOST_COUNTED + 1), 1))
"""What n occurrences of an n-gram in a text weigh (sublinear term frequency)."""


class Buffers(NamedTuple):
    """What the compiled reader writes on."""

    characters: Integers  # of one text
    slots: Integers  # a hash table of one block's features: number from 1, all 0 between blocks
    taken: Integers  # the slots in use
    buckets: Integers  # of each feature
    counts: Integers


class Features(NamedTuple):
    """Counted n-grams of some texts: words of the first, its characters, words of the second …"""

    buckets: Integers
    counts: Integers
    borders: Offsets  # where each block ends


def buffers(longest: int, features: int) -> Buffers:
    """Room for texts of up to `longest` bytes each and for `features` features kept at a time."""
    slots = 64
    while slots < longest * SLOTS + 1:
        slots *= 2
    return Buffers(
        characters=np.empty(longest + 1, np.int32),
        slots=np.zeros(slots, np.int32),
        taken=np.empty(most_features(longest), np.int32),
        buckets=np.empty(features, np.int32),
        counts=np.empty(features, np.int32),
    )


def most_features(size: int) -> int:
    """No more features than this come from a text of `size` bytes: two words a character, and a token of n characters
    has fewer than 4 n runs."""
    return 6 * size


@cache
def kinds_of_characters() -> Bytes:
    """SPACE, DIGIT and WORD by code point, as this interpreter's strings have them."""
    import re
    import sys

    kinds = np.zeros(sys.maxunicode + 1, np.uint8)
    characters = np.arange(len(kinds), dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    for pattern, kind in ((r"\s+", SPACE), (r"\d+", DIGIT), (r"\w+", WORD)):
        for run in re.finditer(pattern, characters):
            kinds[run.start() : run.end()] |= kind
    return kinds
