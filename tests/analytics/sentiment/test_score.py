"""What others may rely on when they score a batch."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analytics.sentiment import FIELDS, score, scorer_version
from analytics.sentiment.domain_lexicon import read_changes
from brands.folding import READ_CHARACTERS

POSTS = ["Great product!", "They sold my data, creepy.", "", "Great product!", "#united is AWFUL \x00 😀"]


def test_one_row_a_text_in_the_order_given() -> None:
    """Equal texts have equal rows, and the index counts from 0."""
    scores = score(POSTS)
    assert list(scores.columns) == list(FIELDS)
    assert list(scores.index) == list(range(len(POSTS)))
    pd.testing.assert_series_equal(scores.loc[0], scores.loc[3], check_names=False)
    assert scores.loc[2].tolist() == [0, 0, 0, 0]


def test_no_texts_give_an_empty_table_with_all_columns() -> None:
    """A week without posts is no special case for the caller."""
    scores = score([], "vader_domain", ["Zoom"])
    assert scores.shape == (0, 4)
    assert list(scores.columns) == list(FIELDS)
    assert set(scores.dtypes) == {scores.dtypes["compound"]}


def test_an_unknown_scorer_is_named_with_the_known_ones() -> None:
    """The error says what can be written instead."""
    for call in (score, scorer_version):
        with pytest.raises(ValueError, match="'roberta'; known are vader, vader_domain"):
            call([] if call is score else "roberta", *(["roberta"] if call is score else []))


def test_a_missing_text_is_an_error_that_names_its_row() -> None:
    """None is not silently scored as the word None."""
    with pytest.raises(TypeError, match="text 1 is NoneType"):
        score(["fine", None])  # type: ignore[list-item]


def test_a_long_text_is_scored_on_its_beginning() -> None:
    """What stands beyond the limit has no weight; a megabyte takes no longer than the limit."""
    beginning = ("this is good " * READ_CHARACTERS)[:READ_CHARACTERS]
    scores = score([beginning, beginning + " terrible!!!" * 100_000])
    assert scores.loc[0].tolist() == scores.loc[1].tolist()


def test_topic_words_are_neutral_and_privacy_words_count_in_the_domain_scorer() -> None:
    """Asking for consent is no praise, and "creepy" is no neutral word."""
    texts = ["please ask for my consent before sharing", "this is creepy", "zoom is great"]
    stock, domain = score(texts)["compound"], score(texts, "vader_domain", ["Zoom"])["compound"]
    assert stock[0] > 0 == domain[0]
    assert domain[1] < 0 == stock[1]
    assert domain[2] > 0


def test_names_are_words_to_stock_vader_only() -> None:
    """The stock scorer stays the library whatever names are given."""
    assert score(["united"], "vader", ["United"]).loc[0, "compound"] > 0
    assert score(["united"], "vader_domain", ["United"]).loc[0, "compound"] == 0


def test_a_version_changes_with_what_the_scorer_reads_and_with_nothing_else() -> None:
    """Names in another order, case or spelling need no new scores; another name does."""
    assert scorer_version("vader", ["United"]) == scorer_version("vader") == "3.3.2"
    version = scorer_version("vader_domain", ["United", "@Delta"])
    assert version == scorer_version("vader_domain", ["delta", "#UNITED", "united"])
    assert version != scorer_version("vader_domain", ["United"])
    assert version.startswith(scorer_version("vader_domain"))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('[neutral]\n"opt out" = "two words"', "one word in lower case"),
        ('[neutral]\nShare = "capital"', "one word in lower case"),
        ('[neutral]\nshare = ""', "no reason"),
        ("[valence]\ncreepy = { valence = -2 }", "no reason"),
        ('[valence]\ncreepy = { valence = -5, reason = "too strong" }', "-5.0; give"),
        ('[valence]\nvery = { valence = 1, reason = "a degree word" }', "part of VADER's rules"),
        ('[neutral]\nfree = "a price"\n[valence]\nfree = { valence = 1, reason = "a gift" }', "keep one"),
    ],
)
def test_a_lexicon_entry_without_effect_or_reason_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    """The error names the file and the word."""
    path = tmp_path / "lexicon.toml"
    path.write_text(content)
    with pytest.raises(ValueError, match=f"lexicon.toml: .*{problem}"):
        read_changes(path)
