"""A random sample of the posts in the two windows of an event: stratified, seeded, with the probability of each post.

Every post draws a lot from the seed and its own id; in each stratum those with the lowest lots are taken. The same seed
gives the same sample on any day; a larger sample holds the smaller one; a post that is gone makes room for the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from analytics.evaluation.errors import EvaluationError
from analytics.store import first_row
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb

WINDOWS = ("before", "after")


@dataclass(frozen=True, slots=True)
class Windows:
    """The weeks compared around an event: `before` and `after` bins of 7 days, of posts before the day `as_of`."""

    event_id: str
    event_date: date
    before: int
    after: int
    as_of: date
    themes: Sequence[str]
    scorer: str
    version: str


def find_windows(connection: duckdb.DuckDBPyConnection, brand: str, event_id: str) -> Windows:
    """The windows of the event's effect on net trust as last measured. Raises EvaluationError where it was not."""
    row = first_row(connection, statement("find_event_windows"), {"brand": brand, "event_id": event_id})
    if row is None:
        raise EvaluationError(
            f"{event_id}: no effect of this event on net trust is measured yet; run: brandtrust effects BRAND.toml"
        )
    return Windows(event_id, *row)


def list_posts(connection: duckdb.DuckDBPyConnection, brand: str, windows: Windows, seed: int = 1) -> pd.DataFrame:
    """The posts of the windows, a row each, by lot: source, post_id, window, stratum, compound, collected_at, share."""
    values = {
        "brand": brand,
        "event_date": windows.event_date,
        "before": windows.before,
        "after": windows.after,
        "as_of": windows.as_of,
        "themes": list(windows.themes),
        "scorer": windows.scorer,
        "version": windows.version,
        "seed": f"{brand}/{windows.event_id}/{seed}",
    }
    return connection.execute(statement("list_window_posts"), values).df()


def draw_posts(posts: pd.DataFrame, number: int) -> pd.DataFrame:
    """Draw `number` posts in each window from `posts` (in the order of their lots), with their `probability`.

    Strata are theme and source within a window; each is drawn from in proportion to its size and gives one post at
    least, so that no post has the probability zero. Windows come mixed: whoever labels from the start and stops early
    has labelled a random part of both.
    """
    chosen = []
    for _, of_window in posts.groupby("window"):
        sizes = of_window["stratum"].value_counts()
        drawn = allocate({str(name): int(size) for name, size in sizes.items()}, number)
        place = of_window.groupby("stratum").cumcount()
        quota = of_window["stratum"].map(drawn)
        taken = of_window[place < quota]
        chosen.append(taken.assign(probability=taken["stratum"].map(drawn) / taken["stratum"].map(sizes)))
    if not chosen:
        return posts.assign(probability=pd.Series(dtype=float))
    return pd.concat(chosen).sort_index().reset_index(drop=True)


def allocate(sizes: Mapping[str, int], number: int) -> dict[str, int]:
    """How many to draw from each stratum: in proportion to its size, one at least, all at most.

    Adds up to `number`, or to all there are if they are fewer, or to the number of strata if that is more.
    """
    total = sum(sizes.values())
    share = min(1.0, number / total) if total else 0.0
    drawn = {name: min(size, max(1, int(share * size))) for name, size in sizes.items()}
    wanted = min(total, max(number, len(sizes)))

    def lack(name: str) -> tuple[float, str]:
        return share * sizes[name] - drawn[name], name

    while sum(drawn.values()) < wanted:
        drawn[max((name for name in sizes if drawn[name] < sizes[name]), key=lack)] += 1
    while sum(drawn.values()) > wanted:
        drawn[min((name for name in sizes if drawn[name] > 1), key=lack)] -= 1
    return drawn
