from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.store import KeyMismatch, Store, now
from analytics.store.purging import post_tables, purge_aged, purge_expired_quarantine, purge_posts
from analytics.store.saving import save_arrival
from tests.posts import arrival, metrics, posts
from tests.stores import NewStore, write_key

GONE = {"0": "deleted"}


@pytest.fixture
def store(new_store: NewStore) -> Store:
    """A store that has its key, as after a first run."""
    made = new_store()
    _ = made.author_keys
    return made


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.writer() as connection:
        return connection.execute(sql).fetchall()


def fill_post_tables(store: Store, *post_ids: str) -> list[str]:
    """A row a post in every table that has such rows, by its columns; returns the tables."""
    plain = {
        "VARCHAR": "'x'",
        "TIMESTAMP": "now()::TIMESTAMP",
        "DATE": "current_date",
        "VARCHAR[]": "[]",
        "UBIGINT[]": "[]",
        "BOOLEAN": "false",
    }
    with store.writer() as connection:
        tables = post_tables(connection)
        for table in tables:
            columns = connection.execute(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
                [table],
            ).fetchall()
            for post_id in post_ids:
                values = {"source": "'forum'", "post_id": f"'{post_id}'"}
                listed = ", ".join(values.get(name, plain.get(kind, "0")) for name, kind in columns)
                connection.execute(f"INSERT INTO {table} VALUES ({listed})")
    return tables


def test_everything_of_a_post_goes_from_every_table(store: Store) -> None:
    """Whatever has a row a post loses it, and keeps that of the other post and of the same id elsewhere."""
    tables = fill_post_tables(store, "0", "1")
    assert {"posts", "scores", "post_themes", "tagged_posts", "mentions", "post_metrics", "labels"} <= set(tables)
    assert {"post_checks", "report_quotes"} <= set(tables)
    with store.writer() as connection:
        for table in tables:
            connection.execute(f"UPDATE {table} SET source = 'blog' WHERE post_id = '1'")
            connection.execute(
                f"INSERT INTO {table} SELECT * REPLACE ('0' AS post_id) FROM {table} WHERE source = 'blog'"
            )
    assert purge_posts(store, "forum", {**GONE, "1": "deleted"}, "run1").posts == 1
    for table in tables:
        assert rows(store, f"SELECT source, post_id FROM {table} ORDER BY ALL") == [("blog", "0"), ("blog", "1")], table


def test_a_tombstone_tells_neither_post_nor_author(store: Store) -> None:
    """What stays is a keyed mark, the time and the reason; another key gives other marks."""
    save_arrival(store, arrival(posts([{"author_key": "k", "post_id": "post-77"}])))
    purge_posts(store, "forum", {"post-77": "deleted"}, "run1")
    ((source, mark, _, reason),) = rows(store, "SELECT * FROM tombstones")
    assert (source, reason) == ("forum", "deleted")
    assert mark == store.author_keys.post_mark("forum", "post-77")
    assert mark not in (store.author_keys.author_mark("post-77"), store.author_keys.key("forum", "post-77"))
    assert rows(store, "SELECT source, reason, posts FROM purges") == [("forum", "deleted", 1)]


def test_each_brand_is_told_how_many_of_its_posts_went(store: Store) -> None:
    """A post counts once, under however many queries it was found, and one that is not stored for nobody."""
    save_arrival(store, arrival(posts([{"post_id": post_id} for post_id in "0123"])))
    found = [("ours", "0", "q1"), ("ours", "0", "q2"), ("ours", "1", "q1"), ("theirs", "1", "q1"), ("ours", "9", "q1")]
    with store.writer() as connection:
        connection.execute("DELETE FROM mentions")
        connection.executemany("INSERT INTO mentions VALUES ($1, 'forum', $2, $3)", found)
    purge_posts(store, "forum", dict.fromkeys("0129", "deleted"), "run1")
    counted = rows(store, "SELECT run_id, brand, posts FROM brand_purges ORDER BY brand")
    assert counted == [("run1", "ours", 2), ("run1", "theirs", 1)]


