"""Reading a report out of the published copy of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analytics.plan.ways import Ways
from analytics.report.appearance import Appearance
from analytics.report.deciding import decide
from analytics.report.evidence import read_checks, read_parts, read_recoveries
from analytics.report.figures import Figure, Parameter, Row, ask, fingerprint, read_figures
from analytics.report.formatting import join_themes
from analytics.report.listening import Listening, StoredCount
from analytics.report.model import (
    ClaimRow,
    Copies,
    EffectRow,
    Event,
    Gap,
    LeftOut,
    LoudPost,
    NoticeSign,
    Outcome,
    Peer,
    Point,
    Report,
    ReportError,
    Series,
    SourceRow,
    SourceWeek,
    SpeakerCount,
    ThemeShare,
    VoicedShare,
    VoiceShare,
    Volume,
    Week,
)
from analytics.report.rising_terms import function_words, read_rising_terms
from analytics.report.spreading import read_spread
from analytics.report.volume import read_spikes
from analytics.store import now
from brands.decisions import Decision, default_decisions

if TYPE_CHECKING:
    import duckdb

WEEKS_SHOWN = 104
WEEKS_BEFORE_EVENT = 56
POST_CHARACTERS = 280
THEMES_SHOWN = 8


def list_posts_behind(connection: duckdb.DuckDBPyConnection, report: Report) -> tuple[LoudPost, ...]:
    """The posts behind the weeks that the report shows, newest week first: at most twelve a week.

    Of each week the eight with the widest reach, and the four on data or AI practices with the widest reach beyond
    those. They belong to no `Report`: only a page that shows them asks for them.
    """
    shown = [point.week for series in report.trend[:1] for point in series.points]
    parameters: dict[str, Parameter] = {
        "brand": report.brand,
        "since": min(shown, default=report.week),
        "week": report.week,
    }
    labels = {row["theme"]: row["label"] for row in ask(connection, "list_theme_labels", parameters)[1]}
    return tuple(read_post(row, labels) for row in ask(connection, "list_posts_behind", parameters)[1])


def build_report(
    connection: duckdb.DuckDBPyConnection,
    brand: str,
    *,
    week: date | None = None,
    today: date | None = None,
    synthetic: bool = False,
    decisions: Sequence[Decision] = (),
    listening: Listening | None = None,
    appearance: Appearance | None = None,
) -> Report:
    """The report on `brand` (its slug) for the week that holds the day `week`.

    Without `week`: of the weeks that are over on `today` (UTC; default: the day it is) the last one that was
    collected as completely as its sources allow, looking back eight weeks; else the last of which anything was
    collected. A week that still runs is taken only where none is over. `decisions` are the brand file's rules of
    advice; none: those that come with brandtrust. `appearance` is its colour and logo, `listening` what that file
    asks for, for the table of sources and methods. Raises ReportError where the store does not know the brand or
    holds no week of it.
    """
    report = _Builder(connection, brand, week, today or now().date()).build(synthetic=synthetic)
    return replace(
        report,
        advised=decide(report, decisions or default_decisions()),
        listening=listening,
        appearance=appearance or Appearance(),
    )


class _Builder:
    """Asks the queries in turn and keeps every figure that they give."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, brand: str, week: date | None, today: date) -> None:
        self._connection = connection
        self._parameters: dict[str, Parameter] = {
            "brand": brand,
            "today": today,
            "function_words": function_words(),
        }
        self._figures: dict[str, Figure] = {}
        if week is None:
            weeks = self._ask("find_week")
            if not weeks:
                raise ReportError(f"{brand}: the store holds no week of this brand; collect and score it first")
            week = weeks[0]["week"]
        self._week = week - timedelta(days=week.weekday())
        self._is_over = self._week + timedelta(weeks=1) <= today
        self._parameters["week"] = self._week

    def build(self, *, synthetic: bool) -> Report:
        described = self._ask("describe_brand")
        if not described:
            raise ReportError(f"{self._parameters['brand']}: the store does not know this brand; run its brand file")
        about = described[0]
        names = {about["brand"]: about["name"], **{peer["brand"]: peer["name"] for peer in about["peers"]}}
        labels = {row["theme"]: row["label"] for row in self._ask("list_theme_labels")}
        declared = [_read_event(row, labels) for row in self._ask("list_events")]
        events = tuple(event for event in declared if self._is_reached(event))
        event = events[0] if events else None
        self._set_time(event)

        trend_rows = self._ask_figures("list_trust_weeks")
        attention, subject = self._read_attention(names, event)
        loud = [read_post(row, labels) for row in self._ask_figures("list_loud_posts")]
        spikes = self._ask_figures("find_volume_spikes")
        spread = self._ask_figures("measure_spread")
        stored = self._ask_figures("count_kinds_and_languages")
        return Report(
            brand=about["brand"],
            name=about["name"],
            week=self._week,
            synthetic=synthetic,
            peers=tuple(Peer(peer["brand"], peer["name"]) for peer in about["peers"]),
            scorer=about["scorer"],
            scorer_version=about["scorer_version"],
            taxonomy_version=about["taxonomy_version"],
            query_hash=about["query_hash"],
            run_id=about["run_id"] or "",
            store_id=about["store_id"],
            this_week=self._read_week(trend_rows),
            event=event,
            events=events,
            coming=next((event for event in reversed(declared) if event not in events), None),
            effects=self._read_effects(events),
            trend=_read_series(trend_rows, names),
            attention=attention,
            attention_subject=subject,
            themes=_read_themes(self._ask_figures("list_themes")),
            posts=(*loud, *_read_carriers(spikes, labels), *_read_first_story(spread, labels)),
            sources=_read_sources(self._ask_figures("list_sources")),
            volume=_read_volume(self._ask_figures("list_volume_weeks")),
            kinds=_read_stored(stored, "kinds"),
            languages=_read_stored(stored, "languages"),
            spikes=read_spikes(spikes),
            spread=read_spread(spread),
            rising_terms=read_rising_terms(self._ask_figures("find_rising_terms")),
            gaps=tuple(
                Gap(row["first_day"], row["last_day"], row["status"], tuple(row["sources"]))
                for row in self._ask("list_gaps")
            ),
            left_out=LeftOut(**{row["measure"]: int(row["value"]) for row in self._ask_figures("count_left_out")}),
            copies=self._read_copies(),
            notice_signs=self._read_notice_signs(event),
            claims=_read_claims(self._ask_figures("list_claims")),
            speakers=_read_speakers(self._ask_figures("count_speakers")),
            voice_shares=_read_voice_shares(self._ask_figures("list_voice_shares"), names),
            change_parts=read_parts(self._ask_figures("list_change_parts")),
            effect_checks=read_checks(self._ask_figures("list_effect_checks")),
            recoveries=read_recoveries(self._ask_figures("list_recoveries")),
            outcomes=tuple(Outcome(**row) for row in self._ask("list_outcomes")),
            figures=tuple(self._figures[figure_id] for figure_id in sorted(self._figures)),
            fingerprint=fingerprint(self._figures.values()),
        )

    def _is_reached(self, event: Event) -> bool:
        """Whether its tested day lies before the end of the week."""
        return event.tested is not None and event.tested < self._week + timedelta(weeks=1)

    def _ask(self, name: str) -> list[Row]:
        return ask(self._connection, name, self._parameters)[1]

    def _ask_figures(self, name: str) -> list[Row]:
        sql, rows = ask(self._connection, name, self._parameters)
        self._figures.update(read_figures(sql, rows))
        return rows

    def _set_time(self, event: Event | None) -> None:
        """The weeks to show, and the week before which things were as usual: the event's, or this one without event."""
        since = self._week - timedelta(weeks=WEEKS_SHOWN - 1)
        anchor = self._week
        self._parameters |= {
            "event_id": None,
            "event_scope": None,
            "event_date": None,
            "event_week": None,
            "event_themes": (),
        }
        if event is not None and event.tested is not None:
            anchor = event.tested - timedelta(days=event.tested.weekday())
            since = min(since, anchor - timedelta(weeks=WEEKS_BEFORE_EVENT))
            nearest_monday = event.tested + timedelta(days=3)
            self._parameters |= {
                "event_id": event.event_id,
                "event_scope": f"event:{event.event_id}" if event.themes else None,
                "event_date": event.tested,
                "event_week": nearest_monday - timedelta(days=nearest_monday.weekday()),
                "event_themes": event.themes,
            }
        self._parameters |= {"since": since, "anchor": anchor}

    def _read_copies(self) -> Copies | None:
        rows = self._ask_figures("measure_without_copies")
        return Copies(**{row["measure"]: row["value"] for row in rows}) if rows else None

    def _read_week(self, trend_rows: list[Row]) -> Week:
        usual = {(row["scope"], row["measure"]): row["figure_id"] for row in self._ask_figures("measure_usual")}
        counted = {row["measure"]: row for row in self._ask_figures("count_week")}
        brand, week = self._parameters["brand"], self._week
        row = next((row for row in trend_rows if row["brand"] == brand and row["week"] == week), {})
        return Week(
            net_trust=self._figures.get(f"trust_weekly/{brand}/{week}/all/net_trust"),
            usual_net_trust=self._figures.get(usual.get(("all", "usual_net_trust"), "")),
            practices=self._figures.get(f"attention_weekly/{brand}/{week}/practices/attention"),
            usual_practices=self._figures.get(usual.get(("practices", "usual_attention"), "")),
            authors=int(counted["authors"]["value"]) if counted else 0,
            posts=int(counted["posts"]["value"]) if counted else 0,
            sources=int(counted["sources"]["value"]) if counted else 0,
            usual_posts=self._figures.get(usual.get(("all", "usual_posts"), "")),
            volume_comparable=bool(counted and counted["posts"]["volume_comparable"]),
            coverage=row.get("coverage", "none"),
            over=self._is_over,
        )

    def _read_attention(self, names: dict[str, str], event: Event | None) -> tuple[tuple[Series, ...], str]:
        rows = self._ask_figures("list_attention_weeks")
        scope = self._parameters["event_scope"]
        of_event = [row for row in rows if row["scope"] == scope]
        if event is None or not of_event:
            practices = [row for row in rows if row["scope"] == "practices"]
            return _read_series(practices, names), "data and AI practices"
        return _read_series(of_event, names), join_themes(event.theme_labels)

    def _read_notice_signs(self, event: Event | None) -> tuple[NoticeSign, ...]:
        if event is None or event.tested is None:
            return ()
        return tuple(
            NoticeSign(row["scope"], row["first_day"], row["value"], row["usual"], row["n"])
            for row in self._ask_figures("list_notice_signs")
        )

    def _read_effects(self, events: tuple[Event, ...]) -> tuple[EffectRow, ...]:
        titles = {event.event_id: event.title for event in events}
        beside = {row["figure_id"]: row["value"] for row in self._ask_figures("list_effect_figures")}
        effects = []
        numbers = {row["figure_id"]: row["value"] for row in self._ask_figures("list_ways")}
        for row in self._ask_figures("list_effects"):
            ways = {name: numbers.get(row["figure_id"].removesuffix("estimate") + f"ways_{name}") for name in _WAYS}
            moved = beside.get(row["figure_id"].removesuffix("estimate") + "moved_as_much")
            effects.append(
                EffectRow(
                    **{name: row[name] for name in _PLAIN_EFFECT_COLUMNS},
                    event_title=titles.get(row["event_id"]) or str(row["event_id"]),
                    estimate=row["value"],
                    placebo_estimates=tuple(row["placebo_estimates"]),
                    moved_as_much=None if moved is None else int(moved),
                    peers=tuple(row["peers"]),
                    dates_not_separable=tuple(row["dates_not_separable"]),
                    ways=_read_ways(ways),
                )
            )
        return tuple(effects)


