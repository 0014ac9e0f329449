"""Who finds an effect, and who finds one where there is none: `make bench-effects`.

    python -m tests.bench.effects_benchmark [--repetitions N] [--parts quiet moved curve planted] [--processes N]

Every method answers the same simulated worlds (`effect_worlds`, `effect_methods`) and the same real quiet series with
an effect planted in them. Seeds are fixed: the same command prints the same numbers. docs/effects_benchmark.md says
how to read them.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tests.bench.effect_candidates import CANDIDATES
from tests.bench.effect_error_rates import binomial_interval
from tests.bench.effect_methods import ALPHA, LEAGUE, Method
from tests.bench.effect_planted import QUIET_STRETCHES, plant, read_stars
from tests.bench.effect_worlds import AFTER, Setting, World, simulate
from tests.bench.measurement import LeftOut, run
from tests.bench.tables import Table, note

SEED = 20261123  # not that of the worlds on which methods were chosen
CHUNK = 50  # worlds a task: short enough that two processes end together
OURS = ("weighted", "plain")
METHODS = {**LEAGUE, **CANDIDATES}
FEWER = {"forecast": 5}  # takes 40 ms a world: it answers every fifth

QUIET: tuple[Setting, ...] = (
    Setting("usual"),
    Setting("26 bins of past", past=26),
    Setting("80 bins of past", past=80),
    Setting("no peer", peers=0),
    Setting("one peer", peers=1),
    Setting("no memory", memory=0.0),
    Setting("long memory", memory=0.9),
    Setting("no memory, 26 bins", memory=0.0, past=26),
    Setting("long memory, 26 bins", memory=0.9, past=26),
    Setting("long memory, no peer", memory=0.9, peers=0),
    Setting("long memory, no peer, 26 bins", memory=0.9, peers=0, past=26),
    Setting("long memory, no peer, 80 bins", memory=0.9, peers=0, past=80),
    Setting("15 posts a day", posts_a_day=15),
    Setting("15 posts a day, 26 bins", posts_a_day=15, past=26),
    Setting("15 posts a day, no peer", posts_a_day=15, peers=0),
    Setting("thin weeks", posts_a_day=1),
    Setting("thin weeks, no peer", posts_a_day=1, peers=0),
    Setting("volume ×6 at the event", spike=6, newcomers=True),
    Setting("the same, capped", spike=6, newcomers=True, capped=True),
    Setting("five bots", bots=True),
    Setting("uneven weeks", uneven=True),
    Setting("uneven weeks, no peer", uneven=True, peers=0),
    Setting("restless peers", restless_peers=True),
    Setting("one peer's own scandal", peer_scandal=True),
    Setting("scandals in the past", scandals=True),
    Setting("date searched in the posts", searched=True),
)
MOVED: tuple[Setting, ...] = (
    Setting("16 points", effect=-16),
    Setting("8 points", effect=-8),
    Setting("16 points, 15 posts a day", posts_a_day=15, effect=-16),
    Setting("16 points, 15 a day, no peer", posts_a_day=15, effect=-16, peers=0),
    Setting("16 points, 26 bins", past=26, effect=-16),
    Setting("16 points, no peer", peers=0, effect=-16),
    Setting("16 points, long memory", memory=0.9, effect=-16),
    Setting("16 points, uneven weeks", uneven=True, effect=-16),
    Setting("16 points, gone in a month", decays=True, effect=-16),
    Setting("16 points, volume ×6", spike=6, newcomers=True, effect=-16),
    Setting("40 points, thin weeks", posts_a_day=1, effect=-40),
)
PARTS = ("quiet", "moved", "curve", "planted")
CURVE_EFFECTS = (4, 8, 12, 16, 24, 32)
CURVE_VOLUMES = (5, 15, 60, 120)


@dataclass(frozen=True)
class Score:
    """How often a method showed a change and how often its interval held the truth, in so many worlds."""

    worlds: int
    shown: int
    covered: int
    half: float  # median half width of the interval


def answer(setting: Setting, methods: Sequence[str], seeds: Sequence[int]) -> dict[str, list[tuple[float, ...]]]:
    """p, low, high and the truth, by method, in the worlds of these numbers."""
    answers: dict[str, list[tuple[float, ...]]] = {name: [] for name in methods}
    for number in seeds:
        world = simulate(setting, np.random.default_rng([SEED, number]))
        for name in methods:
            if number % FEWER.get(name, 1) == 0:
                answers[name].append(ask(METHODS[name], world))
    return answers


def ask(method: Method, world: World) -> tuple[float, float, float, float]:
    """A method's p, low and high, and the truth."""
    finding = method(world)
    return finding.p, finding.low, finding.high, world.truth


