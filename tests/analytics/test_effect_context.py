from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.effect_checks import hold_source_weights, say_rank
from analytics.effects.wording import BARRED
from analytics.event_study import EventEffect, measure_effects
from analytics.store import Store, read
from analytics.store.catalogue import views
from analytics.store.saving import Listener, save_arrival
from brands.brand_file import BrandFile
from flows.effect_output import lines_beside
from tests.analytics.test_event_study import VERSION, Listened, Peer
from tests.posts import START, arrival, covered, posts

PAST = 30  # weeks before the event
EVENT = (START + timedelta(days=7 * PAST)).date()
VIEWS = ("effect_parts", "effect_checks", "effect_recovery")
APPEAL = "please read what they did to the terms of service and pass it on to everybody"


def brand(*events: dict[str, Any], peers: tuple[str, ...] = (), **report: Any) -> Listened:
    """The brand acme with these events; one with a notice at EVENT unless told otherwise."""
    plain = {"id": "terms", "title": "New terms", "themes": ["consent"], "noticed": EVENT}
    written = {"name": "Acme", "query": "acme", "events": [{**plain, **event} for event in events or ({},)]}
    return Listened("acme", BrandFile.model_validate({**written, "report": report}), tuple(map(Peer, peers)))


def said(week: int, authors: list[str], compound: Any, on_theme: Any = False, **more: Any) -> pd.DataFrame:
    """Posts of one week counted from the event's, one an author."""
    day = START + timedelta(days=7 * (PAST + week), hours=3)
    plain = {"author_key": authors, "created_at": day, "compound": compound, "on_theme": on_theme, "source": "forum"}
    return pd.DataFrame({**plain, "text": "hello", "speaker": None, **more})


