"""What the charts of the page have in common: their letters, their rows, and layers made into one specification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analytics.report.palette import SOFT

Row = dict[str, Any]
Layer = Any  # a chart of altair, whose types are narrower than what it takes
FONT = "IBM Plex Sans, Segoe UI, system-ui, -apple-system, Roboto, Helvetica Neue, Arial, sans-serif"
SMALL = 12  # pixels, of letters
AT, VALUE = "at:T", "value:Q"
SIGNED = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + format(abs(datum.value), '~g')"
PLAIN = "(datum.value < 0 ? '−' : '') + format(abs(datum.value), '~g')"


def rows_of(rows: list[Row]) -> Layer:
    """Rows that a layer draws, held in the chart itself."""
    import altair as alt

    return alt.Chart(alt.InlineData(values=rows))


def layered(layers: Sequence[Layer], height: int) -> Row:
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
