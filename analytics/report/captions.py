"""Words beside the pictures: the three numbers, titles and notes of charts, and what a picture shows, in words."""

from __future__ import annotations

from collections.abc import Sequence
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
    write_small,
)
from analytics.report.model import EffectRow, LoudPost, Point, Report, Series, SourceWeek, ThemeShare, Volume
from analytics.report.phrases import MEASURE_NAMES, is_empty, name_measure, write_rank, write_volume

VERDICT_WORDS = {
    "fell": "fell",
    "rose": "rose",
    "no_change_shown": "no change shown",
    "descriptive_only": "descriptive only",
    "not_comparable": "not comparable",
    "exploratory": "no claim",
}
STRIPS = 6  # of volume, one a source


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
        ends = (write_number(end, signed=True) for end in (trust.low, trust.high))
        interval = f"95{NO_BREAK}% interval {' to '.join(ends)}"
    elif trust is not None:
        interval = "too few authors for an interval"
    peak = _peak(report)
    return (
        KeyNumber(
            "–" if trust is None else write_number(trust.value, signed=True),
            "net trust expression this week",
            _join_notes(_usual(week.usual_net_trust, signed=True) + _usual_weeks(report), interval),
        ),
        KeyNumber(
            "–" if practices is None else write_share(practices.value),
            "of authors on data or AI practices",
            _join_notes(_usual(week.usual_practices, signed=False), _interval_of_share(practices), peak),
        ),
        KeyNumber(
            write_number(week.authors),
            f"{'author' if week.authors == 1 else 'authors'}, {write_count(week.posts, 'post')}, "
            f"{write_count(week.sources, 'source')}",
            write_volume(report) if not is_empty(report) else _coverage(report),
        ),
    )


def note_trend(report: Report) -> str:
    """How the trend is to be read; weeks are shaded only where some are compared."""
    shaded = " Shaded: weeks compared." if report.primary is not None else ""
    return f"−100 to 100. Band: 95 % interval of sampling.{shaded} Hollow: under 50 authors, or partly collected."


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


def write_point(point: Point, name: str, *, share: bool) -> str:
    """A brand's week: its value with its interval and the authors behind it, or why there is none."""
    if point.value is None:
        return f"{name}: not collected" if point.coverage == "none" else f"{name}: nobody posted"
    write = write_share if share else (lambda value: write_number(value, signed=True))
    said = f"{name}: {write(point.value)}"
    if point.low is not None and point.high is not None:
        said += f" (95{NO_BREAK}% interval {write_point_interval(point, share=share)})"
    said += f", {write_count(point.authors, 'author')}"
    return said if point.coverage == "complete" else f"{said}, not collected in full"


def write_point_interval(point: Point, *, share: bool) -> str:
    """The ends of a week's interval; a dash where there is none."""
    if point.low is None or point.high is None:
        return "–"
    write = write_share if share else (lambda value: write_number(value, signed=True))
    return f"{write(point.low)} to {write(point.high)}"


def write_source_week(week: SourceWeek, source: str) -> str:
    """A source's posts of a week, and whether it was collected in full."""
    if week.posts is None:
        return f"{source}: not collected"
    said = f"{source}: {write_count(week.posts, 'post')} by {write_count(week.authors, 'author')}"
    return said if week.coverage == "complete" else f"{said}, not collected in full"


def write_volume_alt(volume: Volume) -> str:
    """What the chart of a source's volume shows."""
    weeks = [(week.posts, week.week) for week in volume.weeks if week.posts is not None]
    if not weeks:
        return f"Posts by week from {volume.source}: nothing was collected."
    (low, quiet), (high, loud) = min(weeks), max(weeks)
    said = (
        f"Posts by week from {volume.source}: {write_count(len(weeks), 'week')} from {write_number(low)}"
        f" (week of {write_day(quiet)}) to {write_number(high)} (week of {write_day(loud)})."
    )
    missing = len(volume.weeks) - len(weeks)
    return f"{said} {write_count(missing, 'week')} not collected, left blank." if missing else said


def choose_sources(volumes: Sequence[Volume]) -> tuple[Volume, ...]:
    """The sources whose strips fit on paper: those with most posts, in their order."""
    most = sorted(volumes, key=lambda volume: -sum(week.posts or 0 for week in volume.weeks))[:STRIPS]
    return tuple(volume for volume in volumes if volume in most)


