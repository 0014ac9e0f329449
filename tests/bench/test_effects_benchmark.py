from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.bench.effect_candidates import CANDIDATES
from tests.bench.effect_methods import LEAGUE
from tests.bench.effect_worlds import AFTER, Setting, simulate
from tests.bench.effects_benchmark import METHODS, MOVED, QUIET, answer, compete, main, score

SMALL = Setting("small", past=30, peers=2, posts_a_day=5)


def test_the_quick_profile_prints_false_alarms_and_power(capsys: pytest.CaptureFixture[str]) -> None:
    """Ours, in one kind of world without and one with an event."""
    main("--profile", "quick", "--repetitions", "2", "--processes", "1")
    said = capsys.readouterr().out
    assert "false alarm" in said
    assert "power" in said
    assert said.count("weighted") == said.count("plain") == 2


def test_a_world_is_the_same_whatever_else_is_asked_for() -> None:
    """Its number alone decides: processes, chunks and methods do not."""
    alone = answer(SMALL, ["plain"], [3])["plain"]
    among = answer(SMALL, ["Welch on posts", "plain"], [1, 3])["plain"]
    assert among[1] == alone[0]


@pytest.mark.parametrize("name", [*LEAGUE, *CANDIDATES])
def test_every_method_sees_a_great_fall(name: str) -> None:
    """Each gives a p, and an interval around its estimate, on the side of the truth."""
    world = simulate(replace(SMALL, past=60, posts_a_day=20, memory=0.0, effect=-70), np.random.default_rng(1))
    found = METHODS[name](world)
    assert found.p < 0.2
    assert found.low < found.estimate < found.high
    assert found.estimate < -40


def test_an_effect_moves_the_value_by_as_many_points() -> None:
    """Over many worlds the bins after the event lie by the declared effect below the same worlds without one."""
    moved = []
    for number in range(12):
        values = [
            simulate(replace(SMALL, posts_a_day=40, effect=points), np.random.default_rng(number)).bins["value"]
            for points in (0.0, -16.0)
        ]
        moved.append((values[1] - values[0])[-AFTER:].mean())
    assert np.mean(moved) == pytest.approx(-16, abs=1.5)


def test_settings_are_told_apart_by_their_names() -> None:
    """Scores are kept by name."""
    names = [setting.name for setting in (*QUIET, *MOVED)]
    assert len(set(names)) == len(names)
    assert all(setting.effect == 0 for setting in QUIET)
    assert all(setting.effect for setting in MOVED)


@pytest.mark.parametrize("setting", [*QUIET, *MOVED], ids=lambda setting: setting.name)
def test_every_kind_of_world_can_be_made(setting: Setting) -> None:
    """Enough bins, voices in most of them, and a truth that is the mean over the bins after."""
    world = simulate(setting, np.random.default_rng(2))
    assert len(world.bins) >= setting.past + AFTER
    assert world.bins["authors"].gt(0).mean() > 0.9
    assert (world.peers is None) == (setting.peers == 0)
    assert world.truth == pytest.approx(setting.effect * (0.575 if setting.decays else 1))


def test_no_answer_shows_nothing_and_leaves_nothing_out() -> None:
    """A method that abstains raises no alarm; it is no power either."""
    found = score([(math.nan, math.nan, math.nan, -5.0), (0.01, -9.0, -1.0, -5.0), (0.2, 1.0, 3.0, -5.0)])
    assert (found.worlds, found.shown, found.covered) == (3, 1, 2)


def test_two_processes_find_what_one_finds() -> None:
    """Who counts makes no difference."""
    assert compete([SMALL], ["plain"], 3, 1) == compete([SMALL], ["plain"], 3, 2)
