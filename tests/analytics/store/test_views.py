from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from analytics.store import Store, read
from analytics.store.catalogue import views
from analytics.store.saving import Listener, record_questions, save_arrival
from tests.posts import START, arrival, covered, posts
from tests.stores import NewStore


@pytest.fixture
def store(new_store: NewStore) -> Store:
    made = new_store()
    with made.writer() as connection:
        connection.execute(
            "INSERT INTO brands VALUES ('acme', 'Acme', 'acme', 'q1', 'vader', '1', [], [], 't1', [], 'UTC', 'f', NULL)"
        )
    return made


def days(store: Store) -> dict[str, str]:
    store.publish()
    return {row.day.date().isoformat(): row.status for row in read("coverage_daily", store=store.url).itertuples()}


@pytest.mark.parametrize("name", list(views()))
def test_every_view_is_documented_column_by_column(store: Store, name: str) -> None:
    """The head of the view's file names its columns, all of them, in order, and a key made of them."""
    store.publish()
    with store.reader() as connection:
        columns = [row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall()]
    described = views()[name]
    assert list(described.columns) == columns
    assert set(described.key) <= set(columns)
    assert all(note and note[-1] not in ",;" for note in described.columns.values())


def test_a_gap_in_collection_is_not_silence(store: Store) -> None:
    """Days that were never asked, failed, capped or asked in part are told apart from a complete day without posts."""
    rows = [
        covered(START, 1),
        covered(START + timedelta(days=1), 1, failed=True),
        covered(START + timedelta(days=2), 1, capped=True),
        covered(START + timedelta(days=3), 0.5),
    ]
    save_arrival(store, arrival(posts([]), coverage=rows))
    found = days(store)
    assert [found[f"2023-01-0{day}"] for day in range(2, 9)] == [
        "complete", "failed", "capped", "partial", "never_asked", "never_asked", "never_asked",
    ]  # fmt: skip


def test_windows_that_join_make_a_complete_day(store: Store) -> None:
    """Hourly windows that touch or overlap add up; what overlaps counts once."""
    hours = [covered(START + timedelta(hours=hour), 1.5 / 24) for hour in range(24)]
    save_arrival(store, arrival(posts([]), coverage=hours))
    assert days(store)["2023-01-02"] == "complete"
    lines = [covered(START + timedelta(days=7), 0.6), covered(START + timedelta(days=7.2), 0.2)]
    save_arrival(store, arrival(posts([]), coverage=lines))
    assert days(store)["2023-01-09"] == "partial"
    frame = read("coverage_daily", store=store.url)
    assert frame.loc[frame["day"] == "2023-01-09", "covered_hours"].item() == pytest.approx(14.4)


def test_a_later_success_heals_a_failed_day(store: Store) -> None:
    """A backfill that covers a day makes it complete, whatever failed before."""
    save_arrival(store, arrival(posts([]), coverage=[covered(START, 1, failed=True)]))
    save_arrival(store, arrival(posts([]), coverage=[covered(START, 1)]))
    assert days(store)["2023-01-02"] == "complete"


def test_an_empty_week_is_a_row_with_no_authors_and_its_coverage(store: Store) -> None:
    """The calendar of trust_weekly has no holes: collected silence and a gap are both there, and differ."""
    rows = [
        covered(START, 14),
        covered(START + timedelta(days=14), 7, failed=True),
        covered(START + timedelta(days=21), 7),
    ]
    save_arrival(store, arrival(posts([]), coverage=rows))
    store.publish()
    frame = read("trust_weekly", "acme", store=store.url).query("scope == 'all'")
    assert frame["coverage"].tolist() == ["complete", "complete", "none", "complete"]
    assert frame["authors"].tolist() == [0, 0, 0, 0]
    assert frame["net_trust"].isna().all()


def test_a_week_counts_as_complete_only_over_all_sources(store: Store) -> None:
    """One source that failed makes the brand's week partial and is named."""
    save_arrival(store, arrival(posts([]), coverage=[covered(START, 14)]))
    save_arrival(
        store,
        arrival(
            posts([]), source="blog", coverage=[covered(START, 7), covered(START + timedelta(days=7), 7, failed=True)]
        ),
    )
    store.publish()
    frame = read("coverage_weekly", "acme", store=store.url)
    assert frame["coverage"].tolist() == ["complete", "partial"]
    assert frame["not_collected"].tolist()[1] == "blog: 7 of 7 days"


def test_read_cuts_by_brand_and_time(store: Store) -> None:
    """since is inclusive, until exclusive, on the view's own time column; ordered by its key."""
    save_arrival(
        store,
        arrival(
            posts([]),
            coverage=[covered(START, 28)],
            listeners=[Listener("acme", "q1", "all"), Listener("other", "q", "all")],
        ),
    )
    store.publish()
    frame = read("coverage_weekly", "acme", since=date(2023, 1, 9), until="2023-01-23", store=store.url)
    assert [week.date() for week in frame["week"]] == [date(2023, 1, 9), date(2023, 1, 16)]
    assert read("coverage_weekly", "acme' OR 1=1 --", store=store.url).empty


def test_a_constant_ledger_row_of_no_length_is_harmless(store: Store) -> None:
    """A window that ends where it starts covers nothing and breaks nothing."""
    save_arrival(store, arrival(posts([]), coverage=[covered(datetime(2023, 1, 4), 0), covered(START, 1)]))
    assert days(store)["2023-01-04"] == "never_asked"


def test_what_another_query_covered_says_nothing_of_the_present_one(store: Store) -> None:
    """A live source that was asked by an earlier query is not called collected once it is asked by the present one."""
    old, new = covered(START, 7), covered(START + timedelta(days=5), 2)
    save_arrival(store, arrival(posts([]), coverage=[old], query_hash="q0"))
    assert days(store)["2023-01-03"] == "complete"
    save_arrival(store, arrival(posts([]), coverage=[new], query_hash="q1"))
    record_questions(store, [("acme", "forum", "q1")])
    found = days(store)
    assert (found["2023-01-03"], found["2023-01-07"]) == ("never_asked", "complete")
