"""Items of a platform become posts: what matches, in time, once each; everything else is counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from connectors import posts
from connectors.batch import AuthorKey, Batch, Rejected, Window
from connectors.text import strings

if TYPE_CHECKING:
    from brands.query import Query


@dataclass(slots=True)
class Item:
    """A post as its platform tells it, in plain Python. `created_at` in UTC without a zone.

    `author` is the handle: it leaves the connector only as a key. Neither `post_id` nor `url` may hold it.
    """

    post_id: str
    created_at: datetime
    text: str
    kind: str = "post"
    title: str | None = None
    author: str | None = None
    lang: str | None = None
    url: str | None = None
    parent_id: str | None = None
    thread_id: str | None = None
    rating: float | None = None
    likes: int | None = None
    replies: int | None = None
    shares: int | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that cannot be a post: it goes to quarantine by its reason only, since any field may hold a name."""

    reason: str


Read = Item | Unreadable | None  # None: nothing to keep, such as a post that is deleted already


class Reader:
    """Turns items into batches for one run of one source; an id that was given is not given again."""

    def __init__(self, source: str, author_key: AuthorKey, collected_at: datetime, query: Query | None) -> None:
        self.source = source
        self.author_key = author_key
        self.collected_at = collected_at
        self.query = query  # None: every item is about the brand
        self.seen: set[str] = set()

    def batch(self, items: Iterable[Read], window: Window) -> Batch:
        """Posts among `items` that match and lie in `window`. No cursor, no coverage.

        read = posts + rejected + outside + not_matching; an item that came before in this run is not read again.
        """
        kept: list[Item] = []
        rejected: list[Rejected] = []
        read = outside = not_matching = excluded = 0
        for place, item in enumerate(items, start=1):
            if isinstance(item, Item):
                if item.post_id in self.seen:
                    continue
                if _inside(item.created_at, window):  # what lies outside may belong to the next slice
                    self.seen.add(item.post_id)
            read += 1
            if item is None:
                not_matching += 1
            elif isinstance(item, Unreadable):
                rejected.append(Rejected(self.source, place, item.reason, ""))
            elif not _inside(item.created_at, window):
                outside += 1
            elif not self._matches(item):
                not_matching += 1
                excluded += self.query is not None and self.query.leaves_out(_searched(item))
            else:
                kept.append(item)
        batch, metrics, replaced = self._posts(kept)
        return Batch(
            batch,
            None,
            metrics=metrics,
            rejected=rejected,
            read=read,
            outside=outside,
            not_matching=not_matching,
            excluded=excluded,
            replaced=replaced,
        )

    def _matches(self, item: Item) -> bool:
        if not (item.title or item.text):
            return False
        return self.query is None or self.query.matches(_searched(item))

    def _posts(self, items: Sequence[Item]) -> tuple[pa.RecordBatch, pa.RecordBatch | None, int]:
        titles, in_titles = strings([item.title or None for item in items])
        texts, in_texts = strings([item.text for item in items])
        authors, _ = strings([item.author or "" for item in items])
        ids = pa.array([item.post_id for item in items], pa.string())
        columns = {
            "post_id": ids,
            "created_at": pa.array([item.created_at for item in items], pa.timestamp("us")),
            "title": titles,
            "text": texts,
            "rating": pa.array([item.rating for item in items], pa.float64()),
            "author_key": posts.author_keys(self.source, authors, self.author_key),
        }
        for name in ("kind", "lang", "url", "parent_id", "thread_id"):
            columns[name], _ = strings([getattr(item, name) for item in items])
        batch = posts.assemble(self.source, self.collected_at, columns)
        counted = {
            name: pa.array([_count(getattr(item, name)) for item in items], pa.int64()) for name in posts.METRICS
        }
        metrics = posts.assemble_metrics(self.source, self.collected_at, ids, counted) if items else None
        return batch, metrics, in_titles + in_texts


def _searched(item: Item) -> str:
    return f"{item.title or ''}\n{item.text}"


def _inside(moment: datetime, window: Window) -> bool:
    return (window.since is None or moment >= window.since) and (window.until is None or moment < window.until)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 62 else None
