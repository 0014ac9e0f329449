"""The labelled posts on data and AI practices are what their README says."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.labelled.labelled_files import HALVES, Row, read_rows

LABELS = {"complaint", "praise", "neutral"}
FORMS = {"plain", "sarcasm", "quote_of_terms", "headline", "reply", "question", "mixed"}


@pytest.fixture(scope="module")
def posts() -> list[Row]:
    return read_rows("domain_posts.csv", ["id", "text", "label", "form", "company", "half"])


def test_every_row_is_well_formed(posts: list[Row]) -> None:
    """Labels and forms are known, a text is a line of 3 to 60 words about a company."""
    for row in posts:
        assert re.fullmatch(r"d\d{3}", row["id"])
        assert row["label"] in LABELS, row
        assert row["form"] in FORMS, row
        assert row["company"].strip(), row
        assert row["text"] == row["text"].strip(), row
        assert "\n" not in row["text"], row
        assert 3 <= len(row["text"].split()) <= 60, row


def test_both_halves_are_large_enough_and_alike(posts: list[Row]) -> None:
    """Each half has 200 posts, 40 of each label and every form, and a label × form has about the same share in both."""
    sizes = Counter(row["half"] for row in posts)
    labels = Counter((row["half"], row["label"]) for row in posts)
    strata = Counter((row["half"], row["label"], row["form"]) for row in posts)
    for half in HALVES:
        assert sizes[half] >= 200
        assert {form for stratum_half, _, form in strata if stratum_half == half} == FORMS
        for label in LABELS:
            assert labels[half, label] >= 40
    for label in LABELS:
        for form in FORMS:
            known, held_out = (strata[half, label, form] / sizes[half] for half in HALVES)
            assert abs(known - held_out) < 0.02, (label, form)


def test_labels_are_mixed_as_planned(posts: list[Row]) -> None:
    """About 45 % complaint, 27 % praise and 28 % neutral, so that no constant answer does well."""
    counts = Counter(row["label"] for row in posts)
    shares = {label: counts[label] / len(posts) for label in LABELS}
    assert shares == pytest.approx({"complaint": 0.45, "praise": 0.27, "neutral": 0.28}, abs=0.03)
