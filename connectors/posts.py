"""Columns become record batches of posts: one schema for every source, ids that stay, authors as keys only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from brands.folding import READ_CHARACTERS
from connectors.batch import METRICS_SCHEMA, POSTS_SCHEMA, AuthorKey
from connectors.times import without_zone

METRICS = ("likes", "replies", "shares")


def assemble(source: str, collected_at: datetime, columns: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """`columns` (post_id, created_at, kind and text at least) as POSTS_SCHEMA; what is not given is NULL."""
    length = len(columns["post_id"])
    given = {
        "source": pa.repeat(pa.scalar(source, pa.string()), length),
        "collected_at": pa.repeat(pa.scalar(without_zone(collected_at), pa.timestamp("us")), length),
        "truncated": _are_longer(columns["text"], READ_CHARACTERS),
        **columns,
    }
    arrays = [
        given[column.name].cast(column.type) if column.name in given else pa.nulls(length, column.type)
        for column in POSTS_SCHEMA
    ]
    return pa.record_batch(arrays, schema=POSTS_SCHEMA)


def _are_longer(texts: pa.Array, characters: int) -> pa.Array:
    # Bytes are told without a look at the text, and there are never fewer of them than characters.
    if (pc.max(pc.binary_length(texts)).as_py() or 0) <= characters:
        return pa.repeat(pa.scalar(False), len(texts))
    return pc.greater(pc.utf8_length(texts), characters)


def no_posts() -> pa.RecordBatch:
    """A record batch without rows."""
    return pa.record_batch([pa.array([], column.type) for column in POSTS_SCHEMA], schema=POSTS_SCHEMA)


def assemble_metrics(
    source: str, observed_at: datetime, post_ids: pa.Array, columns: Mapping[str, pa.Array]
) -> pa.RecordBatch | None:
    """Likes, replies and shares of the posts that have any, as METRICS_SCHEMA; None where no post has."""
    values = [columns[name] if name in columns else pa.nulls(len(post_ids), pa.int64()) for name in METRICS]
    known = pc.or_(pc.or_(values[0].is_valid(), values[1].is_valid()), values[2].is_valid())
    if not pc.any(known).as_py():
        return None
    length = len(post_ids)
    repeated = [
        pa.repeat(pa.scalar(source, pa.string()), length),
        post_ids,
        pa.repeat(pa.scalar(without_zone(observed_at), pa.timestamp("us")), length),
    ]
    return pa.record_batch([*repeated, *values], schema=METRICS_SCHEMA).filter(known)


def author_keys(source: str, handles: pa.Array, author_key: AuthorKey) -> pa.Array:
    """Each handle's keyed hash, computed once for every distinct handle; NULL where there is none."""
    encoded = optional(handles).dictionary_encode()
    keys = pa.array([author_key(source, handle) for handle in encoded.dictionary.to_pylist()], pa.string())
    return keys.take(encoded.indices)


def optional(texts: pa.Array) -> pa.Array:
    """An optional text: NULL where it is blank, otherwise as it was written."""
    blank = are_blank(texts)
    return pc.if_else(blank, None, texts) if pc.any(blank).as_py() else texts


def are_blank(texts: pa.Array) -> pa.BooleanArray:
    """Where a text is empty or only white space; NULL where there is none."""
    return pc.or_(pc.utf8_is_space(texts), pc.equal(pc.binary_length(texts), 0))


class Seen:
    """How often a record came before, at sixteen bytes a distinct record, so that large files stay in memory.

    Keys stand in sorted runs, each at least twice as long as the next: a key is copied once for each doubling of them.
    """

    def __init__(self) -> None:
        self.runs: list[tuple[np.ndarray, np.ndarray]] = []  # keys (uint64, each in one run only) and their counts

    def before(self, keys: np.ndarray) -> np.ndarray:
        """For each of `keys` (uint64 hashes) how many equal ones came before it, in earlier calls and in this one."""
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(keys)])
        counts = np.diff(starts, append=len(keys))
        distinct = ordered[starts]
        earlier = np.zeros(len(distinct), np.int64)
        for known, times in self.runs:
            at = np.minimum(np.searchsorted(known, distinct), len(known) - 1)
            here = known[at] == distinct
            earlier[here] = times[at[here]]
            times[at[here]] += counts[here]
        new = earlier == 0
        if new.any():
            self._add(distinct[new], counts[new])
        result = np.empty(len(keys), np.int64)
        result[order] = np.repeat(earlier - starts, counts) + np.arange(len(keys))
        return result

    def _add(self, keys: np.ndarray, counts: np.ndarray) -> None:
        while self.runs and len(self.runs[-1][0]) < 2 * len(keys):
            longer, times = self.runs.pop()
            where = np.searchsorted(longer, keys)
            keys, counts = np.insert(longer, where, keys), np.insert(times, where, counts)
        self.runs.append((keys, counts))


def content_ids(columns: Sequence[pa.Array], seen: Seen) -> list[str]:
    """Ids for records that have none: SHA-256 of the mapped fields, and for equal records which of them it is.

    The same file always gives the same ids, a file that grew keeps the old ones, and exact duplicates stay apart.
    """
    texts = [column.cast(pa.string()).to_pylist() for column in columns]
    digests = [
        hashlib.sha256("".join(f"{len(v)}:{v}" if v is not None else "-" for v in values).encode()).digest()
        for values in zip(*texts, strict=True)
    ]
    keys = np.array([int.from_bytes(digest[:8], "big") for digest in digests], "uint64")
    return [
        digest.hex()[:32] + (f"-{count + 1}" if count else "")
        for digest, count in zip(digests, seen.before(keys).tolist(), strict=True)
    ]