_PLAIN_EFFECT_COLUMNS = (
    *(
        "event_id",
        "measure",
        "role",
        "verdict",
        "reason",
        "event_date",
        "as_of",
        "low",
        "high",
        "p_value",
        "smallest_p",
    ),
    *("placebos", "independent_windows", "smallest_visible", "before_mean", "after_mean", "before_authors"),
    *("after_authors", "before_bins", "after_bins", "alpha", "validation", "weighed"),
    *("raw_change", "corrected_change", "corrected_low", "corrected_high", "declared", "declared_reason"),
    *("recovery", "recovery_margin", "recovered_on"),
)


_WAYS = tuple(field.name for field in fields(Ways))


def _read_ways(numbers: dict[str, float | None]) -> Ways | None:
    """What a curve comes to, out of its figures; None where none was drawn."""
    found = {name: value for name, value in numbers.items() if value is not None}
    if len(found) < len(numbers):
        return None
    ends = {name: found.pop(name) for name in ("lowest", "highest")}
    return Ways(**{name: int(value) for name, value in found.items()}, **ends)  # type: ignore[arg-type]


def _read_event(row: Row, labels: dict[str, str]) -> Event:
    themes = tuple(row["themes"])
    return Event(**{**row, "themes": themes}, theme_labels=tuple(labels.get(theme, theme) for theme in themes))


