"""Who listens to which source: what a brand file asks for, as requests to sources with their listeners."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analytics.store.saving import Listener

if TYPE_CHECKING:
    from brands.brand_file import Brand, Source
    from brands.query import Query

ARCHIVE = "archive"
ASKED_FOR = ("subreddits", "comments", "instances", "hashtags", "feeds", "app_id", "countries", "full_archive")
"""Settings of a live source that change what is asked for."""

SEARCHED = "searched"  # the column of title and text that save_arrival holds listeners' conditions against


@dataclass(frozen=True, slots=True)
class Request:
    """One source, asked once on behalf of its listeners. `query_hash` names its cursor."""

    source: Source
    query: Query
    query_hash: str
    listeners: tuple[Listener, ...]

    @property
    def name(self) -> str:
        """What a person calls it: the source with its file, or with the brand where each is asked for by itself."""
        if self.source.connector == ARCHIVE and self.source.path is not None:
            return f"{self.source.name} ({self.source.path.name})"
        return f"{self.source.name} ({self.listeners[0].brand})"


def requests(brand: Brand) -> list[Request]:
    """Every source of the brand and of the peers that have a brand file of their own.

    A peer by query listens on this brand's sources; a peer by file listens on its own, and on an archive of this brand
    only where that names it in a column.
    """
    asked = [request for source in brand.sources for request in _ask(brand, source)]
    for peer in brand.peers:
        for source in peer.sources:
            asked += _ask_alone(peer.slug, peer.query, source)
    return asked


def questions(brand: Brand) -> list[tuple[str, str, str]]:
    """Brand, source and hash of every live request: what the present question is."""
    return [
        (each.listeners[0].brand, each.source.name, each.query_hash)
        for each in requests(brand)
        if each.source.connector != ARCHIVE
    ]


def _ask(brand: Brand, source: Source) -> Iterator[Request]:
    own = (brand.slug, brand.query)
    if source.connector != ARCHIVE:
        # A source that speaks of this brand only, such as its page in a shop, has nothing to tell of a peer.
        if source.match == "all":
            yield from _ask_alone(*own, source)
            return
        for slug, query in (own, *((peer.slug, peer.query) for peer in brand.peers if not peer.by_file)):
            yield from _ask_alone(slug, query, source)
        return
    if source.match == "all":
        yield from _ask_alone(*own, source)
        return
    named = set(source.brand_values.values()) if source.match == "column" else set()
    heard = [own, *((peer.slug, peer.query) for peer in brand.peers if not peer.by_file or peer.slug in named)]
    listeners = tuple(_listener(slug, query, source.match) for slug, query in heard)
    yield Request(source, brand.query, _hash(source, listeners), listeners)


def _ask_alone(slug: str, query: Query, source: Source) -> Iterator[Request]:
    """A source on behalf of one brand."""
    if source.connector != ARCHIVE:
        yield Request(source, query, _live_hash(source, slug, query), (_listener(slug, query, "all"),))
        return
    listeners = (_listener(slug, query, source.match),)
    yield Request(source, query, _hash(source, listeners), listeners)


def _listener(slug: str, query: Query, how: Literal["all", "query", "column"]) -> Listener:
    condition = query.without_exclude.sql(SEARCHED) if how == "query" else "false"
    return Listener(slug, query.hash, how, condition, query.excluded.sql(SEARCHED) if query.excluded else "false")


def _live_hash(source: Source, slug: str, query: Query) -> str:
    """Another brand, query, subreddit, server, feed … is asked for from its own beginning, with its own coverage."""
    parts = [slug, query.hash, source.match, *(f"{key} {getattr(source, key)!r}" for key in ASKED_FOR)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _hash(source: Source, listeners: tuple[Listener, ...]) -> str:
    """Another file, another listener or another way of matching has to read an archive anew."""
    parts = [str(source.path), source.match, *(f"{each.brand} {each.query_hash}" for each in listeners)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
