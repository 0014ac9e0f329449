from __future__ import annotations

from dataclasses import replace

import pytest

from analytics.effects import Effect, Verdict, event_effect
from analytics.effects.fixed_sequence import judge_in_order
from tests.analytics.effects.series import EVENT, weekly

CALM = event_effect(weekly([float(week % 5) for week in range(56)], past=52), EVENT)


def found(**verdicts: Verdict) -> dict[str, Effect]:
    return {name: replace(CALM, verdict=verdict) for name, verdict in verdicts.items()}


def test_the_second_measure_is_tested_where_the_primary_is_shown() -> None:
    """Attention rose, so trust may be judged at the full level."""
    judged = judge_in_order(found(trust="fell", attention="rose"), ["attention", "trust"])
    assert list(judged) == ["attention", "trust"]
    assert (judged["attention"].role, judged["attention"].verdict) == ("primary", "rose")
    assert (judged["trust"].role, judged["trust"].verdict) == ("second", "fell")


@pytest.mark.parametrize("primary", ["no_change_shown", "descriptive_only", "not_comparable"])
@pytest.mark.parametrize("second", ["fell", "rose", "no_change_shown"])
def test_without_the_primary_the_second_claims_nothing(primary: Verdict, second: Verdict) -> None:
    """However small its p, a second measure that was not reached is exploratory, and its calm is no finding either."""
    judged = judge_in_order(found(attention=primary, trust=second), ["attention", "trust"])
    assert judged["attention"].verdict == primary
    assert (judged["trust"].role, judged["trust"].verdict) == ("second", "exploratory")
    assert "attention" in judged["trust"].reason


def test_everything_else_is_exploratory() -> None:
    """A third name in the order and a measure that was not declared claim nothing, shown or not."""
    effects = found(attention="rose", trust="fell", rating="fell", volume="rose")
    judged = judge_in_order(effects, ["attention", "trust", "rating"])
    assert [judged[name].role for name in ("rating", "volume")] == ["exploratory", "exploratory"]
    assert [judged[name].verdict for name in ("rating", "volume")] == ["exploratory", "exploratory"]


@pytest.mark.parametrize("verdict", ["descriptive_only", "not_comparable"])
def test_a_measure_that_cannot_be_judged_says_so_in_any_role(verdict: Verdict) -> None:
    """That coverage differs is worth knowing whatever the order."""
    judged = judge_in_order(found(attention="no_change_shown", trust=verdict, rating=verdict), ["attention", "trust"])
    assert (judged["trust"].verdict, judged["rating"].verdict) == (verdict, verdict)


@pytest.mark.parametrize(
    ("order", "alpha", "said"),
    [
        ([], 0.05, "order is empty"),
        (["attention", "attention"], 0.05, "names a measure twice"),
        (["attention", "stars"], 0.05, "names 'stars', of which there is no effect"),
        (["attention"], 0.1, "attention was tested at 0.05, the order is to be judged at 0.1"),
    ],
)
def test_an_order_that_fits_no_effects_is_refused(order: list[str], alpha: float, said: str) -> None:
    """A plan that names what was not measured, or at another level, is a mistake."""
    with pytest.raises(ValueError, match=said):
        judge_in_order(found(attention="rose", trust="fell"), order, alpha)
