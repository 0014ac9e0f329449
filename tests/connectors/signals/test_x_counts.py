"""Counts of X as a signal: days that are over, each request in the ledger, no post and no author."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from brands.brand_file import Signal
from brands.query import parse
from connectors.batch import Asked
from connectors.errors import AuthError, SpendLimit
from connectors.signals.batch import SignalConnector
from connectors.signals.registry import open_signal
from tests.connectors.conftest import Clock
from tests.servers.x import TOKEN, XServer, post

START = datetime(2023, 8, 28)
WEEK = (date(2023, 8, 20), date(2023, 9, 2))


def connect(
    server: XServer,
    clock: Clock,
    *,
    token: str = TOKEN,
    budget_usd: float | None = None,
    record: Callable[[Asked], object] = lambda _: None,
) -> SignalConnector:
    signal = Signal(connector="x_counts", name="x_posts", url=server.address)
    return open_signal(
        signal,
        query=parse("zoom"),
        credentials={"X_BEARER_TOKEN": token},
        budget_usd=budget_usd,
        record=record,
        clock=clock,
        sleep=clock.sleep,
    )


def test_days_that_are_over_are_counted(clock: Clock) -> None:
    """The running day is left out, a day without posts is 0, and each request stands in the ledger with its price."""
    posts = [post(n, START + timedelta(hours=9 * n), "zoom") for n in range(1, 9)]
    asked: list[Asked] = []
    with XServer(posts, clock=clock) as server:
        batch = connect(server, clock, record=asked.append).days(*WEEK)
    counted = {each.day: each.value for each in batch.days}
    assert counted[date(2023, 8, 27)] == 0
    assert sum(counted.values()) == 8
    assert max(counted) == date(2023, 8, 31)
    assert batch.kind == "attention"
    assert [row.cost_usd for row in asked] == [0.01]
    assert not batch.asked  # it is written down already


def test_a_budget_and_a_token_are_kept(clock: Clock) -> None:
    """Nothing is asked for that cannot be paid, and a wrong or missing token is told."""
    with XServer([], clock=clock) as server:
        with pytest.raises(SpendLimit):
            connect(server, clock, budget_usd=0.005).days(*WEEK)
        assert not server.log
        with pytest.raises(AuthError):
            connect(server, clock, token="wrong").days(*WEEK)
        with pytest.raises(AuthError, match="X_BEARER_TOKEN"):
            connect(server, clock, token="")
