"""Themes of posts, found in batches: DuckDB folds the few texts that may hold one, the rules are asked of those."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache

import duckdb
import pyarrow as pa

from analytics.themes.matching import Matcher
from analytics.themes.taxonomy import DataClass, Theme, read_taxonomy
from brands.folding import fold_sql

PATTERN_PHRASES = 400
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


def tag_with_evidence(texts: Sequence[str]) -> pa.Table:
    """One row a text and theme: row (0…n−1), theme, evidence, by row and then in the taxonomy's order.

    Evidence is the words by which the first rule made the theme, folded: in lower case, without accents and
    punctuation. For a NEAR it is the span from one side to the other, with `_` in place of a not_phrase.
    """
    return find(texts, theme_matcher())


def find(texts: Sequence[str], matcher: Matcher) -> pa.Table:
    """Ask all texts all rules: which row holds which entry, by which words."""
    posts = pa.table({"row": pa.array(range(len(texts)), pa.int64()), "text": encode(texts)})
    with duckdb.connect() as connection:
        connection.register("posts", posts)
        gated = connection.execute(gate_sql(matcher.anchors)).fetchall()
    found = [(row, name, evidence) for row, folded in gated for name, evidence in matcher.match(folded)]
    return pa.table(list(map(list, zip(*found, strict=True))) or [[], [], []], schema=EVIDENCE_SCHEMA)


def gate_sql(anchors: Collection[str]) -> str:
    """The statement over a table `posts` (row, text): the rows that may match, and their folded texts.

    Folding a text costs ten times a search and most posts speak of other things, so a search of the raw texts for the
    words that some rule begins with goes first. RE2 has so much memory for one pattern that some hundred phrases fit.
    """
    phrases = sorted(anchors)
    groups = [phrases[start : start + PATTERN_PHRASES] for start in range(0, len(phrases), PATTERN_PHRASES)]
    conditions = " ".join(f"WHEN regexp_matches(plain, {quote(anchor_pattern(group))}) THEN true" for group in groups)
    return f"""
        WITH plainer AS MATERIALIZED (
            -- Lower case and without accents, as folding does; that function ends a text at its first NUL.
            SELECT row, text, CASE WHEN strlen(text) = length(text) THEN lower(text)
                ELSE strip_accents(replace(lower(text), chr(0), ' ')) END AS plain
            FROM posts
        )
        SELECT row, {fold_sql("text")} AS folded FROM plainer
        WHERE CASE {conditions} ELSE false END
        ORDER BY row
    """


def anchor_pattern(anchors: Collection[str]) -> str:
    """A pattern that finds any of these phrases, and at times more, in a text that is not folded."""
    written = {re.sub(" ", r"\\W+", anchor.replace("*", r"\w*")) for anchor in anchors}
    return rf"\b(?:{'|'.join(sorted(written))})\b"


@cache
def theme_matcher() -> Matcher:
    return make_matcher(read_taxonomy().themes)


@cache
def class_matcher() -> Matcher:
    return make_matcher(read_taxonomy().data_classes)


def make_matcher(entries: Mapping[str, Theme | DataClass]) -> Matcher:
    """What finds these entries."""
    return Matcher({name: (entry.rules, entry.not_phrases) for name, entry in entries.items()})


def encode(texts: Sequence[str]) -> pa.Array:
    """Texts as Arrow holds them; a lone surrogate, which UTF-8 cannot hold, becomes a question mark."""
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        return pa.array([text.encode(errors="replace").decode() for text in texts], pa.string())


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


def quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
