"""Hold, clarify, change the terms, or escalate: the rules of the brand file, asked of the report's own figures.

Nothing here is estimated. Each fact is a figure of the report, or a verdict that the report may claim, and is said with
what it stands on. What would flip the advice follows from the rules as well: of each other advice, the rule that fails
in the fewest conditions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from analytics.report.formatting import NO_BREAK, write_count, write_day, write_number, write_share, write_size
from analytics.report.model import Advised, ClaimRow, EffectRow, Fact, Flip, Report
from analytics.report.phrases import CLAIMS, MEASURE_NAMES, name_measure, verdict_of
from brands.decisions import FACTS, Advice, Decision

CLAIM_FACTS = {
    "claim_in_text": ("in_text",),
    "claim_not_in_text": ("was", "never"),
    "claim_unconfirmed": ("unconfirmed",),
}
FEWEST_AUTHORS = 10
MOST_MISSING = 2  # conditions: what lies further away is no flip but another story


def decide(report: Report, decisions: Sequence[Decision]) -> Advised:
    """What the first rule that holds advises, on which figures, and what would change it."""
    facts = {fact.name: fact for fact in find_facts(report)}
    for place, rule in enumerate(decisions):
        if not _missing(rule, facts):
            flips = tuple(_flips(decisions, place, facts))
            return Advised(rule.advice, rule.because, rule.when, tuple(facts.values()), flips)
    flips = tuple(_flips(decisions, len(decisions), facts))
    return Advised(None, "", (), tuple(facts.values()), flips)


def find_facts(report: Report) -> Iterator[Fact]:
    """Every fact of `brands.decisions.FACTS`, in that order; the value is None where there is no such figure."""
    found = {fact.name: fact for fact in (*_effects(report), *_event(report), *_week(report), *_claims(report))}
    for name in FACTS:
        yield found.get(name, Fact(name, None, ""))


def _effects(report: Report) -> Iterator[Fact]:
    event_id = report.event.event_id if report.event else None
    for row in report.effects:
        if row.event_id != event_id:
            continue
        verdict = verdict_of(row, report.primary)
        value = "not_judged" if verdict == "exploratory" else verdict
        yield Fact(row.measure, value, _say_effect(row, value, report))
        if verdict in CLAIMS and row.recovery in ("recovered", "not_yet", "cannot_be_told"):
            yield Fact(f"{row.measure}_recovery", row.recovery, _say_recovery(row))


def _say_effect(row: EffectRow, value: str, report: Report) -> str:
    name = name_measure(row, report)
    after = f"after {write_day(row.event_date)}"
    if value in CLAIMS and row.estimate is not None:
        return f"{name} {value} by {write_size(row.estimate, row.measure)} {after}"
    said = {
        "no_change_shown": "was not shown to change",
        "not_judged": "is not judged",
        "descriptive_only": "can only be described",
        "not_comparable": "is not comparable",
    }
    return f"{name} {said.get(value, value)} {after}"


def _say_recovery(row: EffectRow) -> str:
    name = MEASURE_NAMES.get(row.measure, row.measure)
    if row.recovery == "recovered" and row.recovered_on is not None:
        return f"{name} is back since {write_day(row.recovered_on)}"
    return f"{name} has not been shown to be back"


def _event(report: Report) -> Iterator[Fact]:
    event = report.event
    if event is None or event.tested is None:
        return
    end = report.week + timedelta(weeks=1)
    weeks = (end - event.tested).days // 7
    yield Fact(
        "weeks_since_event",
        float(weeks),
        f"{write_count(weeks, 'week')} {'has' if weeks == 1 else 'have'} passed since",
    )
    for name, day, words in (
        ("responded", event.responded, "a response"),
        ("reversed", event.reversed, "taking it back"),
    ):
        done = day is not None and day < end
        said = f"{words} is dated {write_day(day)}" if done and day is not None else f"{words} is not on record"
        yield Fact(name, "yes" if done else "no", said)


def _week(report: Report) -> Iterator[Fact]:
    week = report.this_week
    if week.net_trust and week.usual_net_trust and week.authors >= FEWEST_AUTHORS:
        gap = week.net_trust.value - week.usual_net_trust.value
        now, usual = (write_number(figure.value, signed=True) for figure in (week.net_trust, week.usual_net_trust))
        stands = (
            f"net trust expression stands at {now} this week, usual {usual} ({write_count(week.authors, 'author')})"
        )
        yield Fact("net_trust_gap", gap, stands)
    if week.practices and week.usual_practices and week.authors >= FEWEST_AUTHORS:
        gap = week.practices.value - week.usual_practices.value
        now, usual = write_share(week.practices.value), write_share(week.usual_practices.value)
        yield Fact("attention_gap", gap, f"{now} of this week’s authors speak of data and AI practices, usual {usual}")
    leaving, before = (_share_of(report, "leaving", period) for period in ("now", "usual"))
    if leaving is not None and before is not None:
        said = f"{write_share(leaving)} of author-weeks speak of leaving in the last four, usual {write_share(before)}"
        yield Fact("leaving_gap", leaving - before, said)


def _share_of(report: Report, theme: str, period: str) -> float | None:
    """A theme's share: out of the figures, since only the themes spoken of most are shown."""
    measure = f"theme_share_{period}"
    found = (figure.value for figure in report.figures if figure.scope == theme and figure.measure == measure)
    return next(found, None)


