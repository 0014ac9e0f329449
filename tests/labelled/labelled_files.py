"""What both labelled files have in common: how they are read, the rule of the halves, and how near two texts are."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
HALVES = ("known", "held_out")

Row = dict[str, str]


def read_rows(name: str, header: list[str]) -> list[Row]:
    """The rows of a labelled file; fails unless the header is the one given and every row has as many cells."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        first, *rest = list(csv.reader(file, strict=True))
    assert first == header
    return [dict(zip(header, cells, strict=True)) for cells in rest]


def half_of(row_id: str) -> str:
    """The half that the rule in README.md gives to an id."""
    return HALVES[hashlib.sha256(row_id.encode()).digest()[-1] % 2]


def words_of(text: str) -> tuple[str, ...]:
    """Folded words, so that case, accents' encoding and punctuation make no two texts differ."""
    return tuple(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def same_texts(rows: list[Row]) -> list[list[str]]:
    """Groups of ids whose texts are the same after folding."""
    ids = defaultdict(list)
    for row in rows:
        ids[words_of(row["text"])].append(row["id"])
    return [group for group in ids.values() if len(group) > 1]


def shingles_across_halves(rows: list[Row], size: int = 5) -> list[str]:
    """Runs of `size` folded words that stand in both halves: a rule learned from one would be rewarded in the other."""
    seen: dict[str, set[tuple[str, ...]]] = {half: set() for half in HALVES}
    for row in rows:
        words = words_of(row["text"])
        seen[row["half"]].update(words[start : start + size] for start in range(len(words) - size + 1))
    return sorted(" ".join(shingle) for shingle in seen["known"] & seen["held_out"])


def is_ascending(rows: list[Row]) -> bool:
    """Whether ids are unique and in order."""
    return all(before["id"] < after["id"] for before, after in pairwise(rows))
