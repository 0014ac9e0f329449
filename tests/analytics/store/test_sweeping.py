from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from analytics.store import Store, new_run_id, now
from analytics.store.saving import save_arrival
from analytics.store.sweeping import begin_sweep, end_sweep, pages_to_check, save_checks
from tests.posts import arrival, posts
from tests.stores import NewStore

DAY = timedelta(days=1)


@pytest.fixture
def store(new_store: NewStore) -> Store:
    """Five posts, the first collected last, and one of another source."""
    made = new_store()
    moment = now()
    save_arrival(made, arrival(posts([{"collected_at": moment - (n + 1) * DAY} for n in range(5)])))
    save_arrival(made, arrival(posts([{}], "blog")))
    return made


def waiting(store: Store, since: datetime, page: int = 2) -> list[str]:
    return [post_id for ids in pages_to_check(store, "forum", since, page) for post_id in ids]


def test_posts_come_in_the_order_in_which_they_were_last_seen(store: Store) -> None:
    """Longest unseen first, each once, of this source only, however many go on a page."""
    for page in (1, 2, 5, 100):
        assert waiting(store, now(), page) == ["4", "3", "2", "1", "0"]


def test_pages_go_on_while_what_was_seen_is_saved(store: Store) -> None:
    """Saving a page moves its posts to the end and takes the gone ones away: none is asked twice, none is missed."""
    run_id = new_run_id()
    begun = begin_sweep(store, "forum", run_id, DAY)
    asked = []
    for page in pages_to_check(store, "forum", begun.since, 2):
        asked += page
        save_checks(store, "forum", page, {page[0]: "deleted"}, run_id, now())
    assert asked == ["4", "3", "2", "1", "0"]
    with store.writer() as connection:
        assert connection.execute("SELECT post_id FROM posts WHERE source = 'forum' ORDER BY 1").fetchall() == [
            ("1",), ("3",),
        ]  # fmt: skip
        assert connection.execute("SELECT stored, checked, gone FROM sweeps").fetchall() == [(5, 5, 3)]


def test_a_sweep_that_was_cut_off_is_taken_up(store: Store) -> None:
    """What it had looked at is not looked at again; a finished sweep is followed by a whole one."""
    first = new_run_id()
    begun = begin_sweep(store, "forum", first, DAY)
    save_checks(store, "forum", ["4", "3"], {}, first, now())
    end_sweep(store, "forum", first, problem="the source does not answer", worst_latency=None)
    second = new_run_id()
    again = begin_sweep(store, "forum", second, DAY)
    assert (again.since, again.stored, again.looked_at) == (begun.since, 5, 2)
    assert waiting(store, again.since) == ["2", "1", "0"]
    end_sweep(store, "forum", second, problem="", worst_latency=None)
    third = begin_sweep(store, "forum", new_run_id(), DAY)
    assert third.since > begun.since
    assert waiting(store, third.since) == ["2", "1", "0", "3", "4"]


def test_a_sweep_that_was_cut_off_long_ago_begins_anew(store: Store) -> None:
    """What it had looked at may be gone by now."""
    run_id = new_run_id()
    begin_sweep(store, "forum", run_id, DAY)
    save_checks(store, "forum", ["4", "3"], {}, run_id, now())
    with store.writer() as connection:
        connection.execute("UPDATE sweeps SET swept_since = swept_since - INTERVAL 13 HOUR")
    again = begin_sweep(store, "forum", new_run_id(), DAY)
    assert (again.looked_at, len(waiting(store, again.since))) == (0, 5)


def test_the_oldest_unchecked_age_is_that_of_the_post_that_waits_longest(store: Store) -> None:
    """From when it was collected, or from when it was last looked at."""
    run_id = new_run_id()
    begin_sweep(store, "forum", run_id, DAY)
    save_checks(store, "forum", ["4", "3"], {}, run_id, now())
    age = end_sweep(store, "forum", run_id, problem="", worst_latency=None)
    assert age is not None
    assert 3 * DAY <= age < 3 * DAY + timedelta(hours=1)
    assert end_sweep(store, "nothing", run_id, problem="", worst_latency=None) is None


def test_a_check_of_what_is_not_stored_leaves_nothing(store: Store) -> None:
    """An id that was never here, or is gone by now, has no row among the checks."""
    run_id = new_run_id()
    begin_sweep(store, "forum", run_id, DAY)
    save_checks(store, "forum", ["4", "99"], {"4": "deleted"}, run_id, now())
    with store.writer() as connection:
        assert connection.execute("SELECT * FROM post_checks").fetchall() == []
