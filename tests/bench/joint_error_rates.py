"""False claims among several measures of one event: `python -m tests.bench.joint_error_rates`.

Three measures of a simulated brand (`effect_worlds`), whose bins are weighed or ranked as the pipeline does: one that
is ranked, one that is weighed, and one that is weighed and says half of what the other two do. Nothing happens at the
event, or two of them fall, far enough to be shown nearly always. A claim is false where a measure that did not move is
said to have moved. `weighed`: with the ranked one left out; `apart`: where each is judged by itself.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, replace

import numpy as np
import pandas as pd

from analytics.effects import Effect, event_effect
from analytics.effects.step_down import judge_together
from tests.bench.effect_error_rates import binomial_interval
from tests.bench.effect_worlds import Setting, World, simulate
from tests.bench.measurement import run
from tests.bench.tables import Table, note

WORLDS = 1_000
COLUMNS = ("together", "low", "high", "weighed", "weighed low", "weighed high", "apart")
SETTINGS = (
    Setting("usual"),
    Setting("26 bins of past", past=26),
    Setting("no peer", peers=0),
    Setting("long memory", memory=0.9),
    Setting("15 posts a day", posts_a_day=15),
    Setting("a tenth of the voices at the event", quiet=0.1),
    Setting("volume ×6 at the event", spike=6.0, newcomers=True),
    Setting("two fall by 40 points", effect=-40.0),
)
TRUST, STARS, ATTENTION = "net_trust", "rating", "attention"
MOVED = ("fell", "rose")


@dataclass(frozen=True)
class Rates:
    """Shares of worlds, 0 to 1, with a false claim, two of them with their 99 % Monte-Carlo interval."""

    together: float
    low: float
    high: float
    weighed: float
    weighed_low: float
    weighed_high: float
    apart: float


def false_claims(setting: Setting, worlds: int, seed: int) -> Rates:
    """How often a measure that did not move is said to have moved."""
    together = weighed = apart = 0
    for child in np.random.default_rng(seed).spawn(worlds):
        effects = measure_three(setting, child)
        still = [name for name in effects if not setting.effect or name == ATTENTION]
        two = judge_together({name: effect for name, effect in effects.items() if name != ATTENTION})
        together += any(judged.verdict in MOVED for name, judged in judge_together(effects).items() if name in still)
        weighed += any(judged.verdict in MOVED for name, judged in two.items() if name in still)
        apart += any(effects[name].verdict in MOVED for name in still)
    of_three, of_two = ((hits / worlds, *binomial_interval(hits, worlds)) for hits in (together, weighed))
    if setting.effect:  # both weighed ones moved: no claim about them is false
        of_two = (math.nan, math.nan, math.nan)
    return Rates(*of_three, *of_two, apart / worlds)


def measure_three(setting: Setting, random: np.random.Generator) -> dict[str, Effect]:
    """The effect on each measure in one world."""
    first, second = (simulate(each, random) for each in (setting, replace(setting, effect=0.0)))
    return {
        ATTENTION: _measure(second, weighed=False),
        TRUST: _measure(first, weighed=True),
        STARS: _measure(_mix(first, second), weighed=True),
    }


def _measure(world: World, *, weighed: bool) -> Effect:
    tables = [world.bins, world.peers]
    if not weighed:
        tables = [None if table is None else table.drop(columns="variance") for table in tables]
    bins, peers = tables
    assert bins is not None
    return event_effect(bins, world.event, peers=peers)


def _mix(first: World, second: World) -> World:
    """A measure with half of its variance from each."""

    def mixed(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
        value = (one["value"] + other["value"]) / math.sqrt(2)
        return one.assign(value=value, variance=(one["variance"] + other["variance"]) / 2)

    peers = None
    if first.peers is not None and second.peers is not None:
        peers = mixed(first.peers, second.peers)
    return replace(first, bins=mixed(first.bins, second.bins), peers=peers)


def main() -> None:
    note(f"{WORLDS:,} worlds a row, three measures at a family-wise level of 5 %; one of them ranked, two weighed")
    table = Table(
        "Worlds with a false claim among the measures that did not move",
        {"world": "<36", **dict.fromkeys(COLUMNS, ".1%")},
    )
    for number, setting in enumerate(SETTINGS):
        rates = false_claims(setting, WORLDS, seed=20230806 + number)
        table.add(setting.name, *astuple(rates))


if __name__ == "__main__":
    run(main)
