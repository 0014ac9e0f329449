"""Reading a text as the library does: emoji put into words, split at spaces, stripped of punctuation, looked up."""

from __future__ import annotations

import numpy as np

from analytics.compilation import compiled, decode
from analytics.sentiment.compiled.tables import (
    APOSTROPHE,
    BEYOND_ASCII,
    CLOSES,
    ENDS,
    FIRST_HASH,
    HASH_FACTOR,
    LOWER,
    MARK,
    PUNCTUATION,
    REPLACED,
    SPACE,
    UNKNOWN,
    UNKNOWN_NEGATION,
    UNSURE,
    UPPER,
    Bytes,
    Numbers,
    Tables,
)

FINISHED, TO_REWRITE, NOT_SURE = 0, 1, 2  # how reading a text ended


@compiled
def look_up(text: Bytes, start: int, end: int, tables: Tables) -> int:
    """The number of an ASCII word in any case."""
    if end - start > tables.longest:
        return UNKNOWN
    hashed = np.uint64(FIRST_HASH)
    for place in range(start, end):
        byte = text[place]
        hashed = (hashed ^ np.uint64(byte + 32 if 65 <= byte <= 90 else byte)) * np.uint64(HASH_FACTOR)
    last = tables.last_slot
    slot = np.int64((hashed ^ hashed >> np.uint64(32)) & np.uint64(last))
    while True:
        number = int(tables.slots[slot])
        if number == UNKNOWN:
            return UNKNOWN
        first = tables.starts[number]
        if tables.starts[number + 1] - first == end - start:
            place = 0
            while place < end - start:
                byte = text[start + place]
                if (byte + 32 if 65 <= byte <= 90 else byte) != tables.spellings[first + place]:
                    break
                place += 1
            if place == end - start:
                return number
        slot = (slot + 1) & last


@compiled
def holds_nt(text: Bytes, start: int, end: int) -> bool:
    """Does n't stand in it, in any case?"""
    for place in range(start + 1, end - 1):
        if text[place] == 39 and (text[place - 1] | 32) == 110 and (text[place + 1] | 32) == 116:
            return True
    return False


@compiled
def ends_clause(text: Bytes, first: int, end: int, tables: Tables) -> bool:
    """What `clauses.ends_clause` says of the token that lies from `first` to `end`."""
    while end > first and tables.kinds[text[end - 1]] & CLOSES:
        end -= 1
    return end > first and tables.kinds[text[end - 1]] & ENDS > 0


@compiled
def read_words(
    text: Bytes, start: int, end: int, tables: Tables, words: Numbers
) -> tuple[int, int, int, int, int, int]:
    """Split a text as the library does and write each word's number · 2, + 1 where it is all in capitals.

    Returns how it ended, and the counts of what was written, of the gaps' words in it, of words in capitals, ! and ?.
    """
    count = in_gaps = capitals = exclamations = questions = 0
    place = start
    while True:
        while place < end:
            if text[place] < 128:
                if not tables.kinds[text[place]] & SPACE:
                    break
                place += 1
            else:
                code, size = decode(text, place)
                if not tables.kinds[code] & SPACE:
                    break
                place += size
        if place == end:
            return FINISHED, count, in_gaps, capitals, exclamations, questions
        first, seen = place, 0
        while place < end:
            byte = text[place]
            if byte < 128:
                kind = tables.kinds[byte]
                if kind & SPACE:
                    break
                if kind & MARK:
                    exclamations += byte == 33
                    questions += byte == 63
                place += 1
            else:
                code, size = decode(text, place)
                kind = tables.kinds[code]
                if kind & SPACE:
                    break
                if kind & (REPLACED | UNSURE):
                    return TO_REWRITE if kind & REPLACED else NOT_SURE, 0, 0, 0, 0, 0
                place += size
            seen |= kind
        low, high = first, place
        if seen & PUNCTUATION:
            while low < high and tables.kinds[text[low]] & PUNCTUATION:
                low += 1
            while low < high and tables.kinds[text[high - 1]] & PUNCTUATION:
                high -= 1
            if high - low <= 2:  # an emoticon, most likely; bytes serve, as only ASCII is looked up
                low, high = first, place
        number = UNKNOWN if seen & BEYOND_ASCII else look_up(text, low, high, tables)
        if number == UNKNOWN and seen & APOSTROPHE and holds_nt(text, low, high):
            number = UNKNOWN_NEGATION
        upper = seen & (UPPER | LOWER) == UPPER
        capitals += upper
        words[count] = number * 2 + upper
        count += 1
        if tables.gap and seen & ENDS and ends_clause(text, first, place, tables):
            for _ in range(tables.gap):
                words[count] = UNKNOWN
                count += 1
            in_gaps += tables.gap


@compiled
def replaced_row(code: int, tables: Tables) -> int:
    low, high = 0, tables.replaced_count - 1
    while low < high:
        middle = (low + high) // 2
        if tables.replaced[middle] < code:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def rewrite(text: Bytes, start: int, end: int, tables: Tables, result: Bytes) -> int:
    """Write the text with each emoji in words, and return its length."""
    place, length = start, 0
    while place < end:
        code, size = int(text[place]), 1
        if code >= 128:
            code, size = decode(text, place)
        source, first, width = text, place, size
        if tables.kinds[code] & REPLACED:
            row = replaced_row(code, tables)
            source, first = tables.replacements, tables.replacement_starts[row]
            width = tables.replacement_starts[row + 1] - first
        for step in range(width):
            result[length + step] = source[first + step]
        length += width
        place += size
    return length
