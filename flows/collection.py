"""Collecting: what sources bring goes into the store, and every record is accounted for.

Two steps. `prepare` opens every source and reads the first batch of every archive, so that bad input is told before
anything is written. `collect_call` saves what one source brings; a source that fails is named and stops no other.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

import pyarrow as pa

from analytics.store import Store, now
from analytics.store.author_keys import KEY_BYTES, AuthorKeys
from analytics.store.saving import Arrival, save_arrival, saved_cursor
from connectors.batch import POSTS_SCHEMA, AuthorKey, Batch, Coverage, Window
from connectors.errors import BadInput, ConnectorError
from connectors.registry import open_source
from flows.errors import UsageError
from flows.listening import ARCHIVE, Request, requests
from flows.progress import Advance

if TYPE_CHECKING:
    from brands.brand_file import Brand

LIVE = "live"
FIRST_RUN = timedelta(days=30)  # what a live source without `since` is said to have looked back on, when it fails


@dataclass(slots=True)
class SourceResult:
    """What became of the records of one source: read = new + known + quarantined + outside + not_matching.

    `matched`: how many posts each brand found for the first time. `failure`: one line, or empty.
    """

    source: str
    read: int = 0
    new: int = 0
    known: int = 0
    quarantined: int = 0
    outside: int = 0
    not_matching: int = 0
    replaced: int = 0
    moved: int = 0
    matched: dict[str, int] = field(default_factory=dict)
    failure: str = ""

    @property
    def unaccounted(self) -> int:
        """Records that were read and are nowhere: not 0 only by a fault of this program."""
        return self.read - self.new - self.known - self.quarantined - self.outside - self.not_matching


@dataclass(slots=True)
class Call:
    """A request in a window. `batches` is there where the first look was taken with the store's own author key."""

    request: Request
    window: Window
    window_name: str
    collected_at: datetime
    batches: Iterator[Batch] | None = None

    def open(self, author_key: AuthorKey, cursor: str | None) -> Iterator[Batch]:
        """The batches of the source from `cursor` on. Raises ConnectorError, some of it before the first batch."""
        source = self.request.source
        connector = open_source(source, author_key=author_key, collected_at=self.collected_at)
        return connector.batches(self.request.query, self.window, cursor)

    def cursor(self, store: Store) -> str | None:
        """Where the last run on this source, query and window ended."""
        return saved_cursor(store, self.request.source.name, self.request.query_hash, self.window_name)


def prepare(
    brand: Brand,
    store: Store,
    *,
    only_sources: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Call]:
    """Open every source and read the first batch of every archive; nothing is written here.

    `since` (inclusive) and `until` (exclusive), UTC without zone, make it a backfill with a cursor of its own. Raises
    BadInput for a file or setting that cannot be used, UsageError for a source that the brand file does not have.
    """
    if since and until and since >= until:
        raise UsageError(f"--since {since:%Y-%m-%d} is not before --until {until:%Y-%m-%d}; no time lies between them")
    wanted = requests(brand)
    known = sorted({request.source.name for request in wanted})
    for name in only_sources:
        if name not in known:
            raise UsageError(f"{brand.path}: there is no source {name!r}; there are: {', '.join(known) or 'none'}")
    window_name = f"{since or ''}/{until or ''}" if since or until else LIVE
    collected_at = now()
    calls = [
        Call(request, Window(since, until), window_name, collected_at)
        for request in wanted
        if not only_sources or request.source.name in only_sources
    ]
    # Before there is a store there is no author key: the first look is then taken with a passing one, and thrown away.
    stored = store.exists
    keys = store.author_keys if stored else AuthorKeys(secrets.token_bytes(KEY_BYTES))
    for call in calls:
        try:
            batches = call.open(keys.key, call.cursor(store) if stored else None)
            if call.request.source.connector == ARCHIVE:
                first = next(batches, None)
                if stored:
                    call.batches = chain(() if first is None else (first,), batches)
        except BadInput:
            raise
        except Exception:  # not the user's doing: it is told when this source's turn comes
            continue
    return calls


def collect_call(call: Call, store: Store, run_id: str, progress: Advance = lambda _: None) -> SourceResult:
    """Save what one source brings, batch by batch. A source's failure stands in the result; a store's is raised."""
    result = SourceResult(call.request.name)
    author_key = store.author_keys.key
    covered: list[Coverage] = []
    batches: Iterator[Batch] = iter(())
    opened = False
    while True:
        try:
            if not opened:
                batches, opened = call.batches or call.open(author_key, call.cursor(store)), True
            batch = next(batches, None)
        except Exception as problem:  # whatever one source does, the others go on
            result.failure = _told(problem, call.request.source.name)
            break
        if batch is None:
            break
        _save(call, store, run_id, batch, result)
        covered += batch.coverage
        progress(batch.read)
    progress(0)
    if result.failure and call.request.source.connector != ARCHIVE:
        _save(call, store, run_id, _failed(call, covered), result)
    return result


def _told(problem: Exception, source: str) -> str:
    line = " ".join(str(problem).split())
    if isinstance(problem, ConnectorError):
        return line
    return f"{source}: unexpected {type(problem).__name__}: {line[:200]}"


def _save(call: Call, store: Store, run_id: str, batch: Batch, result: SourceResult) -> None:
    arrival = Arrival(
        run_id=run_id,
        source=call.request.source.name,
        query_hash=call.request.query_hash,
        window=call.window_name,
        listeners=call.request.listeners,
        posts=batch.posts,
        cursor=batch.cursor,
        metrics=batch.metrics,
        named_brands=batch.named_brands,
        coverage=[asdict(row) for row in batch.coverage],
        rejected=[asdict(row) for row in batch.rejected],
    )
    saved = save_arrival(store, arrival)
    result.read += batch.read
    result.new += saved.new
    result.known += saved.known
    result.moved += saved.moved
    result.quarantined += len(batch.rejected)
    result.outside += batch.outside
    result.not_matching += batch.not_matching + saved.unmatched
    result.replaced += batch.replaced
    for slug, count in saved.mentions.items():
        result.matched[slug] = result.matched.get(slug, 0) + count


def _failed(call: Call, covered: Sequence[Coverage]) -> Batch:
    """Nothing but the word that a live source could not be looked at from where its own coverage ends."""
    end = min(call.window.until or call.collected_at, call.collected_at)
    declared = call.request.source.since
    first = datetime(declared.year, declared.month, declared.day) if declared else end - FIRST_RUN  # noqa: DTZ001 - UTC
    start = max((row.window_end for row in covered), default=call.window.since or first)
    rows = [Coverage(start, end, 0, failed=True)] if start < end else []
    return Batch(pa.RecordBatch.from_pylist([], schema=POSTS_SCHEMA), None, rows)
