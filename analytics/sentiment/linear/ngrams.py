"""N-grams of words and characters, hashed and counted over a whole batch of UTF-8, and weighed on the way.

numba compiles this (see `compiled`): arrays are plain pointers, nothing is bounds-checked, allocated or raised.
Importing it takes numba's time, so it is imported to compile only. `reference` says the same in plain Python.
"""

from __future__ import annotations

from typing import Any, get_type_hints

import numpy as np
from numba import types

from analytics.compilation import compiled, decode
from analytics.sentiment.compiled.tables import Bytes, Offsets
from analytics.sentiment.linear.layout import (
    BUCKET_BITS,
    CELLS,
    CHARACTER_GRAMS,
    CHARACTER_SEED,
    DIGIT,
    FACTOR,
    LONGEST_RUN,
    MIXER,
    MOST_COUNTED,
    PAIR_SEED,
    SLOTS,
    SPACE,
    WORD,
    WORD_SEED,
    ZERO,
    Buffers,
    Damping,
    Integers,
    Sums,
    Weights,
)

SHORTEST, LONGEST = CHARACTER_GRAMS


@compiled
def read_characters(text: Bytes, start: int, end: int, kinds: Bytes, characters: Integers) -> int:
    """Code points with digits as 0, spaces as one kind, and no character more than three times in a row."""
    place, count, run = start, 0, 0
    while place < end:
        code, size = int(text[place]), 1
        if code >= 128:
            code, size = decode(text, place)
        place += size
        kind = kinds[code]
        if kind & SPACE:
            code = 32
        elif kind & DIGIT:
            code = ZERO
        run = run + 1 if count > 0 and characters[count - 1] == code else 1
        if run > LONGEST_RUN:
            continue
        characters[count] = code
        count += 1
    return count


@compiled
def count_in(hashed: np.uint64, first: int, found: int, buffers: Buffers, last_slot: int) -> int:
    """Count the n-gram with this hash among features `first` to `found`, and return how many there are then."""
    bucket = np.int32((hashed * np.uint64(MIXER)) >> np.uint64(64 - BUCKET_BITS))
    slot = np.int64(bucket) & last_slot
    while True:
        place = buffers.slots[slot]
        if place == 0:
            buffers.slots[slot] = found + 1
            buffers.taken[found - first] = np.int32(slot)
            buffers.buckets[found] = bucket
            buffers.counts[found] = 1
            return found + 1
        if buffers.buckets[place - 1] == bucket:
            buffers.counts[place - 1] += buffers.counts[place - 1] < MOST_COUNTED
            return found
        slot = (slot + 1) & last_slot


@compiled
def empty_slots(first: int, found: int, buffers: Buffers) -> None:
    for which in range(found - first):
        buffers.slots[buffers.taken[which]] = 0


@compiled
def is_sign(code: int, kinds: Bytes) -> bool:
    return 32 < code < 127 and not kinds[code] & WORD


@compiled
def count_words(length: int, kinds: Bytes, first: int, buffers: Buffers, last_slot: int) -> int:
    """Words and pairs of words; a run of ASCII signs is a word (":)", "!!!"), every other character one by itself."""
    characters = buffers.characters
    found, place, before = first, 0, np.uint64(PAIR_SEED)
    while place < length:
        code = characters[place]
        if code == 32:
            place += 1
            continue
        hashed = np.uint64(WORD_SEED)
        word = kinds[code] & WORD
        while True:
            hashed = (hashed ^ np.uint64(code)) * np.uint64(FACTOR)
            place += 1
            if place == length:
                break
            code = characters[place]
            if word:
                if kinds[code] & WORD == 0:
                    inner = code == 39 or code == 0x2019
                    if not (inner and place + 1 < length and kinds[characters[place + 1]] & WORD):
                        break
                    code = 39
            elif not is_sign(code, kinds) or not is_sign(characters[place - 1], kinds):
                break
        found = count_in(hashed, first, found, buffers, last_slot)
        found = count_in((before ^ hashed) * np.uint64(FACTOR), first, found, buffers, last_slot)
        before = hashed * np.uint64(PAIR_SEED)
    return found