def crowd(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def tell(store: Store, slug: str, frames: list[pd.DataFrame], *, weeks: int, official: tuple[str, ...] = ()) -> None:
    """A brand with these posts, collected in full for `weeks` weeks from the event on and PAST before it."""
    told = pd.concat(frames, ignore_index=True)
    told["post_id"] = [f"{slug}{number}" for number in range(len(told))]
    with store.writer() as connection:
        connection.execute(
            "INSERT INTO brands VALUES (?, ?, ?, 'q1', 'vader', ?, [], [], 't1', ?, 'UTC', 'f', NULL)",
            [slug, slug, slug, VERSION, list(official)],
        )
        connection.execute(
            "INSERT INTO themes VALUES ('t1', 'consent', 'Consent', true, 'benevolence') ON CONFLICT DO NOTHING"
        )
    for source, some in told.groupby("source"):
        records = some[["post_id", "author_key", "created_at", "text"]].to_dict("records")
        batch = posts([{**each, "created_at": each["created_at"].to_pydatetime()} for each in records], str(source))
        listeners = [Listener(slug, "q1", "all")]
        save_arrival(store, arrival(batch, listeners=listeners, coverage=[covered(START, 7 * (PAST + weeks))]))
    with store.transaction() as connection:
        connection.register("told", told)
        connection.execute(
            f"INSERT INTO scores SELECT source, post_id, 'vader', '{VERSION}', 0, 1, 0, compound FROM told"
        )
        connection.execute(
            "INSERT INTO post_themes SELECT source, post_id, 't1', 'consent', '' FROM told WHERE on_theme"
        )
        connection.execute(
            "INSERT INTO post_speakers SELECT source, post_id, '1', speaker FROM told WHERE speaker IS NOT NULL"
        )
        connection.unregister("told")


def quiet(seed: int, weeks: int, people: int = 40) -> list[pd.DataFrame]:
    """Some 30 of `people` authors a week who speak mildly well, one in ten on the theme."""
    random = np.random.default_rng(seed)
    names = crowd("a", people)
    spoken = []
    for week in range(-PAST, weeks):
        some = random.choice(names, size=3 * people // 4, replace=False).tolist()
        spoken.append(said(week, some, random.normal(0.2, 0.2, len(some)).clip(-1, 1), random.random(len(some)) < 0.1))
    return spoken


def measured(store: Store, listened: Listened, run_id: str = "r") -> dict[tuple[str, str], EventEffect]:
    found = measure_effects(store, listened, run_id)  # type: ignore[arg-type]
    return {(each.event_id, each.measure): each for each in found}


def checks_of(found: EventEffect) -> dict[str, Any]:
    assert found.context is not None
    return {check.name: check for check in found.context.checks}


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A brand whose authors turn for four weeks from the event on and come back; a peer that moves, one with a gap."""
    store = Store(tmp_path_factory.mktemp("acme") / "a.duckdb")
    weeks = 20
    own = quiet(1, weeks)
    for week in range(4):
        own.append(said(week, crowd("a", 30), -0.9, True))
    tell(store, "acme", own, weeks=weeks)
    moving = quiet(2, weeks) + [said(week, crowd("a", 30), -0.9, True) for week in range(4)]
    tell(store, "moving", moving, weeks=weeks)
    holed = [each for each in quiet(3, weeks) if each["created_at"].iloc[0].date() != EVENT - timedelta(days=14)]
    tell(store, "holed", holed, weeks=weeks)
    return store


def test_what_stands_beside_an_effect_is_saved_with_a_unique_key(acme: Store) -> None:
    """Two runs leave one row a key in each view, with the same figures, none of them NaN and each with a reason."""
    listened = brand({"responded": EVENT + timedelta(days=17)}, peers=("moving", "holed"))
    kept = []
    for run_id in ("r1", "r2"):
        first = measure_effects(acme, listened, run_id)  # type: ignore[arg-type]
        acme.publish()
        kept.append({name: read(name, "acme", store=acme.path) for name in VIEWS})
    for name in VIEWS:
        frame = kept[1][name]
        assert len(frame) >= len(first)
        assert not frame.duplicated(list(views()[name].key)).any()
        assert frame["reason"].str.len().min() > 10
        pd.testing.assert_frame_equal(frame, kept[0][name])
    with acme.reader() as connection:
        for name in VIEWS:
            doubles = [row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall() if row[1] == "DOUBLE"]
            for column in doubles:
                assert connection.execute(f"SELECT count(*) FROM {name} WHERE isnan({column})").fetchone() == (0,)


def test_saved_parts_add_up_to_the_change_of_the_means(acme: Store) -> None:
    """The parts of each measure are those of the change that the effect shows beside them: mean after less before."""
    found = measured(acme, brand())
    acme.publish()
    parts = read("effect_parts", "acme", store=acme.path).set_index(["measure", "part"])["change"]
    for (_, measure), each in found.items():
        raw = parts[measure, "raw_change"]
        assert parts[measure].drop("raw_change").sum() == pytest.approx(raw, abs=1e-9)
        assert each.before_mean is not None
        assert each.after_mean is not None
        assert raw == pytest.approx(each.after_mean - each.before_mean, abs=1e-6)
        assert abs(parts[measure, "returning_authors"]) > 0.8 * abs(raw)


def test_peers_are_asked_by_themselves(acme: Store) -> None:
    """The peer that moved too is named with its own p and left out once; one with a gap is answered with a reason."""
    checks = checks_of(measured(acme, brand(peers=("moving", "holed")))["terms", "attention"])
    assert checks["peer:moving"].effect.verdict == "rose"
    assert checks["peer:moving"].effect.p_value == pytest.approx(checks["peer:moving"].effect.smallest_p)
    assert checks["as_measured"].effect.peers_used == ("moving",)
    assert checks["without_peers_that_moved"].effect.peers_used == ()
    assert checks["without_peers_that_moved"].effect.estimate > checks["as_measured"].effect.estimate + 40
    assert "Left out, since they moved: moving." in checks["without_peers_that_moved"].reason
    assert "Gaps" in checks["peer:holed"].reason


def test_the_margin_of_the_brand_file_decides_on_recovery(acme: Store) -> None:
    """Four weeks down and sixteen as before: recovered by a margin that is visible, undecided by one that is not."""
    wide = measured(acme, brand(recovery_margin={"attention": 25.0}))["terms", "attention"]
    narrow = measured(acme, brand(recovery_margin={"attention": 0.01}))["terms", "attention"]
    assert wide.context is not None
    assert narrow.context is not None
    assert wide.context.recovery.state == "recovered"
    assert wide.context.recovery.recovered_on is not None
    assert wide.context.recovery.recovered_on >= EVENT + timedelta(days=7 * 8)
    assert narrow.context.recovery.state == "cannot_be_told"


def test_a_response_is_compared_with_the_weeks_since_the_notice(acme: Store) -> None:
    """The weeks before the response stop at the notice; what is too near is flagged or not answered."""
    soon, later = EVENT + timedelta(days=3), EVENT + timedelta(days=17)
    found = measured(acme, brand({"responded": soon, "reversed": later}))["terms", "net_trust"]
    checks = checks_of(found)
    assert checks["responded"].effect is None
    assert "No whole week" in checks["responded"].reason
    assert checks["responded"].not_separable_from == (EVENT,)
    assert checks["reversed"].effect.before == 2
    assert checks["reversed"].role == "exploratory"
    assert "too short to show much: 2 weeks" in checks["reversed"].reason
    assert set(checks["reversed"].not_separable_from) == {EVENT, soon}


def test_nothing_beside_an_effect_tests_a_day_that_was_picked_in_the_posts(acme: Store) -> None:
    """Neither other voices nor peers nor the recovery, nor a response so near that its weeks before were picked too."""
    near, far = EVENT + timedelta(days=7 * 2), EVENT + timedelta(days=7 * 10)
    listened = brand({"noticed_basis": "same_posts", "responded": near, "reversed": far}, peers=("moving",))
    for found in measured(acme, listened).values():
        assert found.context is not None
        checks = checks_of(found)
        tested = {name for name, check in checks.items() if check.effect and check.effect.p_value is not None}
        assert tested == {"reversed"}
        assert {check.sentence for name, check in checks.items() if check.effect and name not in tested} == set(BARRED)
        assert (found.context.recovery.state, found.context.recovery.low) == ("cannot_be_told", None)
        lines = list(lines_beside(found))
        assert any("responded" in line and "not tested" in line for line in lines)


def test_events_that_cannot_be_measured_have_reasons(acme: Store) -> None:
    """In the future, before the data, and two on one day: each gets an answer in words, and the twins are flagged."""
    twin = {"id": "twin", "noticed": EVENT}
    future = {"id": "future", "noticed": date(2030, 1, 1), "responded": date(2030, 2, 1)}
    early = {"id": "early", "noticed": date(2020, 1, 1), "responded": date(2020, 2, 1)}
    found = measured(acme, brand({}, twin, future, early, peers=("moving",)))
    for name in ("future", "early"):
        context = found[name, "attention"].context
        assert context is not None
        assert context.decomposition.raw_change is None
        assert "nobody spoke" in context.decomposition.reason
        assert context.recovery.state == "nothing_to_recover_from"
        assert all(check.reason for check in context.checks)
    as_measured = checks_of(found["terms", "attention"])["as_measured"]
    assert as_measured.not_separable_from == (EVENT,)
    assert "twin (noticed)" in as_measured.reason


def test_the_sentence_counts_windows_that_moved_as_much(acme: Store) -> None:
    """Anybody may repeat it: how many windows there are, how many of them are separate, and how many moved as much."""
    effect = measured(acme, brand())["terms", "attention"].effect
    sizes = [1.0, -3.0, 3.0, -7.0]
    known = replace(effect, estimate=-3.0, placebo_estimates=tuple(sizes), placebos=4, independent_windows=1)
    assert say_rank(known) == "Of 4 comparable windows (1 that does not overlap), 3 moved as much."
    alone = replace(known, estimate=9.0, independent_windows=2)
    assert say_rank(alone) == "Of 4 comparable windows (2 that do not overlap), none moved as much."
    assert say_rank(replace(known, p_value=None)) == "The change cannot be compared with earlier windows."
    weighed = replace(known, p_value=0.062, smallest_p=0.016, standardised=(0.5, -1.0, 1.0, -2.0, -3.0))
    assert say_rank(weighed) == (
        "Among 1,000 simulated series without a change, as restless as this one, 62 seem to move as much."
    )


def test_windows_that_cannot_be_compared_are_not_split(acme: Store) -> None:
    """A declared break bars the raw change too: no part is told, and the reason says when the source changed."""
    with acme.writer() as connection:
        connection.execute("INSERT INTO source_breaks VALUES ('acme', 'forum', ?, 'form')", [EVENT - timedelta(days=3)])
    try:
        context = measured(acme, brand())["terms", "attention"].context
    finally:
        with acme.writer() as connection:
            connection.execute("DELETE FROM source_breaks")
    assert context is not None
    assert (context.decomposition.raw_change, context.decomposition.parts) == (None, ())
    assert "a source changed" in context.decomposition.reason
    assert {check.effect.verdict for check in context.checks if check.effect} == {"not_comparable"}


def test_an_event_that_leaves_the_brand_file_leaves_the_views(acme: Store) -> None:
    """Nothing stands beside an effect that is no longer there."""
    measured(acme, brand({}, {"id": "other", "noticed": EVENT + timedelta(days=70)}))
    measured(acme, brand())
    acme.publish()
    for name in VIEWS:
        assert set(read(name, "acme", store=acme.path)["event_id"]) == {"terms"}


def test_five_bots_hardly_move_the_number(tmp_path: Path) -> None:
    """Five accounts write 40 % of the posts from the event on, all against it: 5 voices in 205."""
    people, bots = crowd("a", 200), crowd("bot", 5)
    random = np.random.default_rng(7)
    frames, flood = [], []
    for week in range(-4, 4):
        on_theme = random.random(200) < 0.1
        frames.append(said(week, people, random.normal(0.2, 0.2, 200).clip(-1, 1), on_theme))
        if week >= 0:
            flood.append(said(week, np.resize(bots, 133).tolist(), -0.8, True))
    for name, told in (("without", frames), ("with", frames + flood)):
        (tmp_path / name).mkdir()
        tell(Store(tmp_path / name / "a.duckdb"), "acme", told, weeks=4)
    calm = measured(Store(tmp_path / "without" / "a.duckdb"), brand())
    flooded = measured(Store(tmp_path / "with" / "a.duckdb"), brand())
    for key, each in flooded.items():
        assert 0.1 < abs((each.effect.estimate or 0) - (calm[key].effect.estimate or 0)) < 3
        assert each.context is not None
        parts = {part.name: part.change for part in each.context.decomposition.parts}
        assert abs(parts["newcomers"]) > 2 * abs(parts["returning_authors"] - _returning(calm[key]))


def _returning(found: EventEffect) -> float:
    assert found.context is not None
    return next(part.change for part in found.context.decomposition.parts if part.name == "returning_authors")


def test_copies_and_officials_are_left_out_of_one_check(tmp_path: Path) -> None:
    """A text that thirty accounts pass on is one voice there, the brand's own handle none: little is left."""
    store = Store(tmp_path / "a.duckdb")
    campaign = [said(week, crowd("copy", 30), -0.9, True, text=APPEAL) for week in range(4)]
    answers = [said(week, ["support"], 0.9) for week in range(4)]
    tell(store, "acme", [*quiet(4, 4), *campaign, *answers], weeks=4, official=("support",))
    checks = checks_of(measured(store, brand())["terms", "attention"])
    assert checks["as_measured"].effect.estimate > 40
    assert abs(checks["without_copies_and_officials"].effect.estimate) < 15
    before = quiet(4, 4)[PAST]["author_key"].nunique()
    assert checks["without_copies_and_officials"].effect.authors_after == 2 * (before + 1)


def test_customers_are_asked_where_posts_tell_them(tmp_path: Path) -> None:
    """Without one such post there is no answer; with some, they alone are counted."""
    store = Store(tmp_path / "a.duckdb")
    theirs = [
        said(week, crowd("c", 12), -0.5 if week >= 0 else 0.5, True, speaker="customer") for week in range(-PAST, 4)
    ]
    tell(store, "acme", quiet(5, 4) + theirs, weeks=4)
    check = checks_of(measured(store, brand())["terms", "net_trust"])["customers"]
    assert check.effect.estimate == pytest.approx(-100)
    assert check.effect.authors_after == 48


def test_source_weights_are_held_where_an_unhappy_source_grows(tmp_path: Path) -> None:
    """Nobody changes what they say; more of the voices come from the unhappy blog: held at their weights, no fall."""
    store = Store(tmp_path / "a.duckdb")
    frames = []
    for week in range(-PAST, 4):
        frames.append(said(week, crowd("a", 30), 0.5))
        frames.append(said(week, crowd("b", 90 if week >= 0 else 10), -0.5, source="blog"))
    tell(store, "acme", frames, weeks=4)
    found = measured(store, brand())["terms", "net_trust"]
    checks = checks_of(found)
    assert checks["as_measured"].effect.estimate == pytest.approx(-50)
    assert checks["source_weights"].effect.estimate == pytest.approx(0, abs=1e-6)
    assert found.context is not None
    parts = {part.name: part.change for part in found.context.decomposition.parts}
    assert parts["source_mix"] == pytest.approx(-50)


def test_sources_silent_in_a_week_leave_their_weight_to_the_others() -> None:
    """Weights add up to one in each week, and a source that was silent before the event has none."""
    columns = ["bin", "source", "net_trust", "authors"]
    rows = [(-1, "a", 10.0, 30), (-1, "b", -10.0, 10), (0, "a", 10.0, 5), (1, "b", -10.0, 5), (1, "new", 99.0, 50)]
    frame = pd.DataFrame(rows, columns=columns).assign(rating_authors=0, net_trust_variance=1.0)
    held = hold_source_weights(frame, "net_trust", before=8).set_index("bin")["net_trust"]
    assert held.to_dict() == pytest.approx({-1: 5.0, 0: 10.0, 1: -10.0})


@pytest.mark.parametrize("world", ["one author", "all neutral", "a silent week"])
def test_a_poor_world_is_answered_with_reasons(tmp_path: Path, world: str) -> None:
    """One author, nobody with a view, a week without a post: no error, no NaN, and a sentence for each question."""
    store = Store(tmp_path / "a.duckdb")
    names = crowd("a", 1 if world == "one author" else 20)
    value = 0.0 if world == "all neutral" else 0.4
    weeks = [week for week in range(-PAST, 6) if world != "a silent week" or week not in (-2, 1)]
    tell(store, "acme", [said(week, names, value) for week in weeks], weeks=6)
    found = measured(store, brand({"responded": EVENT + timedelta(days=14)}))
    assert found
    for each in found.values():
        assert each.context is not None
        assert each.context.decomposition.reason
        assert each.context.recovery.reason
        numbers = [part.change for part in each.context.decomposition.parts]
        numbers += [check.effect.estimate for check in each.context.checks if check.effect]
        assert all(number is None or np.isfinite(number) for number in numbers)
        assert all(check.reason and check.sentence for check in each.context.checks)
