"""The file of wording is checked when it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.policy.vocabulary import PATH, read_vocabulary
from analytics.themes import read_taxonomy


def test_every_theme_and_class_is_one_of_the_taxonomy() -> None:
    """Clauses and posts are spoken of in the same names."""
    vocabulary, taxonomy = read_vocabulary(), read_taxonomy()
    themes = {entry.theme for entry in vocabulary.practices if entry.theme} | {
        entry.name for entry in vocabulary.themes
    }
    assert themes <= taxonomy.themes.keys()
    assert {entry.name for entry in vocabulary.data_classes} == taxonomy.data_classes.keys()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'name = "selling"\n',
            'name = "selling"\nweight = 2\n',
            "practices selling: write name, patterns, reason, theme",
        ),
        ("{outsiders}", "{strangers}", "there is no part {strangers}"),
        (r"purposes?\b'", r"purposes?)\b'", "practices any_purpose: unexpected )"),
        ("no_right =", "some_right =", "missing or unknown: no_right, some_right"),
    ],
)
def test_a_mistake_is_named_with_its_entry(tmp_path: Path, old: str, new: str, says: str) -> None:
    """One line: the file, the entry and what is wrong."""
    path = tmp_path / "vocabulary.toml"
    path.write_text(PATH.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=r"^vocabulary\.toml: ") as error:
        read_vocabulary(path)
    assert says in str(error.value)
