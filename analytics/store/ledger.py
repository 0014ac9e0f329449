"""What was asked of sources before: which time is still to be asked for, and what was spent."""

from __future__ import annotations

from datetime import datetime, timedelta

from analytics.store.catalogue import statement
from analytics.store.store import Store, first_row, now

CLOCK_ERROR = timedelta(hours=1)
Span = tuple[datetime, datetime]


def find_holes(store: Store, source: str, query_hash: str, since: datetime, until: datetime) -> list[Span]:
    """The parts of since ≤ t < until (UTC without zone) that no complete answer to this query covers, oldest first.

    Time that was capped or failed, or that was never asked for, is a hole.
    """
    if not store.exists:
        return [(since, until)]
    with store.writer() as connection:
        wanted = {"source": source, "query_hash": query_hash, "since": since, "until": until}
        covered = connection.execute(
            statement("list_complete_spans"), {**wanted, "latest": now() + CLOCK_ERROR}
        ).fetchall()
    holes: list[Span] = []
    reached = since
    for start, end in covered:
        if start > reached:
            holes.append((reached, start))
        reached = max(reached, end)
    return [*holes, (reached, until)] if reached < until else holes


def find_spent(store: Store, source: str, run_id: str, month: datetime) -> tuple[float, float]:
    """What requests to `source` cost in run `run_id` and in the UTC month that holds `month`, in US dollars.

    For every brand of the store together.
    """
    if not store.exists:
        return 0.0, 0.0
    with store.writer() as connection:
        row = first_row(connection, statement("sum_spent"), {"source": source, "run_id": run_id, "month": month})
    return (float(row[0]), float(row[1])) if row else (0.0, 0.0)
