"""Reading what has arrived: languages, scores, themes, speakers and signatures of copies, many posts at a time.

What is to be read is found once, as places in the table of posts, and then walked through: to ask for the next unread
posts batch by batch would search everything there is again for each of them. Posts are fetched and readings kept a
round at a time, under the store's lock; while one round is read, the one before it is kept and the next one fetched.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analytics.keeping_readings import LANGUAGES, SIGNATURES, SPEAKERS, Kept, holds_other_versions, keep, versions
from analytics.post_reading import Batch, Job, Mask, Scorer, merge
from analytics.readers import Gathering, UnderWay, gather_here
from analytics.sentiment import scorer_version
from analytics.store import Store, first_row
from analytics.store.catalogue import only_waiting, statement
from analytics.store.store import whole
from analytics.store.waiting import last_arrival, needs_all, take_away
from analytics.themes import taxonomy_version

if TYPE_CHECKING:
    import duckdb

ROUND_POSTS = 122_880  # a row group of DuckDB: written once, and never again with those that follow
FIRST_ROUND_POSTS = 20_480  # soon read, and it tells how long posts are
ROUND_BYTES = 64 << 20  # about so much text is fetched at once: posts of some sources are very long
JOB_POSTS = 61_440  # what one process, or one worker elsewhere, reads at once

Places: TypeAlias = npt.NDArray[np.int64]
"""Where posts stand in their table, rising. They hold until a post is erased."""
Progress = Callable[[int], None]
"""Called with the number of posts done since the last call."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How many posts were scored (once for each scorer), tagged, told their language and speaker, and signed.

    `rescored`: of those scored, posts that had been read before, by another scorer or version.
    """

    scored: int = 0
    tagged: int = 0
    languages: int = 0
    speakers: int = 0
    signatures: int = 0
    rescored: int = 0

    def with_batch(self, batch: Batch, kept: Kept) -> Reading:
        """These and the batch's; of scores and themes what was kept."""
        return Reading(
            self.scored + kept.scored,
            self.tagged + kept.tagged,
            self.languages + batch.languages.num_rows,
            self.speakers + batch.speakers.num_rows,
            self.signatures + batch.signatures.num_rows,
            self.rescored,
        )


@dataclass
class _Plan:
    """Where what is still to be read. `seen`: the store when it was last looked at."""

    scorers: dict[Scorer, Places]
    languages: Places
    themes: Places
    speakers: Places
    signatures: Places
    seen: tuple[Any, ...]
    renewed: bool  # another version has told languages, which may turn out others now
    fresh: Places  # of posts that nothing has read: whoever reads a post tells its language
    settings: dict[str, str]  # by brand: under which everything will have been read
    until: int  # the last arrival when it was made
    reading: str = field(default_factory=lambda: secrets.token_hex(8))
    alone: bool = True  # nobody else has written since the plan was made

    @cached_property
    def is_first(self) -> bool:
        """Whether no post whose language is to be told had a score or a language before."""
        unscored = self.scorers.values()
        return not self.renewed and all(np.isin(self.languages, places).all() for places in unscored)

    @property
    def rescored(self) -> int:
        """How many scores are to be made of posts that were read before."""
        return sum(len(np.setdiff1d(each, self.fresh, assume_unique=True)) for each in self.scorers.values())

    @cached_property
    def places(self) -> Places:
        """All places that anything is to be read at."""
        unread = [self.languages, self.themes, self.speakers, self.signatures, *self.scorers.values()]
        places = np.sort(np.concatenate(unread), kind="stable")  # runs that rise already: far quicker than np.unique
        return places[np.diff(places, prepend=-1) > 0]

    def job(self, posts: pa.Table) -> Job:
        """What is to be read of `posts`, each with its place."""
        places = posts["place"].to_numpy()
        return Job(
            posts.drop_columns("place"),
            [(scorer, _are_in(places, unscored)) for scorer, unscored in self.scorers.items()],
            _are_in(places, self.languages),
            _are_in(places, self.themes),
            _are_in(places, self.speakers),
            _are_in(places, self.signatures),
        )


