"""What VADER's rules look up, as flat arrays: kinds of characters, words, idioms and the words for emoji.

All of it is read from an analyzer of the library and from the interpreter, so that a changed lexicon and newer Unicode
tables are followed.
"""

from __future__ import annotations

import string
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES

from analytics.sentiment.clauses import CLOSING, ENDING

# Kinds of characters, combined in one number.
SPACE, PUNCTUATION, UPPER, LOWER, BEYOND_ASCII, APOSTROPHE, MARK, REPLACED, UNSURE, ENDS, CLOSES = (
    1 << bit for bit in range(11)
)
# UPPER: a token of these and of caseless characters is "all in capitals"; LOWER (title case too) keeps it from that.
# ENDS: a mark that ends a clause; CLOSES: what may stand after it.
# MARK: ! or ?.  REPLACED: an emoji, or a letter that is ASCII in lower case.  UNSURE: the text needs the slow path.

# Words that the rules ask for by name.
NO, OR, NOR, NEVER, SO, THIS, WITHOUT, DOUBT, LEAST, AT, VERY, KIND, OF, BUT = range(1, 15)
NAMED = ("no", "or", "nor", "never", "so", "this", "without", "doubt", "least", "at", "very", "kind", "of", "but")

UNKNOWN, UNKNOWN_NEGATION = 0, 1  # word numbers: no rule knows the word, or only that it contains "n't"

IDIOM_WORDS = 3  # the longest idiom
FIRST_HASH, HASH_FACTOR, SIXTY_FOUR_BITS = 0xCBF29CE484222325, 0x100000001B3, (1 << 64) - 1  # FNV-1a


Bytes = npt.NDArray[np.uint8]  # flags too
Kinds = npt.NDArray[np.uint16]
Numbers = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Tables(NamedTuple):
    """Words are numbered; `in_lexicon` to `idiom_word` have a cell for each number."""

    kinds: Kinds  # by code point
    slots: Numbers  # open addressing: word number, 0 where empty
    last_slot: int  # one less than a power of two
    spellings: Bytes  # of all words, one after the other, in lower case
    starts: Numbers  # of each word's spelling, and the end of the last
    longest: int  # bytes of the longest spelling
    in_lexicon: Bytes
    valence: Floats
    degree: Floats  # what a booster adds to the next word; 0 for other words
    negates: Bytes
    named: Bytes  # 0, or NO … BUT
    idiom_word: Bytes  # 0, or a number that `idioms` and `degree_phrases` are written in
    idioms: Bytes  # IDIOM_WORDS cells each, filled up with 0
    idiom_count: int
    idiom_valence: Floats
    idiom_is_whole: Bytes  # the library has 3 rather than 3.0, which a sum may treat differently
    degree_phrases: Bytes
    phrase_count: int
    phrase_degree: Floats
    replaced: Numbers  # code points, ascending
    replaced_count: int
    replacements: Bytes  # UTF-8, one after the other
    replacement_starts: Numbers
    gap: int  # unknown words read after the end of a clause: no rule reaches over them
    sums_compensate: int  # 1 where Python's sum() of floats carries the rounding error along: from 3.12 on


class Workspace(NamedTuple):
    """What the rules write on while they read one text."""

    rewritten: Bytes  # the text with its emoji in words
    words: Numbers
    places: Numbers  # of the words with a valence, in the text
    valences: Floats
    wholes: Bytes  # the valence is a whole number to the library


def tables(lexicon: Mapping[str, float], emojis: Mapping[str, str], gap: int = 0) -> Tables:
    """The tables for a lexicon (word → valence), the words for emoji, and the gap between clauses."""
    # A token is looked up in lower case and holds no space: other entries are never met.
    met = {word: valence for word, valence in lexicon.items() if word == word.lower() and word.split() == [word]}
    idioms = {phrase: valence for phrase, valence in SPECIAL_CASES.items() if " " in phrase}
    phrases = {phrase: degree for phrase, degree in BOOSTER_DICT.items() if " " in phrase}
    idiom_words = numbered(word for phrase in (*idioms, *phrases) for word in phrase.split())
    boosters = {word: degree for word, degree in BOOSTER_DICT.items() if " " not in word}
    named = numbered(NAMED)
    words = ["", "", *sorted({*met, *boosters, *NEGATE, *named, *idiom_words})]
    spellings = [word.encode() for word in words]
    hashed = slots(spellings)
    replaced = dict(sorted({**ascii_letters(), **described(emojis)}.items()))
    replacements = [replacement.encode() for replacement in replaced.values()]
    return Tables(
        kinds=kinds_of_characters(replaced, only_ascii=all(map(str.isascii, met))),
        slots=hashed,
        last_slot=len(hashed) - 1,
        spellings=joined(spellings),
        starts=starts(spellings),
        longest=max(map(len, spellings)),
        in_lexicon=np.array([word in met for word in words], np.uint8),
        valence=np.array([met.get(word, 0.0) for word in words]),
        degree=np.array([boosters.get(word, 0.0) for word in words]),
        negates=np.array([False, True, *(word in NEGATE or "n't" in word for word in words[2:])], np.uint8),
        named=np.array([named.get(word, 0) for word in words], np.uint8),
        idiom_word=np.array([idiom_words.get(word, 0) for word in words], np.uint8),
        idioms=in_numbers(idioms, idiom_words),
        idiom_count=len(idioms),
        idiom_valence=np.array([*idioms.values()], np.float64),
        idiom_is_whole=np.array([isinstance(valence, int) for valence in idioms.values()], np.uint8),
        degree_phrases=in_numbers(phrases, idiom_words),
        phrase_count=len(phrases),
        phrase_degree=np.array([*phrases.values()], np.float64),
        replaced=np.array([*map(ord, replaced)], np.int32),
        replaced_count=len(replaced),
        replacements=joined(replacements),
        replacement_starts=starts(replacements),
        gap=gap,
        sums_compensate=int(sum([0.1] * 10) == 1.0),
    )


