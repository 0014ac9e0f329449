"""Hacker News, against a local server that keeps the real one's limits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from brands.brand_file import Source
from brands.query import parse
from connectors.batch import AuthorKey, Batch, Window
from connectors.errors import BadInput, BadPayload, RateLimited, Unavailable
from connectors.hackernews import HackerNews
from tests.connectors.conftest import Clock
from tests.servers.algolia import AlgoliaServer, Fault, comment, story
from tests.servers.platform import Response

NOW = datetime(2023, 9, 1, 12)
DAY = datetime(2023, 8, 6)
SECOND = int(DAY.replace(tzinfo=UTC).timestamp())
WEEK = Window(DAY, DAY + timedelta(days=7))
ZOOM = parse("zoom")


def connect(server: AlgoliaServer, author_key: AuthorKey, clock: Clock | None = None, **more: Any) -> HackerNews:
    clock = clock or Clock()
    source = Source(connector="hackernews", name="hackernews", url=server.url, **more)
    return HackerNews(source, author_key, NOW, clock=clock, sleep=clock.sleep)


def rows(batches: Iterable[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.posts.to_pylist()]


def test_2500_hits_arrive_once_each_and_survive_a_kill_after_any_page(author_key: AuthorKey) -> None:
    """The cap of 1,000 is slid past; stopped after batch k and run again, every hit is there once."""
    expected = {str(n) for n in range(1, 2_501)}
    with AlgoliaServer(comment(n, SECOND + n * 200, "zoom") for n in range(1, 2_501)) as server:
        batches = list(connect(server, author_key).batches(ZOOM, WEEK, None))
        ids = [row["post_id"] for row in rows(batches)]
        assert len(ids) == 2_500
        assert set(ids) == expected
        assert [batch.cursor is not None for batch in batches] == [False, False, True]
        for stop_after in range(1, len(batches) + 1):
            saved: dict[str, Any] = {}
            cursor = None
            for number, batch in enumerate(connect(server, author_key).batches(ZOOM, WEEK, None), start=1):
                saved |= {row["post_id"]: row for row in batch.posts.to_pylist()}
                cursor = batch.cursor or cursor
                if number == stop_after:
                    break
            for batch in connect(server, author_key).batches(ZOOM, WEEK, cursor):
                saved |= {row["post_id"]: row for row in batch.posts.to_pylist()}
            assert set(saved) == expected


def test_seconds_that_are_cut_by_the_end_of_a_page_lose_nothing(author_key: AuthorKey) -> None:
    """Seven hits in each second, pages of 100: the second in which a page ends is asked for again."""
    with AlgoliaServer((comment(n, SECOND + n // 7, "zoom") for n in range(1, 800)), cap=100) as server:
        batches = list(connect(server, author_key).batches(ZOOM, WEEK, None))
    ids = [row["post_id"] for row in rows(batches)]
    assert sorted(map(int, ids)) == list(range(1, 800))
    assert not batches[-1].coverage[0].capped


def test_more_hits_in_one_second_than_a_search_gives_are_told(author_key: AuthorKey) -> None:
    """Nothing narrower than a second can be asked for: what is older still comes, and coverage says capped."""
    items = [comment(n, SECOND + 100, "zoom") for n in range(1, 151)] + [comment(900, SECOND + 5, "zoom")]
    with AlgoliaServer(items, cap=100) as server:
        batches = list(connect(server, author_key).batches(ZOOM, WEEK, None))
    assert len(rows(batches)) == 101
    assert "900" in {row["post_id"] for row in rows(batches)}
    (coverage,) = batches[-1].coverage
    assert (coverage.capped, coverage.failed, coverage.returned) == (True, False, 101)


def test_a_post_is_mapped_whole(author_key: AuthorKey) -> None:
    """A story and a comment: HTML as text, parents and thread, counts as metrics, the author as a key."""
    items = [
        story(10, SECOND + 1, "Zoom's new terms", None, url="https://example.org/terms", points=42, num_comments=7),
        comment(11, SECOND + 2, "I left <i>Zoom</i> &amp; co<p>yes", story_id=10, parent_id=10, author="mallory"),
    ]
    with AlgoliaServer(items) as server:
        (batch,) = connect(server, author_key).batches(ZOOM, WEEK, None)
    answer, post = batch.posts.to_pylist()
    assert post == {
        "source": "hackernews",
        "post_id": "10",
        "author_key": author_key("hackernews", "author10"),
        "created_at": DAY + timedelta(seconds=1),
        "collected_at": NOW,
        "kind": "story",
        "text": "",
        "title": "Zoom's new terms",
        "lang": None,
        "url": "https://news.ycombinator.com/item?id=10",
        "parent_id": None,
        "thread_id": "10",
        "rating": None,
        "truncated": False,
    }
    assert answer["text"] == "I left Zoom & co\n\nyes"
    assert (answer["kind"], answer["title"], answer["parent_id"], answer["thread_id"]) == ("comment", None, "10", "10")
    assert answer["author_key"] == author_key("hackernews", "mallory")
    assert batch.metrics is not None
    assert batch.metrics.to_pylist() == [
        {"source": "hackernews", "post_id": "10", "observed_at": NOW, "likes": 42, "replies": 7, "shares": None}
    ]


def test_what_does_not_match_is_left_out_and_counted(author_key: AuthorKey) -> None:
    """The search is looser than the query: NOT and comments without a visible word are settled here."""
    items = [
        comment(1, SECOND + 1, "zoom and its terms"),
        comment(2, SECOND + 2, "zoom lens terms"),
        comment(3, SECOND + 3, "<script>zoom terms</script>"),
        comment(4, SECOND + 4, "the terms, and then zoom", author=None),
    ]
    with AlgoliaServer(items) as server:
        (batch,) = connect(server, author_key).batches(parse("zoom terms NOT lens"), WEEK, None)
    assert {row["post_id"]: row["author_key"] is None for row in batch.posts.to_pylist()} == {"1": False, "4": True}
    assert (batch.read, batch.not_matching) == (4, 2)


def test_each_post_comes_once_from_several_searches(author_key: AuthorKey) -> None:
    """A post that two searches find is read, counted and given once."""
    with AlgoliaServer([comment(1, SECOND, "zoom or teams"), comment(2, SECOND, "teams")]) as server:
        batches = list(connect(server, author_key).batches(parse("zoom OR teams"), WEEK, None))
        assert {request["query"] for request in server.requests} == {'"zoom"', '"teams"'}
    assert sorted(row["post_id"] for row in rows(batches)) == ["1", "2"]
    assert sum(batch.read for batch in batches) == 2
    assert sum(coverage.returned for batch in batches for coverage in batch.coverage) == 2


def test_a_hit_that_cannot_be_placed_is_rejected(author_key: AuthorKey) -> None:
    """A hit without id or time among good ones is kept for quarantine, without any name in it."""
    broken = comment(3, SECOND, "zoom", author="mallory") | {"objectID": ""}
    with AlgoliaServer([comment(1, SECOND, "zoom")]) as server:
        server.index.items.append(broken)
        (batch,) = connect(server, author_key).batches(ZOOM, WEEK, None)
    assert (batch.read, batch.posts.num_rows, len(batch.rejected)) == (2, 1, 1)
    assert "mallory" not in repr(batch)


def test_long_windows_are_worked_off_in_weeks(author_key: AuthorKey) -> None:
    """Each week has its own cursor and coverage, oldest first; a week without posts is complete silence."""
    window = Window(DAY, DAY + timedelta(days=20))
    with AlgoliaServer([comment(1, SECOND, "zoom"), comment(2, SECOND + 15 * 86_400, "zoom")]) as server:
        batches = list(connect(server, author_key).batches(ZOOM, window, None))
    assert [batch.cursor for batch in batches] == [(DAY + timedelta(days=days)).isoformat() for days in (7, 14, 20)]
    spans = [(row.window_start, row.window_end, row.returned) for batch in batches for row in batch.coverage]
    assert spans == [
        (DAY, DAY + timedelta(days=7), 1),
        (DAY + timedelta(days=7), DAY + timedelta(days=14), 0),
        (DAY + timedelta(days=14), DAY + timedelta(days=20), 1),
    ]


def test_a_run_without_a_window_goes_on_where_the_last_ended(author_key: AuthorKey) -> None:
    """First from the source's own start to now, then from an hour before the cursor, so that late posts are found."""
    with AlgoliaServer([comment(1, SECOND, "zoom")]) as server:
        first = list(connect(server, author_key, since=DAY.date()).batches(ZOOM, Window(), None))
        server.log.clear()
        again = list(connect(server, author_key, since=DAY.date()).batches(ZOOM, Window(), first[-1].cursor))
        (request,) = server.requests
        default = next(connect(server, author_key).batches(ZOOM, Window(), None))
    now = int(NOW.replace(tzinfo=UTC).timestamp())
    assert first[-1].cursor == again[-1].cursor == NOW.isoformat()
    assert request["numericFilters"] == f"created_at_i>={now - 3_600},created_at_i<{now}"
    assert default.coverage[0].window_start == NOW - timedelta(days=30)


