"""The answer in one sentence, or two."""

from __future__ import annotations

from datetime import timedelta

from analytics.report.formatting import NO_BREAK, upper_first, write_count, write_day, write_number, write_size
from analytics.report.model import EffectRow, Report
from analytics.report.phrases import (
    CLAIMS,
    MEASURE_NAMES,
    is_sparse,
    name_measure,
    verdict_of,
    write_no_event,
    write_state,
)

LATER = timedelta(weeks=4)  # after the weeks compared, from when on the headline also says where the week stands


def write_headline(report: Report) -> str:
    """What changed after the event, and in a week long after it where net trust expression stands now."""
    said = _headline_of_event(report)
    return f"{said} {_where_it_stands(report)}" if tells_week(report) else said


def tells_week(report: Report) -> bool:
    """Whether the headline says where the week stands: a description beside the judged change, long after it."""
    rows = [row for row in (report.primary, report.second) if row is not None]
    week = report.this_week
    judged = bool(rows) and not is_sparse(report) and week.net_trust is not None and week.usual_net_trust is not None
    return judged and all(report.week >= row.after_ends + LATER for row in rows)


def _where_it_stands(report: Report) -> str:
    week = report.this_week
    if week.net_trust is None or week.usual_net_trust is None:
        return ""
    primary, second = report.primary, report.second
    named = primary is not None and primary.verdict in (*CLAIMS, "no_change_shown") and second is not None
    few = write_count(week.authors, "author") if week.thin else ""
    usual = f"usual{NO_BREAK}{write_number(week.usual_net_trust.value, signed=True)}"
    beside = "; ".join(filter(None, (write_state(report), few, usual)))
    value = write_number(week.net_trust.value, signed=True)
    if named and second and second.measure == "net_trust" and second.verdict != "not_comparable":
        # "It" is the second measure, with which the sentence before ends, and which is judged on another scale.
        return f"Counted in votes it stands at {value} this week ({beside})."
    return f"This week net trust expression stands at {value} ({beside})."


def _headline_of_event(report: Report) -> str:
    if is_sparse(report):
        return f"No trend can be given for {report.name}: silence and missing collection cannot be told apart."
    primary, second = report.primary, report.second
    if primary is None:
        return _headline_of_week(report)
    day = write_day(primary.event_date)
    subject = upper_first(name_measure(primary, report))
    if primary.verdict in CLAIMS and primary.estimate is not None:
        first = f"{subject} {primary.verdict} by {write_size(primary.estimate, primary.measure)} after {day}"
    elif primary.verdict == "no_change_shown":
        first = f"No change in {name_measure(primary, report)} was shown after {day}"
    elif primary.verdict == "not_comparable":
        return f"The weeks before and after {day} cannot be compared."
    else:
        return f"Too little to judge whether {name_measure(primary, report)} changed after {day}: descriptive only."
    return f"{first}; {_second_half(second, primary)}." if second is not None else f"{first}."


def _second_half(second: EffectRow, primary: EffectRow) -> str:
    name, verdict = MEASURE_NAMES.get(second.measure, second.measure), verdict_of(second, primary)
    if verdict in CLAIMS and second.estimate is not None:
        also = " too" if verdict == primary.verdict else ""
        name += " (mean of scores)" if second.measure == "net_trust" else ""
        return f"{name} {verdict}{also} by {write_size(second.estimate, second.measure)}"
    if verdict == "no_change_shown":
        return f"no change in {name} was shown"
    if verdict == "not_comparable":
        return f"{name} cannot be compared"
    return f"for {name} no claim is made"


def _headline_of_week(report: Report) -> str:
    week = report.this_week
    if week.net_trust is None:
        day = write_day(report.week)
        if week.coverage == "complete":
            return f"Nobody posted on {report.name} in the week of {day}."
        if week.coverage == "none":
            return f"Nothing was collected on {report.name} in the week of {day}."
        return f"No post on {report.name} was found in the week of {day}, which was not collected in full."
    usual = "no usual yet"
    if week.usual_net_trust is not None:
        usual = f"usual {write_number(week.usual_net_trust.value, signed=True)}"
    why = "no effect is computed yet" if report.events else write_no_event(report)
    state = f" ({write_state(report)})" if write_state(report) else ""
    return f"Net trust expression this week{state}: {write_number(week.net_trust.value, signed=True)}, {usual}; {why}."
