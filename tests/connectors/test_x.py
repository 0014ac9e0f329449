"""X, against a local server that keeps the real one's limits."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from brands.brand_file import Source
from brands.query import parse
from connectors.batch import AuthorKey, Batch, Window
from connectors.errors import AuthError, BadInput, BadPayload, ConnectorError, RateLimited, SpendLimit, Unavailable
from connectors.x import X
from tests.connectors.conftest import Clock
from tests.servers.platform import Fault, Request, Response
from tests.servers.x import TOKEN, XServer, post

NOW = datetime(2023, 9, 1, 12)
DAY = datetime(2023, 8, 30)
WEEK = Window(datetime(2023, 8, 26), datetime(2023, 9, 1))
ZOOM = parse("zoom")


def connect(
    server: XServer, author_key: AuthorKey, clock: Clock, *, token: str = TOKEN, url: str = "", **more: Any
) -> X:
    options = {name: more.pop(name) for name in ("budget_usd", "slice_posts") if name in more}
    source = Source(connector="x", name="x", url=url or server.address, **more)
    return X(source, author_key, NOW, credentials={"X_BEARER_TOKEN": token}, clock=clock, sleep=clock.sleep, **options)


def rows(batches: Iterable[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.posts.to_pylist()]


def test_a_post_is_mapped_whole(author_key: AuthorKey, clock: Clock) -> None:
    """The whole text, its language, its counts, what it answers, its author as a key, and an address without a name."""
    long = "zoom " + "very " * 80 + "long"
    posts = [
        post(10, DAY, "Zoom &amp; &lt;me&gt;", conversation_id="10", lang="de"),
        post(11, DAY, "no", note_tweet={"text": long}, referenced_tweets=[{"type": "replied_to", "id": "10"}],
             conversation_id="10", lang="und", author_id="4711",
             public_metrics={"retweet_count": 3, "reply_count": 2, "like_count": 1, "quote_count": 9}),
        post(12, DAY, "zoom said", referenced_tweets=[{"type": "quoted", "id": "10"}]),
    ]  # fmt: skip
    with XServer(posts, clock=clock) as server:
        batches = list(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
    by_id = {row["post_id"]: row for row in rows(batches)}
    assert by_id["10"] == {
        "source": "x",
        "post_id": "10",
        "author_key": author_key("x", posts[0]["author_id"]),
        "created_at": DAY,
        "collected_at": NOW,
        "kind": "post",
        "text": "Zoom & <me>",
        "title": None,
        "lang": "de",
        "url": "https://x.com/i/status/10",
        "parent_id": None,
        "thread_id": "10",
        "rating": None,
        "truncated": False,
    }
    answer = by_id["11"]
    assert (answer["text"], answer["kind"], answer["lang"]) == (long, "comment", None)
    assert (answer["parent_id"], answer["thread_id"]) == ("10", "10")
    assert (by_id["12"]["kind"], by_id["12"]["parent_id"]) == ("post", None)
    metrics = [row for batch in batches if batch.metrics for row in batch.metrics.to_pylist()]
    (counted,) = [row for row in metrics if row["post_id"] == "11"]
    assert (counted["likes"], counted["replies"], counted["shares"]) == (1, 2, 3)


def test_it_asks_for_posts_only(author_key: AuthorKey, clock: Clock) -> None:
    """Users, media and referenced posts would be paid for apart: nothing is expanded. Reposts are not asked for."""
    with XServer([post(1, DAY, "zoom")], clock=clock) as server:
        list(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
        (search,) = server.searches
    assert {"expansions", "user.fields", "media.fields"}.isdisjoint(search.params)
    assert search.params["query"] == "zoom -is:retweet"
    assert (search.path, search.params["max_results"]) == ("/2/tweets/search/recent", "100")


def test_all_versions_of_an_edited_post_are_one_post(author_key: AuthorKey, clock: Clock) -> None:
    """Seen before and after its edit, in one run and in the next, it has the id of its first version."""
    first = post(1, DAY + timedelta(minutes=50), "zoom")
    second = post(2, DAY + timedelta(minutes=70), "zoom, I mean", edit_history_tweet_ids=["1", "2"])
    with XServer([first, post(5, DAY, "zoom"), post(6, DAY + timedelta(hours=5), "zoom")], clock=clock) as server:
        connector = connect(server, author_key, clock, slice_posts=2)
        ids: list[str] = []
        for batch in connector.batches(ZOOM, WEEK, None):
            ids += batch.posts.column("post_id").to_pylist()
            if "1" in ids and second not in server.posts:
                server.add(second)  # edited while the run goes on
        again = rows(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
    assert sorted(ids) == ["1", "5", "6"]
    (edited,) = [row for row in again if row["post_id"] == "1"]
    assert (edited["text"], edited["created_at"]) == ("zoom, I mean", second_time(second))
    assert edited["url"] == "https://x.com/i/status/2"


def second_time(version: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(version["created_at"]).replace(tzinfo=None)


def test_what_x_left_out_is_counted_without_a_name(author_key: AuthorKey, clock: Clock) -> None:
    """Errors beside the data of a 200 go to quarantine by their kind; withheld posts are not stored."""
    error = {"type": "https://api.twitter.com/2/problems/resource-not-found", "detail": "Could not find @mallory"}
    where = {"copyright": False, "country_codes": ["DE"]}
    with XServer([post(1, DAY, "zoom"), post(2, DAY, "zoom", withheld=where)], clock=clock) as server:
        untwisted = server.respond

        def respond(request: Request) -> Response:
            response = untwisted(request)
            return Response(200, {**response.body, "errors": [error, {"type": "@mallory"}]}, response.headers)

        server.respond = respond  # type: ignore[method-assign]
        batches = list(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
    assert [row["post_id"] for row in rows(batches)] == ["1"]
    (page,) = [batch for batch in batches if batch.read]
    assert (page.read, page.not_matching) == (4, 1)
    assert [rejected.reason for rejected in page.rejected] == [
        "X left something out: resource-not-found",
        "X left something out: no reason given",
    ]
    assert "mallory" not in repr(batches)


def test_time_is_cut_where_the_posts_are(author_key: AuthorKey, clock: Clock) -> None:
    """Slices of about so many posts, ascending, each with cursor and coverage; together they are the window."""
    posts = [post(n, DAY + timedelta(minutes=10 * n), "zoom") for n in range(1, 61)]
    posts += [post(n, DAY + timedelta(hours=20, seconds=n), "zoom") for n in range(100, 200)]  # in two minutes
    with XServer(posts, clock=clock, page=15) as server:
        batches = list(connect(server, author_key, clock, slice_posts=30).batches(ZOOM, WEEK, None))
    assert len({row["post_id"] for row in rows(batches)}) == 160
    spans = [row for batch in batches for row in batch.coverage]
    assert (spans[0].window_start, spans[-1].window_end) == (WEEK.since, WEEK.until)
    assert all(one.window_end == following.window_start for one, following in pairwise(spans))
    assert [batch.cursor for batch in batches if batch.cursor] == [span.window_end.isoformat() for span in spans]
    assert len(spans) > 3
    assert max(span.returned for span in spans[:2]) <= 30


def test_a_short_time_is_not_counted(author_key: AuthorKey, clock: Clock) -> None:
    """An hour is one slice anyway: counting it would cost money for nothing."""
    window = Window(DAY, DAY + timedelta(hours=1))
    with XServer([post(1, DAY, "zoom")], clock=clock) as server:
        batches = list(connect(server, author_key, clock).batches(ZOOM, window, None))
        assert [request.path for request in server.log] == ["/2/tweets/search/recent"]
    assert [row["post_id"] for row in rows(batches)] == ["1"]


def test_recent_search_ends_after_seven_days_and_says_so(
    author_key: AuthorKey, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """What is older is capped, never silence; X, which refuses such a time, is not asked for it."""
    caplog.set_level(logging.WARNING, logger="connectors")
    posts = [post(1, datetime(2023, 8, 10), "zoom"), post(2, DAY, "zoom")]
    with XServer(posts, clock=clock) as server:
        batches = list(connect(server, author_key, clock).batches(ZOOM, Window(datetime(2023, 8, 1)), None))
    assert [row["post_id"] for row in rows(batches)] == ["2"]
    first, *others = [row for batch in batches for row in batch.coverage]
    assert (first.window_start, first.window_end, first.capped) == (
        datetime(2023, 8, 1),
        NOW - timedelta(days=7) + timedelta(minutes=30),
        True,
    )
    assert not any(row.capped for row in others)
    assert "see full_archive" in caplog.text


def test_the_end_is_before_now(author_key: AuthorKey, clock: Clock) -> None:
    """X takes no end within ten seconds of now: a run ends a minute before, and the next begins before that."""
    with XServer([post(1, DAY, "zoom")], clock=clock) as server:
        first = list(connect(server, author_key, clock).batches(ZOOM, Window(), None))
        server.log.clear()
        list(connect(server, author_key, clock).batches(ZOOM, Window(), first[-1].cursor))
        (request,) = server.searches
    assert first[-1].cursor == (NOW - timedelta(seconds=60)).isoformat()
    assert request.params["start_time"] == "2023-09-01T11:49:00Z"
    assert request.params["end_time"] == "2023-09-01T11:59:00Z"


def test_an_empty_window_asks_nothing(author_key: AuthorKey, clock: Clock) -> None:
    """A window in the future gives one batch without posts and keeps the cursor."""
    with XServer(clock=clock) as server:
        connector = connect(server, author_key, clock)
        (batch,) = connector.batches(ZOOM, Window(NOW + timedelta(days=1)), "2023-08-17")
        assert server.log == []
    assert (batch.posts.num_rows, batch.cursor) == (0, "2023-08-17")


def test_an_empty_page_is_not_the_end(author_key: AuthorKey, clock: Clock) -> None:
    """X may give a page without posts and a token for the next."""
    with XServer([post(n, DAY + timedelta(seconds=n), "zoom") for n in range(1, 31)], clock=clock, page=10) as server:
        untwisted, searched = server.respond, []

        def respond(request: Request) -> Response:
            response = untwisted(request)
            if "/search/" in request.path:
                searched.append(1)
                if len(searched) == 2:
                    return Response(200, {"meta": {**response.body["meta"], "result_count": 0}}, response.headers)
            return response

        server.respond = respond  # type: ignore[method-assign]
        batches = list(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
    assert len(rows(batches)) == 20  # the others were gone when their page was made


def test_tokens_that_go_in_a_circle_end(author_key: AuthorKey, clock: Clock) -> None:
    """The same token twice is told, and not followed for ever."""
    with XServer([post(n, DAY, "zoom") for n in range(1, 31)], clock=clock) as server:
        untwisted = server.respond

        def respond(request: Request) -> Response:
            params = {name: value for name, value in request.params.items() if name != "next_token"}
            response = untwisted(replace(request, params=params))
            if "/search/" in request.path:
                response.body["meta"]["next_token"] = "again"
            return response

        server.respond = respond  # type: ignore[method-assign]
        with pytest.raises(BadPayload, match="in a circle"):
            list(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
        assert len(server.searches) == 2


def test_it_waits_until_its_window_of_15_minutes_is_over(author_key: AuthorKey, clock: Clock) -> None:
    """When an answer says that nothing is left, the next request waits for the reset, without a refusal first."""
    posts = [post(n, DAY + timedelta(seconds=n), "zoom") for n in range(1, 51)]
    with XServer(posts, clock=clock, page=10) as server:
        server.limits["/2/tweets/search/recent"] = 3
        batches = list(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
        assert len(server.searches) == 5
    assert len(rows(batches)) == 50
    assert clock.waits == [900.0]


def test_endpoints_are_counted_apart(author_key: AuthorKey, clock: Clock) -> None:
    """Counts that are used up do not make the search wait."""
    with XServer([post(1, DAY, "zoom")], clock=clock) as server:
        server.limits["/2/tweets/counts/recent"] = 1
        assert len(rows(connect(server, author_key, clock).batches(ZOOM, WEEK, None))) == 1
    assert clock.waits == []


def test_the_archive_is_asked_once_a_second(author_key: AuthorKey, clock: Clock) -> None:
    """Pages of 500, at the pace that X allows, and never refused for haste."""
    posts = [post(n, DAY + timedelta(seconds=n), "zoom") for n in range(1, 41)]
    with XServer(posts, clock=clock, page=10, paced=True) as server:
        batches = list(connect(server, author_key, clock, full_archive=True).batches(ZOOM, WEEK, None))
        paths = [request.path for request in server.log]
        assert server.searches[0].params["max_results"] == "500"
    assert len(rows(batches)) == 40
    assert paths == ["/2/tweets/counts/all", *["/2/tweets/search/all"] * 4]
    assert clock.waits == [1.0] * 3


def test_a_429_is_waited_for_as_its_header_says(author_key: AuthorKey, clock: Clock) -> None:
    """tweepy itself neither waits nor asks again: there is one request more, and one wait."""
    with XServer([post(1, DAY, "zoom")], clock=clock) as server:
        server.faults.extend([None, Fault("rate_limited")])
        assert len(rows(connect(server, author_key, clock).batches(ZOOM, WEEK, None))) == 1
        assert len(server.log) == 3
        server.faults.extend([None, *[Fault("rate_limited")] * 3])
        with pytest.raises(RateLimited):
            list(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
        assert len(server.log) == 7
    assert clock.waits == [30.0] * 3


CAPPED = {
    "account_id": 77120,
    "product_name": "standard-basic",
    "title": "UsageCapExceeded",
    "period": "Monthly",
    "scope": "Product",
    "detail": "Usage cap exceeded: Monthly product cap",
    "type": "https://api.twitter.com/2/problems/usage-capped",
}
ENROLLED = {"title": "Client Forbidden", "reason": "client-not-enrolled", "detail": "You must use keys …"}


@pytest.mark.parametrize(
    ("fault", "kind", "told"),
    [
        (Fault(status=401, body={"title": "Unauthorized"}), AuthError, "check X_BEARER_TOKEN"),
        (Fault(status=402, body={"title": "CreditsDepleted"}), SpendLimit, "no credits left"),
        (Fault(status=403, body=ENROLLED), AuthError, "Basic, Pro or pay-per-use"),
        (Fault(status=403, body=["no"]), AuthError, "access level"),
        (Fault(status=429, body=CAPPED), SpendLimit, "cap on posts a month"),
        (Fault(status=400, body={"errors": [{"parameters": {"query": ["z"]}, "message": "bad"}]}), BadInput, "bad"),
        (
            Fault(status=400, body={"errors": [{"parameters": {"end_time": [""]}, "message": "a\nb"}]}),
            BadPayload,
            "a b",
        ),
        (Fault(status=418, body="teapot"), BadPayload, "nothing"),
        (Fault("not_an_object"), BadPayload, "no object"),
    ],
)
def test_refusals_say_what_to_do(
    author_key: AuthorKey, clock: Clock, fault: Fault, kind: type[ConnectorError], told: str
) -> None:
    """One line each, told at once: neither waited for nor asked again."""
    with XServer(clock=clock) as server:
        server.faults.append(fault)
        with pytest.raises(kind, match=told) as error:
            list(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
        assert len(server.log) == 1
    assert clock.waits == []
    assert "\n" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__context__ is None


def test_a_missing_right_to_the_archive_is_told_as_that(author_key: AuthorKey, clock: Clock) -> None:
    """The line names the access level and the setting."""
    with XServer(clock=clock, archive=False) as server, pytest.raises(AuthError, match="full_archive = false"):
        list(connect(server, author_key, clock, full_archive=True).batches(ZOOM, WEEK, None))


def test_a_failure_to_count_is_one_of_all_the_time(author_key: AuthorKey, clock: Clock) -> None:
    """Nothing is known of the window then: it is failed, not silent."""
    batches: list[Batch] = []
    with XServer(clock=clock) as server:
        server.faults.extend([Fault(status=500)] * 3)
        with pytest.raises(Unavailable):
            batches.extend(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
    (row,) = [row for batch in batches for row in batch.coverage]
    assert (row.window_start, row.window_end, row.failed) == (WEEK.since, WEEK.until, True)
    assert [batch.cursor for batch in batches] == [None]


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "tökén", "with\ttab"])
def test_what_cannot_be_a_token_is_told_before_anything_is_asked(
    author_key: AuthorKey, clock: Clock, token: str
) -> None:
    """A slip of the clipboard is one line, without the token."""
    with XServer(clock=clock) as server:
        with pytest.raises(AuthError, match="is no bearer token") as error:
            connect(server, author_key, clock, token=token)
        assert server.log == []
    assert token not in str(error.value)


def test_neither_token_nor_author_stands_in_any_log(
    author_key: AuthorKey, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """tweepy would write down headers and answers where debugging is on."""
    caplog.set_level(logging.DEBUG)
    with XServer([post(1, DAY, "zoom", author_id="998877665544")], clock=clock) as server:
        connector = connect(server, author_key, clock)
        assert rows(connector.batches(ZOOM, WEEK, None))
    said = f"{caplog.text} {vars(connector)} {vars(connector.client)} {vars(connector.client.client)}"
    assert "998877665544" not in said
    assert TOKEN not in said


def test_a_query_too_long_for_x_is_told_before_anything_is_asked(author_key: AuthorKey, clock: Clock) -> None:
    """One clear line, and nothing is paid for."""
    query = parse(" ".join(f"word{n:04}" for n in range(80)))
    with XServer(clock=clock) as server:
        with pytest.raises(BadInput, match="X takes 512"):
            list(connect(server, author_key, clock).batches(query, WEEK, None))
        assert server.log == []