def score(answers: Iterable[tuple[float, ...]]) -> Score:
    """Rates; an answer without a p shows nothing, and one without an interval leaves nothing out."""
    table = np.array(list(answers), dtype=float).reshape(-1, 4)
    p, low, high, truth = table.T
    covered = ~((low > truth) | (high < truth))
    half = float(np.nanmedian((high - low) / 2)) if np.isfinite(low).any() else math.nan
    return Score(len(table), int((p <= ALPHA).sum()), int(covered.sum()), half)


def compete(
    settings: Sequence[Setting], methods: Sequence[str], repetitions: int, processes: int
) -> dict[str, dict[str, Score]]:
    """Scores by setting and method. World n of a setting is the same whatever else is asked for."""
    tasks = [
        (setting, range(first, min(first + CHUNK, repetitions)))
        for setting in settings
        for first in range(0, repetitions, CHUNK)
    ]
    whole: dict[str, dict[str, list[tuple[float, ...]]]] = {
        setting.name: {name: [] for name in methods} for setting in settings
    }
    arguments = [task[0] for task in tasks], [methods] * len(tasks), [task[1] for task in tasks]
    if processes > 1:
        with ProcessPoolExecutor(processes) as pool:
            found = list(pool.map(answer, *arguments))
    else:
        found = list(map(answer, *arguments))
    for (setting, _), answers in zip(tasks, found, strict=True):
        for name, given in answers.items():
            whole[setting.name][name] += given
    return {setting: {name: score(given) for name, given in each.items()} for setting, each in whole.items()}


def print_league(title: str, scores: Mapping[str, Mapping[str, Score]]) -> None:
    """One row a setting and method, rates with 99 % Monte-Carlo intervals."""
    rates = dict.fromkeys(("shown", "low", "high", "covered", "from", "to"), ".1%")
    table = Table(title, {"setting": "<32", "method": "<15", "worlds": ",", **rates, "± points": ".1f"})
    for setting, by_method in scores.items():
        for name, found in by_method.items():
            worlds = found.worlds
            shown = found.shown / worlds, *binomial_interval(found.shown, worlds)
            covered = found.covered / worlds, *binomial_interval(found.covered, worlds)
            table.add(setting, name, worlds, *shown, *covered, found.half)


def print_curve(repetitions: int, processes: int, volumes: Sequence[int], sizes: Sequence[int]) -> None:
    """Power by size of the effect and posts a day, with 52 bins of past and 4 peers."""
    columns = [f"{volume}/day {name}" for volume in volumes for name in OURS]
    table = Table("Share of effects shown, by points and posts a day", {"points": "", **dict.fromkeys(columns, ".0%")})
    for points in sizes:
        settings = [Setting(str(volume), posts_a_day=volume, effect=-points) for volume in volumes]
        scores = compete(settings, OURS, repetitions, processes)
        found = [scores[str(volume)][name] for volume in volumes for name in OURS]
        table.add(points, *(each.shown / each.worlds for each in found))


