"""The stages of a run that `kills` cuts off: what each starts from, and what it does to the store in a folder.

A `room` holds the brand file and its posts; a `folder` holds one store and the lists of what was promised of it:
`acknowledged` (said to be saved), `published` (in the copy for readers) and `erased` (said to be gone).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

import connectors.archive_formats
import connectors.ndjson
import flows.collection
from analytics import event_study, new_posts, report, trust  # noqa: F401 (a child that is to be quick has all at hand)
from analytics.store import Store, first_row
from analytics.store.compaction import compact, compaction_due
from analytics.store.duckdb_file import connected
from analytics.store.migrating import migrations
from analytics.store.purging import purge_posts
from analytics.store.saving import Arrival, Saved
from analytics.store.transactions import whole
from brands.brand_file import Brand, load
from connectors import archive  # noqa: F401
from flows import stages
from tests.bench.made_posts import BRAND, write_ndjson

POSTS, FILES = 2_000, 5
ROWS = 150  # posts a transaction of collecting; the last of a file saves posts and cursor
ROUND = 400  # posts a transaction of reading
PURGED = [str(1_500_000_000_000_000_000 + number) for number in range(0, POSTS // FILES, 7)]  # all in the first file
SOURCE = """
[[sources]]
connector = "archive"
name = "{name}"
path = "{name}.ndjson"
match = "all"
columns = {{ id = "id", author = "user", created_at = "created_at", text = "text", lang = "lang", likes = "likes" }}
"""
HEAD = f"""name = "{BRAND}"
query = "{BRAND.lower()}"
[[peers]]
name = "Orbit"
query = "orbit OR data"
[[events]]
id = "terms"
title = "Terms allow training on customer content"
themes = ["ai_training", "consent"]
noticed = 2023-05-15
confirmed = true
[report]
scorer = "vader"
also_scored = []
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """`prepare` makes the folder that it starts from; `work` is done in a copy of that, and may be done again."""

    prepare: Callable[[Path, Path], None]
    work: Callable[[Path, Path], object]


def furnish(room: Path) -> None:
    """Write the brand file and its posts."""
    write_ndjson(room / "all.ndjson", POSTS)
    lines = (room / "all.ndjson").read_text("utf-8").splitlines(keepends=True)
    names = [f"file_{number + 1}" for number in range(FILES)]
    for number, name in enumerate(names):
        each = POSTS // FILES
        (room / f"{name}.ndjson").write_text("".join(lines[number * each : (number + 1) * each]), "utf-8")
    (room / "brand.toml").write_text(HEAD + "".join(SOURCE.format(name=name) for name in names), "utf-8")


def make_transactions_small() -> None:
    """Have few posts make many transactions, so that a kill falls between two of them or into one."""
    connectors.archive_formats.CHUNK_ROWS = ROWS
    vars(connectors.ndjson)["CHUNK_ROWS"] = ROWS
    vars(flows.collection)["ENOUGH_OF_A_FILE"] = ROWS
    new_posts.FIRST_ROUND_POSTS = new_posts.ROUND_POSTS = ROUND


def write_down_what_is_saved(folder: Path) -> None:
    """From here on every post that saving says is saved stands in the list, however this process ends."""
    within = vars(flows.collection)
    save: Callable[[Store, Arrival], Saved] = within["save_arrival"]

    def save_and_tell(store: Store, arrival: Arrival) -> Saved:
        saved = save(store, arrival)
        promise(folder / "acknowledged", ((arrival.source, each) for each in arrival.posts["post_id"].to_pylist()))
        return saved

    within["save_arrival"] = save_and_tell


