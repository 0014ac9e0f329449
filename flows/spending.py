"""What a paid source may cost, asked before it is spent: a run that would cost too much is refused with the number."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from analytics.store import Store, StoreBusy, now
from analytics.store.ledger import find_spent
from brands.wording import write_count
from connectors.batch import Asked, Batch, Window
from connectors.errors import ConnectorError, SpendLimit, Unavailable
from connectors.posts import no_posts

if TYPE_CHECKING:
    from brands.brand_file import Source
    from brands.query import Query
    from brands.schema import Signal


class Estimated(Protocol):
    """What a paid source says beforehand: posts and US dollars, those for finding out included."""

    @property
    def posts(self) -> int: ...
    @property
    def usd(self) -> float: ...


class PaidConnector(Protocol):
    """A connector whose posts cost money."""

    def estimate(self, query: Query, window: Window, cursor: str | None) -> Generator[Asked, None, Estimated]:
        """About what `batches` with the same arguments will cost; yields each paid request before the next is sent."""
        ...


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of the caps of `source`, in US dollars, and the words for the cap that is nearer."""

    source: str
    usd: float
    cap: str


def find_budget(store: Store, source: Source | Signal, run_id: str, month: datetime) -> Budget:
    """The smaller of what the run and the month still allow."""
    in_run, in_month = find_spent(store, source.name, run_id, month)
    run = max(source.max_usd_per_run - in_run, 0.0)
    rest = max(source.max_usd_per_month - in_month, 0.0)
    if rest < run:
        cap = f"max_usd_per_month is {source.max_usd_per_month:,.2f}, of which {in_month:,.2f} is spent"
        return Budget(source.name, rest, cap)
    spent = f", of which {in_run:,.2f} is spent" if in_run else ""
    return Budget(source.name, run, f"max_usd_per_run is {source.max_usd_per_run:,.2f}{spent}")


@contextmanager
def alone(store: Store, source: str) -> Iterator[None]:
    """One run at a time asks a paid source: two would each spend what is left. Raises Unavailable."""
    with ExitStack() as held:
        try:
            held.enter_context(store.locked(f"{source_mark(source)}.paid", seconds=0))
        except StoreBusy:
            where = "the ledger of this store"
            raise Unavailable(
                source, where, "another run is asking this paid source", advice="run again when it has ended"
            ) from None
        yield


def failed_row(search: str, window: Window, problem: Exception) -> Asked:
    """The row of the ledger for a request that failed before its source could write one."""
    moment = now()
    told = " ".join(str(problem).split())
    return Asked(moment, search, window.since or moment, window.until or moment, 0, problem=told)


def source_mark(source: str) -> str:
    """A source's name as a part of a file's name."""
    return hashlib.sha256(source.encode()).hexdigest()[:8]


def estimated(connector: object, query: Query, window: Window, cursor: str | None, budget: Budget) -> Iterator[Batch]:
    """The ledger rows of the estimate one by one, then nothing, or SpendLimit where it is over the budget.

    The estimate itself costs a little, which a refusal says; with nothing left it is not even asked for. A row is to be
    saved before the next is taken, since taking it sends a request that costs money.
    """
    where = "[[sources]] in the brand file"
    if budget.usd <= 0:
        raise SpendLimit(budget.source, where, f"nothing is left to spend: {budget.cap}")
    paid: PaidConnector = connector  # type: ignore[assignment]
    asking = paid.estimate(query, window, cursor)
    spent = 0.0
    while True:
        try:
            row = next(asking)
        except StopIteration as end:
            estimate: Estimated = end.value
            break
        except ConnectorError as failure:
            yield Batch(no_posts(), None, asked=[failed_row("estimate", window, failure)])
            if spent and isinstance(failure, SpendLimit):
                raise SpendLimit(budget.source, failure.where, f"{failure.problem}; {tell_spent(spent)}") from None
            raise
        spent += row.cost_usd
        yield Batch(no_posts(), None, asked=[row])
    if estimate.usd > budget.usd:
        problem = (
            f"about {write_count(estimate.posts, 'post')} would cost {estimate.usd:,.2f} USD, and {budget.cap}; "
            "raise the cap, or ask for less by --since and --until or a narrower query"
        )
        raise SpendLimit(budget.source, where, f"{problem}; {tell_spent(spent)}" if spent else problem)


def tell_spent(usd: float) -> str:
    """What a refusal has cost all the same."""
    return f"asking for the counts that tell this cost {usd:,.2f} USD, and costs as much in each run that is refused"
