"""How often `find_recovery` calls a gap closed that is not: `python -m tests.bench.recovery_error_rates`.

The worst case: for half a year after the event the measure stays away from where it was by exactly the margin. Weekly
news remembers itself (AR(1), standard deviation 1); the margin is large enough to be visible.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.effects import event_effect
from analytics.effects.recovery import find_recovery
from tests.bench.measurement import run
from tests.bench.tables import Table, note

EVENT = date(2023, 8, 6)
FOLLOWED = 26
FIRST_LOOK = 8  # bins: the effect's four, then a look's four
MARGIN = 4.0
WORLDS = 1_000
Z99 = 2.5758293035489004


@dataclass(frozen=True)
class Rates:
    """Shares of worlds, 0 to 1: a claim at any weekly report, its 99 % Monte-Carlo interval, and at a single report."""

    ever: float
    ever_low: float
    ever_high: float
    a_look: float


def false_recoveries(past: int, memory: float, worlds: int, seed: int, gap: float = MARGIN) -> Rates:
    """How often a lasting gap is called recovered, with a report each week for half a year."""
    random = np.random.default_rng(seed)
    ever = claims = 0
    for _ in range(worlds):
        series = random.normal(size=past + FOLLOWED)
        for week in range(1, len(series)):
            series[week] = memory * series[week - 1] + math.sqrt(1 - memory**2) * series[week]
        series[past:] -= gap
        starts = pd.date_range(EVENT - timedelta(days=7 * past), periods=len(series), freq="7D")
        bins = pd.DataFrame({"start": starts, "value": series, "authors": 50})
        effect = event_effect(bins, EVENT)
        reports = [
            find_recovery(bins[: past + end], EVENT, effect, margin=MARGIN).state
            for end in range(FIRST_LOOK, FOLLOWED + 1)
        ]
        claimed = reports.count("recovered")
        ever += claimed > 0
        claims += claimed
    share, z2 = ever / worlds, Z99**2
    half = Z99 / (1 + z2 / worlds) * math.sqrt(share * (1 - share) / worlds + z2 / (4 * worlds**2))
    centre = (share + z2 / (2 * worlds)) / (1 + z2 / worlds)
    return Rates(share, centre - half, centre + half, claims / worlds / (FOLLOWED - FIRST_LOOK + 1))


def main() -> None:
    note(
        f"{WORLDS:,} worlds a row, a weekly report for {FOLLOWED} weeks; the gap is the margin, {MARGIN:g}, throughout"
    )
    table = Table(
        "Gaps that are called recovered though they last",
        {"past": "", "memory": ".1f", "ever": ".1%", "ever low": ".1%", "ever high": ".1%", "a report": ".1%"},
    )
    for number, (past, memory) in enumerate((past, memory) for past in (26, 52, 80) for memory in (0.0, 0.6, 0.9)):
        rates = false_recoveries(past, memory, WORLDS, seed=20230806 + number)
        table.add(past, memory, rates.ever, rates.ever_low, rates.ever_high, rates.a_look)


if __name__ == "__main__":
    run(main)