def write_volumes_alt(report: Report) -> str:
    """What the strips of volume show, source by source."""
    return " ".join(write_volume_alt(volume) for volume in choose_sources(report.volume))


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
    headings = head_themes(report)
    shares = "; ".join(write_theme(theme, headings) for theme in report.themes)
    return f"Share of authors by theme, {headings[0]}: {shares}."


def write_theme(theme: ThemeShare, headings: tuple[str, str]) -> str:
    """A theme's share, with that of the last four weeks where that is another one, and the usual."""
    beside = [f"{headings[1]} {write_share(theme.now)}"] if headings[1] else []
    beside += [f"usual {write_share(theme.usual)}"] if theme.usual is not None else []
    return f"{theme.label} {write_share(theme.bar)}" + (f" ({', '.join(beside)})" if beside else "")


def head_themes(report: Report) -> tuple[str, str]:
    """What the two columns of themes count; the second is empty without an event or while its four weeks still run."""
    first = report.event.first_week if report.event else None
    if first is None or all(theme.event is None for theme in report.themes):
        return "last four weeks", ""
    until = first + timedelta(weeks=8)  # from then on the last four weeks hold none of the event's
    return f"from {write_day(first, year=False, short=True)}", "last 4 weeks" if report.week >= until else ""


def title_windows(row: EffectRow, report: Report) -> str:
    """What the dots count, and how many there are."""
    windows = f"{write_count(row.placebos, 'earlier window')}, {row.independent_windows} apart"
    if row.measure == "attention":
        return f"Change in {name_measure(row, report)}, points ({windows})"
    unit = "stars" if row.measure == "rating" else "points"
    mean = " (mean of scores)" if row.measure == "net_trust" else ""
    return f"Change in {MEASURE_NAMES.get(row.measure, row.measure)}{mean}, {unit} ({windows})"


def note_themes(report: Report) -> str:
    """How the bars are to be read, and what they stand on."""
    ring = head_themes(report)[1]
    first = report.event.first_week if report.event else None
    counts = {figure.figure_id.rsplit("/", 1)[1]: figure.n for figure in report.figures if _is_theme(figure)}
    bar = "last four weeks" if first is None or "event" not in counts else f"weeks from {write_day(first, year=False)}"
    said = [f"Bar: {'four ' if ring else ''}{bar}{_standing_on(counts.get('event', counts.get('now')))}"]
    said += [f"ring: last four{_standing_on(counts.get('now'))}"] if ring else []
    said += [f"tick: usual{_standing_on(counts['usual'])}"] if "usual" in counts else []
    return f"Share of author-weeks. {'; '.join(said)}."


def _is_theme(figure: Figure) -> bool:
    return figure.figure_id.startswith("themes/")


def _standing_on(count: int | None) -> str:
    return "" if count is None else f" (n{NO_BREAK}{write_number(count)})"


def _usual(figure: Figure | None, *, signed: bool) -> str:
    if figure is None:
        return "no usual yet"
    return f"usual {write_number(figure.value, signed=True) if signed else write_share(figure.value)}"


def _usual_weeks(report: Report) -> str:
    """Which weeks the usual is the median of; said once a page."""
    usual = report.this_week.usual_net_trust
    if usual is None or usual.n is None:
        return ""
    return f" (median of {write_count(usual.n, 'week')} before{' the event' if report.event else ''})"


def _interval_of_share(figure: Figure | None) -> str:
    if figure is None or figure.low is None or figure.high is None:
        return ""
    low, high = (write_number(end, 0 if end >= 9.95 or end == 0 else 1) for end in (figure.low, figure.high))
    return f"95{NO_BREAK}% interval {low} to {high}"


def _join_notes(*notes: str) -> str:
    return f"{NO_BREAK}· ".join(note for note in notes if note)


