"""Groups of copies: each batch of new posts joins the groups that are there or founds its own; ids never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from analytics.copies.signatures import BANDS, signatures_version
from analytics.store.catalogue import statement, without_marks
from analytics.store.gathering import regroup

if TYPE_CHECKING:
    import duckdb

Groups = dict[int, int]
"""Row of a batch → group."""


def save_signatures(connection: duckdb.DuckDBPyConnection, signatures: pa.Table, *, alone: bool = False) -> None:
    """Keep signatures (source, post_id, bands; as `sign_rows` gives them) and group the copies among them.

    A post joins a group that is there; groups never merge and keep their ids, also when their first post is purged.
    What is stored of these posts is replaced; of posts that are gone nothing is kept. `alone`: nobody has written
    since they were read, so that none is gone; to look for them costs all posts that are stored.
    """
    version = signatures_version()
    found, bands = _number(signatures)
    connection.register("found_rows", found)
    connection.execute(statement("drop_former_rows").replace("{table}", "copy_signatures"))
    stored = connection.execute(statement("find_stored_groups"), {"version": version}).fetchall()
    groups = find_groups(bands, dict(stored))
    columns = {"row": pa.array(groups.keys(), pa.int64()), "copy_group": pa.array(groups.values(), pa.uint64())}
    connection.register("found_groups", pa.table(columns))
    connection.execute(statement("find_joined_posts"), {"version": version})
    connection.execute(statement("found_stored_groups"))
    regroup(connection)
    insert = statement("insert_signatures")
    connection.execute(insert if alone else without_marks(insert), {"version": version})


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


def _number(signatures: pa.Table) -> tuple[pa.Table, npt.NDArray[np.uint64]]:
    """The signatures with `row`, which counts those that have bands (NULL: the text is too short), and these bands."""
    signed = pc.greater(pc.list_value_length(signatures["bands"]), 0).to_numpy()
    rows = pa.array(np.cumsum(signed) - 1, pa.int64(), mask=~signed)
    bands = pc.list_flatten(signatures["bands"]).to_numpy().astype(np.uint64).reshape(-1, BANDS)
    return signatures.append_column("row", rows), bands
