"""What the terms say of a claim, from when on: the sentences that a clause's query finds in each recorded version.

A state holds from the version that is the first to have it. Versions in which only other sentences differ, or nothing
but a link's token, begin no new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from analytics.claims.terms_sentences import split_into_blocks, split_into_sentences
from analytics.store.catalogue import statement
from brands.query import Query, parse

if TYPE_CHECKING:
    import duckdb

    from brands.brand_file import Claim

VERSIONS_AT_ONCE = 50  # bounds the memory
QUOTED_CHARACTERS = 1_000  # of one sentence: a page without full stops is one


@dataclass(frozen=True, slots=True)
class ClauseState:
    """From `recorded_at` (UTC, without zone) on these sentences speak of the claim; none: not_found."""

    recorded_at: datetime
    quotations: tuple[str, ...]

    @property
    def state(self) -> Literal["in_text", "not_found"]:
        """Whether any sentence speaks of it. What the sentence says of it is for a person to read."""
        return "in_text" if self.quotations else "not_found"


class ClauseReader:
    """Reads versions of one document, from the oldest on, for one clause."""

    def __init__(self, clause: Query) -> None:
        self.states: list[ClauseState] = []
        self._clause = clause
        self._known: dict[str, tuple[str, ...]] = {}  # block → sentences: most blocks are those of the version before

    def read(self, recorded_at: datetime, blocks: Iterable[str]) -> None:
        """Take the next version, as its blocks."""
        found = tuple(dict.fromkeys(sentence for block in blocks for sentence in self._find(block)))
        if not self.states or self.states[-1].quotations != found:
            self.states.append(ClauseState(recorded_at, found))

    def _find(self, block: str) -> tuple[str, ...]:
        if (found := self._known.get(block)) is None:
            sentences = (each for each in split_into_sentences(block) if self._clause.matches(each))
            found = self._known[block] = tuple(_shorten(sentence) for sentence in sentences)
        return found


def find_clause_states(versions: Iterable[tuple[datetime, str]], clause: Query) -> list[ClauseState]:
    """The states of a clause over versions (recorded at, text) of one document, which may come in any order."""
    reader = ClauseReader(clause)
    for recorded_at, text in sorted(versions, key=lambda version: version[0]):
        reader.read(recorded_at, split_into_blocks(text))
    return reader.states


def read_states(
    connection: duckdb.DuckDBPyConnection, brand: str, claims: Iterable[Claim]
) -> dict[str, list[ClauseState]]:
    """The states of each claim, by its id, over all stored versions of its document; none where nothing is stored."""
    readers = {claim.id: (claim.document, ClauseReader(parse(claim.clause))) for claim in claims}
    for document in dict.fromkeys(document for document, _ in readers.values()):
        wanted = [reader for of, reader in readers.values() if of == document]
        for recorded_at, text in _walk_versions(connection, brand, document):
            blocks = list(split_into_blocks(text))
            for reader in wanted:
                reader.read(recorded_at, blocks)
    return {claim_id: reader.states for claim_id, (_, reader) in readers.items()}


def _walk_versions(connection: duckdb.DuckDBPyConnection, brand: str, document: str) -> Iterator[tuple[datetime, str]]:
    """Every stored version, from the oldest on, fetched some at a time."""
    moments = connection.execute(
        "SELECT recorded_at FROM policy_versions WHERE brand = ? AND document = ? ORDER BY recorded_at",
        [brand, document],
    ).fetchall()
    for start in range(0, len(moments), VERSIONS_AT_ONCE):
        some = moments[start : start + VERSIONS_AT_ONCE]
        values = {"brand": brand, "document": document, "first": some[0][0], "last": some[-1][0]}
        yield from connection.execute(statement("read_versions_between"), values).fetchall()


def state_on(states: Sequence[ClauseState], day: date) -> ClauseState | None:
    """The state by the version recorded last before `day` (UTC) began; None: no text was recorded yet."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - UTC, as the store keeps it
    return max(
        (each for each in states if each.recorded_at < midnight), key=lambda each: each.recorded_at, default=None
    )


def _shorten(sentence: str) -> str:
    return sentence if len(sentence) <= QUOTED_CHARACTERS else sentence[: QUOTED_CHARACTERS - 1] + "…"
