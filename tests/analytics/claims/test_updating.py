"""Posts are matched once, weeks counted when their numbers are, and what is erased or renamed leaves nothing wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.claims import updating
from analytics.registration import register
from analytics.store import Store, read
from analytics.store.purging import purge_posts
from brands.brand_file import load
from tests.analytics.claims.conftest import BRAND, DENIES, OTHER, SELLS, TRAINS, Say
from tests.posts import START, covered
from tests.terms import record

Update = Callable[[], int]
WEEKS = ["2023-01-02", "2023-01-09", "2023-01-16", "2023-01-23"]


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.writer() as connection:
        return connection.execute(sql).fetchall()


def voices(store: Store, claim: str = "trains", columns: str = "authors, authors_all, posts") -> list[tuple[Any, ...]]:
    """By week of the calendar."""
    return rows(store, f"SELECT {columns} FROM claims_weekly WHERE claim = '{claim}' ORDER BY week")


def test_an_author_voices_a_claim_once_a_week(store: Store, say: Say, update: Update) -> None:
    """Two posts of a week are one voice; an unknown author is one each time; each week counts for itself."""
    say(("ann", 0, TRAINS), ("ann", 1, TRAINS), ("bob", 2, OTHER), (None, 3, TRAINS), (None, 3, TRAINS))
    say(("ann", 7, TRAINS), ("bob", 8, SELLS))
    update()
    assert voices(store) == [(3, 4, 4), (1, 2, 1), (0, 0, 0), (0, 0, 0)]
    assert voices(store, "sells") == [(0, 4, 0), (1, 2, 1), (0, 0, 0), (0, 0, 0)]


def test_who_contradicts_is_counted_beside(store: Store, say: Say, update: Update) -> None:
    """A post that both queries find contradicts and does not voice; an author may do both in two posts."""
    say(("ann", 0, DENIES), ("ann", 1, TRAINS), ("bob", 2, DENIES), ("cid", 2, OTHER))
    update()
    assert voices(store, columns="authors, posts, denying_authors, denying_posts")[0] == (1, 1, 2, 2)


def test_practices_posts_have_a_share_of_their_own(store: Store, say: Say, update: Update) -> None:
    """Among those who speak of practices, and only by what they say in such posts."""
    say(("ann", 0, "privacy: " + TRAINS), ("bob", 0, "privacy " + OTHER), ("bob", 1, TRAINS), ("cid", 1, OTHER))
    update()
    found = voices(store, columns="authors, authors_all, practices_authors, practices_authors_all, practices_share")
    assert found[0] == (2, 3, 1, 2, 50.0)


def test_a_week_that_was_not_collected_is_no_zero(store: Store, say: Say, update: Update) -> None:
    """It is a row of the calendar with its coverage and without a share."""
    gap = covered(START + timedelta(days=7), 7, failed=True)
    say(("ann", 0, TRAINS), coverage=[covered(START, 7), gap, covered(START + timedelta(days=14), 7)])
    update()
    assert voices(store, columns="coverage, share") == [("complete", 100.0), ("none", None), ("complete", None)]


def test_a_claim_that_was_not_counted_yet_has_no_numbers(
    store: Store, say: Say, update: Update, brand_path: Path
) -> None:
    """A new or changed query does not show as silence before the first run with it."""
    say(("ann", 0, TRAINS))
    update()
    brand_path.write_text(BRAND.replace("sells AND data", "sold AND data"), encoding="utf-8")
    register(store, load(brand_path))
    assert voices(store, "sells")[0] == (None, None, None)
    assert voices(store)[0] == (1, 1, 1)
    update()
    assert voices(store, "sells")[0] == (0, 1, 0)


def test_a_run_matches_and_counts_only_what_is_new(
    store: Store, say: Say, update: Update, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run counts no week and matches no post; a new post has its own week counted."""
    matched = []
    original = updating._match_claim

    def spy(connection: Any, *arguments: Any) -> None:
        matched.append(connection.execute("SELECT count(*) FROM posts_to_match").fetchall()[0][0])
        original(connection, *arguments)

    monkeypatch.setattr(updating, "_match_claim", spy)
    say(("ann", 0, TRAINS), ("bob", 7, OTHER))
    assert update() == 2
    assert update() == 0
    say(("cid", 8, TRAINS))
    assert update() == 1
    assert matched == [2, 2, 1, 1]
    assert voices(store)[:2] == [(1, 1, 1), (1, 2, 1)]


def test_a_changed_query_is_matched_anew(store: Store, say: Say, update: Update, brand_path: Path) -> None:
    """All weeks are counted by it, and what the old query found is gone; other numbers stay as they were."""
    say(("ann", 0, TRAINS), ("bob", 7, SELLS))
    update()
    numbers = rows(store, "SELECT * FROM weekly_numbers ORDER BY ALL")
    brand_path.write_text(BRAND.replace("train* AND calls", "acme AND down OR sells"), encoding="utf-8")
    assert update() == 2
    assert voices(store)[:2] == [(0, 1, 0), (1, 1, 1)]
    assert rows(store, "SELECT * FROM weekly_numbers ORDER BY ALL") == numbers


