"""The ledger of what was sent to whom: the intent is written before anything leaves, and its end after it.

A run that dies in between leaves the intent: nobody knows whether the target got it, so it is told and not sent again.
Runs take turns at a target of a brand, so that an intent which one of them meets in its turn is nobody's any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from analytics.store.catalogue import statement
from analytics.store.errors import StoreBusy
from analytics.store.store import Store, first_row, now

if TYPE_CHECKING:
    import duckdb


TURN_SECONDS = 60.0  # longer than most targets take, and nobody waits for an hour behind one that hangs


@contextmanager
def turn(store: Store, brand: str, target: str) -> Iterator[bool]:
    """Have a target of a brand to oneself; False where another run is still sending to it after `TURN_SECONDS`.

    The turn of a run that is killed ends with its process.
    """
    with ExitStack() as held:
        try:
            held.enter_context(store.locked(f"{brand}.{target}.delivery", seconds=TURN_SECONDS))
            is_ours = True
        except StoreBusy:
            is_ours = False
        yield is_ours


def intend(store: Store, item: str, brand: str, target: str, run_id: str, *, again: bool = False) -> str:
    """Write down that `item` is about to be sent to `target`; returns "" where it may go, else how it stands.

    To be called in one's `turn`. sent: it went before. intended: an earlier run began, and ended without knowing
    whether it came through; with `again` it may go all the same.
    """
    named = {"item": item, "brand": brand, "target": target, "run_id": run_id, "again": again, "moment": now()}
    with store.transaction() as connection:
        if first_row(connection, statement("intend_delivery"), named) == (1,):
            return ""
        return look_up(connection, item, target)


def look_up(connection: duckdb.DuckDBPyConnection, item: str, target: str) -> str:
    """How it stands: intended, sent or failed; "" where it was never tried."""
    row = first_row(connection, "SELECT state FROM deliveries WHERE item = ? AND target = ?", [item, target])
    return str(row[0]) if row else ""


def record(store: Store, item: str, target: str, attempts: int, failure: str) -> None:
    """Write down how it ended; `failure` is empty where it was sent."""
    state = "failed" if failure else "sent"
    named = {"item": item, "target": target, "attempts": attempts, "failure": failure, "state": state, "moment": now()}
    with store.transaction() as connection:
        connection.execute(statement("record_delivery"), named)