def read_new_posts(
    store: Store, brands: Sequence[str], progress: Progress = lambda _: None, gather: Gathering = gather_here
) -> Reading:
    """Read of every post of `brands` what the scorers, rules and taxonomy in force have not read yet.

    `gather` gets together who reads; whoever does, what is kept and in which order is the same.

    Posts in another language than the brand's are not scored; a week in which a newer detector of languages changes
    what counts is counted anew. A crash loses the rounds at work, which is some seconds of reading; running it again
    adds nothing.
    """
    scorers = _scorers_in_force(store, brands)
    done = Reading()
    while True:
        plan = _make_plan(store, brands, scorers)
        if not len(plan.places):
            _settle(store, plan)
            return done
        for batch, kept in _read(store, plan, gather):
            done = done.with_batch(batch, kept)
            progress(batch.scored + batch.tagged.num_rows)
        done = replace(done, rescored=min(done.rescored + plan.rescored, done.scored))
        if plan.alone and not plan.renewed:
            _settle(store, plan)
            return done


def _settle(store: Store, plan: _Plan) -> None:
    """Write down that all posts which had come when the plan was made are read."""
    brands = list(plan.settings)
    with store.transaction() as connection:
        take_away(connection, "reading", brands, plan.until)
        if _settings_of_read(connection, brands) != plan.settings:
            connection.execute("DELETE FROM read_brands WHERE list_contains(?, brand)", [brands])
            for brand, settings in plan.settings.items():
                connection.execute("INSERT INTO read_brands VALUES (?, ?)", [brand, settings])


def _settings_of_read(connection: duckdb.DuckDBPyConnection, brands: Sequence[str]) -> dict[str, str]:
    return dict(
        connection.execute("SELECT * FROM read_brands WHERE list_contains(?, brand)", [list(brands)]).fetchall()
    )


def _describe_settings(connection: duckdb.DuckDBPyConnection, brands: Sequence[str]) -> dict[str, str]:
    """Of each brand a hash of all that decides which of its posts are to be read, and by what."""
    rows = connection.execute(
        "SELECT brand, query_hash, scorer, also_scored, masked_names, model, coalesce(language, 'en') "
        "FROM brands LEFT JOIN brand_languages USING (brand) WHERE list_contains(?, brand)",
        [list(brands)],
    ).fetchall()
    in_force = versions() | {"taxonomy": taxonomy_version()}
    told = {
        row[0]: (row, in_force, [scorer_version(scorer, row[4], row[5]) for scorer in (row[2], *row[3])])
        for row in rows
    }
    return {brand: hashlib.sha256(repr(each).encode()).hexdigest()[:24] for brand, each in told.items()}


def _scorers_in_force(store: Store, brands: Sequence[str]) -> dict[Scorer, list[str]]:
    """Each scorer with the brands that use it."""
    with store.writer() as connection:
        rows = connection.execute(
            "SELECT brand, scorer, also_scored, masked_names, model, coalesce(language, 'en') "
            "FROM brands LEFT JOIN brand_languages USING (brand) WHERE list_contains(?, brand) ORDER BY brand",
            [list(brands)],
        ).fetchall()
    users: dict[tuple[str, str], tuple[Scorer, list[str]]] = {}
    for brand, scorer, also, names, model, language in rows:
        for each in (scorer, *also):
            key = each, scorer_version(each, names, model)
            known, slugs = users.get(key, (Scorer(each, key[1], tuple(names), model, ()), []))
            users[key] = replace(known, languages=(*known.languages, language)), [*slugs, brand]
    return dict(users.values())


def _make_plan(store: Store, brands: Sequence[str], scorers: dict[Scorer, list[str]]) -> _Plan:
    slugs, in_force = list(brands), versions()
    with store.writer() as connection:
        settings, until = _describe_settings(connection, slugs), last_arrival(connection)
        some = settings == _settings_of_read(connection, slugs) and not needs_all(connection, "reading", slugs)
        if some:
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE waiting_to_read AS SELECT DISTINCT brand, source, post_id "
                "FROM waiting_posts WHERE consumer = 'reading' AND list_contains(?, brand)",
                [slugs],
            )
        unscored = {
            each: _find(
                connection,
                "find_unscored_posts",
                {"brands": users, "scorer": each.name, "version": each.version},
                some=some,
            )
            for each, users in scorers.items()
        }
        languages, speakers, signatures = (
            _find(connection, name, {"brands": slugs, "version": in_force[table]}, table, some=some)
            for name, table in (
                ("find_unread_posts", LANGUAGES),
                ("find_unread_posts_on_practices", SPEAKERS),
                ("find_unread_posts_on_practices", SIGNATURES),
            )
        )
        untagged = _find(
            connection,
            "find_unread_posts",
            {"brands": slugs, "version": taxonomy_version()},
            "tagged_posts",
            "taxonomy_version",
            some=some,
        )
        renewed = len(languages) > 0 and holds_other_versions(connection, LANGUAGES)
        fresh = languages
        if renewed:
            by_any = {"brands": slugs, "version": True}
            fresh = _find(connection, "find_unread_posts", by_any, LANGUAGES, "(version IS NOT NULL)", some=some)
        seen = _look(connection)
        return _Plan(unscored, languages, untagged, speakers, signatures, seen, renewed, fresh, settings, until)


