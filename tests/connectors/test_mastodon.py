"""Mastodon, against local servers that keep the real ones' limits."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from brands.brand_file import Source
from brands.query import parse
from connectors.batch import AuthorKey, Batch, Window
from connectors.errors import AuthError, BadInput, BadPayload, NotFound, RateLimited, Unavailable
from connectors.mastodon import Mastodon
from connectors.mastodon_client import Instance, read_id, read_tokens, write_id
from connectors.mastodon_items import name_post, read_status
from connectors.mastodon_recheck import recheck_at_home
from tests.connectors.cases.mastodon import post_id
from tests.connectors.conftest import Clock
from tests.servers.mastodon import Fault, MastodonServer, Status, copy, number_at, status
from tests.servers.platform import Request, Response

NOW = datetime(2023, 9, 1, 12)
DAY = datetime(2023, 8, 6)
WEEK = Window(DAY, DAY + timedelta(days=7))
ZOOM = parse("zoom")
FAR = "https://far.example"


def at(seconds: float) -> datetime:
    return DAY + timedelta(seconds=seconds)


def serve(clock: Clock | None = None, **more: Any) -> MastodonServer:
    return MastodonServer(clock=clock or Clock(), **more)


def connect(
    *servers: MastodonServer, author_key: AuthorKey, clock: Clock | None = None, token: str = "", **more: Any
) -> Mastodon:
    clock = clock or Clock()
    source = Source(connector="mastodon", name="mastodon", instances=tuple(each.address for each in servers), **more)
    secrets = {"MASTODON_ACCESS_TOKEN": token}
    return Mastodon(source, author_key, NOW, credentials=secrets, clock=clock, sleep=clock.sleep)


def rows(batches: Iterable[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.posts.to_pylist()]


def ids(batches: Iterable[Batch]) -> set[str]:
    return {row["post_id"] for row in rows(batches)}


def timelines(server: MastodonServer) -> list[Request]:
    return [request for request in server.log if "timelines" in request.path]


def test_a_status_is_mapped_whole(author_key: AuthorKey) -> None:
    """HTML as text, a content warning as title, counts as metrics; the author as a key, and in no address."""
    with serve() as server:
        link = '<a href="https://zoom.us/terms"><span class="invisible">https://</span><span>zoom.us/terms</span></a>'
        more = {"favourites_count": 7, "replies_count": 2, "reblogs_count": 3, "spoiler_text": "terms, long"}
        root = status(server.address, 1, at(1), f"I read {link} &amp;<br>left", "Zoom", **more)
        answer = status(server.address, 2, at(2), "so did I", "zoom", in_reply_to_id=root["id"], language=None)
        server.add(root, answer)
        batches = list(connect(server, author_key=author_key).batches(ZOOM, WEEK, None))
        host, address = server.host, server.address
    found = {row["post_id"]: row for row in rows(batches)}
    assert found[f"{host}/{root['id']}"] == {
        "source": "mastodon",
        "post_id": f"{host}/{root['id']}",
        "author_key": author_key("mastodon", f"author1@{host}"),
        "created_at": at(1),
        "collected_at": NOW,
        "kind": "post",
        "text": "I read https://zoom.us/terms &\nleft #Zoom",
        "title": "terms, long",
        "lang": "en",
        "url": f"{address}/statuses/{root['id']}",
        "parent_id": None,
        "thread_id": f"{host}/{root['id']}",
        "rating": None,
        "truncated": False,
    }
    reply = found[f"{host}/{answer['id']}"]
    assert (reply["kind"], reply["lang"], reply["thread_id"]) == ("comment", None, None)
    metrics = [row for batch in batches if batch.metrics for row in batch.metrics.to_pylist()]
    assert (metrics[-1]["likes"], metrics[-1]["replies"], metrics[-1]["shares"]) == (7, 2, 3)


def test_long_timelines_are_read_page_by_page_and_no_further_than_needed(author_key: AuthorKey) -> None:
    """From the end of the slice down to its start: what is newer or much older is not asked for."""
    with serve() as server:
        server.add(*(status(server.address, n, at(3_600 * (n - 300)), "x", "zoom") for n in range(1_000)))
        batches = list(connect(server, author_key=author_key).batches(ZOOM, WEEK, None))
        asked = timelines(server)
    assert len(rows(batches)) == 168
    assert len(asked) <= 1 + 168 // 40 + 2
    assert asked[0].params["limit"] == "1"  # what the newest tells of the server's ids
    assert read_id(asked[1].params["max_id"]) == WEEK.until + timedelta(minutes=10)  # type: ignore[operator]
    assert batches[-1].cursor


def test_a_server_whose_ids_are_no_times_is_read_from_its_newest(author_key: AuthorKey) -> None:
    """Other software counts or numbers in its own way: nothing of it is guessed."""
    with serve() as server:
        statuses = [status(server.address, n, at(3_600 * n), "x", "zoom", id=str(5_000 + n)) for n in range(300)]
        server.add(*statuses)
        found = ids(connect(server, author_key=author_key).batches(ZOOM, WEEK, None))
        assert "max_id" not in timelines(server)[1].params
    assert found == {post_id(each) for each in statuses[:168]}


def test_a_server_that_repeats_itself_is_told(author_key: AuthorKey) -> None:
    """One that does not understand max_id would be asked for ever."""
    with serve() as server:
        server.add(*(status(server.address, n, at(60 * n), "x", "zoom") for n in range(100)))
        answer = server.respond
        server.respond = lambda request: answer(  # type: ignore[method-assign]
            Request(request.method, request.path, {"limit": "40"}, request.headers, b"")
        )
        with pytest.raises(BadPayload, match="the same statuses again"):
            list(connect(server, author_key=author_key).batches(ZOOM, WEEK, None))
        assert len(server.log) <= 4


def test_a_status_on_several_servers_is_one_post(author_key: AuthorKey) -> None:
    """Its home's host and number name it, wherever it is seen; so does its author's key."""
    with serve() as server, serve() as other:
        original = status(server.address, 1, at(1), "zoom", "zoom")
        server.add(original)
        other.add(copy(original, 5))
        both = rows(connect(server, other, author_key=author_key).batches(ZOOM, WEEK, None))
        alone = rows(connect(other, author_key=author_key).batches(ZOOM, WEEK, None))
    assert [row["post_id"] for row in both] == [post_id(original)]
    assert both == alone


def test_a_boost_is_no_post_and_what_it_boosts_is_one_only_if_it_matches(author_key: AuthorKey) -> None:
    """The boosted status counts with its own time and author, once."""
    with serve() as server:
        original = status(FAR, 1, at(5), "zoom", "zoom")
        silent = status(FAR, 2, at(6), "something else")
        server.add(*(status(server.address, 10 + n, at(90 + n), "", "zoom", reblog=original) for n in range(3)))
        server.add(status(server.address, 20, at(99), "", "zoom", reblog=silent))
        batches = list(connect(server, author_key=author_key).batches(ZOOM, WEEK, None))
    assert [(row["post_id"], row["created_at"]) for row in rows(batches)] == [(post_id(original), at(5))]


@pytest.mark.parametrize(
    "more",
    [
        {"visibility": "private"},
        {"visibility": "direct"},
        {"account_discoverable": False},
        {"account_noindex": True},
        {"account_note": '<p>me <a href="https://x.example/tags/nobot" rel="tag">#<span>nobot</span></a></p>'},
        {"account_note": "#NoIndex, please"},
    ],
)
def test_who_wants_to_be_left_out_is_left_out(
    author_key: AuthorKey, caplog: pytest.LogCaptureFixture, more: dict[str, Any]
) -> None:
    """Not stored, counted, and said."""
    caplog.set_level("INFO", logger="connectors")
    with serve() as server:
        hidden = status(server.address, 1, at(1), "zoom", "zoom", **more)
        server.add(
            status(
                server.address,
                2,
                at(2),
                "zoom",
                "zoom",
                account_note="<p>no bots? #nobots</p>",
                account_indexable=False,
            )
        )
        answer = server.respond

        def respond(request: Request) -> Response:
            response = answer(request)
            return Response(body=[*response.body, hidden] if response.body else [])

        server.respond = respond  # type: ignore[method-assign]
        batches = list(connect(server, author_key=author_key).batches(ZOOM, WEEK, None))
    assert len(rows(batches)) == 1
    assert sum(batch.not_matching for batch in batches) >= 1
    assert "left out" in caplog.text


@pytest.mark.parametrize(
    ("uri", "post_id", "url"),
    [
        ("https://a.example/users/Alice/statuses/12", "a.example/12", "https://a.example/statuses/12"),
        ("https://a.example/ap/users/77/statuses/12", "a.example/12", "https://a.example/statuses/12"),
        ("https://a.example/@alice/12", "a.example/12", "https://a.example/statuses/12"),
        ("https://a.example/users/alice/statuses/01H8XA", "a.example/01H8XA", "https://a.example/statuses/01H8XA"),
        ("https://a.example/objects/1-2", "a.example/objects/1-2", "https://a.example/objects/1-2"),
        ("https://a.example/notes/9abc", "a.example/notes/9abc", "https://a.example/notes/9abc"),
    ],
)
def test_a_post_is_named_without_its_author(uri: str, post_id: str, url: str) -> None:
    """By the host and what comes after the author's name."""
    assert name_post(uri, "alice") == (post_id, url, "a.example")