def promise(file: Path, posts: Iterable[tuple[str, str]]) -> None:
    """Append posts to a list in one write."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, "".join(f"{source} {post_id}\n" for source, post_id in posts).encode())
    finally:
        os.close(handle)


def promised(file: Path) -> set[tuple[str, str]]:
    """The posts of a list, without one that was being written."""
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    return {(line.split()[0], line.split()[1]) for line in lines if line.endswith("\n")}


def promise_everything(room: Path, folder: Path) -> None:
    """Once a stage has come to its end, all posts of the files must be there but those that were erased."""
    names = [f"file_{number + 1}" for number in range(FILES)]
    posts = {(name, json.loads(line)["id"]) for name in names for line in (room / f"{name}.ndjson").open("rb")}
    promise(folder / "acknowledged", posts - promised(folder / "erased"))


def store_in(folder: Path) -> Store:
    return Store(folder / "a.duckdb")


def brand_in(room: Path) -> Brand:
    return load(room / "brand.toml")


def stored_posts(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    return set(connection.execute("SELECT source, post_id FROM posts").fetchall())


def _start_empty(room: Path, folder: Path) -> None:
    folder.mkdir()


def _start_collected(room: Path, folder: Path) -> None:
    folder.mkdir()
    stages.collect(brand_in(room), store_in(folder))
    _promise_all(folder)


def _start_scored(room: Path, folder: Path) -> None:
    _start_collected(room, folder)
    stages.score(brand_in(room), store_in(folder))


def _start_unpublished(room: Path, folder: Path) -> None:
    """Everything is scored, nothing of it is gathered, and readers have the copy of before."""
    _start_collected(room, folder)
    publish: Any = Store.publish
    Store.publish = lambda self, **_: self.read_path  # type: ignore[method-assign]
    try:
        stages.score(brand_in(room), store_in(folder))
    finally:
        Store.publish = publish  # type: ignore[method-assign]


def _start_purging(room: Path, folder: Path) -> None:
    _start_scored(room, folder)
    going = {("file_1", each) for each in PURGED}
    for name in ("acknowledged", "published"):
        staying = promised(folder / name) - going
        (folder / name).unlink()
        promise(folder / name, sorted(staying))


def _start_of_first_release(room: Path, folder: Path) -> None:
    """The tables of the first release with all that they can hold of a store that is scored."""
    _start_scored(room, folder)
    (folder / "published").unlink()
    present, first = store_in(folder), folder / "first.duckdb"
    with connected(first) as connection:
        migrate_first(connection, first)
        connection.execute(f"ATTACH '{present.path}' AS present (READ_ONLY)")
        tables = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'first' "
            "AND table_name NOT IN ('schema_migrations', 'view_definitions')"
        ).fetchall()
        for (table,) in tables:
            shared = connection.execute(
                "SELECT column_name FROM duckdb_columns() WHERE table_name = ? "
                "GROUP BY column_name HAVING count(*) = 2 ORDER BY column_name",
                [table],
            ).fetchall()
            names = ", ".join(f'"{name}"' for (name,) in shared)
            connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM present.{table}")
        connection.execute("DELETE FROM store_settings WHERE name NOT LIKE 'author_key%'")
    for path in (present.path, present.read_path):
        path.unlink()
    first.rename(present.path)


def migrate_first(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The first numbered step alone; the views of that release are not kept, and those of today are made anew."""
    number, name, sql = migrations()[0]
    with whole(connection):
        connection.execute(sql)
        connection.execute(
            "CREATE TABLE schema_migrations "
            "(number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
        )
        connection.execute("INSERT INTO schema_migrations VALUES (?, ?, now()::TIMESTAMP)", [number, name])


def _promise_all(folder: Path) -> None:
    with store_in(folder).writer() as connection:
        posts = stored_posts(connection)
    for name in ("acknowledged", "published"):
        (folder / name).unlink(missing_ok=True)
        promise(folder / name, sorted(posts))


def _collect(room: Path, folder: Path) -> None:
    stages.collect(brand_in(room), store_in(folder))


def _run(room: Path, folder: Path) -> None:
    stages.weekly(brand_in(room), store_in(folder), out=folder / "reports")


def _analyse(room: Path, folder: Path) -> None:
    stages.analyse(brand_in(room), store_in(folder))


def _publish(room: Path, folder: Path) -> None:
    store_in(folder).publish(gather_at_most=None)


def _migrate(room: Path, folder: Path) -> None:
    with store_in(folder).writer() as connection:
        assert first_row(connection, "SELECT 1 FROM trust_weekly LIMIT 1")


def _purge(room: Path, folder: Path) -> None:
    store = store_in(folder)
    purge_posts(store, "file_1", dict.fromkeys(PURGED, "deleted"), "purge")
    promise(folder / "erased", (("file_1", each) for each in PURGED))
    if compaction_due(store):
        compact(store)


STAGES = {
    "collect": Stage(_start_empty, _collect),
    "run with report": Stage(_start_empty, _run),
    "analyse": Stage(_start_collected, _analyse),
    "publish": Stage(_start_unpublished, _publish),
    "migrate": Stage(_start_of_first_release, _migrate),
    "purge and compact": Stage(_start_purging, _purge),
}
