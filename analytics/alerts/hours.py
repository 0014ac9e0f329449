"""Hours of a brand: who spoke in which, and which were collected in full.

An hour is a whole number: hours since 1970-01-01 00:00 UTC. A source is a series of its own, since a voice is one
person on one source: what is counted of several sources may be added, and one that is missing can be left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Hours = NDArray[np.int64]
Flags = NDArray[np.bool_]

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC, as the store keeps it
DAY, WEEK = 24, 168


def number_hour(moment: datetime) -> int:
    """The hour that holds a moment (UTC without zone)."""
    return (moment - EPOCH) // timedelta(hours=1)


def name_hour(hour: int) -> datetime:
    """When an hour begins, UTC without zone."""
    return EPOCH + timedelta(hours=int(hour))


@dataclass(frozen=True, slots=True)
class SourceHours:
    """One source from hour `first` on.

    `covered` has a flag an hour: collected in full. The other three have an entry for each voice and hour in which it
    spoke, in any order: `hour`, `voice` (a small number that tells voices apart) and `compound`, the mean score −1…1 of
    what it said, NaN where nothing of it could be scored. `usable_from`: hours before it are of another kind (a source
    break). `counts_volume` is False where the number of posts says nothing, as of a sample of constant size.
    """

    first: int
    covered: Flags
    hour: Hours
    voice: Hours
    compound: Floats
    usable_from: int = 0
    counts_volume: bool = True
    _distinct: dict[int, Floats] = field(default_factory=dict, repr=False, compare=False)

    def voices(self, length: int) -> Floats:
        """For each hour: how many voices spoke in the `length` hours that end with it."""
        if length not in self._distinct:
            self._distinct[length] = self._count(length)
        return self._distinct[length]

    def whole(self, length: int) -> Flags:
        """For each hour: whether the `length` hours that end with it were all collected, and after any break."""
        usable = self.covered & (np.arange(self.first, self.first + len(self.covered)) >= self.usable_from)
        run = np.concatenate([[0], np.cumsum(usable)])
        full = np.zeros(len(usable), dtype=bool)
        full[length - 1 :] = run[length:] - run[:-length] == length
        return full

    def _count(self, length: int) -> Floats:
        # A voice counts from its hour on for `length` hours, or until it speaks again and counts anew.
        size = len(self.covered)
        order = np.lexsort((self.hour, self.voice))
        begin, voice = self.hour[order] - self.first, self.voice[order]
        end = begin + length
        same = voice[1:] == voice[:-1]
        end[:-1][same] = np.minimum(end[:-1][same], begin[1:][same])
        steps = np.zeros(size + 1)
        np.add.at(steps, np.clip(begin, 0, size), 1.0)
        np.add.at(steps, np.clip(end, 0, size), -1.0)
        return np.cumsum(steps)[:size]


@dataclass(frozen=True, slots=True)
class BrandHours:
    """The sources of a brand over the same hours: from `first` on, `size` of them.

    Told and not judged by: `sparse`, of each source left out as too sparse which hours were collected in full, and
    `collected_until`, when the last collection of these hours ends.
    """

    first: int
    size: int
    sources: Mapping[str, SourceHours]
    sparse: Sequence[Flags] = ()
    collected_until: datetime | None = None

    @property
    def end(self) -> int:
        """The hour after the last."""
        return self.first + self.size


def mark_covered(first: int, size: int, spans: Sequence[tuple[datetime, datetime]]) -> Flags:
    """Which of `size` hours from `first` on lie wholly within the union of the spans (since ≤ t < until)."""
    covered = np.zeros(size, dtype=bool)
    for since, until in _join(spans):
        begin = -((EPOCH - since) // timedelta(hours=1))  # the first hour that begins inside
        covered[max(begin - first, 0) : max(number_hour(until) - first, 0)] = True
    return covered


def _join(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((since, until))
    return joined
