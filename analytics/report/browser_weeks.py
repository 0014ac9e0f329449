"""The charts by week of the page for a browser, as Vega-Lite: drawn there, to fit its width and to answer the pointer.

What a chart says is worked out here, in the words of the other views; the browser only places it. Rows hold the middle
of a week as `at` (milliseconds since 1970, UTC), and a line is cut into stretches between gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from analytics.report.browser_layers import AT, PLAIN, SMALL, VALUE, Layer, Row, layered, rows_of
from analytics.report.chart_dates import ChartDate, group_dates
from analytics.report.fonts import cut_to_width
from analytics.report.model import EffectRow, Point, Report, Series, Volume
from analytics.report.palette import AFTER, BEFORE, BRAND, EVENT, FAINT, INK, MISSING, PEER_LINE, SOFT
from analytics.report.placing import nice_ticks, spread
from analytics.report.timeline import find_gaps, round_ends, runs_of

WEEK = timedelta(days=7)
LINE = 15.0  # pixels between names at the ends of lines
NAME_WIDTH = 92.0


@dataclass(frozen=True, slots=True)
class Span:
    """The weeks along a chart: all charts by week share it, so that weeks stand under each other."""

    first: date
    last: date  # the day after the last week

    @property
    def domain(self) -> list[int]:
        """Its ends for a scale."""
        return [at(self.first), at(self.last)]


def at(day: date) -> int:
    """Where a day begins, in milliseconds since 1970, UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)


def middle(week: date) -> int:
    """Where a week's point stands."""
    return (at(week) + at(week + WEEK)) // 2


def span_of(report: Report) -> Span:
    """From the first week with a calendar entry to the end of the reported one."""
    weeks = [point.week for series in report.trend[:1] for point in series.points]
    return Span(min(weeks, default=report.week), report.week + WEEK)


def draw_lines(
    series: tuple[Series, ...],
    span: Span,
    dates: Sequence[ChartDate],
    window: EffectRow | None,
    *,
    height: int,
    bounds: tuple[float, float],
    labelled: bool = True,
) -> Row:
    """Lines by week: the brand with its interval, peers in grey, dates of events, compared weeks shaded, gaps named.

    `labelled` puts numbers to the dates; a second chart under the first repeats their lines only.
    """
    import altair as alt

    ticks = round_ends(series, bounds, about=7 if height > 150 else 4)
    ends = (ticks[0], ticks[-1])
    own = series[0].points if series else ()
    layers = [
        _frame(span, ticks),
        *_shade(span, window),
        *_mark_gaps(find_gaps(series[:1]), span, named=height >= 100),
        rows_of([{"value": 0}]).mark_rule(color=SOFT, strokeWidth=0.8).encode(y=VALUE),
        rows_of([row for one in series[1:] for row in _line_rows(one)])
        .mark_line(color=PEER_LINE, strokeWidth=1.1)
        .encode(x=AT, y=VALUE, detail="stretch:N"),
        rows_of([row for one in series[:1] for row in _line_rows(one) if row["low"] is not None])
        .mark_area(color=BRAND, opacity=0.16)
        .encode(x=AT, y="low:Q", y2="high:Q", detail="stretch:N"),
        rows_of([row for one in series[:1] for row in _line_rows(one)])
        .mark_line(color=BRAND, strokeWidth=2.4)
        .encode(x=AT, y=VALUE, detail="stretch:N"),
        *_mark_dates(dates, span, labelled=labelled),
        rows_of(_dot_rows(own))
        .mark_circle(stroke=BRAND, strokeWidth=1.4, opacity=1)
        .encode(x=AT, y=VALUE, fill=alt.Fill("fill:N", scale=None), size=alt.Size("size:Q", scale=None)),
        _name_ends(series, ends, height, span),
        _hovered([point.week for point in own]),
    ]
    return _by_week(layers, height)


