"""A query as a tree of small values: what a connector translates, and what both back ends are written from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from brands.folding import fold

RESERVED = ("and", "or", "not", "near")
"""Words that must stand in quotation marks to be looked for."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Something to look for. `text` is as it was written, without quotation marks, `@`, `#` or the final star."""

    text: str

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words of `text`; a truncated one ends with `*`."""
        return fold_words(self.text)


@dataclass(frozen=True, slots=True)
class Term(Leaf):
    """One word."""

    def __str__(self) -> str:
        plain = self.text.isalnum() and self.text.lower() not in RESERVED
        return self.text if plain else f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Prefix(Leaf):
    """Every word that begins with `text`."""

    @property
    def words(self) -> tuple[str, ...]:
        """The folded beginning, with `*`."""
        return fold_words(f"{self.text}*")

    def __str__(self) -> str:
        return f'"{self.text}*"'


@dataclass(frozen=True, slots=True)
class Phrase(Leaf):
    """Two or more words in this order, with no other word between; each may be truncated with `*`."""

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Handle(Leaf):
    """An account, `@text`."""

    def __str__(self) -> str:
        return f"@{self.text}"


@dataclass(frozen=True, slots=True)
class Tag(Leaf):
    """A hashtag, `#text`."""

    def __str__(self) -> str:
        return f"#{self.text}"


@dataclass(frozen=True, slots=True)
class Near:
    """One of `left` and one of `right` with at most `distance` words between, in either order, not overlapping."""

    left: tuple[Leaf, ...]
    right: tuple[Leaf, ...]
    distance: int

    def __str__(self) -> str:
        left, right = (f"({' OR '.join(map(str, side))})" for side in (self.left, self.right))
        return f"{left} NEAR/{self.distance} {right}"


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return f"({' AND '.join(map(str, self.parts))})"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return f"({' OR '.join(map(str, self.parts))})"


@dataclass(frozen=True, slots=True)
class Not:
    """Not the part."""

    part: Node

    def __str__(self) -> str:
        return f"NOT {self.part}"


Node: TypeAlias = Leaf | Near | And | Or | Not
"""A query; `str` writes it so that it parses to the same tree."""


def fold_words(text: str) -> tuple[str, ...]:
    """The words of `text`, folded; a star right behind a word stays with it, every other mark only separates."""
    words: list[str] = []
    pieces = text.split("*")
    for place, piece in enumerate(pieces, start=1):
        folded = fold(piece).replace("@", " ").replace("#", " ")
        words += folded.split()
        if place < len(pieces) and folded[-2:-1].strip():
            words[-1] += "*"
    return tuple(words)


def find_leaves(node: Node, *, positive: bool = True) -> Iterator[Leaf | Near]:
    """The leaves of `node` that stand under no NOT (or under two), in order; a NEAR counts as a leaf."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from find_leaves(part, positive=positive)
        case Not(part):
            yield from find_leaves(part, positive=not positive)
        case _ if positive:
            yield node


def write_canonical(node: Node) -> str:
    """A text that is equal for queries that differ only in spelling, order or repetition of their parts."""
    match node:
        case And(parts) | Or(parts):
            written = sorted({write_canonical(part) for part in parts})
            return f"{type(node).__name__}({','.join(written)})" if written[1:] else written[0]
        case Not(part):
            return f"Not({write_canonical(part)})"
        case Near(left, right, distance):
            sides = sorted(write_canonical(Or(side)) for side in (left, right))
            return f"Near({','.join(sides)},{distance})"
        case Handle() | Tag():
            return f"{type(node).__name__}({' '.join(node.words)})"
        case _:
            return f"({' '.join(node.words)})"


def matches_nothing(node: Node) -> bool:
    """Whether the query matches a post that holds none of its words."""
    match node:
        case And(parts):
            return all(map(matches_nothing, parts))
        case Or(parts):
            return any(map(matches_nothing, parts))
        case Not(part):
            return not matches_nothing(part)
        case _:
            return False