def test_an_empty_window_asks_nothing(author_key: AuthorKey) -> None:
    """A window that lies in the future or is empty gives one batch without posts and keeps the cursor."""
    with AlgoliaServer() as server:
        (batch,) = connect(server, author_key).batches(ZOOM, Window(NOW + timedelta(days=1)), "2023-08-17")
        assert server.requests == []
    assert (batch.posts.num_rows, batch.cursor) == (0, "2023-08-17")


def test_a_fault_in_the_middle_leaves_a_failed_row_and_the_posts(author_key: AuthorKey) -> None:
    """What came before the fault is given, the week is failed and has no cursor, earlier weeks keep theirs."""
    window = Window(DAY, DAY + timedelta(days=14))
    items = [comment(n, SECOND + n * 6_000, "zoom") for n in range(1, 200)]
    clock = Clock()
    with AlgoliaServer(items, cap=50) as server:
        server.faults.extend([None, None, None, None, *[Fault(status=500)] * 3])
        batches: list[Batch] = []
        with pytest.raises(Unavailable, match="HTTP 500"):
            batches.extend(connect(server, author_key, clock).batches(ZOOM, window, None))
        assert len(server.requests) == 7  # tried three times, and not again around it
    good, failed = batches[-2], batches[-1]
    assert (good.cursor, good.coverage[0].failed) == ((DAY + timedelta(days=7)).isoformat(), False)
    assert (failed.cursor, failed.coverage[0].failed) == (None, True)
    assert failed.posts.num_rows == failed.coverage[0].returned == 50


