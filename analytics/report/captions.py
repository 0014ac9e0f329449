"""Words beside the pictures: the three numbers, titles and notes of charts, and what a picture shows, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from analytics.report.figures import Figure
from analytics.report.formatting import (
    NO_BREAK,
    join_words,
    upper_first,
    write_change,
    write_count,
    write_day,
    write_number,
    write_share,
)
from analytics.report.model import EffectRow, Report, Series
from analytics.report.sentences import MEASURE_NAMES, is_empty, name_measure, write_rank, write_volume

VERDICT_WORDS = {
    "fell": "fell",
    "rose": "rose",
    "no_change_shown": "no change shown",
    "descriptive_only": "descriptive only",
    "not_comparable": "not comparable",
    "exploratory": "exploratory: no claim",
}


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One of the three numbers of page one: the number, what it counts, and what to hold it against."""

    value: str
    label: str
    note: str


def write_key_numbers(report: Report) -> tuple[KeyNumber, KeyNumber, KeyNumber]:
    """Net trust expression, the share on data practices and the voices of the week, each against the usual."""
    week = report.this_week
    trust, practices = week.net_trust, week.practices
    interval = ""
    if trust is not None and trust.low is not None and trust.high is not None:
        interval = f"{write_number(trust.low, signed=True)} to {write_number(trust.high, signed=True)}"
    elif trust is not None:
        interval = "too few authors for an interval"
    peak = _peak(report)
    return (
        KeyNumber(
            "–" if trust is None else write_number(trust.value, signed=True),
            "net trust expression this week",
            _join_notes(_usual(week.usual_net_trust, signed=True), interval),
        ),
        KeyNumber(
            "–" if practices is None else write_share(practices.value),
            "of authors on data or AI practices",
            _join_notes(_usual(week.usual_practices, signed=False), peak),
        ),
        KeyNumber(
            write_number(week.authors),
            f"{'author' if week.authors == 1 else 'authors'}, {write_count(week.posts, 'post')}, "
            f"{write_count(week.sources, 'source')}",
            write_volume(report) if not is_empty(report) else _coverage(report),
        ),
    )


def write_trend_alt(report: Report) -> str:
    """What the trend shows, for those who cannot see it."""
    own = report.trend[0] if report.trend else None
    if own is None or not any(point.value is not None for point in own.points):
        return f"Net trust expression by week: there is no week with a value for {report.name}."
    said = f"Net trust expression by week for {report.name}: {_range(own, signed=True)}."
    if report.this_week.net_trust is not None:
        said += f" The reported week stands at {write_number(report.this_week.net_trust.value, signed=True)}"
        usual = report.this_week.usual_net_trust
        said += f", usual {write_number(usual.value, signed=True)}." if usual else "."
    if report.event is not None and report.event.tested is not None:
        what = "was noticed" if report.event.noticed else "is dated"
        said += f" The event {what} on {write_day(report.event.tested)}."
    missing = sum(point.coverage == "none" for point in own.points)
    if missing:
        said += f" {write_count(missing, 'week')} not collected, left blank."
    if report.peers:
        said += f" In grey: {join_words([peer.name for peer in report.peers])}."
    return said


def write_attention_alt(report: Report) -> str:
    """What the attention chart shows."""
    own = report.attention[0] if report.attention else None
    if own is None or not any(point.value is not None for point in own.points):
        return f"Attention by week: there is no week with a value for {report.name}."
    return (
        f"Share of authors who speak of {report.attention_subject}, by week for {report.name}:"
        f" {_range(own, share=True)}."
    )


def write_windows_alt(row: EffectRow, report: Report) -> str:
    """Where this event lies among the earlier windows."""
    name = name_measure(row, report)
    if row.estimate is None:
        return f"Change in {name}: none can be given."
    said = f"Change in {name} at this event: {write_change(row.estimate, row.measure)}. {write_rank(row)}"
    if row.smallest_visible is not None:
        said += f" A change is shown from {write_change(row.smallest_visible, row.measure, signed=False)} on."
    return said


def write_themes_alt(report: Report) -> str:
    """Which themes are spoken of, most first."""
    if not report.themes:
        return "No theme is spoken of."
    shares = [
        f"{theme.label} {write_share(theme.now)}"
        + ("" if theme.usual is None else f" (usual {write_share(theme.usual)})")
        for theme in report.themes
    ]
    return f"Share of authors by theme in the last four weeks: {', '.join(shares)}."


