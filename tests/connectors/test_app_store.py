"""The App Store's reviews, against a local feed with the real one's limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from brands.brand_file import Source
from brands.query import parse
from connectors.app_store import AppStore, read_review
from connectors.batch import AuthorKey, Batch, Coverage, Window
from connectors.errors import BadInput, BadPayload, NotFound, Unavailable
from connectors.items import Unreadable
from tests.connectors.conftest import Clock
from tests.servers.app_store import AppStoreServer, Review
from tests.servers.platform import Response

NOW = datetime(2023, 9, 1, 12)
DAY = datetime(2023, 8, 6)
ZOOM = parse("zoom")
ALWAYS = Window()


def connect(server: AppStoreServer, author_key: AuthorKey, now: datetime = NOW, **more: Any) -> AppStore:
    clock = Clock()
    settings = {"countries": tuple(server.reviews), "match": "all", "app_id": "546505307", **more}
    source = Source(connector="app_store", name="app_store", url=server.address, **settings)
    return AppStore(source, author_key, now, clock=clock, sleep=clock.sleep)


def hourly(count: int, first_id: int = 1, start: datetime = DAY) -> list[Review]:
    return [Review(first_id + n, start + timedelta(hours=n)) for n in range(count)]


def ids(batches: Iterable[Batch]) -> list[str]:
    return [post_id for batch in batches for post_id in batch.posts.column("post_id").to_pylist()]


def spans(batches: Iterable[Batch]) -> list[Coverage]:
    return [row for batch in batches for row in batch.coverage]


def test_a_review_is_stored_whole(author_key: AuthorKey) -> None:
    """Stars as rating, Apple's id, the date in UTC, the page of the app and not of the reviewer."""
    with AppStoreServer({"de": [Review(7, DAY, "I <3 it & more", "Toll", 5, "Jane")]}) as server:
        (batch,) = connect(server, author_key).batches(ZOOM, ALWAYS, None)
    assert batch.posts.to_pylist() == [
        {
            "source": "app_store",
            "post_id": "7",
            "author_key": author_key("app_store", "Jane"),
            "created_at": DAY,
            "collected_at": NOW,
            "kind": "review",
            "text": "I <3 it & more",
            "title": "Toll",
            "lang": None,
            "url": "https://apps.apple.com/de/app/id546505307",
            "parent_id": None,
            "thread_id": None,
            "rating": 5.0,
            "truncated": False,
        }
    ]


def test_every_review_is_about_the_app_unless_the_query_is_wanted(author_key: AuthorKey) -> None:
    """With `match = "all"` nobody has to write the brand's name to be heard."""
    reviews = {"us": [Review(1, DAY, "crashes"), Review(2, DAY, "zoom crashes")]}
    with AppStoreServer(reviews) as server:
        assert sorted(ids(connect(server, author_key).batches(ZOOM, ALWAYS, None))) == ["1", "2"]
        assert ids(connect(server, author_key, match="query").batches(ZOOM, ALWAYS, None)) == ["2"]
    assert AppStore.translate(ZOOM) == []


def test_what_lies_before_500_reviews_is_capped(author_key: AuthorKey) -> None:
    """Of 600 reviews 500 come; the time before the oldest of them is not silence."""
    with AppStoreServer({"us": hourly(600)}) as server:
        batches = list(connect(server, author_key, since=DAY.date()).batches(ZOOM, ALWAYS, None))
        assert len(server.log) == 10
    oldest = DAY + timedelta(hours=100)
    assert set(ids(batches)) == {str(n) for n in range(101, 601)}
    assert [(row.window_start, row.window_end, row.capped) for row in spans(batches)] == [
        (DAY, oldest, True),
        (oldest, NOW, False),
    ]


def test_exactly_500_reviews_that_reach_back_far_enough_are_complete(author_key: AuthorKey) -> None:
    """The cap is one only where it hides time that was asked for."""
    with AppStoreServer({"us": hourly(500)}) as server:
        batches = list(connect(server, author_key, since=DAY.date()).batches(ZOOM, ALWAYS, None))
    assert spans(batches) == [Coverage(DAY, NOW, 500)]


def test_only_the_pages_that_are_needed_are_asked_for(author_key: AuthorKey) -> None:
    """The next run reads until a page lies before the lag, and nothing else."""
    with AppStoreServer({"us": hourly(400)}) as server:
        cursor = list(connect(server, author_key).batches(ZOOM, ALWAYS, None))[-1].cursor
        server.log.clear()
        later = NOW + timedelta(days=1)
        batches = list(connect(server, author_key, now=later).batches(ZOOM, ALWAYS, cursor))
        assert len(server.log) == 1
    assert spans(batches) == [Coverage(NOW - timedelta(days=3), later, 0)]


