"""Groups of copies: each batch of new posts joins the groups that are there or founds its own; ids never change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analytics.copies.signatures import BANDS, sign, signatures_version
from analytics.store import Store
from analytics.store.catalogue import statement
from analytics.unread_posts import Progress, Unread, walk

READ_CHARACTERS = 2_000

Groups = dict[int, int]
"""Row of a batch → group."""


def group_copies(store: Store, brands: Sequence[str], progress: Progress = lambda _: None) -> int:
    """Sign the posts of `brands` on data and AI practices that are not signed yet, and group the copies among them.

    To be done after posts are tagged. Returns how many posts.

    A post joins a group that is there; groups never merge and keep their ids, also when their first post is purged. A
    crash loses at most one batch of work; running it again adds nothing.
    """
    version, done = signatures_version(), 0
    unread = Unread("find_unread_posts_on_practices", "copy_signatures", version, READ_CHARACTERS)
    for posts in walk(store, brands, unread):
        rows, bands = sign(posts["beginning"].combine_chunks())
        with store.transaction() as connection:
            connection.register("found_rows", _as_table(posts, rows, bands))
            connection.execute(statement("drop_former_rows").replace("{table}", unread.table))
            stored = connection.execute(statement("find_stored_groups"), {"version": version}).fetchall()
            groups = find_groups(bands, dict(stored))
            columns = {"row": pa.array(groups.keys(), pa.int64()), "copy_group": pa.array(groups.values(), pa.uint64())}
            connection.register("found_groups", pa.table(columns))
            for name in ("found_stored_groups", "insert_signatures"):
                connection.execute(statement(name), {"version": version})
        done += len(posts)
        progress(len(posts))
    return done


def find_groups(bands: npt.NDArray[np.uint64], joined: Groups) -> Groups:
    """Group the rows of `bands` that share one, and those that `joined` puts into a group that is there already.

    Rows that hang together are one group: the smallest that one of them joined, else named by the first one's first
    band. Rows alone are in none.
    """
    parents: dict[int, int] = {row: row for row in joined}

    def find(row: int) -> int:
        while parents.setdefault(row, row) != row:
            parents[row] = row = parents[parents[row]]
        return row

    flat = bands.ravel()
    order = np.argsort(flat, kind="stable")
    same = np.flatnonzero(flat[order][1:] == flat[order][:-1])
    for first, second in zip(order[same] // BANDS, order[same + 1] // BANDS, strict=True):
        one, other = find(int(first)), find(int(second))
        parents[max(one, other)] = min(one, other)  # a group's root is its first row
    roots = {row: find(row) for row in sorted(parents)}
    names: Groups = {}
    for row, root in roots.items():
        if row in joined:
            names[root] = min(joined[row], names.get(root, joined[row]))
    return {row: names.setdefault(root, int(bands[root, 0])) for row, root in roots.items()}


def _as_table(posts: pa.Table, rows: npt.NDArray[np.int64], bands: npt.NDArray[np.uint64]) -> pa.Table:
    """All posts of a batch: row of `bands` (NULL: too short, and no bands), source, post_id, bands."""
    numbers: list[int | None] = [None] * len(posts)
    counts = np.zeros(len(posts), np.int32)
    counts[rows] = BANDS
    for number, row in enumerate(rows.tolist()):
        numbers[row] = number
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    return (
        posts.select(["source", "post_id"])
        .append_column("row", pa.array(numbers, pa.int64()))
        .append_column("bands", pa.ListArray.from_arrays(offsets, pa.array(bands.ravel(), pa.uint64())))
    )
