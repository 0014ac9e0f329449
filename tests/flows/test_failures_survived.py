"""What a run survives: no room, no right to write, a clock that jumps, sleep, two runs at once, a stuck source."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest

from analytics.store import Store, now, read
from tests.conftest import ROOT
from tests.flows.acme import BRAND_FILE, live_source, write_acme
from tests.flows.conftest import BrandTrust
from tests.servers.algolia import AlgoliaServer, story
from tests.servers.platform import Fault

NOW = int(time.time())
DAY = 86_400


@pytest.fixture
def turn_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Set this machine's clock, as our code reads it, so far ahead of the true one; platforms keep theirs."""
    ahead = [timedelta()]

    class Turned(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + ahead[0]

    monkeypatch.setattr("connectors.politeness.datetime", Turned)
    monkeypatch.setattr("analytics.store.moments.datetime", Turned)

    def turn(to: timedelta) -> None:
        ahead[0] = to

    return turn


@pytest.fixture
def news() -> Iterator[AlgoliaServer]:
    """Hacker News with a story every day of twelve days."""
    with AlgoliaServer([story(n, NOW - n * DAY - 3_600, "Acme changes its terms") for n in range(12)]) as server:
        yield server


def found(sql: str) -> list[tuple[Any, ...]]:
    with Store().writer() as connection:
        return connection.execute(sql).fetchall()


def stories() -> list[int]:
    return sorted(int(row[0]) for row in found("SELECT post_id FROM posts WHERE source = 'hackernews'"))


def contents(store: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What was collected and scored, without what tells which run did and when."""
    with Store(store).writer() as connection:
        return {
            sql: connection.execute(sql).fetchall()
            for sql in (
                "SELECT * EXCLUDE collected_at FROM posts ORDER BY ALL",
                "SELECT * FROM mentions ORDER BY ALL",
                "SELECT * FROM scores ORDER BY ALL",
                "SELECT * FROM post_themes ORDER BY ALL",
                "SELECT * EXCLUDE run_id FROM weekly_numbers ORDER BY ALL",
            )
        }


def start(folder: Path, *arguments: str, most_bytes: int | None = None) -> subprocess.Popen[str]:
    """The command in a process of its own; `most_bytes`: no file may become larger, as on a disk that is full."""

    def limit() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return subprocess.Popen(
        [sys.executable, "-m", "flows.command_line", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,
    )


def test_a_clock_that_is_moved_back_loses_nothing(
    workplace: Path, brandtrust: BrandTrust, news: AlgoliaServer, turn_clock: Callable[[timedelta], None]
) -> None:
    """Two days back and right again: every story once, and no time of the ledger ends before it begins."""
    path = write_acme(workplace, more=live_source(news.url))
    assert brandtrust("collect", path).exit_code == 0
    turn_clock(timedelta(days=-2))
    assert brandtrust("collect", path).exit_code == 0
    assert brandtrust("score", path).exit_code == 0
    turn_clock(timedelta())
    news.index.add(story(90, NOW - 60, "Acme again"))
    assert brandtrust("collect", path).exit_code == 0
    assert stories() == [*range(12), 90]
    assert found("SELECT count(*) FROM coverage WHERE window_end < window_start") == [(0,)]


def test_a_machine_that_slept_asks_for_what_it_missed(
    workplace: Path, brandtrust: BrandTrust, news: AlgoliaServer, turn_clock: Callable[[timedelta], None]
) -> None:
    """Nine days after the last run the next one brings all of them, and no day stands as never asked for."""
    path = write_acme(workplace, more=live_source(news.url))
    turn_clock(timedelta(days=-9))
    assert brandtrust("collect", path).exit_code == 0
    before = stories()
    turn_clock(timedelta())
    assert brandtrust("collect", path).exit_code == 0
    assert set(before) < set(stories()) == set(range(12))
    days = read("coverage_daily", brand="acme", store=Store().path)
    midnight = datetime.combine(now().date(), datetime.min.time())
    lately = days[days["day"].between(midnight - timedelta(days=9), midnight - timedelta(days=1))]
    assert lately[lately["source"] == "hackernews"]["status"].tolist() == ["complete"] * 9


def test_another_time_zone_of_the_brand_changes_no_number(acme: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """Weeks are counted in UTC; only schedules follow the brand's own zone."""
    for command in ("collect", "score"):
        assert brandtrust(command, acme).exit_code == 0
    before = contents(workplace / "brandtrust.duckdb")
    acme.write_text(BRAND_FILE.replace('query = "acme"', 'query = "acme"\ntimezone = "Pacific/Kiritimati"', 1))
    for command in ("collect", "score"):
        assert brandtrust(command, acme).exit_code == 0
    assert contents(workplace / "brandtrust.duckdb") == before


@pytest.mark.long
def test_a_stuck_source_holds_no_other(
    workplace: Path, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes the connection and says nothing is left in its time and named; the others are stored."""
    monkeypatch.setattr("connectors.politeness.READ_SECONDS", 0.2)
    with AlgoliaServer([story(1, NOW - DAY, "Acme")]) as server:
        server.faults.extend([Fault("hang")] * 6)
        told = brandtrust("collect", write_acme(workplace, more=live_source(server.url)))
    assert told.exit_code == 1
    assert "source failed: hackernews (acme)" in told.stderr
    assert found("SELECT count(*) FROM posts WHERE source = 'forum'") == [(320,)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which collecting and scoring met nothing."""
    folder = tmp_path_factory.mktemp("undisturbed")
    write_acme(folder)
    for command in ("collect", "score"):
        assert start(folder, command, "acme.toml").wait() == 0
    return folder


@pytest.mark.long
@pytest.mark.parametrize("command", ["collect", "score"])
@pytest.mark.parametrize("more", [-4_000_000, -1_000_000, -200_000])
def test_a_disk_that_is_full_is_told_and_the_next_run_goes_on(
    command: str, more: int, undisturbed: Path, tmp_path: Path
) -> None:
    """One line and exit code 2, wherever it ends; once there is room the same command comes to the same numbers."""
    write_acme(tmp_path)
    if command == "score":
        assert start(tmp_path, "collect", "acme.toml").wait() == 0
    most = (undisturbed / "brandtrust.duckdb").stat().st_size + more
    run = start(tmp_path, command, "acme.toml", most_bytes=most)
    _, told = run.communicate()
    lines = [line for line in told.splitlines() if line.startswith("brandtrust: ")]
    if run.returncode:
        assert (run.returncode, len(lines)) == (2, 1), told
        assert "unexpected" not in lines[0]
    for each in ("collect", "score"):
        assert start(tmp_path, each, "acme.toml").wait() == 0
    mine, theirs = contents(tmp_path / "brandtrust.duckdb"), contents(undisturbed / "brandtrust.duckdb")
    assert [len(rows) for rows in mine.values()] == [len(rows) for rows in theirs.values()]
    assert list(mine.values())[1:] == list(theirs.values())[1:]


@pytest.mark.long
def test_two_runs_at_once_do_the_work_of_one(undisturbed: Path, tmp_path: Path) -> None:
    """Started in the same moment on the same store: both end well, and nothing is there twice."""
    write_acme(tmp_path)
    for command in ("collect", "score"):
        both = [start(tmp_path, command, "acme.toml") for _ in range(2)]
        assert [(each.communicate(), each.returncode)[1] for each in both] == [0, 0]
    mine, theirs = contents(tmp_path / "brandtrust.duckdb"), contents(undisturbed / "brandtrust.duckdb")
    assert list(mine.values())[1:] == list(theirs.values())[1:]


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="there is no /sys that even root cannot write to")
@pytest.mark.parametrize("command", ["collect", "score", "backup"])
def test_a_place_that_cannot_be_written_is_one_line(command: str, acme: Path, brandtrust: BrandTrust) -> None:
    """With what to do, and exit code 2."""
    brandtrust("collect", acme)
    store = ["--store", "/sys/a.duckdb"] if command == "collect" else []
    where = ["/sys/b.tar"] if command == "backup" else [str(acme)]
    told = brandtrust(command, *where, *(store or (["--store", "/sys/b.duckdb"] if command == "score" else [])))
    lines = [line for line in told.stderr.splitlines() if line.startswith("brandtrust: ")]
    assert told.exit_code == 2
    assert len(lines) == 1
    assert "unexpected" not in lines[0]
