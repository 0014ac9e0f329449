"""What `brandtrust check` shows of a brand file: how each platform is asked, and what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from analytics.claims.contradictions import find_contradictions
from analytics.event_study import dates_tested
from analytics.notice import differs, find_notices
from analytics.plan.declarations import judge_plans
from analytics.plan.freezing import list_plans
from analytics.sentiment import read_model
from analytics.store import Store, now
from analytics.store.errors import StoreBusy
from brands.rules_that_never_hold import find_rules_that_never_hold
from brands.schedules import OFF
from brands.toml_lines import find_line, find_lines
from connectors.archive import Archive
from connectors.registry import translations
from connectors.terms.watching import prepare_pages
from flows.deployments import plan_deployments
from flows.listening import ARCHIVE, Request, requests
from flows.report_folder import find_obstacle, find_report_folder

if TYPE_CHECKING:
    import duckdb

    from brands.brand_file import Brand, BrandFileError
    from brands.query import Query


Look: TypeAlias = "Callable[[duckdb.DuckDBPyConnection, Brand], Iterator[str]]"
MOST_LISTED = 20  # faults of one brand file, or rules
BUSY_SECONDS = 5.0  # for which a check waits for a run to end


def list_faults(error: BrandFileError) -> Iterator[str]:
    """The faults of a brand file that has several, a line each; many are cut, since one slip is often made often."""
    faults = [(error.line, error.problem), *error.others]
    for line, problem in faults[:MOST_LISTED]:
        yield f"{error.path}:{line}: {problem}"
    if len(faults) > MOST_LISTED:
        yield f"and {len(faults) - MOST_LISTED:,} more"


def describe(brand: Brand) -> Iterator[str]:
    """Lines about the brand, its peers, sources and events."""
    is_ready = not list_missing(brand) and not find_obstacle(find_report_folder(brand))
    if is_ready:
        yield f"{brand.path}: valid"
    yield f"brand: {brand.name} ({brand.slug}), time zone {brand.file.timezone}"
    yield from _query_lines("", brand.query)
    for peer in brand.peers:
        yield f"peer: {peer.name} ({peer.slug}){', by its own brand file' if peer.by_file else ''}"
        yield from _query_lines("  ", peer.query)
    asked = requests(brand)
    for request in asked:
        yield from _source_lines(request)
    for signal in brand.signals:
        of = {"pageviews": ", ".join(signal.articles), "csv": str(signal.path)}
        told = of.get(signal.connector, signal.query or brand.query.expression)
        yield f"signal: {signal.name}: {signal.connector} {told}"
    for page in prepare_pages(brand.file.terms):
        yield f"terms: {page.document}: {page.shown}{f', {page.selector}' if page.selector else ''}"
    if not asked:
        yield "sources: none; add a [[sources]] table before a run"
    if brand.model is not None:
        yield f"scorer: {brand.file.report.scorer}; model {brand.model}, {read_model(brand.model).version}"
    for event in brand.file.events:
        dates = {"clause first seen": event.clause_first_seen, "effective": event.effective, "noticed": event.noticed}
        dates |= {"responded": event.responded, "reversed": event.reversed}
        told = ", ".join(f"{name} {day}" for name, day in dates.items() if day) or "no date yet"
        yield f"event: {event.id}: {event.title} ({told})"
        if not any(dates.values()):
            file = shlex.quote(str(brand.path))
            yield f"  before it has a date is the best time to freeze its plan: brandtrust plan freeze {file}"
        elif event.noticed is None:
            yield "  without `noticed` the effect is tested at another date; reaction follows notice"
        for words in sorted(set(event.claims) - {claim.id for claim in brand.claims}):
            yield f'  claim "{words}": in words only, so it is not counted; a [[claims]] entry says how to find it'
    for claim in brand.claims:
        yield f"claim: {claim.id}: {claim.says} ({claim.status}); in {claim.document}: {claim.clause}"
        yield f"  voiced by: {claim.query}" + (f"; denied by: {claim.denied_by}" if claim.denied_by else "")
    yield from _tell_rules_that_never_hold(brand)
    planned = plan_deployments(brand, brand.path, brand.path)
    told = "; ".join(f"{each.flow} {each.cron if each.active else OFF}" for each in planned)
    yield f"schedules of serve and deploy, by {brand.file.timezone}: {told}"
    if not brand.file.events:
        yield "events: none; without one there are trends but no effect"
    if is_ready:
        yield f"next: brandtrust run {shlex.quote(str(brand.path))}"


def _tell_rules_that_never_hold(brand: Brand) -> Iterator[str]:
    found = list(find_rules_that_never_hold(brand.file.decisions))
    lines = find_lines(brand.path.read_text("utf-8-sig")) if found else {}
    for number, why in found[:MOST_LISTED]:
        line = find_line(lines, ("decisions", number, "when"))
        yield f"look again: {brand.path}:{line}: this rule never speaks: {why}; mend one of them"
    if len(found) > MOST_LISTED:
        yield f"look again: and {len(found) - MOST_LISTED:,} more rules that never speak"


def try_archives(brand: Brand) -> None:
    """Read how each archive that is there begins. Raises BadInput where columns or settings do not fit the file."""
    for request in requests(brand):
        if request.source.connector == ARCHIVE and _is_there(request):
            Archive(request.source, lambda *_: "", now()).try_first()


def hold_against_store(brand: Brand, url: str | None) -> Iterator[str]:
    """What the store, if there is one, has to say of the brand file: its plans, terms and signals."""
    yield from _look_into(brand, url, (_tell_plans, _tell_contradictions, _tell_notices))


def hold_against_signals(brand: Brand, url: str | None) -> Iterator[str]:
    """Where a declared day of notice is not the one that signals in the store, if there is one, propose."""
    yield from _look_into(brand, url, (_tell_notices,))


def _look_into(brand: Brand, url: str | None, looks: Sequence[Look]) -> Iterator[str]:
    store = Store(url, lock_seconds=BUSY_SECONDS)
    if not (brand.events or brand.claims) or not store.exists:
        return
    try:
        with store.writer() as connection:
            lines = [line for look in looks for line in look(connection, brand)]
    except StoreBusy:
        yield "the store was not looked into: another run is writing; check again when it is over"
        return
    yield from lines


def _tell_plans(connection: duckdb.DuckDBPyConnection, brand: Brand) -> Iterator[str]:
    """Whether each event's plan was frozen."""
    days = dates_tested(connection, brand)
    for event in brand.events:
        told = judge_plans(brand, event, list_plans(connection, brand.slug, event.id), days[event.id])
        yield f"plan: {event.id}: {told.status}. {told.reason}"


