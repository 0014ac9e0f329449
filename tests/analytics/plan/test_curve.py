"""The specification curve: every way gives what asking in that way gives, and the declared one stands among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pytest

from analytics.event_bins import EventBins
from analytics.event_study import EventEffect, measure_effects
from analytics.plan.curve import Answer, Curve, save_curves
from analytics.plan.specifications import ALL, BY_PRECISION, NONE, RANKED
from analytics.store import Store, read
from tests.analytics.test_event_study import Listened, brand, fill

PEERS = ("left", "right")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A brand with a jump at the event and two peers without one."""
    store = Store(tmp_path_factory.mktemp("filled") / "a.duckdb")
    fill(store, "acme", jump=0.4, seed=1)
    fill(store, "left", jump=0.05, seed=2)
    fill(store, "right", jump=0.05, seed=3)
    return store


def draw(store: Store, listened: Listened, run_id: str) -> tuple[list[EventEffect], list[Curve]]:
    """Effects and their curves, saved."""
    curves: list[Curve] = []

    def go_on(
        connection: duckdb.DuckDBPyConnection, found: Sequence[EventEffect], as_of: date, bins: Mapping[str, EventBins]
    ) -> None:
        curves.extend(save_curves(connection, listened, found, as_of, run_id, bins))  # type: ignore[arg-type]

    return measure_effects(store, listened, run_id, further=go_on), curves  # type: ignore[arg-type]


@dataclass(frozen=True)
class Drawn:
    """The effects, their curves by measure, and what readers saw of both."""

    effects: dict[str, EventEffect]
    curves: dict[str, Curve]
    seen: pd.DataFrame
    seen_effects: pd.DataFrame


@pytest.fixture(scope="module")
def drawn(filled: Store) -> Drawn:
    """Drawn once: it takes a second a curve."""
    found, curves = draw(filled, brand(PEERS), "r1")
    filled.publish()
    return Drawn(
        {each.measure: each for each in found},
        {curve.measure: curve for curve in curves},
        read("specification_curve", "acme", store=filled.path),
        read("effects", "acme", store=filled.path).set_index("measure"),
    )


def find(curve: Curve, **choices: Any) -> Answer:
    """The answer that differs from the declared one in these choices only."""
    declared = curve.answers[0].specification
    wanted = {name: choices.get(name, getattr(declared, name)) for name in declared.__slots__}
    return next(
        each
        for each in curve.answers
        if all(getattr(each.specification, name) == value for name, value in wanted.items())
    )


def test_the_declared_way_is_the_effect_itself(drawn: Drawn) -> None:
    """It comes first, by precision for net trust and ranked for attention, and no other is without a change."""
    for measure, method in (("attention", RANKED), ("net_trust", BY_PRECISION)):
        first, *others = drawn.curves[measure].answers
        assert first.effect is drawn.effects[measure].effect
        assert (first.specification.method, first.specification.peers, first.choices_changed) == (method, ALL, 0)
        assert all(other.choices_changed for other in others)


def test_ranked_ways_of_net_trust_are_no_weighed_ones(drawn: Drawn) -> None:
    """The plain difference of windows is another estimate than that by precision, and depends on the weeks before."""
    curve = drawn.curves["net_trust"]
    ranked = [find(curve, method=RANKED, before=before).effect.estimate for before in (4, 8, 12)]
    assert len({curve.answers[0].effect.estimate, *ranked}) == 4


def test_attention_to_all_practices_is_counted_as_that_to_the_event_is(drawn: Drawn) -> None:
    """Where nobody speaks of anything else the two are equal, weeks and peers alike."""
    curve = drawn.curves["attention"]
    practices, event = find(curve, themes="practices").effect, curve.answers[0].effect
    assert practices.estimate == pytest.approx(event.estimate, abs=1e-9)
    assert practices.placebo_estimates == pytest.approx(event.placebo_estimates, abs=1e-9)
    assert practices.peers_used == event.peers_used


def test_a_choice_that_changes_nothing_is_none(drawn: Drawn) -> None:
    """One source, no copies and no officials: voices are no choice, and are not counted as agreeing ways."""
    assert {each.specification.voices for each in drawn.curves["net_trust"].answers} == {"as_measured"}


def test_the_curve_can_be_read_beside_its_effect(drawn: Drawn) -> None:
    """One row a way, the declared one with the effect's own numbers, and no way lost in the counts."""
    assert len(drawn.seen) == sum(len(curve.answers) for curve in drawn.curves.values())
    for _, row in drawn.seen[drawn.seen["declared"]].iterrows():
        assert row["estimate"] == drawn.seen_effects.loc[row["measure"], "estimate"]
    ways = drawn.curves["attention"].ways
    assert ways is not None
    assert ways.asked == ways.fell + ways.rose + ways.no_change + ways.not_judged == 48
    assert (ways.rose, ways.fell) == (48, 0)


def test_another_way_gives_what_is_found_when_it_is_asked_alone(filled: Store, drawn: Drawn) -> None:
    """One peer left out: to the digit what a brand file without it would find.

    Effects that were measured anew, without a curve, hide the one that was drawn before.
    """
    alone = {each.measure: each.effect for each in measure_effects(filled, brand(("left",)), "r9")}  # type: ignore[arg-type]
    for measure, effect in alone.items():
        asked = find(drawn.curves[measure], peers="without right").effect
        assert (asked.estimate, asked.verdict) == (pytest.approx(effect.estimate, rel=1e-9), effect.verdict)
        assert asked.p_value == pytest.approx(effect.p_value, rel=1e-6)
    filled.publish()
    assert read("specification_curve", "acme", store=filled.path).empty


def test_other_voices_are_a_way(filled: Store) -> None:
    """Without the brand's own handles fewer speak."""
    with filled.writer() as connection:
        connection.execute("UPDATE brands SET official_keys = ['acme1', 'acme2'] WHERE brand = 'acme'")
    try:
        _, curves = draw(filled, brand(), "r4")
    finally:
        with filled.writer() as connection:
            connection.execute("UPDATE brands SET official_keys = [] WHERE brand = 'acme'")
    trust = next(curve for curve in curves if curve.measure == "net_trust")
    others = find(trust, voices="without_copies_and_officials").effect
    assert others.authors_before < trust.answers[0].effect.authors_before
    assert NONE in {each.specification.peers for each in trust.answers}


def test_a_day_from_the_same_posts_has_no_curve(filled: Store) -> None:
    """No measure has a verdict on a day that was read off the posts, so none is asked for in other ways."""
    _, curves = draw(filled, brand(noticed_basis="same_posts"), "r6")
    assert [(curve.answers, curve.ways) for curve in curves] == [((), None)] * 2
    assert all("no verdict" in curve.reason for curve in curves)


def test_an_event_without_a_date_has_neither_effect_nor_curve(filled: Store) -> None:
    """It may stand in the brand file all the same."""
    assert draw(filled, brand(PEERS, noticed=None), "r5") == ([], [])
