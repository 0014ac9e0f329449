"""What each text says of the company's response: nothing, that it is accepted, rejected, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import pyarrow as pa

from analytics.reception.rules import read_reception_rules
from analytics.text_batches import as_arrow
from analytics.themes.matching import Matcher

STANCES = ("accepts", "rejects", "neither", "silent")


class Stance(NamedTuple):
    """One of STANCES, and the words by which the post speaks of the response, folded; empty where it is silent."""

    stance: str
    evidence: str


def read_stances(texts: Sequence[str] | pa.Array, names: Sequence[str]) -> list[Stance]:
    """What each text says of the response of a company that is called by `names`, in the order given.

    `silent`: it does not speak of the response. `neither`: it does, and neither accepts nor rejects it, or does both.
    """
    found: dict[int, dict[str, str]] = {}
    batch = as_arrow(texts)[0]
    for row, entry, evidence in _matcher(tuple(names)).match_all(batch):
        found.setdefault(row, {})[entry] = evidence
    return [_judge(found.get(row, {})) for row in range(len(batch))]


def rules_hash(names: Sequence[str]) -> str:
    """Names the rules and the names that they are filled with: 16 hexadecimal digits."""
    return read_reception_rules(tuple(names)).version


def _judge(found: dict[str, str]) -> Stance:
    if "mention" not in found:
        return Stance("silent", "")
    accepts, rejects = "accepts" in found, "rejects" in found
    stance = "neither" if accepts == rejects else "accepts" if accepts else "rejects"
    return Stance(stance, found["mention"])


@cache
def _matcher(names: tuple[str, ...]) -> Matcher:
    return Matcher(read_reception_rules(names).entries)
