"""On which day a signal leaves its own usual.

The usual of a day is read from the twelve weeks before it: what each weekday is like, the level of the last four weeks,
and how far days scatter (median absolute deviation), all medians, so that an earlier burst hardly moves them. Values
are compared by their square roots, which makes days of many and of few alike noisy; where they are counts no day is
taken for surer than a Poisson count is. A surge begins on a day that lies `THRESHOLD` deviations above its usual and
half as much again, and whose next day with a value is above half of that threshold: of one day alone nothing is said.

A day without a value is neither quiet nor loud: it is not judged, and a surge that begins behind one says so. Settings
were fixed on simulated quiet series (`tests/bench/notice_error_rates.py`), before any real date was looked at.

Sources: 2·√(x + 3/8) for counts, Anscombe (1948), Biometrika 35(3–4); median and scaled median absolute deviation in
place of mean and standard deviation, Hampel (1974), Journal of the American Statistical Association 69(346).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from brands.wording import write_count

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PAST, LEVEL, FEWEST = 84, 28, 28  # days: weekdays and scatter, level, and how many of PAST must have a value
FEWEST_OF_A_WEEKDAY = 3
THRESHOLD = 5.5  # deviations
LEAST_TIMES = 1.5  # of the usual
LEAST_SCATTER = 0.05  # of the usual, as a deviation: steadier than that no day is taken to be
NEXT = 3  # days within which the next value must stand
MAD_TO_DEVIATION = 1.4826


@dataclass(frozen=True, slots=True)
class Judged:
    """Every day of a row in deviations from its usual; NaN where there is no value or too short a past."""

    deviations: Floats
    usual: Floats  # in the signal's own units
    surges: Flags  # far above the usual, and so is the next day
    alone: Flags  # far above the usual, and no day after it is known


@dataclass(frozen=True, slots=True)
class Surge:
    """The first day of a surge. `times` the usual is None where that is 0; `unseen` days before it have no value."""

    day: date
    value: float
    usual: float
    times: float | None
    deviations: float
    unseen: int


@dataclass(frozen=True, slots=True)
class Search:
    """What was found from a day on; `judged` of `days` could be. `reason`: why nothing was found, or what limits it."""

    surge: Surge | None
    reason: str
    judged: int = 0
    days: int = 0


def find_surge(values: Mapping[date, float], since: date, until: date) -> Search:
    """The first surge of a signal that begins in since ≤ day ≤ until; a day that is absent or NaN has no value.

    A surge that was under way on the day before `since` is not one that begins. Where the signal cannot answer, no day
    is given and `reason`, one line, says why.
    """
    known = {day: value for day, value in values.items() if np.isfinite(value)}
    if not known:
        return Search(None, "has no value on any day")
    if min(known.values()) < 0:
        return Search(None, "holds values below 0, which no count of attention has")
    first, last = min(known), max(known)
    if until < since:
        return Search(None, f"there is no day between {since} and {until} to look at")
    if last < since:
        return Search(None, f"ends on {last}, and the search begins on {since}: nothing to look at yet")
    begin, end = max(first, since - timedelta(days=2 * PAST)), min(last, until)
    row = [begin + timedelta(days=number) for number in range((min(last, end + timedelta(days=NEXT)) - begin).days + 1)]
    series = np.array([known.get(day, np.nan) for day in row])
    present = series[np.isfinite(series)]
    if len(present) and present.min() == present.max():
        return Search(
            None, f"is {present[0]:g} on all {write_count(len(present), 'day')} with a value: it does not vary"
        )
    judged = judge_days(series)
    at = [place for place, day in enumerate(row) if since <= day <= end]
    days = (end - since).days + 1
    could = [place for place in at if np.isfinite(judged.deviations[place])]
    if not could:
        before = int(np.isfinite(series[: at[-1]]).sum()) if at else 0
        return Search(
            None,
            f"has {write_count(before, 'day')} with a value to compare with; a usual needs {FEWEST} of {PAST}",
            0,
            days,
        )
    limits = _tell_limits(could, row, since, days)
    under_way = bool(could[0] and row[could[0]] == since and judged.deviations[could[0] - 1] >= THRESHOLD)
    ongoing = f"; it was far above its usual before {since} already" if under_way else ""
    for place in at:
        if under_way and not judged.deviations[place] < THRESHOLD / 2:
            continue
        under_way = False
        if judged.surges[place]:
            usual, value = float(judged.usual[place]), float(series[place])
            unseen = place - 1 - max((n for n in range(place) if np.isfinite(series[n])), default=-1)
            times = value / usual if usual > 0 else None
            surge = Surge(row[place], value, usual, times, float(judged.deviations[place]), unseen)
            gap = f"; the {write_count(unseen, 'day')} before had no value: it may have begun there" if unseen else ""
            return Search(surge, f"{limits}{ongoing}{gap}".removeprefix("; "), len(could), days)
    lone = [row[place] for place in at if judged.alone[place]]
    alone = f"; {lone[-1]} lies far above it, but no day after it is known yet" if lone else ""
    return Search(None, f"no surge on {write_count(len(could), 'day')}{limits}{ongoing}{alone}", len(could), days)


def _tell_limits(could: list[int], row: list[date], since: date, days: int) -> str:
    start = f"; judged from {row[could[0]]} on, with too short a past before" if row[could[0]] > since else ""
    missing = days - len(could) - (row[could[0]] - since).days
    return start + (f"; {write_count(missing, 'day')} in between had no value" if missing > 0 else "")


def judge_days(values: Floats) -> Judged:
    """Judge each of `values`, one a calendar day in order, NaN where there is none; shape (…, days) throughout."""
    known = np.isfinite(values)
    counts = (~known | (values == np.rint(values))).all(axis=-1, keepdims=True)
    shift = np.where(counts, 3 / 8, 0.0)
    roots = 2 * np.sqrt(np.where(known, values, np.nan) + shift)
    before = np.concatenate([np.full((*roots.shape[:-1], PAST), np.nan), roots[..., :-1]], axis=-1)
    past = np.lib.stride_tricks.sliding_window_view(before, PAST, axis=-1)  # the day before is last
    weeks = past.reshape(*past.shape[:-1], PAST // 7, 7)  # place 0: the same weekday
    of_weekday = _median(np.moveaxis(weeks, -2, -1), FEWEST_OF_A_WEEKDAY)
    told = np.isfinite(of_weekday)
    mean = np.where(told, of_weekday, 0.0).sum(axis=-1, keepdims=True) / np.maximum(told.sum(axis=-1, keepdims=True), 1)
    rhythm = np.where(told, of_weekday - mean, 0.0)
    plain = (weeks - rhythm[..., None, :]).reshape(past.shape)
    level = _median(plain[..., -LEVEL:], LEVEL // 4)
    spread = MAD_TO_DEVIATION * _median(np.abs(plain - _median(plain, FEWEST)[..., None]), FEWEST)
    usual_root = level + rhythm[..., 0]
    usual = np.maximum(np.square(np.maximum(usual_root, 0) / 2) - shift, 0.0)
    floor = np.maximum(np.where(counts, 1.0, 0.0), LEAST_SCATTER * np.abs(usual_root))
    scatter = np.maximum(spread, floor)
    with np.errstate(invalid="ignore", divide="ignore"):
        deviations = np.where(scatter > 0, (roots - usual_root) / scatter, np.nan)
        far = (deviations >= THRESHOLD) & (values >= LEAST_TIMES * usual)
    return Judged(deviations, usual, *_begin(deviations, far, known))


def _begin(deviations: Floats, far: Flags, known: Flags) -> tuple[Flags, Flags]:
    following = np.full(deviations.shape, np.nan)
    for ahead in range(NEXT, 0, -1):
        later = np.full(deviations.shape, np.nan)
        later[..., :-ahead] = deviations[..., ahead:]
        following = np.where(np.isnan(later), following, later)
    with np.errstate(invalid="ignore"):
        lasting = far & (following >= THRESHOLD / 2)
    return lasting, far & np.isnan(following)


def _median(values: Floats, fewest: int) -> Floats:
    """Of what is known along the last axis; NaN where that is fewer than `fewest`."""
    ordered = np.sort(values, axis=-1)  # NaN last
    count = np.isfinite(values).sum(axis=-1)
    upper = np.clip(count // 2, 0, values.shape[-1] - 1)
    lower = np.clip((count - 1) // 2, 0, values.shape[-1] - 1)
    middle = (np.take_along_axis(ordered, lower[..., None], -1) + np.take_along_axis(ordered, upper[..., None], -1))[
        ..., 0
    ] / 2
    return np.where(count >= fewest, middle, np.nan)
