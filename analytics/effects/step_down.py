"""Several measures of one event, judged together so that a false claim among them stays as rare as in one test.

The measures are ranked among the same placebo dates: of each date the largest standardised change of all measures
counts. The measure that moved most is held against that maximum, the next one against the maximum of those that are
left, and so on, and none may look better than one before it. What the measures have in common is in the placebos, so
two measures that say the same cost less than two that do not; Holm's correction of ranks would need hundreds of weeks.

Changes are compared in units of their own noise. Where bins are weighed, each window's change stands over its own
standard error, so that an event with far fewer voices than usual is no odd one out; where they are ranked, all windows
count alike. Both are then put into units of their own root mean square over the placebos and the event, all alike:
under no effect the event is one more of them. No measure's p is below the one that it has by itself.

Sources: Westfall and Young (1993), Resampling-Based Multiple Testing, algorithm 2.8; Romano and Wolf (2005),
Econometrica 73(4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.effects.effect import Effect, Verdict


@dataclass(frozen=True, slots=True)
class Joint:
    """What may be said of one measure beside the others. `p_value` is None where it was not tested."""

    p_value: float | None
    verdict: Verdict
    reason: str


def judge_together(effects: Mapping[str, Effect], alpha: float = 0.05) -> dict[str, Joint]:
    """Judge `effects` by measure at a family-wise level of `alpha`; the answer has the order in which they are given.

    A measure that is not comparable or descriptive only is not tested, keeps its verdict and costs the others nothing.
    Raises ValueError where an effect was tested at another level.
    """
    for name, effect in effects.items():
        if effect.alpha != alpha:
            raise ValueError(f"{name} was tested at {effect.alpha:g}, the measures are to be judged at {alpha:g}")
    tested = {name: effect for name, effect in effects.items() if effect.low is not None}
    shared = sorted(set.intersection(*(set(effect.placebo_starts) for effect in tested.values()))) if tested else []
    p_values: dict[str, float] = {}
    if shared:
        moved = np.array([_changes(effect, shared) for effect in tested.values()])
        sizes = np.abs(moved) / np.maximum(np.sqrt(np.square(moved).mean(axis=1, keepdims=True)), 1e-300)
        order = np.argsort(-sizes[:, -1], kind="stable")
        names, before = list(tested), 0.0
        for place, measure in enumerate(order.tolist()):
            largest = sizes[order[place:], :-1].max(axis=0)
            as_large = int((largest >= sizes[measure, -1] * (1 - 1e-11)).sum())
            before = max(before, (1 + as_large) / (len(shared) + 1))
            p_values[names[measure]] = max(before, tested[names[measure]].p_value or 0.0)
    return {name: _tell(effect, p_values.get(name), len(tested), len(shared)) for name, effect in effects.items()}


def _changes(effect: Effect, shared: list[date]) -> list[float]:
    """At the placebo dates that all measures have, and at the event, last."""
    *placebos, event = effect.standardised or (*effect.placebo_estimates, effect.estimate or 0.0)
    by_start = dict(zip(effect.placebo_starts, placebos, strict=True))
    return [*(by_start[start] for start in shared), event]


def _tell(effect: Effect, p_value: float | None, measures: int, windows: int) -> Joint:
    if effect.low is None:
        return Joint(None, effect.verdict, "Not tested beside the other measures.")
    if p_value is None:
        return Joint(None, "descriptive_only", "The measures have no earlier window in common.")
    if 1 / (windows + 1) > effect.alpha:
        return Joint(None, "descriptive_only", f"The measures have only {windows} earlier windows in common.")
    others = "No other measure is tested beside it"
    if measures > 1:
        others = f"Held against the largest change of {measures} measures in each of {windows} earlier windows"
    said = f"{others}: p = {p_value:.3g}."
    if p_value > effect.alpha:
        return Joint(p_value, "no_change_shown", said)
    return Joint(p_value, "fell" if (effect.estimate or 0.0) < 0 else "rose", said)
