"""Archives: every record of a file becomes a post or is told, whatever the format."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brands.brand_file import Columns, Gap, Source
from brands.query import parse
from connectors import archive_formats
from connectors.archive import Archive
from connectors.archive_formats import PAYLOAD_CHARACTERS
from connectors.batch import AuthorKey, Batch, Window

NOW = datetime(2023, 9, 1)
EVER = Window()
COLUMNS = Columns(id="id", author="who", created_at="at", text="text", title="title", rating="stars", likes="likes")
HOSTILE = [
    '#import "x"',
    "$a$ *b*",
    "'; DROP TABLE posts; --",
    "=HYPERLINK(1)",
    "nul \x00 in it",
    "two\nlines\r\nand three",
    'a "quote", a comma',
    "😀 مرحبا こんにちは",
    "\ufeffa mark",
    "x" * 1_000_000,
    " spaces around ",
    "tab\there",
]
RECORDS: list[dict[str, Any]] = [
    {"id": f"r{n}", "who": f"reviewer-{n}", "at": f"2023-08-{n + 1:02} 10:00:00", "text": text}
    | {"title": "T", "stars": "4", "likes": "3"}
    for n, text in enumerate(HOSTILE)
]


def as_delimited(records: list[dict[str, Any]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(records[0]), delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


def as_parquet(records: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records), out)
    return out.getvalue()


WRITERS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "posts.csv": lambda records: as_delimited(records).encode(),
    "bom.csv": lambda records: b"\xef\xbb\xbf" + as_delimited(records).encode(),
    "crlf.csv": lambda records: as_delimited(records).replace('"3"\n', '"3"\r\n').encode(),
    "posts.tsv": lambda records: as_delimited(records, "\t").encode(),
    "posts.json": lambda records: json.dumps(records).encode(),
    "object.json": lambda records: json.dumps(
        {"n": 1, "meta": {"a": "]"}, "posts": records, "z": 2}, indent=1
    ).encode(),
    "posts.ndjson": lambda records: "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode(),
    "posts.jsonl": lambda records: "".join(json.dumps(record) + "\n\n" for record in records).encode(),
    "posts.parquet": as_parquet,
    "posts.csv.gz": lambda records: gzip.compress(as_delimited(records).encode()),
    "posts.csv.zst": lambda records: zstandard.compress(as_delimited(records).encode()),
    "posts.ndjson.zst": lambda records: zstandard.compress("\n".join(map(json.dumps, records)).encode()),
    "posts.json.gz": lambda records: gzip.compress(json.dumps(records).encode()),
}


@pytest.fixture
def read(tmp_path: Path, author_key: AuthorKey) -> Callable[..., list[Batch]]:
    def reader(content: bytes | str, name: str = "posts.csv", window: Window = EVER, **settings: Any) -> list[Batch]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        source = Source(**{"connector": "archive", "name": "reviews", "path": path, "columns": COLUMNS} | settings)
        batches = list(Archive(source, author_key, NOW).batches(parse("zoom"), window, None))
        for batch in batches:
            assert batch.read == batch.posts.num_rows + len(batch.rejected) + batch.outside
        return batches

    return reader


def rows(batches: list[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.posts.to_pylist()]


def rejected(batches: list[Batch]) -> list[tuple[int, str]]:
    return [(bad.line, bad.reason) for batch in batches for bad in batch.rejected]


SIMPLE = Columns(created_at="at", text="text")


# Formats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_posts(read: Callable[..., list[Batch]], name: str, author_key: AuthorKey) -> None:
    """Hostile texts come back byte for byte, times as UTC, ratings and likes as numbers, authors as keys."""
    batches = read(WRITERS[name](RECORDS), name)
    posts = rows(batches)
    assert [post["text"] for post in posts] == HOSTILE
    assert [post["post_id"] for post in posts] == [record["id"] for record in RECORDS]
    assert [post["created_at"] for post in posts] == [datetime(2023, 8, n + 1, 10) for n in range(len(RECORDS))]
    assert posts[3]["author_key"] == author_key("reviews", "reviewer-3")
    assert {(post["title"], post["rating"], post["kind"], post["collected_at"]) for post in posts} == {
        ("T", 4.0, "post", NOW)
    }
    assert [post["truncated"] for post in posts] == [len(text) > 20_000 for text in HOSTILE]
    assert rejected(batches) == []
    metrics = batches[0].metrics
    assert metrics is not None
    assert set(metrics.column("likes").to_pylist()) == {3}


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-8-sig", "shift-jis"])
def test_a_declared_encoding_is_used(read: Callable[..., list[Batch]], encoding: str) -> None:
    """The file's own encoding is declared in the brand file; line numbers stay true in it."""
    text = "ソフト" if encoding == "shift-jis" else "façade £5"
    content = f'at,text\n2023-08-01,"{text}\n2"\nbad,x\n2023-08-02,{text}\n'.encode(encoding)
    batches = read(content, columns=SIMPLE, encoding=encoding)
    assert [post["text"] for post in rows(batches)] == [f"{text}\n2", text]
    assert [line for line, _ in rejected(batches)] == [4]


