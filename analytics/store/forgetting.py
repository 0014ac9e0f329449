"""Forgetting one author: everything of theirs goes, and a keyed mark keeps it from coming back.

The handle itself is never stored. It is turned into the author keys that the sources would have given it, in every
form in which they may have written it (`handle_forms`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from analytics.store.catalogue import statement
from analytics.store.handle_forms import bare, write_forms, write_plain_forms
from analytics.store.purging import Purged, erase_gone_posts, mark_compaction_due
from analytics.store.quarantine import erase_naming
from analytics.store.store import Store, now

if TYPE_CHECKING:
    import duckdb

    from analytics.store.author_keys import AuthorKeys


@dataclass(slots=True)
class Forgotten:
    """What was erased: posts by source, records in quarantine, and reports that are to be rendered anew.

    `naming`: how many posts by others still name the handle, by source.
    """

    posts: dict[str, int] = field(default_factory=dict)
    quarantined: int = 0
    outdated_reports: int = 0
    naming: dict[str, int] = field(default_factory=dict)


def known_sources(store: Store) -> list[str]:
    """The sources that the store holds anything of, in alphabetical order."""
    with store.writer() as connection:
        return _known_sources(connection)


def count_author(store: Store, handle: str, source: str | None = None) -> dict[str, int]:
    """How many stored posts are by `handle`, for each source that has any. Raises KeyMismatch."""
    with store.writer() as connection:
        _find_keys(store, connection, handle, source)
        rows = connection.execute(
            "SELECT p.source, count(*) FROM posts AS p JOIN forgotten_keys AS f "
            "ON f.source = p.source AND f.author_key = p.author_key GROUP BY p.source ORDER BY p.source"
        ).fetchall()
    return {str(name): int(posts) for name, posts in rows}


def forget_author(store: Store, handle: str, run_id: str, source: str | None = None) -> Forgotten:
    """Erase every post by `handle` on every source (or on `source`), and let none come back from there.

    `handle` as the platform shows it, with or without @ or u/ before it. Only a mark of the author key stays. Raises
    KeyMismatch where the author key is missing or not this store's.
    """
    forgotten = Forgotten()
    with store.transaction() as connection:
        keys = _find_keys(store, connection, handle, source)
        store.record_fingerprint(connection)
        connection.execute(statement("suppress_authors"), {"key": keys.author_mark_key, "moment": now()})
        for name in _known_sources(connection) if source is None else [source]:
            connection.execute(statement("find_forgotten_posts"), {"source": name})
            purged: Purged = erase_gone_posts(store, connection, name, run_id)
            if purged.posts:
                forgotten.posts[name] = purged.posts
            naming = erase_naming(store, connection, name, _naming(handle))
            if naming:
                mark_compaction_due(connection)
            forgotten.quarantined += purged.quarantined + naming
            forgotten.outdated_reports += purged.outdated_reports
        forgotten.naming = _count_naming(connection, handle)
    return forgotten


def _find_keys(store: Store, connection: duckdb.DuckDBPyConnection, handle: str, source: str | None) -> AuthorKeys:
    """Fill the temporary table forgotten_keys (source, author_key); a source may keep handles with their prefix."""
    keys = store.keys_within(connection)
    sources = _known_sources(connection) if source is None else [source]
    rows = [(name, keys.key(name, form)) for name in sources for form in write_forms(handle)]
    columns = {
        "source": pa.array([name for name, _ in rows], pa.string()),
        "author_key": pa.array([key for _, key in rows], pa.string()),
    }
    connection.register("arriving_keys", pa.table(columns))
    connection.execute("CREATE OR REPLACE TEMP TABLE forgotten_keys AS SELECT DISTINCT * FROM arriving_keys")
    connection.unregister("arriving_keys")
    return keys


def _known_sources(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows: Sequence[tuple[str]] = connection.execute(statement("list_sources")).fetchall()
    return [str(row[0]) for row in rows]


def _naming(handle: str) -> str:
    """A pattern for the handle as a word of its own, however it is written."""
    forms = "|".join(re.escape(form) for form in write_plain_forms(bare(handle)))
    return rf"(?i)(^|[^\p{{L}}\p{{M}}\p{{N}}_])({forms})($|[^\p{{L}}\p{{M}}\p{{N}}_])"


def _count_naming(connection: duckdb.DuckDBPyConnection, handle: str) -> dict[str, int]:
    rows = connection.execute(
        "SELECT source, count(*) FROM posts WHERE regexp_matches(concat_ws(chr(10), title, text, url), ?) "
        "GROUP BY source ORDER BY source",
        [_naming(handle)],
    ).fetchall()
    return {str(name): int(posts) for name, posts in rows}