def draw_volume(volume: Volume, span: Span) -> Row:
    """A source's posts by week: a bar each, hollow where the week was not collected in full."""
    import altair as alt

    weeks = [week for week in volume.weeks if week.posts is not None]
    most = max((week.posts or 0 for week in weeks), default=0) or 1
    gaps = _stretches([week.week for week in volume.weeks if week.posts is None])
    bars = [
        {
            "at": at(week.week),
            "until": at(week.week + WEEK),
            "value": week.posts,
            "zero": 0,
            "fill": BRAND if week.coverage == "complete" else "#ffffff",
        }
        for week in weeks
    ]
    layers = [
        _frame(span, [0, most], nice_ticks(0, most, 3)),
        *_mark_gaps(gaps, span, named=False),
        rows_of(bars)
        .mark_rect(stroke=BRAND, strokeWidth=0.6)
        .encode(x=AT, x2="until:T", y=VALUE, y2="zero:Q", fill=alt.Fill("fill:N", scale=None)),
        rows_of([{"value": 0}]).mark_rule(color=SOFT, strokeWidth=0.8).encode(y=VALUE),
        _hovered([week.week for week in volume.weeks]),
    ]
    return _by_week(layers, 64)


def _dot_rows(own: Sequence[Point]) -> list[Row]:
    """What a line cannot say: hollow for a week that is thin or was not collected in full, filled for the last one."""
    doubtful = {point.week: point.thin or point.coverage != "complete" for point in own}
    return [
        {
            "at": middle(point.week),
            "value": point.value,
            "fill": "#ffffff" if doubtful[point.week] else BRAND,
            "size": 64 if point is own[-1] else 26,
        }
        for point in own
        if point.value is not None and (doubtful[point.week] or point is own[-1])
    ]


def _frame(span: Span, ends: Sequence[float], ticks: Sequence[float] | None = None) -> Layer:
    """Nothing to be seen but both axes: said once, for all layers."""
    import altair as alt

    x = alt.X(
        AT,
        title=None,
        scale=alt.Scale(type="utc", nice=False),  # its ends come from the corners: Vega's interpreter misreads a domain
        axis=alt.Axis(
            format="%b %Y",
            grid=False,
            tickCount=alt.ExprRef("max(2, floor(width / 110))"),
            labelOverlap="greedy",
            labelSeparation=8,
            labelFlush=False,
            domainColor=FAINT,
        ),
    )
    values = list(ticks if ticks is not None else ends)
    axis = alt.Axis(
        values=values,
        tickCount=len(values),  # else Vega leaves out every other one
        labelExpr=PLAIN,
        domain=False,
        ticks=False,
        gridColor=FAINT,
        minExtent=34,
        maxExtent=34,
    )
    y = alt.Y(VALUE, title=None, scale=alt.Scale(domain=[min(ends), max(ends)], nice=False), axis=axis)
    corners = [{"at": when, "value": end} for when, end in zip(span.domain, (min(ends), max(ends)), strict=True)]
    return rows_of(corners).mark_point(opacity=0).encode(x=x, y=y)


def _line_rows(series: Series) -> list[Row]:
    return [
        {
            "at": middle(point.week),
            "value": point.value,
            "low": point.low,
            "high": point.high,
            "stretch": f"{series.brand} {number}",
        }
        for number, run in enumerate(runs_of(series.points))
        for point in run
    ]


def _shade(span: Span, window: EffectRow | None) -> list[Layer]:
    """The weeks compared, before and after."""
    if window is None:
        return []
    halves = ((window.before_starts, window.event_date, BEFORE), (window.event_date, window.after_ends, AFTER))
    return [
        rows_of([{"at": at(max(first, span.first)), "until": at(min(until, span.last))}])
        .mark_rect(color=color)
        .encode(x=AT, x2="until:T")
        for first, until, color in halves
        if max(first, span.first) < min(until, span.last)
    ]


