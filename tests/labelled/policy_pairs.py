"""The pairs of invented passages in `policy_pairs.toml`, each as two versions of a document."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast, get_args

from analytics.policy import Direction, PolicyChange, Version, find_changes
from tests.labelled.labelled_files import FOLDER, half_of

Half = Literal["known", "held_out"]
HEAD = """Acme Terms of Service
=====================

These terms are between you and Acme Ltd ("Acme," "we" or "us"). You may use the service while you keep to them.

Your data
---------
"""
TAIL = """
Prices
------

Prices are shown before you order.
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """A passage before and after, and the direction that a reader gives the change."""

    id: str
    kind: str
    direction: Direction
    before: str
    after: str

    @property
    def half(self) -> Half:
        return cast(Half, half_of(self.id))

    def find_change(self) -> PolicyChange:
        """What is found between the two passages, each in the same document."""
        days = zip((datetime(2024, 1, 1), datetime(2024, 2, 1)), (self.before, self.after), strict=True)
        (change,) = find_changes(Version(day, f"{HEAD}\n{text.strip()}\n{TAIL}") for day, text in days)
        return change


def read_pairs() -> list[Pair]:
    """Every pair, in the order of the file. Fails for a key too many or too few, and for a direction that is none."""
    content = tomllib.loads((FOLDER / "policy_pairs.toml").read_text(encoding="utf-8"))
    pairs = [Pair(**entry) for entry in content["pairs"]]
    assert {pair.direction for pair in pairs} <= set(get_args(Direction))
    return pairs
