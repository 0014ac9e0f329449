"""X's case: a local full-archive search with known posts, and what the real one does to its posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from brands.brand_file import Source
from connectors.batch import AuthorKey
from connectors.registry import open_source
from tests.connectors.conftest import Clock
from tests.connectors.suite import COLLECTED_AT, Case
from tests.servers.platform import Request, Response
from tests.servers.x import TOKEN, XServer, post
from tests.servers.x_answers import not_found

START = datetime(2023, 8, 1)


@contextmanager
def x_case(folder: Path, author_key: AuthorKey) -> Iterator[Case]:
    """250 posts of a month, most of one week, on pages of 60; others only look alike, repeat, or came before."""
    posts = [post(n, START + timedelta(minutes=10 * n), f"Zoom &amp; terms {n}") for n in range(1, 231)]
    posts += [post(n, START + timedelta(minutes=100 * n), "zoom") for n in range(300, 320)]
    link = {"urls": [{"url": "https://t.co/x", "expanded_url": "https://example.org/zoom"}]}
    others = [
        post(n, START + timedelta(hours=n - 1_000), "see https://t.co/x", entities=link) for n in range(1_000, 1_030)
    ]
    others.append(post(1_100, START, "RT @a: zoom", referenced_tweets=[{"type": "retweeted", "id": "1"}]))
    others.append(post(5_000, START - timedelta(seconds=1), "zoom"))
    clock = Clock()
    with XServer([*posts, *others], clock=clock, page=60) as server:
        source = Source(connector="x", name="x", url=server.address, full_archive=True)

        def grow() -> str:
            server.add(post(6_000, START + timedelta(days=31, minutes=-1), "zoom, at last"))
            return "6000"

        yield Case(
            "x",
            open=lambda: open_source(
                source,
                author_key=author_key,
                collected_at=COLLECTED_AT,
                credentials={"X_BEARER_TOKEN": TOKEN},
                clock=clock,
                sleep=clock.sleep,
                slice_posts=130,
            ),
            server=server,
            clock=clock,
            secrets=[TOKEN],
            twists=twists(server, {one["id"] for one in posts}),
            expected={one["id"] for one in posts},
            handles=[*(one["author_id"] for one in posts[:3]), "author3"],  # the last is the broken connector's
            grow=grow,
        )


def twists(server: XServer, expected: set[str]) -> Mapping[str, Callable[[], set[str]]]:
    """What may be odd about posts though every request is answered."""
    untwisted = server.respond

    def change(pages: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        def respond(request: Request) -> Response:
            response = untwisted(request)
            if "/search/" not in request.path or response.status != 200:
                return response
            return Response(200, {**response.body, **pages(response.body)}, response.headers)

        server.respond = respond  # type: ignore[method-assign]

    def duplicates() -> set[str]:
        change(lambda body: {"data": [*body.get("data", []), *body.get("data", [])[-3:]]})
        return expected

    def out_of_order() -> set[str]:
        change(lambda body: {"data": body.get("data", [])[::-1]})
        return expected

    def unknown_fields() -> set[str]:
        change(lambda body: {"data": [{**one, "new_thing": {"deep": [1]}} for one in body.get("data", [])], "new": 1})
        return expected

    def edited_between_pages() -> set[str]:
        asked: list[int] = []

        def edit(body: dict[str, Any]) -> dict[str, Any]:
            asked.append(1)
            version = f"{len(asked):03}"
            return {
                "data": [
                    {
                        **one,
                        "id": one["id"] + version,
                        "edit_history_tweet_ids": [one["id"], one["id"] + version],
                        "text": f"zoom, edit {version}",
                    }
                    for one in body.get("data", [])
                    if one["id"] in expected
                ]
            }

        change(edit)
        return expected

    def edits() -> set[str]:
        later = START + timedelta(minutes=95)
        server.add(post(9_007, later, "Zoom, as I meant it", edit_history_tweet_ids=["7", "9007"]))
        return expected

    def deleted() -> set[str]:
        server.remove("7")
        return expected - {"7"}

    def withheld() -> set[str]:
        where = {"copyright": False, "country_codes": ["IN"]}
        server.add(post(7_100, START + timedelta(hours=1), "zoom", withheld=where))
        return expected

    def partial_errors() -> set[str]:
        change(lambda body: {"errors": [not_found("77"), {"title": "Forbidden"}, "what"]})
        return expected

    def malformed_posts() -> set[str]:
        change(lambda body: {"data": [*body.get("data", []), {"text": "zoom"}, {"id": "x"}, None]})
        return expected

    def clock_skew() -> set[str]:
        # Its clock is behind ours, and posts from the future of this machine belong to the next run.
        behind = server.clock
        server.clock = lambda: behind() - timedelta(seconds=40)
        server.add(post(7_000, COLLECTED_AT + timedelta(seconds=90), "zoom from tomorrow"))
        return expected

    return {
        each.__name__: each
        for each in (
            duplicates,
            out_of_order,
            unknown_fields,
            edited_between_pages,
            edits,
            deleted,
            withheld,
            partial_errors,
            malformed_posts,
            clock_skew,
        )
    }
