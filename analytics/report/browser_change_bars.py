"""The parts of a change as bars about zero, for a browser: a chart for each measure."""

from __future__ import annotations

from analytics.report.browser_layers import SIGNED, SMALL, VALUE, Row, layered, rows_of
from analytics.report.change_bars import MeasureBars, color_of, crowded_ends, ends_of
from analytics.report.formatting import write_change
from analytics.report.palette import FAINT, INK, SOFT
from analytics.report.placing import nice_ticks

ROW_HEIGHT = 25
SHORT = {
    "Returning authors, what they say": "Returning: what is said",
    "Returning authors, who speaks more": "Returning: who speaks",
    "Who speaks and what they say": "Who speaks, and what",
}


def draw_change_bars(stacked: MeasureBars) -> Row:
    """A bar for each part, which begins where the one before ended, and one for their sum; values stand beside them."""
    import altair as alt

    low, high = ends_of(stacked)
    before, after = ((0.34 if crowded else 0.05) * (high - low) for crowded in crowded_ends(stacked))  # for the values
    rows = [
        {
            "label": SHORT.get(bar.name, bar.name),
            "value": bar.start,
            "end": bar.end,
            "tip": min(bar.start, bar.end) if bar.change < 0 else max(bar.start, bar.end),
            "words": write_change(bar.change, stacked.measure),
            "color": color_of(bar),
            "falls": bar.change < 0,
            "weight": 600 if bar.is_sum else 400,
            "says": f"{bar.name}: {write_change(bar.change, stacked.measure)}",
        }
        for bar in stacked.bars
    ]
    y = alt.Y(
        "label:N",
        title=None,
        sort=[SHORT.get(bar.name, bar.name) for bar in stacked.bars],
        axis=alt.Axis(
            domain=False, ticks=False, grid=False, labelColor=INK, labelFontSize=SMALL, labelLimit=170, labelPadding=8
        ),
    )
    x = alt.X(
        VALUE,
        title=None,
        scale=alt.Scale(domain=[low - before, high + after], nice=False),
        axis=alt.Axis(values=nice_ticks(low, high, 4), labelExpr=SIGNED, gridColor=FAINT, domain=False),
    )
    layers = [
        rows_of(rows)
        .mark_bar(height=13)
        .encode(x=x, x2="end:Q", y=y, color=alt.Color("color:N", scale=None), tooltip="says:N"),
        rows_of([{"value": 0}]).mark_rule(color=SOFT, strokeWidth=1).encode(x=x),
    ]
    for falls, align, dx in ((False, "left", 5), (True, "right", -5)):
        layers.append(
            rows_of([row for row in rows if row["falls"] is falls])
            .mark_text(
                align=align, dx=dx, color=INK, fontSize=SMALL, fontWeight=alt.ExprRef("datum.weight"), tooltip=None
            )
            .encode(x=alt.X("tip:Q"), y=y, text="words:N")
        )
    return layered(layers, ROW_HEIGHT * len(rows))
