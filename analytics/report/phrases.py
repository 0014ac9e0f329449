"""Phrases that headline, paragraphs, table and pictures share: what is measured, its verdict, its rank, the volume."""

from __future__ import annotations

from analytics.effects.wording import simulated
from analytics.plan.ways import Ways
from analytics.report.formatting import (
    NO_BREAK,
    UNITS,
    join_themes,
    join_words,
    write_change,
    write_count,
    write_day,
    write_number,
    write_small,
)
from analytics.report.model import EffectRow, Report

CLAIMS = ("fell", "rose")
MEASURE_NAMES = {"attention": "attention", "net_trust": "net trust expression", "rating": "star rating"}
NO_WIDTH = "how uncertain this size is cannot be given: too few earlier windows moved"


def verdict_of(row: EffectRow, primary: EffectRow | None) -> str:
    """The verdict that may be said: beside the declared primary measure nothing claims more than the order allows.

    The second measure may claim only where the first was shown, all others never: that order is what keeps false
    claims at the declared level.
    """
    if row.verdict not in (*CLAIMS, "no_change_shown"):
        return row.verdict
    if row.role == "primary":
        return row.verdict
    if row.role == "second" and primary is not None and primary.verdict in CLAIMS:
        return row.verdict
    return "exploratory"


def name_measure(row: EffectRow, report: Report) -> str:
    """What a row of effects is about, in words."""
    event = next((event for event in report.events if event.event_id == row.event_id), None)
    if row.measure != "attention":
        return MEASURE_NAMES.get(row.measure, row.measure)
    if event is None or not event.theme_labels:
        return "attention to data and AI practices"
    return f"attention to {join_themes(event.theme_labels)}"


def write_rank(row: EffectRow) -> str:
    """How unusual the change is, as anyone can repeat it: among earlier windows, or among simulated series."""
    if row.weighed and row.p_value is not None:
        return simulated(row.p_value, row.smallest_p)
    if not row.placebos:
        return "There is no comparable earlier window to rank the change among."
    windows = f"{write_count(row.placebos, 'comparable earlier window')} ({row.independent_windows} that "
    windows += f"{'does' if row.independent_windows == 1 else 'do'} not overlap)"
    if row.moved_as_much is None:
        return f"There are {windows}."
    return f"Of {windows}, {'none' if row.moved_as_much == 0 else write_small(row.moved_as_much)} moved as much."


def write_ways(ways: Ways, measure: str) -> str:
    """What a specification curve comes to, as anyone can repeat it. It claims nothing: the ways share their posts."""
    name = MEASURE_NAMES.get(measure, measure)
    found = [(ways.fell, f"{name} fell in"), (ways.rose, f"{name} rose in"), (ways.no_change, "no change was shown in")]
    found.append((ways.not_judged, "nothing could be judged in"))
    said = [(count, words) for count, words in sorted(found, key=lambda one: -one[0]) if count]
    parts = [f"{words} {'all of them' if len(said) == 1 < count else f'{count:,}'}" for count, words in said]
    ends = [write_change(end, measure) for end in (ways.lowest, ways.highest)]
    unit = UNITS.get(measure, "points")
    size = f"by {ends[0]} {unit}" if ends[0] == ends[1] else f"from {ends[0]} to {ends[1]} {unit}"
    return f"Asked in {write_count(ways.asked, 'reasonable way')}, {join_words(parts)}; {size}."


def write_recovery(row: EffectRow) -> str:
    """Whether a change that was shown has gone back, briefly; empty where no change was shown or nothing was asked."""
    if row.recovery_margin is None or row.recovery not in ("recovered", "not_yet", "cannot_be_told"):
        return ""
    name = MEASURE_NAMES.get(row.measure, row.measure)
    margin = write_change(row.recovery_margin, row.measure, signed=False).removesuffix(".0")
    inside = f"within ±{margin}{NO_BREAK}{UNITS.get(row.measure, 'points')} of the weeks before"
    if row.recovery == "recovered" and row.recovered_on is not None:
        return f"Back again: {name} has been {inside} since {write_day(row.recovered_on)}."
    if row.recovery == "not_yet":
        return f"It cannot be said so far that {name} is back {inside}."
    return f"Whether {name} is back {inside} cannot be told."


def write_volume(report: Report) -> str:
    """The week's posts against the usual; where counts say nothing about how much people post, only why."""
    week = report.this_week
    quotas = [row for row in report.sources if row.constant_quota]
    if quotas:
        named = join_words([row.source for row in quotas])
        return f"{named}: the sample is a constant number a month, so no statement on volume is made"
    if any(row.sparse for row in report.sources):
        return "a source holds so few posts that no statement on volume is made"
    if not week.volume_comparable:
        return "not collected in full, so not compared with the usual"
    if week.usual_posts is None or not week.usual_posts.value:
        return "no usual volume yet"
    return f"{write_number(week.posts / week.usual_posts.value, 1)}{NO_BREAK}× the usual number of posts"


def write_no_event(report: Report, *, titled: bool = False) -> str:
    """Why there is no event to look at: none is declared, or the next one lies later (`titled`: with its name)."""
    if report.coming is None or report.coming.tested is None:
        return "no policy event is declared"
    title = f" ({report.coming.title})" if titled and report.coming.title else ""
    return f"the policy event declared for {write_day(report.coming.tested)}{title} lies after this week"


def write_state(report: Report) -> str:
    """What is to be said of a week that is not whole: not over yet, partly collected, not collected; else nothing."""
    week = report.this_week
    if not week.over:
        return "not over yet"
    if week.coverage == "complete" or is_sparse(report):
        return ""
    return "not collected" if week.coverage == "none" and is_empty(report) else "partly collected"


def is_empty(report: Report) -> bool:
    """Whether nobody spoke of the brand in the week."""
    return report.this_week.authors == 0


def is_sparse(report: Report) -> bool:
    """Whether silence and missing collection cannot be told apart in any of the sources."""
    return bool(report.sources) and all(row.sparse for row in report.sources)
