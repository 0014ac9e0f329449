"""Hits of Hacker News' search become posts: what matches, once each, and everything else is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from connectors import posts
from connectors.batch import AuthorKey, Batch, Rejected
from connectors.text import from_html, strings

if TYPE_CHECKING:
    from brands.query import Query

Hit = dict[str, Any]


class Hits:
    """The hits of one span of time (`seconds` since 1970), of which every post is given once."""

    def __init__(
        self, source: str, author_key: AuthorKey, collected_at: datetime, query: Query, seconds: range
    ) -> None:
        self.source = source
        self.author_key = author_key
        self.collected_at = collected_at
        self.query = query
        self.seconds = seconds
        self.seen: set[str] = set()

    def batch(self, hits: Sequence[Hit]) -> Batch:
        """Posts of one answer that match; read = posts + rejected + outside + not matching. No cursor, no coverage."""
        kept: list[tuple[Hit, str, str]] = []
        rejected: list[Rejected] = []
        read = outside = not_matching = 0
        for place, hit in enumerate(hits, start=1):
            post_id, created = hit.get("objectID"), hit.get("created_at_i")
            if isinstance(post_id, str) and post_id in self.seen:
                continue  # found by an earlier search, or in the second that was asked for twice
            read += 1
            if not isinstance(post_id, str) or not post_id.isalnum() or not isinstance(created, int):
                # Nothing of it is shown: any field may hold a name.
                rejected.append(Rejected(self.source, place, "a hit without objectID or created_at_i", ""))
                continue
            self.seen.add(post_id)
            title, text = _string(hit, "title"), from_html(_string(hit, "comment_text") or _string(hit, "story_text"))
            if created not in self.seconds:
                outside += 1
            elif not (title or text) or not self.query.matches(f"{title}\n{text}"):
                not_matching += 1
            else:
                kept.append((hit, title, text))
        batch, metrics, replaced = self._posts(kept)
        return Batch(
            batch,
            None,
            metrics=metrics,
            rejected=rejected,
            read=read,
            outside=outside,
            not_matching=not_matching,
            replaced=replaced,
        )

    def _posts(self, kept: Sequence[tuple[Hit, str, str]]) -> tuple[pa.RecordBatch, pa.RecordBatch | None, int]:
        hits = [hit for hit, _, _ in kept]
        ids = pa.array([hit["objectID"] for hit in hits], pa.string())
        titles, in_titles = strings([title or None for _, title, _ in kept])
        texts, in_texts = strings([text for _, _, text in kept])
        authors, _ = strings([_string(hit, "author") for hit in hits])
        seconds = np.array([hit["created_at_i"] for hit in hits], "datetime64[s]")
        columns = {
            "post_id": ids,
            "created_at": pa.array(seconds.astype("datetime64[us]")),
            "kind": pa.array(["comment" if hit.get("comment_text") else "story" for hit in hits], pa.string()),
            "title": titles,
            "text": texts,
            "url": pa.array([f"https://news.ycombinator.com/item?id={hit['objectID']}" for hit in hits], pa.string()),
            "parent_id": pa.array([_id(hit.get("parent_id")) for hit in hits], pa.string()),
            "thread_id": pa.array([_id(hit.get("story_id")) or hit["objectID"] for hit in hits], pa.string()),
            "author_key": posts.author_keys(self.source, authors, self.author_key),
        }
        batch = posts.assemble(self.source, self.collected_at, columns)
        counted = {
            "likes": pa.array([_count(hit.get("points")) for hit in hits], pa.int64()),
            "replies": pa.array([_count(hit.get("num_comments")) for hit in hits], pa.int64()),
        }
        metrics = posts.assemble_metrics(self.source, self.collected_at, ids, counted)
        return batch, metrics, in_titles + in_texts


def _string(hit: Hit, key: str) -> str:
    value = hit.get(key)
    return value if isinstance(value, str) else ""


def _id(value: object) -> str | None:
    return None if value is None else str(value)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and abs(value) < 1 << 62 else None
