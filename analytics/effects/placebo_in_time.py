"""Is the change at an event larger than the changes at dates on which nothing is known to have happened?

The brand's own past is the yardstick: the same difference of windows is taken at every earlier date (a placebo), and
the event's is ranked among them. Whatever makes weeks alike or bursty is in the placebos too, so nothing is assumed
about the distribution; only that, without an effect, the event's window is one more window of the same series.

Neighbouring windows share bins, so a short past has not shown its full range yet and the test is a little generous. On
Gaussian AR(1) series without an event, a level of 5 % means 5–6 % false alarms with 80 bins of past, 6–8 % with 52 and
6–11 % with 26, more where weeks remember more; `tests/bench/effect_error_rates.py` prints these rates.

Where bins tell how noisy they are, `weighted_placebos` sees smaller changes at rates that hold better.

Sources: in-time placebos, Abadie, Diamond and Hainmueller (2015), American Journal of Political Science 59(2); a rank p
that counts the event itself, Davison and Hinkley (1997), Bootstrap Methods and their Application, section 4.2;
intervals by inverting a rank test along time, Chernozhukov, Wüthrich and Zhu (2021), JASA 116(536).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.effects import wording
from analytics.effects.bins import (
    Bins,
    Floats,
    Integers,
    read_bins,
    read_date,
    read_known_events,
    read_peers,
)
from analytics.effects.effect import Effect
from analytics.effects.peers import lay_peers
from analytics.effects.weighted_placebos import judge_weighted
from analytics.effects.windows import (
    count_separate,
    mark_aftermath,
    mark_events,
    other_events,
    placebo_positions,
    start_of_bin,
    window_changes,
)

MOST_BINS = 2_000  # on one side: more is a slip, and would fill the memory
LONG_BEFORE, SHORT_BEFORE, BINS_FOR_LONG = 8, 4, 52
FEWEST_AUTHORS = 10
ROUNDING = 1e-11  # relative to the largest value: changes closer than this are equal, so that a tie counts as one


def event_effect(
    bins: pd.DataFrame,
    event_date: date,
    *,
    value: str = "value",
    before: int | None = None,
    after: int = 4,
    peers: pd.DataFrame | None = None,
    known_events: Iterable[date] = (),
    alpha: float = 0.05,
    barred: str = "",
) -> Effect:
    """The change of a measure at `event_date`: mean of `after` bins from the event less mean of `before` bins.

    `bins` has one row a 7-day bin on the event's weekday grid: `start` (date, datetime, datetime64 or ISO string), the
    measure (column `value`), `authors` (voices in the bin) and optionally `comparable` and `variance` (the sampling
    variance of `value`; NaN where a bin cannot tell). A bin that is absent or NaN has no data. `peers` has the same
    columns and `brand` (`authors` may be absent). `before=None` is 8 bins, or 4 where fewer than 52 lie between the
    first bin with data and the event. `known_events` are dates of this brand's policy events: no placebo window may
    contain one. `barred`: why this date may only be described, as a sentence; then nothing is judged and it is the
    reason.

    Two or more peers with data in all bins that are compared: the median of their changes is subtracted; one: it is
    subtracted; in every placebo alike. A gap in the event's windows is left open at the same place in every placebo;
    with less than half of the bins on a side, or under 10 authors, the verdict is `descriptive_only`.

    p = (1 + #{|placebo| ≥ |estimate|}) / (placebos + 1); low and high are the estimate ∓ the m-th largest |placebo|
    with m = ⌊alpha·(placebos + 1)⌋, so the interval leaves out 0 exactly where p ≤ alpha. Where bins and peers have a
    `variance`, the same windows decide whether there is a verdict, and estimate, p and interval are those of
    `weighted_placebos`: bins count by their precision, against all comparable earlier bins.

    Raises ValueError, one line, where the call or the table is wrong; where the data cannot answer, the verdict and
    `reason` say so.
    """
    event_date = read_date(event_date, "event_date")
    after = _read_count(after, "after")
    if not isinstance(alpha, (int, float)) or not 0 < alpha < 1:
        raise ValueError(f"alpha is {alpha}: give a number between 0 and 1, such as 0.05")
    own = read_bins(bins, event_date, value)
    others = read_peers(peers, event_date, value)
    known = read_known_events(known_events)
    before = _usual_before(own) if before is None else _read_count(before, "before")

    # Everything stands on one row of positions, early and late enough to hold the event's windows.
    origin = min(int(own.weeks[0]), -before)
    length = max(int(own.weeks[-1]), after - 1) - origin + 1
    event = -origin
    at = own.weeks - origin
    series, comparable = np.full(length, np.nan), np.ones(length, dtype=np.bool_)
    series[at], comparable[at] = own.value, own.comparable
    present = ~np.isnan(series)

    whole = np.arange(-before, after)
    used = whole[present[event + whole]]
    earlier, later = used[used < 0], used[used >= 0]
    enough = 2 * len(earlier) >= before and 2 * len(later) >= after
    inside = other_events(known, event_date, before, after)
    effect = Effect(
        estimate=None,
        low=None,
        high=None,
        p_value=None,
        smallest_p=None,
        placebos=0,
        placebo_estimates=(),
        independent_windows=0,
        smallest_visible=None,
        verdict="descriptive_only",
        reason="",
        alpha=alpha,
        before=before,
        after=after,
        bins_before_used=len(earlier),
        bins_after_used=len(later),
        authors_before=_sum_authors(own, earlier),
        authors_after=_sum_authors(own, later),
        peers_used=(),
        peers_left_out=(),
        placebo_starts=(),
        not_separable_from=inside,
    )

    # A bin that was not collected is flagged and empty: with too few bins left, that is the reason, not silence.
    judged = used if enough else whole
    differing = judged[~comparable[event + judged]]
    if len(differing):
        starts = [start_of_bin(event_date, offset) for offset in differing.tolist()]
        reason = wording.join(wording.not_comparable(starts), wording.events(inside))
        return replace(effect, verdict="not_comparable", reason=reason)
    if not len(earlier) or not len(later):
        seen = [start_of_bin(event_date, week) for week in own.weeks[~np.isnan(own.value)].tolist()]
        reason = wording.join(wording.no_data(seen, event_date, before, after), wording.events(inside))
        return replace(effect, reason=reason)

    positions = placebo_positions(event, before, after)
    marks = mark_events(known, event_date, origin, length)
    quiet = ~marks[positions[:, None] + whole].any(axis=1)
    positions = positions[quiet & (present & comparable)[positions[:, None] + used].all(axis=1)]
    points = np.append(positions, event)
    needed = np.unique(points[:, None] + used)
    laid = lay_peers(others, origin, length, needed)
    peer_series, names, left_out = laid.values, laid.names, laid.left_out
    changes = window_changes(series, points, earlier, later)
    if names:
        changes = changes - np.median(window_changes(peer_series, points, earlier, later), axis=0)
    largest = max(np.abs(series[needed]).max(), np.abs(peer_series[:, needed]).max(initial=0))
    changes = _settle_ties(changes, ROUNDING * largest)

    effect = replace(
        effect,
        estimate=float(changes[-1]),
        smallest_p=1 / len(points),
        placebos=len(positions),
        placebo_estimates=tuple(changes[:-1].tolist()),
        independent_windows=count_separate(positions, before + after),
        peers_used=names,
        peers_left_out=tuple(left_out),
        placebo_starts=tuple(start_of_bin(event_date, position - event) for position in positions.tolist()),
    )
    effect = replace(effect, smallest_p=None, reason=barred) if barred else _judge(effect, enough=enough)
    weighted = effect.low is not None and own.variance is not None and (others.variance is not None or not others.names)
    if weighted:
        baseline = (np.arange(length) < event) & present & comparable & ~mark_aftermath(marks, event - before, after)
        windows = positions[:, None] + later
        effect, laid = judge_weighted(effect, own, others, origin, baseline, event + later, windows)
    elapsed = min(int(own.weeks[-1]) + 1, after)
    reason = wording.join(
        effect.reason,
        wording.peers(laid.names, laid.left_out, weighted),
        wording.gaps(effect, elapsed),
        wording.events(inside),
    )
    return replace(effect, reason=reason)


def _judge(effect: Effect, *, enough: bool) -> Effect:
    """Rank the estimate among the placebos, unless something bars that."""
    estimate = effect.estimate or 0.0
    sizes = np.sort(np.abs(np.array(effect.placebo_estimates)))[::-1]
    as_large = int((sizes >= abs(estimate)).sum())
    p_value = (1 + as_large) / (effect.placebos + 1)
    rank = math.floor(effect.alpha * (effect.placebos + 1) + 1e-9)  # (1 − 0.9)·10 is 1, not 0.999…
    if not enough:
        return replace(effect, reason=wording.too_few_bins())
    if min(effect.authors_before, effect.authors_after) < FEWEST_AUTHORS:
        return replace(effect, reason=wording.too_few_authors(effect, FEWEST_AUTHORS))
    if effect.placebos and not estimate and not sizes.any():
        return replace(effect, reason=wording.never_varied())
    if rank < 1:
        return replace(effect, p_value=p_value if effect.placebos else None, reason=wording.too_few_placebos(effect))
    smallest_visible = float(sizes[rank - 1])
    return replace(
        effect,
        low=estimate - smallest_visible,
        high=estimate + smallest_visible,
        p_value=p_value,
        smallest_visible=smallest_visible,
        verdict="no_change_shown" if as_large >= rank else "fell" if estimate < 0 else "rose",
        reason=wording.ranked(effect, as_large, flat=smallest_visible == 0),
    )


def _read_count(number: int, name: str) -> int:
    try:
        count = operator.index(number)
    except TypeError:
        count = 0
    if count < 1:
        raise ValueError(f"{name} is {number}: give a whole number of bins, 1 or more")
    if count > MOST_BINS:
        raise ValueError(f"{name} is {number}: give at most {MOST_BINS:,} bins, which are some forty years")
    return count


def _usual_before(own: Bins) -> int:
    with_data = own.weeks[~np.isnan(own.value)]
    past = -int(with_data[0]) if len(with_data) else 0
    return LONG_BEFORE if past >= BINS_FOR_LONG else SHORT_BEFORE


def _sum_authors(own: Bins, weeks: Integers) -> int:
    return int(own.authors[np.isin(own.weeks, weeks)].sum())


def _settle_ties(changes: Floats, tolerance: float) -> Floats:
    """Make equal what differs by rounding only: a tie that is lost to the last digit would make p too small."""
    changes = np.where(np.abs(changes) <= tolerance, 0.0, changes)
    tied = np.abs(np.abs(changes) - abs(changes[-1])) <= tolerance
    return np.where(tied, np.copysign(abs(changes[-1]), changes), changes)
