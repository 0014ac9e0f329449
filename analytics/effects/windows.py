"""Where the windows of an event and of its placebos lie on the row of bins, and what they hold."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np

from analytics.effects.bins import DAYS_A_BIN, Flags, Floats, Integers


def placebo_positions(event: int, before: int, after: int) -> Integers:
    """Every position whose windows begin at 0 or later and end before the bin `event` begins."""
    return np.arange(before, event - after + 1, dtype=np.int64)


def window_changes(series: Floats, positions: Integers, earlier: Integers, later: Integers) -> Floats:
    """Mean at the offsets `later` less mean at the offsets `earlier`; series (…, bins) → (…, positions)."""
    at = positions[:, None]
    change: Floats = series[..., at + later].mean(axis=-1) - series[..., at + earlier].mean(axis=-1)
    return change


def count_separate(positions: Integers, width: int) -> int:
    """How many windows, all `width` bins wide and in order of time, fit side by side without overlap."""
    count, free_from = 0, -math.inf
    for position in positions.tolist():
        if position >= free_from:
            count, free_from = count + 1, position + width
    return count


def start_of_bin(event_date: date, week: int) -> date:
    """The first day of a bin, counted from the event's."""
    return event_date + timedelta(days=DAYS_A_BIN * week)


def bin_of(day: date, event_date: date) -> int:
    """The bin that contains `day`, counted from the event's."""
    return (day - event_date).days // DAYS_A_BIN


def mark_events(known: list[date], event_date: date, origin: int, length: int) -> Flags:
    """Which bins hold a known event; `origin` is the week of the first of `length` bins."""
    marks = np.zeros(length, dtype=np.bool_)
    positions = (bin_of(day, event_date) - origin for day in known)
    marks[[position for position in positions if 0 <= position < length]] = True
    return marks


def mark_aftermath(marks: Flags, end: int, after: int) -> Flags:
    """Bins within `after` of a known event, its own among them, that lie before the bin `end`: no usual weeks."""
    aftermath = np.zeros_like(marks)
    for position in np.flatnonzero(marks[:end]).tolist():
        aftermath[position : min(position + after, end)] = True
    return aftermath


def other_events(known: list[date], event_date: date, before: int, after: int) -> tuple[date, ...]:
    """Known events in the compared windows; the event itself may stand among the known events, once."""
    others = sorted(known)
    if event_date in others:
        others.remove(event_date)
    return tuple(day for day in others if -before <= bin_of(day, event_date) < after)
