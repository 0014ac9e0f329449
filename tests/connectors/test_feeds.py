"""Feeds, against a local site that serves them as web servers do."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from brands.brand_file import Source
from brands.query import parse
from connectors.batch import AuthorKey, Batch, Coverage, Window
from connectors.errors import AuthError, BadInput, BadPayload
from connectors.feeds import LAG, READ_WHOLE, Feeds
from tests.connectors.conftest import Clock
from tests.servers.feeds import Article, Fault, Feed, FeedsServer
from tests.servers.platform import Response

NOW = datetime(2023, 9, 1, 12)
DAY = datetime(2023, 8, 6)
ZOOM = parse("zoom")
ALWAYS = Window()


def connect(server: FeedsServer, author_key: AuthorKey, *paths: str, now: datetime = NOW, **more: Any) -> Feeds:
    clock = Clock()
    feeds = tuple(server.feed_url(path) for path in paths or ["/feed"])
    source = Source(connector="feeds", name="news", feeds=feeds, **more)
    return Feeds(source, author_key, now, clock=clock, sleep=clock.sleep)


def articles(*days: int, **more: Any) -> list[Article]:
    return [Article(f"tag:{day}", DAY + timedelta(days=day), f"zoom {day}", **more) for day in days]


def titles(batches: Iterable[Batch]) -> list[str]:
    return [row["title"] for batch in batches for row in batch.posts.to_pylist()]


def spans(batches: Iterable[Batch]) -> list[Coverage]:
    return [row for batch in batches for row in batch.coverage]


def test_an_article_is_stored_whole(author_key: AuthorKey) -> None:
    """Every column of the schema, the author as a key under the source's name."""
    article = Article("tag:1", DAY, "Zoom's terms", "<p>I <b>left</b>", "Jane Doe", "https://a.org/terms?utm_source=x")
    with FeedsServer({"/feed": Feed([article])}) as server:
        (batch,) = connect(server, author_key).batches(ZOOM, ALWAYS, None)
    (row,) = batch.posts.to_pylist()
    assert len(row.pop("post_id")) == 32
    assert row == {
        "source": "news",
        "author_key": author_key("news", "Jane Doe"),
        "created_at": DAY,
        "collected_at": NOW,
        "kind": "article",
        "text": "I left",
        "title": "Zoom's terms",
        "lang": "en",
        "url": "https://a.org/terms",
        "parent_id": None,
        "thread_id": None,
        "rating": None,
        "truncated": False,
    }
    assert "Jane" not in repr(batch.posts.to_pylist())


def test_the_query_is_asked_here_unless_all_is_wanted(author_key: AuthorKey) -> None:
    """A feed cannot be searched; a feed that is only about the brand is taken whole."""
    with FeedsServer({"/feed": Feed([Article("tag:1", DAY, "zoom"), Article("tag:2", DAY, "bikes", "x")])}) as server:
        (some,) = connect(server, author_key).batches(ZOOM, ALWAYS, None)
        (every,) = connect(server, author_key, match="all").batches(ZOOM, ALWAYS, None)
    assert (titles([some]), some.not_matching) == (["zoom"], 1)
    assert sorted(titles([every])) == ["bikes", "zoom"]
    assert Feeds.translate(ZOOM) == []


def test_a_feed_that_has_not_changed_is_complete(author_key: AuthorKey) -> None:
    """The second run asks with what the first was told, hears 304, and says of all time since that it is here."""
    with FeedsServer({"/feed": Feed(articles(0, 1))}) as server:
        first = list(connect(server, author_key).batches(ZOOM, ALWAYS, None))
        later = NOW + timedelta(days=1)
        (again,) = connect(server, author_key, now=later).batches(ZOOM, ALWAYS, first[-1].cursor)
        assert server.log[1].headers["if-none-match"]
    assert (again.read, again.coverage) == (0, [Coverage(NOW - LAG, later, 0)])
    assert again.cursor not in (None, first[-1].cursor)


def test_a_server_that_never_sees_a_change_is_not_believed_for_long(author_key: AuthorKey) -> None:
    """After a week the feed is read whole again, whatever its ETag says."""
    with FeedsServer({"/feed": Feed(articles(0))}) as server:
        cursor = list(connect(server, author_key).batches(ZOOM, ALWAYS, None))[-1].cursor
        for days in (4, 7, 8):
            now = NOW + timedelta(days=days)
            cursor = list(connect(server, author_key, now=now).batches(ZOOM, ALWAYS, cursor))[-1].cursor
        conditional = ["if-none-match" in request.headers for request in server.log]
    assert timedelta(days=7) <= READ_WHOLE < timedelta(days=8)
    assert conditional == [False, True, True, False]


