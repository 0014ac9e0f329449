"""The specification curve: one effect asked for in every reasonable way. It shows what an answer hangs on.

It claims nothing: the ways share their posts, so that thirty agreeing ones are no thirty findings, and no p-value is
given over all of them. The declared way is among them as it was measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from analytics.effects import Effect
from analytics.plan.asking import Asker
from analytics.plan.specifications import Specification, choose_specifications
from analytics.plan.ways import Ways, count_ways
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb

    from analytics.event_bins import EventBins
    from analytics.event_study import EventEffect
    from brands.brand_file import Brand, Event


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found in one way. `choices_changed`: against the declared way, which has 0."""

    specification: Specification
    choices_changed: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class Curve:
    """All ways in which one measure of one event was asked for, the declared one first.

    `combinations`: how many ways there are of which these were taken. `answers` is empty where the declared effect has
    no verdict, and `reason` says so.
    """

    event_id: str
    measure: str
    answers: tuple[Answer, ...]
    combinations: int
    reason: str = ""

    @property
    def ways(self) -> Ways | None:
        """The curve in a few numbers; None without answers."""
        return count_ways([answer.effect for answer in self.answers])


def save_curves(
    connection: duckdb.DuckDBPyConnection,
    brand: Brand,
    found: Sequence[EventEffect],
    as_of: date,
    run_id: str,
    bins: Mapping[str, EventBins],
) -> list[Curve]:
    """The curves of each event's primary measure and of net trust, in place of what was saved before.

    By the configured scorer's effects; within their transaction, with the bins that they were counted in.
    """
    connection.execute("DELETE FROM event_specifications WHERE brand = ?", [brand.slug])
    measures = {brand.file.report.primary_measure, "net_trust"}
    curves = []
    for event in brand.file.events:
        own = [each for each in found if each.event_id == event.id and each.context is not None]
        for each in own:
            if each.measure in measures:
                curve = draw_curve(connection, brand, event, each, bins[event.id], as_of)
                _save(connection, brand.slug, curve, run_id)
                curves.append(curve)
    return curves


def draw_curve(
    connection: duckdb.DuckDBPyConnection, brand: Brand, event: Event, found: EventEffect, bins: EventBins, as_of: date
) -> Curve:
    """Ask for one effect in every reasonable way (see `analytics.plan.specifications`)."""
    if found.effect.low is None:
        told = f"The declared way has no verdict ({found.effect.verdict}), so no other one is asked."
        return Curve(event.id, found.measure, (), 0, told)
    asker = Asker(connection, brand, event, found, bins, as_of)
    with threadpool_limits(1):  # of matrices this small each thread only waits for the others
        declared, choices = asker.declared, asker.list_choices()
        taken, combinations = choose_specifications(declared, choices)
        answers = [Answer(each, each.count_changes(declared), asker.ask(each)) for each in taken]
    return Curve(event.id, found.measure, tuple(answers), combinations)


def _save(connection: duckdb.DuckDBPyConnection, brand: str, curve: Curve, run_id: str) -> None:
    for place, answer in enumerate(curve.answers):
        effect, way = answer.effect, answer.specification
        connection.execute(
            statement("insert_specification"),
            {
                "brand": brand,
                "event_id": curve.event_id,
                "measure": curve.measure,
                "place": place,
                "choices_changed": answer.choices_changed,
                "scorer": way.scorer,
                "method": way.method,
                "before_bins": way.before,
                "after_bins": way.after,
                "peers": way.peers,
                "themes": way.themes,
                "voices": way.voices,
                "author_weeks": effect.authors_before + effect.authors_after,
                "estimate": effect.estimate,
                "low": effect.low,
                "high": effect.high,
                "p_value": effect.p_value,
                "verdict": effect.verdict,
                "combinations": curve.combinations,
                "run_id": run_id,
            },
        )
