"""Reddit, against a local server that keeps the real one's limits: what is collected, and what is told not to be."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import praw
import pytest

from brands.brand_file import Source
from brands.query import parse
from connectors.batch import AuthorKey, Batch, Coverage, Window
from connectors.errors import AuthError, BadInput, BadPayload, ConnectorError, NotFound
from connectors.items import Item
from connectors.part_cursors import read_parts
from connectors.reddit import Reddit
from connectors.reddit_items import read_thing
from tests.connectors.conftest import Clock
from tests.servers.platform import Response
from tests.servers.reddit import SECRETS, Fault, RedditServer, comment, delete, remove, submission
from tests.servers.reddit_things import Thing

NOW = datetime(2023, 9, 1, 12)
DAY = datetime(2023, 8, 6)
SECOND = int(DAY.replace(tzinfo=UTC).timestamp())
WEEK = Window(DAY, DAY + timedelta(days=7))
ZOOM = parse("zoom")


def connect(server: RedditServer, author_key: AuthorKey, clock: Clock | None = None, **more: Any) -> Reddit:
    clock = clock or Clock()
    source = Source(connector="reddit", name="reddit", url=server.address, **{"subreddits": ("zoom",), **more})
    return Reddit(source, author_key, NOW, credentials=SECRETS, clock=clock, sleep=clock.sleep)


def rows(batches: Iterable[Batch]) -> dict[str, dict[str, Any]]:
    return {row["post_id"]: row for batch in batches for row in batch.posts.to_pylist()}


def collect(reddit: Reddit, window: Window = WEEK) -> tuple[list[Batch], ConnectorError | None]:
    """The batches, and the error that came after them."""
    batches: list[Batch] = []
    try:
        batches.extend(reddit.batches(ZOOM, window, None))
    except ConnectorError as error:
        return batches, error
    return batches, None


def paths(server: RedditServer) -> list[str]:
    return [request.path.rstrip("/") for request in server.asked]


def test_a_post_and_a_comment_are_mapped_whole(author_key: AuthorKey) -> None:
    """Fullnames, permalinks, thread and parent; score and comments as metrics; the author as a key."""
    post = submission(71, SECOND + 1, "Zoom's terms", "They changed.", score=42, author="mallory")
    answer = comment(72, SECOND + 2, "zoom, *again*", post, score=-3)
    with RedditServer([post, answer]) as server:
        batches = list(connect(server, author_key).batches(ZOOM, WEEK, None))
    found = rows(batches)
    assert found["t3_1z"] == {
        "source": "reddit",
        "post_id": "t3_1z",
        "author_key": author_key("reddit", "mallory"),
        "created_at": DAY + timedelta(seconds=1),
        "collected_at": NOW,
        "kind": "post",
        "text": "They changed.",
        "title": "Zoom's terms",
        "lang": None,
        "url": "https://www.reddit.com/r/zoom/comments/1z/zoom_s_terms/",
        "parent_id": None,
        "thread_id": "t3_1z",
        "rating": None,
        "truncated": False,
    }
    said = found["t1_20"]
    assert (said["kind"], said["text"], said["title"]) == ("comment", "zoom, *again*", None)
    assert (said["parent_id"], said["thread_id"]) == ("t3_1z", "t3_1z")
    assert said["url"] == "https://www.reddit.com/r/zoom/comments/1z/zoom_s_terms/20/"
    metrics = {row["post_id"]: row for batch in batches if batch.metrics for row in batch.metrics.to_pylist()}
    assert (metrics["t3_1z"]["likes"], metrics["t3_1z"]["replies"], metrics["t1_20"]["likes"]) == (42, 1, -3)


def test_a_profile_page_is_not_named(author_key: AuthorKey) -> None:
    """Posts on a person's own page have that name in their permalink: the address by id says the same without it."""
    own = submission(1, SECOND, "zoom", subreddit="u_mallory", author="mallory")
    titled = submission(2, SECOND + 1, "I, Mallory, and zoom", author="mallory")
    other = comment(3, SECOND + 2, "zoom", own, author="trent")
    with RedditServer([own, titled, other]) as server:
        batches = list(connect(server, author_key, subreddits=()).batches(ZOOM, WEEK, None))
    found = rows(batches)
    assert found["t3_1"]["url"] == "https://www.reddit.com/comments/1/"
    assert found["t3_2"]["url"] == "https://www.reddit.com/comments/2/"
    assert found["t1_3"]["url"] == "https://www.reddit.com/comments/1/_/3/"
    assert "mallory" not in repr([batch.posts.drop_columns(["title"]).to_pylist() for batch in batches])