def _find(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    values: dict[str, object],
    table: str = "",
    column: str = "version",
    *,
    some: bool,
) -> Places:
    """Where posts stand that are to be read, in order; `some`: of those that wait, else of all."""
    sql = (only_waiting(name) if some else statement(name)).replace("{table}", table).replace("{column}", column)
    found = connection.execute(sql, values).to_arrow_table()["place"]
    return np.sort(found.to_numpy().astype(np.int64))


def _look(connection: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    return first_row(connection, statement("look_for_other_writers")) or ()


def _read(store: Store, plan: _Plan, gather: Gathering) -> Iterator[tuple[Batch, Kept]]:
    """Read round by round; each is given back when it is kept, with how much of it was new."""
    with gather(len(plan.places)) as readers:
        ahead = max(1, -(-readers.at_once * JOB_POSTS // ROUND_POSTS))  # rounds under way while one is kept
        reading: deque[list[UnderWay]] = deque()
        done: Batch | None = None
        start, size = 0, min(FIRST_ROUND_POSTS, ROUND_POSTS)
        while start < len(plan.places):
            posts, kept = _exchange(store, plan, done, plan.places[start : start + size])
            if done is not None:
                yield done, kept
            reading.append([readers.submit(job) for job in _divide(plan, posts)])
            done = _finish(reading.popleft()) if len(reading) > ahead else None
            start += size
            size = _choose_size(posts, size)
        while done is not None or reading:
            if done is not None:
                _, kept = _exchange(store, plan, done, None)
                yield done, kept
            done = _finish(reading.popleft()) if reading else None


def _finish(jobs: Sequence[UnderWay]) -> Batch | None:
    return merge([job.result() for job in jobs]) if jobs else None


def _exchange(store: Store, plan: _Plan, done: Batch | None, wanted: Places | None) -> tuple[pa.Table | None, Kept]:
    """Keep what was read, and fetch the next posts, under one lock."""
    kept = Kept(0, 0)
    with store.writer() as connection:
        if done is not None:
            with whole(connection):
                kept = _keep(connection, plan, done)
        if wanted is None:
            return None, kept
        posts = _fetch(connection, wanted)
    plan.alone = plan.alone and len(posts) == len(wanted)
    return posts, kept


def _divide(plan: _Plan, posts: pa.Table) -> list[Job]:
    return [plan.job(posts.slice(start, JOB_POSTS)) for start in range(0, len(posts), JOB_POSTS)]


def _choose_size(posts: pa.Table, size: int) -> int:
    """How many posts to fetch after these, by their length; as many as before where these are all gone."""
    return max(1, min(ROUND_POSTS, ROUND_BYTES * len(posts) // int(posts.nbytes))) if len(posts) else size


def _fetch(connection: duckdb.DuckDBPyConnection, wanted: Places) -> pa.Table:
    """The posts at these places, in their order; without those that are gone."""
    stretch = {"first": int(wanted[0]), "last": int(wanted[-1])}
    unbroken = stretch["last"] - stretch["first"] == len(wanted) - 1
    connection.register("wanted_places", pa.table({"place": wanted}))
    which = "true" if unbroken else "rowid IN (SELECT place FROM wanted_places)"
    posts = connection.execute(statement("read_posts_between").replace("{wanted}", which), stretch).to_arrow_table()
    in_order = np.all(np.diff(posts["place"].to_numpy()) > 0)
    return posts if in_order else posts.sort_by("place")  # to have it sorted there takes as long as reading it


def _are_in(places: Places, wanted: Places) -> Mask:
    """Which of `places` are among `wanted`; both rise."""
    if not len(places):
        return np.zeros(0, bool)
    near = wanted[np.searchsorted(wanted, places[0]) : np.searchsorted(wanted, places[-1], side="right")]
    return np.isin(places, near, assume_unique=True)


def _keep(connection: duckdb.DuckDBPyConnection, plan: _Plan, batch: Batch) -> Kept:
    """Keep what was read; where another run has written since the plan, without what it has read or erased."""
    plan.alone = plan.alone and _look(connection) == plan.seen
    kept = keep(connection, batch, alone=plan.alone, first=plan.alone and plan.is_first)
    connection.execute(statement("replace_setting"), ["last_reading", f"{plan.reading} {secrets.token_hex(4)}"])
    plan.seen = _look(connection)
    return kept