def test_time_that_a_feed_does_not_show_any_more_is_capped(author_key: AuthorKey) -> None:
    """The oldest of the ten newest articles is younger than what was read before: nobody knows what lay between."""
    feed = Feed(articles(*range(0, 20)), shows=10)
    with FeedsServer({"/feed": feed}) as server:
        first = list(connect(server, author_key, now=DAY + timedelta(days=19, hours=1)).batches(ZOOM, ALWAYS, None))
        feed.articles = articles(*range(0, 45))
        now = DAY + timedelta(days=44, hours=1)
        second = list(connect(server, author_key, now=now).batches(ZOOM, ALWAYS, first[-1].cursor))
    oldest = DAY + timedelta(days=35)
    assert [(row.window_start, row.window_end, row.capped) for row in spans(second)] == [
        (DAY + timedelta(days=19, hours=1) - LAG, oldest, True),
        (oldest, now, False),
    ]
    assert second[0].asked[0].capped


def test_time_that_was_read_before_is_not_called_missing(author_key: AuthorKey) -> None:
    """A feed that still shows what was read last has lost nothing, however short it is: less than the lag, too."""
    feed = Feed(articles(*range(0, 10)), shows=6)
    with FeedsServer({"/feed": feed}) as server:
        now = DAY + timedelta(days=9, hours=1)
        cursor = list(connect(server, author_key, now=now).batches(ZOOM, ALWAYS, None))[-1].cursor
        feed.articles = articles(*range(0, 15))
        later = DAY + timedelta(days=14, hours=1)
        second = list(connect(server, author_key, now=later).batches(ZOOM, ALWAYS, cursor))
    assert spans(second) == [Coverage(now - LAG, later, 6)]


def test_one_feed_that_fails_does_not_hold_up_the_others(
    author_key: AuthorKey, caplog: pytest.LogCaptureFixture
) -> None:
    """One line for each; the first is raised at the end; the others' posts and cursor are saved."""
    with FeedsServer({"/feed": Feed(articles(0)), "/last": Feed(articles(1))}) as server:
        page = b'<!doctype html><link rel="alternate" type="application/rss+xml" href="/real.xml">'
        server.pages = {"/page": Response(200, page, {}, "text/html"), "/gone": Response(410, b"", {}, "text/html")}
        server.pages["/private"] = Response(401, b"", {}, "text/html")
        batches: list[Batch] = []
        paths = ("/page", "/feed", "/gone", "/private", "/missing", "/last")
        with pytest.raises(BadPayload, match=r"names the feed http://127\.0\.0\.1:\d+/real\.xml"):
            batches.extend(connect(server, author_key, *paths).batches(ZOOM, ALWAYS, None))
        cursor = batches[-1].cursor
        server.log.clear()
        server.pages.clear()
        server.feeds |= {path: Feed(articles(n)) for n, path in enumerate(paths, start=10)}
        again = list(connect(server, author_key, *paths).batches(ZOOM, ALWAYS, cursor))
    assert sorted(titles(batches)) == ["zoom 0", "zoom 1"]
    assert [row.failed for row in spans(batches)] == [True]
    problems = {asked.search.rpartition("/")[2]: asked.problem for batch in batches for asked in batch.asked}
    assert "HTTP 410: the feed is gone for good" in problems["gone"]
    assert "HTTP 401: access refused" in problems["private"]
    assert "HTTP 404: nothing is there" in problems["missing"]
    assert problems["feed"] == problems["last"] == ""
    assert all("\n" not in problem for problem in problems.values())
    assert {f"zoom {n}" for n in range(10, 16)} <= set(titles(again))  # the failed ones start where they began


def test_an_article_of_a_time_to_come_is_not_hidden_by_its_etag(author_key: AuthorKey) -> None:
    """It is left to a later run, which therefore reads the feed again though it has not changed."""
    with FeedsServer({"/feed": Feed([Article("tag:1", NOW + timedelta(hours=1))])}) as server:
        first = list(connect(server, author_key).batches(ZOOM, ALWAYS, None))
        second = list(connect(server, author_key, now=NOW + timedelta(hours=2)).batches(ZOOM, ALWAYS, first[-1].cursor))
    assert (titles(first), titles(second)) == ([], ["zoom"])


def test_with_another_match_an_unchanged_feed_is_read_again(author_key: AuthorKey) -> None:
    """What was not taken before counts now, and 304 would hide it."""
    with FeedsServer({"/feed": Feed([Article("tag:1", DAY, "bikes", "x")])}) as server:
        cursor = list(connect(server, author_key).batches(ZOOM, ALWAYS, None))[-1].cursor
        assert titles(connect(server, author_key, match="all").batches(ZOOM, ALWAYS, cursor)) == ["bikes"]


