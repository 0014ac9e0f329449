"""The local feed of reviews answers as Apple's is described."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.servers.app_store import AppStoreServer, Review

DAY = datetime(2023, 8, 6)


def ask(server: AppStoreServer, page: int, country: str = "us", app_id: str = "546505307") -> httpx.Response:
    path = f"/{country}/rss/customerreviews/page={page}/id={app_id}/sortby=mostrecent/json"
    return httpx.get(server.address + path)


def reviews(count: int) -> list[Review]:
    return [Review(n, DAY + timedelta(minutes=n)) for n in range(1, count + 1)]


def ids(answer: httpx.Response) -> list[int]:
    entries: list[dict[str, Any]] = answer.json()["feed"].get("entry", [])
    return [int(entry["id"]["label"]) for entry in entries]


def test_pages_of_50_come_newest_first() -> None:
    """120 reviews are pages of 50, 50 and 20; the next page is empty, without the key `entry`."""
    with AppStoreServer({"us": reviews(120)}) as server:
        pages = [ask(server, page) for page in (1, 2, 3, 4)]
    assert [len(ids(page)) for page in pages] == [50, 50, 20, 0]
    assert [number for page in pages for number in ids(page)] == list(range(120, 0, -1))
    assert "entry" not in pages[3].json()["feed"]
    links = {link["attributes"]["rel"]: link["attributes"]["href"] for link in pages[0].json()["feed"]["link"]}
    assert "/page=3/" in links["last"]


def test_500_reviews_can_be_had() -> None:
    """Of 600 the newest 500; page 11 is refused in words that are no JSON."""
    with AppStoreServer({"us": reviews(600)}) as server:
        last, beyond = ask(server, 10), ask(server, 11)
    assert ids(last)[-1] == 101
    assert (beyond.status_code, beyond.text) == (400, "CustomerReviews RSS page depth is limited to 10")


def test_one_review_is_no_list() -> None:
    """XML that was turned into JSON: a single child has no list around it."""
    with AppStoreServer({"us": [Review(7, DAY, "fine", "Good", 5, "Jane")]}) as server:
        entry = ask(server, 1).json()["feed"]["entry"]
    assert entry["id"] == {"label": "7"}
    assert entry["updated"] == {"label": "2023-08-05T17:00:00-07:00"}
    assert (entry["im:rating"], entry["author"]["name"]) == ({"label": "5"}, {"label": "Jane"})


@pytest.mark.parametrize(("country", "app_id", "status"), [("us", "1", 200), ("zz", "546505307", 400)])
def test_what_is_unknown(country: str, app_id: str, status: int) -> None:
    """An unknown app is a feed without reviews, an unknown country is refused."""
    with AppStoreServer({"us": reviews(3)}) as server:
        answer = ask(server, 1, country, app_id)
    assert answer.status_code == status
    if status == 200:
        assert ids(answer) == []


def test_some_forms_begin_with_the_app_and_some_pages_are_lost() -> None:
    """Both have been met in the real one."""
    with AppStoreServer({"us": reviews(120)}) as server:
        server.app_first, server.empty_pages = True, {("us", 2)}
        first, lost = ask(server, 1).json()["feed"]["entry"], ask(server, 2).json()["feed"]["entry"]
    assert first[0]["im:name"] == {"label": "Zoom"}
    assert "im:rating" not in first[0]
    assert isinstance(lost, dict)