def _mark_gaps(gaps: Sequence[tuple[date, date]], span: Span, *, named: bool) -> list[Layer]:
    """Weeks of which nothing was collected: framed, named where there is room, never a value."""
    import altair as alt

    inside = [(first, last) for first, last in gaps if span.first <= first and last < span.last]
    if not inside:
        return []
    rows = [{"at": at(first), "until": at(last + WEEK)} for first, last in inside]
    frames = rows_of(rows).mark_rect(color=MISSING, stroke=SOFT, strokeWidth=0.6, strokeDash=[2, 2])
    names = [{"at": (row["at"] + row["until"]) // 2, "words": "not collected"} for row in rows if named]
    return [
        frames.encode(x=AT, x2="until:T"),
        rows_of(names)
        .mark_text(color=SOFT, fontSize=SMALL - 1, angle=270, align="right", dx=-4)
        .encode(x=AT, y=alt.value(0), text="words:N"),
    ]


def _stretches(weeks: Sequence[date]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for week in weeks:
        if runs and week - runs[-1][1] == WEEK:
            runs[-1] = (runs[-1][0], week)
        else:
            runs.append((week, week))
    return runs


def _mark_dates(dates: Sequence[ChartDate], span: Span, *, labelled: bool) -> list[Layer]:
    """A line for each date; those that stand together share the place of their numbers."""
    import altair as alt

    if not dates:
        return []
    top = 10 if labelled else 0
    lines = [{"at": at(one.day), "color": EVENT if one.is_main else SOFT} for one in dates]
    layers = [
        rows_of(lines)
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.2)
        .encode(x=AT, y=alt.value(-top), y2=alt.value("height"), color=alt.Color("color:N", scale=None))
    ]
    if not labelled:
        return layers
    groups = group_dates(dates, apart=(span.last - span.first).days / 40)
    for is_main, color, y in ((False, SOFT, -16), (True, EVENT, -30)):
        words = [
            {"at": at(group[0].day), "words": f"{numbers} · {main.label}" if main else numbers}
            for group, numbers, main in groups
            if (main is not None) is is_main
        ]
        if words:
            layers.append(
                rows_of(words)
                .mark_text(color=color, fontSize=SMALL, fontWeight=600, align="left", dx=-2)
                .encode(x=AT, y=alt.value(y), text="words:N")
            )
    return layers


def _name_ends(series: Sequence[Series], ends: tuple[float, float], height: int, span: Span) -> Layer:
    """Names at the ends of the lines, pushed apart where they would touch."""
    import altair as alt

    spoken = [one for one in series if any(point.value is not None for point in one.points)]
    values = [next(p.value for p in reversed(one.points) if p.value is not None) for one in spoken]
    scale = (ends[1] - ends[0]) / height
    apart = min(LINE, height / max(1, len(spoken) - 1))
    placed = spread([(ends[1] - value) / scale for value in values], apart, 2, height - 2)
    rows = [
        {
            "at": at(span.last),
            "value": ends[1] - y * scale,
            "words": cut_to_width(one.name, SMALL, NAME_WIDTH),
            "color": BRAND if one is series[0] else SOFT,
            "weight": 600 if one is series[0] else 400,
        }
        for one, y in zip(spoken, placed, strict=True)
    ]
    return (
        rows_of(rows)
        .mark_text(align="left", dx=10, fontSize=SMALL, fontWeight=alt.ExprRef("datum.weight"))
        .encode(x=AT, y=VALUE, text="words:N", color=alt.Color("color:N", scale=None))
    )


def _hovered(weeks: Sequence[date]) -> Layer:
    """A line at the week that is read, which the page names by the parameter `hovered`."""

    return (
        rows_of([{"at": middle(week)} for week in weeks])
        .mark_rule(color=INK, strokeWidth=1)
        .encode(x=AT)
        .transform_filter("datum.at === hovered")
    )


def _by_week(layers: Sequence[Layer], height: int) -> Row:
    import altair as alt

    chart = layered(layers, height)
    brush: Any = alt.selection_interval(
        name="weeks",
        encodings=["x"],
        mark=alt.BrushConfig(fill=INK, fillOpacity=0.08, stroke=INK, strokeWidth=1),
    )
    chart["layer"][0]["params"] = [dict(brush.param.to_dict())]
    return chart | {"params": [{"name": "hovered", "value": -1}]}
