"""What spoils a whole file is one line that says what, where and what to do, before any post is handed on."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard

from brands.brand_file import Columns, Source
from brands.query import parse
from connectors.archive import Archive
from connectors.batch import AuthorKey, Batch, Window
from connectors.errors import BadInput

NOW = datetime(2023, 9, 1)
SIMPLE = Columns(created_at="at", text="text")
ROWS = b"at,text\n" + b"2023-08-01,some text\n" * 30_000


def read(path: Path, author_key: AuthorKey, **settings: Any) -> list[Batch]:
    source = Source(**{"connector": "archive", "name": "reviews", "path": path, "columns": SIMPLE} | settings)
    seen: list[Batch] = []
    try:
        for batch in Archive(source, author_key, NOW).batches(parse("zoom"), Window(), None):
            seen.append(batch)  # noqa: PERF402 - what came before an error is looked at below
    except BadInput:
        assert seen == [], "posts were handed on before the file was refused"
        raise
    return seen


def problem(path: Path, author_key: AuthorKey, **settings: Any) -> str:
    with pytest.raises(BadInput) as caught:
        read(path, author_key, **settings)
    message = str(caught.value)
    assert "\n" not in message
    assert message.isprintable()
    assert message.startswith("reviews: ")
    assert str(path) in message
    return message


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b"\n\n", "holds no header line"),
        ("image.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "binary"),
        ("noise.csv", bytes(range(256)) * 200, "binary"),
        ("sheet.csv", b"PK\x03\x04rest", "a ZIP file or a spreadsheet"),
        ("packed.csv", gzip.compress(ROWS, mtime=0), "compressed by gzip"),
        ("table.csv", b"PAR1...", "Parquet"),
        ("wide.csv", "at,text\n2023-08-01,x\n".encode("utf-16"), 'set encoding = "utf-16"'),
        ("latin.csv", "at,text\n2023-08-01,façade\n2023-08-02,café\n".encode("latin-1"), "bytes that are not utf-8"),
        ("header.csv", b"when,what\n1,x\n", 'column "at" for created_at is not there; the columns are: when, what'),
        ("twice.csv", b"at,text,text\n2023-08-01,x,y\n", 'column "text" for text is there more than once'),
        ("semicolon.csv", b"at;text\n2023-08-01;x\n", "is the delimiter another one?"),
        ("dates.csv", b"at,text\n20-07-2023,x\n21-07-2023,y\n", "created_at is no time of a known form: '20-07-2023'"),
        ("quote.csv", b'at,"text\n2023-08-01,x\n', "the header cannot be read"),
        ("posts.xyz", ROWS, 'no format is known by the ending ".xyz"'),
        ("posts.parquet", ROWS, "cannot be read"),
        ("posts.parquet.gz", ROWS, "Parquet is compressed inside"),
        ("cut.csv.gz", gzip.compress(ROWS, mtime=0)[:-20], "cut off or damaged"),
        ("torn.csv.gz", gzip.compress(ROWS, mtime=0)[:40] + b"\0" * 30, "cut off or damaged"),
        ("plain.csv.gz", ROWS, "cut off or damaged"),
        ("cut.csv.zst", zstandard.compress(ROWS)[:-4], "cannot be read"),
        ("nothing.csv.gz", gzip.compress(b"", mtime=0), "the file is empty"),
        ("number.json", b"17", "neither a JSON array nor an object"),
        ("cut.json", json.dumps([{"at": "2023-08-01", "text": "x"}] * 30_000).encode()[:-9], "invalid JSON"),
        ("half.json", b'[{"at": "2023-08-01", "text": "x"},', "ends in the middle"),
        ("comma.json", b'[{"at": "2023-08-01", "text": "x"} {}]', "where one of , ] belongs"),
        ("two.json", b'{"a": [{}], "b": [{}]}', 'a second array ("b")'),
        ("none.json", b'{"a": 1}', "holds no array of records"),
        ("lines.json", b'{"a": []}\n{"a": 1}\n', 'is the format "ndjson"?'),
        ("array.ndjson", b"[\n1,\n2\n]\n", "none of the first 4 records can be used"),
        ("keys.ndjson", b'{"when": 1, "text": "x"}\n', 'no record has "at" for created_at; the keys are: text, when'),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused(
    tmp_path: Path, author_key: AuthorKey, name: str, content: bytes, told: str
) -> None:
    """One line names the file and what is wrong with it, and nothing of the file has been handed on."""
    path = tmp_path / name
    path.write_bytes(content)
    assert told in problem(path, author_key)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path, author_key: AuthorKey) -> None:
    """A path must lead to a file."""
    assert "no such file" in problem(tmp_path / "none.csv", author_key)
    assert "is a folder" in problem(tmp_path, author_key, format="csv")


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("late.csv", b"\n\nat,other\n2023-08-01,x\n", 3),
        ("dates.csv", b"at,text\n\nyesterday,x\n", 3),
        ("bad.json", b'[\n{"at": "2023-08-01", "text": "x"},\n{"at": }\n]', 3),
    ],
)
def test_the_line_is_named_where_it_is_known(
    tmp_path: Path, author_key: AuthorKey, name: str, content: bytes, line: int
) -> None:
    """The header's line, the first bad record's or the broken value's."""
    path = tmp_path / name
    path.write_bytes(content)
    assert problem(path, author_key).endswith(f"({path}, line {line})")


def test_a_wrong_encoding_is_refused(tmp_path: Path, author_key: AuthorKey) -> None:
    """A name that is none, and bytes that cannot be of the declared encoding at all."""
    path = tmp_path / "posts.csv"
    path.write_bytes(ROWS)
    assert 'no encoding is called "utf-9"' in problem(path, author_key, encoding="utf-9")
    path.write_bytes(b"at,text\n2023-08-01,odd\n")
    problem(path, author_key, encoding="utf-16")


def test_a_parquet_file_without_the_column_says_what_there_is(tmp_path: Path, author_key: AuthorKey) -> None:
    """The columns of a Parquet file are named."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "posts.parquet"
    pq.write_table(pa.table({"when": ["2023-08-01"], "text": ["x"]}), path)
    assert 'column "at" for created_at is not there; the columns are: when, text' in problem(path, author_key)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"path": None}, "needs a path"),
        ({"columns": None}, "needs [sources.columns]"),
        ({"match": "column"}, "needs the column of the brand"),
        ({"timezone": "Mars/Olympus"}, 'no time zone "Mars/Olympus"'),
        ({"timezone": "../etc"}, 'no time zone "../etc"'),
    ],
)
def test_settings_that_cannot_be_used_are_refused_before_the_file_is_opened(
    tmp_path: Path, author_key: AuthorKey, settings: dict[str, Any], told: str
) -> None:
    """The source's name and the setting are told."""
    source = Source(**{"connector": "archive", "name": "reviews", "path": tmp_path, "columns": SIMPLE} | settings)
    with pytest.raises(BadInput, match=r'\[\[sources\]\] "reviews"') as caught:
        Archive(source, author_key, NOW)
    assert told in str(caught.value)
