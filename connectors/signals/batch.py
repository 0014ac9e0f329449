"""What crosses from a signal to the store: one value a day, and how far the days are final."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar, Protocol

from brands.schema import SignalKind
from connectors.batch import Asked


@dataclass(frozen=True, slots=True)
class SignalDay:
    """What was counted on a day (UTC): page views, stories, tickets, a score. A week's value may stand on one day."""

    day: date
    value: float


@dataclass(frozen=True, slots=True)
class SignalBatch:
    """The days of one signal, in order, each once.

    A day before `complete_until` that is not among `days` has no value, and will not get one; later days may. `asked`:
    rows of the ledger for the requests that cost nothing; a paid one is written down before the next is sent.
    """

    name: str
    kind: SignalKind
    days: Sequence[SignalDay]
    complete_until: date
    asked: Sequence[Asked] = ()


def midnight(day: date) -> datetime:
    """Where the day begins, UTC without a zone."""
    return datetime.combine(day, time())


class SignalConnector(Protocol):
    """A source of one signal. `reads_whole`: it has all its days at hand, and any of them may have been corrected."""

    name: str
    reads_whole: ClassVar[bool]

    def days(self, since: date, until: date) -> SignalBatch:
        """What was counted in since ≤ day < until. Raises `connectors.errors.ConnectorError` and nothing else."""
        ...