def test_an_undated_entry_goes_to_quarantine(author_key: AuthorKey) -> None:
    """It is counted by its reason, and none of its words are kept."""
    with FeedsServer({"/feed": Feed([Article("1", None, "zoom, says Jane"), *articles(0)])}) as server:
        (batch,) = connect(server, author_key).batches(ZOOM, ALWAYS, None)
    assert (batch.read, batch.posts.num_rows) == (2, 1)
    assert [(each.file, each.reason, each.payload) for each in batch.rejected] == [
        ("news", "an entry without a date that can be read", "")
    ]


def test_a_window_in_the_past_takes_what_the_feed_still_shows(author_key: AuthorKey) -> None:
    """A backfill reads the one listing that there is, and says what lies before it."""
    window = Window(DAY, DAY + timedelta(days=3))
    with FeedsServer({"/feed": Feed(articles(0, 1, 2, 3, 4), shows=3)}) as server:
        batches = list(connect(server, author_key).batches(ZOOM, window, None))
    assert titles(batches) == ["zoom 2"]
    assert [(row.window_start, row.window_end, row.capped) for row in spans(batches)] == [
        (DAY, DAY + timedelta(days=2), True),
        (DAY + timedelta(days=2), DAY + timedelta(days=3), False),
    ]


@pytest.mark.parametrize("address", ["news", "ftp://a.org/feed", "https://user:s3cret@a.org/feed"])
def test_an_address_that_cannot_be_used_is_told_before_anything_is_asked(author_key: AuthorKey, address: str) -> None:
    """It is the user's to mend, and the password is not repeated."""
    with pytest.raises(BadInput) as caught:
        Feeds(Source(connector="feeds", name="news", feeds=(address,)), author_key, NOW)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "cursor", ["2023-08-06", "{}", '{"parts": {"a": {}}}', '{"parts": {"a": {"until": "x"}}}', "5"]
)
def test_a_cursor_of_another_connector_is_refused(author_key: AuthorKey, cursor: str) -> None:
    """It is told, and nothing is collected from a wrong place."""
    with FeedsServer({"/feed": Feed([])}) as server, pytest.raises(BadInput, match="no cursor of this connector"):
        list(connect(server, author_key).batches(ZOOM, ALWAYS, cursor))


def test_a_source_without_feeds_is_told(author_key: AuthorKey) -> None:
    """Silence would look like a source in which nobody spoke."""
    with pytest.raises(BadInput, match="names no feeds"):
        list(Feeds(Source(connector="feeds", name="news"), author_key, NOW).batches(ZOOM, ALWAYS, None))


def test_the_key_of_a_private_feed_is_told_nowhere(author_key: AuthorKey, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the cursor, the ledger, an error, a log, a link or the connector itself."""
    caplog.set_level(logging.DEBUG)
    relative = Article("tag:1", DAY, link="?p=1")
    with FeedsServer({"/feed": Feed([relative])}) as server:
        connector = connect(server, author_key, "/feed?key=s3cret")
        (batch,) = connector.batches(ZOOM, ALWAYS, None)
        server.faults.append(Fault(status=403))
        with pytest.raises(AuthError) as caught:
            list(connect(server, author_key, "/feed?key=s3cret").batches(ZOOM, ALWAYS, None))
    said = [repr(batch), str(batch.posts.to_pylist()), str(vars(connector)), repr(caught.value), caplog.text]
    assert not any("s3cret" in text for text in said)


def test_one_pinned_article_does_not_hide_what_is_missing(author_key: AuthorKey) -> None:
    """Ten articles of the last days and one of years ago: before the ten nobody knows what there was."""
    feed = Feed([*articles(*range(30, 40)), *articles(-3_000)], shows=11)
    now = DAY + timedelta(days=39, hours=1)
    with FeedsServer({"/feed": feed}) as server:
        batches = list(connect(server, author_key, now=now).batches(ZOOM, Window(DAY, now), None))
    assert [(row.window_start, row.window_end, row.capped) for row in spans(batches)] == [
        (DAY, DAY + timedelta(days=30), True),
        (DAY + timedelta(days=30), now, False),
    ]


def test_a_feed_that_shows_nothing_any_more_is_not_silence(author_key: AuthorKey) -> None:
    """It had articles, and has none: what came since the last look is not known."""
    feed = Feed(articles(*range(0, 10)))
    with FeedsServer({"/feed": feed}) as server:
        now = DAY + timedelta(days=9, hours=1)
        cursor = list(connect(server, author_key, now=now).batches(ZOOM, ALWAYS, None))[-1].cursor
        feed.articles = []
        later = DAY + timedelta(days=14, hours=1)
        second = list(connect(server, author_key, now=later).batches(ZOOM, ALWAYS, cursor))
    assert all(row.capped for row in spans(second))
