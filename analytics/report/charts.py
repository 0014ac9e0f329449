"""The pictures of a report, as SVG with a text alternative that states the finding.

Blue and vermilion stay apart for the colour-blind, and nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.report.drawing import Canvas, Chart
from analytics.report.fonts import fit_to_chart, text_width
from analytics.report.formatting import MINUS, write_day, write_share
from analytics.report.model import EffectRow, Event, Point, Report, Series, ThemeShare
from analytics.report.placing import Placed, fit_dots, hatch, nice_ticks, place_labels, spread

INK, SOFT, FAINT, PEER = "#1f2933", "#5f6b76", "#dde2e6", "#a3adb6"
BRAND, BRAND_PALE, EVENT = "#1b5ea6", "#cfdded", "#c2410c"
BEFORE, AFTER, MISSING, HATCH, EXPECTED = "#eaf0f7", "#fcebe2", "#f4f4f1", "#c9cecb", "#f1f3f5"
SMALL, LABEL, LANE = 7.0, 7.6, 9.0
WIDTH, MARGIN_LEFT, MARGIN_RIGHT = 482.0, 24.0, 72.0
PLOT = WIDTH - MARGIN_LEFT - MARGIN_RIGHT
HALF_WIDTH = 228.0

Height = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class TimeFrame:
    """The weeks along a chart of full width; charts of one page share it, so that dates stand under each other."""

    first: date
    last: date  # the day after the last week

    def at(self, day: date) -> float:
        """Where a day stands, in points from the plot's left edge."""
        return PLOT * (day - self.first).days / max(1, (self.last - self.first).days)

    def middle(self, week: date) -> float:
        """Where a week's point stands."""
        return self.at(week) + self.at(self.first + timedelta(days=7)) / 2


def frame_of(report: Report) -> TimeFrame:
    """From the first week with a calendar entry to the end of the reported one."""
    weeks = [point.week for series in report.trend[:1] for point in series.points]
    return TimeFrame(min(weeks, default=report.week), report.week + timedelta(days=7))


def draw_weeks(
    series: tuple[Series, ...],
    frame: TimeFrame,
    events: tuple[Event, ...],
    window: EffectRow | None,
    *,
    alt_text: str,
    height: float,
    bounds: tuple[float, float],
    labelled: bool = True,
) -> Chart:
    """Lines by week: the brand with its interval, peers in grey, dates of events, compared weeks shaded, gaps hatched.

    `bounds` are the ends of the scale, past which nothing is drawn. `labelled` puts the words to the dates; a second
    chart under the first repeats their lines only.
    """
    canvas = Canvas()
    marks = _mark_dates(frame, events)
    lanes = 1 + max((mark.placed.lane for mark in marks), default=-1) if labelled else 0
    top = lanes * LANE + 4.0
    bottom = top + height
    ticks = _round_ends(series, bounds, about=7 if height > 90 else 4)

    def y_at(value: float) -> float:
        return top + height * (ticks[-1] - min(max(value, ticks[0]), ticks[-1])) / (ticks[-1] - ticks[0])

    _shade(canvas, frame, window, top, bottom)
    _draw_axes(canvas, frame, ticks, y_at, bottom)
    _hatch_gaps(canvas, series[:1], frame, top, bottom)
    for mark in marks:
        label_y = top - 4 - mark.placed.lane * LANE
        color, weight = (EVENT, 600) if mark.main else (SOFT, 400)
        canvas.rules([(mark.placed.x, label_y - 6 if labelled else top, mark.placed.x, bottom)], color, 0.8, (2.5, 2))
        if labelled:
            canvas.text(mark.placed.label_x, label_y, mark.words, color, SMALL, mark.placed.align, weight)
    for one in reversed(series):  # the brand last, over its peers
        _draw_series(canvas, one, frame, y_at, own=one is series[0])
    _name_ends(canvas, series, y_at, top, bottom)
    return canvas.draw(PLOT, bottom + 14, alt_text, MARGIN_LEFT, MARGIN_RIGHT)


