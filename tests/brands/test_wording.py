"""Counts are said as people say them."""

from __future__ import annotations

import pytest

from brands.wording import write_count


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 posts"), (1, "1 post"), (2, "2 posts"), (1_200, "1,200 posts"), (21, "21 posts")]
)
def test_only_one_is_singular(count: int, said: str) -> None:
    """One takes the noun as it is, every other count its plural, with thousands set apart."""
    assert write_count(count, "post") == said


def test_a_plural_of_its_own_is_given() -> None:
    """Where an s is not enough the caller gives the word."""
    assert [write_count(count, "reply", "replies") for count in (1, 3)] == ["1 reply", "3 replies"]
