"""Mastodon's case: two local servers that show some of the same statuses, one of them also by its search."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from brands.brand_file import Source
from connectors.batch import AuthorKey, Window
from connectors.registry import open_source
from tests.connectors.conftest import Clock
from tests.connectors.suite import COLLECTED_AT, Case
from tests.servers.mastodon import MastodonServer, Status, copy, status
from tests.servers.platform import Request, Response

START = datetime(2023, 8, 18)
TOKEN = "a-token-of-a-local-server"


def post_id(each: Status) -> str:
    """The id that the store keeps."""
    parts = each["uri"].split("/")
    return f"{parts[2]}/{parts[-1]}"


@contextmanager
def mastodon_case(folder: Path, author_key: AuthorKey) -> Iterator[Case]:
    """220 statuses of two weeks: tagged, or found by search, or on the second server; others are not for everybody."""
    clock = Clock()
    with MastodonServer(clock=clock, token=TOKEN) as server, MastodonServer(clock=clock) as second:
        home, other = server.address, second.address
        tagged = [
            status(home, n, START + timedelta(hours=2 * n), f"Terms {n} &amp; so on", "zoom") for n in range(1, 151)
        ]
        untagged = [
            status(home, n, START + timedelta(hours=5 * (n - 200)), "<b>Zoom's</b> terms") for n in range(201, 251)
        ]
        elsewhere = [status(other, n, START + timedelta(hours=9 * (n - 300)), "zoom", "zoom") for n in range(301, 321)]
        server.add(
            *tagged,
            *untagged,
            *(copy(each, 400 + n) for n, each in enumerate(elsewhere[:10])),
            status(home, 500, START - timedelta(seconds=1), "before", "zoom"),
            status(home, 501, START + timedelta(hours=1), "no", "zoom", account_discoverable=False),
            status(home, 502, START + timedelta(hours=1), "no", "zoom", account_note="<p>#<span>NoBot</span></p>"),
            status(home, 503, START + timedelta(hours=1), "zooming out"),
        )
        second.add(*elsewhere, *(copy(each, 600 + n) for n, each in enumerate(tagged[:30])))
        source = Source(connector="mastodon", name="mastodon", instances=(home, other))

        def grow() -> str:
            late = status(home, 700, START + timedelta(days=14, minutes=-1), "at last", "zoom")
            server.add(late)
            return post_id(late)

        expected = [*tagged, *untagged, *elsewhere]
        yield Case(
            "mastodon",
            open=lambda: open_source(
                source,
                author_key=author_key,
                collected_at=COLLECTED_AT,
                credentials={"MASTODON_ACCESS_TOKEN": TOKEN},
                clock=clock,
                sleep=clock.sleep,
            ),
            server=server,
            clock=clock,
            window=Window(START, START + timedelta(days=14)),
            secrets=[TOKEN],
            twists=twists(server, second, expected),
            expected=set(map(post_id, expected)),
            handles=[f"author{n}" for n in (1, 2, 3, 49)],
            grow=grow,
        )


def twists(
    server: MastodonServer, second: MastodonServer, statuses: list[Status]
) -> Mapping[str, Callable[[], set[str]]]:
    """What may be odd about statuses though every request is answered."""
    expected = set(map(post_id, statuses))
    untwisted = server.respond

    def change(given: Callable[[list[Status]], list[Status]]) -> None:
        def respond(request: Request) -> Response:
            response = untwisted(request)
            body: Any = response.body
            if isinstance(body, list):
                body = given(body)
            elif "statuses" in body:
                body = {**body, "statuses": given(body["statuses"])}
            return Response(response.status, body, response.headers, response.content_type)

        server.respond = respond  # type: ignore[method-assign]

    def duplicates() -> set[str]:
        change(lambda given: [*given, *given[-3:]])
        return expected

    def out_of_order() -> set[str]:
        change(lambda given: given[::-1])
        return expected

    def unknown_fields() -> set[str]:
        change(lambda given: [{**each, "quote": {"state": "new", "deep": [1]}, "new": 1} for each in given])
        return expected

    def edited_between_pages() -> set[str]:
        asked = []

        def edit(given: list[Status]) -> list[Status]:
            asked.append(1)
            edited = {"content": f"<p>zoom, edit {len(asked)}</p>", "edited_at": "2023-08-31T00:00:00.000Z"}
            return [{**each, **edited} for each in given]

        change(edit)
        return expected

    def deleted() -> set[str]:
        server.remove(statuses[60])
        return expected - {post_id(statuses[60])}

    def clock_skew() -> set[str]:
        # One is from the future of this machine, one says so of itself, one got its number after the week had ended.
        week = START + timedelta(days=7)
        server.add(status(server.address, 801, COLLECTED_AT + timedelta(seconds=90), "from tomorrow", "zoom"))
        ahead = status(server.address, 802, week, "ahead", "zoom", created_at="2031-01-01T00:00:00.000Z")
        late = status(server.address, 803, week, "late", "zoom", created_at="2023-08-24T23:59:58.000Z")
        server.add(ahead, late)
        return expected | {post_id(ahead), post_id(late)}

    def boosts() -> set[str]:
        # What is boosted counts where it matches, once; that it was boosted counts for nothing.
        original = status("https://far.example", 901, START + timedelta(hours=30), "zoom", "zoom")
        silent = status("https://far.example", 902, START + timedelta(hours=30), "something else", "teams")
        for number, boosted in enumerate((original, silent, statuses[0]), start=903):
            moment = START + timedelta(hours=40)
            server.add(status(server.address, number, moment, "", "zoom", reblog=boosted, content=""))
        return expected | {post_id(original)}

    def same_status_on_two_instances() -> set[str]:
        second.add(*(copy(each, 1_000 + n) for n, each in enumerate(statuses)))
        return expected

    every = (duplicates, out_of_order, unknown_fields, edited_between_pages, deleted, clock_skew)
    return {each.__name__: each for each in (*every, boosts, same_status_on_two_instances)}
