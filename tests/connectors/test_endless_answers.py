"""Services whose pages never end, or whose fields are of another kind, neither hold a run nor stop a source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from brands.query import parse
from connectors import mastodon
from connectors.batch import AuthorKey, Batch
from connectors.errors import BadPayload
from tests.connectors import test_bluesky, test_hackernews, test_mastodon, test_reddit, test_x
from tests.connectors.conftest import Clock
from tests.servers.algolia import AlgoliaServer
from tests.servers.algolia import comment as hit
from tests.servers.bluesky import BlueskyServer
from tests.servers.bluesky import post as bluesky_post
from tests.servers.mastodon import status
from tests.servers.platform import PlatformServer, Request, Response
from tests.servers.reddit import RedditServer, submission
from tests.servers.x import XServer

ZOOM = parse("zoom")


def change(
    monkeypatch: pytest.MonkeyPatch, server: PlatformServer, path: str, change: Callable[[Any, int], object]
) -> None:
    """Let `change` mend the JSON of the n-th answer whose path holds `path`."""
    respond = server.respond
    asked = 0

    def changed(request: Request) -> Response:
        nonlocal asked
        answer = respond(request)
        if path in request.path:
            change(answer.body, asked)
            asked += 1
            return Response(200, answer.body)
        return answer

    monkeypatch.setattr(server, "respond", changed)


@pytest.mark.parametrize(
    ("after", "empty", "asked"),
    [
        (lambda number: "t3_a", False, 2),
        (lambda number: f"t3_{'ab'[number % 2]}", False, 3),
        (lambda number: f"t3_zz{number}", True, 10),
        (lambda number: f"t3_zz{number}", False, 20),
    ],
    ids=["same cursor", "circle", "empty pages", "too many"],
)
def test_a_listing_of_reddit_that_does_not_end_is_told(
    author_key: AuthorKey, monkeypatch: pytest.MonkeyPatch, after: Callable[[int], str], empty: bool, asked: int
) -> None:
    """A cursor that comes again, empty pages, more than a listing holds: one line, and what came stays."""
    posts = [submission(number, test_reddit.SECOND + number, "zoom") for number in range(1, 101)]
    with RedditServer(posts) as server:

        def go_on(body: Any, number: int) -> None:
            body["data"]["after"] = after(number)
            if empty:
                body["data"]["children"] = []
            elif not body["data"]["children"]:
                body["data"]["children"] = first
            first.extend([] if first else body["data"]["children"])

        first: list[Any] = []
        change(monkeypatch, server, "/r/zoom/new", go_on)
        batches, problem = test_reddit.collect(test_reddit.connect(server, author_key))
        pages = [path for path in test_reddit.paths(server) if path == "/r/zoom/new"]
    assert isinstance(problem, BadPayload)
    assert "does not come to an end" in str(problem)
    assert len(pages) == asked
    assert len(test_reddit.rows(batches)) == (0 if empty else 100)


def test_pages_of_x_without_a_post_come_to_an_end(
    author_key: AuthorKey, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They cost nothing, so that no budget would stop them."""
    with XServer(clock=clock) as server:

        def go_on(body: Any, number: int) -> None:
            body.clear()
            body["meta"] = {"result_count": 0, "next_token": f"more{number}"}

        change(monkeypatch, server, "/search/", go_on)
        connector = test_x.connect(server, author_key, clock)
        with pytest.raises(BadPayload, match="100 pages without a post"):
            list(connector.batches(ZOOM, test_x.WEEK, None))
        assert len(server.searches) == 100


def test_a_number_that_is_none_does_not_stop_hacker_news(
    author_key: AuthorKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python reads Infinity in JSON; of the answer's numbers only whole ones are believed."""
    for odd in (float("inf"), float("nan"), {}, "many"):
        with AlgoliaServer([hit(1, test_hackernews.SECOND, "zoom")]) as server:
            change(monkeypatch, server, "search", lambda body, _, odd=odd: body.update(hitsPerPage=odd, nbHits=odd))
            batches = list(test_hackernews.connect(server, author_key).batches(ZOOM, test_hackernews.WEEK, None))
        assert len(test_hackernews.rows(batches)) == 1


def test_an_address_that_is_none_does_not_stop_bluesky(author_key: AuthorKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """The post goes into quarantine and is not taken for gone; the others are read and looked at again."""
    posts = [bluesky_post(number, test_bluesky.at(number), "zoom") for number in (1, 2)]
    with test_bluesky.serve(posts) as server:
        ids = [row["post_id"] for row in test_bluesky.rows(collect_bluesky(server, author_key))]

        def spoil(body: Any, _: int) -> None:
            spoiled = {posts[0]["uri"]: {}}
            body["posts"] = [view | {"uri": spoiled.get(view["uri"], view["uri"])} for view in body["posts"]]

        change(monkeypatch, server, "app.bsky.feed", spoil)
        batches = collect_bluesky(server, author_key)
        (checked,) = test_bluesky.connect(server, author_key).recheck(ids)
    assert len(test_bluesky.rows(batches)) == 1
    assert sum(len(batch.rejected) for batch in batches) >= 1
    assert len(checked.checked) == 1
    assert not checked.gone


def collect_bluesky(server: BlueskyServer, author_key: AuthorKey) -> list[Batch]:
    return list(test_bluesky.connect(server, author_key).batches(ZOOM, test_bluesky.ONE_DAY, None))


def test_a_hashtag_of_mastodon_that_does_not_end_is_told(
    author_key: AuthorKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may always know an older status; after so many pages it is left with one line."""
    monkeypatch.setattr(mastodon, "MOST_PAGES", 5)
    with test_mastodon.serve() as server:
        one = status(server.address, 500, test_mastodon.at(1), "zoom", "Zoom")
        server.add(one)

        def go_on(body: Any, number: int) -> None:
            body[:] = [one | {"id": str(int(one["id"]) - number)}]

        change(monkeypatch, server, "/timelines/", go_on)
        with pytest.raises(BadPayload, match="does not come to an end"):
            list(test_mastodon.connect(server, author_key=author_key).batches(ZOOM, test_mastodon.WEEK, None))
        assert len(test_mastodon.timelines(server)) <= 6