@pytest.mark.parametrize(
    "uri",
    [
        "https://alice.example/users/alice/statuses/12",  # a server of one's own
        "https://a.example/p/alice/12",
        "https://a.example/u/ALICE/12",
        "https://a.example/post?by=alice",
        "https://a.example/",
    ],
)
def test_an_address_that_names_the_author_is_not_kept(uri: str) -> None:
    """Such a post has a hash for an id, always the same, and no address."""
    named = name_post(uri, "alice")
    assert named is not None
    assert named == name_post(uri, "alice")
    assert named[0].startswith("unnamed/")
    assert "alice" not in named[0].lower()
    assert named[1] is None


@pytest.mark.parametrize(
    "uri", ["", "tag:a.example,2023:1", "https://", "https://[", "https://user:pass@a.example/1/2"]
)
def test_what_is_no_address_is_quarantined(uri: str) -> None:
    """Kept by the reason only."""
    assert name_post(uri, "alice") is None
    read = read_status(status(FAR, 1, DAY, "zoom", uri=uri, username="alice"), numbered=True)
    assert "alice" not in repr(read)
    assert "no address" in repr(read)


def test_a_time_from_the_future_is_not_believed(author_key: AuthorKey) -> None:
    """The server's number tells when it got the status; where numbers are no times, there is nothing else to go by."""
    future = status(FAR, 1, at(5), "zoom", created_at="2031-01-01T00:00:00.000Z")
    assert read_status(future, numbered=True).created_at == at(5)  # type: ignore[union-attr]
    assert read_status(future, numbered=False).created_at == datetime(2031, 1, 1)  # type: ignore[union-attr]
    assert "created_at" in repr(read_status(future | {"created_at": None}, numbered=True))


