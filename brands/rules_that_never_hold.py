"""Rules of advice whose conditions cannot hold together: they can be read, and would never speak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from brands.decisions import FACTS, Condition, Decision


def find_rules_that_never_hold(decisions: Sequence[Decision]) -> Iterator[tuple[int, str]]:
    """The place of each such rule, counted from 0, and which of its conditions exclude each other."""
    for number, rule in enumerate(decisions):
        if why := _find_conflict(rule):
            yield number, why


def _find_conflict(rule: Decision) -> str:
    """Two conditions that cannot both hold, as written; for words it may take all of them. Empty: none."""
    pairs = list(zip(rule.when, rule.conditions, strict=True))
    for (text, condition), (other_text, other) in combinations(pairs, 2):
        if condition.fact == other.fact and _exclude_each_other((condition, other)):
            return f'"{text}" and "{other_text}" can never hold together'
    for fact in dict.fromkeys(condition.fact for condition in rule.conditions):
        about = [(text, condition) for text, condition in pairs if condition.fact == fact]
        if _exclude_each_other([condition for _, condition in about]):
            written = ", ".join(f'"{text}"' for text, _ in about)
            return f"{written} leave {fact} no word that it could be"
    return ""


def _exclude_each_other(conditions: Sequence[Condition]) -> bool:
    """Whether no value of the one fact that they are about fulfils them all."""
    if words := FACTS[conditions[0].fact]:
        return not any(all(condition.holds(word) for condition in conditions) for word in words)
    bounds = sorted({float(condition.wanted) for condition in conditions})
    between = [(low + high) / 2 for low, high in pairwise(bounds)]
    tried = [bounds[0] - 1, *bounds, *between, bounds[-1] + 1]  # one value of every stretch that the bounds make
    return not any(all(condition.holds(value) for condition in conditions) for value in tried)
