"""VADER by its own library, without the library's waste: the same four numbers, bit for bit, in far less time.

A word's valence depends on the word and on the three before it, and of those only on what the rules ask: is it in the
lexicon, does it strengthen, does it negate. An idiom reaches two words further and asks for the words themselves. So
every such situation is worked out once, by the library's own `sentiment_valence`, and remembered.
Hutto and Gilbert (2014), VADER: a parsimonious rule-based model, ICWSM-14.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
    SentiText,
    normalize,
)

from analytics.sentiment.clauses import GAP, ends_clause

FIELDS = ("neg", "neu", "pos", "compound")

PHRASES = [phrase.split() for phrase in (*SPECIAL_CASES, *BOOSTER_DICT, "at least", "no or", "no nor", "kind of")]
PHRASE_WORDS = frozenset(word for phrase in PHRASES if len(phrase) > 1 for word in phrase)
# Words too common to make one look for a phrase: each phrase has another word that does.
FILLERS = frozenset({"the", "to", "of", "for", "just", "at", "or"})
# Words that the rules ask for by name outside phrases. They stand in the library's code, not in its tables.
NAMED = frozenset({"never", "so", "this", "without", "doubt", "very"})

BEFORE, AFTER = 3, 2  # how far the library looks from a word
MEMORY = 200_000  # remembered tokens and situations, each: some tens of megabytes at most


@dataclass(frozen=True, slots=True)
class Word:
    """What the rules can see of a token."""

    text: str = ""  # as written where in capitals, else in lower case
    neighbour: str = ""  # a word that does the same to the words around it
    in_words: str = ""  # the word itself where an idiom may ask for it, else as neighbour
    itself: str = ""  # a word of the same valence; empty where it has none
    upper: bool = False  # all in capitals
    in_phrase: bool = False  # may be part of an idiom
    noted: bool = False  # worth stopping at


class Words(dict[str, Word | None]):
    """Token → Word, worked out at first sight; None for the many that no rule and no lexicon knows."""

    upper_only = Word(upper=True, noted=True)

    def __init__(self, lexicon: Mapping[str, float]) -> None:
        super().__init__()
        self.lexicon = lexicon
        ordinary = [word for word in lexicon if word.isalpha() and word not in PHRASE_WORDS | NAMED]
        self.blocking = ordinary[0]
        self.same_valence = {lexicon[word]: word for word in ordinary}
        self.same_degree = {BOOSTER_DICT[word]: word for word in BOOSTER_DICT if word.isalpha() and word not in NAMED}
        self.known = PHRASE_WORDS.union(lexicon, BOOSTER_DICT, NEGATE, NAMED, ("but",))

    def __missing__(self, token: str) -> Word | None:
        if len(self) >= MEMORY:
            self.clear()
        text = SentiText._strip_punc_if_word(token)
        lower, upper = text.lower(), text.isupper()
        word = self.upper_only if upper else None
        if lower in self.known or "n't" in lower:
            word = self._look_up(text, lower, upper)
        self[token] = word
        return word

    def _look_up(self, text: str, lower: str, upper: bool) -> Word:
        neighbour = self._neighbour(lower)
        itself = ""
        if lower in self.lexicon and lower not in BOOSTER_DICT:
            itself = self.same_valence.get(self.lexicon[lower], lower)
        in_phrase = lower in PHRASE_WORDS and lower not in FILLERS
        if upper:
            neighbour, itself = neighbour.upper(), itself.upper()
        noted = upper or bool(itself) or in_phrase or lower == "but"
        written = text if upper else lower
        in_words = written if lower in PHRASE_WORDS else neighbour
        return Word(written, neighbour, in_words, itself, upper, in_phrase, noted)

    def _neighbour(self, lower: str) -> str:
        if lower in NAMED:
            return lower
        if lower in self.lexicon:
            return self.blocking
        if lower in BOOSTER_DICT:
            return str(self.same_degree[BOOSTER_DICT[lower]])
        return "not" if lower in NEGATE or "n't" in lower else ""


@dataclass(frozen=True, slots=True)
class Situation:
    """A word among its neighbours, in the shape that the library's rules read."""

    words_and_emoticons: Sequence[str]
    is_cap_diff: bool


