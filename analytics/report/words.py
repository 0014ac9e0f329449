"""The words of the report, each sentence once: the PDF and the page for a browser say the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from analytics.report import captions
from analytics.report.advice import write_advice
from analytics.report.belief import write_claims, write_speakers, write_voice_shares
from analytics.report.episodes_words import HEADS, write_episodes
from analytics.report.formatting import (
    upper_first,
    write_change,
    write_count,
    write_day,
    write_interval,
    write_number,
    write_p,
    write_small,
)
from analytics.report.gaps import write_gap
from analytics.report.model import EffectRow, Event, LoudPost, Report, SourceRow
from analytics.report.phrases import verdict_of, write_no_event, write_state, write_ways
from analytics.report.quoting import write_link, write_unlinked
from analytics.report.reasons import share_reasons, write_declared
from analytics.report.reception_words import write_reception
from analytics.report.rising_terms_words import write_rising_terms
from analytics.report.sentences import write_wording
from analytics.report.spreading_words import write_spread
from analytics.report.transparency import write_transparency
from analytics.report.volume_words import write_volumes
from analytics.report.week_parts_words import write_week_parts
from analytics.report.where_from import write_where_from

GAPS_SHOWN = 8


def write_words(report: Report) -> dict[str, Any]:
    """All that a view of the report says, as text by the name of its place: whoever lays it out decides nothing."""
    wording = write_wording(report)
    primary = report.primary
    return {
        "synthetic": report.synthetic,
        "title": f"{report.name}: weekly report, week of {write_day(report.week)}",
        "name": report.name,
        "week": ", ".join(filter(None, (f"Week of {write_day(report.week)}", write_state(report)))),
        "footer": f"Report {report.report_id}",
        "headline": wording.headline,
        "paragraph": " ".join(wording.paragraph),
        "numbers": [asdict(number) for number in captions.write_key_numbers(report)],
        "advice": _plain(write_advice(report)),
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
        "event_title": report.event.title if report.event else "",
        "where_from": _plain(write_where_from(report)),
        "episodes": _plain(write_episodes(report)),
        "episodes_heads": HEADS,
        "week_parts": _plain(write_week_parts(report)),
        "volume": asdict(write_volumes(report)),
        "volume_note": captions.note_volumes(report),
        "spread": _plain(write_spread(report)),
        "rising_terms": asdict(write_rising_terms(report)),
        "claims": write_claims(report),
        "reception": _plain(write_reception(report)),
        "speakers": write_speakers(report),
        "voice_shares": write_voice_shares(report),
        "four_weeks": _four_weeks(report),
        "posts_title": captions.title_posts(report),
        "posts": [
            {"title": title, "posts": [write_post(post) for post in report.posts if post.period == period]}
            for period, title in (("event", captions.title_event_posts(report)), ("week", "In the week"))
            if period == "week" or report.event is not None
        ],
        "withdrawn": captions.write_withdrawn(report),
        "sources": [_source(row) for row in report.sources],
        "gaps": [write_gap(gap) for gap in report.gaps[:GAPS_SHOWN]],
        "gaps_more": max(0, len(report.gaps) - GAPS_SHOWN),
        "left_out": captions.write_left_out(report),
        "transparency": write_transparency(report),
        "query": f"SELECT * FROM published_figures WHERE report_id = '{report.report_id}'",
    }


def _four_weeks(report: Report) -> str:
    """Which weeks stand beside the last four; empty without an event."""
    first = report.event.first_week if report.event else None
    if first is None:
        return ""
    begun = min(4, max(1, (report.week - first).days // 7 + 1))
    return f"{upper_first(write_small(begun, 'week'))} from {write_day(first)}"


def _plain(written: Any) -> dict[str, Any] | None:
    return None if written is None else asdict(written)


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


def write_post(post: LoudPost) -> dict[str, str]:
    """A quoted post: its words, a link where it has one of the web, and notes of source, day and numbers, no author."""
    notes = [post.source, write_day(post.day)]
    if post.reach:
        notes.append(f"reach {write_number(post.reach)}")
    if post.rating is not None:
        notes.append(write_count(round(post.rating), "star"))
    if post.compound is not None:
        notes.append(f"score {write_number(post.compound, 2, signed=True)}")
    if unlinked := write_unlinked(post):
        notes.append(unlinked)
    return {
        "notes": " · ".join(notes),
        "themes": ", ".join(post.themes),
        "title": post.title,
        "text": post.text,
        "url": write_link(post),
    }


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
