"""What to do: the first rule that holds, the figures it stands on, and what would change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.report import Report, build_report
from analytics.report.advice import write_advice
from analytics.report.deciding import decide, find_facts, status_at
from analytics.report.model import ClaimRow, Fact, VoicedShare
from analytics.store import Store
from brands.decisions import FACTS, Decision, default_decisions

DAY = timedelta(days=1)
HOLD = Decision(advice="hold", because="nothing moved", when=("net_trust_gap > -100",))
ESCALATE = Decision(advice="escalate", because="it burns", when=("leaving_gap >= 50", "net_trust_gap > -100"))


def claim(report: Report, status: str, share: float, **dates: date) -> ClaimRow:
    """A claim that so many voice in the last four weeks."""
    voiced = VoicedShare(share, share / 2, share * 2, round(4 * share), 400)
    plain = dict.fromkeys(("since", "until", "checked_on", "event_date", "clause_at_event"))
    return ClaimRow(
        claim=status, says="sells our calls", status=status, checked_by="N. N.", document="Terms", clause="in_text",
        quotations=(), now=voiced, event=None, **{**plain, **dates},
    )  # type: ignore[arg-type]  # fmt: skip


def facts_of(report: Report) -> dict[str, Fact]:
    return {fact.name: fact for fact in find_facts(report)}


def test_the_first_rule_that_holds_speaks(full_report: Report) -> None:
    """Not the one that fits best."""
    clarify = HOLD.model_copy(update={"advice": "clarify"})
    assert decide(full_report, [ESCALATE, clarify, HOLD]).advice == "clarify"
    assert decide(full_report, [HOLD, clarify]).advice == "hold"


def test_another_advice_is_another_report(full_store: Store) -> None:
    """With the same figures its id is another one, so it is sent and kept beside the one before; again it is none."""
    with full_store.reader() as connection:
        ids = [build_report(connection, "zoom", decisions=[rule]).report_id for rule in (HOLD, HOLD, ESCALATE)]
    assert ids[0] == ids[1] != ids[2]


def test_no_rule_no_advice(full_report: Report) -> None:
    """It is said, and nothing is advised."""
    advised = decide(full_report, [ESCALATE])
    assert advised.advice is None
    words = write_advice(replace(full_report, advised=advised))
    assert words is not None
    assert words.title == "No advice"
    assert "no rule fits" in words.rule.lower()


def test_there_is_no_advice_without_a_figure(report_on: Callable[..., Report]) -> None:
    """A brand without a usual gets none of the rules that come with it, whatever they ask."""
    report = report_on(weeks=2, with_event=False, gap=None)
    assert all(fact.value is None for name, fact in facts_of(report).items() if name not in ("leaving_gap",))
    advised = decide(report, default_decisions())
    assert advised.advice is None


def test_every_figure_is_said_with_what_it_stands_on(full_report: Report) -> None:
    """Each fact that has a value has words, and the numbers in them are the report's own."""
    facts = facts_of(full_report)
    assert list(facts) == list(FACTS)
    assert all(bool(fact.said) == (fact.value is not None) for fact in facts.values())
    primary = full_report.primary
    assert primary is not None
    assert facts["attention"].value == primary.verdict == "rose"
    assert f"{primary.estimate:.1f}" in facts["attention"].said
    week = full_report.this_week
    assert week.net_trust is not None
    assert week.usual_net_trust is not None
    assert facts["net_trust_gap"].value == pytest.approx(week.net_trust.value - week.usual_net_trust.value)
    assert f"{week.authors} authors" in facts["net_trust_gap"].said.replace("\u00a0", " ")


def test_an_exploratory_effect_is_no_verdict(full_report: Report) -> None:
    """A measure that may claim nothing in the table may not move the advice either."""
    rows = tuple(replace(row, role="exploratory") if row.measure == "net_trust" else row for row in full_report.effects)
    assert facts_of(replace(full_report, effects=rows))["net_trust"].value == "not_judged"


