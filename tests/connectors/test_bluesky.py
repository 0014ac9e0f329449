"""Bluesky, against a local network that keeps the real one's limits."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from brands.brand_file import Source
from brands.query import parse
from connectors.batch import AuthorKey, Batch, Window
from connectors.bluesky import Bluesky
from connectors.errors import AuthError, BadInput, BadPayload, ConnectorError, RateLimited, Unavailable
from tests.connectors.cases.bluesky import post_id
from tests.connectors.conftest import Clock
from tests.servers.bluesky import BlueskyServer, Fault, View, label, post
from tests.servers.platform import Request, Response

NOW = datetime(2023, 9, 1, 12)
DAY = datetime(2023, 8, 6)
ONE_DAY = Window(DAY, DAY + timedelta(days=1))
ZOOM = parse("zoom")


def at(seconds: float) -> datetime:
    return DAY + timedelta(seconds=seconds)


def serve(posts: Iterable[View] = (), clock: Clock | None = None, **more: Any) -> BlueskyServer:
    return BlueskyServer(posts, clock=clock or Clock(), **more)


def connect(server: BlueskyServer, author_key: AuthorKey, clock: Clock | None = None, **more: Any) -> Bluesky:
    clock = clock or Clock()
    secrets = {"BLUESKY_HANDLE": server.handle, "BLUESKY_APP_PASSWORD": server.password, **more}
    source = Source(connector="bluesky", name="bluesky", url=server.address)
    return Bluesky(source, author_key, NOW, credentials=secrets, clock=clock, sleep=clock.sleep)


def rows(batches: Iterable[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.posts.to_pylist()]


def searches(server: BlueskyServer) -> list[Request]:
    return [request for request in server.log if request.path.endswith("searchPosts")]


def test_a_post_is_mapped_whole(author_key: AuthorKey) -> None:
    """A post and an answer to it: the author as a key, parents and thread by id, counts as metrics, no handle."""
    root = post(
        1, at(1), "Zoom’s new terms", likeCount=7, replyCount=2, repostCount=3, quoteCount=4, langs=["en", "de"]
    )
    link = {"uri": root["uri"], "cid": root["cid"]}
    answer = post(2, at(2), "leaving zoom", reply={"root": link, "parent": link}, langs=[])
    with serve([root, answer]) as server:
        batches = list(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
    found = {row["post_id"]: row for row in rows(batches)}
    did, key = post_id(root).split("/")
    assert found[post_id(root)] == {
        "source": "bluesky",
        "post_id": f"{did}/{key}",
        "author_key": author_key("bluesky", did),
        "created_at": at(1),
        "collected_at": NOW,
        "kind": "post",
        "text": "Zoom’s new terms",
        "title": None,
        "lang": "en",
        "url": f"https://bsky.app/profile/{did}/post/{key}",
        "parent_id": None,
        "thread_id": f"{did}/{key}",
        "rating": None,
        "truncated": False,
    }
    reply = found[post_id(answer)]
    assert (reply["kind"], reply["lang"]) == ("comment", None)
    assert reply["parent_id"] == reply["thread_id"] == post_id(root)
    metrics = [row for batch in batches if batch.metrics for row in batch.metrics.to_pylist()]
    [counted] = [row for row in metrics if row["post_id"] == post_id(root)]
    assert (counted["likes"], counted["replies"], counted["shares"]) == (7, 2, 7)


def test_the_search_slides_on_where_its_cursor_ends(author_key: AuthorKey) -> None:
    """1,000 posts of a day, four in each minute, where a cursor leads to 250: all come once, and none is capped."""
    posts = [post(n, at(n // 4 * 60), "zoom") for n in range(1_000)]
    with serve(posts, deepest=250) as server:
        batches = list(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
    assert sorted(row["post_id"] for row in rows(batches)) == sorted(map(post_id, posts))
    assert not any(row.capped for batch in batches for row in batch.coverage)
    assert [batch.cursor is not None for batch in batches] == [False] * (len(batches) - 1) + [True]


def test_a_cursor_that_ends_at_once_loses_nothing(author_key: AuthorKey) -> None:
    """Where each search gives one page only, the next one begins where it ended."""
    posts = [post(n, at(n * 100), "zoom") for n in range(450)]
    with serve(posts, deepest=100) as server:
        found = rows(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
        assert not any("cursor" in request.params for request in searches(server))
    assert len(found) == 450


def test_more_posts_in_one_millisecond_than_a_cursor_leads_to_are_told(author_key: AuthorKey) -> None:
    """Nothing finer can be asked for: what is older still comes, and coverage says capped."""
    posts = [post(n, at(5_000), "zoom") for n in range(350)] + [post(900, at(5), "zoom")]
    with serve(posts, deepest=200) as server:
        batches = list(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
    assert len(rows(batches)) == 201
    assert post_id(posts[-1]) in {row["post_id"] for row in rows(batches)}
    assert [row.capped for batch in batches for row in batch.coverage] == [True]


def test_pages_that_are_hidden_to_the_last_post_are_told(author_key: AuthorKey) -> None:
    """The cursor leads on through pages without posts; where nothing tells how to go on, coverage says capped."""
    posts = [post(n, at(n * 100), "zoom") for n in range(400)]
    with serve(posts, deepest=200) as server:
        server.hidden = {view["uri"] for view in posts[200:]}
        batches = list(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
    assert [row.capped for batch in batches for row in batch.coverage] == [True]


def test_a_single_post_at_the_end_of_a_slice_is_no_cap(author_key: AuthorKey) -> None:
    """In the last millisecond that is asked for, there is one post, and before it another."""
    posts = [post(1, at(86_400 + 599.999), "zoom"), post(2, at(86_399.999), "zoom"), post(3, at(3), "zoom")]
    with serve(posts) as server:
        batches = list(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
    assert {row["post_id"] for row in rows(batches)} == {post_id(posts[1]), post_id(posts[2])}
    assert not batches[-1].coverage[0].capped


@pytest.mark.parametrize(
    ("created", "indexed", "expected"),
    [
        ("2023-08-06T00:00:05.000Z", at(9), at(5)),
        ("2031-01-01T00:00:00.000Z", at(9), at(9)),  # the future
        ("1970-01-01T00:00:00.000Z", at(9), at(9)),  # no clock at all
        ("2023-08-06T02:00:05+02:00", at(9), at(5)),
    ],
)
def test_a_clock_that_lies_is_not_believed(
    author_key: AuthorKey, created: str, indexed: datetime, expected: datetime
) -> None:
    """createdAt is what the writer's program says; later than indexedAt, or absurd, it is replaced by that."""
    view = post(1, indexed, "zoom", createdAt=created)
    with serve([post(2, at(1), "zoom")]) as server:
        server.index.posts.append((f"{indexed:%Y-%m-%dT%H:%M:%S}.000Z", view))
        found = {
            row["post_id"]: row["created_at"] for row in rows(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
        }
    assert found[post_id(view)] == expected


def test_what_is_not_to_be_shown_to_everybody_is_not_kept(
    author_key: AuthorKey, caplog: pytest.LogCaptureFixture
) -> None:
    """Hidden and taken-down posts, and authors who ask for readers with an account only: left out, counted, said."""
    caplog.set_level("INFO", logger="connectors")
    posts = [
        post(1, at(1), "zoom", labels=[label("!hide")]),
        post(2, at(2), "zoom", labels=[label("!takedown")]),
        post(3, at(3), "zoom", author_labels=[label("!no-unauthenticated")]),
        post(4, at(4), "zoom", author_labels=[label("!no-unauthenticated", neg=True), label("rude")]),
    ]
    with serve(posts) as server:
        batches = list(connect(server, author_key).batches(parse("@zoom OR zoom"), ONE_DAY, None))
    assert [row["post_id"] for row in rows(batches)] == [post_id(posts[3])]
    assert sum(batch.not_matching for batch in batches) >= 3
    assert "3 posts left out" in caplog.text


def test_what_cannot_be_a_post_is_quarantined_without_a_name(author_key: AuthorKey) -> None:
    """No uri, no record, no time, an id that is a domain name: kept by the reason only."""
    broken = [
        post(1, at(1), "zoom") | {"uri": "at://mallory.bsky.social/app.bsky.feed.post/1"},
        post(2, at(2), "zoom", did="did:web:mallory.example"),
        post(3, at(3), "zoom") | {"indexedAt": "yesterday", "record": {"text": "zoom by mallory"}},
        post(4, at(4), "zoom") | {"record": None},
    ]
    with serve([post(5, at(5), "zoom")]) as server:
        answer = server.respond

        def respond(request: Request) -> Response:
            response = answer(request)
            if response.body.get("posts"):
                return Response(body={"posts": [*response.body["posts"], *broken]})
            return response

        server.respond = respond  # type: ignore[method-assign]
        batches = list(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
    rejected = [reject for batch in batches for reject in batch.rejected]
    assert {reject.reason for reject in rejected} == {
        "a post without uri, record or author",
        "its author's id is a domain name, which may be a handle",
        "a post without createdAt or indexedAt",
    }
    assert len(rows(batches)) == 1
    assert "mallory" not in repr(batches)


def test_the_beginning_of_a_word_is_searched_as_well_as_can_be(author_key: AuthorKey) -> None:
    """Whole words stand in for it; what they do not find is not called silence."""
    posts = [post(1, at(1), "training on calls"), post(2, at(2), "trainwreck")]
    with serve(posts) as server:
        batches = list(connect(server, author_key).batches(parse("train*"), ONE_DAY, None))
    assert [row["post_id"] for row in rows(batches)] == [post_id(posts[0])]
    assert batches[-1].coverage[0].capped


# Sessions ---------------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_told_by_the_names_of_the_variables(author_key: AuthorKey) -> None:
    """One line, nothing asked again, and neither the password nor an answer of the service in any part of the error."""
    with serve() as server:
        connector = connect(server, author_key, BLUESKY_APP_PASSWORD="my-own-password")
        with pytest.raises(AuthError, match="check BLUESKY_HANDLE and BLUESKY_APP_PASSWORD") as caught:
            list(connector.batches(ZOOM, ONE_DAY, None))
        assert len(server.log) == 1
    error = caught.value
    assert (error.__cause__, error.__context__) == (None, None)
    assert "\n" not in str(error)
    assert "my-own-password" not in "".join(traceback.format_exception(error))


def test_nothing_is_asked_before_it_must_be(author_key: AuthorKey) -> None:
    """Opening the source asks nothing; one log-in serves all searches."""
    with serve([post(1, at(1), "zoom")]) as server:
        connector = connect(server, author_key)
        assert server.log == []
        list(connector.batches(ZOOM, ONE_DAY, None))
        list(connector.recheck([post_id(post(1, at(1), "zoom"))]))
        assert sum("createSession" in request.path for request in server.log) == 1


def test_an_old_session_is_renewed_without_the_password(author_key: AuthorKey) -> None:
    """The library renews a session before it ends, by the clock that is given."""
    clock = Clock()
    with serve([post(1, at(1), "zoom")], clock) as server:
        connector = connect(server, author_key, clock)
        list(connector.batches(ZOOM, ONE_DAY, None))
        clock.now += timedelta(hours=1, minutes=50)
        list(connector.batches(ZOOM, ONE_DAY, None))
        asked = [request.path.rsplit(".", 1)[-1] for request in server.log]
    assert (asked.count("createSession"), asked.count("refreshSession")) == (1, 1)


def test_a_session_that_the_service_ends_is_begun_anew_once(author_key: AuthorKey) -> None:
    """The new log-in does not carry the old token; refused again, it is an error."""
    with serve([post(1, at(1), "zoom")]) as server:
        connector = connect(server, author_key)
        list(connector.batches(ZOOM, ONE_DAY, None))
        server.tokens.clear()
        assert len(rows(connector.batches(ZOOM, ONE_DAY, None))) == 1
        server.log.clear()
        server.faults.extend([Fault(status=401)] * 2)
        with pytest.raises(AuthError):
            list(connector.batches(ZOOM, ONE_DAY, None))
        assert [request.path.rsplit(".", 1)[-1] for request in server.log].count("createSession") == 1


def test_a_password_is_not_sent_unencrypted_or_elsewhere(author_key: AuthorKey) -> None:
    """An http address beyond this machine is refused, and a redirect is not followed."""
    source = Source(connector="bluesky", name="bluesky", url="http://example.org")
    with pytest.raises(BadInput, match="must begin with https"):
        Bluesky(source, author_key, NOW, credentials={})
    with serve() as server, serve() as other:
        target = f"{other.address}/xrpc/com.atproto.server.createSession"
        server.respond = lambda request: Response(307, {}, {"Location": target})  # type: ignore[method-assign]
        with pytest.raises(BadPayload, match="HTTP 307"):
            list(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
        assert other.log == []


@pytest.mark.parametrize("body", [{}, {"did": "did:plc:x", "accessJwt": "eyJsecret"}, ["eyJsecret"]])
def test_a_log_in_of_another_form_tells_no_token(author_key: AuthorKey, body: object) -> None:
    """The library's own error would show what the service sent."""
    with serve() as server:
        server.respond = lambda request: Response(200, body)  # type: ignore[method-assign]
        with pytest.raises(BadPayload) as caught:
            list(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
    assert "eyJsecret" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


# Limits and faults ------------------------------------------------------------------------------------------------


def test_an_allowance_that_is_used_up_is_waited_for(author_key: AuthorKey) -> None:
    """3,000 requests in five minutes: the wait lasts until the window ends, on the clock that is given, and once."""
    clock = Clock()
    with serve([post(1, at(1), "zoom")], clock) as server:
        server.used = [clock.now - timedelta(seconds=60)] * 2_999
        assert len(rows(connect(server, author_key, clock).batches(ZOOM, ONE_DAY, None))) == 1
    assert clock.waits == [240.0]


def test_a_rate_limit_is_waited_for_by_one_place_only(author_key: AuthorKey) -> None:
    """Three attempts, as long apart as the service says, and not again around them."""
    clock = Clock()
    with serve([post(1, at(1), "zoom")], clock) as server:
        server.faults.extend([Fault("rate_limited")] * 3)
        with pytest.raises(RateLimited):
            list(connect(server, author_key, clock).batches(ZOOM, ONE_DAY, None))
        assert len(searches(server)) == 3


def test_a_fault_in_the_middle_leaves_a_failed_row_and_the_posts(author_key: AuthorKey) -> None:
    """What came before is given, the day is failed and has no cursor, earlier days keep theirs."""
    posts = [post(n, at(n * 600), "zoom") for n in range(250)]
    window = Window(DAY, DAY + timedelta(days=2))
    with serve(posts) as server:
        whole = len(list(connect(server, author_key).batches(ZOOM, window, None)))
        server.faults.extend([None] * (len(searches(server)) - 1) + [Fault(status=500)] * 3)
        batches: list[Batch] = []
        with pytest.raises(Unavailable, match="HTTP 500"):
            batches.extend(connect(server, author_key).batches(ZOOM, window, None))
    assert len(batches) == whole
    assert batches[-1].coverage[0].failed
    assert batches[-1].cursor is None
    assert len(rows(batches)) == 250


@pytest.mark.parametrize("body", [{}, {"posts": {}}, {"posts": ["x"]}, [], "posts"])
def test_answers_of_another_form_are_bad_payload(author_key: AuthorKey, body: object) -> None:
    """No list of posts, or a list of something else: told after one request."""
    with serve() as server:
        answer = server.respond

        def respond(request: Request) -> Response:
            return answer(request) if "server" in request.path else Response(200, body)

        server.respond = respond  # type: ignore[method-assign]
        with pytest.raises(BadPayload):
            list(connect(server, author_key).batches(ZOOM, ONE_DAY, None))
        assert len(searches(server)) == 1


# Deletions --------------------------------------------------------------------------------------------------------


def test_what_is_gone_is_found_in_twenty_fives(author_key: AuthorKey) -> None:
    """60 posts, of which one is deleted, one hidden by its author's wish; the others are there."""
    posts = [post(n, at(n), "zoom") for n in range(60)]
    with serve(posts) as server:
        server.index.remove(posts[30]["uri"])
        posts[31]["author"]["labels"] = [label("!no-unauthenticated")]
        answers = list(connect(server, author_key).recheck([*map(post_id, posts), "no id", "a/b/c"]))
        assert [len(request.all_params["uris"]) for request in server.log[1:]] == [25, 25, 1, 10]
    assert [post_id for answer in answers for post_id in answer.checked] == list(map(post_id, posts))
    gone = {key: reason for answer in answers for key, reason in answer.gone.items()}
    assert gone == {post_id(posts[30]): "deleted", post_id(posts[31]): "hidden"}


@pytest.mark.parametrize("fault", [Fault(status=500), Fault("html"), Fault("not_an_object"), Fault(status=404)])
def test_an_error_is_never_a_deletion(author_key: AuthorKey, fault: Fault) -> None:
    """Posts that could not be looked at are not checked, and so not gone."""
    with serve([post(1, at(1), "zoom")]) as server:
        server.faults.extend([fault] * 3)
        checked: list[object] = []
        with pytest.raises(ConnectorError):
            checked.extend(connect(server, author_key).recheck([post_id(post(1, at(1), "zoom"))]))
    assert checked == []


def test_a_post_that_is_filed_under_the_next_day_is_found(author_key: AuthorKey) -> None:
    """A writer's clock is ahead across the end of a slice: by whichever time the search goes, the post comes once."""
    ahead = post(1, at(86_398), "zoom", createdAt="2023-08-07T00:00:01.000Z")
    with serve([post(2, at(5), "zoom"), post(3, at(90_000), "zoom")]) as server:
        server.index.posts.insert(1, ("2023-08-07T00:00:01.000Z", ahead))
        found = rows(connect(server, author_key).batches(ZOOM, Window(DAY, DAY + timedelta(days=2)), None))
    assert [row["created_at"] for row in found if row["post_id"] == post_id(ahead)] == [at(86_398)]
    assert len(found) == 3
