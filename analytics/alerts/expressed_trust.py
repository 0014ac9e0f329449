"""Each hour of a brand's net trust expression beside its own pattern: how far from its usual, and how rare that is.

Judged are the 1 and 24 hours that end with each hour. A voice has one vote in a window, the sign of the mean score of
what it said there; net trust is 100·(positive − negative)/voices, and a window with fewer than `FEWEST_VOICES` is not
judged. What is usual is the median of earlier windows of the same length over the same sources, those that were
collected in full through the window that is judged: others are left out on both sides.

Scatter has two parts: chance among the voices of a window, which is known, and restlessness between windows, by the
median absolute deviation less what chance alone gives (Hampel 1974, Journal of the American Statistical Association
69(346)). The deviation is held to Student's distribution with 0.37 degrees of freedom an earlier window, which is what
a median absolute deviation is worth beside a standard deviation (Rousseeuw and Croux 1993, the same journal, 88(424)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from analytics.alerts.hours import DAY, BrandHours, Floats, Hours, SourceHours
from analytics.alerts.season import FEWEST_HOURS, PAST_DAYS

LENGTHS = (1, DAY)
FEWEST_VOICES = 30
FEWEST_WINDOWS = 21
RANGE = 0.005
MAD_TO_DEVIATION = 1.4826
MAD_WORTH = 0.37
NEUTRAL = 0.05  # of a mean score: as everywhere


@dataclass(frozen=True, slots=True)
class TrustWindow:
    """Windows of one length, an entry for each judged hour with which one ends; NaN where it could not be judged.

    `observed`, `expected`, `low` and `high` in points of net trust, −100…100; `above` and `below`: how rare so high, or
    so low, is; `voices` that it was counted over.
    """

    length: int
    observed: Floats
    expected: Floats
    low: Floats
    high: Floats
    above: Floats
    below: Floats
    voices: Floats


@dataclass(frozen=True, slots=True)
class _Past:
    usual: float
    restless: float  # a standard deviation between windows, in points
    windows: int


@dataclass(frozen=True, slots=True)
class _Votes:
    """What several sources hold together, in the order of hours."""

    hour: Hours
    voice: Hours
    compound: Floats

    def between(self, since: int, until: int) -> slice:
        begin, end = np.searchsorted(self.hour, (since, until))
        return slice(int(begin), int(end))


def judge_trust(hours: BrandHours, since: int, until: int) -> list[TrustWindow]:
    """The windows that end with hours since ≤ h < until. Each day is judged by the twelve weeks before it."""
    whole = {length: {name: source.whole(length) for name, source in hours.sources.items()} for length in LENGTHS}
    together: dict[tuple[str, ...], _Votes] = {}
    found = []
    for length in LENGTHS:
        rows = np.full((until - since, 7), np.nan)
        pasts: dict[tuple[int, tuple[str, ...]], _Past | None] = {}
        for hour in range(since, until):
            day = hour // DAY * DAY
            names = tuple(
                name
                for name, source in hours.sources.items()
                if whole[length][name][hour - hours.first] and _has_past(source, day)
            )
            if not names:
                continue
            if names not in together:
                together[names] = _gather([hours.sources[name] for name in names])
            votes = together[names]
            inside = votes.between(hour - length + 1, hour + 1)
            if inside.stop - inside.start < FEWEST_VOICES:
                continue
            net, voices, chance = _count(votes.voice[inside], votes.compound[inside])
            if voices < FEWEST_VOICES:
                continue
            if (day, names) not in pasts:
                pasts[day, names] = _look_back(hours, names, votes, whole[length], length, day)
            past = pasts[day, names]
            if past is not None:
                rows[hour - since] = _judge(net, voices, chance, past)
        found.append(TrustWindow(length, *(np.ascontiguousarray(column) for column in rows.T)))
    return found


def _has_past(source: SourceHours, day: int) -> bool:
    begin = max(day - PAST_DAYS * DAY, source.usable_from) - source.first
    return int(source.covered[max(begin, 0) : max(day - source.first, 0)].sum()) >= FEWEST_HOURS


def _gather(sources: list[SourceHours]) -> _Votes:
    hour, voice, compound, used = [], [], [], 0
    for source in sources:
        scored = np.isfinite(source.compound)
        hour.append(source.hour[scored])
        voice.append(source.voice[scored] + used)
        compound.append(source.compound[scored])
        used += int(source.voice.max(initial=-1)) + 1
    order = np.argsort(np.concatenate(hour), kind="stable")
    return _Votes(np.concatenate(hour)[order], np.concatenate(voice)[order], np.concatenate(compound)[order])


def _count(voice: Hours, compound: Floats) -> tuple[float, int, float]:
    """Net trust, voices, and the variance that chance alone gives to that net trust."""
    _, who = np.unique(voice, return_inverse=True)
    mean = np.bincount(who, compound) / np.bincount(who)
    vote = 100.0 * ((mean >= NEUTRAL).astype(float) - (mean <= -NEUTRAL))
    return float(vote.mean()), len(vote), float(vote.var() / max(len(vote) - 1, 1))


def _look_back(
    hours: BrandHours, names: tuple[str, ...], votes: _Votes, whole: dict[str, np.ndarray], length: int, day: int
) -> _Past | None:
    """The windows of this length before `day`, one after the other, in which all these sources were collected."""
    begin = max(hours.first, day - PAST_DAYS * DAY)
    ends = np.arange(begin + length - 1, day, length)
    full = np.logical_and.reduce([whole[name][ends - hours.first] for name in names])
    nets, chances = [], []
    for end in ends[full]:
        inside = votes.between(end - length + 1, end + 1)
        if inside.stop - inside.start < FEWEST_VOICES:
            continue
        net, voices, chance = _count(votes.voice[inside], votes.compound[inside])
        if voices >= FEWEST_VOICES:
            nets.append(net)
            chances.append(chance)
    if len(nets) < FEWEST_WINDOWS:
        return None
    usual = float(np.median(nets))
    scatter = MAD_TO_DEVIATION * float(np.median(np.abs(np.array(nets) - usual)))
    return _Past(usual, float(np.sqrt(max(scatter**2 - float(np.median(chances)), 0.0))), len(nets))


def _judge(net: float, voices: int, chance: float, past: _Past) -> tuple[float, ...]:
    own = past.restless**2 + chance
    deviation = float(np.sqrt(own * (1 + np.pi / 2 / past.windows)))
    freedom = MAD_WORTH * past.windows
    away = (net - past.usual) / deviation if deviation > 0 else 0.0
    reach = deviation * float(stdtrit(freedom, 1 - RANGE))
    low, high = max(past.usual - reach, -100.0), min(past.usual + reach, 100.0)
    return net, past.usual, low, high, float(stdtr(freedom, -away)), float(stdtr(freedom, away)), float(voices)
