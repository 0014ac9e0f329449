"""Each hour of a brand's volume beside its own pattern: how many voices spoke, how many usually do, how rare that is.

Judged are the 1, 3, 6, 12 and 24 hours that end with each hour. What is expected of a window is the sum over the
sources that were collected in full through all of it, and so is what was seen: a source that is missing, new, broken or
sampled at a constant size is left out on both sides, so a gap is no drop and a new source no surge. A source is new for
three weeks, or after a break.

News of days outlasts a day. What is expected for judging is the usual, moved by as much of the loudness of the day
before the window as such days left to the next one in this brand's own past (an autoregression of the log of volume;
Box and Jenkins 1970, Time Series Analysis, chapter 3), up and down, as far as it can be told from chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.alerts.false_rate import tail_above, tail_below
from analytics.alerts.hours import DAY, BrandHours, Flags, Floats, SourceHours
from analytics.alerts.season import PAST_DAYS, fit_week, hour_of_week, measure_dispersion

LENGTHS = (1, 3, 6, 12, DAY)
LOUDEST = 0.6  # of the log of how many times the usual
MEMORY = 0.9  # of one day in the next, at most
RANGE = 0.005  # beyond either end of what is called the usual range


@dataclass(frozen=True, slots=True)
class VolumeWindow:
    """Windows of one length, an entry for each judged hour with which one ends; NaN where it could not be judged.

    `observed` voices; `expected` by the week's pattern, `high` and `low` the ends of its usual range; `above` and
    `below`: how rare so many, or so few, are.
    """

    length: int
    observed: Floats
    expected: Floats
    low: Floats
    high: Floats
    above: Floats
    below: Floats


def judge_volume(hours: BrandHours, since: int, until: int) -> list[VolumeWindow]:
    """The windows that end with hours since ≤ h < until. Each day is judged by the twelve weeks before it."""
    parts: list[list[VolumeWindow]] = []
    start = since
    while start < until:
        stop = min(until, (start // DAY + 1) * DAY)
        parts.append(_judge_day(hours, start, stop))
        start = stop
    return [_join([part[place] for part in parts]) for place in range(len(LENGTHS))] if parts else []


def _join(parts: list[VolumeWindow]) -> VolumeWindow:
    names = ("observed", "expected", "low", "high", "above", "below")
    return VolumeWindow(parts[0].length, *(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _judge_day(hours: BrandHours, since: int, until: int) -> list[VolumeWindow]:
    """Hours of one UTC day; the pattern is that of the days before it."""
    end = since // DAY * DAY
    begin = max(hours.first, end - PAST_DAYS * DAY)
    begin += -begin % DAY
    span = np.arange(begin - hours.first, until - hours.first)
    seen = {length: np.zeros(len(span)) for length in LENGTHS}
    expected = {length: np.zeros(len(span)) for length in LENGTHS}
    for source in hours.sources.values():
        if source.counts_volume and end > begin:
            _add_source(source, hours, begin, end, span, seen, expected)
    past = end - begin
    of_day = np.flatnonzero((np.arange(past) + 1) % DAY == 0)
    plain = measure_dispersion(seen[DAY][of_day], expected[DAY][of_day])
    before = _follow_news(seen[DAY], expected[DAY], plain, past)
    found = []
    for length in LENGTHS:
        told = expected[length] * np.concatenate([np.ones(length), before[:-length]])
        ends = np.flatnonzero((np.arange(past) + 1) % length == 0)
        spread = measure_dispersion(seen[length][ends], told[ends])
        wide = measure_dispersion(seen[length][ends], expected[length][ends])
        asked = slice(since - begin, None)
        found.append(_judge(length, seen[length][asked], expected[length][asked], told[asked], spread, wide))
    return found


def _add_source(
    source: SourceHours,
    hours: BrandHours,
    begin: int,
    end: int,
    span: np.ndarray,
    seen: dict[int, Floats],
    expected: dict[int, Floats],
) -> None:
    past = slice(begin - hours.first, end - hours.first)
    usable: Flags = source.whole(1)
    usual = fit_week(source.voices(1)[past], usable[past], begin)
    if usual is None:
        return
    at = span[0] - (DAY - 1)
    padded = np.arange(at, span[-1] + 1)
    running = np.concatenate([[0.0], np.cumsum(usual[hour_of_week(padded + hours.first)])])
    for length in LENGTHS:
        whole = source.whole(length)[span]
        voices = source.voices(length)[span]
        windows = running[DAY:] - running[DAY - length : -length]
        before = whole[: end - begin]
        # Who speaks in two hours of a day is one voice of the day.
        apart = windows[: end - begin][before].sum()
        once = min(voices[: end - begin][before].sum() / apart, 1.0) if length > 1 and apart > 0 else 1.0
        seen[length] += np.where(whole, voices, 0.0)
        expected[length] += np.where(whole, windows * once, 0.0)


def _follow_news(seen: Floats, expected: Floats, dispersion: float, past: int) -> Floats:
    """How many times the usual is to be expected after each day: what is left of how loud it was.

    What is left is learnt from how each day of the past followed the one before it. A day beyond `LOUDEST` counts as
    that, so that the surge of yesterday does not become the usual of today.
    """
    prior = 1 / dispersion
    loud = np.clip(np.log((seen + prior) / (expected + prior)), -LOUDEST, LOUDEST)
    days = loud[:past][DAY - 1 :: DAY]
    memory = np.clip((days[1:] * days[:-1]).sum() / max(np.square(days[:-1]).sum(), 1e-9), 0.0, MEMORY)
    left: Floats = np.exp(memory * loud)
    return left


def _judge(length: int, seen: Floats, usual: Floats, told: Floats, spread: float, wide: float) -> VolumeWindow:
    judged = usual > 0
    blank = np.where(judged, 0.0, np.nan)
    low, high = _usual_range(np.maximum(usual, 1e-9), wide)
    return VolumeWindow(
        length,
        seen + blank,
        usual + blank,
        low + blank,
        high + blank,
        tail_above(seen, np.maximum(told, 1e-9), spread) + blank,
        tail_below(seen, np.maximum(usual, 1e-9), wide) + blank,
    )


def _usual_range(expected: Floats, dispersion: float) -> tuple[Floats, Floats]:
    from scipy.stats import nbinom

    size = 1 / dispersion
    chance = size / (size + expected)
    return nbinom.ppf(RANGE, size, chance), nbinom.ppf(1 - RANGE, size, chance)
