"""Reddit's case: two subreddits of the local Reddit with known posts and comments, and what happens to such things."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from brands.brand_file import Source
from connectors.batch import AuthorKey
from connectors.registry import open_source
from tests.connectors.conftest import Clock
from tests.connectors.suite import COLLECTED_AT, Case
from tests.servers.platform import Request, Response
from tests.servers.reddit import SECRETS, RedditServer, comment, delete, remove, submission
from tests.servers.reddit_things import Thing

START = int(datetime(2023, 8, 1, tzinfo=UTC).timestamp())


def make_things() -> list[Thing]:
    """230 posts in r/zoom and 30 in r/privacy, some about something else, with a wide and a deep thread of comments."""
    things = [
        submission(n, START + n * 9_000, f"Zoom {n}" if n % 10 else "My lens", "their terms") for n in range(1, 231)
    ]
    things += [submission(n, START + n * 3_000, "AI", f"zoom and {n}", "privacy") for n in range(301, 331)]
    wide, deep = things[99], things[240]
    things += [comment(n, START + 10 * n + 900_000, f"zoom, {n}", wide) for n in range(1_001, 1_131)]
    things.append(comment(2_000, START + 1_500_000, "zoom?", deep))
    for n in range(2_001, 2_020):
        things.append(comment(n, START + 1_500_000 + n, "zoom!" if n % 2 else "yes", deep, parent=things[-1]))
    before = submission(5_000, START - 1, "zoom")
    return [*things, before, comment(5_001, START - 1, "zoom", before), comment(5_002, START + 60, "zoom late", before)]


def find_expected(things: list[Thing]) -> set[str]:
    """What the query matches within the window."""
    return {
        data["name"]
        for data in (thing["data"] for thing in things)
        if data["created_utc"] >= START
        and "zoom" in f"{data.get('title', '')} {data.get('selftext', '')} {data.get('body', '')}".lower()
    }


@contextmanager
def reddit_case(folder: Path, author_key: AuthorKey) -> Iterator[Case]:
    """Listings of several pages, a thread with `more` and one that goes on elsewhere, and posts out of the window."""
    things = make_things()
    with RedditServer(things, tree=60) as server:
        source = Source(connector="reddit", name="reddit", url=server.address, subreddits=("zoom", "privacy"))

        def grow() -> str:
            server.add(submission(6_000, START + 31 * 86_400 - 60, "zoom, at last"))
            return "t3_4mo"

        clock = Clock()
        yield Case(
            "reddit",
            open=lambda: open_source(
                source,
                author_key=author_key,
                collected_at=COLLECTED_AT,
                credentials=SECRETS,
                clock=clock,
                sleep=clock.sleep,
            ),
            server=server,
            clock=clock,
            secrets=[*SECRETS.values(), "local-token"],
            twists=twists(server, things),
            expected=find_expected(things),
            handles=[f"author{n}" for n in (1, 3, 305, 1_001, 2_001)],
            grow=grow,
        )


def twists(server: RedditServer, things: list[Thing]) -> Mapping[str, Callable[[], set[str]]]:
    """What may be odd about things though every request is answered."""
    expected = find_expected(things)
    untwisted = server.respond

    def change(listed: Callable[[list[Thing]], list[Thing]]) -> None:
        """Change what stands in listings, wherever they stand in an answer."""

        def twist(body: Any) -> Any:
            if isinstance(body, list):
                return [twist(one) for one in body]
            if not isinstance(body, dict):
                return body
            twisted = {key: twist(value) for key, value in body.items()}
            if "children" in body and "after" in body:
                twisted["children"] = listed(twisted["children"])
            return twisted

        def respond(request: Request) -> Response:
            response = untwisted(request)
            return Response(response.status, twist(response.body), response.headers)

        server.respond = respond  # type: ignore[method-assign]

    def find(kind: str, number: int) -> Thing:
        return [thing for thing in things if thing["kind"] == kind][number]

    def duplicates() -> set[str]:
        change(lambda children: [*children, *copy.deepcopy(children[-3:])])
        return expected

    def out_of_order() -> set[str]:
        change(lambda children: children[::-1])
        return expected

    def unknown_fields() -> set[str]:
        change(lambda children: [{**one, "data": {**one["data"], "new_thing": {"deep": [1]}}} for one in children])
        return expected

    def edited_between_pages() -> set[str]:
        asked = []

        def edit(children: list[Thing]) -> list[Thing]:
            asked.append(1)
            said = {"selftext": f"zoom, edit {len(asked)}", "edited": START + 2_000_000.0}
            return [
                {
                    **one,
                    "data": {**one["data"], **said} if "zoom" in one["data"].get("title", "").lower() else one["data"],
                }
                for one in children
            ]

        change(edit)
        return expected

    def deleted() -> set[str]:
        lost = [find("t3", 6), find("t3", 250), find("t1", 5), find("t1", 133)]
        for thing in lost:
            delete(thing)
        return expected - {thing["data"]["name"] for thing in lost}

    def removed() -> set[str]:
        lost = [find("t3", 7), find("t1", 6)]
        for thing in lost:
            remove(thing)
        return expected - {thing["data"]["name"] for thing in lost}

    def discarded_between_pages() -> set[str]:
        """The very thing that the next page would start after is gone from the site."""
        asked = []

        def respond(request: Request) -> Response:
            response = untwisted(request)
            if not asked and request.path.startswith("/r/zoom/new"):
                asked.append(request)
                server.discard(response.body["data"]["after"])
            return response

        server.respond = respond  # type: ignore[method-assign]
        return expected

    def clock_skew() -> set[str]:
        # Posts from the future of this machine belong to the next run.
        server.add(submission(7_000, COLLECTED_AT.replace(tzinfo=UTC).timestamp() + 90, "zoom from tomorrow"))
        return expected

    def token_expiry() -> set[str]:
        server.token_requests = 3
        return expected

    return {
        each.__name__: each
        for each in (
            duplicates,
            out_of_order,
            unknown_fields,
            edited_between_pages,
            deleted,
            removed,
            discarded_between_pages,
            clock_skew,
            token_expiry,
        )
    }
