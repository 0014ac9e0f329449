"""The labelled speakers are what their README says."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.labelled.labelled_files import HALVES, Row, half_of, read_rows

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


def test_the_posts_that_rules_are_written_on_are_well_formed() -> None:
    """Each row of speakers_known.csv is one line with a known speaker; each half has 30 of each and 100 unknown."""
    rows = read_rows("speakers_known.csv", ["id", "text", "speaker"])
    for row in rows:
        assert re.fullmatch(r"k\d{3}", row["id"])
        assert row["speaker"] in SPEAKERS, row
        assert row["text"], row
        assert row["text"] == row["text"].strip(), row
        assert "\n" not in row["text"], row
    counts = Counter((half_of(row["id"]), row["speaker"]) for row in rows)
    for half in HALVES:
        assert min(counts[half, speaker] for speaker in SPEAKERS) >= 30
        assert counts[half, "unknown"] >= 100