@pytest.mark.parametrize(("gone", "while_away"), [("sells", True), ("trains", False)])
def test_a_claim_that_comes_back_is_found_again(
    store: Store, say: Say, update: Update, brand_path: Path, gone: str, while_away: bool
) -> None:
    """Taking a claim out and putting it in again ends where it began, without a post counted twice."""
    say(("ann", 0, TRAINS), ("bob", 0, SELLS))
    update()
    before = rows(store, "SELECT * FROM post_claims ORDER BY ALL")
    head, trains, sells = BRAND.partition("[[events]]")[0].split("[[claims]]")
    rest = BRAND.partition("[[events]]")[2].replace('claims = ["trains"]', "")
    kept = trains if gone == "sells" else sells
    brand_path.write_text(f"{head}[[claims]]{kept}[[events]]{rest}", encoding="utf-8")
    register(store, load(brand_path))
    if while_away:
        update()
    assert rows(store, f"SELECT * FROM post_claims WHERE claim = '{gone}'") == []
    brand_path.write_text(BRAND, encoding="utf-8")
    update()
    assert rows(store, "SELECT * FROM post_claims ORDER BY ALL") == before
    assert voices(store)[0] == (1, 2, 1)


def test_an_erased_post_takes_its_matches_along_and_leaves_the_counts(store: Store, say: Say, update: Update) -> None:
    """Numbers of a closed week stay as published; of the post nothing does."""
    say(("ann", 0, TRAINS), ("bob", 0, OTHER))
    update()
    purge_posts(store, "forum", {"p0": "deleted"}, "run2")
    assert rows(store, "SELECT * FROM post_claims") == []
    assert rows(store, "SELECT post_id FROM posts_matched_to_claims") == [("p1",)]
    assert update() == 0
    assert voices(store)[0] == (1, 2, 1)


def test_a_long_post_is_matched_on_what_is_scored_of_it(store: Store, say: Say, update: Update) -> None:
    """On its first 20,000 characters."""
    say(("ann", 0, OTHER + " " * 20_000 + TRAINS))
    update()
    assert voices(store)[0] == (0, 1, 0)


def test_terms_are_read_when_there_are_new_ones(
    store: Store, say: Say, update: Update, brand_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version in between, or another clause, has the states made anew; nothing else does."""
    read_for = []
    original = updating.read_states

    def spy(connection: Any, brand: str, claims: Any) -> Any:
        read_for.append([claim.id for claim in claims])
        return original(connection, brand, claims)

    monkeypatch.setattr(updating, "read_states", spy)
    states = "SELECT recorded_at::DATE::VARCHAR, state FROM clause_states WHERE claim = 'trains' ORDER BY recorded_at"
    say(("ann", 0, TRAINS))
    record(store, {"2023-01-01": "Hello.", "2023-01-20": "We train models."})
    update()
    update()
    assert rows(store, states) == [("2023-01-01", "not_found"), ("2023-01-20", "in_text")]
    record(store, {"2023-01-10": "We may train models."})
    brand_path.write_text(BRAND.replace("sell AND data", "sell"), encoding="utf-8")
    update()
    brand_path.write_text(BRAND.replace("train* AND model*", "hello"), encoding="utf-8")
    update()
    assert read_for == [["trains", "sells"], [], ["trains", "sells"], ["trains", "sells"]]
    assert rows(store, states) == [("2023-01-01", "in_text"), ("2023-01-10", "not_found")]


def test_a_week_has_the_clause_that_was_recorded_before_it(store: Store, say: Say, update: Update) -> None:
    """No text before the first version; a change inside a week is dated there and holds from the next one."""
    say(("ann", 0, TRAINS))
    record(store, {"2023-01-04T10:00": "We train models.", "2023-01-22T23:00": "Hello."})
    update()
    columns = "clause, clause_at_end, clause_changed::VARCHAR, quotations"
    assert voices(store, columns=columns) == [
        ("no_text", "in_text", "2023-01-04", []),
        ("in_text", "in_text", None, ["We train models."]),
        ("in_text", "not_found", "2023-01-22", ["We train models."]),
        ("not_found", "not_found", None, []),
    ]


def test_the_views_can_be_read_by_name(store: Store, say: Say, update: Update) -> None:
    """Like every other view, in the published copy."""
    say(("ann", 0, TRAINS))
    update()
    store.publish()
    assert list(read("claims_weekly", "acme", store=store.path)["week"].dt.strftime("%Y-%m-%d"))[::2] == WEEKS
    assert len(read("claims_against_text", "acme", store=store.path)) == 2
