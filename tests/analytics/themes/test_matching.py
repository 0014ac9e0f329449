"""Rules over words mean what queries over texts mean."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from analytics.themes.matching import Branch, Matcher
from brands.expression import parse_expression
from brands.folding import fold
from brands.query import parse

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
