"""The charts of the page that compare at one moment: an event against earlier windows, themes against their usual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analytics.report import captions
from analytics.report.browser_layers import SIGNED, SMALL, VALUE, Layer, Row, layered, rows_of
from analytics.report.charts import BAND_WORDS
from analytics.report.formatting import write_change, write_share
from analytics.report.model import EffectRow, ThemeShare
from analytics.report.palette import BRAND, EVENT, EXPECTED, INK, PEER, SOFT
from analytics.report.placing import stack

COLUMN = 82  # pixels, of shares in figures
BINS, HIGHEST_PILE, LARGEST_DOT = 60, 150.0, 9.0


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
        axis=alt.Axis(grid=False, tickCount=5, labelExpr=SIGNED, domainColor=SOFT),
    )
    y = alt.Y("height:Q", axis=None, scale=alt.Scale(domain=[0, height], nice=False))
    layers = []
    if row.smallest_visible:
        left, right = max(low, -row.smallest_visible), min(high, row.smallest_visible)
        layers.append(
            rows_of([{"value": left, "right": right, "says": BAND_WORDS}])
            .mark_rect(color=EXPECTED)
            .encode(x=x, x2="right:Q", tooltip="says:N")
        )
        layers.append(_name_grey(left, right, low, high))
        edges = [{"value": edge} for edge in (left, right) if low < edge < high]
        layers.append(rows_of(edges).mark_rule(color=SOFT, strokeDash=[1, 2]).encode(x=x))
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
        rows_of(piled).mark_circle(color=PEER, opacity=1, size=0.62 * size**2).encode(x=x, y=y, tooltip="says:N")
    )
    if row.estimate is not None:
        words = f"this event {write_change(row.estimate, row.measure)}"
        around = [r["height"] for r in piled if abs(r["value"] - row.estimate) < 10 * width]
        top = max([0.0, *around]) + (size if around else 7)
        event = rows_of([{"value": row.estimate, "height": top, "words": words, "says": words}])
        layers.append(event.mark_circle(color=EVENT, opacity=1, size=110).encode(x=x, y=y, tooltip="says:N"))
        share = (row.estimate - low) / (high - low)
        side = "left" if share < 0.3 else "right" if share > 0.7 else "center"
        layers.append(
            event.mark_text(color=EVENT, fontSize=SMALL + 1, fontWeight=600, align=side, dy=-15).encode(
                x=x, y=y, text="words:N"
            )
        )
    return layered(layers, round(height))


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
    base, says = rows_of(rows), "says:N"
    layers = [
        base.mark_bar(color=BRAND, height=15, cursor="pointer").encode(x=x, y=y, tooltip=says),
        rows_of([r for r in rows if r["usual"] is not None])
        .mark_tick(color=INK, thickness=2.4, height=22)
        .encode(x=alt.X("usual:Q"), y=y, tooltip=says),
        rows_of([r for r in rows if r["now"] is not None])
        .mark_circle(fill="#ffffff", stroke=INK, strokeWidth=1.6, size=52, opacity=1)
        .encode(x=alt.X("now:Q"), y=y, tooltip=says),
        *_columns(rows, most, y, headings),
    ]
    return layered(layers, 27 * max(1, len(rows)))


def _name_grey(left: float, right: float, low: float, high: float) -> Layer:
    """What the grey means: over its middle where it is wide, else beside it."""
    import altair as alt

    wide, leftmost = right - left > 0.45 * (high - low), right - low < 0.5 * (high - low)
    side, at_value = ("center", (left + right) / 2) if wide else ("left", right) if leftmost else ("right", left)
    dx = {"center": 0, "left": 6, "right": -6}[side]
    return (
        rows_of([{"value": at_value, "words": BAND_WORDS}])
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
                rows_of(rows)
                .mark_text(fontSize=SMALL + 1, fontWeight=weight, **right)
                .encode(x=alt.datum(most), y=y, text=f"{field}:N"),
                rows_of([{"words": heading}])
                .mark_text(fontSize=SMALL - 1, **right)
                .encode(x=alt.datum(most), y=alt.value(-8), text="words:N"),
            ]
    return columns
