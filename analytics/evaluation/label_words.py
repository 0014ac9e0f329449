"""What people write for negative, neutral and positive: words, stars, and the numbers of the usual data sets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping

from analytics.evaluation.errors import EvaluationError

CLASSES = ("negative", "neutral", "positive")
DROP = "drop"
"""For rows that are to be left out, such as posts that are not about the brand."""

VALUES = {name: value for value, name in enumerate(CLASSES, start=-1)}
WORDS = {
    **dict.fromkeys(("negative", "neg", "complaint", "bad"), "negative"),
    **dict.fromkeys(("neutral", "neu"), "neutral"),
    **dict.fromkeys(("positive", "pos", "praise", "good"), "positive"),
}
STARS = {"1": "negative", "2": "negative", "3": "neutral", "4": "positive", "5": "positive"}
SIGNS = {"-1": "negative", "0": "neutral", "1": "positive"}
FROM_ZERO = {"0": "negative", "1": "neutral", "2": "positive"}
HINT = "say what they mean: --labels negative=WORD,neutral=WORD,positive=WORD (drop=WORD leaves rows out)"
MOST_NAMED = 6


def read_label_words(declared: Iterable[str]) -> dict[str, str]:
    """What `--labels` declares: word → class. Each text is CLASS=WORD, or several with commas; a comma stays inside
    quotes around the whole, "drop=well, no".

    CLASS is negative, neutral, positive or drop. Raises EvaluationError.
    """
    words: dict[str, str] = {}
    for text in declared:
        for item in next(csv.reader([text], skipinitialspace=True), []):
            name, equals, word = (part.strip() for part in item.partition("="))
            if name not in (*CLASSES, DROP) or not equals or not word:
                raise EvaluationError(f"--labels {item}: {HINT}")
            if words.setdefault(fold(word), name) != name:
                raise EvaluationError(f"--labels: {word!r} is declared as {words[fold(word)]} and as {name}; keep one")
    return words


def fold(label: str) -> str:
    """A label as it is compared: without case, space around it, or the decimals of a whole number (4.0 is 4)."""
    word = " ".join(label.casefold().split())
    number, point, decimals = word.partition(".")
    return number if point and number.lstrip("-").isdigit() and not decimals.strip("0") else word


def classify(labels: Mapping[str, int], declared: Mapping[str, str]) -> dict[str, str]:
    """The class of each label. `labels`: folded label → rows that have it; `declared` goes before the usual words.

    Numbers are understood together: 1–5 are stars (1–2, 3, 4–5), −1 to 1 signs, 0 to 2 as TweetEval counts. What could
    be two of these is not guessed. Raises EvaluationError, naming the labels that are not known.
    """
    open_labels = [label for label in labels if label not in declared]
    numbers = {label for label in open_labels if label.lstrip("-").isdigit()}
    known = {**WORDS, **_read_numbers(numbers), **declared}
    unknown = sorted((label for label in open_labels if label not in known), key=lambda label: (-labels[label], label))
    if unknown:
        named = ", ".join(f"{label[:40]!r} ({labels[label]:,})" for label in unknown[:MOST_NAMED])
        more = f" and {len(unknown) - MOST_NAMED:,} more" if len(unknown) > MOST_NAMED else ""
        raise EvaluationError(f"labels that are not known (rows): {named}{more}; {HINT}")
    return {label: known[label] for label in labels}


def _read_numbers(numbers: set[str]) -> dict[str, str]:
    if not numbers:
        return {}
    if "-1" in numbers and numbers <= SIGNS.keys():
        return SIGNS
    if {"0", "2"} <= numbers <= FROM_ZERO.keys():
        return FROM_ZERO
    if numbers & {"3", "4", "5"} and numbers <= STARS.keys():
        return STARS
    return {}
