"""What is known about a measure's change at an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Verdict = Literal["fell", "rose", "no_change_shown", "descriptive_only", "not_comparable"]


@dataclass(frozen=True, slots=True)
class Effect:
    """A change at an event, with how unusual it is among the brand's own earlier windows.

    Changes are in the units of the measure. A field that would have no meaning is None, never NaN:

    - `estimate` is None where one side of the event has no data, and under `not_comparable`;
    - `low`, `high`, `smallest_visible` and `p_value` are None under `not_comparable` and `descriptive_only`, except
      that `p_value` stays where the only fault is that there are too few earlier windows (p ≥ smallest_p > alpha);
    - `smallest_p` is None where nothing could be compared at all, and where the date may only be described.

    `low` and `high` hold for a constant shift: the shifts that the test at level `alpha` does not reject.
    `independent_windows` counts placebo windows that do not overlap, `placebos` all of them, `smallest_visible` is the
    size that a change must exceed to be shown.
    """

    estimate: float | None
    low: float | None
    high: float | None
    p_value: float | None
    smallest_p: float | None
    placebos: int
    placebo_estimates: tuple[float, ...]
    independent_windows: int
    smallest_visible: float | None
    verdict: Verdict
    reason: str  # one line for a reader: what the verdict rests on, and everything that limits it
    alpha: float
    before: int  # bins asked for on either side; those with data are counted in bins_…_used
    after: int
    bins_before_used: int
    bins_after_used: int
    authors_before: int  # sum over the bins that were used: an author counts once a bin
    authors_after: int
    peers_used: tuple[str, ...]
    peers_left_out: tuple[str, ...]
    placebo_starts: tuple[date, ...]  # first bin after each placebo date, in the order of placebo_estimates
    not_separable_from: tuple[date, ...]  # other known events inside the compared windows
    standardised: tuple[
        float, ...
    ] = ()  # where bins are weighed: each placebo's change, then the event's, over its error