def test_what_was_deleted_or_removed_is_not_stored(author_key: AuthorKey) -> None:
    """By its author, by moderators, by Reddit: none becomes a post, and all are counted."""
    posts = [submission(n, SECOND + n, "zoom") for n in range(1, 6)]
    comments = [comment(n, SECOND + n, "zoom", posts[4]) for n in range(11, 14)]
    delete(posts[0])
    remove(posts[1])
    posts[2]["data"]["removed_by_category"] = "content_takedown"
    posts[3]["data"]["selftext"] = "[ Removed by Reddit ]"
    delete(comments[0])
    remove(comments[1])
    with RedditServer([*posts, *comments]) as server:
        batches = list(connect(server, author_key).batches(ZOOM, WEEK, None))
    assert set(rows(batches)) == {"t3_5", "t1_d"}
    assert sum(batch.not_matching for batch in batches) >= 6


def test_a_hidden_score_is_no_score() -> None:
    """Young comments all read 1; that is not what they have."""
    reddit = praw.Reddit(client_id="x", client_secret="x", user_agent="a test", check_for_updates=False)
    young = comment(1, SECOND, "zoom", submission(2, SECOND, "zoom"), score_hidden=True)["data"]
    item = read_thing(praw.models.Comment(reddit, _data=young))
    assert isinstance(item, Item)
    assert item.likes is None


def test_a_thread_is_read_to_its_last_comment(author_key: AuthorKey) -> None:
    """700 comments under a post, 40 in one line under another: what an answer only names is asked for by a hundred."""
    wide, deep = submission(1, SECOND, "zoom"), submission(2, SECOND + 1, "zoom")
    things = [wide, deep, *(comment(n, SECOND + n, "zoom", wide) for n in range(1_000, 1_700))]
    for n in range(2_000, 2_040):
        things.append(comment(n, SECOND + n, "zoom", deep, things[-1] if n > 2_000 else None))
    with RedditServer(things) as server:
        found = rows(connect(server, author_key, subreddits=()).batches(ZOOM, WEEK, None))
        asked = paths(server)
    assert len(found) == 742
    assert asked.count("/api/morechildren") == 2
    assert sum(path.startswith("/comments/2/_/") for path in asked) == 5
    assert len(asked) == len(set(asked)) + 1  # nothing twice, but for the two that send what they ask for


def test_comments_come_from_matching_threads_and_from_the_listing(author_key: AuthorKey) -> None:
    """Under another subject only the subreddit's own listing shows a comment; without `comments` there are none."""
    post, other = submission(1, SECOND, "zoom"), submission(2, SECOND, "a lens")
    late = submission(3, SECOND - 4 * 86_400, "zoom")
    things = [post, other, late, *(comment(10 + n, SECOND + 9, "zoom", on) for n, on in enumerate((post, other, late)))]
    with RedditServer(things) as server:
        everything = set(rows(connect(server, author_key).batches(ZOOM, WEEK, None)))
        asked = paths(server)
        by_search = set(rows(connect(server, author_key, subreddits=()).batches(ZOOM, WEEK, None)))
        server.log.clear()
        without = set(rows(connect(server, author_key, comments=False).batches(ZOOM, WEEK, None)))
        assert not any("comments" in path for path in paths(server))
    assert everything == {"t3_1", "t1_a", "t1_b", "t1_c"}
    assert "/comments/2" not in asked
    assert by_search == {"t3_1", "t1_a"}  # the third thread was closed to us by its age
    assert without == {"t3_1"}


