"""An invented platform, Bulletin, as a connector without a network: many posts, and any may be deleted there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from brands.brand_file import Source
from brands.query import Query
from connectors.batch import AuthorKey, Batch, Coverage, Recheck, Window
from connectors.errors import Unavailable
from connectors.items import Item, Reader

FIRST_DAY = datetime(2023, 1, 2)
DAYS = 250
ASKED_TOGETHER = 100
WORDS = ("great, I love it", "terrible, it trains AI on our data without consent", "fine", "awful and bad", "useful")


@dataclass
class Board:
    """What stands on the platform. `fails_after`: how many posts may be looked at before it stops answering."""

    posts_a_day: int = 4
    deleted: set[str] = field(default_factory=set)
    looked_at: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)  # ids of which it does not say anything
    fails_after: int | None = None

    @property
    def posts(self) -> int:
        """How many there are."""
        return DAYS * self.posts_a_day


board = Board()


def words(number: int) -> str:
    """A text that only this post has."""
    return f"Acme is {WORDS[number % len(WORDS)]} (said in note {number:05d}x)"


def handle(number: int) -> str:
    """Who wrote it: of every twenty posts one is by somebody who wrote no other."""
    return f"guest-{number:05d}" if number % 20 == 0 else f"member-{number // 10:04d}"


class Bulletin:
    """Posts that name the brand, spread evenly over the days; every fiftieth has a wide reach."""

    recheck_within = timedelta(hours=48)

    def __init__(self, source: Source, author_key: AuthorKey, collected_at: datetime) -> None:
        self.source = source.name
        self.author_key = author_key
        self.collected_at = collected_at

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        reader = Reader(self.source, self.author_key, self.collected_at, query)
        for start in range(0, board.posts, 500):
            items = [
                Item(
                    f"n{number}",
                    FIRST_DAY + timedelta(minutes=number * 24 * 60 // board.posts_a_day),
                    words(number),
                    author=handle(number),
                    url=f"https://bulletin.invalid/{number}",
                    likes=10 * number if number % 50 == 0 else 1,
                )
                for number in range(start, start + 500)
            ]
            yield reader.batch(items, Window())
        covered = Coverage(FIRST_DAY, FIRST_DAY + timedelta(days=DAYS), board.posts)
        yield Batch(reader.batch([], Window()).posts, "all", [covered])

    def recheck(self, post_ids: Sequence[str]) -> Iterator[Recheck]:
        for at in range(0, len(post_ids), ASKED_TOGETHER):
            asked = post_ids[at : at + ASKED_TOGETHER]
            if board.fails_after is not None and len(board.looked_at) >= board.fails_after:
                raise Unavailable(self.source, "https://bulletin.invalid", "does not answer")
            board.looked_at += asked
            told = [post_id for post_id in asked if post_id not in board.silent]
            yield Recheck(told, {post_id: "deleted" for post_id in told if post_id in board.deleted})
