"""What every labelled file keeps to, whatever its labels are."""

from __future__ import annotations

import pytest

from tests.labelled.labelled_files import half_of, is_ascending, read_rows, same_texts, shingles_across_halves

HEADERS = {
    "domain_posts.csv": ["id", "text", "label", "form", "company", "half"],
    "languages.csv": ["id", "text", "language", "half"],
    "speakers.csv": ["id", "author", "text", "speaker", "half"],
}

# Files whose rows do not name their half: it follows from the id.
HEADERS_WITHOUT_HALF = {"speakers_known.csv": ["id", "text", "speaker"]}


@pytest.mark.parametrize("name", HEADERS)
def test_half_is_what_the_rule_says(name: str) -> None:
    """A row's half follows from its id, and ids are unique, so nobody can move a row to where it scores better."""
    rows = read_rows(name, HEADERS[name])
    assert is_ascending(rows)
    assert [row["id"] for row in rows if row["half"] != half_of(row["id"])] == []


@pytest.mark.parametrize("name", HEADERS)
def test_no_text_stands_twice(name: str) -> None:
    """No two texts are the same after folding, and no five words in a row stand in both halves."""
    rows = read_rows(name, HEADERS[name])
    assert same_texts(rows) == []
    assert shingles_across_halves(rows) == []


@pytest.mark.parametrize("name", HEADERS_WITHOUT_HALF)
def test_halves_that_follow_from_the_id_share_nothing(name: str) -> None:
    """Ids are unique and in order, no text stands twice, and no five words in a row stand in both halves."""
    rows = read_rows(name, HEADERS_WITHOUT_HALF[name])
    rows = [{**row, "half": half_of(row["id"])} for row in rows]
    assert is_ascending(rows)
    assert same_texts(rows) == []
    assert shingles_across_halves(rows) == []
