"""Bluesky's case: a local network with known posts, an account that logs in, and what befalls both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from brands.brand_file import Source
from connectors.batch import AuthorKey, Window
from connectors.registry import open_source
from tests.connectors.conftest import Clock
from tests.connectors.suite import COLLECTED_AT, Case
from tests.servers.bluesky import BlueskyServer, View, label, post
from tests.servers.platform import Request, Response

START = datetime(2023, 8, 29)


def post_id(view: View) -> str:
    """The id that the store keeps."""
    did, _, key = view["uri"].removeprefix("at://").split("/")
    return f"{did}/{key}"


@contextmanager
def bluesky_case(folder: Path, author_key: AuthorKey) -> Iterator[Case]:
    """330 posts of three days, most of the first, where a cursor leads to 200; others only look alike or are hidden."""
    posts = [post(n, START + timedelta(minutes=4 * n), f"Zoom and its terms {n}") for n in range(1, 311)]
    posts += [post(n, START + timedelta(hours=3 * (n - 390)), "I read zoom's terms") for n in range(400, 410)]
    posts += [post(n, START + timedelta(hours=2 * (n - 495)), "zoom’s answer") for n in range(500, 510)]
    others = [post(n, START + timedelta(minutes=n), "zooming out, zoomed in") for n in range(1_000, 1_050)]
    others.append(post(2_000, START - timedelta(seconds=1), "zoom"))
    others.append(post(2_001, START + timedelta(hours=1), "zoom", labels=[label("!hide")]))
    others.append(post(2_002, START + timedelta(hours=1), "zoom", author_labels=[label("!no-unauthenticated")]))
    clock = Clock()
    with BlueskyServer([*posts, *others], clock=clock, deepest=200) as server:
        source = Source(connector="bluesky", name="bluesky", url=server.address)
        secrets = {"BLUESKY_HANDLE": server.handle, "BLUESKY_APP_PASSWORD": server.password}

        def grow() -> str:
            late = post(6_000, START + timedelta(days=3, minutes=-1), "zoom, at last")
            server.index.add(late)
            return post_id(late)

        yield Case(
            "bluesky",
            open=lambda: open_source(
                source,
                author_key=author_key,
                collected_at=COLLECTED_AT,
                credentials=secrets,
                clock=clock,
                sleep=clock.sleep,
            ),
            server=server,
            clock=clock,
            window=Window(START, START + timedelta(days=3)),
            secrets=[server.password, "eyJ"],  # every token begins so
            twists=twists(server, posts, clock),
            expected={post_id(view) for view in posts},
            handles=[f"author{n}" for n in (1, 2, 3, 49)],
            grow=grow,
        )


def twists(server: BlueskyServer, posts: list[View], clock: Clock) -> Mapping[str, Callable[[], set[str]]]:
    """What may be odd about posts and sessions though the network is well."""
    expected = {post_id(view) for view in posts}
    untwisted = server.respond

    def change(views: Callable[[list[View]], list[View]]) -> None:
        def respond(request: Request) -> Response:
            response = untwisted(request)
            if "posts" not in response.body:
                return response
            body = {**response.body, "posts": views(response.body["posts"])}
            return Response(response.status, body, response.headers)

        server.respond = respond  # type: ignore[method-assign]

    def duplicates() -> set[str]:
        change(lambda views: [*views, *views[-3:]])
        return expected

    def out_of_order() -> set[str]:
        change(lambda views: views[::-1])
        return expected

    def unknown_fields() -> set[str]:
        change(lambda views: [{**view, "embed": {"$type": "new.thing#view", "deep": [1]}, "new": 1} for view in views])
        return expected

    def edited_between_pages() -> set[str]:
        asked = []

        def edit(views: list[View]) -> list[View]:
            asked.append(1)
            text = f"zoom, edit {len(asked)}"
            return [{**view, "record": {**view["record"], "text": text}} for view in views]

        change(edit)
        return expected

    def deleted() -> set[str]:
        server.index.remove(posts[7]["uri"])
        return expected - {post_id(posts[7])}

    def clock_skew() -> set[str]:
        # One is from the future of this machine; one writer's clock is ahead across the end of a day, one is wrong.
        server.index.add(post(7_000, COLLECTED_AT + timedelta(seconds=90), "zoom from tomorrow"))
        day = START + timedelta(days=1)
        ahead = post(7_001, day - timedelta(seconds=20), "zoom", createdAt=f"{day:%Y-%m-%dT%H:%M:%S}.500Z")
        wrong = post(7_002, day, "zoom", createdAt="2031-01-01T00:00:00.000Z")
        server.index.add(ahead, wrong)
        return expected | {post_id(ahead), post_id(wrong)}

    def gaps_in_pages() -> set[str]:
        hidden = [*posts[20:150], *posts[200:300:2]]
        server.hidden = {view["uri"] for view in hidden}
        return expected - {post_id(view) for view in hidden}

    def token_expiry() -> set[str]:
        """The service ends the session at the third request, long before its time."""
        asked = []

        def respond(request: Request) -> Response:
            asked.append(1)
            if len(asked) == 4:
                server.tokens = {token: (kind, clock()) for token, (kind, _) in server.tokens.items()}
            return untwisted(request)

        server.respond = respond  # type: ignore[method-assign]
        return expected

    def token_ageing() -> set[str]:
        """Each request takes an hour, so that sessions end by themselves."""

        def respond(request: Request) -> Response:
            clock.now += timedelta(hours=1)
            return untwisted(request)

        server.respond = respond  # type: ignore[method-assign]
        return expected

    every = (duplicates, out_of_order, unknown_fields, edited_between_pages, deleted, clock_skew)
    own = (gaps_in_pages, token_expiry, token_ageing)
    return {each.__name__: each for each in (*every, *own)}
