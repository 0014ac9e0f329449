"""Small batches are gathered before they are saved: a transaction costs as much for 100 posts as for 2,000."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from connectors.batch import Batch

ENOUGH = 2_000  # posts
ENOUGH_OF_A_FILE = 122_880  # a row group of DuckDB: written once, and never again with those that follow
MOST_BYTES = 64 << 20  # of posts held; some are very long


def gathered(batches: Iterator[Batch], enough: int = ENOUGH) -> Iterator[Batch]:
    """The same posts, counts, coverage and cursors in fewer batches.

    What was paid for is handed on at once, a cursor at once too; an error comes after everything that came before it.
    """
    held: list[Batch] = []
    posts = size = 0
    try:
        for batch in batches:
            held.append(batch)
            posts += batch.posts.num_rows
            size += batch.posts.nbytes
            full = posts >= enough or size >= MOST_BYTES
            if batch.cursor is not None or full or any(asked.cost_usd for asked in batch.asked):
                yield merge(held)
                held, posts, size = [], 0, 0
    except Exception:
        if held:
            yield merge(held)
            held = []
        raise
    if held:
        yield merge(held)


def merge(batches: Sequence[Batch]) -> Batch:
    """One batch of several that came one after the other."""
    if len(batches) == 1:
        return batches[0]
    return Batch(
        _one([batch.posts for batch in batches]),
        batches[-1].cursor,
        coverage=[row for batch in batches for row in batch.coverage],
        asked=[row for batch in batches for row in batch.asked],
        metrics=_optional([batch.metrics for batch in batches]),
        named_brands=_optional([batch.named_brands for batch in batches]),
        rejected=[row for batch in batches for row in batch.rejected],
        read=sum(batch.read for batch in batches),
        outside=sum(batch.outside for batch in batches),
        not_matching=sum(batch.not_matching for batch in batches),
        excluded=sum(batch.excluded for batch in batches),
        replaced=sum(batch.replaced for batch in batches),
    )


def _one(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.concat_batches(batches)


def _optional(batches: Sequence[pa.RecordBatch | None]) -> pa.RecordBatch | None:
    there = [batch for batch in batches if batch is not None]
    return _one(there) if there else None
