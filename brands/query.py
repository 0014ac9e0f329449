"""The boolean query language: AND, OR, NOT, parentheses, "phrases", trunc*, NEAR/n, @handles, #tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `not_phrases` are blanked before matching."""

    expression: str
    not_phrases: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """Names this query in the store: changes when and only when its meaning may change."""
        raise NotImplementedError

    def matches(self, text: str) -> bool:
        """Whether the first 20,000 characters of `text` match."""
        raise NotImplementedError

    def sql(self, column: str) -> str:
        """A DuckDB boolean expression over the raw column (NULL counts as no match), equal to `matches` on every text."""
        raise NotImplementedError


def parse(expression: str, not_phrases: Sequence[str] = ()) -> Query:
    """Parse `expression`. Raises QueryError with the position and what was expected."""
    raise NotImplementedError
