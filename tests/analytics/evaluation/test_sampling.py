"""The draw: its probabilities, and that the same one comes back."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.evaluation.sampling import allocate, draw_posts

SIZES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 60), min_size=1)


@given(SIZES, st.integers(1, 300))
def test_every_stratum_gives_one_and_none_more_than_it_has(sizes: dict[str, int], number: int) -> None:
    """Shares are in proportion, to within a post where nothing forces more, and add up to what was asked for."""
    drawn = allocate(sizes, number)
    total = sum(sizes.values())
    assert sum(drawn.values()) == min(total, max(number, len(sizes)))
    assert all(1 <= drawn[name] <= size for name, size in sizes.items())
    if all(number * size >= total for size in sizes.values()):
        assert all(abs(drawn[name] - min(size, number * size / total)) <= 1 for name, size in sizes.items())


def frame(sizes: dict[str, int], seed: int = 1) -> pd.DataFrame:
    """Posts of two windows in the order of their lots."""
    rows = [
        (window, stratum, f"{window}-{stratum}-{number}")
        for window in ("before", "after")
        for stratum, size in sizes.items()
        for number in range(size)
    ]
    posts = pd.DataFrame(rows, columns=["window", "stratum", "post_id"])
    lots = [hashlib.sha256(f"{seed} {post}".encode()).hexdigest() for post in posts["post_id"]]
    return posts.assign(lot=lots).sort_values("lot", ignore_index=True)


@given(SIZES, st.integers(1, 100))
def test_probabilities_weigh_the_sample_up_to_the_window(sizes: dict[str, int], number: int) -> None:
    """One over the probability, added up, is the number of posts of each window and stratum: exactly."""
    posts = frame(sizes)
    drawn = draw_posts(posts, number)
    weighed = (1 / drawn["probability"]).groupby([drawn["window"], drawn["stratum"]]).sum()
    counted = posts.groupby(["window", "stratum"]).size()
    assert weighed.round(6).to_dict() == counted.astype(float).to_dict()
    assert drawn["lot"].is_monotonic_increasing  # whoever stops early has labelled a random part


def test_a_larger_sample_holds_the_smaller_and_a_lost_post_moves_one() -> None:
    """Labels stay good when more are asked for; a post that is purged makes room for the next of its stratum."""
    sizes = {"a": 300, "b": 60, "c": 5}
    posts = frame(sizes)
    first, more = (set(draw_posts(posts, number)["post_id"]) for number in (50, 120))
    assert first < more
    assert set(draw_posts(frame(sizes, seed=2), 50)["post_id"]) != first
    lost = draw_posts(posts, 50)["post_id"].iloc[3]
    again = set(draw_posts(posts[posts["post_id"] != lost].reset_index(drop=True), 50)["post_id"])
    assert len(first - again) == 1
    assert len(again - first) == 1


def test_every_post_has_the_chance_that_is_written_down() -> None:
    """Over many orders of lots a post is drawn as often as its probability says, in large strata and small ones."""
    posts, orders, random = frame({"a": 40, "b": 8}), 120, np.random.default_rng(3)
    drawn = [draw_posts(posts.iloc[random.permutation(len(posts))].reset_index(drop=True), 12) for _ in range(orders)]
    counts = pd.concat(drawn)["post_id"].value_counts()
    said = drawn[0].set_index("stratum")["probability"].groupby(level=0).first()
    for post in ("before-a-0", "after-b-7"):
        chance = float(said[post.split("-")[1]])
        assert counts.get(post, 0) / orders == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / orders))