def print_ceiling(volumes: Sequence[int], sizes: Sequence[int], worlds: int = 60) -> None:
    """What the draw of voices alone leaves: who knew all about the mood would still have this interval and power."""
    columns = {"posts a day": "", "voices a week": ".0f", "± points": ".1f", **dict.fromkeys(map(str, sizes), ".0%")}
    table = Table("With sampling noise alone: interval, and power by points", columns)
    for volume in volumes:
        voices, errors = [], []
        for number in range(worlds):
            world = simulate(Setting(str(volume), posts_a_day=volume), np.random.default_rng([SEED, number]))
            assert world.peers is not None
            voices.append(float(world.bins["authors"].mean()))
            brands = [world.bins, *(of_one for _, of_one in world.peers.groupby("brand"))]
            own, *others = (_error_of_change(of_one["variance"].to_numpy()) for of_one in brands)
            errors.append(math.sqrt(own + sum(others) / len(others) ** 2))
        error, level = float(np.mean(errors)), NormalDist().inv_cdf(1 - ALPHA / 2)
        power = (NormalDist().cdf(points / error - level) for points in sizes)
        table.add(volume, float(np.mean(voices)), level * error, *power)


def _error_of_change(variance: NDArray[np.float64]) -> float:
    """Sampling variance of the mean of the last bins, less that of the bins before."""
    before, after = variance[:-AFTER], variance[-AFTER:]
    return float(np.nanmean(after) / len(after) + np.nanmean(before) / len(before))


def print_planted(methods: Sequence[str]) -> None:
    """Real quiet series, with nothing planted and with some reviewers who give one star less."""
    try:
        read_stars()
    except LeftOut as reason:
        note(f"Real series left out: {reason}")
        return
    columns = {"reviews": "<19", "method": "<15", "losing a star": ".0%", "planted": ".2f", "dates": ""}
    table = Table("Planted in real quiet series of stars", {**columns, "shown": ".1%", "covered": ".1%"})
    for quiet in QUIET_STRETCHES:
        for share in (0.0, 0.5, 1.0):
            worlds = list(plant(quiet, share))
            for name in methods:
                kept = worlds[:: FEWER.get(name, 1)]
                found = score(ask(METHODS[name], world) for world in kept)
                planted = float(np.mean([world.truth for world in kept]))
                rates = found.shown / found.worlds, found.covered / found.worlds
                table.add(quiet.name, name, share, planted, found.worlds, *rates)


def main(*arguments: str) -> None:
    """Print the league and the power curve, then what real series say."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.effects_benchmark")
    parser.add_argument("--repetitions", type=int, default=100, help="worlds of each kind (100)")
    parser.add_argument("--profile", choices=["full", "quick"], default="full", help="quick: two kinds, ours alone")
    parser.add_argument("--processes", type=int, default=2, help="that answer at the same time (2)")
    parser.add_argument("--ours", action="store_true", help="leave the other methods out")
    parser.add_argument("--candidates", action="store_true", help="what was tried and not taken, beside ours")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="of the full profile (all)")
    options = parser.parse_args(arguments)
    repetitions, processes = options.repetitions, options.processes
    quick = options.profile == "quick"
    parts = PARTS[:2] if quick else options.parts
    methods = OURS if quick or options.ours else tuple(LEAGUE)
    if options.candidates:
        methods = (*OURS, *CANDIDATES)
    note(f"{repetitions} worlds of each kind, seed {SEED}; intervals are 99 % Monte-Carlo (Wilson)")
    if "quiet" in parts:
        settings = QUIET[:1] if quick else QUIET
        print_league("Nothing happened: 'shown' is a false alarm", compete(settings, methods, repetitions, processes))
    if "moved" in parts:
        settings = MOVED[:1] if quick else MOVED
        print_league("Trust fell: 'shown' is power", compete(settings, methods, repetitions, processes))
    if "curve" in parts:
        print_curve(repetitions, processes, CURVE_VOLUMES, CURVE_EFFECTS)
        print_ceiling(CURVE_VOLUMES, CURVE_EFFECTS)
    if "planted" in parts:
        print_planted(methods)


if __name__ == "__main__":
    run(main)
