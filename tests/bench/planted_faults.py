"""Faults that a careless change could bring in: `kills --planted` must find each of them.

Each is planted in the process that is then killed. What is done at the wrong moment takes a while, so that few kills
find it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

import flows.collection
from analytics.store import Store, duckdb_file, file_rewriting, migrating, now, saving
from analytics.store.saving import Arrival, Saved

PAUSE = 0.2  # seconds: one of these steps, of which a stage has several
PIECES = 10  # that a copy is written in


def save_the_cursor_first() -> None:
    """The cursor is kept in a transaction of its own, before the posts that it promises."""
    within = vars(flows.collection)
    save: Callable[[Store, Arrival], Saved] = within["save_arrival"]

    def save_late(store: Store, arrival: Arrival) -> Saved:
        if arrival.cursor is not None:
            with store.transaction() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?, ?)",
                    [arrival.source, arrival.query_hash, arrival.window, arrival.cursor, now()],
                )
            time.sleep(3 * PAUSE)
        return save(store, arrival)

    within["save_arrival"] = save_late


def trust_the_cursor_alone() -> None:
    """Posts are saved without a look at what is there: a file that was begun is saved again from its start."""
    read: Callable[[str], str] = saving.statement

    def statement(name: str) -> str:
        return read(name) + ("DELETE FROM known_posts;" if name == "find_known_posts" else "")

    vars(saving)["statement"] = statement


def write_the_copy_in_place() -> None:
    """The copy is written where readers open it, and not renamed into place."""
    copy = duckdb_file.copy_file

    def copy_slowly(source: Path, draft: Path) -> None:
        content = source.read_bytes()
        with source.with_name("a.read.duckdb").open("wb") as file:
            for piece in range(PIECES):
                file.write(content[piece * len(content) // PIECES : (piece + 1) * len(content) // PIECES])
                file.flush()
                time.sleep(PAUSE)
        copy(source, draft)

    vars(duckdb_file)["copy_file"] = copy_slowly


def migrate_in_pieces() -> None:
    """A numbered step and the word that it is done are not one transaction."""

    @contextmanager
    def unbound(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        yield

    moment = migrating.now

    def later() -> Any:
        time.sleep(PAUSE)
        return moment()

    vars(migrating).update(whole=unbound, now=later)


def remove_before_replacing() -> None:
    """The store is removed before the compacted one takes its place."""
    replace: Any = file_rewriting._replace

    def remove_and_replace(draft: Path, path: Path) -> None:
        path.unlink()
        time.sleep(PIECES * PAUSE)
        replace(draft, path)

    vars(file_rewriting)["_replace"] = remove_and_replace


PLANTED: dict[str, tuple[str, Callable[[], None]]] = {
    "cursor before posts": ("collect", save_the_cursor_first),
    "copy written in place": ("publish", write_the_copy_in_place),
    "steps in pieces": ("migrate", migrate_in_pieces),
    "known posts saved again": ("collect", trust_the_cursor_alone),
    "removed, then replaced": ("purge and compact", remove_before_replacing),
}
"""By its name the stage that a fault is planted in, and what plants it."""