def test_all_of_reddit_is_searched_where_no_subreddit_is_named(author_key: AuthorKey) -> None:
    """One search over r/all, and where the query cannot be said to Reddit its newest posts."""
    things = [submission(1, SECOND, "zoom", subreddit="a"), submission(2, SECOND + 1, "zooming", subreddit="b")]
    with RedditServer(things) as server:
        reddit = connect(server, author_key, subreddits=())
        assert set(rows(reddit.batches(ZOOM, WEEK, None))) == {"t3_1"}
        assert paths(server) == ["/r/all/search"]
        assert server.asked[0].params["sort"] == "new"
        server.log.clear()
        assert set(rows(reddit.batches(parse("zoo*"), WEEK, None))) == {"t3_1", "t3_2"}
        assert paths(server) == ["/r/all/new"]


def test_a_listing_that_is_full_is_told_with_how_often_to_ask(
    author_key: AuthorKey, caplog: pytest.LogCaptureFixture
) -> None:
    """Of 1,200 posts the oldest 200 are out of reach: the time before is capped, the rest is whole."""
    posts = [submission(n, SECOND + n * 60, "zoom") for n in range(1_200)]
    with RedditServer(posts) as server, caplog.at_level(logging.WARNING):
        batches = list(connect(server, author_key, comments=False).batches(ZOOM, WEEK, None))
    assert len(rows(batches)) == 1_000
    cover = [(row.window_start, row.window_end, row.capped, row.returned) for b in batches for row in b.coverage]
    cut = DAY + timedelta(minutes=200)
    assert cover == [(DAY, cut, True, 0), (cut, DAY + timedelta(days=7), False, 1_000)]
    assert "r/zoom/new fills its 1000 items in 16:39:00: collect every 8:19:00" in caplog.text
    capped = {row.search for batch in batches for row in batch.asked if row.capped}
    assert capped == {"r/zoom/new"}


def test_where_all_new_posts_are_here_a_short_search_takes_nothing_away(author_key: AuthorKey) -> None:
    """The search ends after 250, the listing has all 600: nothing is capped; by search alone it would be."""
    posts = [submission(n, SECOND + n * 60, "zoom") for n in range(600)]
    with RedditServer(posts) as server:
        named = list(connect(server, author_key, comments=False).batches(ZOOM, WEEK, None))
        alone = list(connect(server, author_key, comments=False, subreddits=()).batches(ZOOM, WEEK, None))
    assert [row.capped for batch in named for row in batch.coverage] == [False]
    assert (len(rows(named)), len(rows(alone))) == (600, 250)
    assert [row.capped for batch in alone for row in batch.coverage] == [True, False]


def test_a_page_in_disorder_does_not_end_the_listing(author_key: AuthorKey) -> None:
    """An old post among new ones does not mean that no newer one follows."""
    posts = [submission(n, SECOND + n * 60, "zoom") for n in range(300)]
    with RedditServer(posts) as server:
        untwisted = server._find
        server._find = lambda subreddit, kind: [  # type: ignore[method-assign]
            submission(900, SECOND - 50 * 86_400, "zoom"),
            *untwisted(subreddit, kind),
        ]
        assert len(rows(connect(server, author_key, comments=False).batches(ZOOM, WEEK, None))) == 300


