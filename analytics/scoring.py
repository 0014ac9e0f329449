"""Scoring and tagging what has arrived: batches of thousands, the lock held only while reading and writing them.

What is to be read is found once, as places in the table of posts, and then walked through: to ask for the next unread
posts batch by batch would search everything there is again for each of them. While one batch is read, the one before it
is saved and the one after it fetched.
"""

from __future__ import annotations

import os
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analytics.post_reading import Batch, Job, Mask, Scorer, read_posts
from analytics.reading_process import ReadingProcess
from analytics.sentiment import scorer_version
from analytics.store import Store, first_row
from analytics.store.catalogue import statement
from analytics.store.store import whole
from analytics.themes import taxonomy_version

if TYPE_CHECKING:
    import duckdb

WORTH_A_PROCESS = 300_000  # posts: from here on a second process has soon made up for its start
BATCH_POSTS = 61_440  # half a row group of DuckDB: by two scorers, the usual number, a whole one

Places: TypeAlias = npt.NDArray[np.int64]
"""Where posts stand in their table, rising. They hold until a post is erased."""
_NOWHERE: Places = np.empty(0, np.int64)
Progress = Callable[[int], None]
"""Called with the number of posts done since the last call."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How many posts were scored (once for each scorer) and tagged."""

    scored: int
    tagged: int


@dataclass(slots=True)
class _Plan:
    """What is still to be read, by each scorer and by the taxonomy. `seen`: the store when it was last looked at."""

    scorers: dict[Scorer, Places]
    untagged: Places
    seen: tuple[Any, ...]
    reading: str = field(default_factory=lambda: secrets.token_hex(8))
    alone: bool = True  # nobody else has written since the plan was made

    @property
    def batches(self) -> list[Places]:
        """All places that anything is to be read at, in stretches of BATCH_POSTS."""
        places = np.unique(np.concatenate([self.untagged, *self.scorers.values()]))
        return [places[start : start + BATCH_POSTS] for start in range(0, len(places), BATCH_POSTS)]


def read_new_posts(store: Store, brands: Sequence[str], progress: Progress = lambda _: None) -> Reading:
    """Score and tag every post of `brands` that the scorers and the taxonomy in force have not read yet.

    A crash loses the batches at work, which is some seconds of reading; running it again adds nothing.
    """
    scorers = _scorers_in_force(store, brands)
    scored = tagged = 0
    while True:
        plan = _make_plan(store, brands, scorers)
        if not plan.batches:
            return Reading(scored, tagged)
        for batch in _read(store, plan):
            scored += batch.scored
            tagged += batch.tagged.num_rows
            progress(batch.scored + batch.tagged.num_rows)
        if plan.alone:
            return Reading(scored, tagged)


def _scorers_in_force(store: Store, brands: Sequence[str]) -> dict[Scorer, list[str]]:
    """Each scorer with the brands that use it."""
    with store.writer() as connection:
        rows = connection.execute(
            "SELECT brand, scorer, also_scored, masked_names, model FROM brands WHERE list_contains(?, brand) "
            "ORDER BY brand",
            [list(brands)],
        ).fetchall()
    users: dict[tuple[str, str], tuple[Scorer, list[str]]] = {}
    for brand, scorer, also, names, model in rows:
        for each in (scorer, *also):
            key = each, scorer_version(each, names, model)
            users.setdefault(key, (Scorer(each, key[1], tuple(names), model), []))[1].append(brand)
    return dict(users.values())


def _make_plan(store: Store, brands: Sequence[str], scorers: dict[Scorer, list[str]]) -> _Plan:
    with store.writer() as connection:
        unscored = {
            each: _find(
                connection,
                "find_unscored_posts",
                {"brands": slugs, "scorer": each.name, "version": each.version},
            )
            for each, slugs in scorers.items()
        }
        untagged = _find(connection, "find_untagged_posts", {"brands": list(brands), "version": taxonomy_version()})
        return _Plan(unscored, untagged, _look(connection))


def _find(connection: duckdb.DuckDBPyConnection, name: str, values: dict[str, object]) -> Places:
    found = connection.execute(statement(name), values).to_arrow_table()["place"]
    return np.sort(found.to_numpy().astype(np.int64))


