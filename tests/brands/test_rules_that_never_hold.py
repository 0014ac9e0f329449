"""A rule whose conditions exclude each other is found, and no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brands.decisions import FACTS, Decision, default_decisions
from brands.rules_that_never_hold import find_rules_that_never_hold

NUMBER = "leaving_gap"
COMPARISONS = st.tuples(st.sampled_from([">=", "<=", ">", "<"]), st.integers(-3, 3))


def rule(*when: str) -> Decision:
    return Decision(advice="hold", because="it is a test", when=when)


@pytest.mark.parametrize(
    ("when", "says"),
    [
        (("net_trust is fell", "net_trust is rose"), '"net_trust is fell" and "net_trust is rose" can never hold'),
        (("responded is yes", "leaving_gap > 5", "leaving_gap < 3"), '"leaving_gap > 5" and "leaving_gap < 3" can'),
        (("leaving_gap > 3", "leaving_gap <= 3"), "can never hold together"),
        (("reversed is not yes", "reversed is not no"), "can never hold together"),
        (
            (
                "net_trust_recovery is not recovered",
                "net_trust_recovery is not not_yet",
                "net_trust_recovery is not cannot_be_told",
            ),
            "leave net_trust_recovery no word that it could be",
        ),
    ],
)
def test_conditions_that_exclude_each_other_are_told(when: tuple[str, ...], says: str) -> None:
    """With the two that do, or all the words that leave none."""
    (number, why), *others = find_rules_that_never_hold([rule("reversed is yes"), rule(*when)])
    assert (number, others) == (1, [])
    assert says in why


def test_rules_that_can_speak_are_left_alone() -> None:
    """Those that come with it, a range, one single number, and the same figure of two measures."""
    possible = [
        rule("leaving_gap > 3", "leaving_gap < 3.5"),
        rule("leaving_gap >= 3", "leaving_gap <= 3"),
        rule("net_trust is fell", "attention is rose"),
        rule("net_trust is not fell", "net_trust is not rose"),
    ]
    assert list(find_rules_that_never_hold([*default_decisions(), *possible])) == []


@given(st.lists(COMPARISONS, min_size=1, max_size=4), st.integers(-16, 16))
def test_no_rule_that_some_number_fulfils_is_told(written: list[tuple[str, int]], quarters: int) -> None:
    """Whatever the bounds: a value that holds for all of them clears the rule."""
    one = rule(*(f"{NUMBER} {comparison} {wanted}" for comparison, wanted in written))
    holds = all(condition.holds(quarters / 4) for condition in one.conditions)
    assert not (holds and list(find_rules_that_never_hold([one])))


@given(st.data())
def test_a_rule_over_words_is_told_exactly_where_no_word_is_left(data: st.DataObject) -> None:
    """Tried on each word that the figure can be."""
    fact = data.draw(st.sampled_from([fact for fact, words in FACTS.items() if words]))
    clause = st.tuples(st.sampled_from(["is", "is not"]), st.sampled_from(FACTS[fact]))
    written = data.draw(st.lists(clause, min_size=1, max_size=6))
    one = rule(*(f"{fact} {comparison} {word}" for comparison, word in written))
    possible = any(all(condition.holds(word) for condition in one.conditions) for word in FACTS[fact])
    assert bool(list(find_rules_that_never_hold([one]))) != possible
