"""Themes of posts, found in batches: the taxonomy's queries as SQL, asked of all texts at once by DuckDB."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import duckdb
import pyarrow as pa

from analytics.themes.taxonomy import DataClass, Theme, find_anchors, read_taxonomy
from brands.folding import fold_sql
from brands.syntax_tree import Leaf

EVIDENCE_SCHEMA = pa.schema([("row", pa.int64()), ("theme", pa.string()), ("evidence", pa.string())])


def tag(texts: Sequence[str]) -> list[frozenset[str]]:
    """The themes of each text, in the order given; most texts have none."""
    return collect(len(texts), find(texts, read_taxonomy().themes))


def tag_data_classes(texts: Sequence[str]) -> list[frozenset[str]]:
    """The classes of data that each text on practices speaks of; none for a text without a theme of practices."""
    tagged = tag(texts)
    about = [row for row, themes in enumerate(tagged) if themes & practices_themes()]
    classes = collect(len(about), find([texts[row] for row in about], read_taxonomy().data_classes))
    found = dict(zip(about, classes, strict=True))
    return [found.get(row, frozenset()) for row in range(len(texts))]


def tag_with_evidence(texts: Sequence[str]) -> pa.Table:
    """One row a text and theme: row (0…n−1), theme, evidence, by row and then in the taxonomy's order.

    Evidence is the first words that made the theme, folded: in lower case, without accents and punctuation.
    """
    return find(texts, read_taxonomy().themes)


def find(texts: Sequence[str], entries: Mapping[str, Theme | DataClass]) -> pa.Table:
    """Ask all texts all queries: which row holds which entry, by which words."""
    posts = pa.table({"row": pa.array(range(len(texts)), pa.int64()), "text": encode(texts)})
    with duckdb.connect() as connection:
        connection.register("posts", posts)
        found: pa.Table = connection.execute(find_sql(entries)).to_arrow_table()
    return found.cast(EVIDENCE_SCHEMA)


def find_sql(entries: Mapping[str, Theme | DataClass]) -> str:
    """The statement over a table `posts` (row, text).

    Folding a text costs ten times a search and most posts speak of other things. So a search of the raw texts for the
    words that some rule begins with goes first, and within what is left each entry asks for its own such words.
    """
    anchors = {name: find_anchors(entry.query.root) for name, entry in entries.items()}
    gate = anchor_pattern(frozenset().union(*anchors.values()))
    cases = ",\n".join(
        f"{{'place': {place}, 'theme': {quote(name)}, 'evidence': CASE WHEN regexp_matches(folded, "
        f"{quote(anchor_pattern(anchors[name]))}) THEN {entry.query.evidence_sql('folded', folded=True)} END}}"
        for place, (name, entry) in enumerate(entries.items())
    )
    return f"""
        WITH gated AS (
            FROM posts
            -- Lower case and without accents, as folding does; that function ends a text at its first NUL.
            WHERE regexp_matches(
                CASE WHEN strlen(text) = length(text) THEN lower(text)
                ELSE strip_accents(replace(lower(text), chr(0), ' ')) END, {quote(gate)})
        ),
        folded AS MATERIALIZED (SELECT row, {fold_sql("text")} AS folded FROM gated),
        asked AS (SELECT row, unnest([{cases}], recursive := true) FROM folded)
        SELECT row, theme, evidence FROM asked WHERE evidence IS NOT NULL ORDER BY row, place
    """


def anchor_pattern(anchors: Collection[Leaf]) -> str:
    """A pattern that finds any of these leaves, and at times more, in a folded text and in one that is not."""
    written = {r"\W+".join(word.replace("*", r"\w*") for word in leaf.words) for leaf in anchors}
    return rf"\b(?:{'|'.join(sorted(written))})\b"


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


def themes_sql(column: str) -> dict[str, str]:
    """For each theme a DuckDB boolean expression over a column of texts, equal to `tag`."""
    return {name: theme.query.sql(column) for name, theme in read_taxonomy().themes.items()}


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
