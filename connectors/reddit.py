"""Reddit: what its search finds, the new posts and comments of named subreddits, and the comments under what is found.

Everything comes newest first and ends at a cap, so that a run is one slice of time with its cursor at the end, and what
lies beyond the cap is written down as not seen. Each subreddit goes on where it ended itself.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from praw.models import Comment, Submission

from brands.brand_file import Source
from connectors.batch import AuthorKey, Batch, Recheck, Window
from connectors.credentials import NO_CREDENTIALS, Credential
from connectors.errors import BadInput, NotFound
from connectors.items import Item, Reader
from connectors.part_cursors import Part, read_parts, walk_parts
from connectors.politeness import Politeness, utc_now
from connectors.reddit_client import NEEDS, Closed, RedditClient
from connectors.reddit_items import find_loss
from connectors.reddit_pages import FULL_LISTING, FULL_SEARCH, read_comments, read_listing
from connectors.reddit_search import translate
from connectors.times import from_iso, without_zone
from connectors.walking import Page, read_span

if TYPE_CHECKING:
    from brands.query import Query

LAG = timedelta(hours=6)  # moderators let posts through hours after they were written
THREADS_STAY_OPEN = timedelta(days=3)  # so long after a post its comments are read
LONGEST_WAIT = 660.0  # seconds; Reddit counts requests in windows of ten minutes
CLOSED = "closed"
AT_ONCE = 100  # things that one request may ask for by their fullnames


class Reddit:
    """Submissions and comments that match a query."""

    translate = staticmethod(translate)
    needs: ClassVar[tuple[Credential, ...]] = NEEDS
    recheck_within = timedelta(hours=48)

    def __init__(
        self,
        source: Source,
        author_key: AuthorKey,
        collected_at: datetime,
        *,
        credentials: Mapping[str, str] = NO_CREDENTIALS,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.source = source.name
        self.settings = source
        self.author_key = author_key
        self.collected_at = without_zone(collected_at)
        self.subreddits = [self._check_name(name) for name in source.subreddits]
        politeness = Politeness(self.source, clock=clock, sleep=sleep, longest_wait=LONGEST_WAIT)
        self.find_threads: Callable[[Sequence[str]], Mapping[str, str]] = lambda _: {}
        self.client = RedditClient(politeness, credentials, source.url)

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        """Yield what matches. A subreddit that is closed or missing fails alone; its error comes after the others.

        Each subreddit goes on where it ended itself: one that stays closed costs the others nothing, and is asked for
        all since it closed when it opens again.
        """
        homes = self.subreddits or ["all"]
        parts = self._read_cursor(cursor, homes)
        spans = {
            home: read_span(self.settings, window, parts.get(home, {}).get("until"), self.collected_at, lag=LAG)
            for home in homes
        }
        starts = {home: start for home, (start, _) in spans.items()}
        span = (min(starts.values()), next(iter(spans.values()))[1])
        reader = Reader(self.source, self.author_key, self.collected_at, query)
        yield from walk_parts(reader, span, lambda _, until: self._pages(query, parts, starts, until), parts, cursor)

    def _read_cursor(self, cursor: str | None, homes: Sequence[str]) -> dict[str, Part]:
        """What is known of each subreddit, by its name; an earlier release had one moment for all of them."""
        with suppress(ValueError):
            return {home: {"until": datetime.fromisoformat(cursor or "").isoformat()} for home in homes}
        return {home: part for home, part in read_parts(self.source, cursor).items() if home in homes}

    def recheck(self, post_ids: Sequence[str]) -> Iterator[Recheck]:
        """What was deleted or removed, and what Reddit does not hold any more, is gone.

        Where a whole subreddit has become private nothing is known of its posts: they are left out. A comment is asked
        for by the submission that it stands under, as `find_threads` tells.
        """
        for first in range(0, len(post_ids), AT_ONCE):
            asked = list(post_ids[first : first + AT_ONCE])
            losses = self.client.info(asked, _find_losses)
            missing = [post_id for post_id in asked if post_id not in losses]
            if missing:  # asked for twice, since what is gone here cannot be brought back
                losses |= self.client.info(missing, _find_losses)
            lost = [post_id for post_id in missing if post_id not in losses]
            threads = self.find_threads([post_id for post_id in lost if not post_id.startswith("t3_")]) if lost else {}
            found = {thread: self._look_up(thread) for thread in {threads.get(each, each) for each in lost}}
            hidden = {each for each in lost if found[threads.get(each, each)] in (CLOSED, each)}
            checked = [post_id for post_id in asked if post_id not in hidden]
            gone = {post_id: losses.get(post_id, "missing") for post_id in checked}
            yield Recheck(checked, {post_id: loss for post_id, loss in gone.items() if loss})

    def _pages(
        self, query: Query, parts: dict[str, Part], starts: Mapping[str, datetime], until: datetime
    ) -> Iterator[Page]:
        """The pages of each subreddit from its own start on; how far it has come is noted in `parts`."""
        threads: set[str] = set()
        all_read = True
        for home, start in starts.items():
            # What an earlier run could not see of this one is not in the ledger where another failed beside it.
            unseen = from_iso(parts.get(home, {}).get("cut_before"))
            cuts, read = [unseen] if unseen else [], True
            try:
                for page in self._home(home, query, start, until, threads):
                    cuts += [page.cut_before] if page.cut_before else []
                    read = read and page.problem is None
                    yield replace(page, cut_before=max(cuts)) if unseen else page
                    unseen = None
            except (Closed, NotFound) as problem:
                read = False
                yield Page(f"r/{home}", problem=problem)
            if read:
                parts[home] = {"until": until.isoformat()} | ({"cut_before": max(cuts).isoformat()} if cuts else {})
            else:
                all_read = False
                parts.setdefault(home, {"until": start.isoformat()})  # when it opens, all since now is asked for
        if all_read:
            for part in parts.values():
                part.pop("cut_before", None)

    def _home(
        self, subreddit: str, query: Query, start: datetime, until: datetime, threads: set[str]
    ) -> Iterator[Page]:
        for page in self._listings(subreddit, query, start):
            yield page
            for thread in self._find_threads(page, query, start - THREADS_STAY_OPEN, until, threads):
                yield from read_comments(self.client, thread)

    def _listings(self, subreddit: str, query: Query, start: datetime) -> Iterator[Page]:
        home = f"r/{subreddit}"
        searches = translate(query)
        all_posts = bool(self.subreddits) or "" in searches
        if all_posts:
            yield from read_listing(self.client, f"{home}/new", f"{home}/new", start, start, FULL_LISTING)
        down_to = start - THREADS_STAY_OPEN if self.settings.comments else start
        for search in filter(None, searches):
            yield from read_listing(
                self.client,
                f"{home}: {search}",
                f"{home}/search",
                start,
                down_to,
                # Since when all posts are here, the listing of them has told.
                None if all_posts else FULL_SEARCH,
                q=search,
                sort="new",
                t="all",
                type="link",
                include_over_18="on",
                restrict_sr="true" if self.subreddits else "false",
            )
        if self.subreddits and self.settings.comments:
            yield from read_listing(self.client, f"{home}/comments", f"{home}/comments", start, start, FULL_LISTING)

    def _find_threads(self, page: Page, query: Query, since: datetime, until: datetime, known: set[str]) -> list[str]:
        """Submissions of `page` from this time that match and have comments, each once."""
        if not self.settings.comments:
            return []
        found = [
            item.post_id
            for item in page.items
            if isinstance(item, Item)
            and item.kind == "post"
            and item.replies
            and item.post_id not in known
            and since <= item.created_at < until
            and query.matches(f"{item.title or ''}\n{item.text}")
        ]
        known.update(found)
        return [post_id.removeprefix("t3_") for post_id in found]

    def _look_up(self, thread: str) -> str:
        """The submission's own fullname where it can be read, CLOSED where it may not be, "" where there is none."""
        if not thread.startswith("t3_"):
            return CLOSED  # a comment by itself: nobody knows what it stood under
        try:
            return self.client.get(f"comments/{thread.removeprefix('t3_')}", lambda _: thread, limit=1)
        except Closed:
            return CLOSED
        except NotFound:
            return ""

    def _check_name(self, name: str) -> str:
        bare = name.strip("/").removeprefix("r/")
        if not re.fullmatch(r"\w{2,50}", bare, re.ASCII):
            told = f'"{name}" is no subreddit; write its name as in its address, such as "privacy"'
            raise BadInput(self.source, "subreddits in the brand file", told)
        return bare


def _find_losses(things: Sequence[object]) -> dict[str, str]:
    return {thing.fullname: find_loss(thing) for thing in things if isinstance(thing, Submission | Comment)}
