"""The local Bluesky answers as the real one is documented to, and in the form of its real answers."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.connectors.conftest import Clock
from tests.servers.bluesky import BlueskyServer, label, post

START = datetime(2023, 8, 6)


def log_in(server: BlueskyServer, **more: str) -> dict[str, str]:
    asked = {"identifier": server.handle, "password": server.password, **more}
    answer = httpx.post(f"{server.address}/xrpc/com.atproto.server.createSession", json=asked)
    return {"Authorization": f"Bearer {answer.json().get('accessJwt')}"}


def ask(server: BlueskyServer, method: str, headers: dict[str, str], **params: Any) -> httpx.Response:
    return httpx.get(f"{server.address}/xrpc/app.bsky.feed.{method}", params=params, headers=headers)


def shape(value: Any) -> Any:
    """Names and types."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    return type(value).__name__


def test_a_view_has_the_form_of_a_real_one(shared_data: Path) -> None:
    """Every field that all real search results have is there, with the same type."""
    real = json.loads((shared_data / "api_responses/bluesky/f_search.00.json").read_text("utf-8"))
    views = [shape(view) for view in real["response"]["json"]["posts"]]
    ours = shape(post(1, START, "zoom"))
    assert len(views) == 25
    for name in set.intersection(*map(set, views)):
        real_ones = [view[name] for view in views]
        if isinstance(ours[name], str):
            assert ours[name] in real_ones
        else:
            assert set(ours[name]) <= set().union(*real_ones), name
            assert set.intersection(*map(set, real_ones)) <= set(ours[name]), name
    headers = {name.lower() for name in real["response"]["headers"]}
    with BlueskyServer(clock=Clock()) as server:
        answer = ask(server, "searchPosts", log_in(server), q="zoom")
    assert {name for name in answer.headers if name.startswith("ratelimit")} <= headers
    assert real["response"]["json"]["cursor"] == "25"


def test_a_search_needs_a_session() -> None:
    """Without a token 401, with a wrong password 401, with one that ended 400 ExpiredToken."""
    clock = Clock()
    with BlueskyServer([post(1, START, "zoom")], clock=clock) as server:
        assert ask(server, "searchPosts", {}, q="zoom").status_code == 401
        wrong = ask(server, "searchPosts", log_in(server, password="wrong"), q="zoom")
        assert (wrong.status_code, wrong.json()["error"]) == (400, "InvalidToken")
        session = log_in(server)
        assert ask(server, "searchPosts", session, q="zoom").status_code == 200
        clock.now += timedelta(hours=2)
        ended = ask(server, "searchPosts", session, q="zoom")
        assert (ended.status_code, ended.json()["error"]) == (400, "ExpiredToken")


def test_a_session_is_renewed_by_its_refresh_token() -> None:
    """The refresh token gives a new session, the access token does not."""
    with BlueskyServer(clock=Clock()) as server:
        address = f"{server.address}/xrpc/com.atproto.server."
        asked = {"identifier": server.handle, "password": server.password}
        session = httpx.post(f"{address}createSession", json=asked).json()
        tokens = [session["accessJwt"], session["refreshJwt"]]
        answers = [
            httpx.post(f"{address}refreshSession", headers={"Authorization": f"Bearer {token}"}) for token in tokens
        ]
    assert [answer.status_code for answer in answers] == [400, 200]


def test_pages_follow_a_cursor_as_deep_as_it_leads() -> None:
    """Newest first; the cursor counts, ends with the posts or at the greatest depth, and hidden posts leave gaps."""
    posts = [post(n, START + timedelta(minutes=n), "zoom") for n in range(60)]
    with BlueskyServer(posts, clock=Clock(), deepest=50) as server:
        session = log_in(server)
        server.hidden = {posts[58]["uri"]}
        pages, cursor = [], {}
        while True:
            body = ask(server, "searchPosts", session, q="zoom", limit=20, **cursor).json()
            pages.append([view["uri"] for view in body["posts"]])
            if "cursor" not in body:
                break
            cursor = {"cursor": body["cursor"]}
        deep = ask(server, "searchPosts", session, q="zoom", cursor="51")
    assert [len(page) for page in pages] == [19, 20, 20]
    assert pages[0][0] == posts[59]["uri"]
    assert deep.status_code == 400


def test_since_is_inclusive_and_until_is_not() -> None:
    """Both by the earlier of createdAt and indexedAt."""
    posts = [post(n, START + timedelta(seconds=n), "zoom") for n in range(5)]
    posts.append(post(9, START + timedelta(seconds=2), "zoom", createdAt="2030-01-01T00:00:00.000Z"))
    with BlueskyServer(posts, clock=Clock()) as server:
        span = {"since": "2023-08-06T00:00:01.000Z", "until": "2023-08-06T00:00:03.000Z"}
        found = ask(server, "searchPosts", log_in(server), q="zoom", **span).json()["posts"]
    assert [view["uri"][-2:] for view in found] == ["09", "02", "01"]


def test_every_word_must_occur_as_the_service_cuts_it() -> None:
    """Case and accents do not count; an apostrophe or full stop in a word does not end it; phrases hold."""
    texts = ["Zoom's terms", "zoom TERMS", "zöom.us terms", "terms of zoom", "zooming terms"]
    with BlueskyServer((post(n, START, text) for n, text in enumerate(texts)), clock=Clock()) as server:
        session = log_in(server)

        def find(query: str) -> set[str]:
            return {view["record"]["text"] for view in ask(server, "searchPosts", session, q=query).json()["posts"]}

        assert find("zoom terms") == {"zoom TERMS", "terms of zoom"}
        assert find('"zoom terms"') == {"zoom TERMS"}
        assert find('"zoom.us"') == {"zöom.us terms"}
        assert find("zoom's") == {"Zoom's terms"}


def test_posts_are_given_by_name() -> None:
    """At most 25 a request; those that are gone are left out without a word."""
    posts = [post(n, START, "zoom", labels=[label("!hide")]) for n in range(3)]
    with BlueskyServer(posts, clock=Clock()) as server:
        session = log_in(server)
        server.index.remove(posts[1]["uri"])
        given = ask(server, "getPosts", session, uris=[view["uri"] for view in posts])
        many = ask(server, "getPosts", session, uris=["at://x"] * 26)
    assert [view["uri"] for view in given.json()["posts"]] == [posts[0]["uri"], posts[2]["uri"]]
    assert many.status_code == 400


def test_requests_are_counted_in_windows_of_five_minutes() -> None:
    """Every answer says what remains; after 3,000 the next is a 429 until the window ends."""
    clock = Clock()
    with BlueskyServer(clock=clock) as server:
        session = log_in(server)
        server.used = [clock.now] * 2_999
        last, beyond = (ask(server, "searchPosts", session, q="zoom") for _ in range(2))
        clock.now += timedelta(seconds=300)
        after = ask(server, "searchPosts", session, q="zoom")
    assert (last.status_code, last.headers["ratelimit-remaining"]) == (200, "0")
    assert (beyond.status_code, beyond.json()["error"]) == (429, "RateLimitExceeded")
    assert after.headers["ratelimit-remaining"] == "2999"
