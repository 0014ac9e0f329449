"""The number that names the method of effects goes with the numbers that it gives."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.effects import Effect, event_effect
from analytics.effects.method import METHOD

EVENT = date(2023, 8, 6)
KNOWN = {1: ("fell 37 -8.81 -14.6 -3.02 0.0263", "fell 37 -9.43 -13.8 -5.01 0.0263")}
"""By METHOD: the effects ranked and weighed. Where others come out, raise METHOD and write down the new ones."""


def test_other_numbers_are_another_method() -> None:
    """A frozen plan names the method: one that gives other numbers on the same bins must have another number."""
    assert tuple(describe(measure(weighed)) for weighed in (False, True)) == KNOWN[METHOD]


def measure(weighed: bool) -> Effect:
    """The effect of a planted fall of 9, with two peers and another date before."""
    own = bins(1, weighed).assign(value=lambda frame: frame["value"] - 9.0 * (frame["start"] >= EVENT))
    peers = pd.concat([bins(seed, weighed).assign(brand=f"peer{seed}") for seed in (2, 3)], ignore_index=True)
    return event_effect(own, EVENT, peers=peers, known_events=[EVENT - timedelta(weeks=30)])


def bins(seed: int, weighed: bool) -> pd.DataFrame:
    """Sixty-six weeks of noise around 10."""
    rng = np.random.default_rng(seed)
    weeks = range(-60, 6)
    frame = pd.DataFrame({"start": [EVENT + timedelta(weeks=week) for week in weeks], "authors": 50})
    frame["value"] = np.round(rng.normal(10, 4, len(frame)), 1)
    return frame.assign(variance=np.round(rng.uniform(4, 9, len(frame)), 1)) if weighed else frame


def describe(effect: Effect) -> str:
    """To three digits: not every machine gives the same last ones."""
    numbers = (effect.estimate, effect.low, effect.high, effect.p_value)
    return f"{effect.verdict} {effect.placebos} {' '.join(f'{number:.3g}' for number in numbers if number is not None)}"
