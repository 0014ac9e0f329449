"""The report as a PDF: tagged, archivable, and the same bytes from the same data.

Everything travels to typst as JSON and SVG files, never as typst source: a post that says `#import` stays a text.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

from analytics.report import captions
from analytics.report.advice import write_advice
from analytics.report.attachment import ATTACHED_NAME, write_attachment
from analytics.report.fonts import DISPLAY, FALLBACK, TEXT
from analytics.report.formatting import (
    upper_first,
    write_change,
    write_count,
    write_day,
    write_interval,
    write_number,
    write_p,
)
from analytics.report.gaps import write_gap
from analytics.report.methods import write_methods
from analytics.report.model import EffectRow, Event, LoudPost, Report, ReportError, SourceRow
from analytics.report.pages import Pages
from analytics.report.phrases import verdict_of, write_no_event, write_state, write_ways
from analytics.report.reasons import share_reasons, write_declared
from analytics.report.sentences import write_wording
from analytics.report.text import Drawable
from analytics.store.file_modes import open_to_group, owner_only

Paper = Literal["a4", "us-letter"]
GAPS_SHOWN = 8
LONGEST_LINK = 1_000


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
    place_pdf(compiled.content, out)
    return RenderedPdf(out, compiled.replaced_characters, compiled.pages)


def compile_pdf(report: Report, paper: Paper) -> CompiledPdf:
    """The report as the bytes of a PDF."""
    drawable = Drawable()
    safe = drawable.write_all(report)
    data = _page_data(safe, paper)
    data["methods"] = _halve(write_methods(safe, drawable.replaced))
    moment = datetime.combine(report.week + timedelta(days=7), time(), UTC)
    data["date"] = [moment.year, moment.month, moment.day]
    data["attached"] = {"name": ATTACHED_NAME, "description": "Every figure of this report, with the SQL that gives it"}
    with tempfile.TemporaryDirectory(prefix="brandtrust-report-") as folder:
        (Path(folder) / ATTACHED_NAME).write_bytes(write_attachment(report, paper))
        pages = Pages(Path(folder), data)
        pages.fit(safe)
        pdf = pages.compile(int(moment.timestamp()))
    return CompiledPdf(pdf, drawable.replaced, pages.count)


def place_pdf(content: bytes, out: Path) -> None:
    """Write `content` to `out` whole or not at all: for its owner only, or for the group that may read its folder.

    Raises ReportError where it cannot be written.
    """
    draft = draft_of(out)
    try:
        with owner_only():
            out.parent.mkdir(parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)  # one that a killed run of an earlier release left open to others
            draft.write_bytes(content)
        open_to_group(draft, like=out.parent)
        draft.replace(out)
    except OSError as problem:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise ReportError(f"{out}: cannot be written: {problem.strerror}; make room, or choose another --out") from None


def draft_of(out: Path) -> Path:
    """Where a file is written before it takes its place; a run that was killed may leave it."""
    return out.with_name(f".{out.name}.draft")


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
        "week": ", ".join(filter(None, (f"Week of {write_day(report.week)}", write_state(report)))),
        "footer": f"Report {report.report_id}",
        "headline": wording.headline,
        "paragraph": " ".join(wording.paragraph),
        "numbers": [asdict(number) for number in captions.write_key_numbers(report)],
        "advice": _advice(report),
        "can_say": wording.can_say,
        "uncertain": wording.uncertain,
        "trend_note": captions.note_trend(report),
        "attention_title": f"Attention to {report.attention_subject}",
        "windows": [
            {"name": name, "title": captions.title_windows(row, report)}
            for name, row in (("windows_primary", primary), ("windows_second", report.second))
            if row is not None and row.placebo_estimates
        ],
        "themes_note": captions.note_themes(report),
        "no_event": f"{upper_first(write_no_event(report, titled=True))}.",
        "events": [_event(event, report) for event in report.events],
        "posts_title": captions.title_posts(report),
        "posts": [
            {"title": title, "posts": [_post(post) for post in report.posts if post.period == period]}
            for period, title in (("event", captions.title_event_posts(report)), ("week", "In the week"))
            if period == "week" or report.event is not None
        ],
        "withdrawn": captions.write_withdrawn(report),
        "sources": [_source(row) for row in report.sources],
        "gaps": [write_gap(gap) for gap in report.gaps[:GAPS_SHOWN]],
        "gaps_more": max(0, len(report.gaps) - GAPS_SHOWN),
        "left_out": captions.write_left_out(report),
        "query": f"SELECT * FROM published_figures WHERE report_id = '{report.report_id}'",
    }


def _advice(report: Report) -> dict[str, Any] | None:
    advice = write_advice(report)
    return None if advice is None else asdict(advice)


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
        "reason": " ".join(filter(None, (write_declared(rows[0]) if rows else "", shared))),
        "effects": [_effect(row, primary, reason, report) for row, reason in zip(rows, each, strict=True)],
    }


def _effect(row: EffectRow, primary: EffectRow | None, reason: str, report: Report) -> dict[str, str]:
    digits = 2 if row.measure == "rating" else 1
    means = (
        write_number(mean, digits, signed=row.measure == "net_trust") for mean in (row.before_mean, row.after_mean)
    )
    windows = f"{row.placebos} ({row.independent_windows})" if row.placebos else "–"
    # Where weeks are weighed p does not come from a rank, so nothing is counted among the windows.
    moved = f"{'–' if row.moved_as_much is None else row.moved_as_much} of " if row.placebos else ""
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
        "reason": " ".join(filter(None, (captions.write_role(row), reason, _ways(row, primary)))),
    }


def _ways(row: EffectRow, primary: EffectRow | None) -> str:
    """The specification curve in a sentence, which claims no more than the row itself."""
    if row.ways is None:
        return ""
    said = write_ways(row.ways, row.measure)
    return f"{said} That is described, not claimed." if verdict_of(row, primary) == "exploratory" else said


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
