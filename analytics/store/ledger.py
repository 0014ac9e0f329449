"""What was asked of sources before: which time is still to be asked for, and what was spent."""

from __future__ import annotations

from datetime import datetime, timedelta

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
        covered = connection.execute(
            "SELECT window_start, window_end FROM coverage "
            "WHERE source = ? AND query_hash = ? AND NOT capped AND NOT failed AND window_end > ? AND window_start < ? "
            # A row that ends in the future was written by a clock that was wrong.
            "AND window_end <= ? ORDER BY window_start, window_end",
            [source, query_hash, since, until, now() + CLOCK_ERROR],
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
        row = first_row(
            connection,
            "SELECT coalesce(sum(cost_usd::DECIMAL(18, 6)) FILTER (run_id = $run_id), 0)::DOUBLE, "
            "coalesce(sum(cost_usd::DECIMAL(18, 6)) "
            "FILTER (date_trunc('month', asked_at) = date_trunc('month', $month::TIMESTAMP)), 0)::DOUBLE "
            "FROM requests WHERE source = $source",
            {"source": source, "run_id": run_id, "month": month},
        )
    return (float(row[0]), float(row[1])) if row else (0.0, 0.0)
