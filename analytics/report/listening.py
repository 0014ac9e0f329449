"""How a brand is listened for, as its file says: the query, where it is asked, and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brands.brand_file import Brand


@dataclass(frozen=True, slots=True)
class Channel:
    """A source by its name in the store, and what brings it in."""

    source: str
    connector: str
    countries: tuple[str, ...]  # two letters each; empty where it is not asked by country


@dataclass(frozen=True, slots=True)
class Listening:
    """What was asked for. Empty texts were not given."""

    query: str
    exclude: str
    not_phrases: tuple[str, ...]
    language: str
    channels: tuple[Channel, ...]


def listening_of(brand: Brand) -> Listening:
    """What the brand file asks for."""
    file = brand.file
    return Listening(
        query=" ".join(file.query.split()),
        exclude=" ".join((file.exclude or "").split()),
        not_phrases=tuple(file.not_phrases),
        language=file.language,
        channels=tuple(
            Channel(source.name, source.connector, tuple(sorted(source.countries))) for source in brand.sources
        ),
    )


@dataclass(frozen=True, slots=True)
class StoredCount:
    """Posts stored over the time shown, of a kind from a source, or in a language (then without a source)."""

    source: str
    name: str
    posts: int
