"""Which signals there are. A new one is its own file, one line here, and a test."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from brands.schema import Signal
from connectors.errors import BadInput
from connectors.signals.batch import SignalConnector

SIGNALS = {
    "csv": "connectors.signals.csv_file:CsvFile",
    "pageviews": "connectors.signals.pageviews:Pageviews",
}


def names() -> list[str]:
    """The connectors that a [[signals]] table may name, in alphabetical order."""
    return sorted(SIGNALS)


def open_signal(signal: Signal, **options: object) -> SignalConnector:
    """The connector of `signal`; `options` (clock and sleep) go to it as they are.

    Raises BadInput where there is no such connector or its settings cannot be used.
    """
    if signal.connector not in SIGNALS:
        problem = f'there is no signal "{signal.connector}"; there are {", ".join(names())}'
        raise BadInput(signal.name, f'[[signals]] "{signal.name}"', problem)
    module, _, name = SIGNALS[signal.connector].partition(":")
    return cast(Callable[..., SignalConnector], getattr(import_module(module), name))(signal, **options)