def test_a_rate_limit_is_waited_for_once(author_key: AuthorKey) -> None:
    """The connector itself never retries: the waits are those of the one place that does."""
    clock = Clock()
    with AlgoliaServer([comment(1, SECOND, "zoom")]) as server:
        server.faults.extend([Fault(status=429, headers={"Retry-After": "7"})] * 2)
        assert len(rows(connect(server, author_key, clock).batches(ZOOM, WEEK, None))) == 1
        server.faults.extend([Fault(status=429, headers={"Retry-After": "7"})] * 3)
        with pytest.raises(RateLimited):
            list(connect(server, author_key, clock).batches(ZOOM, WEEK, None))
        assert len(server.requests) == 6
    assert clock.waits == [7.0] * 4


@pytest.mark.parametrize(
    "body",
    [
        {"message": "hello"},
        {"hits": {}},
        {"hits": ["x"]},
        {"hits": [{"objectID": "1", "created_at_i": 5}], "nbHits": 1},
        {"hits": [{"objectID": "1", "created_at_i": "yesterday"}], "nbHits": 9},
    ],
)
def test_answers_of_another_form_are_bad_payload(
    author_key: AuthorKey, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No hits, hits that are none, or hits from another time than the one asked for: told, never an endless search."""
    with AlgoliaServer() as server:
        monkeypatch.setattr(server.index, "answer", lambda path, params: (200, body))
        with pytest.raises(BadPayload):
            list(connect(server, author_key).batches(ZOOM, WEEK, None))
        assert len(server.requests) == 1


def test_lone_surrogates_are_replaced_and_counted(author_key: AuthorKey) -> None:
    """JSON can spell what UTF-8 cannot hold."""
    with AlgoliaServer(
        [comment(1, SECOND, "zoom \ud800!"), story(2, SECOND, "zoom \udfff", author="\udfff")]
    ) as server:
        batches = list(connect(server, author_key).batches(ZOOM, WEEK, None))
    assert {row["title"] or row["text"] for row in rows(batches)} == {"zoom �!", "zoom �"}
    assert sum(batch.replaced for batch in batches) == 2


def test_a_cursor_of_another_connector_is_refused(author_key: AuthorKey) -> None:
    """A cursor that cannot be read is told, and nothing is collected from a wrong place."""
    with AlgoliaServer() as server, pytest.raises(BadInput, match="no cursor of this connector"):
        list(connect(server, author_key).batches(ZOOM, WEEK, "sha256"))


@pytest.mark.parametrize(
    "answer",
    [
        Response(404, b"<html>nginx</html>", content_type="text/html"),
        Response(200, {}),
        Response(200, {"message": "maintenance"}),
        Response(200, {"id": 4711, "author": None, "title": None, "text": None}),
    ],
)
def test_what_is_no_answer_about_the_item_is_no_deletion(
    author_key: AuthorKey, answer: Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of some server in between, or an answer about something else, tells nothing of the item."""
    with AlgoliaServer([story(1, SECOND, "zoom")]) as server:
        monkeypatch.setattr(server, "respond", lambda request: answer)
        assert list(connect(server, author_key).recheck(["1"])) == []


def test_deleted_and_blank_items_are_gone(author_key: AuthorKey) -> None:
    """Not there any more, or there without author, title and text; a living one is checked."""
    items = [story(1, SECOND, "zoom"), story(2, SECOND, None, author=None)]  # type: ignore[arg-type]
    with AlgoliaServer(items) as server:
        looks = list(connect(server, author_key).recheck(["1", "2", "3"]))
    assert [(list(look.checked), dict(look.gone)) for look in looks] == [
        (["1"], {}),
        (["2"], {"2": "deleted"}),
        (["3"], {"3": "deleted"}),
    ]


def test_a_count_that_is_none_spoils_no_page(author_key: AuthorKey) -> None:
    """`true` is no number of points."""
    with AlgoliaServer([story(1, SECOND, "zoom", points=True), story(2, SECOND, "zoom", points=10**30)]) as server:
        (batch,) = connect(server, author_key).batches(ZOOM, WEEK, None)
    assert batch.posts.num_rows == 2


def test_a_cursor_from_a_clock_that_was_ahead_is_not_believed(
    author_key: AuthorKey, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is skipped up to it: the source is read anew from its beginning, and the log says why."""
    with AlgoliaServer([comment(1, SECOND, "zoom")]) as server:
        ahead = (NOW + timedelta(days=9)).isoformat()
        batches = list(connect(server, author_key, since=DAY.date()).batches(ZOOM, Window(), ahead))
    assert len(rows(batches)) == 1
    assert "clock was wrong" in caplog.text
