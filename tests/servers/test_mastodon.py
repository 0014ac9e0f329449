"""The local Mastodon server answers as the real one is documented to, and in the form of its real answers."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.connectors.conftest import Clock
from tests.servers.mastodon import MastodonServer, Status, copy, number_at, status

START = datetime(2023, 8, 6)
HOME = "https://home.example"


def serve(*statuses: Status, **more: Any) -> MastodonServer:
    server = MastodonServer(clock=Clock(), **more)
    server.add(*statuses)
    return server


def ask(server: MastodonServer, path: str, token: str = "", **params: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.get(f"{server.address}{path}", params=params, headers=headers)


def test_a_status_has_the_form_of_a_real_one(shared_data: Path) -> None:
    """Every field of ours is one of a real status, with a value of its kind, and the headers are spelt as the real."""
    real = json.loads((shared_data / "api_responses/mastodon/test_hashtag_tl.02.json").read_text("utf-8"))["response"]
    [theirs] = real["json"]
    ours = status(HOME, 1, START, "zoom", "hoot")
    for one, other in ((ours, theirs), (ours["account"], theirs["account"]), (ours["tags"][0], theirs["tags"][0])):
        assert set(one) <= set(other)
        for name, value in one.items():
            assert value is None or other[name] is None or isinstance(value, type(other[name])), name
    with serve(ours) as server:
        answer = ask(server, "/api/v1/timelines/tag/hoot")
    assert real["headers"]["x-ratelimit-limit"] == answer.headers["x-ratelimit-limit"]
    for name in ("x-ratelimit-reset", "x-ratelimit-remaining"):
        assert len(answer.headers[name]) == len(real["headers"][name])
    link = real["headers"]["link"].split(",")[0].replace(theirs["id"], ours["id"])
    assert answer.headers["link"].split("/api")[1] == link.split("/api")[1]
    missing = json.loads((shared_data / "api_responses/mastodon/test_status_missing.00.json").read_text("utf-8"))
    assert set(missing["response"]["json"]) == {"error"}


def test_a_number_tells_the_time() -> None:
    """Milliseconds since 1970 and 16 bits of sequence: as in the real one, later statuses have larger numbers."""
    assert int(status(HOME, 7, START, "")["id"]) == number_at(START, 7)
    assert number_at(START, 65_535) < number_at(START + timedelta(milliseconds=1))
    assert number_at(START) >> 16 == 1_691_280_000_000


def test_a_timeline_comes_newest_first_in_pages() -> None:
    """20 where nothing is asked, 40 at most, older than max_id; only what is public and has the tag, in any case."""
    posts = [status(HOME, n, START + timedelta(minutes=n), "zoom", "Zoom") for n in range(50)]
    hidden = status(HOME, 90, START, "zoom", "zoom", visibility="unlisted")
    with serve(*posts, hidden, status(HOME, 91, START, "zoom", "teams")) as server:
        first = ask(server, "/api/v1/timelines/tag/zoom", limit=80).json()
        rest = ask(server, "/api/v1/timelines/tag/zoom", limit=40, max_id=first[-1]["id"])
        assert len(ask(server, "/api/v1/timelines/tag/zoom").json()) == 20
        end = ask(server, "/api/v1/timelines/tag/zoom", max_id=posts[0]["id"])
    assert [each["id"] for each in (*first, *rest.json())] == [each["id"] for each in reversed(posts)]
    assert len(first) == 40
    assert (end.json(), "link" in end.headers) == ([], False)


def test_a_search_needs_a_token_and_holds_every_word() -> None:
    """Without case, accents, possessives and words that say little; only of authors who may be searched for."""
    texts = ["Zoom's terms", "zoom&amp;terms", "the <b>terms</b> of zöom", "zooming terms"]
    posts = [status(HOME, n, START, text) for n, text in enumerate(texts)]
    with serve(*posts, status(HOME, 9, START, "zoom terms", account_indexable=False), token="t") as server:
        assert ask(server, "/api/v2/search", q="zoom").status_code == 401
        assert ask(server, "/api/v2/search", "wrong", q="zoom").status_code == 401

        def find(words: str, **more: Any) -> set[str]:
            found = ask(server, "/api/v2/search", "t", q=words, type="statuses", **more).json()["statuses"]
            return {each["id"] for each in found}

        assert find('"zoom" "terms"') == {each["id"] for each in posts[:3]}
        assert find('"terms of zoom"') == {posts[2]["id"]}
        assert find('"of"') == set()


def test_a_search_counts_its_end_in_whole_seconds() -> None:
    """`max_id` leaves out all of the second in which that status was written."""
    posts = [status(HOME, n, START + timedelta(milliseconds=400 * n), "zoom") for n in range(5)]
    with serve(*posts, token="t") as server:
        found = ask(server, "/api/v2/search", "t", q="zoom", max_id=posts[4]["id"]).json()["statuses"]
    assert [each["id"] for each in found] == [posts[2]["id"], posts[1]["id"], posts[0]["id"]]


def test_statuses_are_given_by_number() -> None:
    """One, or up to 20 at once where the server can; what is gone or not for everybody is not found."""
    posts = [status(HOME, n, START, "zoom") for n in range(3)]
    private = status(HOME, 9, START, "zoom", visibility="private")
    with serve(*posts, private) as server:
        server.remove(posts[1])
        ids = [each["id"] for each in (*posts, private)]
        listed = ask(server, "/api/v1/statuses", **{"id[]": ids}).json()
        assert ask(server, "/api/v1/statuses", **{"id[]": ["1"] * 21}).status_code == 422
        single = [ask(server, f"/api/v1/statuses/{number}") for number in ids]
        server.lists = False
        old = ask(server, "/api/v1/statuses", **{"id[]": ids})
    assert [each["id"] for each in listed] == [ids[0], ids[2]]
    assert [answer.status_code for answer in single] == [200, 404, 200, 404]
    assert single[1].json() == {"error": "Record not found"}
    assert (old.status_code, old.headers["content-type"]) == (404, "text/html")


def test_a_closed_server_answers_accounts_only() -> None:
    """Its timelines are refused with 422, as the real one's are, unless there is a token."""
    with serve(status(HOME, 1, START, "zoom", "zoom"), closed=True, token="t") as server:
        assert ask(server, "/api/v1/timelines/tag/zoom").status_code == 422
        assert ask(server, "/api/v1/timelines/tag/zoom", "t").status_code == 200


def test_requests_are_counted_in_windows_of_five_minutes() -> None:
    """Every answer says what remains and when, as an ISO time; after 300 the next is a 429 until the window ends."""
    with serve() as server:
        clock = server.clock
        assert isinstance(clock, Clock)
        server.used = [clock.now] * 299
        last, beyond = (ask(server, "/api/v1/timelines/tag/zoom") for _ in range(2))
        clock.now += timedelta(seconds=300)
        after = ask(server, "/api/v1/timelines/tag/zoom")
    assert (last.status_code, last.headers["x-ratelimit-remaining"]) == (200, "0")
    assert (beyond.status_code, beyond.json()) == (429, {"error": "Too many requests"})
    assert beyond.headers["x-ratelimit-reset"] == "2023-09-01T12:05:00.000000Z"
    assert after.headers["x-ratelimit-remaining"] == "299"


def test_a_copy_has_a_number_of_its_own() -> None:
    """Another server gives the same status another number and names its author with the home."""
    original = status(HOME, 1, START, "zoom")
    other = copy(original, 2)
    assert other["uri"] == original["uri"]
    assert other["id"] != original["id"]
    assert other["account"]["acct"] == "author1@home.example"
