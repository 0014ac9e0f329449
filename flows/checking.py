"""What `brandtrust check` shows of a brand file: how each platform is asked, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analytics.claims.contradictions import find_contradictions
from analytics.sentiment import read_model
from analytics.store import Store
from analytics.store.errors import StoreBusy
from connectors.registry import translations
from flows.listening import ARCHIVE, Request, requests

if TYPE_CHECKING:
    from brands.brand_file import Brand
    from brands.query import Query


BUSY_SECONDS = 5.0  # for which a check waits for a run to end


def describe(brand: Brand) -> Iterator[str]:
    """Lines about the brand, its peers, sources and events."""
    if not list_missing(brand):
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
    for terms in brand.file.terms:
        yield f"terms: {terms.document}: {terms.url}{f', {terms.selector}' if terms.selector else ''}"
    if not asked:
        yield "sources: none; add a [[sources]] table before a run"
    if brand.model is not None:
        yield f"scorer: {brand.file.report.scorer}; model {brand.model}, {read_model(brand.model).version}"
    for event in brand.file.events:
        dates = {"clause first seen": event.clause_first_seen, "effective": event.effective, "noticed": event.noticed}
        dates |= {"responded": event.responded, "reversed": event.reversed}
        told = ", ".join(f"{name} {day}" for name, day in dates.items() if day) or "no date yet"
        yield f"event: {event.id}: {event.title} ({told})"
        if event.noticed is None:
            yield "  without `noticed` the effect is tested at another date; reaction follows notice"
        for words in sorted(set(event.claims) - {claim.id for claim in brand.claims}):
            yield f'  claim "{words}": in words only, so it is not counted; a [[claims]] entry says how to find it'
    for claim in brand.claims:
        yield f"claim: {claim.id}: {claim.says} ({claim.status}); in {claim.document}: {claim.clause}"
        yield f"  voiced by: {claim.query}" + (f"; denied by: {claim.denied_by}" if claim.denied_by else "")
    if not brand.file.events:
        yield "events: none; without one there are trends but no effect"
    if not list_missing(brand):
        yield f"next: brandtrust run {brand.path}"


def hold_against_terms(brand: Brand, url: str | None) -> Iterator[str]:
    """Where the status of a claim and the versions of the terms in the store, if there is one, do not go together."""
    if not brand.claims:
        return
    store = Store(url, lock_seconds=BUSY_SECONDS)
    if not store.exists:
        return
    try:
        with store.writer() as connection:
            found = list(find_contradictions(connection, brand))
    except StoreBusy:
        yield "claims: not held against the recorded terms: another run is writing; check again when it is over"
        return
    for claim, problem in found:
        yield f"look again: claim {claim}: {problem}"


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
        yield f"{indent}not counted: {', '.join(query.not_phrases)}"


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
