"""What an hour says on each thing that is watched: whether it is an alarm, and whether the series is as usual.

Volume: `volume_surge` and `volume_drop`. Net trust expression: `trust_fall` and `trust_rise`. A surge is a window that
is rare by itself, or that ends with an hour up to which all hours together say so; it must besides be a quarter
more than usual and `FEWEST_LOUD` voices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.alerts.expressed_trust import TrustWindow, judge_trust
from analytics.alerts.false_rate import DROP, SURGE, TRUST, Strictness, evidence_needed, rarest, share_out
from analytics.alerts.hours import DAY, BrandHours, Flags, Floats
from analytics.alerts.volume import Volume, VolumeWindow, judge_volume
from brands.schema import AlertKind

# Times the usual; of a surge less, since three times as much of a quiet day may be less than twice the usual.
LEAST_TIMES: dict[AlertKind, float] = {"volume_surge": 1.25, "volume_drop": 1.5}
FEWEST_LOUD = 10  # voices
LEAST_POINTS = 5.0  # of net trust
STRICTNESS: dict[AlertKind, Strictness] = {"volume_surge": SURGE, "volume_drop": DROP}


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something far from its usual in the `length` hours that end with an hour.

    Voices for volume; points of net trust, counted over `voices`, for trust. `size`: how many times the usual (or, of a
    drop, how many times less), or how many points away.
    """

    length: int
    observed: float
    expected: float
    low: float
    high: float
    voices: int
    size: float


@dataclass(frozen=True, slots=True)
class Look:
    """An hour as one thing that is watched sees it. Not `judged`: it, or its past, was not collected."""

    hour: int
    judged: bool
    usual: bool
    alarm: Alarm | None


def look_at_hours(
    hours: BrandHours, kinds: Sequence[AlertKind], false_incidents_a_year: float, since: int, until: int
) -> dict[AlertKind, list[Look]]:
    """Each hour since ≤ h < until, for each kind. The false incidents of a year are shared among the kinds."""
    shares = share_out(kinds, false_incidents_a_year)
    found: dict[AlertKind, list[Look]] = {}
    wanted = {"volume_surge", "volume_drop"} & set(kinds)
    volume = judge_volume(hours, since, until) if wanted else Volume([], np.zeros(0))
    trust = judge_trust(hours, since, until) if {"trust_fall", "trust_rise"} & set(kinds) else []
    for kind in kinds:
        watched = volume.windows if kind.startswith("volume") else trust
        loud = np.zeros(until - since, dtype=bool)
        if kind == "volume_surge":
            loud = volume.summed > evidence_needed(shares[kind], SURGE)
        found[kind] = list(_look(kind, watched, loud, shares[kind], since, until))
    return found


def _look(
    kind: AlertKind, windows: Sequence[VolumeWindow | TrustWindow], loud: Flags, share: float, since: int, until: int
) -> Iterator[Look]:
    """`loud`: hours up to which all hours together say that there is one, whatever each window says."""
    upwards = kind in ("volume_surge", "trust_rise")
    strictness = STRICTNESS.get(kind, TRUST)
    windows = [window for window in windows if window.length in strictness.parts]
    alarming: list[tuple[VolumeWindow | TrustWindow, Floats, Floats]] = []
    judged = np.zeros(until - since, dtype=bool)
    usual = np.ones(until - since, dtype=bool)
    for window in windows:
        known = np.isfinite(window.observed)
        rarity = (window.above if upwards else window.below) / rarest(share, window.length, strictness)
        size = _size(kind, window)
        with np.errstate(invalid="ignore"):
            alarm = known & (loud | (rarity < 1)) & _is_large(kind, window, size)
        alarming.append((window, np.where(alarm, rarity, np.inf), size))
        # Whether volume has come back is read from hours; their day still holds the surge.
        if kind != "volume_surge" or window.length < DAY:
            judged |= known
            usual &= ~known | _is_usual(upwards, window)
    for place in range(until - since):
        rarest_window, rarity, size = min(alarming, key=lambda each: each[1][place])
        alarm_here = None
        if np.isfinite(rarity[place]):
            told = rarest_window
            voices = told.voices if isinstance(told, TrustWindow) else told.observed
            observed, expected, low, high = (
                float(each[place]) for each in (told.observed, told.expected, told.low, told.high)
            )
            alarm_here = Alarm(told.length, observed, expected, low, high, int(voices[place]), float(size[place]))
        yield Look(
            since + place, bool(judged[place]), bool(judged[place] and usual[place] and not alarm_here), alarm_here
        )


def _size(kind: AlertKind, window: VolumeWindow | TrustWindow) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        if kind == "volume_surge":
            return window.observed / window.expected
        if kind == "volume_drop":
            return window.expected / np.maximum(window.observed, 0.5)
        return np.abs(window.observed - window.expected)


def _is_large(kind: AlertKind, window: VolumeWindow | TrustWindow, size: Floats) -> Flags:
    if kind == "volume_surge":
        return (size >= LEAST_TIMES[kind]) & (window.observed >= FEWEST_LOUD)
    return size >= LEAST_TIMES.get(kind, LEAST_POINTS)


def _is_usual(upwards: bool, window: VolumeWindow | TrustWindow) -> Flags:
    with np.errstate(invalid="ignore"):
        return window.observed <= window.high if upwards else window.observed >= window.low
