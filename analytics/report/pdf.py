"""The report as a PDF: tagged, archivable, and the same bytes from the same data.

Everything travels to typst as JSON and SVG files, never as typst source: a post that says `#import` stays a text.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from analytics.report import captions, charts, timeline
from analytics.report.drawing import Chart
from analytics.report.fonts import DISPLAY, FALLBACK, TEXT, font_folders
from analytics.report.formatting import (
    join_words,
    write_change,
    write_count,
    write_day,
    write_interval,
    write_number,
    write_p,
    write_span,
)
from analytics.report.methods import write_methods
from analytics.report.model import EffectRow, Event, LoudPost, Report, SourceRow
from analytics.report.phrases import verdict_of
from analytics.report.reasons import share_reasons
from analytics.report.sentences import write_wording
from analytics.report.text import Drawable

if TYPE_CHECKING:
    import typst

Paper = Literal["a4", "us-letter"]
Standard = Literal["a-2a", "ua-1"]
STANDARDS: tuple[Standard, ...] = ("a-2a", "ua-1")
GAPS_SHOWN = 8
LONGEST_LINK = 1_000


class Heights(NamedTuple):
    """How high the plots are, in points; `theme` for each theme."""

    trend: float = 74
    attention: float = 34
    windows: float = 50
    theme: float = 12.5

    def grow(self, spare: float) -> Heights:
        """The room that words leave on page one goes to the pictures, up to where they would look stretched."""
        return Heights(
            self.trend + min(0.62 * spare, 96),
            self.attention + min(0.14 * spare, 26),
            self.windows + min(0.12 * spare, 24),
            self.theme + min(0.24 * spare / 8, 4.5),
        )


SCALES = (1.0, 0.97, 0.94, 0.91, 0.88, 0.85)  # of the words of page one
EVIDENCE_SCALES = (1.0, 0.97, 0.94, 0.91, 1.03, 1.06)  # of the pages after it
LEAST_FILLED = 0.3  # of the last page


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A written PDF. `replaced_characters`: those of quoted texts and names that the bundled fonts cannot draw."""

    path: Path
    replaced_characters: int
    pages: int


def render_pdf(report: Report, out: Path, *, paper: Paper = "a4") -> RenderedPdf:
    """Write the report to `out`, replacing what is there only once the new file is complete."""
    drawable = Drawable()
    safe = drawable.write_all(report)
    data = _page_data(safe, paper)
    data["methods"] = _halve(write_methods(safe, drawable.replaced))
    moment = datetime.combine(report.week + timedelta(days=7), time(), UTC)
    data["date"] = [moment.year, moment.month, moment.day]
    with tempfile.TemporaryDirectory(prefix="brandtrust-report-") as folder:
        pages = _Pages(Path(folder), data)
        pages.fit(safe)
        pdf = pages.compile(int(moment.timestamp()))
    draft = out.with_name(f".{out.name}.draft")
    out.parent.mkdir(parents=True, exist_ok=True)
    draft.write_bytes(pdf)
    draft.replace(out)
    return RenderedPdf(out, drawable.replaced, pages.count)


class _Pages:
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
        pictures = draw_charts(report, least.grow(max(0.0, spare[-1] - 2)))
        self._place(pictures, measuring=True)
        for evidence_scale in EVIDENCE_SCALES:
            self._data["evidence_scale"] = evidence_scale
            self._write()
            if self._measure()["filled"] >= LEAST_FILLED:
                break
        else:
            self._data["evidence_scale"] = EVIDENCE_SCALES[0]
        for name, chart in pictures.items():
            (self._root / f"{name}.svg").write_text(chart.svg, "utf-8")
        self._place(pictures, measuring=False)

    def compile(self, timestamp: int) -> bytes:
        """The PDF."""
        compiler = self._compiler()
        self.count = json.loads(compiler.query("<measured>", field="value", one=True))["pages"]
        return cast(bytes, compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=timestamp))

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
    """The pictures by name: trend, attention, windows of the declared measures, themes."""
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
    if report.themes:
        pictures["themes"] = charts.draw_themes(
            report.themes,
            headings=captions.head_themes(report),
            alt_text=captions.write_themes_alt(report),
            row_height=heights.theme,
        )
    return pictures


