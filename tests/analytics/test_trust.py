from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analytics import trust
from analytics.registration import mark_all_weeks
from analytics.sentiment import scorer_version
from analytics.store import Store, read
from analytics.store.gathering import gather, is_in_force
from analytics.store.saving import Listener, save_arrival
from analytics.trust import update_weekly_numbers
from tests.posts import START, arrival, covered, posts, write_by_hand

VERSION = scorer_version("vader", [])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "a.duckdb")
    with made.writer() as connection:
        for brand in ("acme", "other", "third"):
            connection.execute(
                "INSERT INTO brands VALUES (?, ?, ?, 'q1', 'vader', ?, [], [], 't1', [], 'UTC', 'f', NULL)",
                [brand, brand, brand, VERSION],
            )
        connection.execute("INSERT INTO themes VALUES ('t1', 'consent', 'Consent', true, 'benevolence')")
        connection.execute("INSERT INTO themes VALUES ('t1', 'leaving', 'Leaving', false, 'integrity')")
    return made


def say(store: Store, *spoken: tuple[str | None, int, float, str], source: str = "forum") -> None:
    """Store posts given as (author, day, compound, theme or '')."""
    batch = posts(
        [
            {"post_id": f"{source}{n}", "author_key": author, "created_at": START + timedelta(days=day, hours=1)}
            for n, (author, day, _, _) in enumerate(spoken)
        ],
        source,
    )
    save_arrival(store, arrival(batch, coverage=[covered(START, 28)]))
    with store.writer() as connection:
        for n, (_, _, compound, theme) in enumerate(spoken):
            key = [source, f"{source}{n}"]
            connection.execute("INSERT INTO scores VALUES (?, ?, 'vader', ?, 0, 1, 0, ?)", [*key, VERSION, compound])
            if theme:
                connection.execute("INSERT INTO post_themes VALUES (?, ?, 't1', ?, '')", [*key, theme])


def numbers(store: Store, scope: str = "all") -> dict[str, tuple[int, int, int, int, int]]:
    with store.writer() as connection:
        rows = connection.execute(
            "SELECT week::VARCHAR, positive, neutral, negative, posts, authors FROM weekly_numbers WHERE scope = ?",
            [scope],
        ).fetchall()
    return {row[0]: row[1:] for row in rows}


def test_an_author_has_one_vote_a_week(store: Store) -> None:
    """Ten angry posts of one author weigh as much as one happy post of another; the mean decides the vote."""
    say(store, *[("ann", 0, -0.8, "")] * 10, ("bob", 1, 0.8, ""), ("cyd", 2, 0.9, ""), ("cyd", 3, -0.9, ""))
    update_weekly_numbers(store, ["acme"], "r")
    assert numbers(store) == {"2023-01-02": (1, 1, 1, 13, 3)}


def test_posts_without_author_are_one_voice_each(store: Store) -> None:
    """Where the author is unknown every post counts, and nobody is taken for the same person."""
    say(store, (None, 0, 0.5, ""), (None, 0, 0.5, ""), (None, 1, -0.5, ""))
    update_weekly_numbers(store, ["acme"], "r")
    assert numbers(store)["2023-01-02"] == (2, 0, 1, 3, 3)


@pytest.mark.parametrize(("compound", "vote"), [(0.05, 0), (0.0499, 1), (-0.0499, 1), (-0.05, 2)])
def test_the_thresholds_of_a_vote_are_inclusive(store: Store, compound: float, vote: int) -> None:
    """0.05 is positive and −0.05 negative, as the scorer's authors define it; between them is neutral."""
    say(store, ("ann", 0, compound, ""))
    update_weekly_numbers(store, ["acme"], "r")
    assert numbers(store)["2023-01-02"][:3] == tuple(int(place == vote) for place in range(3))


