"""Reading a report out of the published copy of the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics.report.appearance import Appearance
from analytics.report.deciding import decide
from analytics.report.episodes import read_episodes
from analytics.report.evidence import read_checks, read_parts, read_recoveries
from analytics.report.figures import Figure, Parameter, Row, ask, fingerprint, read_figures
from analytics.report.formatting import join_themes
from analytics.report.listening import Listening
from analytics.report.model import (
    Copies,
    EffectRow,
    Event,
    Gap,
    LeftOut,
    LoudPost,
    NoticeSign,
    Outcome,
    Peer,
    Report,
    ReportError,
    Series,
    Week,
)
from analytics.report.reception import read_reception
from analytics.report.replaced import find_replaced
from analytics.report.rising_terms import function_words, read_rising_terms
from analytics.report.rows import (
    WAYS,
    read_carriers,
    read_claims,
    read_event,
    read_first_story,
    read_post,
    read_series,
    read_sources,
    read_speakers,
    read_stored,
    read_themes,
    read_voice_shares,
    read_volume,
    read_ways,
)
from analytics.report.spreading import read_spread
from analytics.report.volume import read_spikes
from analytics.report.week_parts import read_week_parts
from analytics.store import now
from brands.decisions import Decision, default_decisions

if TYPE_CHECKING:
    import duckdb

WEEKS_SHOWN = 104
WEEKS_BEFORE_EVENT = 56


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
    with _counted_once(connection, brand):
        report = _Builder(connection, brand, week, today or now().date()).build(synthetic=synthetic)
    advised = decide(report, decisions or default_decisions())
    complete = replace(
        report,
        advised=advised,
        listening=listening,
        appearance=appearance or Appearance(),
        # Another advice, event or query is another report, which is sent and kept beside the one before.
        fingerprint=fingerprint(report.figures, report.name, report.events, report.coming, advised, listening),
    )
    former = find_replaced(connection, brand, complete.week, complete.report_id, complete.figures)
    return replace(complete, replaced=former)


@contextmanager
def _counted_once(connection: duckdb.DuckDBPyConnection, brand: str) -> Iterator[None]:
    """Meanwhile the view source_weekly is a table of the brand's and its peers' rows: several queries read it."""
    connection.execute(
        "CREATE TEMP TABLE source_weekly AS SELECT * FROM main.source_weekly "
        "WHERE brand = $brand OR brand IN (SELECT peer FROM brand_peers WHERE brand = $brand)",
        {"brand": brand},
    )
    try:
        yield
    finally:
        connection.execute("DROP TABLE temp.source_weekly")


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
        if self._week > today:
            raise ReportError(f"{brand}: the week of {self._week} has not begun; give an earlier day with --week")
        self._is_over = self._week + timedelta(weeks=1) <= today
        self._parameters["week"] = self._week
        self._parameters["until"] = min(self._week + timedelta(weeks=1), today)  # a week that is over stays as it is

    def build(self, *, synthetic: bool) -> Report:
        described = self._ask("describe_brand")
        if not described:
            raise ReportError(f"{self._parameters['brand']}: the store does not know this brand; run its brand file")
        about = described[0]
        names = {about["brand"]: about["name"], **{peer["brand"]: peer["name"] for peer in about["peers"]}}
        labels = {row["theme"]: row["label"] for row in self._ask("list_theme_labels")}
        declared = [read_event(row, labels) for row in self._ask("list_events")]
        events = tuple(event for event in declared if self._is_reached(event))
        event = events[0] if events else None
        self._set_time(event)

        trend_rows = self._ask_figures("list_trust_weeks")
        attention, subject = self._read_attention(names, event)
        loud = [read_post(row, labels) for row in self._ask_figures("list_loud_posts")]
        spikes = self._ask_figures("find_volume_spikes")
        spread = self._ask_figures("measure_spread")
        stored = self._ask_figures("count_kinds_and_languages")
        this_week = self._read_week(trend_rows)
        movers = [read_post(row, labels) for row in self._ask_movers(this_week)]
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
            this_week=this_week,
            event=event,
            events=events,
            coming=next((event for event in reversed(declared) if event not in events), None),
            effects=self._read_effects(events),
            trend=read_series(trend_rows, names),
            attention=attention,
            attention_subject=subject,
            themes=read_themes(self._ask_figures("list_themes")),
            posts=(*loud, *read_carriers(spikes, labels), *read_first_story(spread, labels), *movers),
            sources=read_sources(self._ask_figures("list_sources")),
            volume=read_volume(self._ask_figures("list_volume_weeks")),
            kinds=read_stored(stored, "kinds"),
            languages=read_stored(stored, "languages"),
            spikes=read_spikes(spikes),
            spread=read_spread(spread),
            reception=read_reception(self._ask_figures("measure_reception")),
            episodes=read_episodes(self._ask_figures("compare_episodes"), names),
            rising_terms=read_rising_terms(self._ask_figures("find_rising_terms")),
            week_parts=read_week_parts(self._ask_figures("compare_week")),
            gaps=tuple(
                Gap(row["first_day"], row["last_day"], row["status"], tuple(row["sources"]))
                for row in self._ask("list_gaps")
            ),
            left_out=LeftOut(**{row["measure"]: int(row["value"]) for row in self._ask_figures("count_left_out")}),
            copies=self._read_copies(),
            notice_signs=self._read_notice_signs(event),
            claims=read_claims(self._ask_figures("list_claims")),
            speakers=read_speakers(self._ask_figures("count_speakers")),
            voice_shares=read_voice_shares(self._ask_figures("list_voice_shares"), names),
            change_parts=read_parts(self._ask_figures("list_change_parts")),
            effect_checks=read_checks(self._ask_figures("list_effect_checks")),
            recoveries=read_recoveries(self._ask_figures("list_recoveries")),
            outcomes=tuple(Outcome(**row) for row in self._ask("list_outcomes")),
            figures=tuple(self._figures[figure_id] for figure_id in sorted(self._figures)),
            fingerprint="",  # of all that it says, once that is known
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
            "responded": None,
            "event_themes": (),
        }
        if event is not None and event.tested is not None:
            anchor = event.tested - timedelta(days=event.tested.weekday())
            since = min(since, anchor - timedelta(weeks=WEEKS_BEFORE_EVENT))
            self._parameters |= {
                "event_id": event.event_id,
                "event_scope": f"event:{event.event_id}" if event.themes else None,
                "event_date": event.tested,
                "event_week": event.first_week,
                "responded": event.responded,
                "event_themes": event.themes,
            }
        self._parameters |= {"since": since, "anchor": anchor}

    def _ask_movers(self, week: Week) -> list[Row]:
        """Posts that speak the way the week went, where that is further from its usual than sampling explains."""
        if week.side is None:
            return []
        self._parameters["went"] = week.side
        return self._ask_figures("list_week_movers")

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
            return read_series(practices, names), "data and AI practices"
        return read_series(of_event, names), join_themes(event.theme_labels)

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
            ways = {name: numbers.get(row["figure_id"].removesuffix("estimate") + f"ways_{name}") for name in WAYS}
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
                    ways=read_ways(ways),
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
