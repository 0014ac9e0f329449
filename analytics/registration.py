"""Writing down in the store whom a brand file listens for: every view knows the brand, its peers and its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.claims.registration import register_claims
from analytics.sentiment import scorer_version
from analytics.store import Store, StoreError, first_row
from analytics.store.catalogue import statement
from analytics.store.gathering import describe_gathering, put_definition_in_force
from analytics.store.given_rows import execute_with_rows, insert_rows
from analytics.themes import read_taxonomy, taxonomy_version

if TYPE_CHECKING:
    import duckdb

    from brands.brand_file import Brand, SourceBreak


class BrandConflict(StoreError):
    """Another brand file listens for the same brand by another query."""


@dataclass(frozen=True, slots=True)
class _Entry:
    brand: str
    name: str
    query_hash: str
    handles: tuple[str, ...]


def register(store: Store, brand: Brand) -> tuple[str, ...]:
    """Write the brand, its peers, its events and its claims into the store; returns the slugs.

    They are those listened for, the brand's own first.

    What changes the numbers (query, language, scorer, names, taxonomy, an event's themes) marks every week of the brand
    to be counted anew. A peer that another file has registered keeps that file's scorer and names; with another query
    it is a BrandConflict.
    """
    keys = store.author_keys
    entries = [_Entry(brand.slug, brand.name, brand.query.hash, tuple(brand.file.handles))]
    entries += [_Entry(peer.slug, peer.name, peer.query.hash, tuple(peer.handles)) for peer in brand.peers]
    sources = sorted({source.name for source in brand.sources})
    with store.transaction() as connection:
        store.record_fingerprint(connection)
        before = describe_gathering(connection)
        for entry in entries:
            official = [
                keys.key(source, form) for source in sources for handle in entry.handles
                for form in {handle, handle.removeprefix("@")}
            ]  # fmt: skip
            _register_entry(connection, brand, entry, official)
        connection.execute("DELETE FROM brand_peers WHERE brand = ?", [brand.slug])
        for entry in entries[1:]:
            connection.execute(statement("insert_peer"), [brand.slug, entry.brand])
        register_themes(connection)
        _register_events(connection, brand)
        register_claims(connection, brand)
        if describe_gathering(connection) != before:
            put_definition_in_force(connection)
    return tuple(entry.brand for entry in entries)


def rename(store: Store, brand: Brand) -> None:
    """Take over what brand, peers and events are called now: all that a report may show before posts are read anew."""
    with store.transaction() as connection:
        for slug, name in ((brand.slug, brand.name), *((peer.slug, peer.name) for peer in brand.peers)):
            connection.execute(statement("rename_brand"), {"brand": slug, "name": name, "declared_by": brand.slug})
        for event in brand.events:
            titled = {"brand": brand.slug, "event_id": event.id, "title": event.title}
            connection.execute(statement("retitle_event"), titled)


def _register_entry(connection: duckdb.DuckDBPyConnection, brand: Brand, entry: _Entry, official: list[str]) -> None:
    row = first_row(
        connection,
        "SELECT declared_by, query_hash, scorer, scorer_version, taxonomy_version, also_scored FROM brands "
        "WHERE brand = ?",
        [entry.brand],
    )
    own = entry.brand == brand.slug
    if row and not own and row[0] != brand.slug:
        if row[1] != entry.query_hash:
            raise BrandConflict(
                f"{brand.path}: the peer {entry.name!r} is already listened for by the brand file of {row[0]!r} with "
                "another query; name that file as the peer's `file`, or use another --store"
            )
        return
    settings = brand.file.report
    scorer, also = settings.scorer, [name for name in settings.also_scored if name != settings.scorer]
    version = scorer_version(scorer, brand.names, brand.model)
    connection.execute(
        statement("upsert_brand"),
        [
            entry.brand,
            entry.name,
            brand.slug,
            entry.query_hash,
            scorer,
            version,
            also,
            list(brand.names),
            None if brand.model is None else str(brand.model),
            taxonomy_version(),
            official,
            brand.file.timezone,
            brand.fingerprint,
        ],
    )
    spoken = _register_language(connection, entry.brand, brand.file.language)
    if spoken or (row and row[1:] != (entry.query_hash, scorer, version, taxonomy_version(), also)):
        mark_all_weeks(connection, entry.brand)


def _register_language(connection: duckdb.DuckDBPyConnection, brand: str, language: str) -> bool:
    """Write down the language of the brand's file; returns whether it was another one before."""
    plain = language.partition("-")[0]
    before = first_row(connection, "SELECT language FROM brand_languages WHERE brand = ?", [brand])
    connection.execute(statement("upsert_brand_language"), [brand, plain])
    return before is not None and before[0] != plain


def mark_all_weeks(connection: duckdb.DuckDBPyConnection, brand: str) -> None:
    """Have every week of the brand counted anew: the explicit re-score."""
    connection.execute(statement("mark_all_weeks"), {"brand": brand})


def register_themes(connection: duckdb.DuckDBPyConnection) -> None:
    version = taxonomy_version()
    themes = read_taxonomy().themes.values()
    rows = [(version, theme.name, theme.label, theme.practices, theme.trust_in) for theme in themes]
    columns = ("taxonomy_version", "theme", "label", "practices", "belongs_to")
    execute_with_rows(connection, statement("insert_themes"), columns, rows)


def _register_events(connection: duckdb.DuckDBPyConnection, brand: Brand) -> None:
    before = _event_themes(connection, brand.slug)
    kept = [event.id for event in brand.file.events]
    connection.execute(
        "DELETE FROM policy_events WHERE brand = ? AND NOT list_contains(?, event_id)", [brand.slug, kept]
    )
    connection.execute(
        "DELETE FROM event_effects WHERE brand = ? AND NOT list_contains(?, event_id)", [brand.slug, kept]
    )
    for event in brand.file.events:
        connection.execute(
            statement("upsert_event"),
            [
                brand.slug,
                event.id,
                event.title,
                list(event.themes),
                event.confirmed,
                event.clause_first_seen,
                event.effective,
                event.noticed,
                event.noticed_basis,
                event.responded,
                event.reversed,
                list(event.claims),
            ],
        )
    # What a person confirmed against the terms dates an event where the file leaves its first clause open.
    connection.execute(statement("fill_confirmed_events"), {"brand": brand.slug})
    _register_breaks(connection, brand.slug, brand.file.source_breaks)
    for peer in brand.peers:
        if peer.by_file:
            _register_breaks(connection, peer.slug, peer.source_breaks)
    if _event_themes(connection, brand.slug) != before:
        for slug in (brand.slug, *(peer.slug for peer in brand.peers)):
            mark_all_weeks(connection, slug)


def _register_breaks(connection: duckdb.DuckDBPyConnection, brand: str, breaks: Iterable[SourceBreak]) -> None:
    connection.execute("DELETE FROM source_breaks WHERE brand = ?", [brand])
    first = {(broken.source, broken.date): broken.note for broken in reversed(list(breaks))}
    rows = [(brand, source, day, note) for (source, day), note in first.items()]
    insert_rows(connection, "source_breaks", ("brand", "source", "break_date", "note"), rows)


def _event_themes(connection: duckdb.DuckDBPyConnection, brand: str) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT event_id, themes FROM policy_events WHERE brand = ? ORDER BY event_id", [brand]
    ).fetchall()
