from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.effects.wording import DATED_FROM_POSTS
from analytics.event_study import EventEffect, measure_effects
from analytics.sentiment import scorer_version
from analytics.store import Store, read
from analytics.store.saving import Listener, save_arrival
from brands.brand_file import BrandFile
from tests.posts import START, arrival, covered, posts

VERSION = scorer_version("vader", [])
WEEKS = 80
EVENT = (START + timedelta(days=7 * 70 + 6)).date()  # a Sunday: not the first day of the store's weeks


@dataclass(frozen=True)
class Peer:
    slug: str


@dataclass(frozen=True)
class Listened:
    """As much of a loaded brand file as the event study reads."""

    slug: str
    file: BrandFile
    peers: tuple[Peer, ...]


def brand(peers: tuple[str, ...] = (), **event: Any) -> Listened:
    plain = {"id": "terms", "title": "New terms", "themes": ["consent"], "noticed": EVENT}
    file = BrandFile.model_validate({"name": "Acme", "query": "acme", "events": [{**plain, **event}]})
    return Listened("acme", file, tuple(Peer(name) for name in peers))


def fill(store: Store, slug: str, *, jump: float, seed: int, gap: range = range(0)) -> None:
    """80 weeks of 40 authors; from the event on `jump` of them speak of consent, unhappily. No posts in the gap."""
    rng = np.random.default_rng(seed)
    days = np.repeat(np.arange(7 * WEEKS), 6)
    days = days[~np.isin(days // 7, list(gap))]
    dates = [START + timedelta(days=int(day), hours=3) for day in days]
    late = np.array([moment.date() >= EVENT for moment in dates])
    speaks = rng.random(len(days)) < np.where(late, jump, 0.05)
    compound = np.clip(rng.normal(0.2, 0.3, len(days)) - 0.6 * (speaks & late), -1, 1)
    batch = posts(
        [
            {"post_id": f"{slug}{n}", "author_key": f"{slug}{rng.integers(40)}", "created_at": moment}
            for n, moment in enumerate(dates)
        ]
    )
    windows, first = [], 0
    for week in [*gap, WEEKS]:
        if week > first:
            windows.append(covered(START + timedelta(days=7 * first), 7 * (week - first)))
        first = week + 1
    with store.writer() as connection:
        connection.execute(
            "INSERT INTO brands VALUES (?, ?, ?, 'q1', 'vader', ?, [], [], 't1', [], 'UTC', 'f', NULL)",
            [slug, slug, slug, VERSION],
        )
        connection.execute(
            "INSERT INTO themes VALUES ('t1', 'consent', 'Consent', true, 'benevolence') ON CONFLICT DO NOTHING"
        )
    save_arrival(store, arrival(batch, listeners=[Listener(slug, "q1", "all")], coverage=windows))
    rows = [(f"{slug}{n}", float(value)) for n, value in enumerate(compound)]
    tagged = [(f"{slug}{n}",) for n in np.flatnonzero(speaks)]
    with store.transaction() as connection:
        connection.executemany(f"INSERT INTO scores VALUES ('forum', ?, 'vader', '{VERSION}', 0, 1, 0, ?)", rows)
        connection.executemany("INSERT INTO post_themes VALUES ('forum', ?, 't1', 'consent', '')", tagged)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A brand with a jump at the event and two peers without one."""
    store = Store(tmp_path_factory.mktemp("filled") / "a.duckdb")
    fill(store, "acme", jump=0.4, seed=1)
    fill(store, "left", jump=0.05, seed=2)
    fill(store, "right", jump=0.05, seed=3)
    return store


def by_measure(results: list[EventEffect]) -> dict[str, EventEffect]:
    return {result.measure: result for result in results}


@pytest.fixture(scope="module")
def jumped(filled: Store) -> tuple[dict[str, EventEffect], pd.DataFrame]:
    """The effects of the jump by measure, as found and as saved."""
    found = by_measure(measure_effects(filled, brand(("left", "right")), "r1"))  # type: ignore[arg-type]
    filled.publish()
    return found, read("effects", "acme", store=filled.path).set_index("measure")


def test_a_jump_of_attention_at_the_notice_is_found(jumped: tuple[dict[str, EventEffect], pd.DataFrame]) -> None:
    """Attention is the primary measure, net trust the second; both are measured against the peers and saved."""
    found, saved = jumped
    assert (found["attention"].role, found["attention"].effect.verdict) == ("primary", "rose")
    assert (found["net_trust"].role, found["net_trust"].effect.verdict) == ("second", "fell")
    assert found["attention"].effect.peers_used == ("left", "right")
    assert found["attention"].effect.placebos > 50
    assert saved.loc["attention", "verdict"] == "rose"
    assert saved.loc["attention", "estimate"] == found["attention"].effect.estimate


def test_measures_are_judged_together_on_the_dates_they_share(
    jumped: tuple[dict[str, EventEffect], pd.DataFrame],
) -> None:
    """The joint p is saved with its sentence and is never below a measure's own."""
    found, saved = jumped
    assert saved["weighed"].to_dict() == {"attention": False, "net_trust": True}
    for name, result in found.items():
        assert result.joint is not None
        assert result.joint.p_value is not None
        assert result.joint.p_value >= (result.effect.p_value or 0)
        assert result.joint.p_value == saved.loc[name, "joint_p"] < 0.05
        assert saved.loc[name, "joint_reason"].startswith("Held against the largest change of 2 measures")


def test_running_again_changes_no_effect(filled: Store) -> None:
    """The same posts give the same numbers, and one row an event, measure and scorer."""
    listened = brand(("left", "right"))
    first = measure_effects(filled, listened, "r2")  # type: ignore[arg-type]
    assert measure_effects(filled, listened, "r3") == first  # type: ignore[arg-type]
    filled.publish()
    assert len(read("effects", "acme", store=filled.path)) == len(first)


def test_an_event_without_a_date_is_tested_since_its_confirmed_clause(filled: Store) -> None:
    """A person's word on the terms dates it where the brand file does not; without one it has no effect."""
    listened = brand(("left", "right"), noticed=None)
    assert measure_effects(filled, listened, "r") == []  # type: ignore[arg-type]
    with filled.writer() as connection:
        connection.execute(
            "INSERT INTO policy_events (brand, event_id, title, themes, confirmed, clause_first_seen, noticed_basis,"
            " claims) VALUES ('acme', ?, 'Terms', ['consent'], true, ?, 'declared', [])",
            [listened.file.events[0].id, EVENT],
        )
    try:
        found = by_measure(measure_effects(filled, listened, "r"))  # type: ignore[arg-type]
    finally:
        with filled.writer() as connection:
            connection.execute("DELETE FROM policy_events")
    assert found["attention"].event_date == EVENT
    assert found["attention"].effect.verdict == "rose"


def test_a_notice_dated_from_the_same_posts_allows_no_p_value(filled: Store) -> None:
    """Who picks the date by looking at the posts may not test them there, in no measure; the size is told."""
    listened = brand(("left", "right"), noticed_basis="same_posts")
    found = measure_effects(filled, listened, "r")  # type: ignore[arg-type]
    assert {result.measure for result in found} == {"attention", "net_trust"}
    for result in found:
        effect = result.effect
        assert (effect.verdict, effect.p_value, effect.smallest_p) == ("descriptive_only", None, None)
        assert (effect.low, effect.high, effect.smallest_visible) == (None, None, None)
        assert effect.estimate is not None
        assert effect.reason.startswith(DATED_FROM_POSTS)
        assert "Not tested: attention" not in effect.reason
    assert by_measure(found)["net_trust"].role == "exploratory"


def test_the_second_measure_claims_nothing_when_the_first_is_not_shown(filled: Store) -> None:
    """At a quiet date attention shows nothing, so net trust is not tested and says so."""
    found = by_measure(measure_effects(filled, brand(noticed=EVENT - timedelta(days=7 * 15)), "r"))  # type: ignore[arg-type]
    assert found["attention"].effect.verdict == "no_change_shown"
    assert found["net_trust"].role == "exploratory"
    assert "Not tested" in found["net_trust"].effect.reason


def test_only_posts_before_as_of_are_used(filled: Store) -> None:
    """A report of an earlier week does not know the future: with nothing after the event there is no verdict on it."""
    found = by_measure(measure_effects(filled, brand(), "r", as_of=EVENT))  # type: ignore[arg-type]
    assert all(result.effect.verdict == "descriptive_only" for result in found.values())
    early = by_measure(measure_effects(filled, brand(), "r", as_of=EVENT + timedelta(days=7)))  # type: ignore[arg-type]
    assert early["attention"].effect.bins_after_used == 1


def test_a_declared_break_inside_the_windows_is_not_comparable(filled: Store) -> None:
    """A form that changed between before and after bars any verdict; nothing is estimated."""
    with filled.writer() as connection:
        connection.execute(
            "INSERT INTO source_breaks VALUES ('acme', 'forum', ?, 'form')", [EVENT - timedelta(days=10)]
        )
    try:
        found = measure_effects(filled, brand(), "r")  # type: ignore[arg-type]
    finally:
        with filled.writer() as connection:
            connection.execute("DELETE FROM source_breaks")
    assert {result.effect.verdict for result in found} == {"not_comparable"}


def test_a_gap_is_neither_zero_nor_silence(tmp_path: Path) -> None:
    """Three weeks without collection before the event leave out the windows that touch them, and no more."""
    store = Store(tmp_path / "a.duckdb")
    fill(store, "acme", jump=0.05, seed=4, gap=range(30, 33))
    gap = by_measure(measure_effects(store, brand(), "r"))["net_trust"].effect  # type: ignore[arg-type]
    first, last = START.date() + timedelta(days=7 * 30), START.date() + timedelta(days=7 * 33)
    for start in gap.placebo_starts:
        window = (start - timedelta(days=7 * gap.before), start + timedelta(days=7 * gap.after))
        assert window[1] <= first or window[0] >= last
    assert max(abs(value) for value in gap.placebo_estimates) < 25


def test_collection_that_differs_between_the_windows_is_not_comparable(tmp_path: Path) -> None:
    """A source that was there before and failed after: its absence must not look like a reaction."""
    store = Store(tmp_path / "a.duckdb")
    fill(store, "acme", jump=0.05, seed=5)
    since = START + timedelta(days=7 * 71)
    blog = [covered(START, 7 * 71), covered(since, 7 * 9, failed=True)]
    save_arrival(store, arrival(posts([]), source="blog", listeners=[Listener("acme", "q1", "all")], coverage=blog))
    found = measure_effects(store, brand(), "r")  # type: ignore[arg-type]
    assert {result.effect.verdict for result in found} == {"not_comparable"}


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2030, 1, 1)])
def test_an_event_outside_the_data_is_descriptive(filled: Store, day: date) -> None:
    """Before the first or after the last post nothing can be said, and nothing breaks."""
    found = measure_effects(filled, brand(noticed=day), "r")  # type: ignore[arg-type]
    assert {result.effect.verdict for result in found} <= {"descriptive_only"}
    assert all(result.effect.p_value is None for result in found)
