"""The local Reddit answers as the real one is documented and recorded to."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.servers.reddit import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME, RedditServer, comment, delete, submission
from tests.servers.reddit_things import Thing, matches

START = 1_691_280_000  # 2023-08-06
PASSWORD_GRANT = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}


def log_in(server: RedditServer, form: dict[str, str] | None = None, secret: str = CLIENT_SECRET) -> httpx.Response:
    form = form or {"grant_type": "client_credentials"}
    return httpx.post(f"{server.address}/api/v1/access_token", data=form, auth=(CLIENT_ID, secret))


def connect(server: RedditServer) -> httpx.Client:
    token = log_in(server).json()["access_token"]
    return httpx.Client(base_url=server.address, headers={"Authorization": f"bearer {token}"})


def ask(server: RedditServer, path: str, **params: Any) -> Any:
    with connect(server) as client:
        answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(listing: Any) -> list[str]:
    return [child["data"]["id"] for child in listing["data"]["children"]]


def make_posts(count: int) -> list[Thing]:
    return [submission(n, START + n, f"zoom {n}") for n in range(1, count + 1)]


def test_tokens_are_given_for_both_grants_and_refused_as_by_the_real_one() -> None:
    """A wrong secret is 401, a wrong password a 200 that says invalid_grant, an unknown grant a 200 that says so."""
    with RedditServer() as server:
        script, read_only = log_in(server, PASSWORD_GRANT), log_in(server)
        assert (script.json()["token_type"], script.json()["scope"]) == ("bearer", "*")
        assert script.json()["access_token"] != read_only.json()["access_token"]
        wrong = log_in(server, secret="guessed")
        assert (wrong.status_code, wrong.json()) == (401, {"message": "Unauthorized", "error": 401})
        assert log_in(server, {**PASSWORD_GRANT, "password": "x"}).json() == {"error": "invalid_grant"}
        assert log_in(server, {"grant_type": "magic"}).json() == {"error": "unsupported_grant_type"}


def test_without_a_good_token_nothing_is_answered() -> None:
    """No token, a token that was never given and one that has run out are 401 with www-authenticate."""
    with RedditServer(make_posts(3)) as server, connect(server) as client:
        assert client.get("/r/zoom/new").status_code == 200
        server.expire_tokens()
        for headers in ({}, {"Authorization": "bearer guessed"}, client.headers):
            answer = httpx.get(f"{server.address}/r/zoom/new", headers=headers)
            assert (answer.status_code, answer.json()["error"]) == (401, 401)
            assert "invalid_token" in answer.headers["www-authenticate"]


def test_a_token_lasts_as_many_answers_as_it_is_told_to() -> None:
    """The third request of a token that is good for two is refused."""
    with RedditServer(make_posts(3)) as server:
        server.token_requests = 2
        with connect(server) as client:
            assert [client.get("/r/zoom/new").status_code for _ in range(3)] == [200, 200, 401]


def test_a_listing_is_newest_first_and_paged_by_fullnames() -> None:
    """`after` goes on behind a fullname, `before` goes back from it; the last page has no after; at most 100 a page."""
    with RedditServer(make_posts(230)) as server:
        first = ask(server, "/r/zoom/new", limit=1_000)
        second = ask(server, "/r/zoom/new", limit=100, after=first["data"]["after"])
        third = ask(server, "/r/zoom/new", limit=100, after=second["data"]["after"])
        back = ask(server, "/r/zoom/new", limit=100, before=third["data"]["children"][0]["data"]["name"])
        default = ask(server, "/r/zoom/new")
    assert [len(ids(page)) for page in (first, second, third, default)] == [100, 100, 30, 25]
    assert first["kind"] == "Listing"
    assert {child["kind"] for child in first["data"]["children"]} == {"t3"}
    assert (first["data"]["before"], third["data"]["after"]) == (None, None)
    assert ids(back) == ids(second)
    times = [child["data"]["created_utc"] for page in (first, second, third) for child in page["data"]["children"]]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(("path", "most"), [("/r/zoom/new", 1_000), ("/r/zoom/search", 250)])
def test_a_listing_ends_at_its_cap(path: str, most: int) -> None:
    """Of 1,100 posts a listing gives 1,000 and a search 250, and neither says that there are more."""
    with RedditServer(make_posts(1_100)) as server:
        found, after = 0, ""
        while True:
            page = ask(server, path, limit=100, after=after, q="zoom", restrict_sr="true")
            found, after = found + len(ids(page)), page["data"]["after"]
            if not after:
                break
    assert found == most


def test_every_answer_tells_the_allowance_and_beyond_it_is_429() -> None:
    """Used goes up, remaining down; with nothing left the answer is 429 with the same headers."""
    with RedditServer(make_posts(1)) as server, connect(server) as client:
        server.allowance = 2
        answers = [client.get("/r/zoom/new") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1.0", "0.0", "0.0"]
    assert [answer.headers["x-ratelimit-used"] for answer in answers] == ["1", "2", "2"]
    assert answers[2].json() == {"message": "Too Many Requests", "error": 429}


@pytest.mark.parametrize(
    ("closed", "status", "reason"),
    [("private", 403, "private"), ("quarantined", 403, "quarantined"), ("banned", 404, "banned")],
)
def test_closed_subreddits_say_why(closed: str, status: int, reason: str) -> None:
    """Listings, searches and threads of a closed subreddit are refused; info and r/all leave its things out."""
    with (
        RedditServer([*make_posts(1), submission(2, START, "zoom", subreddit="open")]) as server,
        connect(server) as client,
    ):
        server.closed["zoom"] = closed
        for path in ("/r/zoom/new", "/r/zoom/search?q=zoom&restrict_sr=true", "/comments/1"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["reason"], answer.json()["error"]) == (status, reason, status)
        assert ids(client.get("/api/info", params={"id": "t3_1,t3_2"}).json()) == ["2"]
        assert ids(client.get("/r/all/search", params={"q": "zoom"}).json()) == ["2"]


def test_a_subreddit_that_does_not_exist_redirects_to_the_search_for_one() -> None:
    """302 to /subreddits/search, as for praw's Redirect."""
    with RedditServer() as server, connect(server) as client:
        answer = client.get("/r/nowhere/new")
    assert answer.status_code == 302
    assert "/subreddits/search" in answer.headers["location"]


