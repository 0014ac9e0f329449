"""Rows of the report's queries as parts of the report: one function a part."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from analytics.plan.ways import Ways
from analytics.report.figures import Row
from analytics.report.listening import StoredCount
from analytics.report.model import (
    ClaimRow,
    Event,
    LoudPost,
    Point,
    Series,
    SourceRow,
    SourceWeek,
    SpeakerCount,
    ThemeShare,
    VoicedShare,
    VoiceShare,
    Volume,
)

POST_CHARACTERS = 280
THEMES_SHOWN = 8

WAYS = tuple(field.name for field in fields(Ways))


def read_ways(numbers: dict[str, float | None]) -> Ways | None:
    """What a curve comes to, out of its figures; None where none was drawn."""
    found = {name: value for name, value in numbers.items() if value is not None}
    if len(found) < len(numbers):
        return None
    ends = {name: found.pop(name) for name in ("lowest", "highest")}
    return Ways(**{name: int(value) for name, value in found.items()}, **ends)  # type: ignore[arg-type]


def read_event(row: Row, labels: dict[str, str]) -> Event:
    themes = tuple(row["themes"])
    return Event(**{**row, "themes": themes}, theme_labels=tuple(labels.get(theme, theme) for theme in themes))


def read_series(rows: list[Row], names: dict[str, str]) -> tuple[Series, ...]:
    """One series a brand, in the order of the rows; a week in which nobody spoke has no value."""
    points: dict[str, list[Point]] = {}
    for row in rows:
        value = row["value"] if row["n"] else None
        points.setdefault(row["brand"], []).append(
            Point(row["week"], value, row["low"], row["high"], row["n"], row["thin"], row["coverage"])
        )
    return tuple(Series(brand, names.get(brand, brand), tuple(of_brand)) for brand, of_brand in points.items())


def read_themes(rows: list[Row]) -> tuple[ThemeShare, ...]:
    shares: dict[str, dict[str, Any]] = {}
    for row in rows:
        shares.setdefault(row["scope"], {"label": row["label"]})[row["period"]] = row["value"]
    themes = [
        ThemeShare(theme, of["label"], of.get("now"), of.get("usual"), of.get("event")) for theme, of in shares.items()
    ]
    spoken_of = [theme for theme in themes if theme.now or theme.usual or theme.event]
    spoken_of.sort(key=lambda theme: (-(theme.bar or 0), -(theme.now or 0), theme.theme))
    return tuple(spoken_of[:THEMES_SHOWN])


def read_claims(rows: list[Row]) -> tuple[ClaimRow, ...]:
    """One a claim, in the order of the brand file; both its periods."""
    voiced: dict[str, dict[str, VoicedShare]] = {}
    about: dict[str, Row] = {}
    for row in rows:
        about[row["scope"]] = row
        if row["value"] is not None:
            share = VoicedShare(row["value"], row["low"], row["high"], row["authors"], row["n"])
            voiced.setdefault(row["scope"], {})[row["period"]] = share
    plain = ("says", "status", "since", "until", "checked_by", "checked_on", "document", "clause", "event_date")
    return tuple(
        ClaimRow(
            claim=claim,
            **{name: row[name] for name in plain},
            clause_at_event=row["clause_at_event"],
            quotations=tuple(_clip(quotation, POST_CHARACTERS) for quotation in row["quotations"]),
            now=voiced.get(claim, {}).get("now"),
            event=voiced.get(claim, {}).get("event"),
        )
        for claim, row in about.items()
    )


def read_speakers(rows: list[Row]) -> tuple[SpeakerCount, ...]:
    """Most voices first, those of whom nothing is known last; a period without a voice is None for all."""
    counted: dict[str, dict[str, int]] = {}
    for row in rows:
        counted.setdefault(row["scope"], {})[row["period"]] = int(row["value"])
    periods = {period for of in counted.values() for period in of}
    found = [
        SpeakerCount(speaker, *(of.get(period, 0) if period in periods else None for period in ("now", "event")))
        for speaker, of in counted.items()
    ]
    found.sort(key=lambda count: (count.speaker == "unknown", -(count.event or 0), -(count.now or 0), count.speaker))
    return tuple(found)


def read_voice_shares(rows: list[Row], names: dict[str, str]) -> tuple[VoiceShare, ...]:
    return tuple(
        VoiceShare(
            brand=row["scope"],
            name=names.get(row["scope"]) or str(row["scope"]),
            share=row["value"],
            posts=row["posts"],
            posts_all=row["n"],
            why_no_share=row["why"] or "",
        )
        for row in rows
    )


def read_post(row: Row, labels: dict[str, str]) -> LoudPost:
    """A post out of a row of list_loud_posts or list_quotes, cut to what is quoted of it."""
    return LoudPost(
        period=row["period"],
        source=row["source"],
        day=row["day"],
        reach=int(row["value"]),
        compound=row["compound"],
        rating=row["rating"],
        themes=tuple(labels.get(theme, theme) for theme in row["themes"]),
        title=_clip(row["title"] or "", 120),
        text=_clip(row["text"], POST_CHARACTERS, cut=row["cut"]),
        url=row["url"] or "",
        post_id=row["post_id"],
    )


def read_carriers(rows: list[Row], labels: dict[str, str]) -> list[LoudPost]:
    """The posts that stand for a thread or a text of find_volume_spikes, each once."""
    quoted = {(row["scope"], row["post"]["post_id"]): row for row in rows if row["post"]}
    return [
        read_post({"period": "spike", "source": source, "value": row["post"]["reach"], **row["post"]}, labels)
        for (source, _), row in quoted.items()
    ]


def read_first_story(rows: list[Row], labels: dict[str, str]) -> list[LoudPost]:
    return [read_post({"period": "story", **row["post"]}, labels) for row in rows if row["post"]]


def _clip(text: str, characters: int, *, cut: bool = False) -> str:
    """The text on one line, at most so many characters, ended by … where something is missing."""
    words = " ".join(text.split())
    if len(words) <= characters:
        return words + "…" if cut else words
    head = words[:characters]
    at_word = head.rfind(" ", characters - 30)
    return head[: at_word if at_word > 0 else characters].rstrip(" ,;:.") + "…"


def read_volume(rows: list[Row]) -> tuple[Volume, ...]:
    weeks: dict[str, list[SourceWeek]] = {}
    for row in rows:
        posts = None if row["value"] is None else int(row["value"])
        weeks.setdefault(row["scope"], []).append(SourceWeek(row["week"], posts, row["n"], row["coverage"]))
    return tuple(Volume(source, tuple(of_source)) for source, of_source in weeks.items())


def read_stored(rows: list[Row], what: str) -> tuple[StoredCount, ...]:
    return tuple(
        StoredCount(row["source"] or "", row["name"], int(row["value"])) for row in rows if row["measure"] == what
    )


def read_sources(rows: list[Row]) -> tuple[SourceRow, ...]:
    values: dict[str, dict[str, int]] = {}
    notes: dict[str, Row] = {}
    for row in rows:
        values.setdefault(row["scope"], {})[row["measure"]] = int(row["value"])
        notes[row["scope"]] = row
    sources = []
    for source, of in values.items():
        flags = {flag["flag"]: flag["detail"] or flag["flag"] for flag in notes[source]["flags"]}
        sources.append(
            SourceRow(
                source=source,
                posts=of["posts"],
                complete=of["days_complete"],
                partial=of["days_partial"],
                capped=of["days_capped"],
                failed=of["days_failed"],
                never_asked=of["days_never_asked"],
                missing_this_week=of["days_missing_this_week"],
                constant_quota=flags.get("constant_quota", ""),
                sparse=flags.get("sparse_in_shared_file", ""),
                breaks=tuple((note["day"], note["note"]) for note in notes[source]["breaks"]),
            )
        )
    return tuple(sources)
