"""Simulated brands, as hard on a method as real ones are, and the rate at which a method is wrong on them.

A brand is a crowd of authors whose activity follows Zipf's law, each with a lean of their own; a quarter of the votes
is neutral. Weekly news moves everyone's mood, in part shared by all brands, and remembers itself (AR(1)); volume is
bursty. An author who posts in a week has one vote; posts are counted too, for methods that take each for a witness.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.bench.effect_error_rates import remember

EVENT = date(2023, 8, 6)
AFTER = 4
NEUTRAL = 0.25
SEARCHED = 26  # last bins among which a searched date lies
DECAY = np.array([1.0, 0.7, 0.4, 0.2])

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """What a world is like. `effect` in points of net trust; `posts_a_day` of each brand."""

    name: str = "plain"
    past: int = 52
    peers: int = 4
    posts_a_day: float = 60
    memory: float = 0.6
    effect: float = 0.0
    spike: float = 1.0  # volume in the first bin after the event, half of it in the second
    quiet: float = 1.0  # volume in all bins after the event
    newcomers: bool = False  # the event doubles the crowd with people never seen before
    bots: bool = False  # five, with 40 % of the posts
    capped: bool = False  # at most a usual week's posts are collected
    uneven: bool = False  # weeks differ much in volume and in how divided people are
    decays: bool = False  # the effect is gone after a month
    scandals: bool = False  # three weeks in a hundred begin a slump of 12 points that lasts a month
    restless_peers: bool = False  # the peers' own moods are three times the brand's
    peer_scandal: bool = False  # one peer falls by 40 points on the event's day
    searched: bool = False  # the date is where the series moved most


@dataclass(frozen=True)
class World:
    """One brand's bins around an event, and its peers'; `truth` is the mean effect over the bins after."""

    bins: pd.DataFrame  # start, value, authors, variance; posts, post_mean, post_variance
    peers: pd.DataFrame | None
    event: date
    truth: float


def simulate(setting: Setting, random: np.random.Generator) -> World:
    """A world of this kind."""
    brands, past = 1 + setting.peers, setting.past
    bins = past + AFTER + (SEARCHED if setting.searched else 0)
    mood = _moods(setting, brands, bins, random)
    volume = np.exp((1.0 if setting.uneven else 0.3) * remember(random, brands, bins, 0.5))
    volume /= math.exp((1.0 if setting.uneven else 0.3) ** 2 / 2)
    volume[0, past : past + 2] *= [setting.spike, 1 + (setting.spike - 1) / 2]
    volume[0, past : past + AFTER] *= setting.quiet
    neutral = np.full((brands, bins), NEUTRAL)
    if setting.uneven:
        neutral = random.uniform(0.05, 0.65, size=(brands, bins))
    shape = np.zeros(bins)
    shape[past : past + AFTER] = setting.effect * (DECAY if setting.decays else 1.0)
    mood[0] += shape / (100 * (1 - neutral[0]))

    authors = max(60, int(10 * setting.posts_a_day))
    zipf = 1 / np.arange(1, authors + 1)
    rate = np.broadcast_to(7 * setting.posts_a_day * zipf / zipf.sum(), (brands, 1, authors))
    expected = rate * volume[:, :, None]
    if setting.newcomers:
        fresh = np.zeros((brands, bins, authors))
        fresh[0, past:] = 7 * setting.posts_a_day / authors
        expected = np.concatenate([expected, fresh], axis=2)
    lean = random.normal(0, 0.3, size=(brands, 1, expected.shape[2]))
    if setting.bots:
        loud = np.repeat(expected.sum(axis=2, keepdims=True) * (0.4 / 0.6) / 5, 5, axis=2)
        expected = np.concatenate([expected, loud], axis=2)
        lean = np.concatenate([lean, np.zeros((brands, 1, 5))], axis=2)
    if setting.capped:
        expected = expected * np.minimum(1.0, 7 * setting.posts_a_day / expected.sum(axis=2, keepdims=True))
    praise = np.clip(0.5 + (lean + mood[:, :, None]) / 2, 0, 1).astype(np.float32)
    speaks = -np.expm1(-expected.astype(np.float32))
    opinion = (1 - neutral[:, :, None]).astype(np.float32)
    draw = random.random(expected.shape, dtype=np.float32)  # one draw decides on both: speaking, and how
    posts = np.where(draw < speaks, np.maximum(1.0, np.rint(expected)), 0.0)
    vote = 200.0 * (draw < speaks * opinion * praise) - 100.0 * (draw < speaks * opinion)
    frames = [_count(posts[brand], vote[brand], past) for brand in range(brands)]
    event, own = EVENT, frames[0]
    if setting.searched:
        event = _search(own, past)
    named = [frame.assign(brand=f"peer {number}") for number, frame in enumerate(frames[1:], 1)]
    peers = pd.concat(named, ignore_index=True) if named else None
    return World(own, peers, event, float(shape[past : past + AFTER].mean()))


def _moods(setting: Setting, brands: int, bins: int, random: np.random.Generator) -> Floats:
    shared, own = remember(random, 1, bins, setting.memory), remember(random, brands, bins, setting.memory)
    if setting.restless_peers:
        own[1:] *= 3
    mood = 0.08 * shared + 0.04 * own
    if setting.scandals:
        for brand, first in zip(*np.nonzero(random.random((brands, bins)) < 0.03), strict=True):
            width = min(AFTER, bins - int(first))
            mood[brand, first : first + width] -= 0.16 * DECAY[:width]
    if setting.peer_scandal and brands > 1:
        mood[1, setting.past : setting.past + AFTER] -= 0.53
    return mood


def _count(posts: Floats, vote: Floats, past: int) -> pd.DataFrame:
    speaks = posts > 0
    voices, written = speaks.sum(axis=1), posts.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (vote * speaks).sum(axis=1) / voices
        spread = (np.square(vote - value[:, None]) * speaks).sum(axis=1) / (voices - 1)
        post_mean = (vote * posts).sum(axis=1) / written
        post_variance = (np.square(vote) * posts).sum(axis=1) / written - np.square(post_mean)
        variance = np.where(voices > 1, spread / voices, np.nan)
    starts = [EVENT + timedelta(days=7 * (week - past)) for week in range(len(posts))]
    return pd.DataFrame(
        {
            "start": starts,
            "value": value,
            "authors": voices,
            "variance": variance,
            "posts": written,
            "post_mean": post_mean,
            "post_variance": post_variance,
        }
    )


def _search(own: pd.DataFrame, past: int) -> date:
    """The date among the last half year at which this very series moved most."""
    value = own["value"].to_numpy()
    moved = [
        abs(np.nanmean(value[at : at + AFTER]) - np.nanmean(value[at - 8 : at])) for at in range(past, past + SEARCHED)
    ]
    return EVENT + timedelta(days=7 * int(np.argmax(moved)))