def _page_data(report: Report, paper: Paper) -> dict[str, Any]:
    """All that the pages say, as text: typst lays out and decides nothing."""
    wording = write_wording(report)
    primary = report.primary
    return {
        "paper": paper,
        "fonts": {"text": [TEXT, *FALLBACK], "display": [DISPLAY, TEXT, *FALLBACK]},
        "synthetic": report.synthetic,
        "title": f"{report.name}: weekly report, week of {write_day(report.week)}",
        "name": report.name,
        "week": f"Week of {write_day(report.week)}",
        "footer": f"Report {report.report_id}",
        "headline": wording.headline,
        "paragraph": " ".join(wording.paragraph),
        "numbers": [asdict(number) for number in captions.write_key_numbers(report)],
        "can_say": wording.can_say,
        "uncertain": wording.uncertain,
        "attention_title": f"Attention to {report.attention_subject}",
        "windows": [
            {"name": name, "title": captions.title_windows(row, report)}
            for name, row in (("windows_primary", primary), ("windows_second", report.second))
            if row is not None and row.placebo_estimates
        ],
        "themes_note": captions.note_themes(report),
        "events": [_event(event, report) for event in report.events],
        "posts_title": captions.title_posts(report),
        "posts": [
            {"title": title, "posts": [_post(post) for post in report.posts if post.period == period]}
            for period, title in (("event", captions.title_event_posts(report)), ("week", "In the week"))
            if period == "week" or report.event is not None
        ],
        "sources": [_source(row) for row in report.sources],
        "gaps": [
            f"{write_span(gap.first, gap.last)}: {join_words(gap.sources)} ({gap.status.replace('_', ' ')})"
            for gap in report.gaps[:GAPS_SHOWN]
        ],
        "gaps_more": max(0, len(report.gaps) - GAPS_SHOWN),
        "left_out": captions.write_left_out(report),
        "query": f"SELECT * FROM published_figures WHERE report_id = '{report.report_id}'",
    }


def _halve(methods: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Two columns of about the same length, in reading order."""
    lengths = [len(lead) + len(body) + 60 for lead, body in methods]
    at = min(range(len(methods) + 1), key=lambda cut: abs(sum(lengths[:cut]) - sum(lengths[cut:])))
    return [methods[:at], methods[at:]]


def _event(event: Event, report: Report) -> dict[str, Any]:
    """An event with its dates, its rows of the table, and the reasons that these share."""
    rows = [row for row in report.effects if row.event_id == event.event_id]
    primary = next((row for row in rows if row.role == "primary"), None)
    shared, each = share_reasons(rows, report)
    return {
        "title": event.title + ("" if event.confirmed else " (not confirmed by a person)"),
        "dates": "; ".join(f"{write_day(day)} {words}" for day, words in event.dates),
        "reason": shared,
        "effects": [_effect(row, primary, reason, report) for row, reason in zip(rows, each, strict=True)],
    }


def _effect(row: EffectRow, primary: EffectRow | None, reason: str, report: Report) -> dict[str, str]:
    digits = 2 if row.measure == "rating" else 1
    means = (
        write_number(mean, digits, signed=row.measure == "net_trust") for mean in (row.before_mean, row.after_mean)
    )
    windows = f"{row.placebos} ({row.independent_windows})" if row.placebos else "–"
    moved = f"{row.moved_as_much} of " if row.placebos and row.moved_as_much is not None else ""
    return {
        "measure": captions.name_row(row, report),
        "estimate": write_change(row.estimate, row.measure, signed=True),
        "interval": write_interval(row.low, row.high, row.measure) or ("–" if row.low is None else "not known"),
        "p": write_p(row.p_value),
        "smallest_p": "" if row.smallest_p is None else f"({write_p(row.smallest_p)})",
        "windows": moved + windows,
        "visible": write_change(row.smallest_visible or None, row.measure, signed=False),
        "means": "–" if row.verdict == "not_comparable" else " → ".join(means),
        "authors": f"{write_number(row.before_authors)} → {write_number(row.after_authors)}",
        "verdict": captions.VERDICT_WORDS.get(verdict_of(row, primary), row.verdict.replace("_", " ")),
        "reason": f"{captions.write_role(row)} {reason}".rstrip(),
    }


def _post(post: LoudPost) -> dict[str, str]:
    notes = [post.source, write_day(post.day)]
    if post.reach:
        notes.append(f"reach {write_number(post.reach)}")
    if post.rating is not None:
        notes.append(write_count(round(post.rating), "star"))
    if post.compound is not None:
        notes.append(f"score {write_number(post.compound, 2, signed=True)}")
    return {
        "notes": " · ".join(notes),
        "themes": ", ".join(post.themes),
        "title": post.title,
        "text": post.text,
        "url": post.url if _is_link(post.url) else "",
    }


def _is_link(url: str) -> bool:
    """Only addresses of the web become links: a post may bring any scheme."""
    return url.startswith(("https://", "http://")) and url.isascii() and url.isprintable() and len(url) <= LONGEST_LINK


def _source(row: SourceRow) -> dict[str, Any]:
    notes = []
    if row.constant_quota:
        notes.append(f"The sample is a constant number a month ({row.constant_quota}): no statement on volume is made.")
    if row.sparse:
        notes.append(
            f"Too few posts in a shared file ({row.sparse}): silence and missing collection cannot be told apart."
        )
    notes += [f"Break on {write_day(day)}: {note}" for day, note in row.breaks]
    counts = (row.posts, row.complete, row.partial, row.capped, row.failed, row.never_asked, row.missing_this_week)
    return {"source": row.source, "counts": [write_number(count) for count in counts], "notes": notes}
