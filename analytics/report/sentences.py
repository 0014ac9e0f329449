"""The wording, from verdicts and figures.

Three rules hold everywhere. A change is said to come after a date, never from it. What is measured is expressed by
people who posted, never what customers think. Where nothing may be claimed, what can be said is said, and why no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from analytics.effects.level_shift import SIMULATED
from analytics.effects.wording import NOT_VALIDATED, count_simulated
from analytics.report.formatting import (
    NO_BREAK,
    digits_of,
    join_words,
    upper_first,
    write_count,
    write_day,
    write_interval,
    write_number,
    write_share,
    write_size,
    write_small,
)
from analytics.report.gaps import write_long_gaps, write_partial_week
from analytics.report.headline import tells_week, write_headline
from analytics.report.model import EffectRow, Report
from analytics.report.phrases import (
    CLAIMS,
    MEASURE_NAMES,
    NO_WIDTH,
    is_empty,
    name_measure,
    verdict_of,
    write_no_event,
    write_rank,
    write_recovery,
    write_volume,
)
from analytics.report.reasons import find_days, start_of, write_declared
from analytics.report.week_parts_words import say_main_parts


@dataclass(frozen=True, slots=True)
class Wording:
    """What the first page says in words."""

    headline: str
    paragraph: tuple[str, ...]  # sentences
    can_say: tuple[str, ...]
    uncertain: tuple[str, ...]


def write_wording(report: Report) -> Wording:
    """Headline, paragraph, what can be said and what is uncertain."""
    return Wording(
        write_headline(report), tuple(_paragraph(report)), tuple(_can_say(report)), tuple(_uncertain(report))
    )


def write_week(report: Report) -> str:
    """The week's net trust expression against the usual, with its interval."""
    week = report.this_week
    if week.net_trust is None:
        return f"In the week of {write_day(report.week)} nobody posted on {report.name} in what was collected."
    stands_on = write_count(week.authors, "author")
    if week.net_trust.low is None or week.net_trust.high is None:
        stands_on += ", too few for an interval"
    else:
        low, high = (write_number(end, signed=True) for end in (week.net_trust.low, week.net_trust.high))
        stands_on = f"{low} to {high}; {stands_on}"
    usual = "there is no usual yet"
    if week.usual_net_trust is not None:
        usual = f"its usual is {write_number(week.usual_net_trust.value, signed=True)}"
    return (
        "This week net trust expression stands at "
        f"{write_number(week.net_trust.value, signed=True)} ({stands_on}); {usual}."
    )


def _paragraph(report: Report) -> list[str]:
    said = []
    primary, second = report.primary, report.second
    if primary is not None:
        said.append(_looked_back(report))
        said.append(_sentence_on(primary, report))
        if primary.verdict in (*CLAIMS, "no_change_shown"):
            said.append(write_rank(primary))
        said.append(write_declared(primary))
        if second is not None and second.verdict == "not_comparable" and second.reason == primary.reason:
            said.append(f"The same holds for {MEASURE_NAMES.get(second.measure, second.measure)}.")
        elif second is not None:
            said.append(_sentence_on(second, report, shortly=True))
        said.append(_corrected(report))
        said.append(_not_separable(report))
    elif report.events:
        said.append("No effect of the declared policy event has been computed yet.")
    else:
        said.append(f"{upper_first(write_no_event(report, titled=True))}, so no effect is looked for.")
    if is_empty(report):
        said.append(_silence(report))
    else:
        if not tells_week(report):
            said.append(write_week(report))
        said.append(say_main_parts(report))
    return [sentence for sentence in said if sentence]


def _looked_back(report: Report) -> str:
    """That the weeks compared reach past the reported one, as in a report that is written later; else empty."""
    rows = [row for row in (report.primary, report.second) if row is not None and row.estimate is not None]
    ends = max((row.after_ends for row in rows), default=report.week)
    if ends <= report.week + timedelta(weeks=1):
        return ""
    return (
        f"Looked back: this week was over before the weeks compared were, which reach to"
        f" {write_day(ends - timedelta(days=1))}; what follows of the event was known only then."
    )


