"""Reddit's answers, one page each: listings from the newest item on, and the comments under a submission."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from praw.models import Comment, MoreComments
from praw.models.listing.listing import Listing

from connectors.errors import BadPayload, NotFound
from connectors.items import Read, Unreadable
from connectors.reddit_client import Closed, RedditClient
from connectors.reddit_items import read_thing
from connectors.times import from_seconds
from connectors.walking import Page

PER_PAGE = 100
CHILDREN = 100  # comments that one request may ask for by id
MOST_COMMENTS = 500  # of one tree in one answer
# Listings end at 1,000 items and searches at about 250, less those that have been removed since: what ends near there
# may have ended for that reason.
FULL_LISTING = 900
FULL_SEARCH = 220
MOST_THINGS = 2_000  # twice what a listing may hold: one that has not ended by then never does
MOST_EMPTY = 10  # pages without anything, one after the other; what was removed leaves gaps, but not such gaps
log = logging.getLogger(__name__)


def read_listing(
    client: RedditClient,
    name: str,
    path: str,
    start: datetime,
    down_to: datetime,
    full: int | None,
    **params: str | int,
) -> Iterator[Page]:
    """Pages from the newest item to those before `down_to`, or to where the listing ends.

    Where it ends after `full` items or more and later than `start`, what is older is cut off (with None it does not
    matter). `name` stands in the ledger and the log. Raises BadPayload, after the page, where a listing does not end.
    """
    seen: list[datetime] = []
    count, after, empty = 0, "", 0
    cursors: set[str] = set()
    while True:
        place: dict[str, str | int] = {"after": after, "count": count} if after else {}
        things, following = client.get(path, _read_things, limit=PER_PAGE, **params, **place)
        items = [read_thing(thing) for thing in things]
        times = [moment for thing in things if (moment := _created(thing))]
        seen += times
        count += len(things)
        # Where the order is not as promised, an old item does not tell that no newer one follows.
        last = min(times, default=None) if times == sorted(times, reverse=True) else max(times)
        ended = not following
        cut = ended and full is not None and count >= full and bool(seen) and min(seen) > start
        if cut:
            minutes = (max(seen) - min(seen)) // timedelta(minutes=1)
            often = timedelta(minutes=max(minutes // 2, 1))
            log.warning("%s fills its %d items in %s: collect every %s", name, count, timedelta(minutes=minutes), often)
        yield Page(name, items, requested=PER_PAGE, cut_before=min(seen) if cut else None)
        if ended or (last is not None and last < down_to):
            return
        empty = 0 if things else empty + 1
        if following in cursors or count >= MOST_THINGS or empty >= MOST_EMPTY:
            raise BadPayload(client.source, f"{client.address}/{path}", f"{name} does not come to an end")
        cursors.add(following)
        after = following


def read_comments(client: RedditClient, thread: str) -> Iterator[Page]:
    """All comments under the submission of this id, a page for each answer; a thread that is closed is a problem."""
    try:
        yield from _read_tree(client, thread)
    except (Closed, NotFound) as problem:
        yield Page(_name_tree(thread), problem=problem)


def _read_tree(client: RedditClient, thread: str) -> Iterator[Page]:
    name = _name_tree(thread)
    children: deque[str] = deque()  # comments that an answer only named
    parents: deque[str] = deque()  # comments whose replies stand on a page of their own
    known: set[str] = set()

    def page(things: Iterable[object], requested: int) -> Page:
        items: list[Read] = []
        for thing in _flatten(things):
            if not isinstance(thing, MoreComments):
                items.append(read_thing(thing) if isinstance(thing, Comment) else Unreadable("no comment"))
                continue
            for waiting, ids in ((children, thing.children), (parents, [] if thing.children else [thing.parent_id])):
                fresh = [each for each in ids if each not in known]
                known.update(fresh)
                waiting.extend(fresh)
        return Page(name, items, requested=requested)

    # Replies come in no order of time, so that nothing tells when the window is left: all are asked for.
    yield client.get(
        f"comments/{thread}", lambda answer: page(answer[1].children, MOST_COMMENTS), limit=MOST_COMMENTS, sort="new"
    )
    while children or parents:
        if children:
            asked = [children.popleft() for _ in range(min(CHILDREN, len(children)))]
            yield client.post(
                "api/morechildren",
                lambda things: page(things, CHILDREN),
                link_id=f"t3_{thread}",
                children=",".join(asked),
                sort="new",
                limit_children="false",
            )
        else:
            parent = parents.popleft().removeprefix("t1_")
            yield client.get(
                f"comments/{thread}/_/{parent}",
                lambda answer: page(answer[1].children, MOST_COMMENTS),
                limit=MOST_COMMENTS,
                sort="new",
            )


def _name_tree(thread: str) -> str:
    return f"comments of t3_{thread}"


def _flatten(things: Iterable[object]) -> Iterator[object]:
    for thing in things:
        yield thing
        if isinstance(thing, Comment):
            yield from thing.replies.list()


def _read_things(listing: Any) -> tuple[list[object], str]:
    if not isinstance(listing, Listing):
        raise TypeError("no listing")
    return list(listing.children), listing.after or ""


def _created(thing: object) -> datetime | None:
    return from_seconds(vars(thing).get("created_utc")) if hasattr(thing, "__dict__") else None
