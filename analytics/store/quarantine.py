"""Quarantine: records that could not be read. What is erased of it does not come back with the same archive.

An archive without a column of authors keeps its records whole, with whatever they say of people. One that is erased
leaves a keyed mark of its content. Since a record may come again in other words (another column mapped, a count that
grew), arriving ones are also held against the marks of deleted posts and forgotten authors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import re2

from analytics.store.catalogue import statement
from analytics.store.store import Store, first_row, now

if TYPE_CHECKING:
    import duckdb

QUARANTINE_DAYS = 90
PAYLOAD_CHARACTERS = 2_000
LONGEST_HANDLE = 100  # characters
MOST_WORDS = 8  # of a handle: first.last@host.example.org has five
_WORD = re2.compile(r"[\p{L}\p{M}\p{N}_]+")
_ID = re.compile(r'"id": ("(?:[^"\\]|\\.)*")')
_NO_ID = re.compile(r"[^\w.:/@-]+")  # as in statements/find_gone_records.sql


def save_records(
    store: Store, connection: duckdb.DuckDBPyConnection, source: str, run_id: str, records: Sequence[Mapping[str, Any]]
) -> int:
    """Put `records` (file, line, reason, payload) into quarantine; returns how many were kept away.

    Raises KeyMismatch.
    """
    moment = now()
    cut = [{**record, "payload": str(record["payload"])[:PAYLOAD_CHARACTERS]} for record in records]
    unwanted = _find_unwanted(store, connection, source, [record["payload"] for record in cut])
    rows = {
        (record["file"], record["line"]): [
            *(source, record["file"], record["line"], record["reason"], record["payload"]),
            *(run_id, moment, moment + timedelta(days=QUARANTINE_DAYS)),
        ]
        for at, record in enumerate(cut)
        if at not in unwanted
    }
    if rows:
        connection.executemany(statement("upsert_quarantine"), list(rows.values()))
    return len(unwanted)


def erase_records(store: Store, connection: duckdb.DuckDBPyConnection, which: str, values: Mapping[str, Any]) -> int:
    """Erase the records that statements/`which`.sql finds, and let none come back; returns how many there were.

    Raises KeyMismatch.
    """
    connection.execute(statement(which), values)
    row = first_row(connection, "SELECT count(*), count(*) FILTER (payload <> '') FROM found_records") or (0, 0)
    if row[1]:
        key = store.keys_within(connection).record_mark_key
        store.record_fingerprint(connection)
        connection.execute(statement("leave_record_marks"), {"key": key, "moment": now()})
    if row[0]:
        connection.execute(statement("drop_found_records"))
    return int(row[0])


def _find_unwanted(
    store: Store, connection: duckdb.DuckDBPyConnection, source: str, payloads: Sequence[str]
) -> set[int]:
    """The places of those `payloads` that were erased before, or name a deleted post or a forgotten author."""
    unwanted: set[int] = set()
    for table, column in (("tombstones", "post_mark"), ("suppressed_authors", "author_mark")):
        if not any(payloads) or not first_row(connection, f"SELECT 1 FROM {table} WHERE source = ? LIMIT 1", [source]):
            continue
        keys = store.keys_within(connection)
        marks: dict[str, str] = {}  # by handle: the same words come again and again
        found: list[tuple[int, str]] = []
        for at, payload in enumerate(payloads):
            if table == "tombstones" and payload:
                found += [(at, keys.record_mark(source, payload))]
                found += [(at, keys.post_mark(source, each)) for each in _ids_in(payload)]
            elif payload:
                for name in set(_names_in(payload)):
                    if name not in marks:
                        marks[name] = keys.author_mark(keys.key(source, name))
                    found.append((at, marks[name]))
        columns = {
            "place": pa.array([at for at, _ in found], pa.int64()),
            "mark": pa.array([mark for _, mark in found], pa.string()),
        }
        connection.register("arriving_marks", pa.table(columns))
        rows = connection.execute(
            f"SELECT DISTINCT place FROM arriving_marks AS a JOIN {table} AS t ON t.source = ? AND t.{column} = a.mark",
            [source],
        ).fetchall()
        connection.unregister("arriving_marks")
        unwanted |= {int(row[0]) for row in rows}
    return unwanted


def _ids_in(payload: str) -> set[str]:
    """The id that a record says it has, or what may be one in a record that was not read at all."""
    if payload.startswith('{"record"'):
        return set(_NO_ID.split(payload)) - {""}
    return {json.loads(told, strict=False) for told in _ID.findall(payload)}


def _names_in(payload: str) -> Iterator[str]:
    """Every run of words that may be a handle, with what stands between them."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(payload)]
    for first, (start, _) in enumerate(words):
        for _, end in words[first : first + MOST_WORDS]:
            if end - start > LONGEST_HANDLE:
                break
            yield payload[start:end]