@pytest.mark.parametrize(
    ("closed", "kind", "said"),
    [
        ("private", AuthError, "HTTP 403: the subreddit is private: log in as a member of it or take it out"),
        ("quarantined", AuthError, "HTTP 403: the subreddit is quarantined: opt in on reddit.com"),
        ("banned", NotFound, "HTTP 404: the subreddit is banned: take it out"),
        ("", NotFound, "HTTP 302: there is no such subreddit; is its name right?"),
    ],
)
def test_a_closed_subreddit_is_one_line_and_the_others_go_on(
    author_key: AuthorKey, closed: str, kind: type[ConnectorError], said: str
) -> None:
    """It is asked once, told by its reason and its place, and stays where it is in the cursor."""
    with RedditServer([submission(1, SECOND, "zoom")]) as server:
        if closed:
            server.closed["secret"] = closed
        batches, error = collect(connect(server, author_key, subreddits=("secret", "zoom")))
        assert sum("secret" in path for path in paths(server)) == 1
    assert set(rows(batches)) == {"t3_1"}
    assert isinstance(error, kind)
    assert said in str(error)
    assert "/r/secret/new" in str(error)
    assert "\n" not in str(error)
    reached = {home: part["until"] for home, part in read_parts("reddit", batches[-1].cursor).items()}
    assert reached == {"secret": DAY.isoformat(), "zoom": (DAY + timedelta(days=7)).isoformat()}
    assert batches[-1].coverage[0].failed
    assert [row.problem != "" for batch in batches for row in batch.asked].count(True) == 1


class Days:
    """Live runs on r/zoom and r/secret at any moment, each from the cursor of the one before."""

    def __init__(self, server: RedditServer, author_key: AuthorKey, cursor: str | None = None) -> None:
        self.server = server
        self.author_key = author_key
        self.cursor = cursor
        self.coverage: list[Coverage] = []
        self.asked: list[str] = []

    def run(self, days: float) -> set[str]:
        """The ids that a run gives that many days after NOW; what it asked for is in `asked` by subreddit."""
        reddit = connect(self.server, self.author_key, subreddits=("zoom", "secret"))
        reddit.collected_at = NOW + timedelta(days=days)
        self.server.log.clear()
        found: set[str] = set()
        self.coverage = []
        with suppress(ConnectorError):
            for batch in reddit.batches(ZOOM, Window(), self.cursor):
                found |= set(rows([batch]))
                self.cursor = batch.cursor or self.cursor
                self.coverage += batch.coverage
        self.asked = [path.split("/")[2] for path in paths(self.server) if path.startswith("/r/")]
        return found


def at(days: float) -> int:
    return int((NOW + timedelta(days=days)).replace(tzinfo=UTC).timestamp())


def test_a_subreddit_that_stays_closed_costs_the_others_nothing(author_key: AuthorKey) -> None:
    """The others are asked for what is new only; when it opens, all since its last good run comes."""
    old = [submission(n, at(-25 + n / 20), "zoom") for n in range(1, 400)]
    hidden = [submission(1_000 + n, at(day), "zoom", subreddit="secret") for n, day in enumerate((-1, 0.5, 5, 19))]
    with RedditServer([*old, *hidden]) as server:
        server.closed["secret"] = "private"
        days = Days(server, author_key)
        assert len(days.run(0)) == 399
        assert days.asked.count("zoom") > 4
        for day in (1, 2, 20):
            new = submission(500 + day, at(day - 0.5), "zoom")
            server.add(new)
            assert new["data"]["name"] in days.run(day)
            assert (days.asked.count("zoom"), days.asked.count("secret")) == (3, 1)
            assert days.coverage[0].failed
        del server.closed["secret"]
        assert {row["data"]["name"] for row in hidden} <= days.run(21)
        assert [(row.failed, row.capped) for row in days.coverage] == [(False, False)]
        assert days.coverage[0].window_start <= NOW - timedelta(days=30)
        assert not days.run(22)
        assert days.coverage[0].window_start > NOW + timedelta(days=20)


def test_a_cursor_of_an_earlier_release_holds_for_every_subreddit(author_key: AuthorKey) -> None:
    """It was one moment for all of them."""
    with RedditServer([submission(n, at(-25 + n / 20), "zoom") for n in range(1, 400)]) as server:
        days = Days(server, author_key, (NOW - timedelta(days=6)).isoformat())
        days.run(0)
    assert days.coverage[0].window_start == NOW - timedelta(days=6, hours=6)


