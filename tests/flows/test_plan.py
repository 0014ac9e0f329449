"""`brandtrust plan`: from freezing beforehand to what effects, report and readers are told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from analytics.effects import event_effect
from analytics.plan import freezing
from analytics.plan.curve import Answer, Curve
from analytics.plan.specifications import Specification
from analytics.store import Store
from brands.brand_file import load
from flows import stages
from flows.plan_output import show_curves
from tests.analytics.effects.series import EVENT, weekly
from tests.flows.acme import BRAND_FILE, write_acme
from tests.flows.conftest import BrandTrust

MAY, AUGUST = datetime(2023, 5, 1, 9), datetime(2023, 8, 1, 9)
NOTICE = "noticed = 2023-07-02\n"
At = Callable[[datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Set the clock by which plans are frozen."""
    return lambda moment: monkeypatch.setattr(freezing, "now", lambda: moment)


@pytest.fixture
def before_notice(acme: Path) -> Path:
    """The invented brand before its event has any date."""
    acme.write_text(BRAND_FILE.replace(NOTICE, ""), encoding="utf-8")
    return acme


def test_what_was_frozen_before_the_notice_is_declared_until_something_is_changed(
    brandtrust: BrandTrust, before_notice: Path, at: At
) -> None:
    """Frozen without a date and without a store; effects, views and the report tell, and name what differs later."""
    at(MAY)
    told = brandtrust("plan", "freeze", before_notice)
    assert told.exit_code == 0, told.stderr
    assert "frozen at 2023-05-01 09:00:00 UTC" in told.stdout
    assert "this machine's clock" in told.stdout

    write_acme(before_notice.parent)
    assert brandtrust("collect", before_notice).exit_code == 0
    assert brandtrust("score", before_notice).exit_code == 0
    told = brandtrust("effects", before_notice)
    assert "2023-terms: declared before the notice. Plan " in told.stdout
    assert "frozen on 2023-05-01, before the notice (2023-07-02)." in told.stdout
    asked = "SELECT DISTINCT declared, plan_hash = (SELECT plan_hash FROM plans) AS same FROM effects"
    assert json.loads(brandtrust("sql", asked, "--format", "json").stdout) == [
        {"declared": "declared before the notice", "same": True}
    ]

    before_notice.write_text(BRAND_FILE.replace('"bolt"', '"bolt OR boltapp"'), encoding="utf-8")
    told = brandtrust("effects", before_notice)
    assert (
        "2023-terms: exploratory. What was asked differs from the plan frozen on 2023-05-01 in: peers." in told.stdout
    )
    assert "differs in: peers" in brandtrust("plan", "list", before_notice).stdout


def test_what_is_frozen_after_the_notice_stays_exploratory(brandtrust: BrandTrust, acme: Path, at: At) -> None:
    """Freezing says so at once, and so do the effects; without a plan they say that there is none.

    Seven people in forty weeks allow no verdict: then nothing is asked in other ways until one suits.
    """
    brandtrust("collect", acme)
    brandtrust("score", acme)
    told = brandtrust("plan", "curve", acme)
    assert told.exit_code == 0, told.stderr
    assert "2023-terms: exploratory. No plan was frozen." in told.stdout
    assert "2023-terms, net_trust\nThe declared way has no verdict (descriptive_only)" in told.stdout
    rows = brandtrust("sql", "SELECT * FROM specification_curve", "--format", "json").stdout
    assert json.loads(rows) == []
    at(AUGUST)
    told = brandtrust("plan", "freeze", acme)
    assert "its day (2023-07-02) had begun by then, so its effects stay exploratory" in told.stdout
    told = brandtrust("effects", acme)
    assert "exploratory. The plan was frozen on 2023-08-01, not before the notice (2023-07-02)." in told.stdout


def test_a_plan_can_be_listed_shown_and_hashed_again(brandtrust: BrandTrust, acme: Path, at: At) -> None:
    """What is printed as JSON is what was hashed, byte for byte; freezing it again adds nothing."""
    at(MAY)
    brandtrust("plan", "freeze", acme, "--event", "2023-terms")
    at(AUGUST)
    told = brandtrust("plan", "freeze", acme)
    assert "stands since 2023-05-01 09:00:00 UTC; nothing added" in told.stdout
    listed = brandtrust("plan", "list").stdout
    assert listed.count("2023-terms") == 1
    short = listed.split()[-1]
    shown = brandtrust("plan", "show", short)
    plan_hash = hashlib.sha256(brandtrust("plan", "show", short, "--json").stdout_bytes).hexdigest()
    assert plan_hash.startswith(short)
    assert f"plan {plan_hash}" in shown.stdout
    assert "primary measure" in shown.stdout
    assert "in force" in brandtrust("plan", "list", acme).stdout