def workspace(tables: Tables, longest: int) -> Workspace:
    """Room for texts of up to `longest` bytes, even if they are nothing but emoji."""
    growth = int(np.diff(tables.replacement_starts).max()) // 2 + 1  # an emoji has two bytes or more
    rewritten = longest * growth
    words = (rewritten // 2 + 1) * (1 + tables.gap)
    return Workspace(
        rewritten=np.empty(rewritten, np.uint8),
        words=np.empty(words, np.int32),
        places=np.empty(words, np.int32),
        valences=np.empty(words, np.float64),
        wholes=np.empty(words, np.uint8),
    )


def numbered(words: Iterable[str]) -> dict[str, int]:
    """Each different word with a number from 1."""
    return {word: number for number, word in enumerate(dict.fromkeys(words), 1)}


def described(emojis: Mapping[str, str]) -> dict[str, str]:
    """Emoji → words that join with what follows, as in the library, but not with what stands before.

    The library looks one character up at a time, so its longer emoji never match.
    """
    return {emoji: f" {words}" for emoji, words in emojis.items() if len(emoji) == 1}


def joined(pieces: Sequence[bytes]) -> Bytes:
    return np.frombuffer(b"".join(pieces), np.uint8)


def starts(pieces: Sequence[bytes]) -> Numbers:
    return np.cumsum([0, *map(len, pieces)], dtype=np.int32)


def slots(spellings: Sequence[bytes]) -> Numbers:
    """A hash table from spelling to word number, a quarter full at most."""
    size = 1 << (4 * len(spellings)).bit_length()
    table = np.zeros(size, np.int32)
    for number, spelling in enumerate(spellings):
        if not spelling:
            continue
        hashed = FIRST_HASH
        for byte in spelling:
            hashed = ((hashed ^ byte) * HASH_FACTOR) & SIXTY_FOUR_BITS
        slot = (hashed ^ hashed >> 32) % size
        while table[slot]:
            slot = (slot + 1) % size
        table[slot] = number
    return table


def in_numbers(phrases: Collection[str], numbers: Mapping[str, int]) -> Bytes:
    rows = np.zeros((len(phrases), IDIOM_WORDS), np.uint8)
    for row, phrase in zip(rows, phrases, strict=True):
        words = phrase.split()
        row[: len(words)] = [numbers[word] for word in words]
    return rows.ravel()


def kinds_of_characters(replaced: Iterable[str], only_ascii: bool) -> Kinds:
    """What the rules ask of a character, by code point. `only_ascii`: no word of the lexicon has others."""
    kinds = np.array(kinds_by_case(), copy=True)
    for character in string.punctuation:
        kinds[ord(character)] |= PUNCTUATION
    kinds[ord("'")] |= APOSTROPHE
    kinds[[ord("!"), ord("?")]] |= MARK
    kinds[[*map(ord, ENDING)]] |= ENDS
    kinds[[*map(ord, CLOSING)]] |= CLOSES
    kinds[128:] |= BEYOND_ASCII if only_ascii else BEYOND_ASCII | UNSURE
    kinds[[ord(character) for character in replaced]] |= REPLACED
    return kinds


@cache
def ascii_letters() -> dict[str, str]:
    """Characters beyond ASCII whose lower case is ASCII → the letter to read in their place: K for the Kelvin sign."""
    upper = map(chr, np.flatnonzero(kinds_by_case()[128:] & UPPER) + 128)
    return {character: character.lower().upper() for character in upper if character.lower().isascii()}


@cache
def kinds_by_case() -> Kinds:
    """SPACE, UPPER and LOWER, as this interpreter's strings have them."""
    kinds = np.zeros(sys.maxunicode + 1, np.uint16)
    characters = np.arange(len(kinds), dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    for start in range(0, len(characters), 256):
        block = characters[start : start + 256]
        if block.split() != [block]:
            for character in block:
                kinds[ord(character)] |= SPACE * character.isspace()
        for character in cased(block):
            if character.isupper():
                kinds[ord(character)] |= UPPER
            elif not (character + "A").isupper():
                kinds[ord(character)] |= LOWER
    return kinds


def cased(block: str) -> Iterator[str]:
    """The characters that have a case; most blocks hold none, which two questions tell."""
    if (block + "A").isupper() and (block + "a").islower():
        return
    for character in block:
        if not ((character + "A").isupper() and (character + "a").islower()):
            yield character
