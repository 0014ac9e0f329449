"""A paid source is asked only within its caps, and what it cost is in the ledger."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analytics.store import Store
from brands.brand_file import Source, load
from brands.query import Query
from connectors import registry
from connectors.batch import Asked, AuthorKey, Batch, Coverage, Window
from connectors.errors import SpendLimit, Unavailable
from connectors.items import Item, Reader
from flows import stages
from flows.spending import alone
from tests.flows.acme import write_acme
from tests.flows.conftest import BrandTrust

SOURCE = """
[[sources]]
connector = "x"
name = "paid"
match = "all"
"""


@dataclass(frozen=True)
class Estimate:
    posts: int
    usd: float


class Paid:
    """Sells ten posts at ten cents each, after an estimate for a cent."""

    asked_for_posts = 0
    price = 0.1

    def __init__(
        self, source: Source, author_key: AuthorKey, collected_at: datetime, *, budget_usd: float | None = None
    ) -> None:
        self.source = source.name
        self.now = collected_at
        self.budget_usd = budget_usd
        self.reader = Reader(source.name, author_key, collected_at, None)

    def estimate(self, query: Query, window: Window, cursor: str | None) -> Generator[Asked, None, Estimate]:
        yield self._asked("counts", 0, 0.01)
        return Estimate(10, 10 * self.price)

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        type(self).asked_for_posts += 1
        items = [Item(f"{self.now:%H%M%S%f}-{n}", self.now, "acme") for n in range(10)]
        batch = self.reader.batch(items, Window())
        start = self.now - timedelta(hours=1)
        yield Batch(
            batch.posts, "done", [Coverage(start, self.now, 10)], [self._asked("acme", 10, 10 * self.price)], read=10
        )

    def _asked(self, search: str, returned: int, cost: float) -> Asked:
        return Asked(self.now, search, self.now, self.now, returned, cost_usd=cost)


@pytest.fixture(autouse=True)
def paid(monkeypatch: pytest.MonkeyPatch) -> type[Paid]:
    monkeypatch.setitem(registry.CONNECTORS, "x", "")
    monkeypatch.setattr(registry, "_load", lambda name, load=registry._load: Paid if name == "x" else load(name))
    monkeypatch.setattr(Paid, "asked_for_posts", 0)
    return Paid


def spent(store: Store) -> float:
    store.publish()
    with store.reader() as connection:
        return float(connection.execute("SELECT coalesce(sum(cost_usd), 0) FROM spend_monthly").fetchall()[0][0])


def test_what_was_spent_stands_in_the_ledger(workplace: Path) -> None:
    """Estimate and posts: 1.01 USD, told with the source."""
    store = Store()
    outcome = stages.collect(load(write_acme(workplace, more=SOURCE)), store)
    assert outcome.sources[-1].cost_usd == pytest.approx(1.01)
    assert outcome.sources[-1].new == 10
    assert spent(store) == pytest.approx(1.01)


def test_a_run_over_its_cap_is_refused_with_the_number(
    workplace: Path, brandtrust: BrandTrust, paid: type[Paid]
) -> None:
    """The posts are not asked for, others go on, and one line says what it would cost and which cap is in the way."""
    told = brandtrust("collect", write_acme(workplace, more=SOURCE + "max_usd_per_run = 0.5\n"))
    assert told.exit_code == 1
    (line,) = [line for line in told.stderr.splitlines() if "source failed" in line]
    assert "about 10 posts would cost 1.00 USD" in line
    assert "max_usd_per_run is 0.50" in line
    assert "asking for the counts that tell this cost 0.01 USD, and costs as much in each run" in line
    assert paid.asked_for_posts == 0
    assert spent(Store()) == pytest.approx(0.01)


@pytest.mark.long
def test_the_month_has_a_cap_too(workplace: Path, brandtrust: BrandTrust, paid: type[Paid]) -> None:
    """Two runs fit, the third does not, and after that not even the estimate is paid for."""
    path = write_acme(workplace, more=SOURCE + "max_usd_per_month = 2.5\n")
    assert [brandtrust("collect", path).exit_code for _ in range(3)] == [0, 0, 1]
    assert paid.asked_for_posts == 2
    path.write_text(path.read_text().replace("max_usd_per_month = 2.5", "max_usd_per_month = 2.0"))
    told = brandtrust("collect", path)
    assert "nothing is left to spend" in told.stderr
    assert spent(Store()) == pytest.approx(2.03)


def test_two_runs_do_not_spend_the_same_money(workplace: Path, paid: type[Paid]) -> None:
    """While one run asks a paid source, another is told to come back; its other sources go on."""
    store = Store()
    brand = load(write_acme(workplace, more=SOURCE))
    with alone(store, "paid"):
        outcome = stages.collect(brand, store)
    assert "another run is asking" in outcome.sources[-1].failure
    assert paid.asked_for_posts == 0
    assert outcome.sources[0].new == 320
    assert stages.collect(brand, store).sources[-1].failure == ""


def test_what_an_estimate_cost_is_in_the_ledger_even_where_it_fails(
    workplace: Path, paid: type[Paid], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two counts were paid for before the third failed."""

    def fail(self: Paid, *_: object) -> Generator[Asked, None, Estimate]:
        yield self._asked("counts", 0, 0.01)
        yield self._asked("counts", 0, 0.01)
        raise Unavailable("paid", "there", "HTTP 500")

    monkeypatch.setattr(Paid, "estimate", fail)
    store = Store()
    assert "HTTP 500" in stages.collect(load(write_acme(workplace, more=SOURCE)), store).sources[-1].failure
    assert spent(store) == pytest.approx(0.02)


def test_an_estimate_that_is_interrupted_has_all_it_paid_for_in_the_ledger(
    workplace: Path, paid: type[Paid], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before each request for counts the ledger holds those before it, so that even a kill loses none of them."""
    store = Store()
    known: list[float] = []

    def interrupted(self: Paid, *_: object) -> Generator[Asked, None, Estimate]:
        for _ in range(3):
            known.append(spent(store))
            yield self._asked("counts", 0, 0.01)
        known.append(spent(store))
        raise KeyboardInterrupt

    monkeypatch.setattr(Paid, "estimate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        stages.collect(load(write_acme(workplace, more=SOURCE)), store)
    assert known == pytest.approx([0, 0.01, 0.02, 0.03])


def test_an_estimate_that_does_not_fit_into_what_is_left_says_what_it_cost(
    workplace: Path, paid: type[Paid], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts alone may be more than the cap allows."""

    def fail(self: Paid, *_: object) -> Generator[Asked, None, Estimate]:
        yield self._asked("counts", 0, 0.04)
        raise SpendLimit("paid", "there", "the next request could cost 0.04 USD")

    monkeypatch.setattr(Paid, "estimate", fail)
    failure = stages.collect(load(write_acme(workplace, more=SOURCE)), Store()).sources[-1].failure
    assert "0.04 USD; asking for the counts that tell this cost 0.04 USD" in failure
