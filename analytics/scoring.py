"""Scoring and tagging what has arrived: batches of thousands, the lock held only while reading and writing them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.sentiment import score, scorer_version
from analytics.store import Store
from analytics.store.catalogue import statement
from analytics.themes import tag_with_evidence, taxonomy_version

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_POSTS = 50_000

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


def read_new_posts(store: Store, brands: Sequence[str], progress: Progress = lambda _: None) -> Reading:
    """Score and tag every post of `brands` that the scorers and the taxonomy in force have not read yet.

    A crash loses at most one batch of work; running it again adds nothing.
    """
    scored = sum(_score_with(store, each, slugs, progress) for each, slugs in _scorers_in_force(store, brands).items())
    return Reading(scored, _tag(store, brands, progress))


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


def _score_with(store: Store, scorer: _Scorer, brands: list[str], progress: Progress) -> int:
    done = 0
    read_by = {"scorer": scorer.name, "version": scorer.version}
    wanted = {"brands": brands, **read_by, "most": BATCH_POSTS}
    while len(posts := _fetch(store, "find_unscored_posts", wanted)):
        scores = score(posts["searched"].to_pylist(), scorer.name, scorer.names, scorer.model)
        rows = posts.select(["source", "post_id"]).to_pandas().assign(**read_by).join(scores)
        with store.transaction() as connection:
            connection.register("read_posts", rows)
            connection.execute(_insert("scores", "read_posts", "source, post_id, scorer, version"))
        done += len(posts)
        progress(len(posts))
    return done


def _tag(store: Store, brands: Sequence[str], progress: Progress) -> int:
    version, done = taxonomy_version(), 0
    wanted = {"brands": list(brands), "version": version, "most": BATCH_POSTS}
    while len(posts := _fetch(store, "find_untagged_posts", wanted)):
        evidence = tag_with_evidence(posts["searched"].to_pylist()).to_pandas()
        keys = posts.select(["source", "post_id"]).to_pandas().assign(taxonomy_version=version)
        rows = evidence.join(keys, on="row").drop(columns="row")
        with store.transaction() as connection:
            connection.register("read_posts", keys)
            connection.register("found_themes", rows)
            connection.execute(_insert("tagged_posts", "read_posts", "source, post_id, taxonomy_version"))
            connection.execute(_insert("post_themes", "found_themes", "source, post_id, taxonomy_version, theme"))
        done += len(posts)
        progress(len(posts))
    return done


def _fetch(store: Store, name: str, values: dict[str, object]) -> pa.Table:
    with store.writer() as connection:
        return connection.execute(statement(name), values).to_arrow_table()


def _insert(table: str, arrived: str, key: str) -> str:
    """An insert that leaves out what another run has written meanwhile."""
    return f"INSERT INTO {table} BY NAME SELECT * FROM {arrived} ANTI JOIN {table} USING ({key})"
