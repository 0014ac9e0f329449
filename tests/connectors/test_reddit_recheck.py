"""What is gone from Reddit is found, and nothing else is taken for gone; recorded things of the real one are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import praw
import pytest

from connectors.batch import AuthorKey, Recheck
from connectors.errors import Unavailable
from connectors.items import Item
from connectors.reddit import Reddit
from connectors.reddit_items import find_loss, read_thing
from tests.connectors.test_reddit import SECOND, connect, paths
from tests.servers.reddit import Fault, RedditServer, base36, comment, delete, remove, submission


def recheck(
    reddit: Reddit, post_ids: list[str], threads: dict[str, str] | None = None
) -> tuple[list[str], dict[str, str]]:
    reddit.find_threads = lambda asked: {each: thread for each, thread in (threads or {}).items() if each in asked}
    answers: list[Recheck] = list(reddit.recheck(post_ids))
    return [each for answer in answers for each in answer.checked], {k: v for a in answers for k, v in a.gone.items()}


def test_what_is_gone_is_found_in_hundreds(author_key: AuthorKey) -> None:
    """250 posts in three requests; those that are missing are asked for once more."""
    posts = [submission(n, SECOND + n, "zoom") for n in range(1, 201)]
    comments = [comment(n, SECOND + n, "zoom", posts[0]) for n in range(501, 551)]
    delete(posts[3])
    remove(posts[4])
    delete(comments[5])
    remove(comments[6])
    stored = [thing["data"]["name"] for thing in (*posts, *comments)]
    with RedditServer([*posts, *comments]) as server:
        server.discard("t3_1", comments[7]["data"]["name"])
        under = {each["data"]["name"]: "t3_2" for each in comments}
        checked, gone = recheck(connect(server, author_key), stored, under)
        asked = paths(server)
    assert checked == stored
    assert gone == {
        "t3_4": "deleted",
        "t3_5": "removed",
        f"t1_{base36(506)}": "deleted",
        f"t1_{base36(507)}": "removed",
        "t3_1": "missing",
        f"t1_{base36(508)}": "missing",
    }
    assert asked.count("/api/info") == 5
    assert len(asked) == 7


def test_a_post_in_a_subreddit_that_went_private_is_not_taken_for_gone(author_key: AuthorKey) -> None:
    """Reddit leaves it out without a word, but says on its page that it is closed: nothing is told of it."""
    things = [submission(1, SECOND, "zoom"), submission(2, SECOND, "zoom", subreddit="other")]
    with RedditServer(things) as server:
        server.closed["zoom"] = "private"
        assert recheck(connect(server, author_key), ["t3_1", "t3_2", "t3_zzz"]) == (
            ["t3_2", "t3_zzz"],
            {"t3_zzz": "missing"},
        )
        server.closed["zoom"] = "banned"
        assert recheck(connect(server, author_key), ["t3_1"]) == (["t3_1"], {"t3_1": "missing"})


def test_comments_in_a_subreddit_that_went_private_are_not_taken_for_gone(author_key: AuthorKey) -> None:
    """A comment is as hidden as its submission; one whose submission nobody knows is left out as well."""
    post = submission(1, SECOND, "zoom")
    with RedditServer([post, comment(2, SECOND, "zoom", post)]) as server:
        server.closed["zoom"] = "private"
        name = f"t1_{base36(2)}"
        assert recheck(connect(server, author_key), [name], {name: "t3_1"}) == ([], {})
        assert recheck(connect(server, author_key), [name]) == ([], {})
        del server.closed["zoom"]
        assert recheck(connect(server, author_key), [name], {name: "t3_1"}) == ([name], {})
        server.discard(name)
        assert recheck(connect(server, author_key), [name], {name: "t3_1"}) == ([name], {name: "missing"})


def test_an_answer_that_is_empty_once_deletes_nothing(author_key: AuthorKey) -> None:
    """What is asked for a second time and is there then is there."""
    with RedditServer([submission(1, SECOND, "zoom")]) as server:
        hidden = server.things.copy()
        untwisted = server.respond

        def respond(request: Any) -> Any:
            first = request.path == "/api/info/" and paths(server).count("/api/info") == 1
            server.things = {} if first else hidden
            return untwisted(request)

        server.respond = respond  # type: ignore[method-assign]
        assert recheck(connect(server, author_key), ["t3_1"]) == (["t3_1"], {})
        assert paths(server).count("/api/info") == 2


def test_an_error_is_no_deletion(author_key: AuthorKey) -> None:
    """A fault is told after its third time, and nothing was said to be gone."""
    with RedditServer([submission(1, SECOND, "zoom")]) as server:
        server.faults.extend([Fault(status=500)] * 3)
        with pytest.raises(Unavailable):
            list(connect(server, author_key).recheck(["t3_1"]))


def test_real_submissions_and_comments_are_read(shared_data: Path) -> None:
    """Of thousands of recorded things each is an item or was deleted; none is refused, no address tells a name."""
    reddit = praw.Reddit(client_id="x", client_secret="x", user_agent="a test", check_for_updates=False)
    kinds = {"t1": praw.models.Comment, "t3": praw.models.Submission}
    read = gone = 0

    def look(value: Any) -> None:
        nonlocal read, gone
        if isinstance(value, dict) and value.get("kind") in kinds:
            thing = kinds[value["kind"]](reddit, _data={**value["data"], "replies": ""})
            item = read_thing(thing)
            assert isinstance(item, Item) or (item is None and find_loss(thing)), value["data"]["name"]
            read, gone = read + 1, gone + (item is None)
            if isinstance(item, Item):
                assert item.author
                assert item.author.lower() not in (item.url or "").removeprefix("https://www.reddit.com").lower()
                assert bool(item.text or item.title)
        if isinstance(value, dict | list):
            for each in value.values() if isinstance(value, dict) else value:
                look(each)

    for path in sorted((shared_data / "api_responses" / "reddit").glob("*.json")):
        look(json.loads(path.read_text("utf-8"))["response"]["json"])
    assert read > 5_000
    assert 0 < gone < read / 5
