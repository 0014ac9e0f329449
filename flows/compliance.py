"""The deletion sweep: what is gone at its source, too old or no longer to be kept, goes here too, to the last byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from analytics.store import Store, StoreError, now
from analytics.store.compaction import compact, compaction_due
from analytics.store.forgetting import known_sources
from analytics.store.purging import Purged, purge_aged
from analytics.store.sweeping import begin_sweep, count_posts, end_sweep, find_threads, pages_to_check, save_checks
from brands.wording import write_count
from connectors.batch import Recheck
from connectors.errors import ConnectorError
from flows.errors import UsageError
from flows.failures import tell_failure
from flows.listening import ARCHIVE, requests
from flows.opening import open_connector
from flows.progress import Advance

if TYPE_CHECKING:
    from analytics.report import Rendered
    from brands.brand_file import Brand, Source

MANY = 10  # posts of one answer, of which more than half are said to be gone: a fault of the source looks like that
SAVED_TOGETHER = 500  # posts: saving costs a few hundredths of a second, and a kill loses at most this much looking


@dataclass(slots=True)
class SourceSweep:
    """What the sweep of one source did.

    `oldest_unchecked`: how long the post that waits longest was not seen. `worst_latency`: of those gone, the longest
    from when one was last seen to its purge. `why_not`: why posts were not looked at. `failure`: one line, or empty.
    """

    source: str
    stored: int = 0
    checked: int = 0
    gone: int = 0
    aged: int = 0
    retention_days: int | None = None
    recheck_within: timedelta | None = None
    oldest_unchecked: timedelta | None = None
    worst_latency: timedelta | None = None
    why_not: str = ""
    failure: str = ""

    @property
    def unchecked(self) -> int:
        """Posts that are stored and were not looked at."""
        return self.stored - self.checked

    @property
    def in_time(self) -> bool | None:
        """Whether every deletion is followed within the platform's time; None where it cannot be told."""
        if self.recheck_within is None:
            return None
        spans = [span for span in (self.oldest_unchecked, self.worst_latency) if span is not None]
        return all(span <= self.recheck_within for span in spans)


@dataclass(slots=True)
class Cleared:
    """What was done about the files after posts were erased. `problem`: why they still hold bytes of it, or empty."""

    compacted: bool = False
    problem: str = ""
    reports: list[Rendered] = field(default_factory=list)


def choose_sources(brand: Brand, only_sources: Sequence[str] = ()) -> list[Source]:
    """The sources of the brand file and its peers, each once. Raises UsageError for one that there is not."""
    sources = {request.source.name: request.source for request in requests(brand)}
    for name in only_sources:
        if name not in sources:
            raise UsageError(f"{brand.path}: there is no source {name!r}; there are: {', '.join(sources) or 'none'}")
    return [source for name, source in sources.items() if not only_sources or name in only_sources]


def list_others(brand: Brand, store: Store) -> list[str]:
    """Sources in the store that this brand file does not name: they are swept by the file that does."""
    named = {request.source.name for request in requests(brand)}
    return [name for name in known_sources(store) if name not in named]


def sweep_source(
    source: Source, store: Store, run_id: str, even_many: bool = False, progress: Advance = lambda _: None
) -> SourceSweep:
    """Purge what is too old, then look at every stored post of the source again. Its failure stands in the result.

    A source that says of more than half of many posts that they are gone is not believed, unless `even_many`.
    """
    result = SourceSweep(source.name, retention_days=source.retention_days)
    if source.retention_days is not None:
        result.aged = purge_aged(store, source.name, source.retention_days, run_id).posts
    result.stored = count_posts(store, source.name).posts
    recheck = _find_recheck(source, store, result)
    if recheck is None or result.recheck_within is None:
        oldest = count_posts(store, source.name).oldest_seen
        result.oldest_unchecked = None if oldest is None else now() - oldest
        return result
    begun = begin_sweep(store, source.name, run_id, result.recheck_within)
    result.stored, result.checked = begun.stored, begun.looked_at
    purged = Purged()
    for page in pages_to_check(store, source.name, begun.since):
        purged.add(_look_at(page, recheck, store, run_id, result, progress, even_many))
        if result.failure:
            break
    progress(0)
    result.gone, result.worst_latency = purged.posts, purged.worst_latency
    if result.unchecked and not result.failure:
        unchecked = write_count(result.unchecked, "post whether it is", "posts whether they are")
        result.why_not = f"{source.connector} does not say of {unchecked} still there"
    result.oldest_unchecked = end_sweep(
        store, source.name, run_id, problem=result.failure, worst_latency=result.worst_latency
    )
    return result


