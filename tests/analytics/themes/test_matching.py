"""Rules over words mean what queries over texts mean."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.phrases import search
from analytics.phrases.search import CANDIDATES
from analytics.text_batches import as_arrow
from analytics.themes.matching import Branch, Matcher
from analytics.themes.tagging import theme_matcher
from brands.expression import parse_expression
from brands.folding import READ_CHARACTERS, fold
from brands.query import parse
from tests.analytics.sentiment.vader_texts import real_texts

WORDS = ["data", "datum", "my data", "sell", "train", "ai", "data plan", "consent", "train x", "my", "#data", "x"]
RULES = [
    "sell OR sold",
    '"my data" NEAR/2 (sell OR sold OR train*)',
    'dat* AND NOT (consent OR "my plan")',
    '(ai NEAR/1 train) OR ("my dat* sold" AND consent)',
    "sell NEAR/0 sell",
    "sell NEAR/1 data",
    "train",
]
NOT_PHRASES = ["data plan", "my data plan", "train x", "plan x"]
MATCHER = Matcher({rule: ([parse_expression(rule)], NOT_PHRASES) for rule in RULES})
QUERIES = {rule: parse(rule, NOT_PHRASES) for rule in RULES}
ANCHORS = Branch()
for anchor in MATCHER.anchors:
    ANCHORS.add(anchor)


@given(st.lists(st.sampled_from(WORDS), max_size=12))
@example(["my data", "x", "x", "x", "sell"])
@example(["sell", "x", "x", "x", "my data"])
@example(["data plan", "data plan", "x"])
def test_a_rule_matches_where_its_query_does(words: list[str]) -> None:
    """Truncated words, distances, exclusions and blanked phrases: the same answer, whatever the words."""
    text = " ".join(words)
    found = {name for name, _ in MATCHER.match(fold(text))}
    assert found == {rule for rule, query in QUERIES.items() if query.matches(text)}


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_a_text_that_matches_holds_an_anchor(words: list[str]) -> None:
    """Texts that hold none of the anchors need not be asked at all."""
    folded = fold(" ".join(words))
    if list(MATCHER.match(folded)):
        assert ANCHORS.find(folded.replace("#", " ").split())


def test_evidence_is_the_span_of_the_first_rule_that_matches() -> None:
    """From one side of a NEAR to the other; of an AND its first part."""
    rules = ['"my data" NEAR/3 sold', "train AND consent"]
    matcher = Matcher({rule: ([parse_expression(rule)], ["data plan"]) for rule in rules})
    assert list(matcher.match(" they sold all of my data to train without consent ")) == [
        (rules[0], "sold all of my data"),
        (rules[1], "train"),
    ]
    assert list(matcher.match(" sold my data plan ")) == []


pieces = st.sampled_from([*WORDS, "dáta", "DATA", "da\u0301ta", "sell", "sold"])
between = st.sampled_from([" ", " ", " ", "", "'", "’", "\0", "\n", "@", "#", "-", "😀", "\u0301", "京"])


@given(st.lists(st.lists(pieces | between, max_size=16).map("".join), max_size=6))
@example(
    ["data plan data plan sell my data", "", "sell sell", "x" * READ_CHARACTERS + " sell", "train my data plan x sold"]
)
def test_compiled_code_finds_what_regular_expressions_find(texts: list[str]) -> None:
    """The same entries by the same words in the same order, whichever way the texts go."""
    assert CANDIDATES.load(compile_missing=True), "the search cannot be compiled here: see the log"
    expected = [(row, *entry) for row, text in enumerate(texts) for entry in MATCHER.match(fold(text))]
    assert list(MATCHER.match_all(pa.array(texts, pa.large_string()))) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "MOST_WAITING", 1)  # the texts that this is too few for go the other way
        assert list(MATCHER.match_all(pa.array(texts, pa.large_string()))) == expected
        patch.setattr(CANDIDATES, "loaded", [None])
        assert list(MATCHER.match_all(pa.array(texts, pa.large_string()))) == expected


def test_phrases_in_another_alphabet_are_found_too() -> None:
    """Compiled code knows Latin letters only; a taxonomy may hold others."""
    matcher = Matcher({"data": ([parse_expression("данные")], [])})
    assert list(matcher.match_all(pa.array(["", "мои ДАННЫЕ"], pa.large_string()))) == [(1, "data", "данные")]


@pytest.mark.long
def test_real_posts_have_the_same_themes_either_way(shared_data: Path) -> None:
    """Tweets, reviews, forums, terms and answers of APIs: every theme with its evidence."""
    assert CANDIDATES.load(compile_missing=True), "the search cannot be compiled here: see the log"
    matcher = theme_matcher()
    for _, texts in real_texts(shared_data):
        expected = [(row, *entry) for row, text in enumerate(texts) for entry in matcher.match(fold(text))]
        assert list(matcher.match_all(as_arrow(texts)[0])) == expected
