"""The charts of the page for a browser, as Vega-Lite: drawn there, so that they fit its width and answer the pointer.

What a chart says is worked out here, in the words of the other views; the browser only places it. Rows hold the middle
of a week as `at` (milliseconds since 1970, UTC), and a line is cut into stretches between gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from analytics.report import captions
from analytics.report.chart_dates import ChartDate, group_dates
from analytics.report.charts import BAND_WORDS
from analytics.report.fonts import cut_to_width
from analytics.report.formatting import write_change, write_share
from analytics.report.model import EffectRow, Point, Report, Series, ThemeShare, Volume
from analytics.report.palette import (
    AFTER,
    BEFORE,
    BRAND,
    EVENT,
    EXPECTED,
    FAINT,
    INK,
    MISSING,
    PEER,
    PEER_LINE,
    SOFT,
)
from analytics.report.placing import nice_ticks, spread, stack
from analytics.report.timeline import find_gaps, round_ends, runs_of

Row = dict[str, Any]
Layer = Any  # a chart of altair, whose types are narrower than what it takes
FONT = "IBM Plex Sans, Segoe UI, system-ui, -apple-system, Roboto, Helvetica Neue, Arial, sans-serif"
WEEK = timedelta(days=7)
SMALL = 12  # pixels, of letters
LINE = 15.0  # pixels between names at the ends of lines
NAME_WIDTH = 92.0
COLUMN = 82  # of shares in figures
AT, VALUE = "at:T", "value:Q"
BINS, HIGHEST_PILE, LARGEST_DOT = 60, 150.0, 9.0


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
        _rows([{"value": 0}]).mark_rule(color=SOFT, strokeWidth=0.8).encode(y=VALUE),
        _rows([row for one in series[1:] for row in _line_rows(one)])
        .mark_line(color=PEER_LINE, strokeWidth=1.1)
        .encode(x=AT, y=VALUE, detail="stretch:N"),
        _rows([row for one in series[:1] for row in _line_rows(one) if row["low"] is not None])
        .mark_area(color=BRAND, opacity=0.16)
        .encode(x=AT, y="low:Q", y2="high:Q", detail="stretch:N"),
        _rows([row for one in series[:1] for row in _line_rows(one)])
        .mark_line(color=BRAND, strokeWidth=2.4)
        .encode(x=AT, y=VALUE, detail="stretch:N"),
        *_mark_dates(dates, span, labelled=labelled),
        _rows(_dot_rows(own))
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
        _rows(bars)
        .mark_rect(stroke=BRAND, strokeWidth=0.6)
        .encode(x=AT, x2="until:T", y=VALUE, y2="zero:Q", fill=alt.Fill("fill:N", scale=None)),
        _rows([{"value": 0}]).mark_rule(color=SOFT, strokeWidth=0.8).encode(y=VALUE),
        _hovered([week.week for week in volume.weeks]),
    ]
    return _by_week(layers, 64)


def draw_windows(row: EffectRow) -> Row:
    """One dot for each earlier window and one for this event; in the grey a change cannot be told from chance."""
    import altair as alt

    seen = [*row.placebo_estimates, 0.0, *([] if row.estimate is None else [row.estimate])]
    reach = max(abs(value) for value in seen) or 1.0
    low, high = min(*seen, -0.35 * reach) - 0.08 * reach, max(*seen, 0.35 * reach) + 0.08 * reach
    width = (high - low) / BINS
    dots = stack(row.placebo_estimates, width)
    pile = max((place for _, place in dots), default=0) + 1
    size = min(LARGEST_DOT, HIGHEST_PILE / pile)
    height = max(70.0, pile * size + 40)
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[low, high], nice=False),
        axis=alt.Axis(grid=False, tickCount=5, labelExpr=_SIGNED, domainColor=SOFT),
    )
    y = alt.Y("height:Q", axis=None, scale=alt.Scale(domain=[0, height], nice=False))
    layers = []
    if row.smallest_visible:
        left, right = max(low, -row.smallest_visible), min(high, row.smallest_visible)
        layers.append(
            _rows([{"value": left, "right": right, "says": BAND_WORDS}])
            .mark_rect(color=EXPECTED)
            .encode(x=x, x2="right:Q", tooltip="says:N")
        )
        layers.append(_name_grey(left, right, low, high))
        edges = [{"value": edge} for edge in (left, right) if low < edge < high]
        layers.append(_rows(edges).mark_rule(color=SOFT, strokeDash=[1, 2]).encode(x=x))
    piled: list[Row] = [
        {
            "value": value,
            "height": (place + 0.5) * size + 2,
            "says": f"An earlier window: {write_change(estimate, row.measure)}",
        }
        for estimate, (value, place) in zip(
            sorted(row.placebo_estimates), dots, strict=True
        )  # piles come in that order
    ]
    layers.append(
        _rows(piled).mark_circle(color=PEER, opacity=1, size=0.62 * size**2).encode(x=x, y=y, tooltip="says:N")
    )
    if row.estimate is not None:
        words = f"this event {write_change(row.estimate, row.measure)}"
        around = [r["height"] for r in piled if abs(r["value"] - row.estimate) < 10 * width]
        top = max([0.0, *around]) + (size if around else 7)
        event = _rows([{"value": row.estimate, "height": top, "words": words, "says": words}])
        layers.append(event.mark_circle(color=EVENT, opacity=1, size=110).encode(x=x, y=y, tooltip="says:N"))
        share = (row.estimate - low) / (high - low)
        side = "left" if share < 0.3 else "right" if share > 0.7 else "center"
        layers.append(
            event.mark_text(color=EVENT, fontSize=SMALL + 1, fontWeight=600, align=side, dy=-15).encode(
                x=x, y=y, text="words:N"
            )
        )
    return _drawn(layers, round(height))


def draw_themes(themes: Sequence[ThemeShare], headings: tuple[str, str]) -> Row:
    """A bar for each theme, a tick for the usual, and with an event a ring for the last four weeks."""
    import altair as alt

    most = max((value for t in themes for value in (t.bar, t.usual, t.now) if value), default=1.0)
    rows = [
        {
            "label": theme.label,
            "value": theme.bar or 0.0,
            "usual": theme.usual,
            "now": theme.now if headings[1] else None,
            "words": write_share(theme.bar),
            "words_now": write_share(theme.now),
            "says": captions.write_theme(theme, headings),
        }
        for theme in themes
    ]
    y = alt.Y(
        "label:N",
        title=None,
        sort=[theme.label for theme in themes],
        axis=alt.Axis(
            domain=False,
            ticks=False,
            grid=False,
            labelColor=INK,
            labelFontSize=SMALL + 1,
            labelLimit=170,
            labelPadding=8,
        ),
    )
    x = alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domain=[0, most], nice=False))
    base, says = _rows(rows), "says:N"
    layers = [
        base.mark_bar(color=BRAND, height=15, cursor="pointer").encode(x=x, y=y, tooltip=says),
        _rows([r for r in rows if r["usual"] is not None])
        .mark_tick(color=INK, thickness=2.4, height=22)
        .encode(x=alt.X("usual:Q"), y=y, tooltip=says),
        _rows([r for r in rows if r["now"] is not None])
        .mark_circle(fill="#ffffff", stroke=INK, strokeWidth=1.6, size=52, opacity=1)
        .encode(x=alt.X("now:Q"), y=y, tooltip=says),
        *_columns(rows, most, y, headings),
    ]
    return _drawn(layers, 27 * max(1, len(rows)))


def _name_grey(left: float, right: float, low: float, high: float) -> Layer:
    """What the grey means: over its middle where it is wide, else beside it."""
    import altair as alt

    wide, leftmost = right - left > 0.45 * (high - low), right - low < 0.5 * (high - low)
    side, at_value = ("center", (left + right) / 2) if wide else ("left", right) if leftmost else ("right", left)
    dx = {"center": 0, "left": 6, "right": -6}[side]
    return (
        _rows([{"value": at_value, "words": BAND_WORDS}])
        .mark_text(color=SOFT, fontSize=SMALL - 1, align=side, dx=dx)
        .encode(x=VALUE, y=alt.value(8), text="words:N")
    )


def _columns(rows: list[Row], most: float, y: Any, headings: tuple[str, str]) -> list[Layer]:
    """The shares in figures right of the bars, each column under its heading."""
    import altair as alt

    columns = []
    for at, (heading, field, color, weight) in enumerate(
        zip(headings, ("words", "words_now"), (BRAND, SOFT), (600, 400), strict=True)
    ):
        if heading:
            right: Row = {"align": "right", "dx": COLUMN * (at + 1) - 4, "color": color}
            columns += [
                _rows(rows)
                .mark_text(fontSize=SMALL + 1, fontWeight=weight, **right)
                .encode(x=alt.datum(most), y=y, text=f"{field}:N"),
                _rows([{"words": heading}])
                .mark_text(fontSize=SMALL - 1, **right)
                .encode(x=alt.datum(most), y=alt.value(-8), text="words:N"),
            ]
    return columns


_SIGNED = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + format(abs(datum.value), '~g')"
_PLAIN = "(datum.value < 0 ? '−' : '') + format(abs(datum.value), '~g')"


def _rows(rows: list[Row]) -> Layer:
    import altair as alt

    return alt.Chart(alt.InlineData(values=rows))


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
        labelExpr=_PLAIN,
        domain=False,
        ticks=False,
        gridColor=FAINT,
        minExtent=34,
        maxExtent=34,
    )
    y = alt.Y(VALUE, title=None, scale=alt.Scale(domain=[min(ends), max(ends)], nice=False), axis=axis)
    corners = [{"at": when, "value": end} for when, end in zip(span.domain, (min(ends), max(ends)), strict=True)]
    return _rows(corners).mark_point(opacity=0).encode(x=x, y=y)


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
        _rows([{"at": at(max(first, span.first)), "until": at(min(until, span.last))}])
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
    frames = _rows(rows).mark_rect(color=MISSING, stroke=SOFT, strokeWidth=0.6, strokeDash=[2, 2])
    names = [{"at": (row["at"] + row["until"]) // 2, "words": "not collected"} for row in rows if named]
    return [
        frames.encode(x=AT, x2="until:T"),
        _rows(names)
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
        _rows(lines)
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
                _rows(words)
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
        _rows(rows)
        .mark_text(align="left", dx=10, fontSize=SMALL, fontWeight=alt.ExprRef("datum.weight"))
        .encode(x=AT, y=VALUE, text="words:N", color=alt.Color("color:N", scale=None))
    )


def _hovered(weeks: Sequence[date]) -> Layer:
    """A line at the week that is read, which the page names by the parameter `hovered`."""

    return (
        _rows([{"at": middle(week)} for week in weeks])
        .mark_rule(color=INK, strokeWidth=1)
        .encode(x=AT)
        .transform_filter("datum.at === hovered")
    )


def _by_week(layers: Sequence[Layer], height: int) -> Row:
    import altair as alt

    chart = _drawn(layers, height)
    brush: Any = alt.selection_interval(
        name="weeks",
        encodings=["x"],
        mark=alt.BrushConfig(fill=INK, fillOpacity=0.08, stroke=INK, strokeWidth=1),
    )
    chart["layer"][0]["params"] = [dict(brush.param.to_dict())]
    return chart | {"params": [{"name": "hovered", "value": -1}]}


def _drawn(layers: Sequence[Layer], height: int) -> Row:
    """The layers as one chart as wide as its place; named by nothing that differs from one call to the next."""
    import altair as alt

    chart = (
        alt.layer(*layers)
        .properties(
            width="container",
            height=height,
            padding=4,
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
            background="transparent",
        )
        .configure(
            font=FONT,
            aria=False,
            view=alt.ViewConfig(stroke="transparent"),
            axis=alt.AxisConfig(labelColor=SOFT, labelFontSize=SMALL, tickColor=SOFT),
        )
    )
    with alt.data_transformers.enable(consolidate_datasets=False):
        specification: Row = chart.to_dict(validate=False)
    specification.pop("$schema", None)
    return specification
