"""Compaction: after a purge the old bytes are still in the store's files and in what is published.

The store is written anew from its live rows under the writer's lock, then published. Until both are done the store says
that it is due: whatever cuts it off, the next sweep does it again.
"""

from __future__ import annotations

from analytics.store.purging import COMPACTION_DUE
from analytics.store.store import Store
from analytics.store.transactions import first_row

DUE = f"SELECT 1 FROM store_settings WHERE name = '{COMPACTION_DUE}'"


def compaction_due(store: Store) -> bool:
    """Whether the files still hold bytes of what was purged."""
    with store.writer() as connection:
        return first_row(connection, DUE) is not None


def compact(store: Store) -> None:
    """Write the store anew without what was deleted, and publish it.

    Raises StoreUnusable where there is too little room or it cannot be written; compaction then stays due.
    """
    store.rewrite()
    store.publish()
    store.drop_former()
    with store.transaction() as connection:
        connection.execute("DELETE FROM store_settings WHERE name = ?", [COMPACTION_DUE])
