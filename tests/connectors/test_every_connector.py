"""Every connector keeps the same promises, and each check is shown to fail on a connector that breaks its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from brands.query import Query
from connectors import archive_formats
from connectors.batch import POSTS_SCHEMA, AuthorKey, Batch, Connector, Window
from tests.connectors import suite
from tests.connectors.cases import CASES
from tests.connectors.suite import Case


@pytest.fixture(params=CASES, ids=lambda case: case.__name__.removesuffix("_case"))
def case(
    request: pytest.FixtureRequest, tmp_path: Path, author_key: AuthorKey, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Case]:
    monkeypatch.setattr(archive_formats, "CHUNK_ROWS", 300)  # several batches without large files
    with request.param(tmp_path, author_key) as prepared:
        yield prepared


def run(case: Case) -> list[Batch]:
    batches = case.open().batches(case.query, case.window, None)
    return [batch for batch in batches if batch.read or batch.coverage]  # others only say what was asked


def test_it_keeps_the_schema_ids_times_and_accounts(case: Case) -> None:
    """Batches have the pinned schema, unique ids, times within the window, and account for every record."""
    batches = run(case)
    suite.check_schema(batches)
    suite.check_ids_unique(batches)
    suite.check_times(batches, case.window)
    suite.check_accounted(batches)
    suite.check_complete(batches, case.expected)


def test_it_tells_nobody_a_handle(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    """Names of authors stand in no column, no rejected record, no repr and no log."""
    caplog.set_level(logging.DEBUG, logger="connectors")
    connector = case.open()
    batches = list(connector.batches(case.query, case.window, None))
    suite.check_no_handle(batches, case.handles, caplog.text, repr(connector))
    keys = [key for batch in batches for key in batch.posts.column("author_key").to_pylist() if key]
    assert keys
    assert all(len(key) == 64 for key in keys)


def test_it_loses_nothing_to_a_crash(case: Case) -> None:
    """Killed after any batch, a second run from the saved cursor gives every post once."""
    suite.check_crash(case)


def test_it_resumes_inclusively(case: Case) -> None:
    """A second run adds nothing, and a post that was indexed late is still found."""
    suite.check_resume(case)


# The checks can fail ----------------------------------------------------------------------------------------------


class Wrapped:
    """A connector whose batches are changed on their way."""

    source = "wrapped"

    def __init__(self, connector: Connector, change: Callable[[list[Batch]], list[Batch]]) -> None:
        self.connector = connector
        self.change = change

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        yield from self.change(list(self.connector.batches(query, window, cursor)))


def cursor_too_soon(batches: list[Batch]) -> list[Batch]:
    """The cursor comes with the first page of a newest-first feed."""
    return [replace(batch, cursor=batch.cursor or batches[-1].cursor) for batch in batches]


def one_batch_lost(batches: list[Batch]) -> list[Batch]:
    return batches[1:]


def ids_twice(batches: list[Batch]) -> list[Batch]:
    return [*batches, batches[0]]


def with_column(batch: Batch, name: str, values: pa.Array) -> Batch:
    columns = [values if column.name == name else batch.posts.column(column.name) for column in POSTS_SCHEMA]
    return replace(batch, posts=pa.record_batch(columns, schema=POSTS_SCHEMA))


def times_shifted(batches: list[Batch]) -> list[Batch]:
    times = batches[0].posts.column("created_at").cast(pa.int64()).to_numpy() + 31 * 86_400_000_000
    return [with_column(batches[0], "created_at", pa.array(times).cast(pa.timestamp("us"))), *batches[1:]]


def handle_told(batches: list[Batch]) -> list[Batch]:
    length = batches[0].posts.num_rows
    return [with_column(batches[0], "title", pa.array(["by reviewer-3 author3"] * length)), *batches[1:]]


def count_forgotten(batches: list[Batch]) -> list[Batch]:
    return [replace(batches[0], read=batches[0].read + 1), *batches[1:]]


def wrong_schema(batches: list[Batch]) -> list[Batch]:
    first = batches[0]
    return [replace(first, posts=first.posts.rename_columns([*first.posts.schema.names[:-1], "cut"])), *batches[1:]]


@pytest.mark.parametrize("change", [cursor_too_soon])
def test_the_crash_check_finds_a_cursor_saved_too_soon(
    case: Case, change: Callable[[list[Batch]], list[Batch]]
) -> None:
    """A cursor given before everything older is here loses posts, and the check says so."""
    with pytest.raises(AssertionError, match="after a crash at batch 1"):
        suite.check_crash(case, lambda connector: Wrapped(connector, change))


def test_the_resume_check_finds_an_exclusive_start(case: Case) -> None:
    """A connector that never looks back before its cursor misses the late post, and the check says so."""

    class Exclusive(Wrapped):
        def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
            if cursor is None:
                yield from self.connector.batches(query, window, cursor)

    with pytest.raises(AssertionError):
        suite.check_resume(case, lambda connector: Exclusive(connector, list))


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (wrong_schema, lambda case, batches: suite.check_schema(batches)),
        (ids_twice, lambda case, batches: suite.check_ids_unique(batches)),
        (times_shifted, lambda case, batches: suite.check_times(batches, case.window)),
        (count_forgotten, lambda case, batches: suite.check_accounted(batches)),
        (one_batch_lost, lambda case, batches: suite.check_complete(batches, case.expected)),
        (handle_told, lambda case, batches: suite.check_no_handle(batches, case.handles)),
    ],
    ids=["schema", "ids", "times", "accounts", "complete", "handles"],
)
def test_each_check_finds_a_broken_connector(
    case: Case, change: Callable[[list[Batch]], list[Batch]], check: Callable[[Case, list[Batch]], None]
) -> None:
    """Each check passes what the connector gives and refuses what a broken one would give."""
    batches = run(case)
    check(case, batches)
    with pytest.raises(AssertionError):
        check(case, change(batches))