def test_lines_that_end_as_on_old_macs_are_lines(read: Callable[..., list[Batch]]) -> None:
    """A file with \\r alone is read, and its lines are counted."""
    batches = read("at,text\r2023-08-01,one\rbad,two\r2023-08-02,three", columns=SIMPLE)
    assert [post["text"] for post in rows(batches)] == ["one", "three"]
    assert [line for line, _ in rejected(batches)] == [3]


def test_typed_parquet_columns_keep_their_meaning(read: Callable[..., list[Batch]]) -> None:
    """Timestamps with and without zones, numbers as ids and ratings, dictionaries, large strings and NULL."""
    table = pa.table(
        {
            "id": pa.array([569369239183872000, 2]),
            "who": pa.array(["a", None]).dictionary_encode(),
            "at": pa.array([datetime(2023, 8, 1, 10), datetime(2023, 8, 2)], pa.timestamp("ns", "Asia/Tokyo")),
            "text": pa.array(["one", "two"], pa.large_string()),
            "title": pa.array([None, ""]),
            "stars": pa.array([4.5, None]),
            "likes": pa.array([3, None]),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    first, second = rows(read(out.getvalue(), "posts.parquet"))
    assert (first["post_id"], first["created_at"], first["rating"]) == (
        "569369239183872000",
        datetime(2023, 8, 1, 10),
        4.5,
    )
    assert (second["author_key"], second["title"], second["rating"]) == (None, None, None)


def test_nested_json_is_reached_by_a_path(read: Callable[..., list[Batch]], author_key: AuthorKey) -> None:
    """`user.name` is the key of that name, or else the name of the user."""
    columns = Columns(created_at="at", text="body.text", author="user.name")
    records = [
        {"at": 1690884000, "body.text": "flat", "user": {"name": "x"}},
        {"at": 1690884000, "body": {"text": "deep"}},
    ]
    first, second = rows(read(json.dumps(records), "posts.json", columns=columns))
    assert (first["text"], second["text"]) == ("flat", "deep")
    assert (first["author_key"], second["author_key"]) == (author_key("reviews", "x"), None)


def test_large_json_is_read_in_pieces(read: Callable[..., list[Batch]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Records, numbers and escapes that lie across the pieces are whole."""
    monkeypatch.setattr("connectors.json_records.READ_CHARACTERS", 7)
    records = [{"at": 1690884000 + n, "text": 'é"\n' * n} for n in range(1, 40)]
    content = json.dumps({"a": [], "n": 12345.5e3} | {"a": records}, indent=2)
    posts = rows(read(content, "posts.json", columns=SIMPLE))
    assert [post["text"] for post in posts] == [record["text"] for record in records]


def test_lone_surrogates_of_json_are_replaced_and_counted(read: Callable[..., list[Batch]]) -> None:
    """\\ud800 alone becomes U+FFFD; a pair is one character and stays."""
    batches = read('{"at": "2023-08-01", "text": "a\\ud800 \\ud83d\\ude00"}', "posts.ndjson", columns=SIMPLE)
    assert rows(batches)[0]["text"] == "a� 😀"
    assert sum(batch.replaced for batch in batches) == 1


def test_batches_are_bounded_in_rows_and_in_characters(
    read: Callable[..., list[Batch]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file comes in batches of so many records, or of fewer where they are long; one cursor, at the end."""
    content = "at,text\n" + "2023-08-01,x\n" * 25_000
    batches = read(content, columns=SIMPLE)
    assert [batch.read for batch in batches] == [10_240, 10_240, 4_520]
    assert [batch.cursor is not None for batch in batches] == [False, False, True]
    monkeypatch.setattr(archive_formats, "CHUNK_CHARACTERS", 1_000)
    long = "at,text\n" + f"2023-08-01,{'y' * 400}\n" * 10
    assert max(batch.read for batch in read(long, columns=SIMPLE)) == 3
    table = pa.table({"at": ["2023-08-01"] * 50, "text": [f"{n}" + "z" * 400 for n in range(50)]})
    out = io.BytesIO()
    pq.write_table(table, out, compression="none", use_dictionary=False)
    parquet = read(out.getvalue(), "posts.parquet", columns=SIMPLE)
    assert max(batch.read for batch in parquet) <= 4
    assert sum(batch.read for batch in parquet) == 50


# Bad records --------------------------------------------------------------------------------------------------------


def test_bad_rows_are_kept_with_the_line_an_editor_shows(read: Callable[..., list[Batch]]) -> None:
    """Each kind of bad row among good ones has its true line, behind a text of several lines too."""
    content = (
        b"id,who,at,text,title,stars,likes\n"
        b'1,ann,2023-08-01,"three\nlines\nof text",,5,\n'  # lines 2 to 4
        b"2,ann,tomorrow,text,,5,\n"  # 5
        b"3,ann,2023-08-01,too,many,5,,,\n"
        b"4,ann,2023-08-01,\xff\xfe,,5,\n"
        b"\n"  # an empty line is no record
        b"5,ann,2023-09-03,from the future,,5,\n"  # 9
        b"6,ann,2023-08-01,text,,five,\n"
        b"7,ann,2023-08-01,,,,\n"
        b"1,ann,2023-08-02,the id again,,1,\n"
        b"8,ann,2023-08-01,,,3,\n"  # stars alone are a post
        b"9,ann,2023-08-01,,A title,,\n"
    )
    batches = read(content)
    assert [post["post_id"] for post in rows(batches)] == ["1", "8", "9"]
    assert rejected(batches) == [
        (5, "created_at is no time of a known form"),
        (6, "9 fields where the header has 7"),
        (7, "bytes that are not utf-8"),
        (9, "created_at is in the future"),
        (10, "rating is no number"),
        (11, "no text"),
        (12, "the id came before in this file"),
    ]
    for batch in batches:
        for bad in batch.rejected:
            assert bad.file.endswith("posts.csv")
            assert "ann" not in repr(bad)
            assert bad.payload == "" or "bytes" in bad.reason  # in a shifted row any field may hold a handle


def test_a_row_is_shown_where_nobody_is_named(read: Callable[..., list[Batch]]) -> None:
    """Without a column of authors the reason shows the value and the payload the row."""
    batches = read("at,text\n2023-08-01,good\n2023-09-03,from the future\n", columns=SIMPLE)
    assert rejected(batches) == [(3, "created_at is in the future: '2023-09-03'")]
    assert "from the future" in batches[0].rejected[0].payload


def test_a_day_that_stands_first_is_hinted_at(read: Callable[..., list[Batch]]) -> None:
    """A thirteenth month is a day: the reason names the setting."""
    batches = read("at,text\n01.03.2023,good\n13.03.2023,bad\n", columns=SIMPLE)
    assert "day_first = true" in rejected(batches)[0][1]


def test_a_time_or_count_beyond_all_bounds_costs_its_row_only(read: Callable[..., list[Batch]]) -> None:
    """The end of the calendar in a zone of its own, and likes that no 64 bits hold."""
    columns = Columns(created_at="at", text="text", likes="likes")
    content = "at,text,likes\n2023-08-01 10:00,good,1e30\n9999-12-31 23:59,far,1\n2023-08-01 11:00,fine,7\n"
    batches = read(content, columns=columns, timezone="America/New_York")
    assert [post["text"] for post in rows(batches)] == ["good", "fine"]
    assert [line for line, _ in rejected(batches)] == [3]


def test_a_stray_quote_costs_one_line(read: Callable[..., list[Batch]]) -> None:
    """A quote that is opened and not closed does not swallow the good rows after it, up to the end of the file."""
    content = 'at,text\n2023-08-01,"never closed\n2023-08-02,good\n2023-08-03,"fine"\n2023-08-04,"open\n2023-08-05,last'
    batches = read(content, columns=SIMPLE)
    assert [post["text"] for post in rows(batches)] == ["good", "fine", "last"]
    assert [line for line, _ in rejected(batches)] == [2, 5]
    assert "never closed" in batches[0].rejected[0].payload


@pytest.mark.parametrize("text", ["so " * 5_000, "x" * 15_000, '"' * 15_000, "\u00e4\x01 " * 5_000])
def test_of_a_long_record_the_text_is_cut_and_never_the_id(read: Callable[..., list[Batch]], text: str) -> None:
    """By its id it is erased with its post, and half a name at the end would be known by no mark."""
    file = io.StringIO()
    csv.writer(file).writerows([("at", "text", "id"), ("2023-08-01", "good", "a"), ("no date", text, " p-1 ")])
    (bad,) = read(file.getvalue(), columns=Columns(created_at="at", text="text", id="id"))[0].rejected
    shown = json.loads(bad.payload)
    assert next(iter(shown.items())) == ("id", "p-1")
    assert len(bad.payload) <= PAYLOAD_CHARACTERS
    assert shown["text"].endswith("…")
    assert text.startswith(shown["text"][:-1])
    assert shown["text"] == "…" or text[len(shown["text"]) - 1] == " "


def test_a_long_record_that_was_not_read_shows_nothing(read: Callable[..., list[Batch]]) -> None:
    """Its id may stand anywhere in it, also in what would be cut off."""
    content = "at,text,id\n2023-08-01,good,a\n2023-08-01," + "so " * 1_000 + ",one too many,p-1\n"
    (bad,) = read(content, columns=Columns(created_at="at", text="text", id="id"))[0].rejected
    assert (bad.line, bad.payload) == (3, "")


def test_bad_json_lines_are_kept_with_their_line(read: Callable[..., list[Batch]]) -> None:
    """Broken JSON, no object, undecodable bytes and a nesting without end are rejected one by one."""
    deep = b'{"at": ' + b"[" * 100_000
    content = b'{"at": "2023-08-01", "text": "good"}\n{"at":\n\n[1]\n{"at": "2023-08-01", "text": "\xff"}\n' + deep
    batches = read(content, "posts.ndjson", columns=SIMPLE)
    assert [post["text"] for post in rows(batches)] == ["good"]
    assert rejected(batches) == [
        (2, "invalid JSON: Expecting value"),
        (4, "not an object"),
        (5, "bytes that cannot be decoded"),
        (6, "invalid JSON: RecursionError"),
    ]


def test_bad_items_of_a_json_array_are_kept_with_their_line(read: Callable[..., list[Batch]]) -> None:
    """An item that is no object, or not in the file's encoding, is rejected where it stands."""
    content = b'[\n{"at": "2023-08-01",\n "text": "good"},\n3,\n{"at": "2023-08-01", "text": "\xff"}\n]\n'
    batches = read(content, "posts.json", columns=SIMPLE)
    assert [post["text"] for post in rows(batches)] == ["good"]
    assert rejected(batches) == [(4, "not an object"), (5, "bytes that cannot be decoded")]


def test_parquet_text_that_is_not_utf8_is_rejected_by_row(read: Callable[..., list[Batch]]) -> None:
    """A row whose bytes are no text is told with its number; the rest is read."""
    table = pa.table({"at": ["2023-08-01"] * 3, "text": pa.array([b"one", b"\xff", b"three"], pa.binary())})
    out = io.BytesIO()
    pq.write_table(table, out)
    batches = read(out.getvalue(), "posts.parquet", columns=SIMPLE)
    assert [post["text"] for post in rows(batches)] == ["one", "three"]
    assert rejected(batches) == [(2, "bytes that are not utf-8")]


def test_a_file_with_a_header_alone_is_an_empty_week(
    read: Callable[..., list[Batch]], caplog: pytest.LogCaptureFixture
) -> None:
    """No rows are no error: one batch with a cursor, no coverage, and a warning."""
    for name, content in {"e.csv": "at,text\n", "e.json": "[]", "e.parquet": None}.items():
        caplog.clear()
        data = content if content is not None else as_parquet([{"at": "2023-08-01", "text": "x"}])
        if content is None:
            out = io.BytesIO()
            pq.write_table(pa.table({"at": pa.array([], pa.string()), "text": pa.array([], pa.string())}), out)
            data = out.getvalue()
        (batch,) = read(data, name, columns=SIMPLE)
        assert (batch.read, batch.posts.num_rows, batch.coverage) == (0, 0, [])
        assert batch.cursor
        assert "no post in" in caplog.text


# Ids and authors ----------------------------------------------------------------------------------------------------


def test_records_without_ids_get_ids_that_stay(read: Callable[..., list[Batch]]) -> None:
    """Equal files give equal ids, a file that grew or was sorted anew keeps the old ones, duplicates stay apart."""
    lines = [f"2023-08-{n % 28 + 1:02},text {n % 40}" for n in range(100)] + ["2023-08-01,twin"] * 3
    header = ["at,text"]
    first = [post["post_id"] for post in rows(read("\n".join(header + lines), columns=SIMPLE))]
    again = [post["post_id"] for post in rows(read("\n".join(header + lines), "copy.csv", columns=SIMPLE))]
    grown = [post["post_id"] for post in rows(read("\n".join([*header, *lines, "2023-08-09,new"]), columns=SIMPLE))]
    sorted_anew = {post["post_id"] for post in rows(read("\n".join(header + sorted(lines)), columns=SIMPLE))}
    assert len(set(first)) == len(lines)
    assert again == first
    assert grown[:-1] == first
    assert sorted_anew == set(first)


def test_ids_do_not_depend_on_where_a_batch_ends(
    read: Callable[..., list[Batch]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Occurrences are counted over the whole file."""
    content = "at,text\n" + "2023-08-01,twin\n2023-08-02,other\n" * 20
    whole = [post["post_id"] for post in rows(read(content, columns=SIMPLE))]
    monkeypatch.setattr(archive_formats, "CHUNK_ROWS", 3)
    assert [post["post_id"] for post in rows(read(content, columns=SIMPLE))] == whole
    assert len(set(whole)) == 40


def test_an_empty_id_is_replaced_by_the_content(read: Callable[..., list[Batch]]) -> None:
    """In a column of ids a record without one gets one from its content; changing likes do not change it."""
    content = "id,who,at,text,title,stars,likes\n,ann,2023-08-01,hello,,5,1\nx,ann,2023-08-01,hello,,5,1\n"
    first, second = rows(read(content))
    assert len(first["post_id"]) == 32
    assert second["post_id"] == "x"
    liked = rows(read(content.replace(",5,1", ",5,900")))
    assert [post["post_id"] for post in liked] == [first["post_id"], "x"]


def test_without_an_author_the_key_is_null(read: Callable[..., list[Batch]]) -> None:
    """No column, an empty cell or blanks: unknown author, never the key of an empty name."""
    assert {post["author_key"] for post in rows(read("at,text\n2023-08-01,x", columns=SIMPLE))} == {None}
    columns = Columns(created_at="at", text="text", author="who")
    posts = rows(read("at,text,who\n2023-08-01,x,\n2023-08-01,y,  \n2023-08-01,z,ann", columns=columns))
    assert [post["author_key"] is None for post in posts] == [True, True, False]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2023-08-01", "2023-08-02 10:00", "bad", "", "2030-01-01", "2020-01-01"]),
            st.text(st.characters(codec="utf-8"), max_size=12),
        ),
        max_size=30,
    )
)
def test_every_row_is_accounted_for(read: Callable[..., list[Batch]], records: list[tuple[str, str]]) -> None:
    """Whatever the rows hold, read = posts + rejected + outside, ids are unique and good texts unchanged."""
    records = [("2023-08-01", "good"), *records]
    content = as_delimited([{"at": at, "text": text} for at, text in records])
    batches = read(content, columns=SIMPLE, window=Window(datetime(2023, 1, 1), datetime(2024, 1, 1)))
    assert sum(batch.read for batch in batches) == len(records)
    posts = rows(batches)
    assert len({post["post_id"] for post in posts}) == len(posts)
    assert sorted(post["text"] for post in posts) == sorted(
        text for at, text in records if at.startswith("2023-08") and has_letters(text)
    )
    assert sum(batch.outside for batch in batches) == sum(at == "2020-01-01" and has_letters(t) for at, t in records)


def has_letters(text: str) -> bool:
    """Whether there is more than blanks, by Arrow's idea of a blank."""
    return bool(pc.utf8_trim_whitespace(text).as_py())


# Brands, window, coverage, cursor -----------------------------------------------------------------------------------


def test_the_brand_column_names_brands(read: Callable[..., list[Batch]]) -> None:
    """Mapped values become their slug, others are slugified, an empty one names no brand, a foreign script is told."""
    columns = Columns(id="id", created_at="at", text="text", brand="airline")
    content = (
        "id,at,text,airline\n1,2023-08-01,x,US Airways\n2,2023-08-01,x,Delta\n3,2023-08-01,x,\n4,2023-08-01,x,小米\n"
    )
    batches = read(content, columns=columns, match="column", brand_values={"Delta": "delta_air_lines"})
    named = batches[0].named_brands
    assert named is not None
    assert named.to_pylist() == [{"post_id": "1", "brand": "us_airways"}, {"post_id": "2", "brand": "delta_air_lines"}]
    assert len(rows(batches)) == 3
    assert [line for line, _ in rejected(batches)] == [5]


def test_all_posts_come_whatever_the_query(read: Callable[..., list[Batch]]) -> None:
    """Matching is the store's, for every brand at once: a post that does not name this one comes too."""
    for match in ("all", "query"):
        (batch,) = read("at,text\n2023-08-01,nothing of it\n", columns=SIMPLE, match=match)
        assert (batch.posts.num_rows, batch.not_matching, batch.named_brands) == (1, 0, None)


def test_the_window_is_half_open_and_what_is_outside_is_counted(read: Callable[..., list[Batch]]) -> None:
    """since ≤ created_at < until; coverage is cut to the window, silence inside the file's span is complete."""
    content = "at,text\n" + "\n".join(f"2023-08-{day:02},x" for day in (1, 5, 10, 20))
    window = Window(datetime(2023, 8, 5), datetime(2023, 8, 20))
    (batch,) = read(content, columns=SIMPLE, window=window)
    assert [post["created_at"].day for post in rows([batch])] == [5, 10]
    assert (batch.read, batch.outside) == (4, 2)
    (row,) = batch.coverage
    assert (row.window_start, row.window_end, row.returned, row.failed) == (window.since, window.until, 2, False)


def test_coverage_is_the_files_span_less_its_gaps(read: Callable[..., list[Batch]]) -> None:
    """From the first post's day to the last one's; declared gaps are failed rows, overlapping ones are one."""
    content = "at,text\n" + "\n".join(f"2023-08-{day:02} 13:00,x" for day in (3, 4, 11, 20))
    gaps = (
        Gap(since=datetime(2023, 8, 10), until=datetime(2023, 8, 12)),
        Gap(since=datetime(2023, 8, 11), until=datetime(2023, 8, 13)),
        Gap(since=datetime(2023, 8, 25), until=datetime(2023, 8, 27)),
    )
    (batch,) = read(content, columns=SIMPLE, gaps=gaps)
    found = [(row.window_start.day, row.window_end.day, row.returned, row.failed) for row in batch.coverage]
    assert found == [(3, 10, 2, False), (10, 13, 1, True), (13, 21, 1, False), (25, 27, 0, True)]


def test_a_file_that_was_read_is_not_read_again(tmp_path: Path, author_key: AuthorKey) -> None:
    """The cursor names bytes, mapping and window: the same gives one empty batch, any change reads it all."""
    path = tmp_path / "posts.csv"
    path.write_text("at,text\n2023-08-01,x\n")
    source = Source(connector="archive", name="reviews", path=path, columns=SIMPLE)

    def collect(source: Source, cursor: str | None, window: Window = EVER) -> tuple[int, str | None]:
        batches = list(Archive(source, author_key, NOW + timedelta(days=1)).batches(parse("zoom"), window, cursor))
        return sum(batch.read for batch in batches), batches[-1].cursor

    read, cursor = collect(source, None)
    assert read == 1
    assert collect(source, cursor) == (0, cursor)
    moved = path.rename(tmp_path / "moved.csv")
    assert collect(source.model_copy(update={"path": moved}), cursor) == (0, cursor)
    source = source.model_copy(update={"path": moved})
    assert collect(source.model_copy(update={"timezone": "Asia/Tokyo"}), cursor)[0] == 1
    assert collect(source, cursor, Window(datetime(2023, 1, 1)))[0] == 1
    moved.write_text("at,text\n2023-08-01,x\n2023-08-02,y\n")
    assert collect(source, cursor)[0] == 2


def test_a_file_that_grows_while_it_is_read_has_no_cursor(
    tmp_path: Path, author_key: AuthorKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was appended behind the reader's back is read by the next run."""
    monkeypatch.setattr(archive_formats, "CHUNK_ROWS", 1)
    path = tmp_path / "posts.csv"
    path.write_text("at,text\n2023-08-01,x\n2023-08-01,y\n")
    source = Source(connector="archive", name="reviews", path=path, columns=SIMPLE)
    last = None
    for batch in Archive(source, author_key, NOW).batches(parse("zoom"), Window(), None):
        if last is None:
            path.write_text(path.read_text() + "2023-08-01,z\n")
        last = batch
    assert last is not None
    assert last.cursor is None