def _sentence_on(row: EffectRow, report: Report, *, shortly: bool = False) -> str:
    """One measure's change: from what to what, less what the peers did, with interval or with the reason why not."""
    verdict = verdict_of(row, report.primary)
    name = MEASURE_NAMES.get(row.measure, row.measure) if shortly else name_measure(row, report)
    if verdict == "not_comparable" or row.estimate is None:
        lead = "is not comparable" if verdict == "not_comparable" else "can only be described"
        return f"{upper_first(name)} {lead}: {start_of(row.reason)}"
    change = (
        f"{_change(row, name, report.name, shortly=shortly)} {write_size(row.estimate, row.measure)} {_direction(row)}"
    )
    if not shortly or (report.primary is not None and row.peers != report.primary.peers):
        change += _less_peers(row)
    if verdict in CLAIMS:
        rank = f"; {_rank_shortly(row)}" if shortly and (row.weighed or row.moved_as_much is not None) else ""
        return f"{change} ({_interval(row)}{rank})."
    if verdict == "no_change_shown":
        if not row.smallest_visible:
            return f"{change}, a size that earlier windows show too."
        visible = write_size(row.smallest_visible, row.measure)
        return f"{change}, a size that earlier windows show too; a change of up to {visible} would not have been seen."
    if verdict == "exploratory":
        return f"{change}. That is described, not claimed: {_why_no_claim(row, report)}."
    if row.smallest_p is not None and row.smallest_p > row.alpha:
        windows = write_count(row.placebos, "window")
        return f"{change}. Too few earlier windows to judge ({windows}): descriptive only."
    return f"{change}. Descriptive only: {start_of(row.reason)}"


def _interval(row: EffectRow) -> str:
    interval = write_interval(row.low, row.high, row.measure)
    return f"95{NO_BREAK}% interval {interval}" if interval else NO_WIDTH


def _direction(row: EffectRow) -> str:
    if row.measure == "attention":
        return "more" if (row.estimate or 0) > 0 else "fewer"
    return "higher" if (row.estimate or 0) > 0 else "lower"


def _change(row: EffectRow, name: str, brand: str, *, shortly: bool) -> str:
    weeks = f"the {write_small(row.after_bins, 'week')} from {write_day(row.event_date)}"
    before = f"in the {write_small(row.before_bins, 'week')} before"
    if row.measure == "attention":
        subject = name.removeprefix("attention to ")
        return (
            f"On average over {weeks}, {write_share(row.after_mean)} of authors on {brand} spoke of {subject}, "
            f"against {write_share(row.before_mean)} {before}:"
        )
    if shortly:
        mean = " (mean of scores)" if row.measure == "net_trust" else ""
        weeks = f"over {write_small(row.after_bins, 'week')} against the {write_small(row.before_bins)} before"
        return f"{upper_first(name)}{mean} was, {weeks},"
    if row.measure == "net_trust":  # tested on mean scores, shown as signs: the two scales must not stand side by side
        return f"{upper_first(name)} (the mean of scores) was, in {weeks} against those {before},"
    levels = (write_number(mean, digits_of(row.measure)) for mean in (row.after_mean, row.before_mean))
    return f"{upper_first(name)} averaged {next(levels)} in {weeks}, {next(levels)} {before}:"


def _less_peers(row: EffectRow) -> str:
    if not row.peers:
        return ", compared with no peer"
    if len(row.peers) == 1:
        return ", with the change of one peer taken off"
    return f", with the change of {write_small(len(row.peers))} peers taken off"


def _rank_shortly(row: EffectRow) -> str:
    if row.weighed and row.p_value is not None:
        count = count_simulated(row.p_value, row.smallest_p)
        return f"{count} of {SIMULATED + 1:,} simulated series without a change move as much"
    moved = "none" if not row.moved_as_much else write_small(row.moved_as_much)
    return f"{moved} of {row.placebos} earlier windows moved as much"


def _why_no_claim(row: EffectRow, report: Report) -> str:
    if row == report.second and report.primary is not None:
        return (
            f"{MEASURE_NAMES.get(report.primary.measure, report.primary.measure)}, which is judged first, was not"
            " shown to change"
        )
    return "this measure is none of those that are judged"