def _claims(report: Report) -> Iterator[Fact]:
    """The claim of each kind that is voiced most in the last four weeks, where there are enough voices to say so."""
    for name, statuses in CLAIM_FACTS.items():
        shares = [
            (row.now.share, row)
            for row in report.claims
            if status_at(row, report.week + timedelta(weeks=1)) in statuses
            and row.now is not None
            and row.now.authors_all >= FEWEST_AUTHORS
        ]
        if shares:
            share, row = max(shares, key=lambda pair: pair[0])
            yield Fact(name, share, _say_claim(row, report))


def status_at(row: ClaimRow, day: date) -> str:
    """A person's word on the terms as it was true before that day: what is in the text now was not there always."""
    if row.status in ("in_text", "was") and row.since is not None and row.since >= day:
        return "never"
    if row.status == "was" and row.until is not None and row.until >= day:
        return "in_text"
    return row.status


def _say_claim(row: ClaimRow, report: Report) -> str:
    assert row.now is not None
    status = status_at(row, report.week + timedelta(weeks=1))
    stands_on = f"n{NO_BREAK}{write_number(row.now.authors_all)}"
    voiced = f"{write_share(row.now.share)} of author-weeks ({stands_on}) say that {report.name} {row.says}"
    found = {
        "in_text": "the terms say so",
        "was": "the terms said so until " + (write_day(row.until) if row.until else "a day that is not given"),
        "never": "the terms never said so" if row.status == "never" else "the terms did not say so yet",
    }
    return f"{voiced}; {found.get(status, 'nobody has checked the terms')}"


def _missing(rule: Decision, facts: dict[str, Fact]) -> tuple[str, ...]:
    pairs = zip(rule.when, rule.conditions, strict=True)
    return tuple(text for text, condition in pairs if not condition.holds(facts[condition.fact].value))


def _flips(decisions: Sequence[Decision], fired: int, facts: dict[str, Fact]) -> Iterator[Flip]:
    """For each advice that an earlier rule would give: the one that is nearest, if it is near and its figures exist."""
    nearest: dict[Advice, tuple[str, ...]] = {}
    given = decisions[fired].advice if fired < len(decisions) else None
    for rule in decisions[:fired]:
        missing = _missing(rule, facts)
        known = all(facts[condition.fact].value is not None for condition in rule.conditions)
        near = known and len(missing) <= MOST_MISSING and not _settled(missing)
        if rule.advice != given and near and len(missing) < len(nearest.get(rule.advice, (*missing, ""))):
            nearest[rule.advice] = missing
    for advice, missing in nearest.items():
        yield Flip(advice, missing)


def _settled(missing: tuple[str, ...]) -> bool:
    """Whether a condition can not come true any more: weeks only pass."""
    return any(text.split()[0] in ("weeks_since_event", "responded", "reversed") for text in missing)
