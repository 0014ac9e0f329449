"""The advice in words: what to do, by which rule, on which figures, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.report.formatting import NO_BREAK, join_words, upper_first, write_count, write_number, write_percent
from analytics.report.model import Advised, Fact, Flip, Report
from analytics.report.phrases import MEASURE_NAMES
from brands.decisions import Advice, Condition, read_condition

NAMES: dict[Advice, str] = {
    "hold": "Hold",
    "clarify": "Clarify",
    "change_terms": "Change the terms",
    "escalate": "Escalate",
}
MEANINGS: dict[Advice, str] = {
    "hold": "say nothing new, and keep watching",
    "clarify": "say plainly what the terms allow and what they do not",
    "change_terms": "put the clause itself before those who can change it",
    "escalate": "take it to those who decide on the terms today",
}
CLAIMED = {
    "claim_in_text": "one thing that the terms do say",
    "claim_not_in_text": "one thing that the terms do not say",
    "claim_unconfirmed": "one thing of the terms that nobody has checked",
}
GAPS = {
    "net_trust_gap": "net trust expression",
    "attention_gap": "the share that speaks of data and AI practices",
    "leaving_gap": "the share that speaks of leaving",
}
WORDS = {
    "rose": "is shown to have risen",
    "fell": "is shown to have fallen",
    "no_change_shown": "is not shown to have changed",
    "not_judged": "is not judged",
    "descriptive_only": "can only be described",
    "not_comparable": "is not comparable",
}


@dataclass(frozen=True, slots=True)
class AdviceWords:
    """What the report says under “What to do”."""

    title: str  # Hold: say nothing new, and keep watching.
    rule: str
    stands_on: str
    flips: tuple[str, ...]


def write_advice(report: Report) -> AdviceWords | None:
    """The advice of a report; None where it was made before rules were asked."""
    advised = report.advised
    if advised is None:
        return None
    facts = {fact.name: fact for fact in advised.facts}
    flips = tuple(_say_flip(flip, facts) for flip in advised.flips)
    if advised.advice is None:
        known = any(fact.value is not None for fact in advised.facts)
        why = "no rule fits the figures there are" if known else "there is no figure that a rule could stand on"
        return AdviceWords("No advice", f"{upper_first(why)}.", "", flips)
    return AdviceWords(
        f"{NAMES[advised.advice]}: {MEANINGS[advised.advice]}.",
        f"The rule: {advised.because}.",
        f"It stands on: {'; '.join(_stands_on(advised, facts))}.",
        flips,
    )


def _stands_on(advised: Advised, facts: dict[str, Fact]) -> list[str]:
    said = [facts[read_condition(text).fact].said for text in advised.when]
    return list(dict.fromkeys(said))


def _say_flip(flip: Flip, facts: dict[str, Fact]) -> str:
    missing = [_say_condition(condition, facts) for condition in map(read_condition, flip.missing)]
    return f"{NAMES[flip.advice]}, once {join_words(missing)}."


def _say_condition(condition: Condition, facts: dict[str, Fact]) -> str:
    """What would have to be, in words, with the number as it is now."""
    fact, wanted = condition.fact, condition.wanted
    now = facts[fact].value if fact in facts else None
    if isinstance(wanted, str):
        return _say_word(fact, wanted, true=condition.comparison == "is")
    if fact == "weeks_since_event":
        return f"{write_count(round(wanted), 'week')} {_side(condition)} have passed since the event"
    if fact in CLAIMED:
        then = f" (now {write_percent(now, 1)})" if isinstance(now, float) else ""
        return f"{write_percent(wanted)} {_side(condition)} of author-weeks voice {CLAIMED[fact]}{then}"
    then = f" (now {write_number(now, 1, signed=True)})" if isinstance(now, float) else ""
    points = f"{write_number(wanted, 0 if wanted == round(wanted) else 1, signed=True)}{NO_BREAK}points"
    return f"{GAPS.get(fact, fact)} is {points} {_side(condition)} against the usual{then}"


def _say_word(fact: str, wanted: str, *, true: bool) -> str:
    measure = fact.removesuffix("_recovery")
    name = MEASURE_NAMES.get(measure, measure)
    if fact != measure:
        back = (wanted == "recovered") == true
        return f"{name} {'is' if back else 'is not'} shown to be back"
    if fact in ("responded", "reversed"):
        done = {"responded": "a response", "reversed": "taking the change back"}[fact]
        return f"{done} {'is' if (wanted == 'yes') == true else 'is not'} on record"
    said = WORDS.get(wanted, wanted)
    return f"{name} {said}" if true else f"{name} no longer {said}"


def _side(condition: Condition) -> str:
    return "or more" if condition.comparison.startswith(">") else "or less"
