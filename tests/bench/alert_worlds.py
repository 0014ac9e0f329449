"""Simulated hours of a brand, as restless as real ones are.

A crowd of authors whose activity follows Zipf's law. Volume has a day and night and a weekend, news that remembers
itself (AR(1) of days, a log standard deviation of 0.3), threads in which one post draws others within hours, and
authors who post several times in a row. Each author has a lean; news moves everyone's mood, which remembers itself too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.alerts.hours import DAY, BrandHours, SourceHours
from tests.bench.effect_error_rates import remember

PAST = 84 * DAY
FIRST = 455_880  # a Monday, 2022-01-03
NIGHT = 1 + 0.75 * np.sin(2 * np.pi * (np.arange(DAY) - 9) / DAY)
WEEKEND = np.array([1.05, 1.1, 1.1, 1.05, 1.0, 0.8, 0.9])
SCORES = np.array([-0.5, 0.0, 0.5])

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Quiet:
    """What a brand is like. `days` are judged, after twelve weeks of past."""

    posts_a_day: float
    days: int = 364
    news: float = 0.3
    memory: float = 0.6
    drawn: float = 0.25  # replies that a post draws on average, replies to replies too
    again: float = 0.3  # further posts of the same author within the hour, on average
    mood: float = 0.08
    growth: float = 0.0  # of the log of volume in a year


@dataclass(frozen=True)
class Surge:
    """From hour `begins` on, for `lasts` hours, `times` as many posts."""

    begins: int
    times: float
    lasts: int = 6


@dataclass(frozen=True)
class Known:
    """What nobody but the maker of a world knows: by the hour, posts that begin threads, and the news of that hour.

    `usual` is what would be expected without news, `news` what it is multiplied by; surges are in neither.
    """

    hours: BrandHours
    usual: Floats
    news: Floats


def share_of_posts(quiet: Quiet) -> Floats:
    """Of each author, the most active first."""
    authors = int(max(60, 20 * quiet.posts_a_day))
    weight = 1 / np.arange(1, authors + 1)
    found: Floats = weight / weight.sum()
    return found


def simulate(quiet: Quiet, random: np.random.Generator, surges: tuple[Surge, ...] = ()) -> BrandHours:
    """One source, collected in full, from hour `FIRST` on: a past of twelve weeks, then the days to judge."""
    return simulate_known(quiet, random, surges).hours


def simulate_known(quiet: Quiet, random: np.random.Generator, surges: tuple[Surge, ...] = ()) -> Known:
    """The same, with what is behind it."""
    size = PAST + quiet.days * DAY
    hour = np.arange(size)
    days = size // DAY
    loud = np.repeat(remember(random, 1, days, quiet.memory)[0], DAY)
    usual = quiet.posts_a_day / DAY * NIGHT[hour % DAY] * WEEKEND[hour // DAY % 7]
    usual = usual * np.exp(quiet.growth * hour / (364 * DAY)) * (1 - quiet.drawn) / (1 + quiet.again)
    news = np.exp(quiet.news * loud - quiet.news**2 / 2)
    rate = usual * news
    for surge in surges:
        rate[surge.begins : surge.begins + surge.lasts] *= surge.times
    when = np.repeat(hour, random.poisson(rate))
    generation = when
    while len(generation):  # threads: a reply comes within hours, and draws others
        replies = np.repeat(generation, random.poisson(quiet.drawn, len(generation)))
        generation = replies + random.geometric(0.4, len(replies)) - 1
        generation = generation[generation < size]
        when = np.concatenate([when, generation])
    activity = share_of_posts(quiet)
    authors = len(activity)
    voice = random.choice(authors, len(when), p=activity)
    repeats = random.poisson(quiet.again, len(when))
    when, voice = np.concatenate([when, np.repeat(when, repeats)]), np.concatenate([voice, np.repeat(voice, repeats)])
    lean = random.normal(0, 0.3, authors)
    mood = quiet.mood * np.repeat(remember(random, 1, days, quiet.memory)[0], DAY)
    draw = random.random(len(when))
    praise = 0.375 * np.clip(1 + lean[voice] + mood[when], 0, 2)
    compound = np.where(draw < praise, 0.5, np.where(draw < 0.75, -0.5, 0.0))
    key = np.unique(when * authors + voice, return_index=True)[1]
    source = SourceHours(FIRST, np.ones(size, dtype=bool), when[key] + FIRST, voice[key], compound[key])
    return Known(BrandHours(FIRST, size, {"forum": source}), usual, news)
