"""The local page-view service answers as Wikimedia's is documented to."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from tests.servers.wikimedia import WikimediaServer, every_day

DAY = date(2023, 8, 6)
AGENT = {"User-Agent": "tests/1 (me@example.org)"}


def ask(server: WikimediaServer, rest: str, project: str = "en.wikipedia.org") -> httpx.Response:
    return httpx.get(f"{server.url}/per-article/{project}/all-access/user/{rest}", headers=AGENT)


def test_both_ends_are_inclusive_and_days_without_views_are_left_out() -> None:
    """Three days asked for, the middle one without a view: two items."""
    views = {"Zoom_(software)": {**every_day(DAY, 5), date(2023, 8, 7): 0}}
    with WikimediaServer(views) as server:
        items = ask(server, "Zoom_%28software%29/daily/2023080600/2023080800").json()["items"]
    assert [(item["timestamp"], item["views"]) for item in items] == [("2023080600", 100), ("2023080800", 100)]
    assert items[0] == {
        "project": "en.wikipedia",
        "article": "Zoom_(software)",
        "granularity": "daily",
        "timestamp": "2023080600",
        "access": "all-access",
        "agent": "user",
        "views": 100,
    }


def test_months_are_added_up() -> None:
    """Monthly items are dated on the first of the month."""
    with WikimediaServer({"Zoom": every_day(DAY, 30)}) as server:
        items = ask(server, "Zoom/monthly/2015070100/2023123100").json()["items"]
    assert [(item["timestamp"], item["views"]) for item in items] == [("2023080100", 2_600), ("2023090100", 400)]


@pytest.mark.parametrize(
    ("rest", "project", "status"),
    [
        ("Zoom/daily/2022080600/2022080700", "en.wikipedia.org", 404),
        ("Nothing/daily/2023080600/2023080700", "en.wikipedia.org", 404),
        ("Zoom/daily/2023080600/2023080700", "de.wikipedia.org", 404),
        ("Zoom/hourly/2023080600/2023080700", "en.wikipedia.org", 404),
        ("Zoom/daily/2023080700/2023080600", "en.wikipedia.org", 400),
        ("Zoom/daily/2023023100/2023080600", "en.wikipedia.org", 400),
    ],
)
def test_problems_are_documents(rest: str, project: str, status: int) -> None:
    """404 for what is not there, be it days or an article; 400 for dates that are none."""
    with WikimediaServer({"Zoom": every_day(DAY, 5)}) as server:
        answer = ask(server, rest, project)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"


def test_who_does_not_say_who_he_is_is_refused() -> None:
    """The default agent of an HTTP library is not welcome."""
    with WikimediaServer({"Zoom": every_day(DAY, 5)}) as server:
        answer = httpx.get(f"{server.url}/per-article/en.wikipedia/all-access/user/Zoom/daily/20230806/20230807")
    assert answer.status_code == 403
