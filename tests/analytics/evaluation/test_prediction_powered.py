"""A scorer with a known bias: its own change is wrong, the corrected one is right as often as it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.evaluation.prediction_powered import correct_change
from analytics.evaluation.sampling import draw_posts

BEFORE, AFTER = (0.3, 0.3, 0.4), (0.6, 0.2, 0.2)  # of negative, neutral, positive
TRUTH = 100 * ((AFTER[2] - AFTER[0]) - (BEFORE[2] - BEFORE[0]))


def invent(random: np.random.Generator) -> pd.DataFrame:
    """Posts of two windows in random order. The scorer misses the sarcasm that comes with the event."""
    frames = []
    for window, shares, missed, size in (("before", BEFORE, 0.2, 900), ("after", AFTER, 0.5, 700)):
        label = random.choice([-1, 0, 1], size=size, p=shares)
        taken_for_praise = (label == -1) & (random.random(size) < missed)
        on_themes = random.random(size) < np.where(label == -1, 0.5, 0.1)
        weight = 1 / random.geometric(0.5, size)  # people post unequally often
        frames.append(
            pd.DataFrame(
                {
                    "source": "forum",
                    "post_id": [f"{window}{number}" for number in range(size)],
                    "window": window,
                    "stratum": np.where(on_themes, "event themes, forum", "other, forum"),
                    "compound": 0.5 * np.where(taken_for_praise, 1, label),
                    "share": weight / weight.sum(),
                    "label": label,
                }
            )
        )
    posts = pd.concat(frames, ignore_index=True)
    return posts.iloc[random.permutation(len(posts))].reset_index(drop=True)


def simulate(worlds: int) -> tuple[float, float, float]:
    """Share of worlds whose interval holds the truth; mean raw and mean corrected change."""
    random, inside, raw, corrected = np.random.default_rng(20230806), 0, [], []
    for _ in range(worlds):
        posts = invent(random)
        found = correct_change(posts, draw_posts(posts, 100))
        inside += found.low <= TRUTH <= found.high
        raw.append(found.raw)
        corrected.append(found.estimate)
    return inside / worlds, float(np.mean(raw)), float(np.mean(corrected))


def test_a_biased_scorer_is_corrected_and_the_interval_covers() -> None:
    """The scorer sees next to nothing of a fall of 50 points; with 100 labels a window the interval holds it."""
    inside, raw, corrected = simulate(40)
    assert abs(raw) < 10
    assert corrected == pytest.approx(TRUTH, abs=5)
    assert inside >= 0.88


@pytest.mark.long
def test_the_interval_covers_as_often_as_it_says() -> None:
    """About 95 of 100 worlds."""
    inside, raw, corrected = simulate(600)
    assert abs(raw - TRUTH) > 40
    assert corrected == pytest.approx(TRUTH, abs=2)
    assert 0.93 <= inside <= 0.975


@pytest.mark.parametrize("constant", [0.0, 0.5])
def test_a_scorer_that_says_one_thing_always_changes_nothing(constant: float) -> None:
    """Its help is none: the answer is that of the labels alone, with an interval."""
    posts = invent(np.random.default_rng(1)).assign(compound=constant)
    drawn = draw_posts(posts, 100)
    found = correct_change(posts, drawn)
    weights = drawn["share"] / drawn["probability"]
    means = (drawn["label"] * weights).groupby(drawn["window"]).sum() / weights.groupby(drawn["window"]).sum()
    assert found.raw == pytest.approx(0)
    assert found.estimate == pytest.approx(100 * (means["after"] - means["before"]))
    assert found.low < found.estimate < found.high


def test_a_scorer_that_is_right_needs_no_correction() -> None:
    """Where labels equal its votes, its own change lies within an interval that its help has made much narrower."""
    posts = invent(np.random.default_rng(2))
    drawn = draw_posts(posts, 100)
    right = correct_change(posts.assign(compound=0.5 * posts["label"]), drawn)
    no_help = correct_change(posts.assign(compound=0.0), drawn)
    assert right.low < right.raw < right.high
    assert right.high - right.low < 0.6 * (no_help.high - no_help.low)


def test_unequal_chances_are_weighed_back() -> None:
    """Sixty of the few posts on the event's themes, sixty of the many others: the rare do not count for more."""
    random, corrected = np.random.default_rng(5), []
    for _ in range(25):
        posts = invent(random)
        groups = posts.groupby(["window", "stratum"])
        drawn = posts[groups.cumcount() < 60]
        chances = 60 / groups["post_id"].transform("size")
        corrected.append(correct_change(posts, drawn.assign(probability=chances[drawn.index])).estimate)
    assert float(np.mean(corrected)) == pytest.approx(TRUTH, abs=4)
