"""False alarms, coverage and power of `event_effect` on simulated brands: `python -m tests.bench.effect_error_rates`.

A brand is a crowd of authors whose activity follows Zipf's law, each with a lean of their own; a quarter of the votes
is neutral. Weekly news moves everyone's mood, in part shared by all brands, and remembers itself (AR(1)); the volume
is bursty and remembers itself too. An author who posts in a week has one vote, as in the real measure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.effects import Effect, event_effect
from analytics.effects.windows import placebo_positions, window_changes
from tests.bench.measurement import run
from tests.bench.tables import Table, note

EVENT = date(2023, 8, 6)
AFTER = 4
REPETITIONS = 200
WORLDS = 4_000
NEUTRAL = 0.25
Z99 = 2.5758293035489004


@dataclass(frozen=True)
class Cell:
    """One design: bins before the event, peers, posts a day and brand, memory of the news, true effect in points."""

    past: int = 52
    peers: int = 4
    posts_a_day: int = 60
    memory: float = 0.6
    effect: float = 0.0


def simulate(cell: Cell, random: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """One brand's bins with an event that moves net trust by `cell.effect`, and its peers' bins without one."""
    brands, bins = 1 + cell.peers, cell.past + AFTER
    shared, own = remember(random, 1, bins, cell.memory), remember(random, brands, bins, cell.memory)
    mood = 0.08 * shared + 0.04 * own
    mood[0, cell.past :] += cell.effect / (100 * (1 - NEUTRAL))
    burst = np.exp(0.3 * remember(random, brands, bins, 0.5))

    authors = 10 * cell.posts_a_day
    zipf = 1 / np.arange(1, authors + 1, dtype=np.float32)
    rate = 7 * cell.posts_a_day * zipf / zipf.sum()
    lean = random.normal(0, 0.3, size=(brands, 1, authors)).astype(np.float32)
    speaks = 1 - np.exp(-rate * burst[:, :, None].astype(np.float32))
    praise = (1 - NEUTRAL) * np.clip(0.5 + (lean + mood[:, :, None].astype(np.float32)) / 2, 0, 1)
    draw = random.random((brands, bins, authors), dtype=np.float32)  # one draw decides on both: speaking, and how
    voices = (draw < speaks).sum(axis=2)
    positive = (draw < speaks * praise).sum(axis=2)
    negative = (draw < speaks * (1 - NEUTRAL)).sum(axis=2) - positive
    trust = 100 * (positive - negative) / np.maximum(voices, 1)

    starts = [EVENT + timedelta(days=7 * (week - cell.past)) for week in range(bins)]
    frames = [
        pd.DataFrame({"start": starts, "value": trust[brand], "authors": voices[brand]}) for brand in range(brands)
    ]
    named = [frame.assign(brand=f"peer {number}") for number, frame in enumerate(frames[1:], 1)]
    return frames[0], pd.concat(named, ignore_index=True) if named else None


def effects(cell: Cell, repetitions: int, seed: int) -> Iterator[Effect]:
    """The effect in each of `repetitions` simulated worlds."""
    for child in np.random.default_rng(seed).spawn(repetitions):
        bins, peers = simulate(cell, child)
        yield event_effect(bins, EVENT, peers=peers)


def rank_rule_size(past: int, before: int, memory: float, worlds: int, seed: int) -> tuple[float, float]:
    """Size of the rank rule at 5 % on Gaussian AR(1) series: as it would be if windows were exchangeable, and as it is.

    Neighbouring windows share bins and hang together, so a short past shows less than its full range of changes.
    """
    series = remember(np.random.default_rng(seed), worlds, past + AFTER, memory)
    points = np.append(placebo_positions(past, before, AFTER), past)
    sizes = np.abs(window_changes(series, points, np.arange(-before, 0), np.arange(AFTER)))
    rank = math.floor(0.05 * len(points) + 1e-9)
    as_large = (sizes[:, :-1] >= sizes[:, -1:]).sum(axis=1)
    return rank / len(points), float((as_large < rank).mean())


def binomial_interval(hits: int, trials: int) -> tuple[float, float]:
    """99 % Monte-Carlo interval of a rate (Wilson's score interval)."""
    share, z2 = hits / trials, Z99**2
    half = Z99 / (1 + z2 / trials) * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    return centre - half, centre + half


def remember(random: np.random.Generator, rows: int, bins: int, memory: float) -> NDArray[np.float64]:
    """AR(1) series of standard deviation 1, in equilibrium from the first bin."""
    series = random.normal(size=(rows, bins))
    for week in range(1, bins):
        series[:, week] = memory * series[:, week - 1] + math.sqrt(1 - memory**2) * series[:, week]
    return series


def main() -> None:
    cells = [
        Cell(),
        Cell(past=26),
        Cell(past=80),
        Cell(peers=0),
        Cell(memory=0.9),
        Cell(posts_a_day=15),
        Cell(effect=-8),
        Cell(effect=-16),
        Cell(posts_a_day=15, effect=-16),
        Cell(peers=0, effect=-16),
        Cell(past=26, effect=-16),
    ]
    note(f"{REPETITIONS} repetitions a cell, with 99 % Monte-Carlo intervals; at effect 0, 'shown' is a false alarm")
    rates = ("shown", "shown low", "shown high", "covered", "covered low", "covered high")
    columns = {"before": "", "after": "", "peers": "", "posts/day": "", "memory": ".1f", "effect": "+.0f"}
    table = Table(
        "Effects found in simulated brands, by bins before and after the event",
        {**columns, **dict.fromkeys(rates, ".1%"), "smallest visible": ".1f"},
    )
    for number, cell in enumerate(cells):
        found = list(effects(cell, REPETITIONS, seed=20230806 + number))
        shown = sum(effect.verdict in ("fell", "rose") for effect in found)
        covered = sum(
            effect.low is not None and effect.high is not None and effect.low <= cell.effect <= effect.high
            for effect in found
        )
        visible = float(np.median([effect.smallest_visible or math.nan for effect in found]))
        design = (cell.past, AFTER, cell.peers, cell.posts_a_day, cell.memory, cell.effect)
        table.add(*design, *_rate(shown), *_rate(covered), visible)
    table = Table(
        f"Size of the rank rule at 5 %, {WORLDS:,} Gaussian series without an event",
        {"past": "", "before": "", "after": "", "memory": ".1f", "exchangeable": ".1%", "measured": ".1%"},
    )
    for past, before in ((26, 4), (52, 8), (80, 8), (156, 8)):
        for memory in (0.0, 0.6, 0.9):
            table.add(past, before, AFTER, memory, *rank_rule_size(past, before, memory, WORLDS, seed=past))


def _rate(hits: int) -> tuple[float, float, float]:
    return (hits / REPETITIONS, *binomial_interval(hits, REPETITIONS))


if __name__ == "__main__":
    run(main)