def clear_files(store: Store, run_id: str) -> Cleared:
    """Rewrite the store where it still holds bytes of what was erased, and render reports that quote it anew."""
    from analytics.report import render_outdated

    cleared = Cleared()
    if compaction_due(store):
        try:
            compact(store)
            cleared.compacted = True
        except StoreError as problem:  # what was erased is told all the same, and the next sweep tries again
            cleared.problem = str(problem)
    cleared.reports = render_outdated(store, run_id)
    return cleared


def _find_recheck(
    source: Source, store: Store, result: SourceSweep
) -> Callable[[Sequence[str]], Iterator[Recheck]] | None:
    """The connector's own recheck; None where there is none, or where it cannot be opened (told in the result)."""
    try:
        connector = open_connector(source, store.author_keys.key, now())
    except (ConnectorError, UsageError) as problem:
        result.failure = tell_failure(problem, source.name)
        return None
    if hasattr(connector, "find_threads"):
        connector.find_threads = partial(find_threads, store, source.name)
    recheck: Callable[[Sequence[str]], Iterator[Recheck]] | None = getattr(connector, "recheck", None)
    result.recheck_within = getattr(connector, "recheck_within", None)
    if recheck is None or result.recheck_within is None:
        result.why_not = (
            "an archive is a file: nothing tells what was deleted since"
            if source.connector == ARCHIVE
            else f"{source.connector} does not let one see what is gone"
        )
        return None
    return recheck


def _look_at(
    page: Sequence[str],
    recheck: Callable[[Sequence[str]], Iterator[Recheck]],
    store: Store,
    run_id: str,
    result: SourceSweep,
    progress: Advance,
    even_many: bool,
) -> Purged:
    """Look at the posts of one page; what is known is saved also where the source fails or the run is interrupted."""
    unanswered = set(page)
    purged = Purged()
    checked: list[str] = []
    gone: dict[str, str] = {}
    asked_at = now()

    def save() -> None:
        nonlocal asked_at
        if len(checked) >= MANY and 2 * len(gone) > len(checked) and not even_many:
            result.failure = (
                f"{result.source}: says that {len(gone)} of {len(checked)} posts are gone, which looks like a fault of "
                "its own; none of them was erased. Look there, and if it is true run: brandtrust comply --even-many"
            )
        elif checked:
            purged.add(save_checks(store, result.source, checked, gone, run_id, asked_at))
            result.checked += len(checked)
            progress(len(checked))
        checked.clear()
        gone.clear()
        asked_at = now()

    answers = iter(recheck(page))
    try:
        while True:
            try:
                answer = next(answers, None)
            except Exception as problem:  # whatever one source does, the others go on
                result.failure = tell_failure(problem, result.source)
                break
            if answer is None:
                break
            told = unanswered.intersection((*answer.checked, *answer.gone))
            unanswered -= told
            checked += sorted(told)
            gone.update({post_id: reason for post_id, reason in answer.gone.items() if post_id in told})
            if len(checked) >= SAVED_TOGETHER:
                save()
                if result.failure:
                    return purged
    except KeyboardInterrupt:
        save()
        raise
    save()
    return purged