@pytest.mark.parametrize("post_id", ["1", "ünï·cödé", "at://x/y", "a'b\"c", "🙂"])
def test_a_purged_post_does_not_come_back(store: Store, post_id: str) -> None:
    """The mark that SQL makes of an arriving post is the one that Python makes; others of the batch are stored."""
    batch = arrival(
        posts([{"post_id": post_id}, {"post_id": "other"}]), metrics=metrics([{"post_id": post_id, "likes": 1}])
    )
    save_arrival(store, batch)
    purge_posts(store, "forum", {post_id: "deleted"}, "run1")
    assert rows(store, "SELECT post_mark FROM tombstones") == [(store.author_keys.post_mark("forum", post_id),)]
    saved = save_arrival(store, batch)
    assert (saved.new, saved.known, saved.withheld, saved.mentions) == (0, 1, 1, {"acme": 0})
    assert rows(store, "SELECT post_id FROM posts") == [("other",)]
    assert rows(store, "SELECT count(*) FROM post_metrics") == [(0,)]


def test_published_numbers_stay_and_no_week_is_counted_anew(store: Store) -> None:
    """Deletion leaves weekly numbers and published figures to the last digit, and marks no week."""
    save_arrival(store, arrival(posts([{}, {}])))
    with store.writer() as connection:
        connection.execute("DELETE FROM stale_weeks")
        connection.execute(
            "INSERT INTO weekly_numbers VALUES ('acme', '2023-01-02', 'all', 'vader', '1', 1, 0, 1, 0.1, 2, 2, NULL, "
            "NULL, true, 'run1')"
        )
        connection.execute(
            "INSERT INTO published_figures VALUES ('r', 'f', 'acme', '2023-01-02', 'all', 'net_trust', 0.1, NULL, "
            "NULL, 2, 'h', 'run1', now()::TIMESTAMP)"
        )
    numbers = "SELECT * FROM weekly_numbers", "SELECT * FROM published_figures"
    before = [rows(store, sql) for sql in numbers]
    purge_posts(store, "forum", GONE, "run2")
    assert [rows(store, sql) for sql in numbers] == before
    assert rows(store, "SELECT * FROM stale_weeks") == []


def state(store: Store) -> list[Any]:
    """All that is stored of posts, and the marks, without times."""
    return [
        rows(store, "SELECT source, post_id, text FROM posts ORDER BY ALL"),
        rows(store, "SELECT * FROM mentions ORDER BY ALL"),
        rows(store, "SELECT source, post_id, likes FROM post_metrics ORDER BY ALL"),
        rows(store, "SELECT source, post_mark, reason FROM tombstones ORDER BY ALL"),
    ]


