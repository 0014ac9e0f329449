"""Language and speaker of what has arrived, batch by batch; a newer version of the rules reads every post again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from analytics.language import detect, detector_version
from analytics.speakers import find_speakers, speakers_version
from analytics.store import Store
from analytics.store.catalogue import statement
from analytics.unread_posts import Progress, Unread, read_through

if TYPE_CHECKING:
    import duckdb

LANGUAGE_CHARACTERS, SPEAKER_CHARACTERS = 400, 2_000


def read_languages(store: Store, brands: Sequence[str], progress: Progress = lambda _: None) -> int:
    """Tell the language of every post of `brands` that this version has not read; returns how many posts.

    To be done before posts are scored: those in another language than the brand's are not. A week in which that
    changes what counts is counted anew. A crash loses at most one batch of work; running it again adds nothing.
    """
    unread = Unread("find_unread_posts", "post_languages", detector_version(), LANGUAGE_CHARACTERS)

    def mark_weeks(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(statement("find_changed_languages"), {"version": unread.version})
        connection.execute(statement("mark_weeks_of_languages"))

    return read_through(store, brands, unread, _told("language", detect), progress, before=mark_weeks)


def read_speakers(store: Store, brands: Sequence[str], progress: Progress = lambda _: None) -> int:
    """Tell who speaks in every post of `brands` on data and AI practices that this version has not read.

    To be done after posts are tagged. Returns how many posts; a crash loses at most one batch of work.
    """
    unread = Unread("find_unread_posts_on_practices", "post_speakers", speakers_version(), SPEAKER_CHARACTERS)
    return read_through(store, brands, unread, _told("speaker", find_speakers), progress)


def _told(column: str, tell: Callable[[pa.Array], list[str]]) -> Callable[[pa.Table], pa.Table]:
    """What makes rows (source, post_id, `column`) of posts."""

    def read(posts: pa.Table) -> pa.Table:
        values = tell(posts["beginning"].combine_chunks())
        return posts.select(["source", "post_id"]).append_column(column, pa.array(values, pa.string()))

    return read
