"""Rules of advice in a brand file: what can be written, what holds, and what is refused with a line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from brands.decisions import ADVICE, FACTS, Condition, Decision, default_decisions, read_condition

NUMBERS = [fact for fact, words in FACTS.items() if not words]
WORDS = {fact: words for fact, words in FACTS.items() if words}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("net_trust is fell", Condition("net_trust", "is", "fell")),
        ("  net_trust_recovery   is  not   recovered ", Condition("net_trust_recovery", "is not", "recovered")),
        ("leaving_gap>=1", Condition("leaving_gap", ">=", 1.0)),
        ("net_trust_gap <= -20.5", Condition("net_trust_gap", "<=", -20.5)),
    ],
)
def test_a_condition_is_a_fact_a_comparison_and_a_word_or_number(text: str, read: Condition) -> None:
    """However it is spaced."""
    assert read_condition(text) == read


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no condition"),
        ("net_trust fell", "is no condition"),
        ("net_trust is fell and more", "is no condition"),
        ("mood is bad", "there is no figure mood"),
        ("net_trust is down", "is (or is not) one of rose, fell"),
        ("net_trust >= 3", "is (or is not) one of rose, fell"),
        ("leaving_gap is 3", "is a number; compare it by"),
        ("leaving_gap >= much", "much is no number"),
        ("leaving_gap >= nan", "nan is no number"),
        ("leaving_gap >= inf", "inf is no number"),
    ],
)
def test_what_is_no_condition_is_told_in_one_line(text: str, says: str) -> None:
    """With what could have been written."""
    with pytest.raises(ValueError, match=re.escape(says)) as caught:
        read_condition(text)
    assert "\n" not in str(caught.value)


@given(st.sampled_from(NUMBERS), st.sampled_from([">=", "<=", ">", "<"]), st.integers(-99, 99), st.integers(-99, 99))
def test_a_comparison_of_numbers_is_that_of_arithmetic(fact: str, comparison: str, wanted: int, value: int) -> None:
    """And a missing figure fulfils none, nor its contrary."""
    condition = read_condition(f"{fact} {comparison} {wanted}")
    assert condition.holds(float(value)) == eval(f"{value} {comparison} {wanted}")
    assert not condition.holds(None)


@given(st.sampled_from([(fact, word) for fact, words in WORDS.items() for word in words]), st.data())
def test_a_word_is_or_is_not(pair: tuple[str, str], data: st.DataObject) -> None:
    """One of the two, unless there is no figure."""
    fact, word = pair
    value = data.draw(st.sampled_from(WORDS[fact]))
    is_it, is_not = read_condition(f"{fact} is {word}"), read_condition(f"{fact} is not {word}")
    assert is_it.holds(value) == (value == word) != is_not.holds(value)
    assert not is_it.holds(None)
    assert not is_not.holds(None)


def test_the_rules_that_come_with_it_can_be_read_and_give_every_advice() -> None:
    """A rule that nobody can reach, or an advice that is never given, would be a promise."""
    rules = default_decisions()
    assert {rule.advice for rule in rules} == set(ADVICE)
    assert len({rule.when for rule in rules}) == len(rules)
    assert all(rule.conditions for rule in rules)


@pytest.mark.parametrize(
    "broken", [{"advice": "panic"}, {"when": []}, {"because": ""}, {"when": ["x is y"]}, {"if": 1}]
)
def test_a_rule_that_cannot_speak_is_refused(broken: dict[str, object]) -> None:
    """Unknown advice, no condition, no reason, a condition on nothing, an unknown key."""
    whole = {"advice": "hold", "because": "nothing moved", "when": ["reversed is yes"]}
    Decision.model_validate(whole)
    with pytest.raises(ValidationError):
        Decision.model_validate(whole | broken)
