"""Keeping what was read of posts: each kind of reading in its table, under the version of what read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from analytics.copies import save_signatures, signatures_version
from analytics.language import detector_version
from analytics.speakers import speakers_version
from analytics.store import first_row
from analytics.store.catalogue import statement
from analytics.store.gathering import mark_changed, put_definition_in_force
from analytics.themes import taxonomy_version

if TYPE_CHECKING:
    import duckdb

    from analytics.post_reading import Batch

LANGUAGES, SPEAKERS, SIGNATURES = "post_languages", "post_speakers", "copy_signatures"


def versions() -> dict[str, str]:
    """The version in force of what fills each table that has one row a post, replaced when a newer version reads it."""
    return {LANGUAGES: detector_version(), SPEAKERS: speakers_version(), SIGNATURES: signatures_version()}


@dataclass(frozen=True, slots=True)
class Kept:
    """How many scores and tagged posts are new to the store: what another run has read meanwhile is its own."""

    scored: int
    tagged: int


def keep(connection: duckdb.DuckDBPyConnection, batch: Batch, *, alone: bool, first: bool) -> Kept:
    """Insert what was read, in the caller's transaction.

    `alone`: nobody has written since the posts were found unread; else what others have read or erased is left out.
    `first`: no post whose language is told here had a score or a language before, so that no counted week can change.
    """
    put_definition_in_force(connection)
    scored = 0
    for scorer, rows in batch.scores.items():
        values = {"scorer": scorer.name, "version": scorer.version}
        scored += _insert(connection, "scores", rows, values, "" if alone else "source, post_id, scorer, version")
    values = {"taxonomy_version": taxonomy_version()}
    key = "source, post_id, taxonomy_version"
    tagged = _insert(connection, "tagged_posts", batch.tagged, values, "" if alone else key)
    _insert(connection, "post_themes", batch.themes, values, "" if alone else f"{key}, theme")
    if batch.languages.num_rows:
        if not first:
            _mark_weeks(connection, batch.languages)
        _replace(connection, LANGUAGES, batch.languages, alone=alone)
    if batch.speakers.num_rows:
        _replace(connection, SPEAKERS, batch.speakers, alone=alone)
    if batch.signatures.num_rows:
        save_signatures(connection, batch.signatures, alone=alone)
    _mark_changed(connection, batch, first=first)
    return Kept(scored, tagged)


def _mark_changed(connection: duckdb.DuckDBPyConnection, batch: Batch, *, first: bool) -> None:
    """Have all posts of which something was read gathered anew, where they were gathered unread."""
    read = (*batch.scores.values(), batch.tagged, batch.languages, batch.speakers, batch.signatures)
    rows = pa.concat_tables([rows.select(["source", "post_id"]) for rows in read])
    connection.register("read_rows", rows)
    unread = first and rows.group_by(["source", "post_id"]).aggregate([]).num_rows == batch.languages.num_rows
    mark_changed(connection, "FROM read_rows", unread=unread)
    connection.unregister("read_rows")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, values: dict[str, str], key: str) -> int:
    """Insert `rows` with the same `values` in each; with `key`, without those that are there or whose post is gone.

    Returns how many were inserted.
    """
    connection.register("read_rows", rows)
    sql = f"SELECT *, {', '.join(f'${name} AS {name}' for name in values)} FROM read_rows"
    if key:
        sql = f"SELECT * FROM ({sql}) ANTI JOIN {table} USING ({key}) SEMI JOIN posts USING (source, post_id)"
    row = first_row(connection, f"INSERT INTO {table} BY NAME {sql}", values)
    connection.unregister("read_rows")
    return int(row[0]) if row else 0


def _replace(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, *, alone: bool) -> None:
    """Put `rows` in the place of what another version has read of these posts."""
    version = versions()[table]
    if alone and not holds_other_versions(connection, table):
        _insert(connection, table, rows, {"version": version}, "")
        return
    connection.register("found_rows", rows.append_column("version", pa.array([version] * len(rows), pa.string())))
    for name in ("drop_former_rows", "insert_found_rows"):
        connection.execute(statement(name).replace("{table}", table))


def _mark_weeks(connection: duckdb.DuckDBPyConnection, languages: pa.Table) -> None:
    """Have weeks counted anew in which a language that is read now changes what counts.

    A post without a score has counted nowhere yet, and one that no other version has read cannot begin to count.
    """
    others = holds_other_versions(connection, LANGUAGES)
    connection.register("found_rows", languages)
    connection.execute(statement("find_changed_languages"), {"others": others})
    if connection.execute("SELECT 1 FROM changed_languages LIMIT 1").fetchall():
        connection.execute(statement("mark_weeks_of_languages"))


def holds_other_versions(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the table has anything that another version has read."""
    found = connection.execute(f"SELECT 1 FROM {table} WHERE version <> ? LIMIT 1", [versions()[table]]).fetchall()
    return bool(found)
