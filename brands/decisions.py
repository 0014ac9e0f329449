"""What is to be done, by rules over figures: a brand file's `[[decisions]]`, or the ones that come with brandtrust.

A rule has an advice and conditions. The rules are asked in their order; the first whose conditions all hold speaks. A
condition on a figure that does not exist never holds: there is no advice without a computed figure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Advice = Literal["hold", "clarify", "change_terms", "escalate"]
ADVICE: tuple[Advice, ...] = get_args(Advice)

VERDICTS = ("rose", "fell", "no_change_shown", "not_judged", "descriptive_only", "not_comparable")
RECOVERIES = ("recovered", "not_yet", "cannot_be_told")
ANSWERS = ("yes", "no")
FACTS: Mapping[str, tuple[str, ...]] = {  # the words that each may hold; none: it is a number
    "attention": VERDICTS,
    "net_trust": VERDICTS,
    "rating": VERDICTS,
    "attention_recovery": RECOVERIES,
    "net_trust_recovery": RECOVERIES,
    "responded": ANSWERS,
    "reversed": ANSWERS,
    "weeks_since_event": (),
    "net_trust_gap": (),
    "attention_gap": (),
    "leaving_gap": (),
    "claim_in_text": (),
    "claim_not_in_text": (),
    "claim_unconfirmed": (),
}
LONGEST_REASON = 160  # characters
_WRITTEN = re.compile(r"\s*(?P<fact>\w+)\s*(?P<comparison>>=|<=|>|<|\bis\s+not\b|\bis\b)\s*(?P<wanted>\S+)\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of one fact with a word or a number."""

    fact: str
    comparison: Literal["is", "is not", ">=", "<=", ">", "<"]
    wanted: str | float

    def holds(self, value: str | float | None) -> bool:
        """Whether it holds for the fact's value; never where there is none."""
        if value is None:
            return False
        if isinstance(value, str) or isinstance(self.wanted, str):
            return (value == self.wanted) == (self.comparison == "is")
        above, equal = value > self.wanted, value == self.wanted
        return {">=": above or equal, ">": above, "<=": not above, "<": not above and not equal}[self.comparison]


def read_condition(text: str) -> Condition:
    """`net_trust is fell`, `leaving_gap >= 1`. Raises ValueError, one line, for anything else."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text}" is no condition; write one such as "net_trust is fell" or "leaving_gap >= 1"')
    fact, wanted = found["fact"], found["wanted"]
    comparison = " ".join(found["comparison"].split())
    if fact not in FACTS:
        raise ValueError(f'"{text}": there is no figure {fact}; there are {", ".join(FACTS)}')
    if words := FACTS[fact]:
        if not comparison.startswith("is") or wanted not in words:
            raise ValueError(f'"{text}": {fact} is (or is not) one of {", ".join(words)}')
        return Condition(fact, comparison, wanted)  # type: ignore[arg-type]
    if comparison.startswith("is"):
        raise ValueError(f'"{text}": {fact} is a number; compare it by >=, >, <= or <')
    try:
        number = float(wanted)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e9:
        raise ValueError(f'"{text}": {wanted} is no number')
    return Condition(fact, comparison, number)  # type: ignore[arg-type]


def _check_condition(text: str) -> str:
    read_condition(text)
    return text


def _check_reason(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty; say why in a few words, which the report prints")
    if len(text) > LONGEST_REASON:
        raise ValueError(f"has {len(text):,} characters; the report has room for {LONGEST_REASON}")
    return text


class Decision(BaseModel):
    """A rule: the advice where all of `when` holds, and why, in a few words that the report prints."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    advice: Advice
    because: Annotated[str, AfterValidator(_check_reason)]
    when: tuple[Annotated[str, AfterValidator(_check_condition)], ...] = Field(min_length=1)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions as read."""
        return tuple(read_condition(text) for text in self.when)


@cache
def default_decisions() -> tuple[Decision, ...]:
    """The rules of a brand file that has none of its own."""
    text = (resources.files("brands") / "decisions.toml").read_text("utf-8")
    return tuple(Decision.model_validate(rule) for rule in tomllib.loads(text)["decisions"])
