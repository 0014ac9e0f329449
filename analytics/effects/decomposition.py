"""What a change of a mean is made of: the same voices saying something else, or other voices speaking.

The change between two windows is split without remainder, and no factor is favoured by standing first:

1. Into returning authors, newcomers and leavers: each of the two latter is compared with the returning authors of its
   own window, so that a change which everyone made is not laid on who came and went (Melitz and Polanec 2015, RAND
   Journal of Economics 46(2), after Olley and Pakes 1996, Econometrica 64(6)).
2. The returning authors' own change into what they say at their mean weight, and how much each of them speaks at their
   mean value (Kitagawa 1955, Journal of the American Statistical Association 50(272)).
3. Every comparison of different people into the mix of sources, the mix of languages within a source, and what is left
   at equal mix, each averaged over all orders of the three (Das Gupta 1993, Current Population Reports P23-186; the
   same as Shapley's value). Averaging shares what factors do together among them, so no interaction term is left.

A source or language that only one side has cannot have changed what it says: its part is mix. Intervals come from
drawing whole authors anew, with both of their windows (Efron and Tibshirani 1993, An Introduction to the Bootstrap,
chapter 13): they speak of sampling alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import numpy as np
import pandas as pd
from scipy import sparse

from analytics.effects.bins import Flags, Floats, Integers
from analytics.effects.voices import WINDOWS, read_voices
from brands.wording import write_count

PartName = Literal[
    "returning_authors", "returning_activity", "newcomers", "leavers", "voices", "source_mix", "language_mix"
]

FEWEST_RETURNING = 30
FEWEST_VOICES = 10  # under which no interval is given
FEWEST_DIFFERENT = 5  # returning authors who do not say what most of them say, for intervals of who changed
RESAMPLES = 500
TAIL = 0.025
CELLS_AT_ONCE = 1 << 22  # of the table of draws: bounds the memory
WHO_SPEAKS: tuple[PartName, ...] = ("returning_authors", "returning_activity", "newcomers", "leavers")
MIX: tuple[PartName, ...] = ("source_mix", "language_mix")

# Sums are kept for four groups (leavers, returning authors before and after, newcomers) and three quantities.
LEAVERS, STAYED_BEFORE, STAYED_AFTER, NEWCOMERS = range(4)
WEIGHT, VALUE, USUAL_VALUE = range(3)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the change, in the units of the measure; `voices`: those that it stands on."""

    name: PartName
    change: float
    low: float | None
    high: float | None
    voices: int


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The raw change of a mean with its parts, which add up to it.

    `answered`: returning authors, newcomers and leavers can be told apart; else they stand together in the part
    `voices`. Where a window has no voices `raw_change` is None and there are no parts. Intervals are 95 %, sampling
    only, None under 10 voices in a window; those of who changed also where returning authors are nearly all alike in a
    window, as where none of them spoke of a theme. `unknown_share`: of the voices, 0 to 1, those without a known
    author.
    """

    raw_change: float | None
    low: float | None
    high: float | None
    parts: tuple[Part, ...]
    answered: bool
    reason: str
    voices_before: int
    voices_after: int
    returning: int
    unknown_share: float


def decompose_change(
    voices: pd.DataFrame,
    *,
    fewest_returning: int = FEWEST_RETURNING,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Decomposition:
    """Split the change of the weighted mean of `value` from the window before to the window after.

    `voices` has a row for each window, voice, source and language (several rows of one voice add up): `window` (before
    or after), `voice`, `source`, `language`, `value` (a number) and `weight` (≥ 0: what the row counts in the mean of
    its window); optionally `known_author` (bool): a voice without one cannot return. Rows without a value or a weight
    do not count; a missing source or language is one of its own. The same call gives the same intervals. Raises
    ValueError, one line, where the table cannot be read.
    """
    if resamples < 0:
        raise ValueError(f"resamples is {resamples}: give 0 for no intervals, or a number of resamples")
    frame = read_voices(voices)
    later = (frame["window"] == "after").to_numpy()
    weight, value = frame["weight"].to_numpy(float), frame["value"].to_numpy(float)
    voice, names = pd.factorize(frame["voice"], sort=True)
    in_window = [np.bincount(voice[later == side], minlength=len(names)) > 0 for side in (False, True)]
    stayed = in_window[0] & in_window[1]
    known = pd.unique(frame["voice"][frame["known_author"].to_numpy(bool)])
    unknown = 1 - len(known) / len(names) if len(names) else 0.0
    counts = int(in_window[0].sum()), int(in_window[1].sum()), int(stayed.sum())
    nothing = Decomposition(None, None, None, (), False, "", *counts, float(unknown))
    if not counts[0] or not counts[1]:
        empty = "either window" if not (counts[0] or counts[1]) else f"the window {WINDOWS[counts[0] > 0]} the event"
        return _explain(nothing, f"Cannot be answered: nobody spoke in {empty}.")

    # Within a window the weights add up to 1: only then is a voice's usual weight a mean of like things.
    weight = weight / np.where(later, weight[later].sum(), weight[~later].sum())
    means = [
        _divide(_add_up(voice, weight * value * side, len(names)), _add_up(voice, weight * side, len(names)))
        for side in (~later, later)
    ]
    rows, shape = _sums_of_rows(frame, later, weight, value, voice, stayed, (means[0] + means[1]) / 2)
    of_voices = sparse.csr_array((rows.data, (voice[rows.row], rows.col)), shape=(len(names), rows.shape[1]))
    answered = counts[2] >= max(fewest_returning, 1)
    split = _split_by_return if answered else _split_by_mix
    raw, parts = split(np.asarray(of_voices.sum(axis=0)).reshape(1, *shape))
    if min(counts[:2]) >= FEWEST_VOICES and resamples:
        drawn = np.concatenate([np.column_stack(split(sums)) for sums in _resample(of_voices, shape, resamples, seed)])
        low, high = np.quantile(drawn, (TAIL, 1 - TAIL), axis=0).tolist()
    else:
        low, high = [None] * (1 + parts.shape[1]), [None] * (1 + parts.shape[1])
    alike = answered and any(_few_differ(side[stayed]) for side in means)
    if alike:
        for place in range(1, 1 + len(WHO_SPEAKS)):
            low[place] = high[place] = None
    stand_on = {
        "returning_authors": counts[2],
        "returning_activity": counts[2],
        "newcomers": counts[1] - counts[2],
        "leavers": counts[0] - counts[2],
    }
    everyone = counts[0] + counts[1] - counts[2]
    found = Decomposition(
        raw_change=float(raw[0]),
        low=low[0],
        high=high[0],
        parts=tuple(
            Part(name, change, low[place], high[place], stand_on.get(name, everyone))
            for place, (name, change) in enumerate(zip(_names(answered), parts[0].tolist(), strict=True), 1)
        ),
        answered=answered,
        reason="",
        voices_before=counts[0],
        voices_after=counts[1],
        returning=counts[2],
        unknown_share=float(unknown),
    )
    spoke = f"{write_count(counts[2], 'author')} spoke in both windows"
    if answered:
        said = f"{spoke}, {write_count(stand_on['newcomers'], 'voice')} came and {stand_on['leavers']:,} left."
        if alike:
            said += f" Fewer than {FEWEST_DIFFERENT} of them differ from the rest in a window: too few for intervals."
        return _explain(found, said)
    few = f"{spoke}, and {fewest_returning} are needed"
    return _explain(found, f"Who changed, returning authors or others, cannot be answered: {few}.")


def _few_differ(values: Floats) -> bool:
    """Whether nearly all say the same: drawn anew they would hardly vary, and an interval would look too sure."""
    most_common = int(np.unique(values.round(9), return_counts=True)[1].max())
    return len(values) - most_common < FEWEST_DIFFERENT


def _names(answered: bool) -> tuple[PartName, ...]:
    return (*WHO_SPEAKS, *MIX) if answered else ("voices", *MIX)


def _explain(found: Decomposition, said: str) -> Decomposition:
    if found.unknown_share:
        share = f"{max(100 * found.unknown_share, 1):.0f} %"
        said += f" {share} of the voices have no known author: each post is one voice and cannot return."
    return replace(found, reason=said)


def _sums_of_rows(
    frame: pd.DataFrame,
    later: Flags,
    weight: Floats,
    value: Floats,
    voice: Integers,
    stayed: Flags,
    usual: Floats,
) -> tuple[sparse.coo_array, tuple[int, int, int, int]]:
    """What each row adds to the sums (quantity, group, source, language), laid flat, and the shape of those.

    `usual`: for each voice the mean of what it says in both windows.
    """
    group = np.select(
        [stayed[voice] & later, stayed[voice], later], [STAYED_AFTER, STAYED_BEFORE, NEWCOMERS], default=LEAVERS
    )
    source, sources = pd.factorize(frame["source"], sort=True)
    language, languages = pd.factorize(frame["language"], sort=True)
    shape = (3, 4, len(sources), len(languages))
    quantities = (weight, weight * value, weight * usual[voice])
    columns = [np.ravel_multi_index((kind, group, source, language), shape) for kind in range(3)]
    place = np.tile(np.arange(len(frame)), 3)
    flat = (np.concatenate(quantities), (place, np.concatenate(columns)))
    return sparse.coo_array(flat, shape=(len(frame), int(np.prod(shape)))), shape


def _resample(of_voices: sparse.csr_array, shape: tuple[int, ...], resamples: int, seed: int) -> Iterator[Floats]:
    """The sums of authors drawn with replacement, some draws at a time."""
    random, voices = np.random.default_rng(seed), of_voices.shape[0]
    at_once = max(1, CELLS_AT_ONCE // max(of_voices.shape))
    for first in range(0, resamples, at_once):
        draws = min(at_once, resamples - first)
        chosen = random.integers(voices, size=(draws, voices)) + voices * np.arange(draws)[:, None]
        times = np.bincount(chosen.ravel(), minlength=draws * voices).reshape(draws, voices)
        yield (of_voices.T @ times.T.astype(np.float64)).T.reshape(draws, *shape)


def _split_by_return(sums: Floats) -> tuple[Floats, Floats]:
    """Raw change and the parts of `WHO_SPEAKS` and `MIX`; `sums` (draws, quantity, group, source, language)."""
    weights = sums[:, WEIGHT].sum(axis=(-1, -2))
    totals = sums[:, VALUE].sum(axis=(-1, -2))
    usual = _divide(sums[:, USUAL_VALUE].sum(axis=(-1, -2)), weights)
    means = _divide(totals, weights)
    new = _divide(weights[:, NEWCOMERS], weights[:, NEWCOMERS] + weights[:, STAYED_AFTER])[:, None]
    gone = _divide(weights[:, LEAVERS], weights[:, LEAVERS] + weights[:, STAYED_BEFORE])[:, None]
    # Mean after less mean before at each author's mean weight: what is left once the change of weight is taken off.
    moved = usual[:, STAYED_AFTER] - usual[:, STAYED_BEFORE]
    said = means[:, STAYED_AFTER] - means[:, STAYED_BEFORE] - moved
    activity = _compare(sums, (STAYED_BEFORE,), (STAYED_AFTER,), USUAL_VALUE)
    came = new * _compare(sums, (STAYED_AFTER,), (NEWCOMERS,), VALUE)
    left = gone * _compare(sums, (LEAVERS,), (STAYED_BEFORE,), VALUE)
    mix = activity[:, 1:] + came[:, 1:] + left[:, 1:]
    return _raw_change(sums), np.column_stack([said, activity[:, 0], came[:, 0], left[:, 0], mix])


def _split_by_mix(sums: Floats) -> tuple[Floats, Floats]:
    """Raw change and the parts voices, source mix and language mix, whoever speaks."""
    return _raw_change(sums), _compare(sums, (LEAVERS, STAYED_BEFORE), (NEWCOMERS, STAYED_AFTER), VALUE)


def _raw_change(sums: Floats) -> Floats:
    by_group = sums[:, :2].sum(axis=(-1, -2))
    before = by_group[:, :, LEAVERS] + by_group[:, :, STAYED_BEFORE]
    after = by_group[:, :, STAYED_AFTER] + by_group[:, :, NEWCOMERS]
    return _divide(after[:, VALUE], after[:, WEIGHT]) - _divide(before[:, VALUE], before[:, WEIGHT])


def _compare(sums: Floats, first: tuple[int, ...], second: tuple[int, ...], quantity: int) -> Floats:
    """Mean of `second` less mean of `first` as (draws, 3): at equal mix, by source mix, by language mix."""
    cells = [
        np.stack([sums[:, kind, list(group)].sum(axis=1) for kind in (WEIGHT, quantity)]) for group in (first, second)
    ]
    weights = [each[0] for each in cells]
    of_source = [each.sum(axis=-1, keepdims=True) for each in weights]
    shares = [_divide(each, each.sum(axis=-2, keepdims=True)) for each in of_source]
    within = [_divide(each, whole) for each, whole in zip(weights, of_source, strict=True)]
    means = [_divide(each[1], each[0]) for each in cells]
    # What one side lacks it takes from the other: there it cannot differ.
    _fill_in(shares, [each.sum(axis=(-1, -2))[:, None, None] > 0 for each in weights])
    _fill_in(within, [each > 0 for each in of_source])
    _fill_in(means, [each > 0 for each in weights])
    by_mean, by_source, by_language = (
        _average_over_orders(*factors)
        for factors in ((means, shares, within), (shares, within, means), (within, means, shares))
    )
    return np.column_stack([by_mean, by_source, by_language])


def _average_over_orders(changing: list[Floats], one: list[Floats], other: list[Floats]) -> Floats:
    """Das Gupta's effect of one factor of three: its change at the other two, averaged over all orders of change."""
    weights = {True: 1 / 3, False: 1 / 6}
    at = sum(weights[a == b] * one[a] * other[b] for a, b in product((0, 1), repeat=2))
    effect: Floats = ((changing[1] - changing[0]) * at).sum(axis=(-1, -2))
    return effect


def _fill_in(pair: list[Floats], there: list[Flags]) -> None:
    pair[:] = np.where(there[0], pair[0], pair[1]), np.where(there[1], pair[1], pair[0])


def _add_up(places: Integers, amounts: Floats, length: int) -> Floats:
    return np.bincount(places, weights=amounts, minlength=length).astype(np.float64)


def _divide(number: Floats, by: Floats) -> Floats:
    """The quotient, 0 where there is nothing to divide by."""
    return np.divide(number, by, out=np.zeros(np.broadcast_shapes(number.shape, by.shape)), where=by > 0)
