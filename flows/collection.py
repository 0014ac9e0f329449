"""Collecting: what sources bring goes into the store, and every record is accounted for.

Two steps. `prepare` opens every source and reads the first batch of every archive, so that bad input is told before
anything is written. `collect_call` saves what one source brings; a source that fails is named and stops no other.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from analytics.store import Store, StoreError, now
from analytics.store.author_keys import KEY_BYTES, AuthorKeys
from analytics.store.ledger import find_holes
from analytics.store.saving import Arrival, save_arrival, saved_cursor
from connectors.batch import AuthorKey, Batch, Connector, Coverage, Window
from connectors.errors import BadInput, MissingFile
from connectors.posts import no_posts
from connectors.registry import is_paid
from connectors.walking import find_beginning
from flows.approvals import require
from flows.errors import UsageError
from flows.failures import tell_failure
from flows.gathering import ENOUGH_OF_A_FILE, gathered
from flows.listening import ARCHIVE, Request, requests
from flows.opening import open_connector
from flows.progress import Advance
from flows.reading_ahead import read_ahead
from flows.spending import alone, estimated, find_budget

if TYPE_CHECKING:
    from brands.brand_file import Brand

LIVE = "live"


@dataclass(slots=True)
class SourceResult:
    """What became of the records of one source: read = new + known + quarantined + outside + not_matching + withheld.

    `withheld`: posts and unreadable records that were deleted before, or whose author is forgotten. `matched`: how many
    posts each brand found for the first time. `excluded`: those that only a brand file's `exclude` kept from it; they
    are not matching, unless another brand keeps them. `failure`: one line, or empty.
    """

    source: str
    read: int = 0
    new: int = 0
    known: int = 0
    quarantined: int = 0
    outside: int = 0
    not_matching: int = 0
    excluded: int = 0
    replaced: int = 0
    moved: int = 0
    requests: int = 0  # to a live source
    cost_usd: float = 0.0
    capped: bool = False  # the source holds more of some time than it gave
    withheld: int = 0
    matched: dict[str, int] = field(default_factory=dict)
    failure: str = ""

    @property
    def unaccounted(self) -> int:
        """Records that were read and are nowhere: not 0 only by a fault of this program."""
        found = self.new + self.known + self.quarantined + self.outside + self.not_matching + self.withheld
        return self.read - found


@dataclass(slots=True)
class Call:
    """A request in its windows. `batches` is there where the first look was taken with the store's own author key."""

    request: Request
    windows: Sequence[Window]
    collected_at: datetime
    batches: Iterator[Batch] | None = None

    def open(self, author_key: AuthorKey, **options: object) -> Connector:
        """The connector of the source. Raises ConnectorError, or UsageError for secrets that others can read."""
        return open_connector(self.request.source, author_key, self.collected_at, **options)

    def cursor(self, store: Store, window: Window) -> str | None:
        """Where the last run on this source, query and window ended."""
        return saved_cursor(store, self.request.source.name, self.request.query_hash, name_window(window))


def name_window(window: Window) -> str:
    """What the cursor of a window is kept under."""
    return LIVE if window == Window() else f"{window.since or ''}/{window.until or ''}"


def prepare(
    brand: Brand,
    store: Store,
    *,
    only_sources: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Call]:
    """Open every source and read the first batch of every archive; nothing is written here.

    `since` (inclusive) and `until` (exclusive), UTC without zone, make it a backfill: a live source is asked only for
    time that no complete answer covers. An archive that is not there fails when its turn comes and stops no other.
    Raises BadInput for a file or setting that cannot be used and where nothing but missing archives is asked for,
    UsageError for a source that the brand file does not have.
    """
    if since and until and since >= until:
        raise UsageError(f"--since {since:%Y-%m-%d} is not before --until {until:%Y-%m-%d}; no time lies between them")
    if since and since > now():
        raise UsageError(f"--since {since:%Y-%m-%d} lies in the future; nothing can be collected from it yet")
    wanted = requests(brand)
    known = sorted({*(request.source.name for request in wanted), *(signal.name for signal in brand.signals)})
    for name in only_sources:
        if name not in known:
            raise UsageError(f"{brand.path}: there is no source {name!r}; there are: {', '.join(known) or 'none'}")
    collected_at = now()
    window = Window(since, until)
    calls = [
        Call(request, _windows(request, store, window, collected_at), collected_at)
        for request in wanted
        if not only_sources or request.source.name in only_sources
    ]
    # Before there is a store there is no author key: the first look is then taken with a passing one, and thrown away.
    stored = store.exists
    keys = store.author_keys if stored else AuthorKeys(secrets.token_bytes(KEY_BYTES))
    missing: list[MissingFile] = []
    for call in calls:
        try:
            connector = call.open(keys.key)
            if call.request.source.connector == ARCHIVE:
                batches = connector.batches(call.request.query, window, call.cursor(store, window) if stored else None)
                first = next(batches, None)
                if stored:
                    call.batches = chain(() if first is None else (first,), batches)
        except MissingFile as problem:
            missing.append(problem)
        except (BadInput, UsageError):
            raise
        except Exception:  # not the user's doing: it is told when this source's turn comes
            continue
    signals = [signal for signal in brand.signals if not only_sources or signal.name in only_sources]
    if missing and len(missing) == len(calls) + len(signals):
        raise missing[0]
    return calls


