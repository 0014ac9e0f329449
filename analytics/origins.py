"""Language and speaker of what has arrived, batch by batch; a newer version of the rules reads every post again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from analytics.language import detect, detector_version
from analytics.speakers import find_speakers, speakers_version
from analytics.store import Store
from analytics.store.catalogue import statement

BATCH_POSTS = 50_000


def read_origins(store: Store, brands: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> int:
    """Tell language and speaker of every post of `brands` that this version has not read; returns how many posts.

    To be done before posts are scored: those in another language than the brand's are not. A week in which that
    changes what counts is counted anew. A crash loses at most one batch of work; running it again adds nothing.
    """
    version, done = origins_version(), 0
    wanted = {"brands": list(brands), "version": version, "most": BATCH_POSTS}
    while len(posts := _fetch(store, wanted)):
        beginnings = posts["beginning"].combine_chunks()
        languages, speakers = detect(beginnings), find_speakers(beginnings)
        found = posts.select(["source", "post_id"])
        for name, column in (("version", [version] * len(posts)), ("language", languages), ("speaker", speakers)):
            found = found.append_column(name, pa.array(column, pa.string()))
        with store.transaction() as connection:
            connection.register("found_origins", found)
            for name in ("mark_weeks_of_languages", "drop_former_origins"):
                connection.execute(statement(name))
            connection.execute("INSERT INTO post_origins BY NAME SELECT * FROM found_origins")
        done += len(posts)
        progress(len(posts))
    return done


def origins_version() -> str:
    """Names everything that languages and speakers in the store depend on."""
    return f"{detector_version()}+speakers:{speakers_version()}"


def _fetch(store: Store, wanted: dict[str, object]) -> pa.Table:
    with store.writer() as connection:
        return connection.execute(statement("find_unread_origins"), wanted).to_arrow_table()
