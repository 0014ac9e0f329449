"""The local X answers as the real one is documented, and recorded, to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.connectors.conftest import Clock
from tests.servers.x import TOKEN, XServer, post
from tests.servers.x_answers import write_time

NOW = datetime(2023, 9, 1, 12)
DAY = datetime(2023, 8, 30)
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[XServer]:
    posts = [post(n, DAY + timedelta(minutes=n), f"zoom {n}") for n in range(1, 46)]
    with XServer(posts, clock=clock) as running:
        yield running


def ask(server: XServer, what: str = "tweets/search/recent", **params: object) -> httpx.Response:
    named = {name.replace("tweet_fields", "tweet.fields"): str(value) for name, value in params.items()}
    return httpx.get(f"{server.address}/2/{what}", params=named, headers=HEADERS)


def ids(answer: httpx.Response) -> list[int]:
    return [int(one["id"]) for one in answer.json().get("data", [])]


def test_posts_come_newest_first_on_pages_with_tokens(server: XServer) -> None:
    """45 posts on pages of 20 are three, linked by tokens; the last has none, and a page may have another size."""
    first = ask(server, query="zoom", max_results=20)
    second = ask(server, query="zoom", max_results=10, next_token=first.json()["meta"]["next_token"])
    third = ask(server, query="zoom", max_results=100, next_token=second.json()["meta"]["next_token"])
    assert ids(first) + ids(second) + ids(third) == list(range(45, 0, -1))
    assert first.json()["meta"] | {"next_token": ""} == {
        "result_count": 20,
        "newest_id": "45",
        "oldest_id": "26",
        "next_token": "",
    }
    assert "next_token" not in third.json()["meta"]


def test_a_search_without_posts_has_no_data(server: XServer) -> None:
    """`data` is left out, and meta says zero."""
    assert ask(server, query="nothing").json() == {"meta": {"result_count": 0}}


def test_only_the_fields_that_were_asked_for_come(server: XServer) -> None:
    """id, text and the history of edits always; the rest by tweet.fields."""
    (bare,) = ask(server, query='"zoom 7"').json()["data"]
    (more,) = ask(server, query='"zoom 7"', tweet_fields="created_at,lang").json()["data"]
    assert bare == {"id": "7", "text": "zoom 7", "edit_history_tweet_ids": ["7"]}
    assert more == bare | {"created_at": "2023-08-30T00:07:00.000Z", "lang": "en"}


def test_the_start_is_inclusive_and_the_end_is_not(server: XServer) -> None:
    """start_time ≤ created_at < end_time."""
    times = {"start_time": "2023-08-30T00:03:00Z", "end_time": "2023-08-30T00:05:00Z"}
    assert ids(ask(server, query="zoom", **times)) == [4, 3]


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"max_results": 9}, "max_results"),
        ({"max_results": 101}, "max_results"),
        ({"end_time": write_time(NOW - timedelta(seconds=9))}, "end_time"),
        ({"start_time": write_time(NOW - timedelta(days=7, seconds=1))}, "start_time"),
        ({"start_time": "yesterday"}, "start_time"),
        ({"start_time": write_time(DAY), "end_time": write_time(DAY)}, "start_time"),
        ({"query": "z" * 513}, "query"),
        ({"query": "(zoom"}, "query"),
        ({"query": "-zoom"}, "query"),
        ({"query": "is:retweet"}, "query"),
        ({"query": "zoom -(lens OR in)"}, "query"),
        ({"next_token": "made-up"}, "next_token"),
    ],
)
def test_what_x_does_not_take_is_a_400_with_its_reason(server: XServer, params: dict[str, Any], parameter: str) -> None:
    """Bounds of pages, times and queries, each with the parameter's name in the error."""
    answer = ask(server, **{"query": "zoom", **params})
    assert answer.status_code == 400
    assert parameter in answer.json()["errors"][0]["parameters"]
    assert answer.json()["type"].endswith("/problems/invalid-request")


def test_the_archive_allows_more(server: XServer) -> None:
    """500 a page, 1,024 characters and all years, where the app may; otherwise 403 with the reason."""
    query = "zoom OR " + " OR ".join(f"brand{n}" for n in range(70))
    wide = {"query": query, "max_results": 500, "start_time": "2010-01-01T00:00:00Z"}
    assert 512 < len(query) <= 1024
    assert len(ids(ask(server, "tweets/search/all", **wide))) == 45
    server.archive = False
    refused = ask(server, "tweets/search/all", **wide)
    assert (refused.status_code, refused.json()["reason"]) == (403, "client-not-enrolled")


