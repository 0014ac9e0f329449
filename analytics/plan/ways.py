"""What a specification curve comes to, in a few numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.effects import Effect


@dataclass(frozen=True, slots=True)
class Ways:
    """In how many ways an effect was asked for and what was found; the rest could not be judged.

    `lowest` and `highest` are the estimates at both ends, in the measure's units.
    """

    asked: int
    fell: int
    rose: int
    no_change: int
    lowest: float
    highest: float

    @property
    def not_judged(self) -> int:
        """Ways with too little data, or none that can be compared."""
        return self.asked - self.fell - self.rose - self.no_change


def count_ways(effects: Sequence[Effect]) -> Ways | None:
    """The numbers of a curve; None where no effect has an estimate."""
    estimates = [effect.estimate for effect in effects if effect.estimate is not None]
    if not estimates:
        return None
    verdicts = [effect.verdict for effect in effects]
    fell, rose, no_change = (verdicts.count(verdict) for verdict in ("fell", "rose", "no_change_shown"))
    return Ways(len(effects), fell, rose, no_change, min(estimates), max(estimates))