def draw_windows(row: EffectRow, *, alt_text: str, change: str, height: float) -> Chart:
    """How unusual is it: one dot for each earlier window and one for this event, along the size of the change.

    `change` is the event's own, as it is written everywhere else. In the grey between the dotted lines a change could
    not be told from chance.
    """
    canvas = Canvas()
    seen = [*row.placebo_estimates, 0.0, *([] if row.estimate is None else [row.estimate])]
    reach = max(abs(value) for value in seen) or 1.0
    low, high = min(*seen, -0.35 * reach) - 0.08 * reach, max(*seen, 0.35 * reach) + 0.08 * reach

    def x_at(value: float) -> float:
        return HALF_WIDTH * (value - low) / (high - low)

    if row.smallest_visible is not None:
        left, right = x_at(max(low, -row.smallest_visible)), x_at(min(high, row.smallest_visible))
        canvas.rectangle(left, 4, right, height, EXPECTED)
        canvas.rules([(x, 4, x, height) for x in (left, right) if 0 < x < HALF_WIDTH], SOFT, 0.6, (1, 2))
    canvas.rules([(0, height, HALF_WIDTH, height)], SOFT, 0.7)
    for tick in nice_ticks(low, high, 5):
        canvas.rules([(x_at(tick), height, x_at(tick), height + 3)], SOFT, 0.6)
        canvas.text(x_at(tick), height + 8.5, _write_tick(tick, "+"), SOFT, SMALL)

    size, dots = fit_dots([x_at(value) for value in row.placebo_estimates], height - 16)
    canvas.circles([(x, height - 2 - up) for x, up in dots], size - 0.6, PEER, PEER)
    if row.estimate is not None:
        x = x_at(row.estimate)
        y = height - 5.2 - max((up + size / 2 for at, up in dots if abs(at - x) < size), default=0.0)
        label = f"this event {change}"
        width = text_width(label, LABEL) * 1.06  # set in semibold, which is a little wider
        canvas.circles([(x, y)], 6.4, EVENT, EVENT)
        if y > 14:
            x, y, align = min(max(x, width / 2), HALF_WIDTH - width / 2), y - 9, "center"
        else:  # on a high pile: beside the dot
            x, align = (x + 6, "left") if x + 6 + width < HALF_WIDTH else (x - 6, "right")
        canvas.text(x, y, label, EVENT, LABEL, align, 600)
    return canvas.draw(HALF_WIDTH, height + 13, alt_text, 8, 8)


