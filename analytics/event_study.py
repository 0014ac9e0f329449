"""The effect of each policy event of a brand, from the posts in the store: bins, peers, verdicts.

Reaction follows notice, so the date tested is `noticed`; without one the earliest other date stands in and says so.
Voices are counted by 7-day bins on the event's own grid, one a voice and bin. The measures, in this order: attention to
the event's own themes (the primary one unless the brand file declares another), net trust expression over all posts as
100 × mean compound (the sign of display throws information away), stars where the source has them. What is shown
follows the declared order; beside it stands the joint p, which holds for all measures at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

import pandas as pd
from threadpoolctl import threadpool_limits

from analytics.effect_checks import list_known_dates, why_barred
from analytics.effect_context import EffectContext, add_context
from analytics.effect_measures import measure_effect
from analytics.effects import Effect
from analytics.effects.fixed_sequence import judge_in_order
from analytics.effects.step_down import Joint, judge_together
from analytics.evaluation.sampling import Windows
from analytics.evaluation.validation import Validation, validate
from analytics.event_bins import EventBins
from analytics.sentiment import scorer_version
from analytics.store import Store, first_row, now
from analytics.store.catalogue import statement
from analytics.store.gathering import gather

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from brands.brand_file import Brand, Event

ALPHA = 0.05
AFTER_BINS = {"attention": 2, "net_trust": 4, "rating": 4}
MEASURES = tuple(AFTER_BINS)


@dataclass(frozen=True, slots=True)
class EventEffect:
    """One measure of one event, as it goes into the table event_effects."""

    event_id: str
    measure: str
    role: str
    event_date: date
    scorer: str
    effect: Effect
    before_mean: float | None
    after_mean: float | None
    validation: Validation = field(default_factory=Validation)
    context: EffectContext | None = None  # by the configured scorer only, as is `joint`
    joint: Joint | None = None


class Further(Protocol):
    """What else is done about the effects in their transaction, with the bins that they were counted in."""

    def __call__(
        self,
        connection: duckdb.DuckDBPyConnection,
        found: Sequence[EventEffect],
        as_of: date,
        bins: Mapping[str, EventBins],
    ) -> None: ...


def measure_effects(
    store: Store, brand: Brand, run_id: str, *, as_of: date | None = None, further: Further | None = None
) -> list[EventEffect]:
    """Measure every event of the brand from posts before `as_of` (default: all that were collected) and save it."""
    found: list[EventEffect] = []
    # Of matrices this small each thread only waits for the others, and sums of several would differ in their last bits.
    with store.transaction() as connection, threadpool_limits(1):
        gather(connection)
        last_day = as_of or _after_last_collected_day(connection, brand.slug)
        peers = [peer.slug for peer in brand.peers]
        bins = {
            event.id: EventBins(connection, brand.slug, peers, event.themes, last_day) for event in brand.file.events
        }
        days = dates_tested(connection, brand)
        for event in brand.file.events:
            if (tested := days[event.id]) is not None:
                found += _measure_event(connection, brand, event, tested, last_day, bins[event.id])
        for result in found:
            _save(connection, brand.slug, result, last_day, run_id)
        connection.execute("DELETE FROM event_effects WHERE brand = ? AND run_id <> ?", [brand.slug, run_id])
        described = add_context(connection, brand, found, last_day, run_id, bins)
        if further is not None:
            further(connection, described, last_day, bins)
        return described


def _after_last_collected_day(connection: duckdb.DuckDBPyConnection, brand: str) -> date:
    row = first_row(connection, "SELECT max(day) FROM coverage_daily WHERE brand = ? AND covered_hours > 0", [brand])
    return row[0] + timedelta(days=1) if row and row[0] else now().date()


def date_tested(event: Event) -> date | None:
    """The day on which a reaction is looked for: noticed, else effective, else when the clause was first seen."""
    return event.noticed or event.effective or event.clause_first_seen


def dates_tested(connection: duckdb.DuckDBPyConnection, brand: Brand) -> dict[str, date | None]:
    """That day of each event; where the brand file has none, the one since which a confirmed clause is known."""
    sql = "SELECT event_id, clause_first_seen FROM policy_events WHERE brand = ? AND confirmed"
    confirmed = dict(connection.execute(sql, [brand.slug]).fetchall())
    return {event.id: date_tested(event) or confirmed.get(event.id) for event in brand.file.events}


def _measure_event(
    connection: duckdb.DuckDBPyConnection, brand: Brand, event: Event, tested: date, as_of: date, counted: EventBins
) -> list[EventEffect]:
    row = first_row(
        connection, "SELECT scorer, also_scored, masked_names, model FROM brands WHERE brand = ?", [brand.slug]
    )
    if row is None:
        return []
    scorer, also, names, model = row
    known, barred = list_known_dates(brand, event, tested, tested), why_barred(event)
    primary = brand.file.report.primary_measure
    results: list[EventEffect] = []
    for each in (scorer, *also):
        bins, peers = counted.on_grid_of(tested, each)
        if bins.empty:
            continue
        measures = [name for name in MEASURES if each == scorer or name == "net_trust"]
        effects = {
            name: measure_effect(
                name,
                bins,
                peers,
                tested,
                known_dates=known,
                barred=barred,
                alpha=ALPHA,
                after=AFTER_BINS[name],
            )
            for name in measures
            if bins[name].notna().any() and (name != "attention" or event.themes)
        }
        if not effects:
            continue
        order = [name for name in dict.fromkeys((primary, "net_trust")) if name in effects] if each == scorer else []
        roles = {name: judged.role for name, judged in judge_in_order(effects, order, ALPHA).items()} if order else {}
        joint = judge_together(effects, ALPHA) if each == scorer else {}
        validation = Validation()
        if trust := effects.get("net_trust"):
            version = scorer_version(each, names, model)
            windows = Windows(event.id, tested, trust.before, trust.after, as_of, event.themes, each, version)
            validation = validate(connection, brand.slug, windows)
        shown = bool(order) and effects[order[0]].verdict in ("fell", "rose")
        for name, effect in effects.items():
            role = roles.get(name, "exploratory")
            if role == "second" and not shown:
                role = "exploratory"
                if not barred:
                    effect = replace(
                        effect, reason=f"{effect.reason} Not tested: {order[0]}, which goes first, was not shown."
                    )
            sides = _side_means(bins, name, effect)
            told = f"{effect.reason} {validation.sentence(corrected=name == 'net_trust')}".lstrip()
            effect = replace(effect, reason=told)
            beside = joint.get(name)
            results.append(EventEffect(event.id, name, role, tested, each, effect, *sides, validation, joint=beside))
    return results


def _side_means(bins: pd.DataFrame, measure: str, effect: Effect) -> tuple[float | None, float | None]:
    before = bins.loc[bins["bin"].between(-effect.before, -1), measure].mean()
    after = bins.loc[bins["bin"].between(0, effect.after - 1), measure].mean()
    return (None if pd.isna(before) else float(before)), (None if pd.isna(after) else float(after))


def _save(connection: duckdb.DuckDBPyConnection, brand: str, result: EventEffect, as_of: date, run_id: str) -> None:
    effect, validation = result.effect, result.validation
    correction = validation.correction if result.measure == "net_trust" else None
    row = first_row(connection, "SELECT masked_names, model FROM brands WHERE brand = ?", [brand])
    connection.execute(
        statement("upsert_event_effect"),
        {
            "brand": brand,
            "event_id": result.event_id,
            "measure": result.measure,
            "role": result.role,
            "event_date": result.event_date,
            "as_of": as_of,
            "estimate": effect.estimate,
            "low": effect.low,
            "high": effect.high,
            "p_value": effect.p_value,
            "smallest_p": effect.smallest_p,
            "placebos": effect.placebos,
            "placebo_estimates": list(effect.placebo_estimates),
            "independent_windows": effect.independent_windows,
            "smallest_visible": effect.smallest_visible,
            "verdict": effect.verdict,
            "reason": effect.reason,
            "before_mean": result.before_mean,
            "after_mean": result.after_mean,
            "before_authors": effect.authors_before,
            "after_authors": effect.authors_after,
            "before_bins": effect.before,
            "after_bins": effect.after,
            "peers": list(effect.peers_used),
            "dates_not_separable": [day.isoformat() for day in effect.not_separable_from],
            "alpha": effect.alpha,
            "scorer": result.scorer,
            "version": scorer_version(result.scorer, *(row or ())),
            "validation": validation.said,
            "labels_before": validation.labels_before,
            "labels_after": validation.labels_after,
            "raw_change": correction and correction.raw,
            "corrected_change": correction and correction.estimate,
            "corrected_low": correction and correction.low,
            "corrected_high": correction and correction.high,
            "joint_p": result.joint and result.joint.p_value,
            "joint_reason": result.joint.reason if result.joint else "",
            "weighed": bool(effect.standardised),
            "run_id": run_id,
        },
    )
