"""The sentences in which an effect says what it rests on and what limits it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from analytics.effects.effect import Effect
from analytics.effects.level_shift import SIMULATED
from brands.wording import write_count

NOT_VALIDATED = "scorer not validated on this brand"
DATED_FROM_POSTS = "The day was picked by looking at these posts, where a change was to be expected: it is not tested."
AFTER_SUCH_A_DAY = "The weeks before follow a day that was picked by looking at these posts: it is not tested."
BARRED = (DATED_FROM_POSTS, AFTER_SUCH_A_DAY)


def join(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def ranked(effect: Effect, as_large: int, *, flat: bool) -> str:
    separate = effect.independent_windows
    rank = (
        f"Of {write_count(effect.placebos, 'comparable earlier window')} ({separate} that "
        f"{'does' if separate == 1 else 'do'} not overlap), {as_large} moved as much."
    )
    width = "Too few earlier windows moved at all: the interval has no width and does not say how sure the size is."
    return join(rank, width if flat else "")


def weighted(effect: Effect, baseline: int) -> str:
    weighed = f"Weighed by the voices of each week against {write_count(baseline, 'earlier week')}."
    return join(weighed, simulated(effect.p_value, effect.smallest_p))


def simulated(p_value: float | None, smallest_p: float | None) -> str:
    """What p means where it comes from simulated series (`level_shift`); empty without one.

    It is said in place of the rank among earlier windows: that none of these moved as much does not make a change
    unusual whose own weeks are as noisy.
    """
    if p_value is None:
        return ""
    return (
        f"Among {SIMULATED + 1:,} simulated series without a change, as restless as this one, "
        f"{count_simulated(p_value, smallest_p)} seem to move as much."
    )


def count_simulated(p_value: float, smallest_p: float | None) -> str:
    """How many of the simulated series, this one among them, move as much: 62, or "at most 17" at the floor of p."""
    count = (SIMULATED + 1) * p_value
    return f"at most {math.floor(count + 1e-6)}" if p_value <= (smallest_p or 0.0) else str(math.ceil(count - 1e-6))


def apart(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f"In these weeks {', '.join(names)} moved far from the other peers and hardly counts: read with care."


def too_few_placebos(effect: Effect) -> str:
    if not effect.placebos:
        return "No comparable earlier window to rank the change among."
    return (
        f"{write_count(effect.placebos, 'comparable earlier window')}: the smallest attainable p is "
        f"{effect.smallest_p:.3g}, above {effect.alpha:g}."
    )


def too_few_bins() -> str:
    return "Fewer than half of the bins on one side of the event have data."


def too_few_authors(effect: Effect, fewest: int) -> str:
    return f"Under {fewest} authors: {effect.authors_before} before the event, {effect.authors_after} after."


def never_varied() -> str:
    return "The change is zero in every window compared: the measure did not vary."


def not_comparable(starts: Sequence[date]) -> str:
    return f"Coverage differs or a source changed in the compared windows: {_dates(starts)}."


def no_data(seen: Sequence[date], event_date: date, before: int, after: int) -> str:
    if not seen:
        return "No bin has data."
    if seen[-1] < event_date:
        return f"No data from the event on: the last bin with data starts on {seen[-1]}."
    if seen[0] >= event_date:
        return f"No data before the event: the first bin with data starts on {seen[0]}."
    sides = write_count(before, "bin"), write_count(after, "bin")
    return f"No data in the {sides[0]} before the event, or none in the {sides[1]} from it on."


def peers(names: Sequence[str], left_out: Mapping[str, int], weighted: bool = False) -> str:
    if not names:
        said = "Compared with no peer."
    elif len(names) == 1:
        said = f"Less the change of one peer ({names[0]})."
    else:
        said = f"Less the {'pooled' if weighted else 'median'} change of {len(names)} peers ({', '.join(names)})."
    lacks = ", ".join(f"{name} (no comparable data in {write_count(lack, 'bin')})" for name, lack in left_out.items())
    return join(said, f"Left out: {lacks}." if lacks else "")


def gaps(effect: Effect, elapsed: int) -> str:
    """`elapsed`: how many of the bins after the event the table reaches."""
    partial = f"{elapsed} of {write_count(effect.after, 'week')} so far." if elapsed < effect.after else ""
    if effect.bins_before_used == effect.before and effect.bins_after_used == elapsed:
        return partial
    return join(
        partial,
        f"Gaps: {effect.bins_before_used} of {effect.before} bins before and {effect.bins_after_used} of {elapsed} "
        "after have data; every earlier window leaves out the same places.",
    )


def events(inside: Sequence[date]) -> str:
    return f"Not separable from {_dates(inside)}." if inside else ""


def _dates(days: Sequence[date]) -> str:
    return ", ".join(str(day) for day in days)
