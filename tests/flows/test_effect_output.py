"""What is printed under each event, from an effect and what stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from analytics.effect_checks import Check
from analytics.effect_context import EffectContext
from analytics.effects import event_effect
from analytics.effects.decomposition import decompose_change
from analytics.effects.recovery import find_recovery
from analytics.event_study import EventEffect
from flows.effect_output import lines_beside
from tests.analytics.effects.series import EVENT, weekly


@pytest.fixture
def found() -> EventEffect:
    """A fall with a check, a response in the same week and a recovery that is open."""
    bins = weekly([10.0, 11.0] * 30 + [-5.0] * 12, 60)
    effect = event_effect(bins, EVENT)
    names = [f"a{number}" for number in range(40)]
    sides = [
        pd.DataFrame({"window": side, "voice": names, "value": value})
        for side, value in (("before", 2.0), ("after", -3.0))
    ]
    voices = pd.concat(sides).assign(source="forum", language="en", weight=1.0)
    checks = (
        Check("as_measured", "primary", EVENT, effect, "Of 53 comparable windows, none moved as much.", "Why."),
        Check("customers", "exploratory", EVENT, None, "No post is left.", "No post is left."),
        Check("peer:rival", "exploratory", EVENT, effect, "Of 53 …", "Why."),
        Check("responded", "exploratory", EVENT + timedelta(days=2), None, "Too near.", "Too near.", (EVENT,)),
    )
    recovery = find_recovery(bins, EVENT, effect, margin=2)
    context = EffectContext(decompose_change(voices), checks, recovery)
    return EventEffect("terms", "net_trust", "primary", EVENT, "vader", effect, 10.5, -5.0, context=context)


def test_lines_tell_parts_checks_dates_and_recovery(found: EventEffect) -> None:
    """Each question has a line; what was not asked has none, and a part without width has no interval."""
    lines = list(lines_beside(found))
    assert lines[0] == "terms, net_trust: Of 53 comparable windows, none moved as much."
    assert lines[1].startswith(
        "terms, net_trust, made of: raw change −5.0 = returning authors, what they say −5.0, "
        "returning authors, who speaks more 0.0, newcomers 0.0"
    )
    assert "rival −15.5 (p 0.0" in lines[2]
    assert lines[3].endswith("responded 2023-08-08 (exploratory): Too near; dates not separable: 2023-08-06")
    assert "back again? not yet:" in lines[4]
    assert len(lines) == 5
    assert not any("customers" in line for line in lines)


def test_another_scorer_has_no_lines(found: EventEffect) -> None:
    """Only by the configured scorer does anything stand beside an effect."""
    assert list(lines_beside(replace(found, context=None))) == []


def test_what_rests_on_a_handful_is_told_without_a_number(found: EventEffect) -> None:
    """A check that is only descriptive shows no size: of three voices it could be anything."""
    assert found.context is not None
    few = replace(found.effect, verdict="descriptive_only", p_value=None)
    check = Check("customers", "exploratory", EVENT, few, "Too few.", "Too few.")
    context = replace(found.context, checks=(found.context.checks[0], check))
    lines = list(lines_beside(replace(found, context=context)))
    assert any(line.endswith("asked again: customers only too little to judge") for line in lines)