def _coverage(report: Report) -> str:
    told = {"complete": "collected in full: silence", "none": "nothing was collected"}
    return told.get(report.this_week.coverage, "not collected in full")


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
    return f"most:{NO_BREAK}{write_share(most.value)}, week of {write_day(most.week, year=False)}"


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
    if left.other_language:
        they = "is not scored and does" if left.other_language == 1 else "are not scored and do"
        said.append(f"{write_count(left.other_language, 'post')} in another language {they} not count.")
    if left.unscored:
        verb = "does" if left.unscored == 1 else "do"
        said.append(f"{write_count(left.unscored, 'post')} could not be scored and {verb} not count.")
    said.append(
        f"{write_count(left.truncated, 'post')} over 20,000 characters, read on the first 20,000."
        if left.truncated
        else "No post was over 20,000 characters."
    )
    if left.without_author:
        said.append(f"{write_count(left.without_author, 'post')} without a known author: each counts as one voice.")
    said.append(
        f"{write_count(left.copies, 'post repeats', 'posts repeat')} the text of another one of the same week, word for"
        f" word or nearly; {'it counts' if left.copies == 1 else 'they count'}."
        if left.copies
        else "No post repeats the text of another one of its week."
    )
    if copies := report.copies:
        said.append(
            f"In the week shown {write_count(int(copies.copies), 'post repeats', 'posts repeat')} the text of another;"
            f" with each text as one voice, expressed net trust over all posts would be"
            f" {write_number(copies.net_trust_without_copies, signed=True)} instead of"
            f" {write_number(copies.net_trust, signed=True)}, and {write_share(copies.practices_share_without_copies)}"
            f" instead of {write_share(copies.practices_share)} of the authors would speak of data and AI practices."
        )
    if left.official:
        they = "it counts, and is" if left.official == 1 else "they count, and are"
        said.append(
            f"{write_count(left.official, 'post')} by the brand itself or those who speak for it; {they} not quoted."
        )
    if left.erased:
        verb = "has" if left.erased == 1 else "have"
        said.append(
            f"{write_count(left.erased, 'post')} {verb} been erased since collected, at its author’s or platform’s"
            " wish: weeks keep the numbers that they were first counted with; sources, volume and effects are counted"
            " without."
        )
    said.append(
        f"{write_count(left.quarantined, 'row')} could not be read and {'is' if left.quarantined == 1 else 'are'} set"
        " aside with the reason (table quarantine)."
        if left.quarantined
        else "No row was set aside as unreadable."
    )
    return said


def write_role(row: EffectRow) -> str:
    """The role of a measure in the table of effects, and the compared weeks."""
    role = {"primary": "Judged first", "second": "Judged second"}.get(row.role, "Not judged")
    return f"{role}; {write_small(row.after_bins, 'week')} after, {write_small(row.before_bins)} before."


def name_row(row: EffectRow, report: Report) -> str:
    """The measure as the table of effects names it."""
    name = name_measure(row, report)
    return upper_first(name)


def title_posts(report: Report) -> str:
    """How the quoted posts were chosen: by reach, and where none is known by the strength of their words."""
    if any(post.reach for post in report.posts if post.period in ("event", "week")):
        return "Loudest posts"
    return "Most strongly worded posts (no reach is known)"


def write_cap(behind: Sequence[LoudPost], report: Report) -> str:
    """How many posts can be read behind the weeks, of how many, and how they were chosen."""
    if not behind:
        return "No post of the time shown can be read here."
    counted = sum(week.posts or 0 for volume in report.volume for week in volume.weeks)
    by = "with the widest reach" if any(post.reach for post in behind) else "most strongly worded (no reach is known)"
    return (
        f"{write_count(len(behind), 'post')} of {write_number(counted)} can be read here: of each week the eight {by},"
        " and beyond those the first four on data or AI practices, each text once. Posts by the brand itself are left"
        " out; who wrote a post is not told, and the link leads to the original."
    )


def write_withdrawn(report: Report) -> str:
    """How many posts were quoted here that are not there any more; empty where all are."""
    if not report.withdrawn:
        return ""
    verb = "has" if report.withdrawn == 1 else "have"
    return (
        f"{write_count(report.withdrawn, 'post')} quoted here before {verb} been deleted since and {verb} been taken"
        " out; every number is as it was published."
    )


def title_event_posts(report: Report) -> str:
    """Which posts stand as evidence for the event."""
    if report.event is None or report.event.tested is None:
        return ""
    days = min(28, (report.week + timedelta(weeks=1) - report.event.tested).days)
    return f"On {report.attention_subject}, {write_count(days, 'day')} from {write_day(report.event.tested)}"


def note_volumes(report: Report) -> str:
    """How the strips are to be read, and how many sources they leave out."""
    said = (
        "Each source on a scale of its own. Dot: far above the usual. Pale: not collected in full; hatched: not at all."
    )
    left = len(report.volume) - len(choose_sources(report.volume))
    return f"{said} The page for a browser shows {write_count(left, 'source')} more." if left else said