def _tell_contradictions(connection: duckdb.DuckDBPyConnection, brand: Brand) -> Iterator[str]:
    """Where the status of a claim and the recorded terms do not go together."""
    for claim, problem in find_contradictions(connection, brand):
        yield f"look again: claim {claim}: {problem}"


def _tell_notices(connection: duckdb.DuckDBPyConnection, brand: Brand) -> Iterator[str]:
    """Where a declared day of notice is not the one that signals propose."""
    for notice in find_notices(connection, brand, now().date()):
        if line := differs(notice):
            yield f"look again: {line}; see: brandtrust policy notice {brand.path}"


def list_missing(brand: Brand) -> list[str]:
    """The archives that are not where the brand file says, by source and path."""
    return [
        f"{request.name}: {request.source.path}"
        for request in requests(brand)
        if request.source.connector == ARCHIVE and not _is_there(request)
    ]


def _is_there(request: Request) -> bool:
    return request.source.path is not None and request.source.path.is_file()


def _query_lines(indent: str, query: Query) -> Iterator[str]:
    yield f"{indent}query: {query.expression}"
    if query.not_phrases:
        yield f"{indent}not_phrases, blanked before the query is asked: {', '.join(query.not_phrases)}"
    if query.exclude is not None:
        yield f"{indent}exclude, never counted: {' '.join(query.exclude.split())}"


def _source_lines(request: Request) -> Iterator[str]:
    source = request.source
    heard = ", ".join(each.brand for each in request.listeners)
    if source.connector == ARCHIVE:
        there = "" if _is_there(request) else " (NOT FOUND)"
        yield f"source: {request.name}: archive {source.path}{there}, match = {source.match}, for {heard}"
        return
    yield f"source: {request.name}: {source.connector}, for {heard}"
    searches = translations(source, request.query)
    for search in searches:
        yield f"  asks for: {search or '(everything)'}"
    if not searches:
        yield "  asks for all there is"
    if source.match == "query":
        yield "  what is found is held against the query itself before it is stored"
