"""Which sentences came, went or were edited. Where a sentence stands does not matter: a moved paragraph is no change.

Everything here gives the mirror image when the two texts change places, which difflib does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analytics.policy.document import Document, Sentence

LIKENESS = 0.6  # from here on two sentences are one that was edited: three words in five are the same
COMMON = 60  # a word in more sentences than this brings none of them together
PAIRED = 3000  # more changed sentences than this on a side are a new text, and are not paired


@dataclass(frozen=True, slots=True)
class Alignment:
    """Sentences in the order of their text; `edited` are pairs of one that went and one that came."""

    added: list[Sentence]
    removed: list[Sentence]
    edited: list[tuple[Sentence, Sentence]]


def align(before: Document, after: Document) -> Alignment:
    """Compare two texts sentence by sentence, in time linear in their length but for the pairing, which is bounded."""
    removed, added = surplus(before, after), surplus(after, before)
    pairs = pair(removed, added) if max(len(removed), len(added)) <= PAIRED else []
    gone, come = {went for went, _ in pairs}, {came for _, came in pairs}
    return Alignment(
        [sentence for number, sentence in enumerate(added) if number not in come],
        [sentence for number, sentence in enumerate(removed) if number not in gone],
        [(removed[went], added[came]) for went, came in sorted(pairs, key=lambda found: (found[0] + found[1], found))],
    )


def surplus(here: Document, there: Document) -> list[Sentence]:
    """The sentences that stand here more often than there; of equal ones the last."""
    left = here.counts - there.counts
    found: list[Sentence] = []
    for sentence in reversed(here.sentences):
        if left[sentence.key]:
            left[sentence.key] -= 1
            found.append(sentence)
    return found[::-1]


def pair(removed: Sequence[Sentence], added: Sequence[Sentence]) -> list[tuple[int, int]]:
    """Each sentence with the one it was edited from: the likest first, at equal likeness the nearest."""
    bags = [[Counter(sentence.words) for sentence in side] for side in (removed, added)]
    likely = sorted(
        (-likeness(bags[0][went], bags[1][came]), abs(went - came), went + came, went, came)
        for went, came in find_candidates(*bags)
    )
    pairs: list[tuple[int, int]] = []
    gone: set[int] = set()
    come: set[int] = set()
    for score, _, _, went, came in likely:
        if -score >= LIKENESS and went not in gone and came not in come:
            pairs.append((went, came))
            gone.add(went)
            come.add(came)
    return pairs


def find_candidates(removed: Sequence[Counter[str]], added: Sequence[Counter[str]]) -> Iterator[tuple[int, int]]:
    """Pairs that share a word which is not in too many sentences, and are of such lengths that they can be alike."""
    places: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, bags in enumerate((removed, added)):
        for number, bag in enumerate(bags):
            for word in bag:
                places[word][side].append(number)
    found = {
        (went, came)
        for left, right in places.values()
        if len(left) <= COMMON and len(right) <= COMMON
        for went in left
        for came in right
    }
    for went, came in found:
        short, long = sorted((removed[went].total(), added[came].total()))
        if 2 * short >= LIKENESS * (short + long):
            yield went, came


def likeness(left: Counter[str], right: Counter[str]) -> float:
    """Dice's coefficient of two bags of words (Dice 1945): 0 nothing in common, 1 the same words."""
    if len(left) > len(right):
        left, right = right, left
    shared = sum(min(count, right[word]) for word, count in left.items())
    return 2 * shared / (left.total() + right.total())
