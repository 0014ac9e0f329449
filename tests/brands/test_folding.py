"""Folding is the same in Python and in the installed DuckDB."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brands.folding import READ_CHARACTERS, TABLE_FILE, fold, fold_sql
from brands.folding_table import fold_each, write_lines

HANGUL = [*range(0x1100, 0x1114), *range(0x1160, 0x1177), *range(0x11A6, 0x11C4), 0xAC00, 0xAC01, 0xAC1C, 0xD7A3]
MARKS_AND_CASE = [*range(0x2F0, 0x3D0), 0x130, 0x131, 0x1E9E, 0x2126, 0x212B, 0x3099, 0x304B, 0xFE0F, 0x200D, 0x1F600]
hangul_texts = st.text(st.sampled_from([chr(code) for code in [*HANGUL, 0, 0x20, 0x301, 0x61]]), max_size=8)
characters = st.one_of(
    st.sampled_from([chr(code) for code in MARKS_AND_CASE]),
    st.sampled_from("\0 @#_aZ09.-'\"\\\n\t\u00a0"),
    st.characters(exclude_categories=["Cs"]),
)


@pytest.fixture(scope="module")
def folds() -> dict[int, str]:
    return fold_each()


def fold_in_duckdb(texts: Sequence[str]) -> list[str | None]:
    posts = pa.table({"position": range(len(texts)), "text": pa.array(texts, pa.string())})
    with duckdb.connect() as connection:
        rows = connection.register("posts", posts).execute(f"SELECT {fold_sql('text')} FROM posts ORDER BY position")
        return [row[0] for row in rows.fetchall()]


def test_the_committed_table_is_what_the_installed_duckdb_gives(folds: dict[int, str]) -> None:
    """A DuckDB with other Unicode tables fails here; `python -m brands.folding_table` writes the table anew."""
    committed = TABLE_FILE.read_text(encoding="ascii").splitlines()

    assert [line for line in committed if not line.startswith("#")] == write_lines(folds)


@pytest.mark.long
def test_python_folds_every_single_character_as_duckdb(folds: dict[int, str]) -> None:
    """The compact form of the table loses nothing."""
    assert [code for code, folded in folds.items() if fold(chr(code)) != f" {folded} "] == []


@given(st.lists(st.text(characters, max_size=12) | hangul_texts, min_size=40, max_size=120))
def test_python_folds_every_text_as_duckdb(texts: list[str]) -> None:
    """Neighbours matter (Hangul letters compose, a NUL ends an accented text inside DuckDB), so texts are compared."""
    assert [fold(text) for text in texts] == fold_in_duckdb(texts)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café ÉTÉ cafe\u0301", " cafe ete cafe "),
        ("ΟΔΟΣ", " οδοσ "),
        ("İstanbul", " istanbul "),
        ("don't—stop…", " don t stop  "),
        ("é\0nul", " e nul "),
        ("@Zoom #AI 🔥", " @zoom #ai   "),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", " 한글 "),
        ("\ud800lone", "  lone "),
        ("", "  "),
    ],
)
def test_fold_keeps_words_handles_and_tags(text: str, folded: str) -> None:
    """Words lose case and accents, everything but letters, digits, underscore, @ and # becomes a space."""
    assert fold(text) == folded


def test_both_folds_read_the_same_first_characters() -> None:
    """The limit counts characters, not bytes, and holds in both."""
    text = "é" * (READ_CHARACTERS - 1) + "ab"

    assert [fold(text)] == fold_in_duckdb([text])
    assert len(fold(text)) == READ_CHARACTERS + 2


def test_null_stays_null() -> None:
    """A post without text has no folded text."""
    assert duckdb.execute(f"SELECT {fold_sql('NULL::VARCHAR')}").fetchone() == (None,)