def title_windows(row: EffectRow, report: Report) -> str:
    """What the dots count."""
    if row.measure == "attention":
        return f"Change in {name_measure(row, report)}, points"
    unit = "stars" if row.measure == "rating" else "points"
    return f"Change in {MEASURE_NAMES.get(row.measure, row.measure)} (mean of scores), {unit}"


def note_windows(report: Report) -> str:
    """How the dots are to be read."""
    row = report.primary
    if row is None:
        return ""
    said = f"A dot: the same comparison at an earlier date ({row.placebos}; {row.independent_windows} do not overlap)."
    return said if row.smallest_visible is None else said + " Grey: too small to tell from chance."


def note_themes(report: Report) -> str:
    """How the bars are to be read."""
    said = "Share of authors. Dark: last four weeks; tick: usual"
    if any(theme.event is not None for theme in report.themes) and report.event is not None and report.event.tested:
        said += f"; pale: four weeks from {write_day(report.event.tested, year=False)}"
    return said + "."


def _usual(figure: Figure | None, *, signed: bool) -> str:
    if figure is None:
        return "no usual yet"
    return f"usual {write_number(figure.value, signed=True) if signed else write_share(figure.value)}"


def _join_notes(*notes: str) -> str:
    return f"{NO_BREAK}· ".join(note for note in notes if note)


def _coverage(report: Report) -> str:
    return "collected in full: silence" if report.this_week.coverage == "complete" else "not collected in full"


def _peak(report: Report) -> str:
    """The most in a week since the event."""
    if report.event is None or report.event.tested is None:
        return ""
    since = report.event.tested - timedelta(days=6)
    weeks = [
        figure
        for figure in report.figures
        if figure.measure == "attention"
        and figure.brand == report.brand
        and figure.scope == "practices"
        and figure.week is not None
        and figure.week >= since
        and (figure.n or 0) >= 10
    ]
    if len(weeks) < 2:
        return ""
    most = max(weeks, key=lambda figure: figure.value)
    if most.week is None or most.week == report.week:
        return "the most since the event"
    return f"most: {write_share(most.value)}, week of {write_day(most.week, year=False)}"


def _range(series: Series, *, signed: bool = False, share: bool = False) -> str:
    spoken = [(point.value, point.week) for point in series.points if point.value is not None]
    low, high = min(spoken), max(spoken)
    write = write_share if share else (lambda value: write_number(value, signed=signed))
    return (
        f"{write_count(len(spoken), 'week')} from {write(low[0])} (week of {write_day(low[1])}) to "
        f"{write(high[0])} (week of {write_day(high[1])})"
    )


def write_left_out(report: Report) -> list[str]:
    """What does not count, or not as usual, over the time shown."""
    left = report.left_out
    said = [f"{write_count(left.posts, 'post')} stored over the time shown."]
    if left.unscored:
        said.append(f"{write_count(left.unscored, 'post')} could not be scored and do not count.")
    said.append(
        f"{write_count(left.truncated, 'post')} over 20,000 characters, read on the first 20,000."
        if left.truncated
        else "No post was over 20,000 characters."
    )
    if left.without_author:
        said.append(f"{write_count(left.without_author, 'post')} without a known author: each counts as one voice.")
    said.append(f"{write_count(left.copies, 'post')} repeat the text of another word for word; they count.")
    if left.official:
        said.append(f"{write_count(left.official, 'post')} by the brand itself; they count, and are not quoted.")
    said.append(
        f"{write_count(left.quarantined, 'row')} could not be read and are set aside with the reason (table"
        " quarantine)."
        if left.quarantined
        else "No row was set aside as unreadable."
    )
    return said


def write_role(row: EffectRow) -> str:
    """The role of a measure in the table of effects."""
    return {"primary": "declared first", "second": "declared second"}.get(row.role, "exploratory")


def name_row(row: EffectRow, report: Report) -> str:
    """The measure as the table of effects names it."""
    name = name_measure(row, report)
    return upper_first(name)


def count_weeks(row: EffectRow) -> str:
    """The compared weeks."""
    return f"{row.after_bins} weeks after, {row.before_bins} before"


def title_event_posts(report: Report) -> str:
    """Which posts stand as evidence for the event."""
    if report.event is None or report.event.tested is None:
        return ""
    return f"Loudest posts on {report.attention_subject}, 28 days from {write_day(report.event.tested)}"
