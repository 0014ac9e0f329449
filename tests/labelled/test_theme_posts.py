"""The posts labelled with themes are what their README says."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from analytics.themes import read_taxonomy
from tests.labelled.labelled_files import (
    HALVES,
    Row,
    half_of,
    is_ascending,
    read_rows,
    same_texts,
    shingles_across_halves,
)


@pytest.fixture(scope="module")
def posts() -> list[Row]:
    return read_rows("themes.csv", ["id", "text", "themes", "half"])


def test_every_row_is_well_formed(posts: list[Row]) -> None:
    """Ids are unique and in order; themes are the taxonomy's, in its order, once each, or none."""
    known = list(read_taxonomy().themes)
    assert is_ascending(posts)
    for row in posts:
        assert re.fullmatch(r"t\d{3}", row["id"])
        themes = row["themes"].split("|") if row["themes"] else []
        assert themes == [name for name in known if name in themes], row
        assert row["text"] == row["text"].strip() != "", row
        assert "\n" not in row["text"], row


def test_half_is_what_the_rule_says(posts: list[Row]) -> None:
    """A row's half follows from its id, so nobody can move a row to where it scores better."""
    assert [row["id"] for row in posts if row["half"] != half_of(row["id"])] == []


def test_no_text_stands_twice(posts: list[Row]) -> None:
    """No two posts are the same after folding, and no five words in a row stand in both halves."""
    assert same_texts(posts) == []
    assert shingles_across_halves(posts) == []


def test_both_halves_have_every_theme_and_posts_without_any(posts: list[Row]) -> None:
    """Each half has 100 posts, 6 of each theme, and a quarter or more of posts on something else."""
    for half in HALVES:
        rows = [row for row in posts if row["half"] == half]
        counts = Counter(name for row in rows for name in row["themes"].split("|"))
        assert len(rows) >= 100
        assert counts[""] >= len(rows) / 4
        assert min(counts[name] for name in read_taxonomy().themes) >= 6