def test_a_curve_is_a_strip_with_the_declared_way_marked(capsys: pytest.CaptureFixture[str]) -> None:
    """From the smallest change to the largest, each with what it differs in, and one sentence to repeat."""
    declared = Specification("vader_domain", "by_precision", 8, 4, "all", "", "as_measured")
    effect = event_effect(weekly([10.0, 11.0] * 30 + [-5.0] * 12, 60), EVENT)
    unseen = replace(effect, estimate=-1.0, verdict="no_change_shown")
    others = (
        Answer(replace(declared, peers="without my_peer"), 1, replace(effect, estimate=-20.0)),
        Answer(replace(declared, method="ranked", before=12), 1, unseen),
        Answer(replace(declared, after=2), 1, replace(effect, estimate=None, verdict="not_comparable")),
    )
    show_curves([Curve("terms", "net_trust", (Answer(declared, 0, effect), *others), 12)], [])
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert [line.split()[0] for line in lines[2:6]] == ["−20.0", "▶", "−1.0", "·"]
    assert lines[2].endswith("fell             without my_peer")
    assert lines[3].endswith("by the brand file: by vader_domain, all weeks weighed, 4 after, all peers, as measured")
    assert lines[4].endswith("no change shown  12 weeks before")
    assert ("●" in lines[2], "○" in lines[4], "●" in lines[5]) == (True, True, False)
    assert lines[6] == (
        "Asked in 4 reasonable ways, net trust expression fell in 2, no change was shown in 1 and nothing could be"
        " judged in 1; from −20.0 to −1.0 points. The way of the brand file is marked ▶."
    )
    assert lines[7].startswith("4 of 12 combinations")


def test_plan_commands_that_cannot_go_on_say_so_in_one_line(
    brandtrust: BrandTrust, acme: Path, workplace: Path
) -> None:
    """An unknown event, a file without events, a store that is not there, a hash that nobody has: exit code 2."""
    bare = workplace / "bare.toml"
    bare.write_text('name = "Acme"\nquery = "acme"\n', encoding="utf-8")
    cases = [
        (("plan", "freeze", acme, "--event", "2024"), "there is no event '2024'; known are 2023-terms"),
        (("plan", "freeze", bare), "declares no event; add an [[events]] table"),
        (("plan", "list", acme), "there is no store yet"),
        (("plan", "show", "abcd"), "there is no store yet"),
        (("plan", "curve", acme), "there is no store yet"),
    ]
    for arguments, says in cases:
        _expect_one_line(brandtrust, arguments, says)
    assert not Path("brandtrust.duckdb").exists()
    assert brandtrust("plan", "freeze", acme).exit_code == 0  # a plan needs no post
    _expect_one_line(brandtrust, ("plan", "show", "zzzz"), "no plan is frozen under 'zzzz'")
    _expect_one_line(brandtrust, ("plan", "curve", acme, "--event", "none"), "there is no event 'none'")
    _expect_one_line(brandtrust, ("plan", "list", acme, "--store", "other.duckdb"), "there is no store yet")


def _expect_one_line(brandtrust: BrandTrust, arguments: tuple[object, ...], says: str) -> None:
    told = brandtrust(*arguments)
    assert told.exit_code == 2, (arguments, told.stdout)
    assert says in told.stderr
    assert told.stderr.count("\n") == 1


def test_an_older_store_learns_of_plans(brandtrust: BrandTrust, acme: Path) -> None:
    """A store from before plans were kept is brought up to date, and keeps what it has."""
    brandtrust("collect", acme)
    tables = ("analysis_plans", "event_declarations", "event_specifications")
    with Store("brandtrust.duckdb").writer() as connection:
        for view in ("plans", "specification_curve", "effects"):
            connection.execute(f"DROP VIEW {view}")
        for table in tables:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DELETE FROM schema_migrations WHERE number = 11")
        connection.execute("DELETE FROM view_definitions")
    told = brandtrust("plan", "freeze", acme)
    assert told.exit_code == 0, told.stderr
    with Store("brandtrust.duckdb").writer() as connection:
        assert connection.execute("SELECT count(*) FROM analysis_plans").fetchall() == [(1,)]
        assert connection.execute("SELECT count(*) > 100 FROM posts").fetchall() == [(True,)]


def test_two_who_freeze_at_once_freeze_once(acme: Path) -> None:
    """The second finds what the first has written."""
    brand = load(acme)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: stages.freeze(brand, Store("brandtrust.duckdb"), brand.events), range(2)))
    assert sorted(each[0].added for each in done) == [False, True]
    assert done[0][0].frozen == done[1][0].frozen
