"""The weeks of sources that are kept follow the posts, wherever in time these come and go."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest

from analytics.store import Store, kept_weeks
from analytics.store.catalogue import statement
from analytics.store.gathering import gather, is_in_force, put_definition_in_force
from analytics.store.purging import purge_posts
from analytics.store.saving import save_arrival
from tests.posts import START, arrival, covered, posts, write_by_hand

BRAND = (
    "INSERT INTO brands (brand, name, declared_by, query_hash, scorer, scorer_version, also_scored, masked_names, "
    "taxonomy_version, official_keys, time_zone, file_fingerprint) "
    "VALUES ('acme', 'Acme', 'acme', 'q1', 'vader', '1', [], [], 't1', [], 'UTC', '')"
)
WINDOW = covered(START, 70)


def bring(store: Store, *given: tuple[str, str | None, int]) -> None:
    """Posts, each with an author and the number of its week, and their scores."""
    batch = posts(
        {"post_id": post_id, "author_key": author, "created_at": START + timedelta(weeks=week)}
        for post_id, author, week in given
    )
    save_arrival(store, arrival(batch, coverage=[WINDOW]))
    with store.transaction() as connection:
        for post_id, _, _ in given:
            connection.execute("INSERT INTO scores VALUES ('forum', ?, 'vader', '1', 0, 0, 1, 0.5)", [post_id])
        gather(connection)


def newcomers(store: Store) -> dict[int, int]:
    """By number of the week those in which anybody spoke."""
    with store.writer() as connection:
        assert is_in_force(connection)
        rows = connection.execute(
            "SELECT date_diff('week', ?::DATE, week), newcomers FROM source_weekly WHERE authors > 0 ORDER BY week",
            [START],
        ).fetchall()
    return dict(rows)


@pytest.fixture
def brand(store: Store) -> Store:
    _ = store.author_keys  # made before anything is in the store
    with store.transaction() as connection:
        write_by_hand(connection)
        connection.execute(BRAND)
    bring(store, ("a2", "ann", 2), ("a4", "ann", 4), ("b4", "bob", 4), ("x4", None, 4))
    return store


def test_who_speaks_again_is_no_newcomer(brand: Store) -> None:
    """An author is new in one week of a source; a post without an author always is."""
    assert newcomers(brand) == {2: 1, 4: 2}
    bring(brand, ("a5", "ann", 5), ("c5", "cid", 5), ("x5", None, 5))
    assert newcomers(brand) == {2: 1, 4: 2, 5: 2}


def test_an_earlier_post_takes_the_later_week_its_newcomer(brand: Store) -> None:
    """A backfill before an author's first week makes that one's newcomer an old acquaintance."""
    bring(brand, ("a1", "ann", 1), ("b3", "bob", 3))
    assert newcomers(brand) == {1: 1, 2: 0, 3: 1, 4: 1}


def test_a_purge_gives_the_next_week_its_newcomer(brand: Store) -> None:
    """Where the only post of an author's first week goes, the next week in which he speaks is his first."""
    purge_posts(brand, "forum", {"a2": "deleted"}, "run1")
    assert newcomers(brand) == {4: 3}


def test_a_purge_of_one_of_two_leaves_the_week_as_first(brand: Store) -> None:
    """Where another post of that week stays, so does the newcomer."""
    bring(brand, ("a2 too", "ann", 2))
    purge_posts(brand, "forum", {"a2": "deleted"}, "run1")
    assert newcomers(brand) == {2: 1, 4: 2}


def test_nothing_stays_of_an_author_without_posts(brand: Store) -> None:
    """The hash of an author's key goes with the last post."""
    purge_posts(brand, "forum", {"a2": "deleted", "a4": "deleted"}, "run1")
    with brand.writer() as connection:
        assert connection.execute("SELECT count(*) FROM first_weeks").fetchall() == [(1,)]
        assert connection.execute("SELECT posts, authors FROM source_weeks WHERE posts > 0").fetchall() == [(2, 2)]


def test_only_touched_weeks_are_counted_again(brand: Store) -> None:
    """A new post has its own week counted, and no other."""
    with brand.writer() as connection:
        connection.execute("UPDATE source_weeks SET positive = 77")
    bring(brand, ("c4", "cid", 4))
    with brand.writer() as connection:
        rows = connection.execute("SELECT posts, positive FROM source_weeks ORDER BY week").fetchall()
    assert rows == [(1, 77), (4, 4)]


