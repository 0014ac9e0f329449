"""A brand file for a run names only what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from brands.brand_file import BrandFileError
from flows.loading import load_brand

LINES = """name = "Acme"
query = "acme"

[[sources]]
connector = "hackernews"
name = "hackernews"

[[events]]
id = "terms"
title = "New terms"
noticed = 2023-08-06
themes = ["ai_training"]

[report]
scorer = "vader"
"""


def test_what_there_is_loads(tmp_path: Path) -> None:
    """Known connector, theme and scorer: no fault."""
    path = tmp_path / "acme.toml"
    path.write_text(LINES)
    assert load_brand(path).slug == "acme"


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [("ai_training", "ai_trainig", 12), ('"vader"', '"vadr"', 15), ('connector = "hackernews"', 'connector = "hn"', 5)],
    ids=["theme", "scorer", "connector"],
)
def test_a_name_that_nothing_stands_behind_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, line: int
) -> None:
    """A mistyped theme would count nobody, week after week: it is refused before anything runs."""
    path = tmp_path / "acme.toml"
    path.write_text(LINES.replace(right, wrong))
    with pytest.raises(BrandFileError, match="there is no") as refusal:
        load_brand(path)
    assert refusal.value.line == line