@compiled
def count_characters(length: int, first: int, buffers: Buffers, last_slot: int) -> int:
    """Runs of 2 to 5 characters of what stands between spaces, with one space at either end."""
    characters = buffers.characters
    found, end = first, 0
    while end < length:
        start = end
        while start < length and characters[start] == 32:
            start += 1
        end = start
        while end < length and characters[end] != 32:
            end += 1
        if start == end:
            break
        # From the space before the token on; the one behind it is the last character.
        for left in range(start - 1, end):
            hashed = np.uint64(CHARACTER_SEED)
            for size in range(1, LONGEST + 1):
                place = left + size - 1
                if place > end:
                    break
                code = 32 if place < start or place == end else characters[place]
                hashed = (hashed ^ np.uint64(code)) * np.uint64(FACTOR)
                if size >= SHORTEST:
                    found = count_in(hashed, first, found, buffers, last_slot)
    return found


@compiled
def weigh(first: int, found: int, buffers: Buffers, weights: Weights, damping: Damping, sums: Sums, at: int) -> None:
    """Write four cells of `sums` for one block of features: the square of its length, then the sum for each class."""
    squares = a = b = c = 0.0
    for which in range(first, found):
        cell = np.int64(buffers.buckets[which]) * CELLS
        value = damping[buffers.counts[which]] * weights[cell]
        squares += value * value
        a += value * weights[cell + 1]
        b += value * weights[cell + 2]
        c += value * weights[cell + 3]
    sums[at], sums[at + 1], sums[at + 2], sums[at + 3] = squares, a, b, c


@compiled
def read_texts(
    text: Bytes,
    ends: Offsets,
    first_text: int,
    last_text: int,
    kinds: Bytes,
    buffers: Buffers,
    keep: int,
    borders: Offsets,
    weights: Weights,
    damping: Damping,
    sums: Sums,
) -> None:
    """Read texts `first_text` to before `last_text`: text n lies from ends[n] to ends[n + 1] of `text`.

    With `keep` all their features stay in `buffers`: words of the first text, its characters, words of the second …,
    and `borders` has where each block ends. Without, eight cells of `sums` a text are written: what `weigh` writes, by
    words, then by characters.
    """
    found = 0
    for which in range(first_text, last_text):
        length = read_characters(text, ends[which], ends[which + 1], kinds, buffers.characters)
        last_slot = 63
        while last_slot < length * SLOTS:
            last_slot = last_slot * 2 + 1
        for block in range(2):
            first = found if keep else 0
            if block == 0:
                found = count_words(length, kinds, first, buffers, last_slot)
            else:
                found = count_characters(length, first, buffers, last_slot)
            empty_slots(first, found, buffers)
            if keep:
                borders[(which - first_text) * 2 + block] = found
            else:
                weigh(first, found, buffers, weights, damping, sums, (which * 2 + block) * CELLS)


def llvm_of_reader() -> str:
    """Compile `read_texts` for this processor and return it in LLVM's language. Takes seconds."""
    typed: Any = types  # numba's own functions that make types have none
    cells = {Bytes: "uint8", Integers: "int32", Offsets: "int64", Weights: "float32", Damping: "float64"}
    pointers = {array: typed.CPointer(getattr(types, cell)) for array, cell in cells.items()}
    buffers = typed.NamedTuple([pointers[hint] for hint in get_type_hints(Buffers).values()], Buffers)
    byte, offset, number = pointers[Bytes], pointers[Offsets], types.int64
    entry: Any = read_texts
    weighing = pointers[Weights], pointers[Damping], pointers[Sums]
    entry.compile((byte, offset, number, number, byte, buffers, number, offset, *weighing))
    return str(entry.inspect_llvm(entry.signatures[0]))
