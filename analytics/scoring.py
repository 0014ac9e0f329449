"""Scoring and tagging what has arrived: batches of thousands, the lock held only while reading and writing them.

What is to be read is found once, as places in the table of posts, and then walked through: to ask for the next unread
posts batch by batch would search everything there is again for each of them. While one batch is read, the one before it
is saved and the one after it fetched.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from analytics.sentiment import FIELDS, score, scorer_version
from analytics.store import Store, first_row
from analytics.store.catalogue import statement
from analytics.store.store import whole
from analytics.themes import tag_with_evidence, taxonomy_version

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

BATCH_POSTS = 122_880  # a row group of DuckDB: written once, and never again with those that follow

Places: TypeAlias = npt.NDArray[np.int64]
"""Where posts stand in their table, rising. They hold until a post is erased."""
Progress = Callable[[int], None]
"""Called with the number of posts done since the last call."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How many posts were scored (once for each scorer) and tagged."""

    scored: int
    tagged: int


@dataclass(frozen=True, slots=True)
class _Scorer:
    name: str
    version: str
    names: tuple[str, ...]  # masked
    model: str | None


@dataclass(slots=True)
class _Plan:
    """What is still to be read, by each scorer and by the taxonomy. `seen`: the store when it was last looked at."""

    scorers: dict[_Scorer, Places]
    untagged: Places
    seen: tuple[Any, ...]
    reading: str = field(default_factory=lambda: secrets.token_hex(8))
    alone: bool = True  # nobody else has written since the plan was made

    @property
    def batches(self) -> list[Places]:
        """All places that anything is to be read at, in stretches of BATCH_POSTS."""
        places = np.unique(np.concatenate([self.untagged, *self.scorers.values()]))
        return [places[start : start + BATCH_POSTS] for start in range(0, len(places), BATCH_POSTS)]


@dataclass(slots=True)
class _Batch:
    """What was read of one batch: rows for the tables, and how many readings these are."""

    scores: list[tuple[_Scorer, pa.Table]] = field(default_factory=list)
    tagged: pa.Table | None = None
    themes: pa.Table | None = None

    @property
    def scored(self) -> int:
        return sum(rows.num_rows for _, rows in self.scores)


def read_new_posts(store: Store, brands: Sequence[str], progress: Progress = lambda _: None) -> Reading:
    """Score and tag every post of `brands` that the scorers and the taxonomy in force have not read yet.

    A crash loses at most the batch that is read and the one that is saved; running it again adds nothing.
    """
    scorers = _scorers_in_force(store, brands)
    scored = tagged = 0
    while True:
        plan = _make_plan(store, brands, scorers)
        if not plan.batches:
            return Reading(scored, tagged)
        for batch in _read(store, plan):
            scored += batch.scored
            tagged += batch.tagged.num_rows if batch.tagged else 0
            progress(batch.scored + (batch.tagged.num_rows if batch.tagged else 0))
        if plan.alone:
            return Reading(scored, tagged)


def _scorers_in_force(store: Store, brands: Sequence[str]) -> dict[_Scorer, list[str]]:
    """Each scorer with the brands that use it."""
    with store.writer() as connection:
        rows = connection.execute(
            "SELECT brand, scorer, also_scored, masked_names, model FROM brands WHERE list_contains(?, brand) "
            "ORDER BY brand",
            [list(brands)],
        ).fetchall()
    users: dict[tuple[str, str], tuple[_Scorer, list[str]]] = {}
    for brand, scorer, also, names, model in rows:
        for each in (scorer, *also):
            key = each, scorer_version(each, names, model)
            users.setdefault(key, (_Scorer(each, key[1], tuple(names), model), []))[1].append(brand)
    return dict(users.values())


def _make_plan(store: Store, brands: Sequence[str], scorers: dict[_Scorer, list[str]]) -> _Plan:
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
    places: Places = connection.execute(statement(name), values).fetchnumpy()["place"]
    return np.sort(places)


def _look(connection: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    return first_row(connection, statement("look_for_other_writers")) or ()


def _read(store: Store, plan: _Plan) -> Iterator[_Batch]:
    """Read batch by batch; each is given back when it is saved."""
    batches = plan.batches
    done: _Batch | None = None
    with ThreadPoolExecutor(1) as worker:
        posts = _exchange(store, plan, None, batches[0])
        for following in (*batches[1:], None):
            work = worker.submit(_read_batch, plan, posts)
            posts = _exchange(store, plan, done, following)
            if done is not None:
                yield done
            done = work.result()
    _exchange(store, plan, done, None)
    if done is not None:
        yield done


def _exchange(store: Store, plan: _Plan, done: _Batch | None, wanted: Places | None) -> pa.Table | None:
    """Save what was read, and fetch the next posts."""
    if done is None and wanted is None:
        return None
    with store.writer() as connection:
        if done is not None:
            with whole(connection):
                _save(connection, plan, done)
        if wanted is None:
            return None
        stretch = {"first": int(wanted[0]), "last": int(wanted[-1])}
        posts = connection.execute(statement("read_posts_between"), stretch).to_arrow_table()
    here = np.isin(posts["place"].to_numpy(), wanted, assume_unique=True)
    plan.alone = plan.alone and int(here.sum()) == len(wanted)
    return posts if here.all() else posts.filter(here)


def _read_batch(plan: _Plan, posts: pa.Table) -> _Batch:
    batch = _Batch()
    places = posts["place"].to_numpy()
    for scorer, unscored in plan.scorers.items():
        some = _at(posts, places, unscored)
        if some.num_rows:
            batch.scores.append((scorer, _score(scorer, some)))
    some = _at(posts, places, plan.untagged)
    if some.num_rows:
        batch.tagged = some.select(["source", "post_id"])
        batch.themes = _tag(some)
    return batch


def _at(posts: pa.Table, places: Places, wanted: Places) -> pa.Table:
    here = np.isin(places, wanted, assume_unique=True)
    return posts if here.all() else posts.filter(here)


def _score(scorer: _Scorer, posts: pa.Table) -> pa.Table:
    """Rows of the table of scores, but for the scorer's name and version."""
    import pyarrow as pa

    scores = score(posts["searched"].to_pylist(), scorer.name, scorer.names, scorer.model)
    columns = {name: pa.array(scores[name].to_numpy(), from_pandas=True) for name in FIELDS}
    return pa.table({"source": posts["source"], "post_id": posts["post_id"], **columns})


def _tag(posts: pa.Table) -> pa.Table:
    """Rows of the table of themes, but for the taxonomy's version."""
    evidence = tag_with_evidence(posts["searched"].to_pylist())
    rows = posts.select(["source", "post_id"]).take(evidence["row"])
    return rows.append_column("theme", evidence["theme"]).append_column("evidence", evidence["evidence"])


def _save(connection: duckdb.DuckDBPyConnection, plan: _Plan, batch: _Batch) -> None:
    """Insert what was read; where another run has written meanwhile, without what it has read or erased."""
    alone = _look(connection) == plan.seen
    plan.alone = plan.alone and alone
    for scorer, rows in batch.scores:
        values = {"scorer": scorer.name, "version": scorer.version}
        _insert(connection, "scores", rows, values, "" if alone else "source, post_id, scorer, version")
    values = {"taxonomy_version": taxonomy_version()}
    if batch.tagged is not None:
        _insert(connection, "tagged_posts", batch.tagged, values, "" if alone else "source, post_id, taxonomy_version")
    if batch.themes is not None:
        key = "source, post_id, taxonomy_version, theme"
        _insert(connection, "post_themes", batch.themes, values, "" if alone else key)
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
