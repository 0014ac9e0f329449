"""Blocks are whole lines, and their columns are what reading line by line gives, or nothing."""

from __future__ import annotations

import io
import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors import ndjson, ndjson_blocks
from connectors.archive_formats import Chunk, read_json
from connectors.ndjson_blocks import Block, Blocks, read_columns

MAPPING = {"text": "text", "likes": "n"}
KINDS = {"text": pa.string(), "n": pa.int64()}

letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
written = st.one_of(
    letters.map(lambda text: json.dumps(text).encode()),
    letters.map(lambda text: json.dumps(text, ensure_ascii=False).encode()),
    st.integers(-(2**65), 2**65).map(lambda number: str(number).encode()),
    st.sampled_from([b"null", b"true", b"-0", b"1.0", b"01", b"1E5", b"1e999", b"NaN", b"-NaN", b"Inf", b"-Infinity"]),
    st.sampled_from(
        [b'"\\udc00"', b'"\\ud83d\\ude00"', b'"\\u0000"', b'"\xff"', b'"\xed\xa0\x80"', b'"a\tb"', b'"\0"']
    ),
    st.sampled_from([b'{"text": 1, "n": [{"n": 2}]}', b'{"text": {}', b"[{}", b"[]}", b'"Information, Inf"', b'""']),
)
keys = st.sampled_from([b"text", b"n", b"n", b"other", b"\\u006e", b"", b"Text"])
plain = st.builds(
    lambda text, number, other: b'{"text": %s, "n": %d, "other": %s}' % (json.dumps(text).encode(), number, other),
    letters,
    st.integers(-(2**63), 2**63 - 1),
    written,
)
lines = st.one_of(
    plain,
    st.lists(st.tuples(keys, written), max_size=4).map(
        lambda fields: b"{" + b", ".join(b'"%s": %s' % field for field in fields) + b"}"
    ),
    st.sampled_from([b"{}", b"", b" {}", b"{} ", b"{}{}", b'{"n": 1} {"n": 2}', b"{", b"}", b"[{}]", b"{}\r", b"\r"]),
    st.sampled_from([b'{"a": [{}', b"{}, {}]}", b'{"a": "', b'}"}', b"\xef\xbb\xbf{}", b"{}\x1c", b"{}/**/", b"\x00"]),
)
files = st.one_of(st.lists(plain, max_size=6), st.lists(lines, max_size=6))


def block_of(content: bytes) -> Block:
    return Blocks(io.BytesIO(content)).take(len(content) + 1, len(content) + 1)


def line_by_line(content: bytes) -> Chunk:
    stream = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="surrogateescape", newline="\n")
    (chunk,) = read_json(stream, MAPPING, frozenset(), lines=True)
    return chunk


@given(files, st.booleans())
@example([b'{} {"n": 1, "other":', b"{}}"], False)
@example([b'{} {"other": {}', b', "n": 1}'], False)
@example([b'{"n": 1} {"n": 2}'], False)
@example([b'{"other": Inf}'], False)
@example([b'{"other": -NaN}'], True)
@example([b'{"other": "\xff"}'], False)
@example([b"{}\0}"], False)
@example([b"{} \0{}", b"{}"], False)
def test_columns_of_a_block_are_those_of_its_lines_or_none(content_lines: list[bytes], returns: bool) -> None:
    """Whatever the lines hold: the same values for the same number of lines, none of them rejected."""
    content = b"".join(line + (b"\r\n" if returns else b"\n") for line in content_lines)
    columns = read_columns(block_of(content), KINDS)
    if columns is not None:
        expected = line_by_line(content)
        assert [columns["text"], columns["n"]] == [expected.columns["text"], expected.columns["likes"]]
        assert len(columns["text"]) == len(content_lines)
        assert not expected.rejected
        assert not expected.replaced


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_plain_lines_are_read_as_a_block(ending: bytes) -> None:
    """Texts of any script, missing values, escapes and nested values of other keys are nothing odd."""
    lines = [
        '{"text": "né \\ud83d\\ude00", "n": 12}',
        '{"n": null, "x": {"text": [1.5, NaN]}}',
        '{"text": "", "n": -7}',
    ]
    columns = read_columns(block_of(b"".join(line.encode() + ending for line in lines)), KINDS)
    assert columns is not None
    assert columns["text"].to_pylist() == ["né 😀", None, ""]
    assert columns["n"].to_pylist() == ["12", None, "-7"]


@pytest.mark.parametrize("depth", [990, 1_030, 100_000])
def test_what_lies_too_deep_for_json_is_not_read_as_a_block(depth: int) -> None:
    """Arrow would go on as long as there is memory, where a line by itself is rejected."""
    content = b'{"text": "a", "other": ' + b'[{"a":' * (depth // 2) + b"1" + b"}]" * (depth // 2) + b"}\n"
    assert (read_columns(block_of(content), KINDS) is None) == (depth > 1_000)


@pytest.mark.parametrize("digits", [999, 4300, 4301, 100_000])
def test_a_number_too_long_for_json_is_not_read_as_a_block(digits: int) -> None:
    """To Python it is none from 4,301 digits on, to Arrow under a key that nobody asked for it is no matter."""
    content = b'{"text": "a", "n": 1, "other": %s}\n' % (b"9" * digits)
    found = read_columns(Block(content, np.array([len(content)])), KINDS)
    assert (found is None) == (digits > 999)


def test_a_key_of_no_simple_type_keeps_a_block_from_being_read() -> None:
    """Fractions would lose their spelling."""
    assert read_columns(block_of(b'{"n": 1}\n'), {"n": None}) is None


@given(
    st.lists(st.sampled_from([b"\n", b"a", b"bcd"]), max_size=40).map(b"".join), st.integers(1, 4), st.integers(1, 12)
)
def test_blocks_are_the_lines_of_the_file(content: bytes, rows: int, size: int) -> None:
    """Nothing is lost, a block ends behind a line, has no more of them than asked and ends with the first too long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ndjson_blocks, "PIECE", 3)
        blocks = Blocks(io.BytesIO(content))
        taken = []
        while (block := blocks.take(rows, size)).content:
            taken.append(block)
    assert b"".join(block.content for block in taken) == content
    for block in taken:
        found = io.BytesIO(block.content).readlines()
        assert block.ends.tolist() == [sum(map(len, found[: at + 1])) for at in range(len(found))]
        assert len(found) <= rows
        assert sum(map(len, found[:-1])) < size
    for block in taken[:-1]:
        assert block.content.endswith(b"\n")
        assert len(block.ends) == rows or len(block.content) >= size


@given(st.lists(files, max_size=4))
def test_a_file_of_several_chunks_is_the_same_read_in_blocks(parts: list[list[bytes]]) -> None:
    """Chunks read as blocks and chunks read line by line follow one another with the right line numbers."""
    content = b"\n".join(line for part in parts for line in part)
    expected = line_by_line(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ndjson, "CHUNK_ROWS", 2)
        chunks = list(ndjson.read_ndjson(io.BytesIO(content), MAPPING, frozenset()))
    for name in MAPPING:
        assert pa.concat_arrays([chunk.columns[name] for chunk in chunks]) == expected.columns[name]
    assert [line for chunk in chunks for line in chunk.lines] == expected.lines
    assert [bad for chunk in chunks for bad in chunk.rejected] == expected.rejected
    assert sum(chunk.replaced for chunk in chunks) == expected.replaced
    assert all(len(chunk.lines) + len(chunk.rejected) == 2 for chunk in chunks[:-1])