def _corrected(report: Report) -> str:
    """Net trust expression once labels correct the scorer; empty without them."""
    rows = (row for row in (report.primary, report.second) if row is not None and row.corrected_change is not None)
    row = next(rows, None)
    if row is None:
        return ""
    change, low, high, raw = (
        write_number(value, 1, signed=True)
        for value in (row.corrected_change, row.corrected_low, row.corrected_high, row.raw_change)
    )
    return (
        f"Corrected by hand labels, net trust expression of the brand alone changed by {change} points,"
        f" counted in votes (95{NO_BREAK}% interval {low} to {high}), against {raw} as the scorer reads."
    )


def _not_separable(report: Report) -> str:
    """Which dates fall into the same weeks, so that their effects cannot be told apart."""
    rows = [row for row in (report.primary, report.second) if row is not None]
    days = sorted({day for row in rows for text in row.dates_not_separable for day in find_days(text)})
    if not days or report.event is None:
        return ""
    words = dict(report.event.dates)
    named = [f"{write_day(day, year=False)} ({words[day]})" if day in words else write_day(day) for day in days]
    if len(named) == 1:
        return f"{named[0]} falls into the same weeks: its effect cannot be told apart."
    return f"{join_words(named)} fall into the same weeks: their effects cannot be told apart."


def _silence(report: Report) -> str:
    week = report.this_week
    if week.coverage == "complete" and week.over:
        return f"The week of {write_day(report.week)} was collected in full and holds no post: that is silence."
    return f"{write_partial_week(report).removesuffix('.')}: silence says nothing here."


def _can_say(report: Report) -> list[str]:
    primary, second, said = report.primary, report.second, []
    for row in (primary, second):
        if row is None or row.estimate is None or verdict_of(row, primary) not in CLAIMS:
            continue
        who = f"among people who posted on {report.name}"
        said.append(
            f"“{upper_first(name_measure(row, report))} {row.verdict} after {write_day(row.event_date)} {who}:"
            f" {write_size(row.estimate, row.measure)}, {_interval(row)}.”"
        )
    if not said:
        quoted = "The week’s numbers may be quoted as they stand, with their intervals."
        nothing = "There is no number of this week to quote."
        said.append(f"No change may be claimed. {nothing if is_empty(report) else quoted}")
    said.append("Say “after”, not “because of”; say “expressed”, not “customers trust us less”.")
    return said


def write_replaced(report: Report) -> str:
    """That another report on this week was published before, and what differs; empty where none was."""
    former = report.replaced
    if former is None:
        return ""
    differ = f"{write_number(former.differing)} of {write_number(former.figures)} figures differ"
    if not former.differing:
        differ = "its figures are the same, its advice or its events are not"
    erased = f", {write_count(former.erased, 'post')} erased since" if former.erased else ""
    code = former.report_id.rsplit("-", 1)[-1]
    return f"This report replaces the one of {write_day(former.published_on)} ({code}): {differ}{erased}."


def _uncertain(report: Report) -> list[str]:
    said = [
        write_replaced(report),
        "Who speaks is not known: customers, press and passers-by are counted alike, and people who do not post not at"
        " all.",
    ]
    if report.primary is not None and report.primary.validation.startswith(NOT_VALIDATED):
        said.append(f"{upper_first(report.primary.validation)}: nobody has checked its reading of these posts.")
    if report.this_week.thin:
        said.append(f"This week stands on {write_count(report.this_week.authors, 'author')}: read it as a tendency.")
    if any(row.constant_quota for row in report.sources):
        said.append(f"Volume: {write_volume(report)}.")
    if not is_empty(report):
        said.append(write_partial_week(report))
    said.append(write_long_gaps(report))
    if report.event is not None and report.event.noticed is None:
        said.append("No day of notice is declared: the day of the terms stands in, and people may have reacted later.")
    elif report.event is not None and report.event.noticed_basis == "same_posts":
        said.append("The day of notice was picked by looking at these very posts, so no change there can be tested.")
    said += [write_recovery(row) for row in (report.primary, report.second) if row is not None]
    return [sentence for sentence in said if sentence]
