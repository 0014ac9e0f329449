"""Themes of posts: what the rules of the taxonomy find in their folded texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import pyarrow as pa

from analytics.text_batches import as_arrow
from analytics.themes.matching import Matcher
from analytics.themes.taxonomy import DataClass, Theme, read_taxonomy

EVIDENCE_SCHEMA = pa.schema([("row", pa.int64()), ("theme", pa.string()), ("evidence", pa.string())])


def tag(texts: Sequence[str]) -> list[frozenset[str]]:
    """The themes of each text, in the order given; most texts have none."""
    return collect(len(texts), find(texts, theme_matcher()))


def tag_data_classes(texts: Sequence[str]) -> list[frozenset[str]]:
    """The classes of data that each text on practices speaks of; none for a text without a theme of practices."""
    tagged = tag(texts)
    about = [row for row, themes in enumerate(tagged) if themes & practices_themes()]
    classes = collect(len(about), find([texts[row] for row in about], class_matcher()))
    found = dict(zip(about, classes, strict=True))
    return [found.get(row, frozenset()) for row in range(len(texts))]


def tag_with_evidence(texts: Sequence[str] | pa.Array) -> pa.Table:
    """One row a text and theme: row (0…n−1), theme, evidence, by row and then in the taxonomy's order.

    Evidence is the words by which the first rule made the theme, folded: in lower case, without accents and
    punctuation. For a NEAR it is the span from one side to the other, with `_` in place of a not_phrase.
    """
    return find(texts, theme_matcher())


def find(texts: Sequence[str] | pa.Array, matcher: Matcher) -> pa.Table:
    """Ask all texts all rules: which row holds which entry, by which words."""
    found = list(matcher.match_all(as_arrow(texts)[0]))
    return pa.table(list(map(list, zip(*found, strict=True))) or [[], [], []], schema=EVIDENCE_SCHEMA)


@cache
def theme_matcher() -> Matcher:
    return make_matcher(read_taxonomy().themes)


@cache
def class_matcher() -> Matcher:
    return make_matcher(read_taxonomy().data_classes)


def make_matcher(entries: Mapping[str, Theme | DataClass]) -> Matcher:
    """What finds these entries."""
    return Matcher({name: (entry.rules, entry.not_phrases) for name, entry in entries.items()})


def collect(count: int, found: pa.Table) -> list[frozenset[str]]:
    names: list[set[str]] = [set() for _ in range(count)]
    for row, name in zip(found["row"].to_pylist(), found["theme"].to_pylist(), strict=True):
        names[row].add(name)
    return [frozenset(found_here) for found_here in names]


def theme(name: str) -> Theme:
    """What the report says of a theme. Raises KeyError where there is none of that name."""
    return read_taxonomy().themes[name]


def practices_themes() -> frozenset[str]:
    """The themes of which one alone makes a post one about data and AI practices."""
    return frozenset(theme.name for theme in read_taxonomy().themes.values() if theme.practices)


def taxonomy_version() -> str:
    """Names the taxonomy file's content in the store: 8 hexadecimal digits."""
    return read_taxonomy().version
