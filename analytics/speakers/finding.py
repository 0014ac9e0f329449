"""Who speaks in each text, found for a whole batch at once by DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from analytics.sentiment.batch import as_arrow
from analytics.speakers.rules import read_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

UNKNOWN = "unknown"
"""What is said where nothing is known; such posts are shown and counted like all others."""

# What stands in quotation marks. A straight single one is an apostrophe as well, so it opens nothing.
QUOTED = r'"[^"]*"|“[^”]*”|«[^»]*»|„[^“”]*[“”]'


def find_speakers(texts: Sequence[str] | pa.Array) -> list[str]:
    """The speaker of each text by its own words: official, press, leaving, administrator, customer or unknown.

    A search for all rules leaves a few posts in a hundred; only these are read closely.
    """
    import pyarrow as pa

    given = as_arrow(texts)[0] if isinstance(texts, (list, tuple)) else texts
    speakers = [UNKNOWN] * len(given)
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.register("texts", pa.table({"row": pa.array(range(len(given)), pa.int64()), "text": given}))
        connection.execute(find_candidates_sql())
        for row, speaker in connection.execute(name_speakers_sql()).fetchall():
            speakers[row] = speaker
    return speakers


def find_candidates_sql() -> str:
    """The statement that leaves `candidates` (row, words) of `texts` (row, text): those that some rule matches."""
    any_rule = " OR ".join(matches("text", each.pattern) for each in read_rules().speakers)
    return rf"""
        CREATE TEMP TABLE candidates AS
        SELECT row, trim(regexp_replace(text, '{QUOTED}', ' ', 'g')) AS words
        FROM (SELECT row, replace(text, '’', '''') AS text FROM texts) WHERE {any_rule}
    """


def name_speakers_sql() -> str:
    """The statement over `candidates`: row and speaker, for those in whose own words a rule still matches."""
    cases = "\n".join(
        f"WHEN {matches('words', each.pattern)} AND NOT {matches('words', each.unless)} THEN '{each.name}'"
        for each in read_rules().speakers
    )
    return (
        f"SELECT row, speaker FROM (SELECT row, CASE {cases} END AS speaker FROM candidates) WHERE speaker IS NOT NULL"
    )


def matches(column: str, pattern: str) -> str:
    escaped = pattern.replace("'", "''")
    return f"regexp_matches({column}, '(?i){escaped}')"


def speakers_version() -> str:
    """Names the rules' content in the store: 8 hexadecimal digits."""
    return read_rules().version
