"""Archives that real people wrote: each is read in full; skipped by name where the folder of real posts is absent."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from brands.brand_file import Columns, Source
from brands.query import parse
from connectors.archive import Archive
from connectors.archive_formats import CHUNK_ROWS
from connectors.batch import AuthorKey, Batch, Window

NOW = datetime(2026, 11, 1)
FORUM = Columns(id="id", author="author_hash", created_at="created_utc", text="text", title="title", lang="locale")


def read(source: Source, author_key: AuthorKey) -> list[Batch]:
    batches = list(Archive(source, author_key, NOW).batches(parse("zoom"), Window(), None))
    for batch in batches:
        assert batch.read == batch.posts.num_rows + len(batch.rejected) + batch.outside
    ids = column(batches, "post_id")
    assert len(set(ids)) == len(ids)
    return batches


def column(batches: list[Batch], name: str) -> list[object]:
    return [value for batch in batches for value in batch.posts.column(name).to_pylist()]


def archive(path: Path, columns: Columns, **settings: object) -> Source:
    return Source.model_validate({"connector": "archive", "name": "real", "path": path, "columns": columns, **settings})


def test_reviews_without_ids_and_authors(shared_data: Path, author_key: AuthorKey) -> None:
    """34,347 day-first reviews, 78 of them like another in the mapped columns: all are posts, with ids that stay."""
    columns = Columns(created_at="review_date", text="review_description", rating="rating")
    source = archive(shared_data / "threads_reviews/threads_until_2023-07-20.csv", columns, day_first=True)
    batches = read(source, author_key)
    ids = column(batches, "post_id")
    assert len(ids) == 34_347
    assert sum("-" in str(post_id) for post_id in ids) == 78
    assert set(column(batches, "author_key")) == {None}
    times = column(batches, "created_at")
    assert (min(times), max(times)) == (datetime(2023, 7, 5, 22, 53), datetime(2023, 7, 20, 23, 53))  # type: ignore[type-var]
    assert max(Counter(moment.date() for moment in times).values()) == 11_756  # type: ignore[attr-defined]
    assert column(read(source, author_key), "post_id") == ids


def test_tweets_of_several_lines(shared_data: Path, author_key: AuthorKey) -> None:
    """8,079 tweets with line breaks and emoji are what Python's csv module reads, to the character."""
    path = shared_data / "chatgpt_tweets/tweets_until_2022-12-31.csv"
    batches = read(archive(path, Columns(created_at="Date", text="Tweet")), author_key)
    with path.open(newline="", encoding="utf-8") as file:
        assert column(batches, "text") == [row["Tweet"] for row in csv.DictReader(file)]
    assert len(column(batches, "text")) == 8_079


def test_tweets_of_six_brands(shared_data: Path, author_key: AuthorKey) -> None:
    """7,189 tweets name their brand in a column; American Airlines has four. No author's name is told."""
    columns = Columns(id="tweet_id", author="name", created_at="tweet_created", text="text", brand="airline")
    path = shared_data / "airline_tweets/tweets_until_2015-02-21.csv"
    source = archive(path, columns, match="column", brand_values={"American": "american_airlines"})
    batches = read(source, author_key)
    named = Counter(brand for b in batches if b.named_brands for brand in b.named_brands.column("brand").to_pylist())
    assert sum(named.values()) == len(column(batches, "post_id")) == 7_189
    assert (named["american_airlines"], named["united"], len(named)) == (4, 2_262, 6)
    with path.open(newline="", encoding="utf-8") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    told = repr([batch.posts.to_pylist() for batch in batches])
    assert names.isdisjoint(re.findall(r"\w+", told))


@pytest.mark.parametrize(("product", "count"), [("firefox", 73_702), ("thunderbird", 40_779)])
def test_questions_of_a_forum(shared_data: Path, author_key: AuthorKey, product: str, count: int) -> None:
    """Every question of the Parquet file is a post, those without a text by their title."""
    path = shared_data / f"browser_forum/{product}_2023-01_2025-10.parquet"
    batches = read(archive(path, FORUM, kind="question"), author_key)
    assert len(column(batches, "post_id")) == count == pq.ParquetFile(path).metadata.num_rows
    assert sum(batch.posts.num_rows for batch in batches) == batches[-1].coverage[0].returned
    assert max(batch.posts.num_rows for batch in batches) <= CHUNK_ROWS


@pytest.mark.parametrize(("name", "count"), [("zoom", 3_750), ("webex", 3_600), ("firefox", 3_750)])
def test_reviews_of_a_store(shared_data: Path, author_key: AuthorKey, name: str, count: int) -> None:
    """Stars and thumbs are kept beside the text, every review has its author's key where authors are told."""
    columns = Columns(id="reviewId", created_at="at", text="content", rating="score", likes="thumbsUpCount")
    if name == "zoom":  # the others' authors are not told
        columns = columns.model_copy(update={"author": "author"})
    batches = read(archive(shared_data / f"zoom_play_reviews/{name}.csv", columns, kind="review"), author_key)
    assert len(column(batches, "post_id")) == count
    assert set(column(batches, "rating")) == {1.0, 2.0, 3.0, 4.0, 5.0}
    assert all(key is not None for key in column(batches, "author_key")) == (name == "zoom")
    assert sum(batch.metrics.num_rows for batch in batches if batch.metrics) == count


def test_reviews_in_a_compressed_file(shared_data: Path, author_key: AuthorKey) -> None:
    """38,815 reviews in gzip, of two brands by column."""
    columns = Columns(created_at="date", text="content", title="title", rating="rating", brand="app")
    path = shared_data / "app_store_reviews/chrome_drive_2017_2021.csv.gz"
    batches = read(archive(path, columns, match="column"), author_key)
    assert len(column(batches, "post_id")) == 38_815


@pytest.mark.parametrize(("name", "count"), [("train", 43_410), ("dev", 5_426)])
def test_tab_separated_comments_with_stray_quotes(
    shared_data: Path, author_key: AuthorKey, tmp_path: Path, name: str, count: int
) -> None:
    """Comments that begin with a quotation mark are single records, none swallows the next."""
    lines = (shared_data / f"goemotions/{name}.tsv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "comments.tsv"
    dated = [f"2023-08-01\t{line}" for line in lines]
    path.write_text("\n".join(["at\ttext\tlabels\tid", *dated]), encoding="utf-8")
    batches = read(archive(path, Columns(id="id", created_at="at", text="text")), author_key)
    assert sum(batch.read for batch in batches) == count
    assert sum(len(batch.rejected) for batch in batches) == 0
