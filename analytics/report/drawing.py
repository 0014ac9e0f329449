"""A canvas for charts: marks placed in points, drawn by altair, and turned into SVG by vl-convert.

Positions are worked out beforehand and given without a scale, so that labels can be kept apart, and measuring text by
whatever fonts a machine has cannot move anything. All marks of a kind are one layer with their style in the data: a
picture of a hundred marks then takes milliseconds, not seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from threading import Thread
from typing import Any

from analytics.report.fonts import TEXT, character_sets, fit_to_chart
from analytics.report.pictures import PICTURES

Spot = tuple[float, float]
Segment = tuple[float, float, float, float]
Row = dict[str, Any]
KINDS = ("rectangles", "rules", "bands", "lines", "circles", "texts")  # from the lowest to the highest


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, its size in points, and what it says in words."""

    width: float
    height: float
    alt: str
    specification: Row

    @property
    def svg(self) -> str:
        """The picture as SVG text, worked out when it is asked for: its size can be had without."""
        return PICTURES.make("svg", _layered() | self.specification).decode()

    def begin_svg(self) -> Future[bytes]:
        """The same, in UTF-8, beside what is done meanwhile."""
        return PICTURES.begin("svg", _layered() | self.specification)

    @property
    def png(self) -> bytes:
        """The picture on white in two pixels a point: where there is no page, nothing says what lies behind it."""
        return PICTURES.make("png", _layered() | self.specification | {"background": "white"})


def start_drawing() -> None:
    """Begin, beside what is done meanwhile, with what the first picture of a process waits for: most of a second."""

    def prepare() -> None:
        with suppress(Exception):  # whatever keeps it from drawing is told by the first picture
            PICTURES.begin("svg", {"mark": "point", "data": {"values": []}})
            _layered()
            character_sets()

    Thread(target=prepare, name="start drawing").start()


@dataclass(slots=True)
class Canvas:
    """Marks by kind; within a kind the later one lies above."""

    _rows: dict[str, list[Row]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def rectangle(self, left: float, top: float, right: float, bottom: float, color: str) -> None:
        """A filled rectangle."""
        self._rows["rectangles"].append({**_place(left, top, right, bottom), "color": color})

    def rules(self, segments: Sequence[Segment], color: str, width: float, dash: Sequence[float] = ()) -> None:
        """Straight lines: (x, y, x2, y2)."""
        style = {"color": color, "width": width, "dash": list(dash)}
        self._rows["rules"] += [{**_place(*segment), **style} for segment in segments]

    def band(self, spots: Sequence[tuple[float, float, float]], color: str) -> None:
        """A pale area from left to right between two heights: (x, y, y2)."""
        stretch = str(len(self._rows["bands"]))
        self._rows["bands"] += [
            {"x": round(x, 2), "y": round(y, 2), "y2": round(y2, 2), "stretch": stretch, "color": color}
            for x, y, y2 in spots
        ]

    def line(self, spots: Sequence[Spot], color: str, width: float) -> None:
        """A line from left to right. Between two lines there is nothing, not zero."""
        stretch = str(len(self._rows["lines"]))
        self._rows["lines"] += [{**_place(x, y), "stretch": stretch, "color": color, "width": width} for x, y in spots]

    def circles(self, spots: Sequence[Spot], diameter: float, fill: str, stroke: str, width: float = 0.0) -> None:
        """Dots around their middle."""
        style = {"size": round(3.14159 * (diameter / 2) ** 2, 3), "fill": fill, "color": stroke, "width": width}
        self._rows["circles"] += [{**_place(x, y), **style} for x, y in spots]

    def text(
        self,
        x: float,
        y: float,
        text: str,
        color: str,
        size: float,
        align: str = "center",
        weight: int = 400,
        angle: int = 0,
    ) -> None:
        """A label beside or around its spot."""
        text, font = fit_to_chart(text)
        style = {"color": color, "size": size, "align": align, "weight": weight, "angle": angle % 360, "font": font}
        self._rows["texts"].append({**_place(x, y), "text": text, **style})

    def draw(self, width: float, height: float, alt_text: str, left: float, right: float) -> Chart:
        """The picture: a plot of this size with margins on its sides."""
        specification = {
            "width": width,
            "height": height,
            "padding": {"left": left, "right": right, "top": 0, "bottom": 0},
            "datasets": self._rows,
        }
        return Chart(left + width + right, height, alt_text, specification)


@cache
def _layered() -> Row:
    """The specification of every picture, but for its size and its rows: one layer for each kind of mark."""
    import altair as alt

    x, y = alt.X("x:Q", scale=None, axis=None), alt.Y("y:Q", scale=None, axis=None)
    color, width = _of("color"), _of("width")
    charts = {kind: alt.Chart(alt.NamedData(name=kind)) for kind in KINDS}
    layers = {
        "rectangles": charts["rectangles"].mark_rect(color=color).encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        "rules": (
            charts["rules"]
            .mark_rule(color=color, strokeWidth=width, strokeDash=_of("dash"))
            .encode(x=x, y=y, x2="x2:Q", y2="y2:Q")
        ),
        "bands": (
            charts["bands"]
            .mark_area(opacity=0.16)
            .encode(x=x, y=y, y2="y2:Q", detail="stretch:N", fill=alt.Fill("color:N", scale=None))
        ),
        "lines": (
            charts["lines"]
            .mark_line(strokeJoin="round")
            .encode(
                x=x,
                y=y,
                detail="stretch:N",
                stroke=alt.Stroke("color:N", scale=None),
                strokeWidth=alt.StrokeWidth("width:Q", scale=None),
            )
        ),
        "circles": (
            charts["circles"]
            .mark_circle(size=_of("size"), fill=_of("fill"), stroke=color, strokeWidth=width, opacity=1)
            .encode(x=x, y=y)
        ),
        "texts": (
            charts["texts"]
            .mark_text(
                color=color,
                font=_of("font"),
                fontSize=_of("size"),
                fontWeight=_of("weight"),
                align=_of("align"),
                angle=_of("angle"),
                baseline="middle",
            )
            .encode(x=x, y=y, text="text:N")
        ),
    }
    chart = (
        alt.layer(*(layers[kind] for kind in KINDS))
        .properties(autosize=alt.AutoSizeParams(type="none"), background="transparent")
        .configure(font=TEXT, view=alt.ViewConfig(stroke="transparent"))
    )
    return dict(chart.to_dict(validate=False))


def _of(name: str) -> Any:
    """A mark's style as it stands in its row."""
    import altair as alt

    return alt.ExprRef(f"datum.{name}")


def _place(x: float, y: float, x2: float | None = None, y2: float | None = None) -> Row:
    place = {"x": round(x, 2), "y": round(y, 2)}
    if x2 is not None and y2 is not None:
        place |= {"x2": round(x2, 2), "y2": round(y2, 2)}
    return place
