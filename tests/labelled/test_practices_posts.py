"""The posts on practices to train on are labelled as the others are, and share nothing with those measured on."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from tests.bench.evidence_sets import PRACTICES_POSTS
from tests.labelled.labelled_files import Row, read_rows, same_texts, words_of
from tests.labelled.test_domain_posts import FORMS, LABELS

SHARED = 6  # words in a row: fewer are turns of speech


@pytest.fixture(scope="module")
def posts() -> list[Row]:
    with PRACTICES_POSTS.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file, strict=True)]


def test_every_row_is_well_formed(posts: list[Row]) -> None:
    """Ids are unique, labels and forms known, a text is one line about a company, and no two are the same."""
    assert len({row["id"] for row in posts}) == len(posts) > 2_000
    for row in posts:
        assert re.fullmatch(r"t\d{4}", row["id"])
        assert row["label"] in LABELS, row
        assert row["form"] in FORMS, row
        assert row["company"].strip(), row
        assert row["text"] == row["text"].strip() != "", row
        assert "\n" not in row["text"], row
    assert same_texts(posts) == []


def test_every_label_has_every_form(posts: list[Row]) -> None:
    """No form gives the label away, but that only a praise or a complaint can be sarcastic."""
    found = Counter((row["label"], row["form"]) for row in posts)
    expected = {(label, form) for label in LABELS for form in FORMS} - {("neutral", "sarcasm")}
    assert set(found) == expected
    assert min(found.values()) >= 20


def test_no_stretch_of_a_post_stands_in_one_that_is_measured_on(posts: list[Row]) -> None:
    """Not six words in a row: what was learned by heart must not be rewarded."""
    measured = read_rows("domain_posts.csv", ["id", "text", "label", "form", "company", "half"])
    stretches = [
        {
            words[start : start + SHARED]
            for row in rows
            for words in [words_of(row["text"])]
            for start in range(len(words))
        }
        for rows in (posts, measured)
    ]
    assert [stretch for stretch in stretches[0] & stretches[1] if len(stretch) == SHARED] == []
