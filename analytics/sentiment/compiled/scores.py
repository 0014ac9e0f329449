"""From the valences of a text's words to its four scores, and from a batch of texts to theirs."""

from __future__ import annotations

import math
from typing import Any, get_type_hints

from numba import types

from analytics.compilation import compiled
from analytics.sentiment.compiled.tables import (
    BUT,
    KIND,
    OF,
    UNKNOWN_NEGATION,
    Bytes,
    Floats,
    Kinds,
    Numbers,
    Offsets,
    Tables,
    Workspace,
)
from analytics.sentiment.compiled.valences import name, valence_of
from analytics.sentiment.compiled.words import FINISHED, TO_REWRITE, read_words, rewrite


@compiled
def weigh_around_but(places: Numbers, valences: Floats, wholes: Bytes, found: int, but: int) -> None:
    """Halve what stands before "but" and raise what follows, in place, with a quirk of the library.

    It looks a value up by equality, so of two equal values the first is changed twice and may then meet a third.
    """
    for now in range(found):
        valence, first = valences[now], 0
        while valences[first] != valence:
            first += 1
        if places[first] != but:
            valences[first] = valence * (0.5 if places[first] < but else 1.5)
            wholes[first] = False


@compiled
def total_of(valences: Floats, wholes: Bytes, found: int, compensated: bool) -> float:
    """What the interpreter's sum() gives: from Python 3.12 on the errors of rounding are added at the end.

    Neumaier (1974), Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen. Whole numbers take no part.
    """
    total, error, any_float = 0.0, 0.0, False
    for which in range(found):
        valence = valences[which]
        new = total + valence
        if compensated and any_float and not wholes[which]:
            error += (total - new) + valence if abs(total) >= abs(valence) else (valence - new) + total
        any_float = any_float or not wholes[which]
        total = new
    return total + error


@compiled
def rounded(value: float, scale: float) -> float:
    """Python's round() to 3 or 4 digits (`scale` 1,000 or 10,000): by the exact value, halves to even, sign kept."""
    size = abs(value)
    scaled = size * scale
    below = math.floor(scaled)
    rest = scaled - below
    up = rest > 0.5
    if rest == 0.5:  # perhaps only by rounding: the product's error by Dekker (1971) and Veltkamp's split says
        split = size * 134217729.0
        high = split - (split - size)
        error = (high * scale - scaled) + (size - high) * scale
        up = error > 0 or (error == 0 and below % 2 == 1)
    return math.copysign((below + up) / scale, value)


@compiled
def summarise(
    total: float, positive: float, negative: float, neutral: int, emphasis: float, rows: Floats, at: int
) -> None:
    """neg, neu, pos as shares of all words, and compound in −1…1; the library's score_valence."""
    if total > 0:
        total += emphasis
    elif total < 0:
        total -= emphasis
    negative = abs(negative)
    if positive > negative:
        positive += emphasis
    elif positive < negative:
        negative += emphasis
    weight = positive + negative + neutral
    compound = total / math.sqrt(total * total + 15)
    rows[at + 0] = rounded(negative / weight, 1000.0)
    rows[at + 1] = rounded(neutral / weight, 1000.0)
    rows[at + 2] = rounded(positive / weight, 1000.0)
    rows[at + 3] = rounded(min(max(compound, -1.0), 1.0), 10000.0)


@compiled
def emphasis_of(exclamations: int, questions: int) -> float:
    marks = min(exclamations, 4) * 0.292
    if questions > 3:
        return marks + 0.96
    return marks + questions * 0.18 if questions > 1 else marks


@compiled
def score_words(
    count: int, in_gaps: int, mixed_case: bool, emphasis: float, tables: Tables, space: Workspace, rows: Floats, at: int
) -> None:
    """Score a text whose words were read."""
    words, places, valences, wholes = space.words, space.places, space.valences, space.wholes
    found, but = 0, -1
    for place in range(count):
        number = words[place] >> 1
        if number <= UNKNOWN_NEGATION:
            continue
        named = tables.named[number]
        if named == BUT and but < 0:
            but = place
        if not tables.in_lexicon[number] or tables.degree[number] != 0:
            continue
        if named == KIND and place + 1 < count and name(words, place + 1, tables) == OF:
            continue
        places[found] = place
        valences[found], wholes[found] = valence_of(words, count, place, tables, mixed_case)
        found += 1
    if but >= 0:
        weigh_around_but(places, valences, wholes, found, but)
    positive = negative = 0.0
    neutral = count - in_gaps
    for which in range(found):
        # Each word counts one more than its valence, so that it weighs against neutral words, which count one.
        if valences[which] > 0:
            positive += valences[which] + 1
        elif valences[which] < 0:
            negative += valences[which] - 1
        neutral -= valences[which] != 0
    total = total_of(valences, wholes, found, tables.sums_compensate != 0)
    summarise(total, positive, negative, neutral, emphasis, rows, at)


@compiled
def score_texts(
    text: Bytes, ends: Offsets, texts: int, tables: Tables, space: Workspace, rows: Floats, unsure: Bytes
) -> None:
    """Score a batch: text n lies from ends[n] to ends[n + 1] of `text`, so `ends` has a cell more than there are texts.

    Writes four cells of `rows` a text: neg, neu, pos, compound; or sets its cell of `unsure`: it needs the exact path.
    """
    for which in range(texts):
        here, start, end = text, ends[which], ends[which + 1]
        for _ in range(2):
            ended, count, in_gaps, capitals, exclamations, questions = read_words(here, start, end, tables, space.words)
            if ended != TO_REWRITE:
                break
            end = rewrite(text, start, end, tables, space.rewritten)
            here, start = space.rewritten, 0
        unsure[which] = ended != FINISHED
        at = which * 4
        for field in range(4):
            rows[at + field] = 0.0
        if ended == FINISHED and count > 0:
            emphasis = emphasis_of(exclamations, questions)
            mixed_case = 0 < capitals < count - in_gaps
            score_words(count, in_gaps, mixed_case, emphasis, tables, space, rows, at)


def llvm_of_rules() -> str:
    """Compile `score_texts` for this processor and return it in LLVM's language. Takes seconds."""
    typed: Any = types  # numba's own functions that make types have none
    cells = {Bytes: "uint8", Kinds: "uint16", Numbers: "int32", Offsets: "int64", Floats: "float64"}
    pointers = {array: typed.CPointer(getattr(types, cell)) for array, cell in cells.items()} | {int: types.int64}
    tables, space = (
        typed.NamedTuple([pointers[hint] for hint in get_type_hints(shape).values()], shape)
        for shape in (Tables, Workspace)
    )
    arguments = (pointers[Bytes], pointers[Offsets], types.int64, tables, space, pointers[Floats], pointers[Bytes])
    entry: Any = score_texts
    entry.compile(arguments)
    return str(entry.inspect_llvm(entry.signatures[0]))
