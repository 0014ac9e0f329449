"""Evidence beside the answer, as data: of what a change is made, and whether it has gone back.

Changes are in the units of their measure: points of attention or net trust, stars of ratings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from analytics.report.figures import Row


@dataclass(frozen=True, slots=True)
class ChangePart:
    """A part of the raw change of a measure; the part raw_change is what the others add up to.

    `answered` is False where too few authors spoke before and after; `reason` says how many did.
    """

    measure: str
    part: str
    change: float | None
    low: float | None
    high: float | None
    voices: int
    answered: bool
    reason: str


@dataclass(frozen=True, slots=True)
class EffectCheck:
    """The same effect asked in another way; without an estimate the question has no answer."""

    measure: str
    check: str
    estimate: float | None
    low: float | None
    high: float | None
    authors: int


@dataclass(frozen=True, slots=True)
class RecoveryLook:
    """How far the last weeks looked at are from those before the event. The interval is one of 90 %."""

    measure: str
    state: str  # recovered, not_yet, cannot_be_told, nothing_to_recover_from
    gap: float | None
    low: float | None
    high: float | None
    authors: int
    margin: float | None
    smallest_margin: float | None
    recovered_on: date | None
    looked_until: date | None


def read_parts(rows: Iterable[Row]) -> tuple[ChangePart, ...]:
    """Out of the rows of list_change_parts."""
    return tuple(
        ChangePart(
            row["measure"],
            row["part"],
            row["value"],
            row["low"],
            row["high"],
            row["n"],
            row["answered"],
            row["reason"],
        )
        for row in rows
    )


def read_checks(rows: Iterable[Row]) -> tuple[EffectCheck, ...]:
    """Out of the rows of list_effect_checks."""
    return tuple(
        EffectCheck(row["measure"], row["check_name"], row["value"], row["low"], row["high"], row["n"]) for row in rows
    )


def read_recoveries(rows: Iterable[Row]) -> tuple[RecoveryLook, ...]:
    """Out of the rows of list_recoveries: one a measure."""
    numbers: dict[str, dict[str, Row]] = {}
    for row in rows:
        numbers.setdefault(row["measure"], {})[row["number"]] = row
    return tuple(
        RecoveryLook(
            measure,
            of["gap"]["state"],
            of["gap"]["value"],
            of["gap"]["low"],
            of["gap"]["high"],
            of["gap"]["n"],
            of["margin"]["value"],
            of["smallest_margin"]["value"],
            of["gap"]["recovered_on"],
            of["gap"]["looked_until"],
        )
        for measure, of in numbers.items()
    )