class Vader(SentimentIntensityAnalyzer):  # type: ignore[misc]  # the library has no types
    """The library's analyzer with its answers remembered. `changes`: word → valence, None takes the word out.

    `by_clause`: no word strengthens or negates one of another clause, which is not the library's way.
    """

    def __init__(self, changes: Mapping[str, float | None] | None = None, *, by_clause: bool = False) -> None:
        super().__init__()
        self.by_clause = by_clause
        for word, valence in (changes or {}).items():
            if valence is None:
                self.lexicon.pop(word, None)
            else:
                self.lexicon[word] = valence
        self._words = Words(self.lexicon)
        self._valences: dict[tuple[int, bool, tuple[str, ...]], float] = {}
        # The library looks up one character at a time, so its longer emoji never match.
        self._emoji = frozenset(emoji for emoji in self.emojis if len(emoji) == 1)
        # Described in words that join with what follows, as there, but never with what stands before.
        self._describe = {ord(emoji): f" {self.emojis[emoji]}" for emoji in self._emoji}

    def scores(self, texts: Iterable[str]) -> npt.NDArray[np.float64]:
        """Score a batch: one row a text, columns neg, neu, pos, compound."""
        rows = [self._score(text) for text in texts]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(FIELDS))

    def polarity_scores(self, text: str) -> dict[str, float]:
        """Score one text, as the library does."""
        return dict(zip(FIELDS, self._score(text), strict=True))

    def _score(self, text: str) -> tuple[float, float, float, float]:
        if not text.isascii() and not self._emoji.isdisjoint(text):
            text = text.translate(self._describe)
        tokens = text.split()
        if not tokens:
            return (0.0, 0.0, 0.0, 0.0)
        words = self._words_by_clause(tokens) if self.by_clause else [*map(self._words.__getitem__, tokens)]
        noted = [(place, word) for place, word in enumerate(words) if word is not None and word.noted]
        mixed_case = 0 < sum([word.upper for _, word in noted]) < len(tokens)
        phrases = [place for place, word in noted if word.in_phrase]
        places: list[int] = []
        valences: list[float] = []
        but = -1
        for place, word in noted:
            if word.itself:
                valence = self._valence(words, word, place, mixed_case, phrases)
                if valence:
                    places.append(place)
                    valences.append(valence)
            elif but < 0 and word.text.lower() == "but":
                but = place
        if not valences:
            return (0.0, 1.0, 0.0, 0.0)
        if but >= 0:
            weigh_around_but(places, valences, but)
        return summarise(valences, len(tokens) - len(valences), self._punctuation_emphasis(text))

    def _words_by_clause(self, tokens: Sequence[str]) -> list[Word | None]:
        words: list[Word | None] = []
        for token in tokens:
            words.append(self._words[token])
            if ends_clause(token):
                words += [None] * GAP
        return words

    def _valence(
        self, words: Sequence[Word | None], word: Word, place: int, mixed_case: bool, phrases: Sequence[int]
    ) -> float:
        start = place - BEFORE if place > BEFORE else 0
        if phrases and any(start <= phrase <= place + AFTER for phrase in phrases):
            seen = [near.in_words if near else "" for near in words[start : place + AFTER + 1]]
            seen[place - start] = word.text if word.in_phrase else word.itself
        else:
            seen = [near.neighbour if near else "" for near in words[start:place]]
            seen.append(word.itself)
        key = (place - start, mixed_case, tuple(seen))
        valence = self._valences.get(key)
        if valence is None:
            if len(self._valences) >= MEMORY:
                self._valences.clear()
            self._valences[key] = valence = self._ask_library(seen, place - start, mixed_case)
        return valence

    def _ask_library(self, seen: Sequence[str], place: int, mixed_case: bool) -> float:
        if [word.lower() for word in seen[place : place + 2]] == ["kind", "of"]:
            return 0.0
        return float(self.sentiment_valence(0, Situation(seen, mixed_case), seen[place], place, [])[0])


def weigh_around_but(places: Sequence[int], valences: list[float], but: int) -> None:
    """Halve what stands before "but" and raise what follows, in place, with a quirk of the library.

    It looks a value up by equality, so of two equal values the first is changed twice and may then meet a third.
    """
    for valence_now in range(len(valences)):
        valence = valences[valence_now]
        first_equal = valences.index(valence)
        if places[first_equal] < but:
            valences[first_equal] = valence * 0.5
        elif places[first_equal] > but:
            valences[first_equal] = valence * 1.5


def summarise(valences: Sequence[float], neutral: int, emphasis: float) -> tuple[float, float, float, float]:
    """Add up the valences that are not zero: neg, neu, pos as shares of all words, and compound in −1…1."""
    total = float(sum(valences))
    if total > 0:
        total += emphasis
    elif total < 0:
        total -= emphasis
    # Each word counts one more than its valence, so that it weighs against neutral words, which count one.
    positive = negative = 0.0
    for valence in valences:
        if valence > 0:
            positive += valence + 1
        else:
            negative += valence - 1
    negative = math.fabs(negative)
    if positive > negative:
        positive += emphasis
    elif positive < negative:
        negative += emphasis
    weight = positive + negative + neutral
    compound = round(normalize(total), 4)
    return (round(negative / weight, 3), round(neutral / weight, 3), round(positive / weight, 3), compound)