def _read_series(rows: list[Row], names: dict[str, str]) -> tuple[Series, ...]:
    """One series a brand, in the order of the rows; a week in which nobody spoke has no value."""
    points: dict[str, list[Point]] = {}
    for row in rows:
        value = row["value"] if row["n"] else None
        points.setdefault(row["brand"], []).append(
            Point(row["week"], value, row["low"], row["high"], row["n"], row["thin"], row["coverage"])
        )
    return tuple(Series(brand, names.get(brand, brand), tuple(of_brand)) for brand, of_brand in points.items())


def _read_themes(rows: list[Row]) -> tuple[ThemeShare, ...]:
    shares: dict[str, dict[str, Any]] = {}
    for row in rows:
        shares.setdefault(row["scope"], {"label": row["label"]})[row["period"]] = row["value"]
    themes = [
        ThemeShare(theme, of["label"], of.get("now"), of.get("usual"), of.get("event")) for theme, of in shares.items()
    ]
    spoken_of = [theme for theme in themes if theme.now or theme.usual or theme.event]
    spoken_of.sort(key=lambda theme: (-(theme.bar or 0), -(theme.now or 0), theme.theme))
    return tuple(spoken_of[:THEMES_SHOWN])


def _read_claims(rows: list[Row]) -> tuple[ClaimRow, ...]:
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


