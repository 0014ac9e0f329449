"""The pairs of terms: what every one of them is held to."""

from __future__ import annotations

from collections import Counter

from tests.labelled.labelled_files import words_of
from tests.labelled.policy_pairs import read_pairs


def test_every_pair_is_one_of_its_own() -> None:
    """No id and no passage stands twice, and the two sides of a pair differ."""
    pairs = read_pairs()
    assert len({pair.id for pair in pairs}) == len(pairs) >= 40
    passages = [words_of(side) for pair in pairs for side in (pair.before, pair.after)]
    assert [text for text, count in Counter(passages).items() if count > 1] == []


def test_every_direction_is_in_both_halves() -> None:
    """Else a rate of the held-out half says nothing of it."""
    found = {(pair.half, pair.direction) for pair in read_pairs()}
    assert len(found) == 8


def test_the_known_half_is_told_as_well_as_the_docs_say() -> None:
    """A change of the rules that loses some of these has to say so."""
    known = [pair for pair in read_pairs() if pair.half == "known"]
    assert sum(pair.find_change().direction == pair.direction for pair in known) >= 27