def test_attention_is_a_share_of_authors_not_of_posts(store: Store) -> None:
    """One author with five posts on a theme is one of four authors: 25 per cent."""
    say(store, *[("ann", 0, -0.5, "consent")] * 5, ("bob", 0, 0.5, ""), ("cyd", 0, 0.5, ""), ("dee", 0, 0.0, "leaving"))
    update_weekly_numbers(store, ["acme"], "r")
    store.publish()
    frame = read("attention_weekly", "acme", store=store.path).set_index(["theme", "week"])["share"]
    assert frame[("consent", "2023-01-02")] == 25
    assert frame[("practices", "2023-01-02")] == 25, "leaving alone is not about data or AI practices"
    assert frame[("leaving", "2023-01-02")] == 25


def test_intervals_need_ten_authors(store: Store) -> None:
    """Under 10 authors a week has no interval; thin says under 50."""
    say(
        store,
        *[(f"a{n}", 0, 0.5 if n % 2 else -0.5, "") for n in range(9)],
        *[(f"a{n}", 7, 0.5 if n % 2 else -0.5, "") for n in range(10)],
    )
    update_weekly_numbers(store, ["acme"], "r")
    store.publish()
    frame = read("trust_weekly", "acme", store=store.path).query("scope == 'all'")
    assert frame["low"].isna().tolist()[:2] == [True, False]
    assert frame["thin"].all()
    second = frame.iloc[1]
    assert -100 <= second["low"] < second["net_trust"] < second["high"] <= 100


def test_a_second_run_changes_no_number(store: Store) -> None:
    """Counting again without new posts touches nothing, not even the run id."""
    say(store, ("ann", 0, 0.5, ""), ("bob", 8, -0.5, "consent"))
    assert update_weekly_numbers(store, ["acme"], "first") == 2
    with store.writer() as connection:
        before = connection.execute("SELECT * FROM weekly_numbers ORDER BY ALL").fetchall()
    assert update_weekly_numbers(store, ["acme"], "second") == 0
    with store.writer() as connection:
        assert connection.execute("SELECT * FROM weekly_numbers ORDER BY ALL").fetchall() == before


def test_deletion_does_not_change_a_counted_week(store: Store) -> None:
    """Numbers once counted stay when posts are deleted; only an explicit re-score counts anew."""
    say(store, ("ann", 0, 0.5, ""), ("bob", 0, -0.5, ""))
    update_weekly_numbers(store, ["acme"], "r")
    with store.writer() as connection:
        write_by_hand(connection)
        for table in ("posts", "mentions", "scores"):
            connection.execute(f"DELETE FROM {table} WHERE post_id = 'forum1'")
    update_weekly_numbers(store, ["acme"], "r")
    assert numbers(store)["2023-01-02"][4] == 2
    update_weekly_numbers(store, ["acme"], "r", rescore=True)
    assert numbers(store)["2023-01-02"][4] == 1


def test_a_scope_in_which_nobody_speaks_any_more_loses_its_row(store: Store) -> None:
    """After a change of the taxonomy the old theme's number does not linger in a week that was counted anew."""
    say(store, ("ann", 0, 0.5, "consent"))
    update_weekly_numbers(store, ["acme"], "r")
    assert numbers(store, "consent")
    with store.writer() as connection:
        write_by_hand(connection)
        connection.execute("DELETE FROM post_themes")
    update_weekly_numbers(store, ["acme"], "r", rescore=True)
    assert not numbers(store, "consent")
    assert numbers(store, "all")


