"""The labelled speakers are what their README says."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.labelled.labelled_files import HALVES, Row, read_rows

SPEAKERS = {"official", "press", "customer", "administrator", "leaving", "unknown"}


@pytest.fixture(scope="module")
def posts() -> list[Row]:
    return read_rows("speakers.csv", ["id", "author", "text", "speaker", "half"])


def test_every_row_is_well_formed(posts: list[Row]) -> None:
    """Speakers are known, author and text are one line each."""
    for row in posts:
        assert re.fullmatch(r"s\d{3}", row["id"])
        assert row["speaker"] in SPEAKERS, row
        for column in ("author", "text"):
            assert row[column], row
            assert row[column] == row[column].strip(), row
            assert "\n" not in row[column], row


def test_no_author_stands_twice(posts: list[Row]) -> None:
    """No two authors share a name."""
    authors = Counter(row["author"].casefold() for row in posts)
    assert [author for author, count in authors.items() if count > 1] == []


def test_both_halves_are_large_enough_and_alike(posts: list[Row]) -> None:
    """Each half has 100 posts and 10 of each speaker, half of them unknown, in about the same shares."""
    sizes = Counter(row["half"] for row in posts)
    counts = Counter((row["half"], row["speaker"]) for row in posts)
    for half in HALVES:
        assert sizes[half] >= 100
        assert 0.45 <= counts[half, "unknown"] / sizes[half] <= 0.55
    for speaker in SPEAKERS:
        known, held_out = (counts[half, speaker] / sizes[half] for half in HALVES)
        assert min(counts[half, speaker] for half in HALVES) >= 10
        assert abs(known - held_out) < 0.02, speaker
