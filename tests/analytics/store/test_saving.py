from __future__ import annotations

import secrets
from datetime import datetime
from typing import Literal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.store import Store
from analytics.store.saving import Listener, save_arrival, saved_cursor
from connectors.batch import METRICS_SCHEMA, POSTS_SCHEMA
from tests.posts import arrival, covered, metrics, posts
from tests.stores import NewStore


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    with store.writer() as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize(("table", "schema"), [("posts", POSTS_SCHEMA), ("post_metrics", METRICS_SCHEMA)])
def test_the_batch_schema_is_the_table(store: Store, table: str, schema: pa.Schema) -> None:
    """What connectors bring has the columns, types and NOT NULLs of the table, in its order."""
    with store.writer() as connection:
        described = connection.execute(
            "SELECT column_name, is_nullable FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
            [table],
        ).fetchall()
        arrow = connection.sql(f"SELECT * FROM {table}").to_arrow_table().schema
    assert [(field.name, field.nullable) for field in schema] == described
    assert [field.type for field in schema] == [field.type for field in arrow]


def test_posts_coverage_and_cursor_commit_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in the middle of saving leaves none of them: neither rows without cursor nor a cursor without rows."""
    import analytics.store.saving as saving

    def crash(*_: object) -> int:
        raise RuntimeError("killed")

    monkeypatch.setattr(saving, "save_records", crash)
    with pytest.raises(RuntimeError):
        save_arrival(store, arrival(posts([{}]), cursor="after page 1", coverage=[covered(datetime(2023, 1, 2), 1)]))
    monkeypatch.undo()
    for table in ("posts", "mentions", "coverage", "cursors", "stale_weeks"):
        assert rows(store, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert saved_cursor(store, "forum", "q1", "live") is None


def test_saving_again_adds_nothing(store: Store) -> None:
    """The same batch twice leaves one of each post, mention and observation."""
    batch = arrival(posts([{}, {"text": "two"}]), metrics=metrics([{"post_id": "0", "likes": 3}]), cursor="c")
    first, second = save_arrival(store, batch), save_arrival(store, batch)
    assert (first.new, first.known, first.mentions) == (2, 0, {"acme": 2})
    assert (second.new, second.known, second.mentions) == (0, 2, {"acme": 0})
    assert rows(store, "SELECT count(*) FROM post_metrics") == [(1,)]


@settings(
    max_examples=settings.default.max_examples // 10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(st.integers(0, 30), max_size=20), max_size=5))
def test_overlapping_batches_in_any_order_store_each_post_once(new_store: NewStore, pages: list[list[int]]) -> None:
    """However pages overlap and repeat, every post is stored exactly once, also when one page holds it twice."""
    store = new_store(secrets.token_hex(8))
    new = sum(save_arrival(store, arrival(posts([{"post_id": f"p{n}"} for n in page]))).new for page in pages if page)
    wanted = {f"p{n}" for page in pages for n in page}
    if wanted:
        assert {row[0] for row in rows(store, "SELECT post_id FROM posts")} == wanted
    assert new == len(wanted)


@pytest.mark.parametrize(
    "text",
    [
        '#import "x"', "$a$ *b* _c_", "'; DROP TABLE posts; --", '=HYPERLINK("x")',
        "a\x00b", "😀👩‍👩‍👧", "مرحبا", "日本語",
        "x" * 1_000_000, "line\r\nline\ttab", "\u202eright to left", "\u200b",
    ],
    ids=lambda text: repr(text)[:16],
)  # fmt: skip
def test_any_text_comes_back_unchanged(store: Store, text: str) -> None:
    """Hostile and foreign texts are stored and read by SQL to the letter."""
    save_arrival(store, arrival(posts([{"text": text, "title": text}])))
    assert rows(store, "SELECT text, title FROM posts") == [(text, text)]


def test_a_brand_is_matched_by_its_condition_and_only_once(store: Store) -> None:
    """A listener by query finds title or text; what it has found before is not new again."""
    listener = Listener("acme", "q2", "query", "contains(searched, 'acme')")
    batch = posts([{"text": "acme rocks"}, {"title": "on acme", "text": "?"}, {"text": "else"}])
    assert save_arrival(store, arrival(batch, listeners=[listener])).mentions == {"acme": 2}
    assert save_arrival(store, arrival(batch, listeners=[listener])).mentions == {"acme": 0}


def test_a_brand_is_matched_by_the_records_own_column(store: Store) -> None:
    """With match = column the record says whose it is."""
    named = pa.RecordBatch.from_pylist([{"post_id": "0", "brand": "acme"}, {"post_id": "1", "brand": "other"}])
    listeners = [Listener("acme", "q", "column"), Listener("other", "q", "column"), Listener("third", "q", "column")]
    saved = save_arrival(store, arrival(posts([{}, {}]), listeners=listeners, named_brands=named))
    assert saved.mentions == {"acme": 1, "other": 1, "third": 0}


@pytest.mark.parametrize("how", ["all", "query", "column"])
def test_what_a_brand_leaves_out_is_no_mention(store: Store, how: Literal["all", "query", "column"]) -> None:
    """Whatever brings posts to a brand, those that it excludes are not about it; about nobody, they are not kept."""
    named = pa.RecordBatch.from_pylist([{"post_id": str(number), "brand": "acme"} for number in range(2)])
    listener = Listener("acme", "q3", how, "contains(searched, 'acme')", "contains(searched, 'refund')")
    batch = posts([{"text": "acme rocks"}, {"text": "acme refund hotline"}])
    saved = save_arrival(store, arrival(batch, listeners=[listener], named_brands=named))
    assert (saved.mentions, saved.new, saved.unmatched, saved.excluded) == ({"acme": 1}, 1, 1, 1)
    assert rows(store, "SELECT text FROM posts") == [("acme rocks",)]


def test_what_one_brand_leaves_out_another_may_keep(store: Store) -> None:
    """It is counted as left out all the same; what nobody looks for is not, and neither is what is stored already."""
    leaving = Listener("acme", "q3", "query", "contains(searched, 'acme')", "contains(searched, 'refund')")
    keeping = Listener("bolt", "q4", "query", "contains(searched, 'bolt')")
    batch = posts([{"text": "acme and bolt refund hotline"}, {"text": "refund of nobody"}, {"text": "acme refund"}])
    saved = save_arrival(store, arrival(batch, listeners=[leaving, keeping]))
    assert (saved.mentions, saved.new, saved.unmatched, saved.excluded) == ({"acme": 0, "bolt": 1}, 1, 2, 2)
    assert save_arrival(store, arrival(batch, listeners=[leaving, keeping])).excluded == 1


def test_rejected_records_are_kept_once(store: Store) -> None:
    """A bad record goes to quarantine with its reason and line; reading the file again does not double it."""
    record = {"file": "a.csv", "line": 7, "reason": "no date", "payload": "x,y"}
    for _ in range(2):
        save_arrival(store, arrival(posts([]), rejected=[record]))
    assert rows(store, "SELECT file, line, reason, payload FROM quarantine") == [("a.csv", 7, "no date", "x,y")]


def test_only_weeks_with_new_posts_become_stale(store: Store) -> None:
    """Numbers are counted anew for weeks into which posts came, and for no other week."""
    batch = posts([{"created_at": datetime(2023, 1, 2)}, {"created_at": datetime(2023, 1, 9)}])
    save_arrival(store, arrival(batch))
    with store.writer() as connection:
        connection.execute("DELETE FROM stale_weeks")
    later = posts([{"created_at": datetime(2023, 1, 2)}, {"post_id": "9", "created_at": datetime(2023, 1, 16)}])
    save_arrival(store, arrival(later))
    assert rows(store, "SELECT week::VARCHAR FROM stale_weeks") == [("2023-01-16",)]


def test_the_cost_of_a_request_counts_once(store: Store) -> None:
    """Two brands listening to one paid request do not double its cost in the ledger."""
    listeners = [Listener("acme", "q", "all"), Listener("other", "q", "all")]
    paid = covered(datetime(2023, 1, 2), 1, cost_usd=0.5)
    save_arrival(store, arrival(posts([{}]), listeners=listeners, coverage=[paid]))
    assert rows(store, "SELECT count(*), sum(cost_usd) FROM coverage") == [(2, 0.5)]


def test_a_record_that_was_changed_and_is_bad_again_is_kept_anew(store: Store) -> None:
    """What stands in quarantine for a line is what the file said last."""
    for reason in ("no date", "no text"):
        record = {"file": "a.csv", "line": 7, "reason": reason, "payload": reason}
        save_arrival(store, arrival(posts([]), rejected=[record]))
    assert rows(store, "SELECT reason, payload FROM quarantine") == [("no text", "no text")]


def test_a_post_about_nobody_is_not_kept(store: Store) -> None:
    """What no brand is listened for in does not enter the store; a source that is all about one brand keeps all."""
    listener = Listener("acme", "q", "query", "contains(searched, 'acme')")
    saved = save_arrival(store, arrival(posts([{"text": "acme"}, {"text": "else"}]), listeners=[listener]))
    assert (saved.new, saved.known, saved.unmatched) == (1, 0, 1)
    assert rows(store, "SELECT text FROM posts") == [("acme",)]
