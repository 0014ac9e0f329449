"""Each hour of a brand's volume beside its own pattern: how many voices spoke, how many usually do, how rare that is.

Judged are the 1, 3, 6, 12 and 24 hours that end with each hour. What is expected of a window is the sum over the
sources that were collected in full through all of it, and so is what was seen: a source that is missing, new, broken or
sampled at a constant size is left out on both sides, so a gap is no drop and a new source no surge. A source is new for
three weeks, or after a break.

A surge is held to what is to be expected after the news that went before the window (`news`), by how far counts of
that hour of the day scatter; a drop to the usual.
Beside its windows each hour has what all hours up to it say together for a surge (`summing`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.alerts.false_rate import tail_above, tail_below, widen
from analytics.alerts.hours import DAY, WEEK, BrandHours, Flags, Floats, SourceHours
from analytics.alerts.news import foretell, hear_news, learn_news
from analytics.alerts.scatter import ROUGH, Scatter, compare_hours, measure_scatter
from analytics.alerts.season import PAST_DAYS, fit_week, hour_of_week
from analytics.alerts.summing import sum_up

LENGTHS = (1, 3, 6, 12, DAY)
WARM_UP = WEEK  # hours of the past after which it is known how loud it was
RANGE = 0.005  # beyond either end of what is called the usual range


@dataclass(frozen=True, slots=True)
class VolumeWindow:
    """Windows of one length, an entry for each judged hour with which one ends; NaN where it could not be judged.

    `observed` voices; `expected` by the week's pattern, `high` and `low` the ends of its usual range; `above` and
    `below`: how rare so many, or so few, are; 1 on the other side of what is expected.
    """

    length: int
    observed: Floats
    expected: Floats
    low: Floats
    high: Floats
    above: Floats
    below: Floats


@dataclass(frozen=True, slots=True)
class Volume:
    """The windows that end with each judged hour, and what the hours up to it say together for a surge."""

    windows: list[VolumeWindow]
    summed: Floats


def judge_volume(hours: BrandHours, since: int, until: int) -> Volume:
    """The hours since ≤ h < until. Each day is judged by the twelve weeks before it."""
    parts: list[Volume] = []
    start = since
    while start < until:
        stop = min(until, (start // DAY + 1) * DAY)
        parts.append(_judge_day(hours, start, stop))
        start = stop
    if not parts:
        return Volume([], np.zeros(0))
    windows = [_join([part.windows[place] for part in parts]) for place in range(len(LENGTHS))]
    return Volume(windows, np.concatenate([part.summed for part in parts]))


def _join(parts: list[VolumeWindow]) -> VolumeWindow:
    names = ("observed", "expected", "low", "high", "above", "below")
    return VolumeWindow(parts[0].length, *(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _judge_day(hours: BrandHours, since: int, until: int) -> Volume:
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
    news = hear_news(seen[1], expected[1])
    hour_of_day = np.arange(begin, until) % DAY
    past, asked = slice(WARM_UP, end - begin), slice(since - begin, None)
    wide = {length: measure_scatter(seen[length][past], expected[length][past]) for length in LENGTHS}
    found = []
    for length in LENGTHS:
        before = np.concatenate([np.zeros((length, news.shape[1])), news[:-length]])
        told, scatter = _foretell(before, seen[length], expected[length], past)
        wider = widen(scatter, length)
        times = compare_hours(seen[length][past], told[past], scatter, hour_of_day[past])[hour_of_day[asked]]
        found.append(
            _judge(length, seen[length][asked], expected[length][asked], told[asked], wider, times, wide[length])
        )
    return Volume(found, sum_up(seen[1], expected[1], wide[1])[asked])


def _foretell(news: Floats, seen: Floats, expected: Floats, past: slice) -> tuple[Floats, Scatter]:
    """What is to be expected of each window after the news that went before it, and how past windows scatter around."""
    told, scatter = expected, ROUGH
    for _ in range(2):  # how much a window tells of what news leaves depends on its scatter, and the other way about
        weights = learn_news(news[past], seen[past], expected[past], scatter)
        told = expected * foretell(news, weights)
        scatter = measure_scatter(seen[past], told[past])
    return told, scatter


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


def _judge(
    length: int, seen: Floats, usual: Floats, told: Floats, scatter: Scatter, times: Floats, wide: Scatter
) -> VolumeWindow:
    judged = usual > 0
    blank = np.where(judged, 0.0, np.nan)
    low, high = _usual_range(np.maximum(usual, 1e-9), wide)
    return VolumeWindow(
        length,
        seen + blank,
        usual + blank,
        low + blank,
        high + blank,
        _rarity(tail_above, seen, told, scatter, seen > told, times) + blank,
        _rarity(tail_below, seen, usual, wide, seen < usual) + blank,
    )


def _rarity(
    tail: Callable[..., Floats], seen: Floats, expected: Floats, scatter: Scatter, asked: Flags, *times: Floats
) -> Floats:
    found = np.ones(len(seen))
    found[asked] = tail(seen[asked], np.maximum(expected[asked], 1e-9), scatter, *(each[asked] for each in times))
    return found


def _usual_range(expected: Floats, scatter: Scatter) -> tuple[Floats, Floats]:
    from scipy.stats import nbinom

    size = 1 / (scatter.news + (scatter.threads - 1) / expected)
    chance = size / (size + expected)
    return nbinom.ppf(RANGE, size, chance), nbinom.ppf(1 - RANGE, size, chance)
