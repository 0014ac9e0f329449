"""What the sentences of a change speak of and provide: themes, classes of data, provisions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from analytics.policy.document import Sentence
from analytics.policy.provisions import Part, Provision, find_names, read_parts
from analytics.policy.vocabulary import read_vocabulary


@dataclass(frozen=True, slots=True)
class Reading:
    """Parts of one sentence: all of it, or of an edited one those that the other side has not."""

    parts: tuple[Part, ...]
    provisions: frozenset[Provision]
    themes: frozenset[str]
    data_classes: frozenset[str]


def read(sentence: Sentence, names: frozenset[str]) -> Reading:
    return combine(tuple(read_parts(sentence.text, sentence.lead, names)))


def read_edit(before: Sentence, after: Sentence, names: frozenset[str]) -> tuple[Reading, Reading]:
    """Of an edited sentence the parts that differ, on each side."""
    sides = [tuple(read_parts(sentence.text, sentence.lead, names)) for sentence in (before, after)]
    counts = [Counter(part.text for part in side) for side in sides]
    kept = counts[0] & counts[1]
    first, second = (combine(tuple(part for part in side if part.text not in kept)) for side in sides)
    return first, second


def combine(parts: tuple[Part, ...]) -> Reading:
    vocabulary = read_vocabulary()
    themes: set[str] = set()
    classes: set[str] = set()
    for part in parts:
        themes |= {entry.theme for entry in vocabulary.practices if entry.theme and entry.name in part.practices}
        themes |= find_names(vocabulary.themes, part.bare)
        classes |= find_names(vocabulary.data_classes, part.bare)
    provisions = frozenset[Provision]().union(*(part.provisions for part in parts))
    return Reading(parts, provisions, frozenset(themes), frozenset(classes) if themes or provisions else frozenset())