def test_leaving_counts_though_it_is_not_among_the_themes_shown(full_report: Report) -> None:
    """The picture shows the themes spoken of most; the rule asks the figures."""
    assert facts_of(full_report)["leaving_gap"] == facts_of(replace(full_report, themes=()))["leaving_gap"]
    assert facts_of(full_report)["leaving_gap"].value is not None


def test_of_several_claims_the_one_voiced_most_counts(full_report: Report) -> None:
    """By a person's word on the terms; one that nobody has checked is of its own kind."""
    claims = (claim(full_report, "never", 3.0), claim(full_report, "was", 5.0, until=date(2020, 1, 1)))
    facts = facts_of(replace(full_report, claims=(*claims, claim(full_report, "unconfirmed", 9.0))))
    assert (facts["claim_not_in_text"].value, facts["claim_unconfirmed"].value) == (5.0, 9.0)
    assert facts["claim_in_text"].value is None
    assert "until 1 January 2020" in facts["claim_not_in_text"].said.replace("\u00a0", " ")


def test_too_few_voices_are_no_figure(full_report: Report) -> None:
    """A claim voiced by three of nine is a coincidence."""
    few = replace(claim(full_report, "never", 33.0), now=VoicedShare(33.0, None, None, 3, 9))
    assert facts_of(replace(full_report, claims=(few,)))["claim_not_in_text"].value is None


def test_a_claim_is_held_against_the_terms_of_that_week(full_report: Report) -> None:
    """What came into the text later was not there yet; what was taken out later was still there."""
    since, until = date(2023, 3, 31), date(2023, 8, 11)
    row = claim(full_report, "was", 3.0, since=since, until=until)
    told = [status_at(row, day) for day in (since, since + DAY, until, until + DAY)]
    assert told == ["never", "in_text", "in_text", "was"]
    assert status_at(claim(full_report, "in_text", 3.0, since=since), since) == "never"
    assert status_at(claim(full_report, "never", 3.0), since) == "never"


def test_what_would_change_it_is_the_nearest_rule_before(full_report: Report) -> None:
    """With the condition that is missing and the number as it is now."""
    advised = decide(full_report, [ESCALATE, HOLD])
    assert [(flip.advice, flip.missing) for flip in advised.flips] == [("escalate", ("leaving_gap >= 50",))]
    words = write_advice(replace(full_report, advised=advised))
    assert words is not None
    assert words.title.startswith("Hold: ")
    assert words.rule == "The rule: nothing moved."
    assert "net trust expression stands at" in words.stands_on
    (flip,) = words.flips
    said = flip.replace("\u00a0", " ")
    assert said.startswith(
        "Escalate, once the share that speaks of leaving is +50 points or more against the usual (now "
    )


def test_what_can_not_come_true_any_more_changes_nothing(full_report: Report) -> None:
    """Weeks only pass, and what was answered stays answered."""
    late = ESCALATE.model_copy(update={"when": ("weeks_since_event <= 1", "net_trust_gap > -100")})
    assert decide(full_report, [late, HOLD]).flips == ()


@given(st.permutations(default_decisions()), st.integers(0, 11))
def test_a_flip_made_true_gives_its_advice(full_report: Report, rules: list[Decision], cut: int) -> None:
    """What is said to change the advice does, however the rules are ordered."""
    rules = rules[cut:]
    advised = decide(full_report, rules)
    for flip in advised.flips:
        meant = next(rule for rule in rules if rule.advice == flip.advice and set(flip.missing) <= set(rule.when))
        met = [
            meant.model_copy(
                update={"when": tuple(w for w in meant.when if w not in flip.missing) or ("net_trust_gap > -999",)}
            )
        ]
        assert decide(full_report, met).advice == flip.advice
        assert flip.advice != advised.advice


def test_a_report_of_before_rules_were_asked_says_nothing_of_them(full_report: Report) -> None:
    """It is rendered anew as it was."""
    assert write_advice(replace(full_report, advised=None)) is None