def _read_speakers(rows: list[Row]) -> tuple[SpeakerCount, ...]:
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


def _read_voice_shares(rows: list[Row], names: dict[str, str]) -> tuple[VoiceShare, ...]:
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


def _read_carriers(rows: list[Row], labels: dict[str, str]) -> list[LoudPost]:
    """The posts that stand for a thread or a text of find_volume_spikes, each once."""
    quoted = {(row["scope"], row["post"]["post_id"]): row for row in rows if row["post"]}
    return [
        read_post({"period": "spike", "source": source, "value": row["post"]["reach"], **row["post"]}, labels)
        for (source, _), row in quoted.items()
    ]


def _read_first_story(rows: list[Row], labels: dict[str, str]) -> list[LoudPost]:
    return [read_post({"period": "story", **row["post"]}, labels) for row in rows if row["post"]]


def _clip(text: str, characters: int, *, cut: bool = False) -> str:
    """The text on one line, at most so many characters, ended by … where something is missing."""
    words = " ".join(text.split())
    if len(words) <= characters:
        return words + "…" if cut else words
    head = words[:characters]
    at_word = head.rfind(" ", characters - 30)
    return head[: at_word if at_word > 0 else characters].rstrip(" ,;:.") + "…"


def _read_volume(rows: list[Row]) -> tuple[Volume, ...]:
    weeks: dict[str, list[SourceWeek]] = {}
    for row in rows:
        posts = None if row["value"] is None else int(row["value"])
        weeks.setdefault(row["scope"], []).append(SourceWeek(row["week"], posts, row["n"], row["coverage"]))
    return tuple(Volume(source, tuple(of_source)) for source, of_source in weeks.items())


def _read_stored(rows: list[Row], what: str) -> tuple[StoredCount, ...]:
    return tuple(
        StoredCount(row["source"] or "", row["name"], int(row["value"])) for row in rows if row["measure"] == what
    )


def _read_sources(rows: list[Row]) -> tuple[SourceRow, ...]:
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