def test_each_country_goes_on_where_it_ended_itself(author_key: AuthorKey) -> None:
    """A country that fails has its line; the others are saved, and it starts where it would have begun."""
    reviews = {"us": hourly(60, 1), "zz": [], "gb": hourly(60, 1_000)}
    with AppStoreServer(reviews) as server:
        del server.reviews["zz"]
        batches: list[Batch] = []
        with pytest.raises(BadPayload, match=r"HTTP 400.*zz/rss/customerreviews"):
            batches.extend(connect(server, author_key, countries=("us", "zz", "gb")).batches(ZOOM, ALWAYS, None))
        assert len(ids(batches)) == 120
        assert [row.failed for row in spans(batches)] == [True]
        server.reviews["zz"] = hourly(60, 2_000)
        server.log.clear()
        again = connect(server, author_key, countries=("us", "zz", "gb")).batches(ZOOM, ALWAYS, batches[-1].cursor)
        assert {str(n) for n in range(2_000, 2_060)} <= set(ids(again))


@pytest.mark.parametrize("lost", [1, 2])
def test_a_page_that_is_lost_is_told_and_read_again(author_key: AuthorKey, lost: int) -> None:
    """The page's time is unknown, so that all of it is capped, and the country does not go on before it is here."""
    with AppStoreServer({"us": hourly(120)}) as server:
        server.empty_pages = {("us", lost)}
        first = list(connect(server, author_key).batches(ZOOM, ALWAYS, None))
        server.empty_pages = set()
        second = list(connect(server, author_key).batches(ZOOM, ALWAYS, first[-1].cursor))
    assert len(ids(first)) == 70
    assert [row.capped for row in spans(first)] == [True]
    assert len({*ids(first), *ids(second)}) == 120


def test_a_country_that_falls_silent_altogether_is_not_believed(author_key: AuthorKey) -> None:
    """The feed shows the newest reviews however old they are: one that shows none has lost them."""
    with AppStoreServer({"us": hourly(10), "gb": hourly(10, 100)}) as server:
        cursor = list(connect(server, author_key).batches(ZOOM, ALWAYS, None))[-1].cursor
        server.reviews["gb"] = []
        with pytest.raises(Unavailable, match="no reviews where it did before"):
            list(connect(server, author_key).batches(ZOOM, ALWAYS, cursor))


def test_an_app_that_is_not_there_is_told(author_key: AuthorKey) -> None:
    """Apple answers as for an app without reviews; a slip in the number would look like silence for ever."""
    with AppStoreServer({"us": hourly(10), "gb": []}) as server:
        with pytest.raises(NotFound, match="no reviews of app 1; is app_id right"):
            list(connect(server, author_key, app_id="1").batches(ZOOM, ALWAYS, None))
        assert len(ids(connect(server, author_key).batches(ZOOM, ALWAYS, None))) == 10


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"id": {"label": "7"}},
        {"id": {"label": "7"}, "updated": {"label": "yesterday"}},
        {"id": "7", "updated": {"label": "2023-08-06T10:00:00-07:00"}},
        {"id": {"label": "https://a.org/Jane"}, "updated": {"label": "2023-08-06T10:00:00-07:00"}},
    ],
)
def test_a_review_that_cannot_be_placed_goes_to_quarantine(entry: Mapping[str, Any]) -> None:
    """Without id or date, by its reason only."""
    assert read_review(dict(entry), "us", "1") == Unreadable("a review without id or date")


@pytest.mark.parametrize("body", [{}, {"feed": []}, {"feed": {"entry": "x"}}])
def test_answers_of_another_form_are_bad_payload(author_key: AuthorKey, body: Mapping[str, Any]) -> None:
    """Told, never read as an app without reviews."""
    with AppStoreServer({"us": []}) as server:
        server.respond = lambda request: Response(body=body)  # type: ignore[method-assign]
        with pytest.raises(BadPayload, match="no feed of reviews"):
            list(connect(server, author_key).batches(ZOOM, ALWAYS, None))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"app_id": "zoom"}, "app_id"),
        ({"app_id": "1/../2"}, "app_id"),
        ({"countries": ("usa",)}, "countries"),
        ({"countries": ("../x",)}, "countries"),
    ],
)
def test_settings_that_cannot_be_used_are_told(
    author_key: AuthorKey, settings: Mapping[str, str | Sequence[str]], told: str
) -> None:
    """Before anything is asked."""
    with AppStoreServer({"us": []}) as server, pytest.raises(BadInput, match=told):
        connect(server, author_key, **settings)


def test_without_an_app_nothing_is_asked(author_key: AuthorKey) -> None:
    """The number is needed; the country is the United States unless others are named."""
    with AppStoreServer({"us": hourly(1)}) as server:
        with pytest.raises(BadInput, match="needs app_id"):
            list(connect(server, author_key, app_id=None).batches(ZOOM, ALWAYS, None))
        assert ids(connect(server, author_key, countries=()).batches(ZOOM, ALWAYS, None)) == ["1"]