def draw_themes(themes: tuple[ThemeShare, ...], *, alt_text: str, row_height: float) -> Chart:
    """Bars by theme: dark for the last four weeks, pale for four weeks of the event, a tick for the usual."""
    canvas = Canvas()
    left = min(100.0, max((text_width(theme.label, LABEL) for theme in themes), default=0.0) + 7)
    most = max((value for theme in themes for value in (theme.now, theme.event, theme.usual) if value), default=1.0)
    scale = (HALF_WIDTH - left - 30) / most
    for at, theme in enumerate(themes):
        y = (at + 0.5) * row_height
        now, usual, event = (left + (value or 0.0) * scale for value in (theme.now, theme.usual, theme.event))
        canvas.text(left - 6, y, _fit(theme.label, LABEL, left - 6), INK, LABEL, "right")
        canvas.text(max(now, usual, event) + 5, y, write_share(theme.now), INK, LABEL, "left")
        canvas.rectangle(left, y - 5.2, event, y + 5.2, BRAND_PALE)
        canvas.rectangle(left, y - 2.4, now, y + 2.4, BRAND)
        if theme.usual is not None:
            canvas.rules([(usual, y - 6.5, usual, y + 6.5)], INK, 1.5)
    height = max(1, len(themes)) * row_height
    canvas.rules([(left, 0, left, height)], SOFT, 0.6)
    return canvas.draw(HALF_WIDTH, height + 2, alt_text, 0, 0)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A date of an event on the time axis; `main` is the day of notice that page one is about."""

    words: str
    main: bool
    placed: Placed


def _mark_dates(frame: TimeFrame, events: tuple[Event, ...]) -> list[_Mark]:
    """All dates of the first event; of others the notice only, under a short title."""
    dated: list[tuple[date, str, bool]] = []
    for at, event in enumerate(events):
        for day, words in event.dates:
            if frame.first <= day < frame.last and (at == 0 or day == event.tested):
                named = words if at == 0 else f"{_shorten(event.title)} {words}"
                dated.append(
                    (day, f"{write_day(day, year=False, short=True)} {named}", at == 0 and day == event.tested)
                )
    dated.sort()
    placed = place_labels([frame.at(day) for day, _, _ in dated], [words for _, words, _ in dated], SMALL, 0.0)
    return [_Mark(words, main, place) for place, (_, words, main) in zip(placed, dated, strict=True)]


def _shorten(title: str) -> str:
    return title if len(title) <= 28 else title[:26].rsplit(" ", 1)[0] + "…"


def _fit(label: str, size: float, width: float) -> str:
    """The label, cut where it is wider than the room for it."""
    while text_width(label, size) > width and len(label) > 2:
        label = label.rstrip("…")[:-1].rstrip() + "…"
    return label


def _shade(canvas: Canvas, frame: TimeFrame, window: EffectRow | None, top: float, bottom: float) -> None:
    """The weeks compared, before and after."""
    if window is None:
        return
    halves = ((window.before_starts, window.event_date, BEFORE), (window.event_date, window.after_ends, AFTER))
    for first, until, color in halves:
        left, right = frame.at(max(first, frame.first)), frame.at(min(until, frame.last))
        if right > left:
            canvas.rectangle(left, top, right, bottom, color)


def _hatch_gaps(canvas: Canvas, own: tuple[Series, ...], frame: TimeFrame, top: float, bottom: float) -> None:
    """Weeks of which nothing was collected: hatched and named, never drawn as a value."""
    words = "not collected"
    half = text_width(words, SMALL) / 2
    for first, last in find_gaps(own):
        left, right = frame.at(first), frame.at(last + timedelta(days=7))
        x, room = (left + right) / 2, (top, top)  # the room that the label takes out of the hatching
        canvas.rectangle(left, top, right, bottom, MISSING)
        if right - left > 2 * half + 6:
            room = (top, top + 14)
            canvas.text(x, top + 8, words, SOFT, SMALL)
        elif right - left >= 8 and bottom - top > 2 * half + 12:
            room = (top + 5, top + 11 + 2 * half)
            canvas.text(x, top + 8 + half, words, SOFT, SMALL, angle=-90)
        canvas.rules(hatch(left, right, top, room[0]), HATCH, 0.5)
        canvas.rules(hatch(left, right, room[1], bottom), HATCH, 0.5)


def find_gaps(own: tuple[Series, ...]) -> list[tuple[date, date]]:
    """First and last week of each stretch of which nothing was collected."""
    runs: list[tuple[date, date]] = []
    for week in (p.week for series in own for p in series.points if p.coverage == "none" and p.value is None):
        if runs and week - runs[-1][1] == timedelta(days=7):
            runs[-1] = (runs[-1][0], week)
        else:
            runs.append((week, week))
    return runs


def _round_ends(series: tuple[Series, ...], bounds: tuple[float, float], about: int) -> list[float]:
    """Ticks from a round number below all that is drawn to one above it; zero is always among them."""
    own = [end for one in series[:1] for p in one.points if p.value is not None for end in (p.value, p.low, p.high)]
    peers = [p.value for one in series[1:] for p in one.points]
    drawn = [value for value in (*own, *peers, 0.0) if value is not None]
    low, high = max(min(drawn), bounds[0]), min(max(drawn), bounds[1])
    if high - low < 1:
        high = low + 10.0
    ticks = nice_ticks(low, high, about)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else high - low
    return [step * at for at in range(int(low // step), int(-(-high // step)) + 1)]


def _write_tick(value: float, plus: str = "") -> str:
    if not value:
        return "0"
    return (MINUS if value < 0 else plus) + f"{abs(value):g}"


def _draw_axes(canvas: Canvas, frame: TimeFrame, ticks: list[float], y_at: Height, bottom: float) -> None:
    for tick in ticks:
        color, width = (FAINT, 0.5) if tick else (SOFT, 0.7)
        canvas.rules([(0.0, y_at(tick), PLOT, y_at(tick))], color, width)
        canvas.text(-5, y_at(tick), _write_tick(tick), SOFT, SMALL, "right")
    years = range(frame.first.year, frame.last.year + 1)
    months = [date(year, month, 1) for year in years for month in range(1, 13)]
    months = [month for month in months if frame.first <= month < frame.last]
    every = next((step for step in (1, 2, 3, 6) if len(months) / step <= 10), 12)
    canvas.rules([(0, bottom, PLOT, bottom)], FAINT, 0.5)
    for day in months:
        x = frame.at(day)
        if (day.month - 1) % every == 0 and 12 < x < PLOT - 12:
            canvas.rules([(x, bottom, x, bottom + 3)], SOFT, 0.6)
            canvas.text(x, bottom + 9, f"{day:%b %Y}", SOFT, SMALL)


def _draw_series(canvas: Canvas, series: Series, frame: TimeFrame, y_at: Height, *, own: bool) -> None:
    """A line for each run of weeks with a value. The brand's own: with its interval, and dots that say what a line
    cannot: hollow for a week that is thin or was not collected in full, filled for the last one or a lone one."""
    for run in _runs(series.points):
        spots = [(frame.middle(p.week), y_at(p.value)) for p in run if p.value is not None]
        canvas.line(spots, *((BRAND, 1.7) if own else (PEER, 0.8)))
        if not own:
            continue
        limits = [
            (frame.middle(p.week), y_at(p.high), y_at(p.low)) for p in run if p.low is not None and p.high is not None
        ]
        if len(limits) == len(run):
            canvas.band(limits, BRAND)
        for p, spot in zip(run, spots, strict=True):
            if p.thin or p.coverage != "complete":
                canvas.circles([spot], 2.7, "#ffffff", BRAND, 0.8)
            elif len(run) == 1 or p is series.points[-1]:
                canvas.circles([spot], 3.8, BRAND, BRAND)


def _runs(points: tuple[Point, ...]) -> list[list[Point]]:
    """Weeks with a value, cut where one has none or where its interval begins or ends."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if runs[-1] and (point.value is None or (point.low is None) != (runs[-1][-1].low is None)):
            link = [runs[-1][-1]] if point.value is not None else []
            runs.append(link)
        if point.value is not None:
            runs[-1].append(point)
    return [run for run in runs if run]


def _name_ends(canvas: Canvas, series: tuple[Series, ...], y_at: Height, top: float, bottom: float) -> None:
    """Names at the ends of the lines, pushed apart where they would touch."""
    spoken = [one for one in series if any(p.value is not None for p in one.points)]
    meant = [y_at(next(p.value for p in reversed(one.points) if p.value is not None)) for one in spoken]
    for one, end, y in zip(spoken, meant, spread(meant, 8.6, top + 3, bottom - 3), strict=True):
        color, weight = (BRAND, 600) if one is series[0] else (SOFT, 400)
        if abs(end - y) > 2.5:
            canvas.rules([(PLOT + 1, end, PLOT + 7, y)], FAINT, 0.6)
        name = one.name if "?" not in fit_to_chart(one.name)[0] else one.brand  # a script that a picture cannot hold
        canvas.text(PLOT + 9, y, _fit(name, LABEL, MARGIN_RIGHT - 12), color, LABEL, "left", weight)