@pytest.mark.long
@settings(
    max_examples=settings.default.max_examples // 10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sets(st.integers(0, 12), min_size=1), st.sets(st.integers(0, 16), min_size=1))
def test_purging_is_idempotent_and_its_order_does_not_matter(
    new_store: NewStore, here: set[int], gone: set[int]
) -> None:
    """Twice is once, and to purge and then import leaves what to import and then purge leaves."""
    reasons = {f"p{number}": "deleted" for number in gone}
    ids = [f"p{number}" for number in sorted(here)]
    batch = arrival(
        posts([{"post_id": each} for each in ids]), metrics=metrics([{"post_id": each, "likes": 2} for each in ids])
    )
    one, other = (new_store(f"{name}{secrets.token_hex(8)}") for name in ("one", "other"))
    write_key(one)
    write_key(other)
    save_arrival(one, batch)
    first = purge_posts(one, "forum", reasons, "run1")
    assert first.posts == len(here & gone)
    once = state(one)
    assert purge_posts(one, "forum", reasons, "run2").posts == 0
    assert state(one) == once
    purge_posts(other, "forum", reasons, "run1")
    save_arrival(other, batch)
    assert state(other) == once
    assert {row[1] for row in once[0]} == {f"p{number}" for number in here - gone}
    assert len(once[3]) == len(gone)


def test_quarantine_of_a_purged_post_goes_with_it(store: Store) -> None:
    """A record that repeats its id, or that was not read at all, holds its text; other records stay."""
    payloads = [
        '{"id": "p-1", "text": "secret"}', '{"record": "p-1;secret"}', '{"id": "p-10", "text": "kept"}',
        '{"record": "p-11;kept"}', "",
    ]  # fmt: skip
    rejected = [{"file": "a", "line": at, "reason": "", "payload": each} for at, each in enumerate(payloads)]
    save_arrival(store, arrival(posts([{"post_id": "p-1"}]), rejected=rejected))
    assert purge_posts(store, "forum", {"p-1": "deleted"}, "run1").quarantined == 2
    assert rows(store, "SELECT line FROM quarantine ORDER BY line") == [(2,), (3,), (4,)]


def test_quarantine_is_kept_to_its_last_day(store: Store) -> None:
    """Expired records go, younger ones stay."""
    rejected = [{"file": "a", "line": at, "reason": "", "payload": "x"} for at in range(3)]
    save_arrival(store, arrival(posts([]), rejected=rejected))
    with store.writer() as connection:
        connection.execute("UPDATE quarantine SET expires_at = now()::TIMESTAMP - INTERVAL 1 MINUTE WHERE line = 1")
    assert purge_expired_quarantine(store) == 1
    assert purge_expired_quarantine(store) == 0
    assert rows(store, "SELECT line FROM quarantine ORDER BY line") == [(0,), (2,)]


def test_posts_are_kept_for_their_days_and_no_longer(store: Store) -> None:
    """Age counts from when a post was collected; what is purged for it does not come back either."""
    old, young = now() - timedelta(days=31), now() - timedelta(days=29)
    batch = arrival(posts([{"collected_at": old}, {"collected_at": young, "created_at": datetime(2020, 1, 6)}]))
    save_arrival(store, batch)
    assert purge_aged(store, "forum", 30, "run1").posts == 1
    assert purge_aged(store, "forum", 30, "run2").posts == 0
    assert save_arrival(store, batch).withheld == 1
    assert rows(store, "SELECT post_id FROM posts") == [("1",)]
    assert rows(store, "SELECT reason FROM tombstones") == [("retention",)]


def test_latency_counts_from_when_the_post_was_last_seen(store: Store) -> None:
    """A post that was looked at an hour ago has been gone for an hour at most, whenever it was collected."""
    collected = now() - timedelta(days=10)
    save_arrival(store, arrival(posts([{"collected_at": collected}, {"collected_at": collected}])))
    with store.writer() as connection:
        connection.execute("INSERT INTO post_checks VALUES ('forum', '0', ?)", [now() - timedelta(hours=1)])
    first = purge_posts(store, "forum", GONE, "run1").worst_latency
    second = purge_posts(store, "forum", {"1": "deleted"}, "run1").worst_latency
    assert first is not None
    assert second is not None
    assert timedelta(hours=1) <= first < timedelta(hours=2)
    assert timedelta(days=10) <= second < timedelta(days=11)


@pytest.mark.parametrize("damage", ["missing", "other"])
def test_without_the_stores_own_key_nothing_is_purged(new_store: NewStore, damage: str) -> None:
    """A mark under another key would keep nothing away: an error, no new key, and the post stays."""
    store = new_store()
    _ = store.author_keys
    save_arrival(store, arrival(posts([{"author_key": "k"}])))
    key = store.key_path
    if damage == "missing":
        key.unlink()
    else:
        key.write_text("00" * 32)
    with pytest.raises(KeyMismatch):
        purge_posts(Store(store.url), "forum", GONE, "run1")
    assert key.exists() == (damage == "other")
    assert rows(store, "SELECT count(*) FROM posts") == [(1,)]


def test_a_store_with_author_keys_gets_no_new_key_even_without_a_fingerprint(new_store: NewStore) -> None:
    """Keys of authors say that there was a key: where it is missing, that is told."""
    store = new_store()
    save_arrival(store, arrival(posts([{"author_key": "k"}])))
    with pytest.raises(KeyMismatch, match="missing"):
        purge_posts(Store(store.url), "forum", GONE, "run1")
    assert not store.key_path.exists()
