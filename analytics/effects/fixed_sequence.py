"""Several measures of one event, judged in an order that was declared beforehand.

The primary measure is tested at the full level; only where it is shown is the second one tested, at the same level.
The chance of any false claim among the two stays at the level without a correction, because a wrong second claim needs
a primary claim first. All other measures are exploratory: they may be looked at and claim nothing.

Sources: Maurer, Hothorn and Lehmacher (1995), in Biometrie in der chemisch-pharmazeutischen Industrie 6; Westfall and
Krishen (2001), Journal of Statistical Planning and Inference 99(1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.effects.effect import Effect, Verdict

Role = Literal["primary", "second", "exploratory"]
CLAIMS: tuple[Verdict, ...] = ("fell", "rose")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What may be said of one measure. `verdict` is the effect's own, or "exploratory" where it may claim nothing."""

    role: Role
    verdict: Verdict | Literal["exploratory"]
    reason: str


def judge_in_order(effects: Mapping[str, Effect], order: Sequence[str], alpha: float = 0.05) -> dict[str, Judgement]:
    """Judge `effects` by measure; `order` names the primary measure and then, if there is one, the second.

    Names further on in `order`, and measures that it does not name, are exploratory. `not_comparable` and
    `descriptive_only` claim nothing and are kept whatever the role. The answer has the order first, then the rest as
    given. Raises ValueError where `order` is empty, repeats a name or names no effect, or where an effect was tested
    at another level.
    """
    if not order:
        raise ValueError("order is empty: declare at least the primary measure")
    if len(set(order)) < len(order):
        raise ValueError(f"order names a measure twice: {', '.join(order)}")
    for name in order:
        if name not in effects:
            raise ValueError(f"order names {name!r}, of which there is no effect: there are {', '.join(effects)}")
    for name, effect in effects.items():
        if effect.alpha != alpha:
            raise ValueError(f"{name} was tested at {effect.alpha:g}, the order is to be judged at {alpha:g}")
    primary = order[0]
    shown = effects[primary].verdict in CLAIMS
    judgements = {primary: Judgement("primary", effects[primary].verdict, "Declared as the primary measure.")}
    for name in order[1:2]:
        judgements[name] = (
            Judgement("second", effects[name].verdict, f"Tested because {primary} was shown.")
            if shown
            else _withhold("second", effects[name], f"Not tested: {primary}, which goes first, was not shown.")
        )
    for name in [*order[2:], *(other for other in effects if other not in order)]:
        judgements[name] = _withhold("exploratory", effects[name], "Exploratory: claims nothing.")
    return judgements


def _withhold(role: Role, effect: Effect, reason: str) -> Judgement:
    untested = effect.verdict in ("not_comparable", "descriptive_only")
    return Judgement(role, effect.verdict if untested else "exploratory", reason)