def test_a_wrong_token_is_a_401(server: XServer) -> None:
    """Problem+json without a word about why."""
    answer = httpx.get(f"{server.address}/2/tweets/search/recent", headers={"Authorization": "Bearer other"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}


def test_each_endpoint_counts_its_own_window_of_15_minutes(server: XServer, clock: Clock) -> None:
    """The headers count down; at nothing it is a 429, while other endpoints go on; after the window it begins anew."""
    server.limits["/2/tweets/search/recent"] = 2
    answers = [ask(server, query="zoom") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-rate-limit-remaining"] for answer in answers] == ["1", "0", "0"]
    reset = datetime.fromtimestamp(int(answers[2].headers["x-rate-limit-reset"]), UTC).replace(tzinfo=None)
    assert reset == clock() + timedelta(minutes=15)
    assert ask(server, "tweets/counts/recent", query="zoom").status_code == 200
    clock.sleep(900)
    assert ask(server, query="zoom").status_code == 200


def test_the_archive_takes_one_request_a_second(server: XServer, clock: Clock) -> None:
    """The second within a second is a 429."""
    server.paced = True
    statuses = [ask(server, "tweets/search/all", query="zoom").status_code for _ in range(2)]
    clock.sleep(1)
    assert [*statuses, ask(server, "tweets/search/all", query="zoom").status_code] == [200, 429, 200]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zoom", {1, 2, 3, 4, 5, 6}),  # also in a tag, a mention and the address behind a link
        ("ZOOM terms", {1}),
        ('"new zoom"', {1}),
        ('"zoom new"', set()),
        ("#zoom", {2}),
        ("@zoom", {3}),
        ("zoom -@zoom -#zoom", {1, 4, 5, 6}),
        ("zoom -is:retweet", {1, 2, 3, 4, 6}),
        ("(cafe OR terms) zoom", {1, 6}),
        ("teams zoom OR café", {6}),
        ('"coca cola"', {7}),
    ],
)
def test_queries_match_as_in_the_real_one(server: XServer, query: str, found: set[int]) -> None:
    """Words, phrases, tags, mentions, OR, groups and exclusions, folded."""
    server.posts.clear()
    server.add(
        post(1, DAY, "New Zoom terms"),
        post(2, DAY, "the #Zoom"),
        post(3, DAY, "dear @zoom"),
        post(4, DAY, "https://t.co/x", entities={"urls": [{"expanded_url": "https://example.org/zoom"}]}),
        post(5, DAY, "RT @a: zoom", referenced_tweets=[{"type": "retweeted", "id": "9"}]),
        post(6, DAY, "Zoom's café"),
        post(7, DAY, "coca-cola zooms"),
    )
    assert set(ids(ask(server, query=query))) == found


def test_an_edit_takes_the_place_of_the_version_before(server: XServer) -> None:
    """Only the latest version is found, and it lists the others."""
    server.add(post(900, DAY + timedelta(hours=2), "zoom, edited", edit_history_tweet_ids=["45", "900"]))
    newest = ask(server, query="zoom", max_results=100).json()["data"]
    assert (len(newest), newest[0]["edit_history_tweet_ids"]) == (45, ["45", "900"])


def test_references_stand_beside_the_data_with_errors_for_what_is_gone(server: XServer) -> None:
    """A 200 may hold includes and errors at once."""
    server.add(post(901, DAY, "answer", referenced_tweets=[{"type": "replied_to", "id": "7"}]))
    server.add(post(902, DAY, "answer", referenced_tweets=[{"type": "quoted", "id": "666"}]))
    answer = ask(server, query="answer", expansions="referenced_tweets.id").json()
    assert [one["id"] for one in answer["includes"]["tweets"]] == ["7"]
    assert [error["resource_id"] for error in answer["errors"]] == ["666"]


def test_counts_are_told_by_the_hour_or_the_day(server: XServer) -> None:
    """Whole hours, but for the first and the last; together they are the total."""
    times = {"start_time": "2023-08-30T00:10:00Z", "end_time": "2023-08-30T02:00:00Z"}
    body = ask(server, "tweets/counts/recent", query="zoom", **times).json()
    spans = [(row["start"][11:16], row["end"][11:16], row["tweet_count"]) for row in body["data"]]
    assert spans == [("00:10", "01:00", 36), ("01:00", "02:00", 0)]
    assert body["meta"] == {"total_tweet_count": 36}
    (day,) = ask(server, "tweets/counts/recent", query="zoom", granularity="day", **times).json()["data"]
    assert day["tweet_count"] == 36


def test_the_archive_counts_31_days_at_once_newest_first(server: XServer) -> None:
    """A longer time has a token for what is older."""
    times = {"start_time": "2023-07-01T00:00:00Z", "end_time": "2023-09-01T00:00:00Z", "granularity": "day"}
    first = ask(server, "tweets/counts/all", query="zoom", **times).json()
    second = ask(server, "tweets/counts/all", query="zoom", next_token=first["meta"]["next_token"], **times).json()
    assert [len(body["data"]) for body in (first, second)] == [31, 31]
    assert [body["meta"]["total_tweet_count"] for body in (first, second)] == [45, 0]
    assert second["data"][0]["start"] == "2023-07-01T00:00:00.000Z"


def test_a_compliance_job_tells_what_is_gone(server: XServer) -> None:
    """Create, upload, look until it is complete, download: a line for each loss and none for what is still there."""
    server.remove("7")
    server.remove("9", "suspended")
    created = httpx.post(f"{server.address}/2/compliance/jobs", json={"type": "tweets"}, headers=HEADERS).json()["data"]
    assert created["status"] == "created"
    again = httpx.post(f"{server.address}/2/compliance/jobs", json={"type": "tweets"}, headers=HEADERS)
    assert again.status_code == 409
    assert httpx.put(created["upload_url"], content=b"7\n8\n9\n").status_code == 200
    states = [ask(server, f"compliance/jobs/{created['id']}").json()["data"]["status"] for _ in range(2)]
    assert states == ["in_progress", "complete"]
    lines = httpx.get(created["download_url"]).text.splitlines()
    assert [('"7"' in line, '"suspended"' in line) for line in lines] == [(True, False), (False, True)]


def test_the_files_are_kept_from_who_shows_a_token_or_no_signature(server: XServer) -> None:
    """They lie with another service, whose addresses are signed."""
    created = httpx.post(f"{server.address}/2/compliance/jobs", json={"type": "tweets"}, headers=HEADERS).json()["data"]
    url = created["upload_url"]
    assert httpx.put(url, content=b"7", headers=HEADERS).status_code == 400
    assert httpx.put(url.partition("?")[0], content=b"7").status_code == 403
    assert httpx.get(created["download_url"]).status_code == 404
