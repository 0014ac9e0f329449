"""Posts whose language shows at a glance, told apart for a whole batch at once by DuckDB.

A script that one language writes tells it. English tells itself by its common words, where no word of another language
stands beside them. A few letters tell nothing. What remains is cleaned for a library to read.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from analytics.scratch_database import scratch_database

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

READ_FIRST = 400
"""Characters of a post that are read. A change of language further on is not looked for."""

FEWEST_LETTERS = 15
"""Under so many letters of a script that many languages write, nothing is said."""

UNDETERMINED = "und"
"""ISO 639-2 for a text whose language cannot be told."""

SCRIPTS = {
    "ja": "Hiragana Katakana",  # before Han, which Japanese writes too
    "ko": "Hangul",
    "zh": "Han",
    "th": "Thai",
    "el": "Greek",
    "he": "Hebrew",
    "hy": "Armenian",
    "ka": "Georgian",
    "ta": "Tamil",
    "te": "Telugu",
    "bn": "Bengali",
}
"""Language → the script that it alone writes, or nearly."""

SHARED_SCRIPTS = {"ru": "Cyrillic", "ar": "Arabic", "hi": "Devanagari"}
"""The same for scripts of many languages: the code stands for all of them where the library is not asked."""

# Addresses, accounts, tags and code say nothing of the language around them.
NO_WORDS = r"(?i)\b(?:https?://|www\.)\S+|[@#][\p{L}\p{N}_.-]+|\b[\w-]+(?:\.[\w-]+)+\b|[0-9_/\\<>=]+"


@cache
def read_words() -> dict[str, list[str]]:
    """The two lists of `words.toml`."""
    lists = tomllib.loads((resources.files("analytics.language") / "words.toml").read_text("utf-8"))
    return {name: sorted(set(words)) for name, words in lists.items()}


@cache
def clear_cases_sql() -> str:
    """The statement over `texts` (row, text): row, language or NULL, and for NULL the `words` for a library to read."""
    english, other = (word_pattern(read_words()[name]) for name in ("english", "other"))
    scripts = {**SCRIPTS, **SHARED_SCRIPTS}
    foreign = "".join(map(class_of, scripts.values()))
    all_letters, in_script = count_letters(r"\p{L}"), count_letters(foreign)
    by_script = "\n".join(
        f"WHEN regexp_matches(words, '[{class_of(name)}]') THEN '{code}'" for code, name in scripts.items()
    )
    return rf"""
        WITH read AS (SELECT row, left(text, {READ_FIRST}) AS text FROM texts),
        seen AS MATERIALIZED (
            SELECT row, text,
                strlen(text) <> length(text) AND regexp_matches(text, '[{foreign}]') AS other_script,
                regexp_matches(text, '(?is){english}.*?{english}') AS twice_english
            FROM read
        ),
        told AS MATERIALIZED (
            SELECT row, text, other_script,
                CASE WHEN other_script THEN NULL
                    WHEN twice_english THEN CASE WHEN NOT regexp_matches(text, '(?is){other}.*?{other}') THEN 'en' END
                    WHEN length(text) < {FEWEST_LETTERS} THEN 'und'
                    WHEN regexp_matches(text, '(?i){english}') AND NOT regexp_matches(text, '(?i){other}') THEN 'en'
                END AS language
            FROM seen
        ),
        cleaned AS MATERIALIZED (
            SELECT row, other_script, trim(regexp_replace(text, '{NO_WORDS}', ' ', 'g')) AS words
            FROM told WHERE language IS NULL
        ),
        -- Counting letters costs more than all before: only where there are few, or of two scripts.
        measured AS MATERIALIZED (
            SELECT row, other_script, words,
                CASE WHEN other_script OR length(words) < {4 * FEWEST_LETTERS} THEN {all_letters} END AS letters,
                CASE WHEN other_script THEN {in_script} END AS other_letters
            FROM cleaned
        ),
        named AS (
            SELECT row, words,
                CASE WHEN 3 * other_letters > letters THEN CASE {by_script} END
                    WHEN letters < {FEWEST_LETTERS} THEN 'und' END AS language
            FROM measured
        )
        SELECT row, words, language FROM named
        UNION ALL SELECT row, NULL, language FROM told WHERE language IS NOT NULL
        ORDER BY row
    """


def find_clear_cases(texts: pa.Array | Sequence[str]) -> pa.Table:
    """Ask all texts at once: row (0…n−1), words, language (NULL: not clear; then `words` is for a library to read)."""
    import pyarrow as pa

    posts = pa.table({"row": pa.array(range(len(texts)), pa.int64()), "text": texts})
    with scratch_database() as connection:
        connection.register("texts", posts)
        return connection.execute(clear_cases_sql()).to_arrow_table()


def word_pattern(words: Sequence[str]) -> str:
    """A pattern for any of the words, quoted for SQL; an apostrophe may be a curly one."""
    written = "|".join(re.escape(word).replace("'", "['’]") for word in words)
    return rf"\b(?:{written})\b".replace("'", "''")


def class_of(scripts: str) -> str:
    return "".join(rf"\p{{{name}}}" for name in scripts.split())


def count_letters(of: str) -> str:
    return f"length(regexp_replace(words, '[^{of}]+', '', 'g'))"