def _look(connection: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    return first_row(connection, statement("look_for_other_writers")) or ()


def _read(store: Store, plan: _Plan) -> Iterator[Batch]:
    """Read batch by batch; each is given back when it is saved."""
    places = plan.batches
    with _readers(sum(map(len, places))) as readers, ThreadPoolExecutor(len(readers)) as workers:
        free: SimpleQueue[Callable[[Job], Batch]] = SimpleQueue()
        for reader in readers:
            free.put(reader)

        def work(job: Job) -> Batch:
            reader = free.get()
            try:
                return reader(job)
            finally:
                free.put(reader)

        reading: deque[Future[Batch]] = deque()
        done: Batch | None = None
        for wanted in places:
            job = _exchange(store, plan, done, wanted)
            if done is not None:
                yield done
            reading.append(workers.submit(work, job))
            done = reading.popleft().result() if len(reading) > len(readers) else None
        while done is not None or reading:
            if done is not None:
                _exchange(store, plan, done, None)
                yield done
            done = reading.popleft().result() if reading else None


@contextmanager
def _readers(posts: int) -> Iterator[list[Callable[[Job], Batch]]]:
    """This process, and another one where that pays: it takes seconds to start."""
    if posts < WORTH_A_PROCESS or (os.cpu_count() or 1) < 2:
        yield [read_posts]
        return
    other = ReadingProcess()
    try:
        yield [other.read, read_posts]
    finally:
        other.close()


def _exchange(store: Store, plan: _Plan, done: Batch | None, wanted: Places | None) -> Job:
    """Save what was read, and fetch the next posts, under one lock."""
    with store.writer() as connection:
        if done is not None:
            with whole(connection):
                _save(connection, plan, done)
        wanted = _NOWHERE if wanted is None else wanted
        connection.register("wanted_places", pa.table({"place": wanted}))
        stretch = {"first": int(wanted[0]), "last": int(wanted[-1])} if len(wanted) else {"first": -1, "last": -1}
        posts = connection.execute(statement("read_posts_between"), stretch).to_arrow_table()
    places = posts["place"].to_numpy()
    scorers = [(scorer, _is_in(places, unscored)) for scorer, unscored in plan.scorers.items()]
    plan.alone = plan.alone and len(places) == len(wanted)
    return Job(posts.drop_columns("place"), scorers, _is_in(places, plan.untagged))


def _is_in(places: Places, wanted: Places) -> Mask:
    """Which of `places` are among `wanted`; both rise."""
    if not len(places):
        return np.zeros(0, bool)
    near = wanted[np.searchsorted(wanted, places[0]) : np.searchsorted(wanted, places[-1], side="right")]
    return np.isin(places, near, assume_unique=True)


def _save(connection: duckdb.DuckDBPyConnection, plan: _Plan, batch: Batch) -> None:
    """Insert what was read; where another run has written since the plan, without what it has read or erased."""
    alone = plan.alone = plan.alone and _look(connection) == plan.seen
    for scorer, rows in batch.scores:
        values = {"scorer": scorer.name, "version": scorer.version}
        _insert(connection, "scores", rows, values, "" if alone else "source, post_id, scorer, version")
    values = {"taxonomy_version": taxonomy_version()}
    key = "source, post_id, taxonomy_version"
    _insert(connection, "tagged_posts", batch.tagged, values, "" if alone else key)
    _insert(connection, "post_themes", batch.themes, values, "" if alone else f"{key}, theme")
    connection.execute(statement("sign_reading"), {"reading": f"{plan.reading} {secrets.token_hex(4)}"})
    plan.seen = _look(connection)


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, values: dict[str, str], key: str
) -> None:
    """Insert `rows` with the same `values` in each; with `key`, without those that are there or whose post is gone."""
    connection.register("read_rows", rows)
    sql = f"SELECT *, {', '.join(f'${name} AS {name}' for name in values)} FROM read_rows"
    if key:
        sql = f"SELECT * FROM ({sql}) ANTI JOIN {table} USING ({key}) SEMI JOIN posts USING (source, post_id)"
    connection.execute(f"INSERT INTO {table} BY NAME {sql}", values)
    connection.unregister("read_rows")
