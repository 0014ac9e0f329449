"""Columns become record batches of posts: one schema for every source, ids that stay, authors as keys only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pandas as pd
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
        "truncated": pc.greater(pc.utf8_length(columns["text"]), READ_CHARACTERS),
        **columns,
    }
    arrays = [
        given[column.name].cast(column.type) if column.name in given else pa.nulls(length, column.type)
        for column in POSTS_SCHEMA
    ]
    return pa.record_batch(arrays, schema=POSTS_SCHEMA)


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
    return pc.if_else(pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(texts)), 0), None, texts)


class Seen:
    """How often a record came before, at sixteen bytes a distinct record, so that large files stay in memory."""

    def __init__(self) -> None:
        self.keys = np.empty(0, "uint64")
        self.counts = np.empty(0, "int64")

    def before(self, keys: np.ndarray) -> np.ndarray:
        """For each of `keys` (uint64 hashes) how many equal ones came before it, in earlier calls and in this one."""
        inside = pd.Series(keys).groupby(keys).cumcount().to_numpy()
        at = np.searchsorted(self.keys, keys)
        known = np.zeros(len(keys), bool)
        inner = at < len(self.keys)
        known[inner] = self.keys[at[inner]] == keys[inner]
        earlier = np.zeros(len(keys), "int64")
        earlier[known] = self.counts[at[known]]
        np.add.at(self.counts, at[known], 1)
        new, counts = np.unique(keys[~known], return_counts=True)
        where = np.searchsorted(self.keys, new)
        self.keys = np.insert(self.keys, where, new)
        self.counts = np.insert(self.counts, where, counts)
        result: np.ndarray = earlier + inside
        return result


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
