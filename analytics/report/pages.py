"""Fitting the pages: words are measured first, and pictures are drawn into the room that they leave."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from analytics.report import captions, charts, timeline
from analytics.report.appearance import repaint
from analytics.report.change_bars import draw_change_bars, stack_changes
from analytics.report.drawing import Chart
from analytics.report.episodes_chart import draw_episodes
from analytics.report.fonts import font_folders
from analytics.report.formatting import write_change
from analytics.report.model import Report
from analytics.report.volume_charts import draw_volumes

if TYPE_CHECKING:
    from collections.abc import Callable

    import typst

Standard = Literal["a-3a", "ua-1"]
STANDARDS: tuple[Standard, ...] = ("a-3a", "ua-1")  # PDF/A-2 allows no attached file but another PDF/A


class Heights(NamedTuple):
    """How high the plots are, in points; `theme` for each theme."""

    trend: float = 74
    attention: float = 34
    windows: float = 50
    theme: float = 12.5

    def grow(self, spare: float) -> Heights:
        """Pictures take the room that words leave on page one, up to where they would look stretched."""
        return Heights(
            self.trend + min(0.62 * spare, 96),
            self.attention + min(0.14 * spare, 26),
            self.windows + min(0.12 * spare, 24),
            self.theme + min(0.24 * spare / 8, 4.5),
        )


SCALES = (1.0, 0.97, 0.94, 0.91, 0.88, 0.85)  # of the words of page one
EVIDENCE_SCALES = (1.0, 0.97, 0.94, 0.91, 1.03, 1.06, 0.88)  # of the pages after it
MOST_GIVEN = -40.0  # points that pictures give up where words are many
LEAST_FILLED = 0.36  # of the last page
MOST_PAGES = 6


class Filled(NamedTuple):
    """How many pages a size of words takes, and which part of the last one (0 to 1)."""

    pages: int
    last: float


def choose_size(fill: Callable[[float], Filled]) -> float:
    """The first size of words whose last page is well filled; if none, that of the fewest pages, then the fullest."""
    tried: dict[float, Filled] = {}
    for size in EVIDENCE_SCALES:
        tried[size] = filled = fill(size)
        if filled.pages <= MOST_PAGES and filled.last >= LEAST_FILLED:
            return size
    return min(tried, key=lambda size: (tried[size].pages, -tried[size].last))


class Pages:
    """The pages in a folder, measured before anything is drawn: words first, pictures in the room that they leave."""

    def __init__(self, root: Path, data: dict[str, Any]) -> None:
        self._root = root
        self._data = data | {"scales": SCALES, "scale": SCALES[0], "evidence_scale": EVIDENCE_SCALES[0]}
        self.count = 0
        source = (resources.files("analytics.report") / "report.typ").read_text("utf-8")
        (root / "report.typ").write_text(source, "utf-8")

    def fit(self, report: Report) -> None:
        """Choose the size of words and pictures so that page one is full and the last page not nearly empty."""
        least = Heights()
        self._place(draw_charts(report, least), measuring=True)
        measured = self._measure()
        spare = measured["spare"]  # for each size of words, up to the first that fits
        self._data["scale"] = SCALES[len(spare) - 1]
        self._data["scales"] = ()
        pictures = draw_charts(report, least.grow(max(MOST_GIVEN, spare[-1] - 2)))
        drawn = {name: chart.begin_svg() for name, chart in pictures.items()}
        self._place(pictures, measuring=True)
        self._data["evidence_scale"] = choose_size(self._fill)
        for name, picture in drawn.items():
            (self._root / f"{name}.svg").write_bytes(picture.result())
        self._place(pictures, measuring=False)

    def compile(self, timestamp: int) -> bytes:
        """The PDF."""
        compiler = self._compiler()
        self.count = json.loads(compiler.query("<measured>", field="value", one=True))["pages"]
        return cast(bytes, compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=timestamp))

    def _fill(self, evidence_scale: float) -> Filled:
        self._data["evidence_scale"] = evidence_scale
        self._write()
        measured = self._measure()
        return Filled(measured["pages"], measured["filled"])

    def _place(self, pictures: dict[str, Chart], *, measuring: bool) -> None:
        self._data["measuring"] = measuring
        self._data["charts"] = {
            name: {"file": f"{name}.svg", "alt": chart.alt, "height": chart.height, "width": chart.width}
            for name, chart in pictures.items()
        }
        self._write()

    def _write(self) -> None:
        (self._root / "data.json").write_text(json.dumps(self._data, ensure_ascii=False), "utf-8")

    def _measure(self) -> dict[str, Any]:
        return dict(json.loads(self._compiler().query("<measured>", field="value", one=True)))

    def _compiler(self) -> typst.Compiler:
        import typst

        return typst.Compiler(  # type: ignore[misc]  # its stubs name a type that nothing binds
            self._root / "report.typ", root=self._root, font_paths=font_folders(), ignore_system_fonts=True
        )


def draw_charts(report: Report, heights: Heights | None = None) -> dict[str, Chart]:
    """The pictures by name, those of which the report has something to show."""
    heights = heights or Heights()
    frame = timeline.frame_of(report)
    pictures = {
        "trend": timeline.draw_weeks(
            report.trend,
            frame,
            report.events,
            report.second or report.primary,
            alt_text=captions.write_trend_alt(report),
            height=heights.trend,
            bounds=(-100, 100),
        ),
        "attention": timeline.draw_weeks(
            report.attention,
            frame,
            report.events,
            report.primary,
            alt_text=captions.write_attention_alt(report),
            height=heights.attention,
            bounds=(0, 100),
            labelled=False,
        ),
    }
    for name, row in (("windows_primary", report.primary), ("windows_second", report.second)):
        if row is not None and row.placebo_estimates:
            pictures[name] = charts.draw_windows(
                row,
                alt_text=captions.write_windows_alt(row, report),
                change=write_change(row.estimate, row.measure),
                height=heights.windows,
            )
    if report.volume:
        tested = report.event.tested if report.event else None
        spikes = [(spike.source, spike.week) for spike in report.spikes]
        alt = captions.write_volumes_alt(report)
        pictures["volume"] = draw_volumes(report.volume, frame, tested, spikes, alt_text=alt)
    if stacked := stack_changes(report):
        pictures["change"] = draw_change_bars(stacked)
    if report.event and report.episodes:
        pictures["episodes"] = draw_episodes(report.episodes)
    if report.themes:
        pictures["themes"] = charts.draw_themes(
            report.themes,
            headings=captions.head_themes(report),
            alt_text=captions.write_themes_alt(report),
            row_height=heights.theme,
        )
    color = report.appearance.color
    return {name: replace(chart, specification=repaint(chart.specification, color)) for name, chart in pictures.items()}
