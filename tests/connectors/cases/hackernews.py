"""Hacker News' case: a local search with known items, and what the real one does to its items."""

from __future__ import annotations

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
from tests.servers.algolia import AlgoliaServer, comment, story
from tests.servers.platform import Request, Response


@contextmanager
def hackernews_case(folder: Path, author_key: AuthorKey) -> Iterator[Case]:
    """250 stories and comments of a month, most of one week, where a search gives 100; others only look alike."""
    start = int(datetime(2023, 8, 1, tzinfo=UTC).timestamp())
    items = [
        comment(n, start + n * 600, f"<p>zoom &amp; terms {n}") if n % 3 else story(n, start + n * 600, f"Zoom {n}")
        for n in range(1, 231)
    ]
    items += [story(n, start + n * 6_000, "zoom", url=None) for n in range(300, 320)]
    items += [story(n, start + (n - 900) * 10_000, "zooming out", "no") for n in range(1_000, 1_050)]
    before = [story(5_000, start - 1, "zoom")]
    with AlgoliaServer([*items, *before], cap=100) as server:
        source = Source(connector="hackernews", name="hackernews", url=server.url)

        def grow() -> str:
            server.index.add(comment(6_000, start + 31 * 86_400 - 60, "zoom, at last"))
            return "6000"

        clock = Clock()
        yield Case(
            "hackernews",
            open=lambda: open_source(
                source, author_key=author_key, collected_at=COLLECTED_AT, clock=clock, sleep=clock.sleep
            ),
            server=server,
            clock=clock,
            twists=twists(server, items),
            expected={hit["objectID"] for hit in items if int(hit["objectID"]) < 1_000},
            handles=[f"author{n}" for n in (1, 2, 3, 300)],
            grow=grow,
        )


def twists(server: AlgoliaServer, items: list[dict[str, Any]]) -> Mapping[str, Callable[[], set[str]]]:
    """What may be odd about items though every request is answered."""
    expected = {hit["objectID"] for hit in items if int(hit["objectID"]) < 1_000}
    untwisted = server.respond

    def change(hits: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
        def respond(request: Request) -> Response:
            response = untwisted(request)
            return Response(body={**response.body, "hits": hits(response.body["hits"])})

        server.respond = respond  # type: ignore[method-assign]

    def duplicates() -> set[str]:
        change(lambda hits: [*hits, *hits[-3:]])
        return expected

    def out_of_order() -> set[str]:
        change(lambda hits: hits[::-1])
        return expected

    def unknown_fields() -> set[str]:
        change(lambda hits: [{**hit, "new_thing": {"deep": [1]}} for hit in hits])
        return expected

    def edited_between_pages() -> set[str]:
        asked = []

        def edit(hits: list[dict[str, Any]]) -> list[dict[str, Any]]:
            asked.append(1)
            return [{**hit, "title": f"zoom, edit {len(asked)}"} for hit in hits]

        change(edit)
        return expected

    def deleted() -> set[str]:
        server.index.items = [hit for hit in server.index.items if hit["objectID"] != "7"]
        return expected - {"7"}

    def clock_skew() -> set[str]:
        # Posts from the future of this machine belong to the next run.
        future = int(COLLECTED_AT.replace(tzinfo=UTC).timestamp()) + 90
        server.index.add(comment(7_000, future, "zoom from tomorrow"))
        return expected

    return {
        each.__name__: each
        for each in (duplicates, out_of_order, unknown_fields, edited_between_pages, deleted, clock_skew)
    }
