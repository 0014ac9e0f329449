"""How many posts X holds on a query a day: counts cost a cent a request, and bring no post and no author."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from brands.query import parse
from brands.schema import Signal, Source
from connectors.batch import Asked
from connectors.credentials import Credential
from connectors.errors import BadInput
from connectors.politeness import utc_now
from connectors.signals.batch import SignalBatch, SignalDay
from connectors.x import X
from connectors.x_client import NEEDS

if TYPE_CHECKING:
    from brands.query import Query


class XCounts:
    """Counts of the signal's own query, or of the brand's where it has none.

    `record` gets a row of the ledger for each request before the next one is sent.
    """

    reads_whole: ClassVar[bool] = False

    needs: ClassVar[tuple[Credential, ...]] = NEEDS

    def __init__(
        self,
        signal: Signal,
        *,
        query: Query | None = None,
        credentials: Mapping[str, str],
        record: Callable[[Asked], object],
        budget_usd: float | None = None,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = signal.name
        self.kind = signal.kind
        wanted = parse(signal.query) if signal.query else query
        if wanted is None:
            raise BadInput(signal.name, f'[[signals]] "{signal.name}"', 'names no query; write query = "..."')
        self.query = wanted
        self.record = record
        source = Source(
            connector="x",
            name=signal.name,
            url=signal.url,
            full_archive=signal.full_archive,
            usd_per_count=signal.usd_per_count,
        )
        self.x = X(
            source,
            lambda *_: "",  # no author comes with a count
            clock(),
            credentials=credentials,
            clock=clock,
            sleep=sleep,
            budget_usd=budget_usd,
        )

    def days(self, since: date, until: date) -> SignalBatch:
        """Posts a day, for days that are over and that X still counts; its requests went to `record` already.

        Raises ConnectorError.
        """
        counting = self.x.daily_counts(self.query, since, until)
        while True:
            try:
                self.record(next(counting))
            except StopIteration as end:
                counted: list[tuple[date, int]] = end.value
                break
        days = [SignalDay(day, float(posts)) for day, posts in counted]
        complete_until = min(until, self.x.collected_at.date())
        return SignalBatch(self.name, self.kind, days, complete_until)
