"""The App Store's case: the reviews of one app in three countries, and what Apple's feed does to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from brands.brand_file import Source
from connectors.batch import AuthorKey
from connectors.registry import open_source
from tests.connectors.conftest import Clock
from tests.connectors.suite import COLLECTED_AT, Case
from tests.servers.app_store import AppStoreServer, Review
from tests.servers.platform import Request, Response

START = datetime(2023, 8, 1)


@contextmanager
def app_store_case(folder: Path, author_key: AuthorKey) -> Iterator[Case]:
    """120 reviews in one country, 60 in another, one in a third; others only look alike, or are older."""
    reviews = {
        "us": [
            Review(1_000 + n, START + timedelta(hours=6 * n), f"zoom {n}", author=f"author{n % 9}") for n in range(120)
        ],
        "gb": [
            Review(2_000 + n, START + timedelta(hours=12 * n), f"zoom {n}", author=f"author{n % 9}") for n in range(60)
        ],
        "de": [Review(3_000, START + timedelta(days=3), "zoom ist gut", author="author3")],
    }
    expected = {str(review.id) for of_country in reviews.values() for review in of_country}
    reviews["us"] += [Review(1_500, START - timedelta(hours=1), "zoom, before"), Review(1_501, START, "zooming", "no")]
    with AppStoreServer(reviews) as server:
        source = Source(
            connector="app_store",
            name="app_store",
            app_id="546505307",
            countries=("us", "gb", "de"),
            url=server.address,
        )

        def grow() -> str:
            server.reviews["gb"].append(Review(4_000, START + timedelta(days=31, minutes=-1), "zoom, at last"))
            return "4000"

        clock = Clock()
        yield Case(
            "app_store",
            open=lambda: open_source(
                source, author_key=author_key, collected_at=COLLECTED_AT, clock=clock, sleep=clock.sleep
            ),
            server=server,
            clock=clock,
            twists=twists(server, expected),
            expected=expected,
            handles=[f"author{n}" for n in range(9)],
            grow=grow,
        )


def twists(server: AppStoreServer, expected: set[str]) -> Mapping[str, Callable[[], set[str]]]:
    """What may be odd about reviews though every request is answered."""
    untwisted = server.respond

    def change(how: Callable[[list[dict[str, object]], Request], object]) -> set[str]:
        def respond(request: Request) -> Response:
            response = untwisted(request)
            feed = dict(response.body["feed"])
            if isinstance(feed.get("entry"), list):
                feed["entry"] = how(feed["entry"], request)
            return Response(body={"feed": feed})

        server.respond = respond  # type: ignore[method-assign]
        return expected

    def duplicates() -> set[str]:
        return change(lambda entries, request: [*entries, *entries[-3:]])

    def out_of_order() -> set[str]:
        return change(lambda entries, request: entries[::-1])

    def unknown_fields() -> set[str]:
        return change(lambda entries, request: [{**entry, "im:new": {"deep": [1]}} for entry in entries])

    def edited_between_pages() -> set[str]:
        """Each answer has another text, and a new review pushes one of the first page onto the second."""
        pushed = [0]

        def edit(entries: list[dict[str, object]], request: Request) -> object:
            if "page=1/" in request.path and not pushed[0]:
                pushed[0] = 1
                server.reviews["us"].append(Review(5_000, START + timedelta(days=30, hours=23), "zoom, pushing"))
            return [{**entry, "title": {"label": f"edit {len(server.log)}"}} for entry in entries]

        return change(edit) | {"5000"}

    def deleted() -> set[str]:
        server.reviews["us"] = [review for review in server.reviews["us"] if review.id != 1_007]
        return expected - {"1007"}

    def clock_skew() -> set[str]:
        # Reviews of a time to come belong to the next run.
        server.reviews["us"].append(Review(6_000, COLLECTED_AT + timedelta(seconds=90), "zoom from tomorrow"))
        return expected

    def app_first() -> set[str]:
        server.app_first = True
        return expected

    def reviewed_anew() -> set[str]:
        """A review that is edited keeps its id and moves to the top."""
        first = server.reviews["us"][0]
        server.reviews["us"][0] = replace(first, updated=START + timedelta(days=20), content="zoom, much better")
        return expected

    def empty_page_that_comes_back() -> set[str]:
        server.empty_pages = {("us", 2)}

        def restore(entries: list[dict[str, object]], request: Request) -> object:
            if "/gb/" in request.path:
                server.empty_pages = set()
            return entries

        return change(restore)

    content = (duplicates, out_of_order, unknown_fields, edited_between_pages, deleted, clock_skew)
    return {each.__name__: each for each in (*content, app_first, reviewed_anew, empty_page_that_comes_back)}
