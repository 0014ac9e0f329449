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

from dataclasses import dataclass, field

import numpy as np
from scipy.special import stdtr, stdtrit

from analytics.alerts.hours import DAY, BrandHours, Flags, Floats, Hours, SourceHours
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
class _Count:
    """Net trust over so many voices, and the variance that chance alone gives to that net trust."""

    net: float
    voices: int
    chance: float


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


@dataclass(frozen=True, slots=True)
class _Windows:
    """Windows of one length over what several sources hold together; many days ask for the same, counted once."""

    votes: _Votes
    length: int
    counted: dict[int, _Count | None] = field(default_factory=dict)

    def count(self, end: int) -> _Count | None:
        """The window that ends with an hour; None with too few voices."""
        if end not in self.counted:
            inside = self.votes.between(end - self.length + 1, end + 1)
            found = None
            if inside.stop - inside.start >= FEWEST_VOICES:
                found = _count(self.votes.voice[inside], self.votes.compound[inside])
            self.counted[end] = found if found and found.voices >= FEWEST_VOICES else None
        return self.counted[end]


def judge_trust(hours: BrandHours, since: int, until: int) -> list[TrustWindow]:
    """The windows that end with hours since ≤ h < until. Each day is judged by the twelve weeks before it."""
    together: dict[tuple[str, ...], _Votes] = {}
    found = []
    for length in LENGTHS:
        whole = {name: source.whole(length) for name, source in hours.sources.items()}
        rows = np.full((until - since, 7), np.nan)
        windows: dict[tuple[str, ...], _Windows] = {}
        pasts: dict[tuple[int, tuple[str, ...]], _Past | None] = {}
        for hour in range(since, until):
            day = hour // DAY * DAY
            names = tuple(
                name
                for name, source in hours.sources.items()
                if whole[name][hour - hours.first] and has_past(source, day)
            )
            if not names:
                continue
            if names not in windows:
                votes = together.setdefault(names, _gather([hours.sources[name] for name in names]))
                windows[names] = _Windows(votes, length)
            count = windows[names].count(hour)
            if count is None:
                continue
            if (day, names) not in pasts:
                full = np.logical_and.reduce([whole[name] for name in names])
                pasts[day, names] = _look_back(hours, windows[names], full, day)
            past = pasts[day, names]
            if past is not None:
                rows[hour - since] = _judge(count, past)
        found.append(TrustWindow(length, *(np.ascontiguousarray(column) for column in rows.T)))
    return found


def has_past(source: SourceHours, day: int) -> bool:
    """Whether enough of the twelve weeks before a day was collected to know what is usual on the source."""
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


def _count(voice: Hours, compound: Floats) -> _Count:
    _, who = np.unique(voice, return_inverse=True)
    mean = np.bincount(who, compound) / np.bincount(who)
    vote = 100.0 * ((mean >= NEUTRAL).astype(float) - (mean <= -NEUTRAL))
    return _Count(float(vote.mean()), len(vote), float(vote.var() / max(len(vote) - 1, 1)))


def _look_back(hours: BrandHours, windows: _Windows, full: Flags, day: int) -> _Past | None:
    """The windows before `day`, one after the other, in which all these sources were collected."""
    begin = max(hours.first, day - PAST_DAYS * DAY)
    ends = np.arange(begin + windows.length - 1, day, windows.length)
    asked = (windows.count(int(end)) for end in ends[full[ends - hours.first]])
    counts = [count for count in asked if count is not None]
    if len(counts) < FEWEST_WINDOWS:
        return None
    nets = np.array([count.net for count in counts])
    usual = float(np.median(nets))
    scatter = MAD_TO_DEVIATION * float(np.median(np.abs(nets - usual)))
    chance = float(np.median([count.chance for count in counts]))
    return _Past(usual, float(np.sqrt(max(scatter**2 - chance, 0.0))), len(counts))


def _judge(count: _Count, past: _Past) -> tuple[float, ...]:
    own = past.restless**2 + count.chance
    deviation = float(np.sqrt(own * (1 + np.pi / 2 / past.windows)))
    freedom = MAD_WORTH * past.windows
    away = (count.net - past.usual) / deviation if deviation > 0 else 0.0
    reach = deviation * float(stdtrit(freedom, 1 - RANGE))
    low, high = max(past.usual - reach, -100.0), min(past.usual + reach, 100.0)
    above, below = float(stdtr(freedom, -away)), float(stdtr(freedom, away))
    return count.net, past.usual, low, high, above, below, float(count.voices)
