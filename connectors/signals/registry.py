"""Which signals there are. A new one is its own file, one line here, and a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, cast

from brands.schema import Signal
from connectors.batch import Asked
from connectors.credentials import NO_CREDENTIALS, Credential, tell_how_to_get
from connectors.errors import AuthError, BadInput
from connectors.signals.batch import SignalConnector

if TYPE_CHECKING:
    from brands.query import Query

SIGNALS = {
    "csv": "connectors.signals.csv_file:CsvFile",
    "pageviews": "connectors.signals.pageviews:Pageviews",
    "x_counts": "connectors.signals.x_counts:XCounts",
}


def names() -> list[str]:
    """The connectors that a [[signals]] table may name, in alphabetical order."""
    return sorted(SIGNALS)


def needed_credentials(signal: Signal) -> tuple[Credential, ...]:
    """What the signal's connector needs to log in; nothing for one that needs no account. It then costs money."""
    return tuple(getattr(_load(signal), "needs", ()))


def open_signal(
    signal: Signal,
    *,
    query: Query | None = None,
    credentials: Mapping[str, str] = NO_CREDENTIALS,
    budget_usd: float | None = None,
    record: Callable[[Asked], object] | None = None,
    **options: object,
) -> SignalConnector:
    """The connector of `signal`; `options` (clock and sleep) go to it as they are.

    `query` (the brand's), `credentials`, `budget_usd` and `record` (gets each paid request's row of the ledger before
    the next one is sent) are for one that needs an account. Raises BadInput where there is no such connector or its
    settings cannot be used, AuthError where a credential is missing.
    """
    connector = _load(signal)
    needs = needed_credentials(signal)
    if not needs:
        return connector(signal, **options)
    missing = [need for need in needs if need.required and not credentials.get(need.name)]
    if missing:
        names_missing = " and ".join(need.name for need in missing)
        told = f"needs {names_missing}: {tell_how_to_get(missing)}"
        raise AuthError(signal.name, "environment or .env", told)
    account = {"query": query, "credentials": credentials, "budget_usd": budget_usd, "record": record}
    return connector(signal, **account, **options)


def _load(signal: Signal) -> Callable[..., SignalConnector]:
    if signal.connector not in SIGNALS:
        problem = f'there is no signal "{signal.connector}"; there are {", ".join(names())}: choose one'
        raise BadInput(signal.name, f'[[signals]] "{signal.name}"', problem)
    module, _, name = SIGNALS[signal.connector].partition(":")
    return cast(Callable[..., SignalConnector], getattr(import_module(module), name))
