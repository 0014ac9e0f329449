"""Quarantine: records that could not be read. What is erased of it does not come back with the same archive.

An archive without a column of authors keeps its records whole, with whatever they say of people. One that is erased
leaves a keyed mark of its content. Since a record may come again in other words (another column mapped, a count that
grew), arriving ones are also held against the marks of deleted posts and forgotten authors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import re2

from analytics.store.catalogue import statement
from analytics.store.given_rows import execute_with_rows
from analytics.store.store import Store, first_row, now

if TYPE_CHECKING:
    import duckdb

QUARANTINE_DAYS = 90
PAYLOAD_CHARACTERS = 2_000
LONGEST_HANDLE = 100  # characters
AT_AN_END = 3  # characters of punctuation that a handle may have there, as -ann- on Reddit
MOST_WORDS = 8  # of a handle: first.last@host.example.org has five
_WORD = re2.compile(r"[\p{L}\p{M}\p{N}_]+")
_ID = re.compile(r'"id": ("(?:[^"\\]|\\.)*")')
_NO_ID = re.compile(r"[^\w.:/@-]+")
_ESCAPE = re.compile(r'\\(?:u[0-9a-fA-F]{4}|[nrtbf"\\/])')  # of JSON
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def save_records(
    store: Store, connection: duckdb.DuckDBPyConnection, source: str, run_id: str, records: Sequence[Mapping[str, Any]]
) -> int:
    """Put `records` (file, line, reason, payload) into quarantine; returns how many were kept away.

    Raises KeyMismatch.
    """
    moment = now()
    # What does not fit is not kept in part: whose it is might stand in the other one. The file and the line must do.
    fitting = [{**record, "payload": _fitting(str(record["payload"]))} for record in records]
    unwanted = _find_unwanted(store, connection, source, [record["payload"] for record in fitting])
    rows = {
        (record["file"], record["line"]): [
            *(source, record["file"], record["line"], record["reason"], record["payload"]),
            *(run_id, moment, moment + timedelta(days=QUARANTINE_DAYS)),
        ]
        for at, record in enumerate(fitting)
        if at not in unwanted
    }
    columns = ("source", "file", "line", "reason", "payload", "run_id", "quarantined_at", "expires_at")
    execute_with_rows(connection, statement("upsert_quarantine"), columns, list(rows.values()))
    return len(unwanted)


def erase_gone(store: Store, connection: duckdb.DuckDBPyConnection, source: str) -> int:
    """Erase the records of `source` that name a post of the temporary table gone_posts; returns how many there were.

    As with the others below none of them comes back. Raises KeyMismatch.
    """
    gone = {str(row[0]) for row in connection.execute("SELECT post_id FROM gone_posts").fetchall()}
    if not gone:
        return 0
    return _erase_told(store, connection, source, lambda _, told: bool(gone & _ids_in(told)) or _was_cut(told))


def erase_naming(store: Store, connection: duckdb.DuckDBPyConnection, source: str, pattern: str) -> int:
    """Erase the records of `source` that name whom the regular expression `pattern` finds. Raises KeyMismatch."""
    handle = re2.compile(pattern)
    return _erase_told(
        store, connection, source, lambda *told: any(handle.search(each) for text in told for each in _readings(text))
    )


def erase_unwanted(store: Store, connection: duckdb.DuckDBPyConnection, source: str) -> int:
    """Erase the records of `source` that marks would keep away if they came now. Raises KeyMismatch."""
    rows = connection.execute(
        "SELECT payload FROM quarantine WHERE source = ? AND payload <> '' ORDER BY ALL", [source]
    ).fetchall()
    payloads = [str(row[0]) for row in rows]
    unwanted = {payloads[at] for at in _find_unwanted(store, connection, source, payloads)}
    return _erase_told(store, connection, source, lambda _, payload: payload in unwanted) if unwanted else 0


def erase_expired(store: Store, connection: duckdb.DuckDBPyConnection) -> int:
    """Erase the records whose time is over. Raises KeyMismatch."""
    connection.execute(statement("find_expired_records"), {"moment": now()})
    return _erase_found(store, connection)


def _erase_told(
    store: Store, connection: duckdb.DuckDBPyConnection, source: str, is_meant: Callable[[str, str], bool]
) -> int:
    """Erase those that `is_meant` of reason and payload. Without a payload the reason is in our own words."""
    rows = connection.execute(
        "SELECT file, line, reason, payload FROM quarantine WHERE source = ? AND payload <> ''", [source]
    ).fetchall()
    found = [row for row in rows if is_meant(row[2], row[3])]
    if not found:
        return 0
    columns = {
        "source": pa.array([source] * len(found), pa.string()),
        "file": pa.array([row[0] for row in found], pa.string()),
        "line": pa.array([row[1] for row in found], pa.int64()),
        "payload": pa.array([row[3] for row in found], pa.string()),
    }
    connection.register("meant_records", pa.table(columns))
    connection.execute("CREATE OR REPLACE TEMP TABLE found_records AS SELECT * FROM meant_records")
    connection.unregister("meant_records")
    return _erase_found(store, connection)


def _erase_found(store: Store, connection: duckdb.DuckDBPyConnection) -> int:
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


def _readings(payload: str) -> Iterator[str]:
    """The text as it is written, and with its escapes read once and twice.

    A record is kept as JSON, where a new line before a handle is the letter n; one that was not read may itself be a
    line of JSON.
    """
    yield payload
    for _ in range(2):
        if "\\" not in payload:
            return
        payload = _ESCAPE.sub(_read_escape, payload)
        yield payload


def _read_escape(match: re.Match[str]) -> str:
    letter = match[0][1]
    return chr(int(match[0][2:], 16)) if letter == "u" else _ESCAPED.get(letter, letter)


def _was_cut(payload: str) -> bool:
    """Whether an earlier release cut the record, so that its id may be missing: then it goes with any post."""
    return len(payload) == PAYLOAD_CHARACTERS and (payload.startswith('{"record"') or not _ID.search(payload))


def _fitting(payload: str) -> str:
    return payload if len(payload) <= PAYLOAD_CHARACTERS else ""


def _ids_in(payload: str) -> set[str]:
    """The id that a record says it has, or what may be one in a record that was not read at all."""
    if payload.startswith('{"record"'):
        return {word for text in _readings(payload) for word in _NO_ID.split(text)} - {""}
    return {json.loads(told, strict=False) for told in _ID.findall(payload)}


def _names_in(payload: str) -> Iterator[str]:
    """Every run of words that may be a handle, with what stands between them and with punctuation at its ends."""
    for text in _readings(payload):
        words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
        gaps = zip([0, *(end for _, end in words)], [*(start for start, _ in words), len(text)], strict=True)
        between = [text[start:end] for start, end in gaps]
        for first, (start, _) in enumerate(words):
            begins = range(start - _touching(between[first][::-1]), start + 1)
            for last in range(first, min(first + MOST_WORDS, len(words))):
                end = words[last][1]
                if end - start > LONGEST_HANDLE:
                    break
                for begin in begins:
                    for stop in range(end, end + _touching(between[last + 1]) + 1):
                        yield text[begin:stop]


def _touching(gap: str) -> int:
    """How many characters stand at the beginning of what is between two words, before the first blank."""
    return 0 if not gap or gap[0].isspace() else len(gap[:AT_AN_END].split(None, 1)[0])
