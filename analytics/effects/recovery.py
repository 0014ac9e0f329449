"""Has a change gone back? A claim of equivalence: the gap to the weeks before the event lies inside a margin.

That no gap is shown any more says nothing; with few posts none ever is. So the burden is turned round: a recovery is
claimed only where a gap as large as the margin, which was set beforehand, would have been seen. Each week the mean of
the last `WIDTH` bins, less the mean of the bins before the event, less the same of the peers, is compared with the same
difference at earlier dates, at the same distance in time. Two one-sided tests at alpha, each by rank among these: the
interval at 1 − 2·alpha lies inside ±margin.

Whoever looks every week and stops at the first good one is wrong far more often than alpha: with a true gap of just the
margin, in 18 to 33 of 100 half-years. A recovery is therefore claimed when the last `IN_A_ROW` weekly looks all pass.
Then, by 1,000 simulated series each, a false claim at any time of half a year comes in 0 to 4 of 100 where up to 0.6 of
a week's news is left in the next, with 26, 52 or 80 bins of past; where 0.9 is left in 5, 11 and 9. A single report is
false in at most 4 of 100. Those are rates at the margin itself, the worst case; `tests/bench/recovery_error_rates.py`
prints them.

Sources: two one-sided tests, Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15(6); equivalence
instead of a missing difference, Wellek (2010), Testing Statistical Hypotheses of Equivalence and Noninferiority;
placebos in time as in `placebo_in_time`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from analytics.effects.bins import DAYS_A_BIN, Flags, Floats, read_bins, read_date, read_known_events, read_peers
from analytics.effects.effect import Effect
from analytics.effects.peers import lay_peers
from analytics.effects.windows import mark_events, start_of_bin, window_changes
from brands.wording import write_count

RecoveryState = Literal["recovered", "not_yet", "cannot_be_told", "nothing_to_recover_from"]

WIDTH = 4
IN_A_ROW = 6


@dataclass(frozen=True, slots=True)
class Recovery:
    """Whether a measure is back where it was. Gaps are in the units of the measure, None where there is none.

    `recovered_on`: the first day on which it could be said and since which it has held; None unless recovered.
    `as_of`: the day after the last bin that was looked at; a state `not_yet` is censored there. `gap`, `low`, `high`
    (at 1 − 2·alpha) and `authors` are those of the last weeks looked at, among `placebos` earlier differences.
    `smallest_margin`: the smallest margin by which a gap of 0 would pass.
    """

    state: RecoveryState
    reason: str
    margin: float
    recovered_on: date | None = None
    as_of: date | None = None
    gap: float | None = None
    low: float | None = None
    high: float | None = None
    smallest_margin: float | None = None
    placebos: int = 0
    authors: int = 0


@dataclass(frozen=True, slots=True)
class _Look:
    """One weekly look: the gap of the bins from `week` on. `half`: half its interval; None with too few placebos."""

    week: int
    gap: float
    half: float | None
    placebos: int


def find_recovery(
    bins: pd.DataFrame,
    event_date: date,
    effect: Effect,
    *,
    margin: float,
    value: str = "value",
    peers: pd.DataFrame | None = None,
    known_events: Iterable[date] = (),
) -> Recovery:
    """Whether the change that `effect` shows has gone back to within ±`margin` of the bins before the event.

    `bins`, `peers` and `known_events` are those of `event_effect`; `effect` is its answer to them: its windows, alpha
    and peers are used again. Looks begin after the effect's own bins. Raises ValueError where the margin is no positive
    number or a table cannot be read; where the data cannot answer, the state and `reason` say so.
    """
    if not (math.isfinite(margin) and margin > 0):
        raise ValueError(f"margin is {margin}: give a number above 0 in the measure's units, set before looking")
    event_date = read_date(event_date, "event_date")
    if effect.verdict not in ("fell", "rose"):
        return Recovery(
            "nothing_to_recover_from", "No change was shown, so there is nothing to come back from.", margin
        )
    own = read_bins(bins, event_date, value)
    origin = min(int(own.weeks[0]), -effect.before)
    length = max(int(own.weeks[-1]), effect.after) + 1 - origin
    series = np.full(length, np.nan)
    series[own.weeks - origin] = np.where(own.comparable, own.value, np.nan)
    others = read_peers(peers, event_date, value)
    laid = lay_peers(others, origin, length, np.empty(0, dtype=np.int64))  # each look asks for the bins that it needs
    peer_series = laid.values[[name in effect.peers_used for name in laid.names]]
    marked = mark_events(read_known_events(known_events), event_date, origin, length)

    looks = _Looks()
    for week in range(int(own.weeks[-1]) - WIDTH + 1, effect.after - 1, -1):
        if not looks.add(_look(series, peer_series, marked, -origin, week, effect), margin):
            break
    over = start_of_bin(event_date, int(own.weeks[-1]) + 1)
    if looks.last is None and looks.unranked is None:
        since = start_of_bin(event_date, effect.after)
        return Recovery("not_yet", f"No {WIDTH} weeks in a row since {since} have data yet.", margin, as_of=over)
    if looks.last is None:
        few = write_count(looks.unranked.placebos, "comparable earlier difference") if looks.unranked else ""
        return Recovery(
            "cannot_be_told", f"{few} at this distance from the event: too few to tell.", margin, as_of=over
        )
    shown = (own.weeks >= looks.last.week) & (own.weeks < looks.last.week + WIDTH)
    found = replace(_judge(looks.last, looks.passing, margin, event_date), authors=int(own.authors[shown].sum()))
    if looks.unranked is None:
        return found
    reason = f"{found.reason} Later weeks are too far from the event for a past this short."
    open_still = found.state == "not_yet" and looks.passing > 0
    return replace(found, reason=reason, state="cannot_be_told" if open_still else found.state)


@dataclass(slots=True)
class _Looks:
    """Looks from the last week back: what decides is how long it has held by now.

    `last`: the newest that could be ranked; `passing`: how many in a row pass up to it; `unranked`: a newer one.
    """

    last: _Look | None = None
    passing: int = 0
    unranked: _Look | None = None

    def add(self, look: _Look | None, margin: float) -> bool:
        """Take one more into account; returns whether the one before it matters still."""
        if look is None:  # no data: it ends a row, and before there is one it is passed over
            return self.last is None
        if look.half is None:
            self.unranked = self.unranked or look
            return self.last is None
        self.last = self.last or look
        passes = abs(look.gap) + look.half <= margin
        self.passing += passes
        return passes


def _judge(last: _Look, passing: int, margin: float, event_date: date) -> Recovery:
    """What the newest look says, and the `passing` looks in a row that lead up to it."""
    half = last.half or 0.0
    as_of = start_of_bin(event_date, last.week + WIDTH)
    found = Recovery(
        "not_yet", "", margin, None, as_of, last.gap, last.gap - half, last.gap + half, half, last.placebos
    )
    inside = f"the last {WIDTH} weeks lie within ±{margin:g} of the weeks before the event"
    if passing >= IN_A_ROW:
        since = as_of - timedelta(days=DAYS_A_BIN * (passing - IN_A_ROW))
        said = f"Since {since}, and as of {as_of}, {inside}."
        return replace(found, state="recovered", recovered_on=since, reason=said)
    if abs(last.gap) - half <= margin < half:
        said = f"The margin of {margin:g} is smaller than what is visible: a gap of {half:.3g} may be chance."
        return replace(found, state="cannot_be_told", reason=said)
    said = f"{last.gap:+.3g}".replace("-", "−")
    held = f" ({passing} of {IN_A_ROW} looks in a row so far)" if passing else ""
    return replace(found, reason=f"It cannot be said yet that {inside}{held}: the gap is {said} as of {as_of}.")


def _look(series: Floats, peers: Floats, marked: Flags, event: int, week: int, effect: Effect) -> _Look | None:
    """The gap of the bins from `week` on, ranked among the same at earlier dates; None where a bin has no data."""
    before = np.arange(-effect.before, 0)
    before = before[~np.isnan(series[event + before])]
    after = np.arange(week, week + WIDTH)
    offsets = np.concatenate([before, after])
    if not len(before) or np.isnan(series[event + after]).any():
        return None
    positions = np.arange(effect.before, event - week - WIDTH + 1)
    span = np.arange(-effect.before, week + WIDTH)
    quiet = ~marked[positions[:, None] + span].any(axis=1)
    positions = positions[quiet & ~np.isnan(series[positions[:, None] + offsets]).any(axis=1)]
    points = np.append(positions, event)
    gaps = window_changes(series, points, before, after)
    peers = peers[~np.isnan(peers[:, np.unique(points[:, None] + offsets)]).any(axis=1)]
    if len(peers):
        gaps = gaps - np.median(window_changes(peers, points, before, after), axis=0)
    rank = math.floor(2 * effect.alpha * len(points) + 1e-9)
    sizes = np.sort(np.abs(gaps[:-1]))[::-1]
    half = float(sizes[rank - 1]) if 1 <= rank <= len(sizes) else None
    return _Look(week, float(gaps[-1]), half, len(positions))
