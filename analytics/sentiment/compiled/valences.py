"""What a word of the lexicon is worth among its neighbours: every rule of the library, in the library's order.

A sum or product stands in the order in which vaderSentiment 3.3.2 computes it, so that the floats are equal to the last
bit. `words` holds for each word of the text its number · 2, + 1 where it is all in capitals.
"""

from __future__ import annotations

from vaderSentiment.vaderSentiment import C_INCR, N_SCALAR

from analytics.compilation import compiled
from analytics.sentiment.compiled.tables import (
    AT,
    DOUBT,
    IDIOM_WORDS,
    LEAST,
    NEVER,
    NO,
    NOR,
    OR,
    SO,
    THIS,
    VERY,
    WITHOUT,
    Bytes,
    Numbers,
    Tables,
)


@compiled
def in_lexicon(words: Numbers, place: int, tables: Tables) -> bool:
    return bool(tables.in_lexicon[words[place] >> 1])


@compiled
def name(words: Numbers, place: int, tables: Tables) -> int:
    """Which of the words that the rules ask for by name stands there; 0 where none does."""
    return int(tables.named[words[place] >> 1])


@compiled
def phrase_at(words: Numbers, count: int, place: int, length: int, phrases: Bytes, rows: int, tables: Tables) -> int:
    """The row of the phrase that the `length` words from `place` make, or −1."""
    if place + length > count:
        return -1
    for row in range(rows):
        same = length == IDIOM_WORDS or phrases[row * IDIOM_WORDS + length] == 0
        for step in range(length):
            same = same and 0 < phrases[row * IDIOM_WORDS + step] == tables.idiom_word[words[place + step] >> 1]
        if same:
            return row
    return -1


@compiled
def with_degree(valence: float, words: Numbers, place: int, tables: Tables, mixed_case: bool, scale: float) -> float:
    """Strengthen or weaken by the word at `place`; the library's scalar_inc_dec."""
    degree = float(tables.degree[words[place] >> 1])
    if degree == 0:
        return valence
    if valence < 0:
        degree = degree * -1
    if words[place] & 1 and mixed_case:
        degree = degree + C_INCR if valence > 0 else degree - C_INCR
    return valence + degree * scale


@compiled
def with_negation(valence: float, words: Numbers, place: int, before: int, tables: Tables) -> float:
    """Negate by the word that stands `before` words (1, 2 or 3) earlier; the library's _negation_check."""
    asked = words[place - before] >> 1
    if before > 1:
        named, next_to = tables.named[asked], name(words, place - 1, tables)
        between = name(words, place - 2, tables) if before == 3 else next_to
        if (named == NEVER and between in (SO, THIS)) or (before == 3 and next_to in (SO, THIS)):
            return valence * 1.25
        if named == WITHOUT and (between == DOUBT or next_to == DOUBT):
            return valence
    return valence * N_SCALAR if tables.negates[asked] else valence


@compiled
def with_idioms(valence: float, words: Numbers, count: int, place: int, tables: Tables) -> tuple[float, bool]:
    """The library's _special_idioms_check; whether the result is a whole number there, too."""
    near = 0
    for other in range(place - 3, min(place + 3, count)):
        near += tables.idiom_word[words[other] >> 1] > 0
    if near < 2:
        return valence, False
    which = -1
    for start, length in ((-1, 2), (-2, 3), (-2, 2), (-3, 3), (-3, 2)):
        if which < 0:
            which = phrase_at(words, count, place + start, length, tables.idioms, tables.idiom_count, tables)
    for length in (2, 3):
        over = phrase_at(words, count, place, length, tables.idioms, tables.idiom_count, tables)
        which = over if over >= 0 else which
    whole = False
    if which >= 0:
        valence, whole = tables.idiom_valence[which], tables.idiom_is_whole[which]
    for start, length in ((-3, 3), (-3, 2), (-2, 2)):
        which = phrase_at(words, count, place + start, length, tables.degree_phrases, tables.phrase_count, tables)
        if which >= 0:
            valence, whole = valence + tables.phrase_degree[which], False
    return valence, whole


@compiled
def valence_of(words: Numbers, count: int, place: int, tables: Tables, mixed_case: bool) -> tuple[float, bool]:
    """The valence of a word of the lexicon among its neighbours; the library's sentiment_valence."""
    plain = tables.valence[words[place] >> 1]
    valence, whole = plain, False
    if name(words, place, tables) == NO and place + 1 < count and in_lexicon(words, place + 1, tables):
        valence = 0.0
    near = name(words, place - 1, tables) if place > 0 else 0
    if (
        near == NO
        or (place > 1 and name(words, place - 2, tables) == NO)
        or (place > 2 and name(words, place - 3, tables) == NO and near in (OR, NOR))
    ):
        valence = plain * N_SCALAR
    if words[place] & 1 and mixed_case:
        valence = valence + C_INCR if valence > 0 else valence - C_INCR
    for before, scale in ((1, 1.0), (2, 0.95), (3, 0.9)):
        if place >= before and not in_lexicon(words, place - before, tables):
            valence = with_degree(valence, words, place - before, tables, mixed_case, scale)
            valence = with_negation(valence, words, place, before, tables)
            if before == 3:
                valence, whole = with_idioms(valence, words, count, place, tables)
    if near == LEAST and not in_lexicon(words, place - 1, tables):
        earlier = name(words, place - 2, tables) if place > 1 else 0
        if earlier != AT and earlier != VERY:
            valence, whole = valence * N_SCALAR, False
    return valence, whole