def test_another_way_of_counting_counts_anew(brand: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that counts in another way reads nothing of what an earlier one counted."""
    with brand.writer() as connection:
        connection.execute("UPDATE source_weeks SET positive = 77")
        connection.execute("UPDATE counted_brands SET counted_by = 'an earlier release'")
        connection.execute("UPDATE view_definitions SET hash = 'of an earlier release'")
    with brand.transaction() as connection:
        assert not is_in_force(connection)
        gather(connection)
        assert connection.execute("SELECT max(positive) FROM source_weeks").fetchall() == [(3,)]


def test_many_weeks_are_counted_some_at_a_time(brand: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every week is counted once, however few are counted together."""

    def counted(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
        kept_weeks.forget_counts(connection)
        kept_weeks.count_brands(connection, ["acme"])
        return connection.execute("FROM source_weeks ORDER BY ALL").fetchall()

    asked: list[str] = []
    bring(brand, ("a6", "ann", 6), ("a7", "ann", 7))
    with brand.writer() as connection:
        whole = counted(connection)
        monkeypatch.setattr(kept_weeks, "COUNTED_AT_ONCE", 4)
        monkeypatch.setattr(kept_weeks, "statement", lambda name: asked.append(name) or statement(name))
        assert counted(connection) == whole
    assert asked.count("count_source_weeks") > 2
    assert len(whole) == 4


def test_many_new_posts_have_all_weeks_counted_anew(brand: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more come than are noted one by one, what is kept is right too."""
    monkeypatch.setattr(kept_weeks, "ANEW", 1)
    bring(brand, ("a1", "ann", 1), ("b3", "bob", 3))
    assert newcomers(brand) == {1: 1, 2: 0, 3: 1, 4: 1}


def test_a_store_of_the_release_before_has_its_weeks_counted(brand: Store) -> None:
    """What is gathered already is counted as it stands, without being gathered anew."""
    before = newcomers(brand)
    with brand.transaction() as connection:
        put_definition_in_force(connection)
        for table in (*kept_weeks.COUNTS, "kept_splits"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("ALTER TABLE gathered_posts DROP COLUMN week")
        connection.execute("DELETE FROM schema_migrations WHERE number >= 19")
    with brand.transaction() as connection:
        assert gather(connection) == 0
        assert connection.execute("SELECT count(*) FROM gathered_posts WHERE week IS NOT NULL").fetchall() == [(4,)]
    assert newcomers(brand) == before


def test_a_purged_post_is_not_behind_its_week(brand: Store) -> None:
    """Its text goes with it, and the next one takes its place."""
    with brand.writer() as connection:
        places = connection.execute("SELECT place, post_id FROM posts_behind WHERE week = '2023-01-30' ORDER BY ALL")
        assert places.fetchall() == [(1, "a4")]  # all say the same, and a text counts once
    purge_posts(brand, "forum", {"a4": "deleted"}, "run1")
    with brand.writer() as connection:
        assert is_in_force(connection)
        places = connection.execute("SELECT place, post_id FROM posts_behind WHERE week = '2023-01-30' ORDER BY ALL")
        assert places.fetchall() == [(1, "b4")]
        assert connection.execute("SELECT count(*) FROM chosen_posts WHERE post_id = 'a4'").fetchall() == [(0,)]


LONG = "the very same words, long enough to be told from what anybody might say"


def stored(store: Store) -> list[tuple[object, ...]]:
    """What is told of the fourth week: rows of month, source, posts, without author, repeats."""
    with store.writer() as connection:
        assert is_in_force(connection)
        return connection.execute(
            "SELECT month::VARCHAR, source, posts, without_author, repeats FROM stored_weekly "
            "WHERE week = '2023-01-30' ORDER BY ALL"
        ).fetchall()


def test_a_week_in_two_months_is_told_of_both(brand: Store) -> None:
    """Months can be added up of weeks: what came in January stands apart from what came in February."""
    batch = posts([{"post_id": "j", "created_at": START + timedelta(weeks=4, days=1)}])
    save_arrival(brand, arrival(batch, coverage=[WINDOW]))
    with brand.transaction() as connection:
        gather(connection)
    assert stored(brand) == [("2023-01-01", "forum", 4, 2, 0)]
    batch = posts([{"post_id": "f", "created_at": START + timedelta(weeks=4, days=3)}])
    save_arrival(brand, arrival(batch, coverage=[WINDOW]))
    with brand.transaction() as connection:
        gather(connection)
    assert stored(brand) == [("2023-01-01", "forum", 4, 2, 0), ("2023-02-01", "forum", 1, 1, 0)]


def test_the_first_of_a_text_repeats_nothing_whatever_its_source(brand: Store) -> None:
    """A week is counted anew as a whole: an earlier post makes repeats of those of another source."""
    later, earlier = (START + timedelta(weeks=4, hours=hours) for hours in (9, 8))
    first = posts([{"post_id": name, "created_at": later, "text": LONG} for name in ("y", "z")])
    save_arrival(brand, arrival(first, coverage=[WINDOW]))
    with brand.transaction() as connection:
        gather(connection)
    assert stored(brand) == [("2023-01-01", "forum", 5, 3, 1)]
    before = posts([{"post_id": "w", "created_at": earlier, "text": LONG}], source="blog")
    save_arrival(brand, arrival(before, source="blog", coverage=[WINDOW]))
    with brand.transaction() as connection:
        gather(connection)
    assert stored(brand) == [("2023-01-01", "blog", 1, 1, 0), ("2023-01-01", "forum", 5, 3, 2)]
    purge_posts(brand, "blog", {"w": "deleted"}, "run1")
    assert stored(brand) == [("2023-01-01", "forum", 5, 3, 1)]