def test_what_was_cut_off_while_another_was_closed_is_no_silence(author_key: AuthorKey) -> None:
    """The gap is in the ledger once the time is no longer told as failed."""
    posts = [submission(n, at(-1 + n / 2_000), "zoom") for n in range(1, 1_200)]
    with RedditServer([*posts, submission(5_000, at(-1), "zoom", subreddit="secret")]) as server:
        server.closed["secret"] = "private"
        days = Days(server, author_key)
        days.run(0)
        days.run(1)
        assert [row.failed for row in days.coverage] == [True]
        del server.closed["secret"]
        days.run(2)
        capped, seen = days.coverage
        days.run(3)
    assert (capped.capped, capped.failed, seen.capped, seen.failed) == (True, False, False, False)
    assert NOW - timedelta(days=1) < capped.window_end < NOW
    assert not any(row.capped for row in days.coverage)


@pytest.mark.parametrize("status", [403, 404])
def test_a_thread_that_is_refused_leaves_the_others(author_key: AuthorKey, status: int) -> None:
    """Its comments are failed coverage; posts and other threads come all the same."""
    posts = [submission(n, SECOND + n, "zoom") for n in (1, 2)]
    with RedditServer([*posts, *(comment(10 + n, SECOND + 9, "zoom", post) for n, post in enumerate(posts))]) as server:
        server.faults.extend([None, Fault(status=status)])
        batches, error = collect(connect(server, author_key, subreddits=()))
    assert set(rows(batches)) == {"t3_1", "t3_2", "t1_a"}
    assert isinstance(error, AuthError | NotFound)
    assert "/comments/2" in error.where


@pytest.mark.parametrize("name", ["", "a", "two words", "../api/v1/me", "käse", "r/"])
def test_a_name_that_is_no_subreddit_is_told_before_anything_is_asked(author_key: AuthorKey, name: str) -> None:
    """Whatever stands in the brand file becomes part of an address."""
    with RedditServer() as server:
        with pytest.raises(BadInput, match="is no subreddit"):
            connect(server, author_key, subreddits=(name,))
        assert connect(server, author_key, subreddits=("r/zoom", "/r/privacy/")).subreddits == ["zoom", "privacy"]
        assert server.log == []


@pytest.mark.parametrize(
    "body",
    [
        {"message": "hello"},
        [1, 2],
        {"kind": "Listing", "data": {"children": 5, "after": None}},
        {"kind": "Listing", "data": {}},
        {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": {"title": "zoom"}}], "after": None}},
        {"kind": "t3", "data": {"id": "x"}},
        None,
    ],
)
def test_answers_of_another_form_are_bad_payload(
    author_key: AuthorKey, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told by one line, never an error of praw's and never an endless listing."""
    with RedditServer([submission(1, SECOND, "zoom")]) as server:
        monkeypatch.setattr(server, "_answer", lambda request: Response(200, body))
        batches, error = collect(connect(server, author_key))
        assert len(server.asked) == 1
    assert isinstance(error, BadPayload)
    assert (rows(batches), batches[-1].cursor) == ({}, None)


def test_a_thing_that_cannot_be_placed_is_rejected(author_key: AuthorKey) -> None:
    """A post without a time and a thing of another kind go to quarantine, without any name in it."""
    broken: Thing = submission(2, SECOND, "zoom", author="mallory")
    strange: Thing = {"kind": "t9", "data": {"name": "t9_1", "title": "zoom", "selftext": "", "author": "mallory"}}
    with RedditServer([submission(1, SECOND, "zoom")]) as server:
        broken["data"]["created_utc"] = "yesterday"
        server._find = lambda subreddit, kind: [broken, strange, server.things["t3_1"]]  # type: ignore[method-assign]
        batches, error = collect(connect(server, author_key, comments=False))
    assert error is None
    assert set(rows(batches)) == {"t3_1"}
    assert {rejected.reason for batch in batches for rejected in batch.rejected} == {
        "a submission or comment without name or created_utc",
        "neither a submission nor a comment",
    }
    assert "mallory" not in repr(batches)
