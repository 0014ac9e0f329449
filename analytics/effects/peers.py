"""Peers' bins on the row of positions that the brand's own stand on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.effects.bins import Floats, Integers, PeerBins


@dataclass(frozen=True, slots=True)
class Peers:
    """Peers with data in every bin needed, on the row of bins: shapes (peers, bins); others with how much they lack."""

    names: tuple[str, ...]
    values: Floats
    authors: Floats
    variances: Floats
    left_out: dict[str, int]


def lay_peers(others: PeerBins, origin: int, length: int, needed: Integers) -> Peers:
    """Put peers on the row of `length` bins that begins with week `origin`; NaN where a peer has no data."""
    at = others.weeks - origin
    inside = (at >= 0) & (at < length)
    rows = []
    for column in (others.value, others.authors, others.variance):
        row = np.full((len(others.names), length), np.nan)
        if column is not None:
            row[others.peer[inside], at[inside]] = column[inside]
        rows.append(row)
    lacking = np.isnan(rows[0][:, needed]).sum(axis=1)
    chosen = lacking == 0
    lacks = dict(zip(others.names, lacking.tolist(), strict=True))
    return Peers(
        names=tuple(name for name, lack in lacks.items() if not lack),
        values=rows[0][chosen],
        authors=rows[1][chosen],
        variances=rows[2][chosen],
        left_out={name: lack for name, lack in lacks.items() if lack},
    )
