"""Signals are collected with the posts, and one that fails stops nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.store import Store
from brands.brand_file import load
from connectors import x_client
from connectors.politeness import utc_now
from connectors.x_client import XClient
from flows import stages
from flows.spending import alone
from tests.flows.acme import write_acme
from tests.flows.conftest import BrandTrust
from tests.servers.wikimedia import WikimediaServer
from tests.servers.x import TOKEN, XServer

CHURN = """
[[signals]]
name = "churn"
connector = "csv"
path = "churn.csv"
"""


def write_churn(folder: Path, values: dict[str, str]) -> None:
    lines = ["day,value", *(f"{day},{value}" for day, value in values.items())]
    (folder / "churn.csv").write_text("\n".join(lines) + "\n")


def stored(store: Store, name: str) -> list[tuple[date, float]]:
    store.publish()
    with store.reader() as connection:
        sql = "SELECT day, value FROM signals_daily WHERE name = ? ORDER BY day"
        return connection.execute(sql, [name]).fetchall()


def test_a_file_of_outcomes_is_read_whole_each_time(workplace: Path) -> None:
    """A corrected figure of last year replaces the old one; the source's line counts what is new."""
    write_churn(workplace, {"2022-01-03": "0.1", "2023-08-07": "0.2"})
    brand, store = load(write_acme(workplace, more=CHURN)), Store()
    first = stages.collect(brand, store).sources[-1]
    assert (first.source, first.read, first.new, first.failure) == ("churn", 2, 2, "")
    write_churn(workplace, {"2022-01-03": "0.3", "2023-08-07": "0.2", "2023-08-14": "0.5"})
    again = stages.collect(brand, store).sources[-1]
    assert (again.read, again.new, again.known) == (3, 1, 2)
    assert [value for _, value in stored(store, "churn")] == [0.3, 0.2, 0.5]
    with store.reader() as connection:
        sql = "SELECT window_start, window_end, returned FROM source_requests ORDER BY asked_at DESC LIMIT 1"
        assert connection.execute(sql).fetchall() == [(datetime(2022, 1, 3), datetime(2023, 8, 15), 3)]


def test_a_fault_in_the_file_is_told_and_the_posts_are_there(workplace: Path, brandtrust: BrandTrust) -> None:
    """One line with file and line, exit 1, and nothing of the file is used."""
    write_churn(workplace, {"2023-08-07": "0.2", "the other day": "1"})
    told = brandtrust("collect", write_acme(workplace, more=CHURN))
    assert told.exit_code == 1
    (line,) = [line for line in told.stderr.splitlines() if "source failed" in line]
    assert "churn.csv" in line
    assert "3" in line
    assert stored(Store(), "churn") == []
    assert brandtrust("sql", "SELECT count(*) FROM brand_posts", "--format", "csv").stdout.split()[1] != "0"


def test_one_signal_can_be_collected_by_itself(workplace: Path) -> None:
    """--source names a signal too; a name that there is not is told with the others."""
    write_churn(workplace, {"2023-08-07": "0.2"})
    brand = load(write_acme(workplace, more=CHURN))
    assert [each.source for each in stages.collect(brand, Store(), only_sources=["churn"]).sources] == ["churn"]


def test_page_views_go_on_where_they_ended(workplace: Path) -> None:
    """The first look reaches back before the events; the next asks again for the last two weeks only."""
    today = date.today()
    with WikimediaServer({"Acme": {today - timedelta(days=n): 10 + n for n in range(2, 60)}}) as server:
        more = (
            f'\n[[signals]]\nname = "wikipedia"\nconnector = "pageviews"\narticles = ["Acme"]\nurl = "{server.url}"\n'
        )
        brand, store = load(write_acme(workplace, more=more)), Store()
        first = stages.collect(brand, store).sources[-1]
        assert (first.failure, first.requests) == ("", 1)
        assert sum(value for _, value in stored(store, "wikipedia")) == sum(server.views["Acme"].values())
        server.log.clear()
        again = stages.collect(brand, store).sources[-1]
        assert again.new == 0
        assert again.read <= 15
        (request,) = server.log
        assert f"{today - timedelta(days=16):%Y%m%d}" in request.path


X_COUNTS = """
[[signals]]
name = "x_posts"
connector = "x_counts"
full_archive = true
max_usd_per_month = 0.05
url = "{url}"
"""


def test_counts_that_are_paid_for_are_in_the_ledger_wherever_a_run_ends(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs that are stopped in the middle, again and again, do not ask beyond the month's cap of five counts."""
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    monkeypatch.setattr(x_client, "ARCHIVE_PACE", 0)
    ask = XClient.count
    asked = 0

    def stopped(self: XClient, *args: Any) -> Any:
        nonlocal asked
        if asked and asked % 2 == 0 and not resumed:
            resumed.append(asked)
            raise KeyboardInterrupt
        resumed.clear()
        asked += 1
        return ask(self, *args)

    resumed: list[int] = []
    monkeypatch.setattr(XClient, "count", stopped)
    with XServer(clock=utc_now) as server:
        brand, store = load(write_acme(workplace, more=X_COUNTS.format(url=server.address))), Store()
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                stages.collect(brand, store, only_sources=["x_posts"])
        told = stages.collect(brand, store, only_sources=["x_posts"]).sources[-1]
    assert "USD are spent: raise max_usd_per_run or max_usd_per_month" in told.failure
    assert (told.cost_usd, asked) == (pytest.approx(0.01), 5)
    store.publish()
    with store.reader() as connection:
        assert connection.execute("SELECT sum(cost_usd) FROM spend_monthly").fetchall()[0][0] == pytest.approx(0.05)


def test_two_runs_do_not_pay_for_the_same_counts(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one run asks a signal that costs money, another is told to come back, and asks nothing."""
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    with XServer(clock=utc_now) as server:
        brand, store = load(write_acme(workplace, more=X_COUNTS.format(url=server.address))), Store()
        with alone(store, "x_posts"):
            told = stages.collect(brand, store, only_sources=["x_posts"]).sources[-1]
        assert "another run is asking this paid source" in told.failure
        assert not server.log