def test_numbers_and_times_are_two_ways_to_say_the_same() -> None:
    """To the millisecond, and for what is no such number there is no time."""
    assert read_id(write_id(at(1.234))) == at(1.234)
    assert write_id(at(1.234)) == str(number_at(at(1.234)))
    for odd in (None, 5, "", "x", "-5", "²", "9" * 30, "109A"):
        assert read_id(odd) is None


# Search -----------------------------------------------------------------------------------------------------------


def test_with_a_token_the_search_finds_what_has_no_tag(author_key: AuthorKey) -> None:
    """Only on the server whose token it is, and the token is sent to no other."""
    with serve(token="secret") as server, serve(token="other") as other:
        statuses = [status(each.address, 1, at(1), "Zoom's terms") for each in (server, other)]
        server.add(statuses[0])
        other.add(statuses[1])
        assert rows(connect(server, other, author_key=author_key).batches(ZOOM, WEEK, None)) == []
        connector = connect(server, other, author_key=author_key, token="secret")
        assert ids(connector.batches(ZOOM, WEEK, None)) == {post_id(statuses[0])}
        assert not any("authorization" in request.headers for request in other.log)
        both = connect(server, other, author_key=author_key, token=f"{server.host}=secret, {other.host.upper()}=other")
        assert ids(both.batches(ZOOM, WEEK, None)) == set(map(post_id, statuses))


