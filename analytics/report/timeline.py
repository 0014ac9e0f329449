"""Weeks along the page: lines with their interval, the dates of events, compared weeks and gaps, as SVG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from analytics.report.drawing import Canvas, Chart
from analytics.report.fonts import cut_to_width, fit_to_chart, text_width
from analytics.report.formatting import write_day, write_tick
from analytics.report.model import EffectRow, Event, Point, Report, Series
from analytics.report.palette import (
    AFTER,
    BEFORE,
    BRAND,
    EVENT,
    FAINT,
    HATCH,
    LABEL,
    MISSING,
    PEER_LINE,
    SEMIBOLD,
    SMALL,
    SOFT,
)
from analytics.report.placing import Placed, hatch, nice_ticks, place_labels, spread

WIDTH, MARGIN_LEFT, MARGIN_RIGHT = 482.0, 24.0, 72.0
PLOT = WIDTH - MARGIN_LEFT - MARGIN_RIGHT
LANE = 9.5
TOGETHER = 16.0  # dates of one event that stand no further apart than this share a label
WIDEST = 180.0  # of a label: so wide a one has room on one side of its lines wherever they stand
STEP = 8.0  # between two dates of a label
NAMED = 6  # labels at most

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
    lanes = 1 + max((mark.label.lane for mark in marks if mark.label), default=-1) if labelled else 0
    top = lanes * LANE + 4.0
    bottom = top + height
    ticks = round_ends(series, bounds, about=7 if height > 90 else 6 if height > 60 else 4)

    def y_at(value: float) -> float:
        return top + height * (ticks[-1] - min(max(value, ticks[0]), ticks[-1])) / (ticks[-1] - ticks[0])

    _shade(canvas, frame, window, top, bottom)
    _draw_axes(canvas, frame, ticks, y_at, bottom)
    _hatch_gaps(canvas, series[:1], frame, top, bottom)
    for mark in marks:
        label_y = top - 5 - mark.label.lane * LANE if labelled and mark.label else top
        for x, day in zip(mark.xs, mark.days, strict=True):
            color = EVENT if day == mark.main else SOFT
            canvas.rules([(x, label_y - (4 if label_y < top else 0), x, bottom)], color, 0.8, (2.5, 2))
        if labelled and mark.label:
            _write_label(canvas, mark, mark.label.left, label_y)
    for one in reversed(series):  # the brand last, over its peers
        _draw_series(canvas, one, frame, y_at, own=one is series[0])
    _name_ends(canvas, series, y_at, top, bottom)
    return canvas.draw(PLOT, bottom + 14, alt_text, MARGIN_LEFT, MARGIN_RIGHT)


@dataclass(frozen=True, slots=True)
class _Mark:
    """Dates of an event under one label; `main` is the day on which page one looks for a reaction."""

    days: tuple[date, ...]
    words: tuple[str, ...]
    main: date | None
    xs: tuple[float, ...]
    label: Placed | None = None

    @property
    def width(self) -> float:
        return sum(self.widths) + STEP * (len(self.words) - 1)

    @property
    def widths(self) -> list[float]:
        pairs = zip(self.days, self.words, strict=True)
        return [text_width(words, SMALL) * (SEMIBOLD if day == self.main else 1.0) for day, words in pairs]


def _mark_dates(frame: TimeFrame, events: tuple[Event, ...]) -> list[_Mark]:
    """All dates of the first event, those that stand together under one label; of others the tested day and a title.

    The label of the main date is placed first, then the rest of its event, then the other events.
    """
    marks: list[_Mark] = []
    for at, event in enumerate(events):
        dates = [(day, f"{write_day(day, year=False, short=True)} {words}") for day, words in event.dates]
        if at > 0:
            dates = [(day, f"{write_day(day, year=False, short=True)} {_shorten(event.title)}") for day, _ in dates]
            dates = [(day, words) for day, words in dates if day == event.tested]
        dates = [(day, words) for day, words in dates if frame.first <= day < frame.last]
        group: list[tuple[date, str]] = []
        for day, words in dates:
            apart = bool(group) and frame.at(day) - frame.at(group[-1][0]) > TOGETHER
            if apart or (group and _gather([*group, (day, words)], frame, None).width > WIDEST):
                marks.append(_gather(group, frame, event.tested if at == 0 else None))
                group = []
            group.append((day, words))
        if group:
            marks.append(_gather(group, frame, event.tested if at == 0 else None))
    marks.sort(key=lambda mark: mark.main not in mark.days)
    named = marks[:NAMED]
    labels = place_labels([mark.xs for mark in named], [mark.width for mark in named], 0.0, PLOT + MARGIN_RIGHT)
    return [*(replace(mark, label=label) for mark, label in zip(named, labels, strict=True)), *marks[NAMED:]]


def _gather(group: list[tuple[date, str]], frame: TimeFrame, main: date | None) -> _Mark:
    days, words = zip(*group, strict=True)
    return _Mark(days, words, main, tuple(frame.at(day) for day in days))


def _write_label(canvas: Canvas, mark: _Mark, x: float, y: float) -> None:
    for at, (day, words, width) in enumerate(zip(mark.days, mark.words, mark.widths, strict=True)):
        if at > 0:
            canvas.text(x + STEP / 2, y, "·", SOFT, SMALL)
            x += STEP
        color, weight = (EVENT, 600) if day == mark.main else (SOFT, 400)
        canvas.text(x, y, words, color, SMALL, "left", weight)
        x += width


def _shorten(title: str) -> str:
    return title if len(title) <= 46 else title[:45].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


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


def round_ends(series: tuple[Series, ...], bounds: tuple[float, float], about: int) -> list[float]:
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


def _draw_axes(canvas: Canvas, frame: TimeFrame, ticks: list[float], y_at: Height, bottom: float) -> None:
    for tick in ticks:
        color, width = (FAINT, 0.5) if tick else (SOFT, 0.7)
        canvas.rules([(0.0, y_at(tick), PLOT, y_at(tick))], color, width)
        canvas.text(-5, y_at(tick), write_tick(tick), SOFT, SMALL, "right")
    draw_months(canvas, frame, bottom)


def draw_months(canvas: Canvas, frame: TimeFrame, bottom: float) -> None:
    """The line under a plot of weeks, with as many months named as there is room for."""
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
    for run in runs_of(series.points):
        spots = [(frame.middle(p.week), y_at(p.value)) for p in run if p.value is not None]
        canvas.line(spots, *((BRAND, 1.7) if own else (PEER_LINE, 0.7)))
        if not own:
            continue
        limits = [
            (frame.middle(p.week), y_at(p.high), y_at(p.low)) for p in run if p.low is not None and p.high is not None
        ]
        if len(limits) > 1:  # a run begins at the last week of the one before, which may have no interval
            canvas.band(limits, BRAND)
        for p, spot in zip(run, spots, strict=True):
            if p.thin or p.coverage != "complete":
                canvas.circles([spot], 2.7, "#ffffff", BRAND, 0.8)
            elif len(run) == 1 or p is series.points[-1]:
                canvas.circles([spot], 3.8, BRAND, BRAND)


def runs_of(points: tuple[Point, ...]) -> list[list[Point]]:
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
    apart = min(8.6, (bottom - top) / max(1, len(spoken) - 1))
    for one, end, y in zip(spoken, meant, spread(meant, apart, top + 2, bottom + 2), strict=True):
        color, weight = (BRAND, 600) if one is series[0] else (SOFT, 400)
        if abs(end - y) > 2.5:
            canvas.rules([(PLOT + 1, end, PLOT + 7, y)], FAINT, 0.6)
        name = one.name if "?" not in fit_to_chart(one.name)[0] else one.brand  # a script that a picture cannot hold
        canvas.text(PLOT + 9, y, cut_to_width(name, LABEL, MARGIN_RIGHT - 12), color, LABEL, "left", weight)