def test_a_tree_is_cut_at_its_number_and_its_depth() -> None:
    """What does not fit stands in `more` by id, what is too deep behind an empty `more` on a page of its own."""
    post = submission(1, START, "zoom")
    wide = [comment(100 + n, START + n, "a", post) for n in range(12)]
    deep = [comment(200, START + 50, "b", post)]
    for n in range(1, 12):
        deep.append(comment(200 + n, START + 50 + n, "b", post, deep[-1]))
    with RedditServer([post, *deep, *wide], tree=15) as server:
        link, tree = ask(server, "/comments/1", limit=500)
        assert ids(link) == ["1"]
        assert link["data"]["children"][0]["data"]["num_comments"] == 24
        *shown, more = tree["data"]["children"]
        assert more["kind"] == "more"
        assert (more["data"]["count"], len(more["data"]["children"])) == (5, 5)
        level, thing = 0, shown[0]
        while thing["data"].get("replies"):
            level, thing = level + 1, thing["data"]["replies"]["data"]["children"][0]
        assert (level, thing["kind"], thing["data"]["count"], thing["data"]["children"]) == (8, "more", 0, [])
        _, rest = ask(server, f"/comments/1/_/{thing['data']['parent_id'].removeprefix('t1_')}")
        assert ids(rest) == [thing["data"]["parent_id"].removeprefix("t1_")]
        with connect(server) as client:
            form = {"link_id": "t3_1", "children": ",".join(more["data"]["children"]), "api_type": "json"}
            answer = client.post("/api/morechildren", data=form).json()["json"]
    assert answer["errors"] == []
    assert [thing["data"]["id"] for thing in answer["data"]["things"]] == more["data"]["children"]


def test_more_children_come_with_what_stands_under_them() -> None:
    """Flat, each after its parent, and what is too much again as `more`."""
    post = submission(1, START, "zoom")
    parent = comment(2, START + 1, "a", post)
    replies = [comment(n, START + n, "b", post, parent) for n in range(3, 8)]
    with RedditServer([post, parent, *replies], more=4) as server, connect(server) as client:
        form = {"link_id": "t3_1", "children": "2"}
        things = client.post("/api/morechildren", data=form).json()["json"]["data"]["things"]
    assert [thing["kind"] for thing in things] == ["t1"] * 4 + ["more"]
    assert (things[-1]["data"]["parent_id"], len(things[-1]["data"]["children"])) == ("t1_2", 2)


def test_info_gives_what_is_there_and_at_most_a_hundred() -> None:
    """What was never there is left out, what was deleted comes without name and text."""
    posts = make_posts(2)
    delete(posts[1])
    with RedditServer(posts) as server, connect(server) as client:
        listing = client.get("/api/info", params={"id": "t3_1,t3_zzz,t3_2"}).json()
        too_many = client.get("/api/info", params={"id": ",".join(f"t3_{n}" for n in range(101))})
    assert ids(listing) == ["1", "2"]
    gone = listing["data"]["children"][1]["data"]
    assert (gone["author"], gone["selftext"], gone["removed_by_category"]) == ("[deleted]", "[deleted]", "deleted")
    assert too_many.status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("zoom", True),
        ("ZOOM TERMS", True),
        ("zoom lens", False),
        ("lens OR zoom", True),
        ("lens OR zoom AND camera", False),
        ("(lens OR zoom) AND term", True),
        ('"zoom term"', True),
        ('"terms zoom"', False),
        ("zoom NOT lenses", True),
        ("zoom NOT policies", False),
        ("zoom -policy", True),
        ("title:privacy", False),
        ("selftext:privacy", True),
        ("author:author7", True),
        ("zoo", False),
        ("zoo*", False),
        ("café", True),
        ("and", False),
    ],
)
def test_the_search_reads_its_language(query: str, found: bool) -> None:
    """Words by their stems in title and text, operators in upper case only, AND before OR."""
    assert matches(query, submission(7, START, "Zoom's terms", "new cafe, privacy policies")) is found


def test_a_query_of_more_than_512_characters_is_refused() -> None:
    """400 with the field and the reason."""
    with RedditServer(make_posts(1)) as server, connect(server) as client:
        assert client.get("/r/zoom/search", params={"q": "z" * 512, "restrict_sr": "true"}).status_code == 200
        answer = client.get("/r/zoom/search", params={"q": "z" * 513, "restrict_sr": "true"})
    assert (answer.status_code, answer.json()["fields"], answer.json()["reason"]) == (400, ["q"], "TOO_LONG")