@pytest.mark.parametrize("gathered", [False, True])
def test_weekly_numbers_count_what_brand_posts_says_counts(
    store: Store, monkeypatch: pytest.MonkeyPatch, gathered: bool
) -> None:
    """Posts, authors and means of every week and scope are those of the view, however few weeks are counted at once.

    So it is where the posts were gathered, and where something has changed since.
    """
    spoken = [
        (f"a{n % 7}" if n % 5 else None, n % 23, [-0.8, 0.0, 0.3, 0.05][n % 4], ["", "consent", "leaving"][n % 3])
        for n in range(60)
    ]
    say(store, *spoken)
    say(store, *spoken[:9], source="shared")
    with store.writer() as connection:
        connection.execute(
            "INSERT INTO post_languages SELECT source, post_id, 'v', 'de' FROM posts WHERE post_id LIKE '%7'"
        )
        connection.execute(
            "INSERT INTO post_languages SELECT source, post_id, 'v', 'und' FROM posts WHERE post_id LIKE '%8'"
        )
        connection.execute("UPDATE scores SET compound = NULL WHERE post_id LIKE '%9'")
        connection.execute("DELETE FROM mentions WHERE post_id LIKE '%5' AND brand = 'acme'")
    monkeypatch.setattr(trust, "POSTS_COUNTED_AT_ONCE", 20)
    update_weekly_numbers(store, ["acme"], "r")
    with store.writer() as connection:
        write_by_hand(connection)
        connection.execute("INSERT INTO source_flags VALUES ('acme', 'shared', 'sparse_in_shared_file', '')")
        mark_all_weeks(connection, "acme")
        if gathered:
            gather(connection)
        assert is_in_force(connection) is gathered
        trust._count_brand(connection, "acme", "r")
        counted = connection.execute(
            "SELECT week, scope, posts, authors, round(mean, 9) FROM weekly_numbers WHERE brand = 'acme' ORDER BY ALL"
        ).fetchall()
        expected = connection.execute(
            """
            WITH scoped AS (
                SELECT week, voice, compound,
                    unnest(['all'] || themes || CASE WHEN practices THEN ['practices'] ELSE [] END) AS scope
                FROM brand_posts WHERE brand = 'acme' AND why_not_counted IS NULL
            ),
            votes AS (SELECT week, scope, voice, avg(compound) AS mean, count(*) AS posts FROM scoped GROUP BY ALL)
            SELECT week, scope, sum(posts), count(*), round(avg(mean), 9) FROM votes GROUP BY ALL ORDER BY ALL
            """
        ).fetchall()
    assert counted == expected
    assert len({row[0] for row in counted}) == 4


def test_a_constant_quota_bars_share_of_voice(store: Store) -> None:
    """Equal counts in six whole months or more are a sample's size: no share of voice, and the reason is said."""
    start = datetime(2023, 1, 1)
    batch = posts(
        [
            {"post_id": f"{month}-{n}", "created_at": datetime(2023, month, 1 + n)}
            for month in range(1, 10)
            for n in range(10 if 1 < month < 9 else 4)
        ]
    )
    save_arrival(store, arrival(batch, coverage=[covered(start, 250)]))
    with store.writer() as connection:
        connection.execute("INSERT INTO brand_peers VALUES ('acme', 'other')")
    update_weekly_numbers(store, ["acme"], "r")
    store.publish()
    frame = read("share_of_voice_weekly", "acme", store=store.path)
    assert frame["share"].isna().all()
    assert frame["why_no_share"].str.contains("constant quota").all()


def test_a_sparse_brand_in_a_shared_file_gets_no_trend(store: Store) -> None:
    """Four posts where the others have a hundred: silence and missing collection cannot be told apart, so no trend."""
    listeners = [
        Listener(brand, "q1", "query", f"contains(searched, '{brand}')") for brand in ("acme", "other", "third")
    ]
    texts = ["other"] * 100 + ["third"] * 100 + ["acme"] * 4
    batch = posts([{"text": text, "post_id": str(n)} for n, text in enumerate(texts)])
    save_arrival(store, arrival(batch, listeners=listeners, coverage=[covered(START, 14)]))
    with store.writer() as connection:
        connection.execute("INSERT INTO scores SELECT source, post_id, 'vader', ?, 0, 1, 0, 0.5 FROM posts", [VERSION])
    update_weekly_numbers(store, ["acme", "other", "third"], "r", shared_files=["forum"])
    store.publish()
    frame = read("trust_weekly", store=store.path).query("scope == 'all'").set_index(["brand", "week"])
    assert frame.loc[("other", "2023-01-02"), "net_trust"] == 100
    assert frame.loc["acme", "net_trust"].isna().all()
    assert set(frame.loc["acme", "coverage"]) == {"none"}
    flags = read("coverage_daily", "acme", store=store.path)
    assert set(flags["status"]) == {"not_separable"}
