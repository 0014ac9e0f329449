"""Phrases as a tree of letters in flat arrays, and what each character is to it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from brands.folding import folds_of_characters

Bytes = npt.NDArray[np.uint8]
Nodes = npt.NDArray[np.uint16]
Numbers = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]

# What a character is: a cell of each node, where a phrase may go on with it, or one of the two kinds that follow.
SEPARATOR, FIRST_JOINER, MOST_JOINERS = 0, 1, 8
FIRST_LETTER = FIRST_JOINER + MOST_JOINERS
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"
OTHER_LETTER = FIRST_LETTER + len(LETTERS)  # of no phrase
CELLS = OTHER_LETTER + 1
DROPPED, UNSURE = CELLS, CELLS + 1  # as if it were not there; the text is to be read another way

NOWHERE, ROOT = 0, 1
MOST_NODES = 1 << 16


class Tree(NamedTuple):
    """Nodes are numbered; from ROOT a phrase's letters lead to the node where it ends."""

    kinds: Bytes  # by code point
    following: Nodes  # CELLS a node: where a character leads; between words any separators, or a single joiner
    truncated: Nodes  # where the rest of a word leads, whatever it is
    goes_on: Bytes  # 1 where another word may follow
    phrases: Numbers  # the number of the phrase that ends here, from 1; 0 for none


def cells(joiners: str) -> dict[str, int]:
    """The cell of each character that a phrase may hold. Joiners separate words too, and a phrase asks for them."""
    named = {letter: FIRST_LETTER + place for place, letter in enumerate(LETTERS)}
    return {" ": SEPARATOR} | {joiner: FIRST_JOINER + place for place, joiner in enumerate(joiners)} | named


def grow(phrases: Sequence[str], kinds: Bytes, joiners: str = "") -> Tree | None:
    """A tree of phrases in lower case, words apart by a space or a joiner; "shar*" stands for all words that begin so.

    None where a phrase holds another character or there are too many: such phrases cannot be looked for in this way.
    """
    cell_of = cells(joiners)
    if any(letter != "*" and letter not in cell_of for phrase in phrases for letter in phrase):
        return None
    rows: list[dict[str, int]] = [{}, {}]
    ends = {}
    for number, phrase in enumerate(phrases, 1):
        node = ROOT
        for letter in phrase:
            if letter not in rows[node]:
                rows[node][letter] = len(rows)
                rows.append({})
            node = rows[node][letter]
        ends[node] = number
    if len(rows) > MOST_NODES:
        return None
    following, truncated = np.zeros((len(rows), CELLS), np.uint16), np.zeros(len(rows), np.uint16)
    for node, row in enumerate(rows):
        truncated[node] = row.pop("*", NOWHERE)
        for letter, child in row.items():
            following[node, cell_of[letter]] = child
    goes_on = np.asarray(following[:, :FIRST_LETTER].any(axis=1), np.uint8)
    numbers = np.array([ends.get(node, 0) for node in range(len(rows))], np.int32)
    return Tree(kinds, following.ravel(), truncated, goes_on, numbers)


def kinds_of_characters(
    *, beyond_ascii: int, ranges: Iterable[tuple[int, int, int]], others: Mapping[int, int | None], joiners: str = ""
) -> Bytes:
    """Kinds by code point. `beyond_ascii`: of what neither is named by the following nor a joiner.

    `ranges`: first, last, kind. `others` come last: code point → the one it is read as, None where it is left out.
    """
    cell_of = cells(joiners)
    kinds = np.full(sys.maxunicode + 1, beyond_ascii, np.uint8)
    kinds[:128] = SEPARATOR
    for first, last, kind in ranges:
        kinds[max(first, 128) : last + 1] = kind
    for letter, cell in cell_of.items():
        kinds[[ord(form) for form in (letter, letter.upper()) if len(form) == 1]] = cell
    for character, read_as in others.items():
        if character >= 128:
            is_ascii = read_as is not None and read_as < 128
            other = SEPARATOR if is_ascii else OTHER_LETTER
            kinds[character] = DROPPED if read_as is None else cell_of.get(chr(read_as).lower(), other)
    return kinds


@cache
def kinds_of_folded_characters() -> Bytes:
    """What each character is to a phrase, which is what its fold is."""
    kept, folds = folds_of_characters()
    letters = [(first, last, OTHER_LETTER) for first, last in kept]
    return kinds_of_characters(beyond_ascii=SEPARATOR, ranges=letters, others=folds)
