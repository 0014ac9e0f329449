"""Language and speaker of what has arrived, batch by batch; a newer version of the rules reads every post again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from analytics.language import UNDETERMINED, detect, detector_version
from analytics.speakers import find_speakers, speakers_version
from analytics.store import Store
from analytics.store.catalogue import statement
from analytics.unread_posts import drop_former, walk

if TYPE_CHECKING:
    import duckdb

LANGUAGE_CHARACTERS, SPEAKER_CHARACTERS = 400, 2_000

Progress = Callable[[int], None]


def read_languages(store: Store, brands: Sequence[str], progress: Progress = lambda _: None) -> int:
    """Tell the language of every post of `brands` that this version has not read; returns how many posts.

    To be done before posts are scored: those in another language than the brand's are not. A week in which that
    changes what counts is counted anew. A crash loses at most one batch of work; running it again adds nothing.
    """
    version, done = detector_version(), 0
    wanted = {"brands": list(brands), "version": version}
    for posts in walk(store, "find_posts_without_language", wanted, LANGUAGE_CHARACTERS):
        languages = detect(posts["beginning"].combine_chunks())
        found = _with_columns(posts, version=[version] * len(posts), language=languages)
        with store.transaction() as connection:
            connection.register("found_languages", found)
            _mark_weeks(connection, version)
            drop_former(connection, "post_languages", "found_languages")
            connection.execute(_insert("post_languages", "found_languages"))
        done += len(posts)
        progress(len(posts))
    return done


def read_speakers(store: Store, brands: Sequence[str], progress: Progress = lambda _: None) -> int:
    """Tell who speaks in every post of `brands` on data and AI practices that this version has not read.

    To be done after posts are tagged. Returns how many posts; a crash loses at most one batch of work.
    """
    version, done = speakers_version(), 0
    wanted = {"brands": list(brands), "version": version}
    for posts in walk(store, "find_posts_without_speaker", wanted, SPEAKER_CHARACTERS):
        speakers = find_speakers(posts["beginning"].combine_chunks())
        found = _with_columns(posts, version=[version] * len(posts), speaker=speakers)
        with store.transaction() as connection:
            connection.register("found_speakers", found)
            drop_former(connection, "post_speakers", "found_speakers")
            connection.execute(_insert("post_speakers", "found_speakers"))
        done += len(posts)
        progress(len(posts))
    return done


def _mark_weeks(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    """Have the weeks counted anew in which found_languages changes what counts."""
    # Few posts can: where no other version has read them, those that do not count from now on.
    spoken = "SELECT coalesce(l.language, 'en') FROM brands LEFT JOIN brand_languages AS l USING (brand)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE changed_languages AS SELECT * FROM found_languages "
        f"WHERE (language <> '{UNDETERMINED}' AND (SELECT bool_or(own <> language) FROM ({spoken}) AS s(own))) "
        "OR EXISTS (SELECT 1 FROM post_languages WHERE version <> ?)",
        [version],
    )
    connection.execute(statement("mark_weeks_of_languages"))


def _with_columns(posts: pa.Table, **columns: list[str]) -> pa.Table:
    table = posts.select(["source", "post_id"])
    for name, values in columns.items():
        table = table.append_column(name, pa.array(values, pa.string()))
    return table


def _insert(table: str, found: str) -> str:
    return f"INSERT INTO {table} BY NAME SELECT * FROM {found} SEMI JOIN posts USING (source, post_id)"
