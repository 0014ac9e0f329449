"""Why hours could not be judged: counts by reason, for a person who reads what a look found. It decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from analytics.alerts.expressed_trust import has_past
from analytics.alerts.hours import DAY, BrandHours, Flags, SourceHours
from analytics.alerts.looks import STRICTNESS, Look
from brands.schema import AlertKind

Reason = Literal["not_collected", "counts_say_nothing", "short_past", "few_voices"]


def window_needed(kind: AlertKind) -> int:
    """How many hours, up to and with one that is judged, have to be collected in full.

    A single hour is enough for trust too, of the loudest brands: what keeps the others from it is told by their days.
    """
    return min(STRICTNESS[kind].parts) if kind in STRICTNESS else DAY


def count_reasons(hours: BrandHours, kind: AlertKind, looks: Sequence[Look]) -> dict[Reason, int]:
    """Of the hours that were not judged: how many for which reason, the first that holds for all of their sources."""
    missing = np.array([look.hour for look in looks if not look.judged], dtype=np.int64)
    length, of_volume = window_needed(kind), kind in STRICTNESS
    collected, counting, known = (np.zeros(len(missing), dtype=bool) for _ in range(3))
    for source in hours.sources.values():
        whole = replace(source, usable_from=0).whole(length)[missing - hours.first]  # also before a source break
        collected |= whole
        if of_volume and not source.counts_volume:
            continue
        counting |= whole
        known |= source.whole(length)[missing - hours.first] & _have_past(source, missing)
    for sparse in hours.sparse:
        collected |= sparse[missing - hours.first]
    found: Counter[Reason] = Counter()
    for place in range(len(missing)):
        if not collected[place]:
            found["not_collected"] += 1
        elif not counting[place]:
            found["counts_say_nothing"] += 1
        elif of_volume or not known[place]:
            found["short_past"] += 1
        else:
            found["few_voices"] += 1
    return dict(found)


def _have_past(source: SourceHours, missing: np.ndarray) -> Flags:
    days, which = np.unique(missing // DAY * DAY, return_inverse=True)
    found: Flags = np.array([has_past(source, int(day)) for day in days], dtype=bool)[which]
    return found
