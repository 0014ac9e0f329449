"""The report as a PDF: tagged, archivable, and the same bytes from the same data.

Everything travels to typst as JSON and SVG files, never as typst source: a post that says `#import` stays a text.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Literal

from analytics.report.attachment import ATTACHED_NAME, write_attachment
from analytics.report.fonts import DISPLAY, FALLBACK, TEXT
from analytics.report.methods import write_methods
from analytics.report.model import Report
from analytics.report.pages import Pages
from analytics.report.placed_files import place_file
from analytics.report.text import Drawable
from analytics.report.words import write_words

Paper = Literal["a4", "us-letter"]


@dataclass(frozen=True, slots=True)
class CompiledPdf:
    """A PDF that is not written yet."""

    content: bytes
    replaced_characters: int
    pages: int


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A written PDF. `replaced_characters`: those of quoted texts and names that the bundled fonts cannot draw."""

    path: Path
    replaced_characters: int
    pages: int


def render_pdf(report: Report, out: Path, *, paper: Paper = "a4") -> RenderedPdf:
    """Write the report to `out`, replacing what is there only once the new file is complete."""
    compiled = compile_pdf(report, paper)
    place_file(compiled.content, out)
    return RenderedPdf(out, compiled.replaced_characters, compiled.pages)


def compile_pdf(report: Report, paper: Paper) -> CompiledPdf:
    """The report as the bytes of a PDF."""
    drawable = Drawable()
    safe = drawable.write_all(report)
    data = write_words(safe)
    data |= {"color": report.appearance.color, "logo": _place_logo(report)}
    data |= {"paper": paper, "fonts": {"text": [TEXT, *FALLBACK], "display": [DISPLAY, TEXT, *FALLBACK]}}
    data["methods"] = _halve(write_methods(safe, drawable.replaced, drawable.named))
    moment = datetime.combine(report.week + timedelta(days=7), time(), UTC)
    data["date"] = [moment.year, moment.month, moment.day]
    data["attached"] = {"name": ATTACHED_NAME, "description": "Every figure of this report, with the SQL that gives it"}
    with tempfile.TemporaryDirectory(prefix="brandtrust-report-") as folder:
        (Path(folder) / ATTACHED_NAME).write_bytes(write_attachment(report, paper))
        if report.appearance.logo_kind:
            (Path(folder) / data["logo"]).write_bytes(report.appearance.logo_file)
        pages = Pages(Path(folder), data)
        pages.fit(safe)
        pdf = pages.compile(int(moment.timestamp()))
    return CompiledPdf(pdf, drawable.replaced, pages.count)


def _place_logo(report: Report) -> str:
    """The name of the logo's file; empty without one."""
    return f"logo.{report.appearance.logo_kind}" if report.appearance.logo_kind else ""


def _halve(methods: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Two columns of about the same length, in reading order."""
    lengths = [len(lead) + len(body) + 60 for lead, body in methods]
    at = min(range(len(methods) + 1), key=lambda cut: abs(sum(lengths[:cut]) - sum(lengths[cut:])))
    return [methods[:at], methods[at:]]