def test_a_search_slides_down_and_tells_where_it_is_cut(author_key: AuthorKey) -> None:
    """Seconds that a page cuts in two are asked for again; one that fills a page is not called complete."""
    with serve(token="t") as server:
        statuses = [status(server.address, n, at(n // 7), "zoom") for n in range(200)]
        server.add(*statuses)
        batches = list(connect(server, author_key=author_key, token="t").batches(ZOOM, WEEK, None))
        assert ids(batches) == set(map(post_id, statuses))
        assert not any(row.capped for batch in batches for row in batch.coverage)
        crowd = [status(server.address, n, at(9_000), "zoom") for n in range(300, 345)]
        server.add(*crowd)
        batches = list(connect(server, author_key=author_key, token="t").batches(ZOOM, WEEK, None))
    assert len(ids(batches)) == 240
    assert [row.capped for batch in batches for row in batch.coverage] == [True]


def test_what_cannot_be_searched_for_is_not_called_complete(author_key: AuthorKey) -> None:
    """The beginning of a word is searched as a word."""
    with serve(token="t") as server:
        server.add(status(server.address, 1, at(1), "train on calls"), status(server.address, 2, at(2), "trainwreck"))
        batches = list(connect(server, author_key=author_key, token="t").batches(parse("train*"), WEEK, None))
    assert len(rows(batches)) == 1
    assert [row.capped for batch in batches for row in batch.coverage] == [True]


# Servers that fail ------------------------------------------------------------------------------------------------


def test_a_server_that_is_down_does_not_stop_the_others(author_key: AuthorKey) -> None:
    """The others' posts are given, the slice is failed and has no cursor, and the error names the server."""
    with serve() as server, serve() as closed, serve() as other:
        server.add(status(server.address, 1, at(1), "x", "zoom"))
        other.add(status(other.address, 2, at(2), "x", "zoom"))
        closed.faults.extend([Fault(status=502)] * 3)
        batches: list[Batch] = []
        with pytest.raises(Unavailable, match="HTTP 502") as caught:
            batches.extend(connect(server, closed, other, author_key=author_key).batches(ZOOM, WEEK, None))
        assert len(ids(batches)) == 2
        assert closed.host in str(caught.value)
        assert len(closed.log) == 3
    assert (batches[-1].cursor, batches[-1].coverage[0].failed) == (None, True)
    assert any(asked.problem for batch in batches for asked in batch.asked)


def test_a_rate_limit_of_one_server_is_its_own(author_key: AuthorKey) -> None:
    """What remains at one is waited for at that one; at another nobody waits."""
    clock = Clock()
    with serve(clock) as server, serve(clock) as other:
        for each in (server, other):
            each.add(status(each.address, 1, at(1), "x", "zoom"))
        server.used = [clock.now] * 299
        connector = connect(server, other, author_key=author_key, clock=clock)
        assert len(rows(connector.batches(ZOOM, WEEK, None))) == 2
        assert clock.waits == [300.0]
        other.faults.extend([Fault("rate_limited")] * 3)
        with pytest.raises(RateLimited):
            list(connector.batches(ZOOM, WEEK, None))


def test_a_closed_server_is_told_with_what_to_do(author_key: AuthorKey) -> None:
    """Without a token: give one or leave it out. The others go on, and nothing is asked again."""
    with serve(closed=True) as server, serve() as other:
        other.add(status(other.address, 1, at(1), "x", "zoom"))
        batches: list[Batch] = []
        with pytest.raises(AuthError, match="give MASTODON_ACCESS_TOKEN") as caught:
            batches.extend(connect(server, other, author_key=author_key).batches(ZOOM, WEEK, None))
        assert len(server.log) == 1
    assert len(rows(batches)) == 1
    assert "\n" not in str(caught.value)


def test_a_wrong_token_is_told_without_it(author_key: AuthorKey) -> None:
    """No part of the error holds the token or what the server sent."""
    wrong = "mine-" * 3
    with serve(token="right") as server, pytest.raises(AuthError, match="check MASTODON_ACCESS_TOKEN") as caught:
        list(connect(server, author_key=author_key, token=wrong).batches(ZOOM, WEEK, None))
    assert wrong not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


def test_what_is_no_mastodon_server_is_told(author_key: AuthorKey) -> None:
    """A page that is not found, and one that is no JSON."""
    with serve() as server:
        for fault, kind in ((Fault(status=404, body="no"), NotFound), (Fault("html"), BadPayload)):
            server.faults.append(fault)
            with pytest.raises(kind):
                list(connect(server, author_key=author_key).batches(ZOOM, WEEK, None))
        server.faults.append(Fault(status=418))
        with pytest.raises(BadPayload, match="HTTP 418"):
            list(connect(server, author_key=author_key).batches(ZOOM, WEEK, None))


@pytest.mark.parametrize("body", [{}, {"error": "x"}, {"self": 1}, ["x"], [[]], "statuses", None])
def test_answers_of_another_form_are_bad_payload(author_key: AuthorKey, body: object) -> None:
    """No list of statuses: told after one request."""
    with serve() as server:
        server.respond = lambda request: Response(200, body)  # type: ignore[method-assign]
        with pytest.raises(BadPayload):
            list(connect(server, author_key=author_key).batches(ZOOM, WEEK, None))
        assert len(server.log) == 1


def test_settings_that_cannot_be_used_are_told(author_key: AuthorKey) -> None:
    """No instances, no tags, a token for another host, a token that would travel in the open."""

    def open_with(token: str = "", **more: Any) -> Mastodon:
        source = Source(connector="mastodon", name="m", **more)
        return Mastodon(source, author_key, NOW, credentials={"MASTODON_ACCESS_TOKEN": token})

    with pytest.raises(BadInput, match="name instances"):
        open_with()
    with pytest.raises(BadInput, match="name hashtags"):
        list(open_with(instances=("a.example",)).batches(parse("@zoom"), WEEK, None))
    with pytest.raises(BadInput, match="each host one of the instances") as caught:
        open_with("b.example=secret", instances=("a.example",))
    assert "secret" not in str(caught.value)
    with pytest.raises(BadInput, match="needs https"):
        open_with("secret", instances=("http://a.example",))
    assert open_with("secret", instances=("A.example", "https://b.example/")).instances.keys() == {
        "a.example",
        "b.example",
    }


def test_a_token_belongs_to_one_host() -> None:
    """One alone is the first instance's; pairs name theirs."""
    hosts = ["a.example", "b.example"]
    assert read_tokens("m", "a.example", hosts, {}) == {}
    assert read_tokens("m", "a.example", hosts, {"MASTODON_ACCESS_TOKEN": " t "}) == {"a.example": "t"}
    pairs = {"MASTODON_ACCESS_TOKEN": "a.example=s, B.example=t,"}
    assert read_tokens("m", "a.example", hosts, pairs) == {"a.example": "s", "b.example": "t"}


# Deletions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lists", [True, False], ids=["lists", "one by one"])
def test_what_is_gone_is_found_at_home(author_key: AuthorKey, lists: bool) -> None:
    """45 statuses, of which one is deleted and one is private now; with lists the others cost three requests."""
    with serve(lists=lists) as server:
        statuses = [status(server.address, n, at(n), "zoom") for n in range(45)]
        server.add(*statuses)
        server.remove(statuses[30])
        statuses[31]["visibility"] = "private"
        connector = connect(server, author_key=author_key)
        answers = list(connector.recheck([*map(post_id, statuses), "unnamed/abc", "localhost/1", "10.0.0.1/1"]))
        assert len(server.log) == (5 if lists else 46)
    assert [each for answer in answers for each in answer.checked] == list(map(post_id, statuses))
    gone = {key: reason for answer in answers for key, reason in answer.gone.items()}
    assert gone == {post_id(statuses[30]): "deleted", post_id(statuses[31]): "deleted"}


def test_posts_of_other_software_are_asked_for_at_their_address(author_key: AuthorKey) -> None:
    """404 and 410 are deletions; a closed door or a redirect says nothing."""
    with serve() as server:
        server.objects = {f"/notes/{code}": code for code in (200, 302, 403, 404, 410)}
        there = [f"{server.host}/notes/{code}" for code in (200, 302, 403, 404, 410)]
        answers = list(connect(server, author_key=author_key).recheck(there))
    assert {each for answer in answers for each in answer.checked} == {there[0], there[3], there[4]}
    assert {each for answer in answers for each in answer.gone} == {there[3], there[4]}


@pytest.mark.parametrize(
    "fault",
    [Fault(status=500), Fault("html"), Fault("not_an_object"), Fault(status=401), Fault(status=403), Fault("reset")],
)
def test_an_error_is_never_a_deletion(author_key: AuthorKey, fault: Fault) -> None:
    """Posts that could not be looked at are not checked; the other servers' are."""
    with serve() as server, serve() as other:
        statuses = [status(each.address, 1, at(1), "zoom") for each in (server, other)]
        other.add(statuses[1])
        server.faults.extend([fault] * 6)
        answers = list(connect(server, other, author_key=author_key).recheck(list(map(post_id, statuses))))
    assert {each for answer in answers for each in answer.checked} == {post_id(statuses[1])}


def test_a_page_that_is_not_found_is_no_deletion(author_key: AuthorKey) -> None:
    """A host that is no Mastodon server any more answers 404 to everything, in words that are not the API's."""
    with serve(lists=False) as server:
        server.respond = lambda request: Response(404, b"<h1>Not here", {}, "text/html")  # type: ignore[method-assign]
        [answer] = connect(server, author_key=author_key).recheck([f"{server.host}/12"])
    assert (answer.checked, answer.gone) == ([], {})


def test_only_servers_with_a_public_name_are_asked() -> None:
    """A stored id is made of what others wrote: it leads to no address of this machine or its network."""
    asked: list[str] = []

    def connect_to(host: str) -> Instance:
        asked.append(host)
        raise Unavailable("m", host, "down")

    places = ["a.example/1", "known/1", "localhost/1", "127.0.0.1/1", "a.example:22/1", "[::1]/1", "unnamed/1", "x/1"]
    assert list(recheck_at_home(places, {"known"}, connect_to)) == []
    assert asked == ["a.example", "known"]


def statuses_of(server: MastodonServer, count: int) -> list[Status]:
    return [status(server.address, n, at(n), "zoom", "zoom") for n in range(count)]


def test_a_run_goes_on_where_the_last_one_ended(author_key: AuthorKey) -> None:
    """Six hours before the cursor, since statuses travel; a status that arrived late is found."""
    with serve() as server:
        server.add(*statuses_of(server, 5))
        first = list(connect(server, author_key=author_key, since=DAY.date()).batches(ZOOM, Window(), None))
        cursor = first[-1].cursor
        assert cursor == NOW.isoformat()
        late = status(server.address, 90, NOW - timedelta(hours=5), "late", "zoom")
        server.add(late)
        again = list(connect(server, author_key=author_key, since=DAY.date()).batches(ZOOM, Window(), cursor))
    assert ids(again) == {post_id(late)}
    assert again[-1].coverage[0].window_start == NOW - timedelta(hours=6)


@pytest.mark.parametrize("token", ["", "t"], ids=["timeline", "search"])
def test_a_status_that_got_its_number_after_the_slice_is_found(author_key: AuthorKey, token: str) -> None:
    """A server numbers a status a moment after it was written: at the end of a week it is not lost between two."""
    week = DAY + timedelta(days=7)
    with serve(token=token) as server:
        tags = () if token else ("zoom",)
        late = status(
            server.address, 1, week + timedelta(seconds=2), "zoom", *tags, created_at="2023-08-12T23:59:59.000Z"
        )
        server.add(late, status(server.address, 2, week + timedelta(days=3), "zoom", *tags))
        connector = connect(server, author_key=author_key, token=token)
        assert len(rows(connector.batches(ZOOM, Window(DAY, DAY + timedelta(days=14)), None))) == 2
