"""What crosses from connectors to the store: Arrow record batches in one pinned schema, with coverage and cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

import pyarrow as pa

if TYPE_CHECKING:
    from brands.query import Query

TIME = pa.timestamp("us")  # UTC, without a zone, as the store keeps it

POSTS_SCHEMA = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("author_key", pa.string()),  # NULL: unknown author; the post is one voice
        pa.field("created_at", TIME, nullable=False),
        pa.field("collected_at", TIME, nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # post, comment, review, story, question …
        pa.field("text", pa.string(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("lang", pa.string()),
        pa.field("url", pa.string()),
        pa.field("parent_id", pa.string()),
        pa.field("thread_id", pa.string()),
        pa.field("rating", pa.float64()),
        pa.field("truncated", pa.bool_(), nullable=False),  # over 20,000 characters: scored and matched on the first
    ]
)
"""Equal to the table `posts`, column by column; a test holds the two together."""

METRICS_SCHEMA = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("observed_at", TIME, nullable=False),
        pa.field("likes", pa.int64()),
        pa.field("replies", pa.int64()),
        pa.field("shares", pa.int64()),
    ]
)
"""Equal to the table `post_metrics`."""

NAMED_BRANDS_SCHEMA = pa.schema([pa.field("post_id", pa.string()), pa.field("brand", pa.string())])
"""The brand that the record itself names (archives with `match = "column"`): post_id and brand slug."""

AuthorKey = Callable[[str, str], str]
"""(source, handle) → keyed hash. Handles never leave a connector."""


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span of time asked for: since ≤ created_at < until. UTC without zone; None is unbounded."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was asked of a source and what came: one row of the ledger.

    `capped`: the source holds more in this window than it gave. `failed`: nothing can be said about this window.
    `requested`: how many items were asked for at most (None: all there are). A window without start or end is written
    with the first or last moment that was in fact looked at.
    """

    window_start: datetime
    window_end: datetime
    returned: int
    requested: int | None = None
    capped: bool = False
    failed: bool = False
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to a source and what came of it: one row of the ledger of requests.

    `search`: what was asked for, in the source's own words. `returned`: how many items came, matching or not.
    `problem`: why it failed, in one line without secrets; empty where it did not.
    """

    asked_at: datetime
    search: str
    window_start: datetime
    window_end: datetime
    returned: int
    requested: int | None = None
    capped: bool = False
    cost_usd: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be a post, kept for quarantine: `line` counts from 1 as an editor shows it."""

    file: str
    line: int
    reason: str
    payload: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Posts of one source with what must be saved together with them.

    `cursor` is opaque to everyone but its connector; None: not yet safe to save. `coverage` may hold several rows (an
    archive with declared gaps) or none (a page in the middle of a window). `asked` are the requests behind this batch,
    saved with it, so that money that was spent is in the ledger even after a crash. `read` counts the records that were
    read to make this batch, so that each can be accounted for: read = posts + rejected + outside + not_matching.
    `excluded`: how many of those that do not match would, but for the query's `exclude`.
    `replaced` counts characters that UTF-8 cannot hold and that became U+FFFD.
    """

    posts: pa.RecordBatch
    cursor: str | None
    coverage: Sequence[Coverage] = ()
    asked: Sequence[Asked] = ()
    metrics: pa.RecordBatch | None = None
    named_brands: pa.RecordBatch | None = None
    rejected: Sequence[Rejected] = field(default=())
    read: int = 0
    outside: int = 0
    not_matching: int = 0
    excluded: int = 0
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class Recheck:
    """Stored posts that were looked at again: `checked` ids, and of these the ones that are `gone`, with the reason."""

    checked: Sequence[str]
    gone: Mapping[str, str] = field(default_factory=dict)


class Connector(Protocol):
    """A source of posts.

    A connector that can tell which stored posts are gone also has `recheck_within` (timedelta: how soon a deletion must
    be followed) and `recheck(post_ids: Sequence[str]) -> Iterator[Recheck]`. What it cannot tell it leaves out of
    `checked`: an error, a limit or a missing right is never read as a deletion. Where the thread of a post helps to
    tell, it has an attribute `find_threads` (ids → thread by id), which whoever holds the posts sets.
    """

    source: ClassVar[str]

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        """Yield what the source holds on `query` within `window`, starting after `cursor`.

        The start is inclusive: what was seen before may come again, and the store drops it. A newest-first feed gives
        a cursor only with its last batch. Raises `connectors.errors.ConnectorError` and nothing else.
        """
        ...
