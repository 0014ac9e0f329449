"""Lines read as bytes are the records that are read line by line as text."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors import ndjson
from connectors.archive_formats import Chunk, read_json
from connectors.json_records import FileError

MAPPING = {"text": "text", "id": "n", "rating": "a.b", "title": "a"}
NUMBERS = [
    "0",
    "-0",
    "-0.0",
    "1.50",
    "1E5",
    "1e999",
    "9007199254740993",
    "18446744073709551616",
    "-9" + "9" * 30,
    "NaN",
]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(lambda text: json.dumps(text).encode())
values = st.one_of(
    texts,
    texts.map(lambda text: json.dumps(json.loads(text), ensure_ascii=False).encode()),
    st.sampled_from([number.encode() for number in NUMBERS]),
    st.sampled_from(
        [b"true", b"null", b'"\\ud800"', b'"\xff"', b'"\xed\xa0\x80"', b'"a\tb"', b'[1e999, 1.0, "\xc3\xa9"]']
    ),
    st.builds(lambda text, number: b'{"b": %s, "c": %s}' % (text, number.encode()), texts, st.sampled_from(NUMBERS)),
)
objects = st.dictionaries(st.sampled_from([b"text", b"n", b"a", b"a.b", b"other"]), values, max_size=4).map(
    lambda fields: b"{" + b", ".join(b'"%s": %s' % field for field in fields.items()) + b"}"
)
odd_lines = st.sampled_from(
    [
        b"",
        b" \t",
        b"\xc2\xa0",
        b"\x1c",
        b"[1]",
        b'"x"',
        b"{",
        b'{"text": "x"} x',
        b'{"text": 1, "text": "2"}',
        b"\xff",
        b"{}\r",
    ]
)
files = st.lists(st.one_of(objects, objects, odd_lines), max_size=12)


def as_text(content: bytes, mapping: dict[str, str]) -> Iterator[Chunk]:
    stream = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="surrogateescape", newline="\n")
    return read_json(stream, mapping, frozenset(), lines=True)


def all_of(chunks: Iterator[Chunk]) -> list[object]:
    return [(chunk.columns, chunk.lines, chunk.rejected, chunk.replaced) for chunk in chunks]


@given(files, st.booleans(), st.booleans(), st.booleans())
@example([b"{}"] * 3, True, True, True)
@example([b'{"n": 5, "a": {"b": 18446744073709551616}}', b'{"n": null}'], False, False, False)
def test_lines_of_bytes_are_the_records_that_lines_of_text_are(
    lines: list[bytes], marked: bool, ended: bool, authors: bool
) -> None:
    """Values, line numbers, reasons, what is shown of a bad line and what was replaced are the same, however odd."""
    content = (b"\xef\xbb\xbf" if marked else b"") + b"\n".join(lines) + (b"\n" if ended else b"")
    mapping = MAPPING | ({"author": "other"} if authors else {})
    assert all_of(ndjson.read_ndjson(io.BytesIO(content), mapping, frozenset())) == all_of(as_text(content, mapping))


def test_a_long_file_comes_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chunk ends where it has enough records or is long enough, and lines are numbered on."""
    monkeypatch.setattr(ndjson, "CHUNK_ROWS", 2)
    content = b'{"text": "a"}\n\nx\n{"text": "b"}\n{"text": "c"}\n'
    chunks = list(ndjson.read_ndjson(io.BytesIO(content), {"text": "text"}, frozenset()))
    assert [chunk.lines for chunk in chunks] == [[1], [4, 5], []]
    assert [bad.line for chunk in chunks for bad in chunk.rejected] == [3]
    monkeypatch.setattr(ndjson, "CHUNK_CHARACTERS", 1)
    assert len(list(ndjson.read_ndjson(io.BytesIO(content), {"text": "text"}, frozenset()))) == 5


def test_a_field_that_no_record_has_is_told_with_the_keys_that_there_are() -> None:
    """A wrong column spoils the whole file and is told before anything is stored."""
    with pytest.raises(FileError, match='no record has "body" for text; the keys are: id, text'):
        list(ndjson.read_ndjson(io.BytesIO(b'{"id": 1, "text": "a"}\n'), {"text": "body"}, frozenset({"text"})))