def _windows(request: Request, store: Store, window: Window, collected_at: datetime) -> list[Window]:
    """A backfill of a live source is cut to the holes in what is covered; everything else is one window."""
    if request.source.connector == ARCHIVE or window == Window():
        return [window]
    until = min(window.until or collected_at, collected_at)
    since = window.since or min(find_beginning(request.source, collected_at), until)
    if since >= until:
        return []
    return [Window(*hole) for hole in find_holes(store, request.source.name, request.query_hash, since, until)]


def collect_call(call: Call, store: Store, run_id: str, progress: Advance = lambda _: None) -> SourceResult:
    """Save what one source brings, batch by batch. A source's failure stands in the result; a store's is raised."""
    result = SourceResult(call.request.name)
    for window in call.windows:
        covered: list[Coverage] = []
        batches = _gather(call, store, run_id, window)
        while True:
            try:
                batch = next(batches, None)
            except StoreError:
                raise
            except Exception as problem:  # whatever one source does, the others go on
                result.failure = tell_failure(problem, call.request.source.name)
                break
            if batch is None:
                break
            _save(call, store, run_id, window, batch, result)
            covered += batch.coverage
            progress(batch.read)
        if result.failure:
            if call.request.source.connector != ARCHIVE:
                _save(call, store, run_id, window, _failed(call, window, covered), result)
            break
    progress(0)
    return result


def _gather(call: Call, store: Store, run_id: str, window: Window) -> Iterator[Batch]:
    """What the source gives, in batches worth a transaction. A file is read ahead; to ask a platform costs requests."""
    asked = _ask(call, store, run_id, window)
    if call.request.source.connector == ARCHIVE:
        return read_ahead(gathered(asked, ENOUGH_OF_A_FILE))
    return gathered(asked)


def _ask(call: Call, store: Store, run_id: str, window: Window) -> Iterator[Batch]:
    """What the source gives in `window`; a source that is paid for is asked only within its caps."""
    if call.batches is not None:
        yield from call.batches
        return
    source, query, cursor = call.request.source, call.request.query, call.cursor(store, window)
    require(source, store)
    if is_paid(source.connector):
        with alone(store, source.name):
            budget = find_budget(store, source, run_id, call.collected_at)
            connector = call.open(store.author_keys.key, budget_usd=budget.usd)
            yield from estimated(connector, query, window, cursor, budget)
            yield from connector.batches(query, window, cursor)
    else:
        yield from call.open(store.author_keys.key).batches(query, window, cursor)


def _save(call: Call, store: Store, run_id: str, window: Window, batch: Batch, result: SourceResult) -> None:
    arrival = Arrival(
        run_id=run_id,
        source=call.request.source.name,
        query_hash=call.request.query_hash,
        window=name_window(window),
        listeners=call.request.listeners,
        posts=batch.posts,
        cursor=batch.cursor,
        metrics=batch.metrics,
        named_brands=batch.named_brands,
        coverage=[asdict(row) for row in batch.coverage],
        asked=[asdict(row) for row in batch.asked],
        rejected=[asdict(row) for row in batch.rejected],
    )
    saved = save_arrival(store, arrival)
    result.read += batch.read
    result.new += saved.new
    result.known += saved.known
    result.moved += saved.moved
    result.withheld += saved.withheld + saved.records_withheld
    result.quarantined += saved.quarantined
    result.outside += batch.outside
    result.not_matching += batch.not_matching + saved.unmatched
    result.excluded += batch.excluded + saved.excluded
    result.replaced += batch.replaced
    result.requests += len(batch.asked)
    result.cost_usd += sum(row.cost_usd for row in batch.asked)
    result.capped = result.capped or any(row.capped for row in batch.coverage)
    for slug, count in saved.mentions.items():
        result.matched[slug] = result.matched.get(slug, 0) + count


def _failed(call: Call, window: Window, covered: Sequence[Coverage]) -> Batch:
    """Nothing but the word that a live source could not be looked at from where its own coverage ends."""
    end = min(window.until or call.collected_at, call.collected_at)
    first = min(find_beginning(call.request.source, call.collected_at), end)
    start = max((row.window_end for row in covered), default=window.since or first)
    rows = [Coverage(start, end, 0, failed=True)] if start < end else []
    return Batch(no_posts(), None, rows)
