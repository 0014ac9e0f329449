"""What must hold of a store whose writer was killed: nothing that was promised is lost, nothing is there twice."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from analytics.store import Store, StoreError
from analytics.store.catalogue import views
from analytics.store.duckdb_file import connect_published
from analytics.store.gathering import VIEW
from tests.bench.kill_stages import promised, store_in, stored_posts

KEYS = {
    "posts": "source, post_id",
    "post_metrics": "source, post_id, observed_at",
    "mentions": "brand, source, post_id, query_hash",
    "scores": "source, post_id, scorer, version",
    "post_themes": "source, post_id, taxonomy_version, theme",
    "tagged_posts": "source, post_id, taxonomy_version",
    "post_languages": "source, post_id",
    "post_speakers": "source, post_id",
    "copy_signatures": "source, post_id",
    "gathered_posts": "brand, source, post_id",
    "weekly_numbers": "brand, week, scope, scorer, version",
    "source_weeks": "brand, week, source",
    "first_weeks": "brand, source, author",
    "chosen_posts": "brand, week, place",
    "stored_weeks": "brand, week, month, source, kind, language",
    "runs": "run_id",
}
# What two stores that did the same work agree in. Each has an author key of its own: an author is told by a post.
CONTENTS = {
    "posts": "SELECT * EXCLUDE (author_key, collected_at), "
    "min(post_id) OVER (PARTITION BY source, author_key) AS author FROM posts",
    "mentions": "FROM mentions",
    "scores": "FROM scores",
    "post_themes": "FROM post_themes",
    "weekly_numbers": "SELECT * EXCLUDE run_id FROM weekly_numbers",
    "source_weekly": "FROM source_weekly",
    "posts_behind": "FROM posts_behind",
    "stored_weekly": "FROM stored_weekly",
    VIEW: f"SELECT * EXCLUDE (author_key, voice) FROM {VIEW}",
}


@dataclass(slots=True)
class Found:
    """What is wrong with a store and its published copy, and a hash of each of its contents where it can be read."""

    lost: int = 0  # posts that were promised and are not there
    doubled: int = 0  # rows whose key another row has
    unreadable: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)

    def add(self, other: Found) -> None:
        """Add what was found at another time."""
        self.lost = max(self.lost, other.lost)
        self.doubled = max(self.doubled, other.doubled)
        self.unreadable += other.unreadable
        self.different += other.different
        self.contents = other.contents


def check(folder: Path) -> Found:
    """Look at the store of a folder and at its published copy, through connections as its users have them."""
    found, store = Found(), store_in(folder)
    acknowledged = promised(folder / "acknowledged")
    try:
        if store.exists:  # to open one that is gone would make a new one
            with store.writer() as connection:
                _look(found, connection, acknowledged, promised(folder / "erased"), "the store")
                found.contents = {f"{name} of the store": _hash(connection, sql) for name, sql in CONTENTS.items()}
        else:
            found.lost += len(acknowledged)
    except (StoreError, duckdb.Error) as problem:
        found.unreadable.append(f"the store: {' '.join(str(problem).split())}")
    _check_copy(found, store, promised(folder / "published"))
    for report in [*folder.glob("reports/*.pdf")]:
        if not report.read_bytes().rstrip().endswith(b"%%EOF"):
            found.unreadable.append(report.name)
    return found


def list_leftovers(folder: Path) -> list[str]:
    """Drafts and other files that a run which came to its end should not leave lying about."""
    return sorted(each.name for each in folder.rglob("*") if each.suffix in (".draft", ".rewritten", ".tmp", ".wal"))


def _check_copy(found: Found, store: Store, published: set[tuple[str, str]]) -> None:
    if not store.read_path.exists():
        found.lost += len(published)
        return
    try:
        with closing(connect_published(store.read_path)) as connection:
            _look(found, connection, published, set(), "the copy")
            found.contents |= {f"{name} of the copy": _hash(connection, sql) for name, sql in CONTENTS.items()}
    except (StoreError, duckdb.Error) as problem:
        found.unreadable.append(f"the copy: {' '.join(str(problem).split())}")


def _look(
    found: Found,
    connection: duckdb.DuckDBPyConnection,
    there: set[tuple[str, str]],
    gone: set[tuple[str, str]],
    which: str,
) -> None:
    posts = stored_posts(connection)
    found.lost += len(there - posts)
    found.doubled += count_doubled(connection)
    if gone & posts:
        found.different.append(f"erased posts are in {which}")
    definition = views()[VIEW].sql.partition(" AS\n")[2].rstrip().rstrip(";")
    if _hash(connection, f"FROM {VIEW}") != _hash(connection, f"FROM ({definition})"):
        found.different.append(f"{VIEW} of {which} is not what its definition gives")


def count_doubled(connection: duckdb.DuckDBPyConnection) -> int:
    """Rows of all tables whose key another row has."""
    doubled = [f"(SELECT count(*) - count(DISTINCT ({key})) FROM {table})" for table, key in KEYS.items()]
    return int(connection.execute(f"SELECT {' + '.join(doubled)}").fetchall()[0][0])


def _hash(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The same for the same rows in any order."""
    rows = connection.execute(f"SELECT count(*), sum(hash(each)::HUGEINT) FROM ({sql}) AS each").fetchall()
    return str(rows[0])
