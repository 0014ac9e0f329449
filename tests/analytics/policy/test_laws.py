"""What holds of any two texts."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.policy import Version, find_changes
from tests.analytics.policy.test_direction import GRANTS, NEITHER, RESTRICTIONS
from tests.analytics.policy.texts import FIRST, change_between, versions

SENTENCES = sorted([*GRANTS, *RESTRICTIONS, *NEITHER])
EDITS = [sentence.replace("your", "your own").replace("data", "data and metadata") for sentence in SENTENCES]
paragraphs = st.lists(st.lists(st.sampled_from(SENTENCES + EDITS), min_size=1, max_size=4).map(" ".join), max_size=6)
texts = paragraphs.map("\n\n".join)
OPPOSITE = {"widens": "narrows", "narrows": "widens", "mixed": "mixed", "unclear": "unclear"}


@given(st.one_of(texts, st.text()))
def test_an_equal_text_adds_and_removes_nothing(text: str) -> None:
    """Whatever it is made of."""
    change = change_between(text, text)
    assert change.noise
    assert (change.added, change.removed, change.sentences, change.themes) == ((), (), (), ())


@given(st.lists(st.tuples(texts, st.sampled_from(["Acme/Terms", "Acme/Privacy"])), max_size=4), st.randoms())
def test_the_order_of_versions_does_not_matter(given_texts: list[tuple[str, str]], order: random.Random) -> None:
    """Versions are taken by time, each within its document."""
    history = [Version(FIRST + timedelta(days=n), *made) for n, made in enumerate(given_texts)]
    shuffled = history.copy()
    order.shuffle(shuffled)
    changes = find_changes(history)
    assert find_changes(shuffled) == changes
    documents = {version.document for version in history}
    assert len(changes) == len(history) - len(documents)


@given(texts.filter(bool), texts.filter(bool))
def test_the_way_back_is_the_mirror_image(one: str, other: str) -> None:
    """What came goes, what went comes, and more becomes less."""
    there, back = change_between(one, other), change_between(other, one)
    assert (there.added, there.removed) == (back.removed, back.added)
    assert (there.themes, there.data_classes) == (back.themes, back.data_classes)
    assert there.direction == OPPOSITE[back.direction]
    pairs = sorted((change.before, change.after, change.direction) for change in there.sentences)
    assert pairs == sorted((change.after, change.before, OPPOSITE[change.direction]) for change in back.sentences)


@given(paragraphs, st.randoms())
def test_shuffled_paragraphs_are_no_change(made: list[str], order: random.Random) -> None:
    """Where a paragraph stands says nothing."""
    shuffled = made.copy()
    order.shuffle(shuffled)
    change = change_between("\n\n".join(made), "\n\n".join(shuffled))
    assert change.noise
    assert (change.added, change.removed) == ((), ())


@given(st.text(), st.text())
def test_any_text_can_be_read(one: str, other: str) -> None:
    """Nothing is raised, and each consecutive pair has its change."""
    assert len(find_changes(versions(one, other, one))) == 2


HOSTILE = {
    "no full stop": "we may share your data with partners and " * 5_000,
    "NUL": "\0" * 200_000,
    "lone surrogates": "\ud800 we may sell your data. " * 100,
    "only links": "[a](https://a.example/?b=1) " * 5_000,
    "open brackets": "[a](" * 50_000,
    "open tags": "<a " * 50_000,
    "long list": "\n".join(f"* item {n} of {n % 97}" for n in range(6_000)),
    "one line, again and again": "* the same\n" * 6_000,
    "spaces": " " * 200_000 + "x",
    "stops": ". A" * 5_000,
    "semicolons": ";" * 200_000,
    "backslashes": "\\" * 100_000,
    "nothing": "",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_page_made_to_be_slow_ends(text: str) -> None:
    """Twice the text takes twice the time; where a search begins again at every character these take minutes."""
    assert len(find_changes(versions("We may share your data.", text, text + " And more."))) == 2
