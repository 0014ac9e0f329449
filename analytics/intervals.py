"""Intervals for what only a sample of people said. They speak of sampling, never of who was not listened to."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FEWEST_AUTHORS = 10
CONFIDENCE = 0.95
ROUNDING = 1e-10  # of a sum of probabilities
VANISHING = 1e-16
CELLS_AT_ONCE = 1 << 18  # of the table of probabilities: bounds the memory


def net_trust_intervals(counts: pd.DataFrame) -> tuple[Floats, Floats]:
    """95 % multinomial bootstrap interval of net trust, 100·(P − N)/(P + N + U), sampling only.

    `counts` has the columns `positive`, `negative` and `neutral` (authors, whole numbers); other columns are ignored.
    Returns low and high, −100…100, one a row and in its order; NaN under 10 authors.

    The percentile bootstrap (Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13) asks how P − N
    varies when the authors are drawn anew. Here that distribution is computed, as the n-th power of one author's
    characteristic function, and not sampled: the answer is what infinitely many resamples give, it needs no seed, and a
    figure recomputed years later does not depend on a library's stream of random numbers. As with every percentile
    bootstrap, authors who all agree give an interval without width. Raises ValueError where a count is not a count.
    """
    columns = [_read_counts(counts, name) for name in ("positive", "negative", "neutral")]
    distinct, back = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    low, high = np.full(len(distinct), np.nan), np.full(len(distinct), np.nan)
    positive, negative, _ = distinct.T
    authors = distinct.sum(axis=1)
    enough = authors >= FEWEST_AUTHORS
    spread = np.zeros(len(distinct))
    spread[enough] = (positive + negative - (positive - negative) ** 2 / np.maximum(authors, 1))[enough]
    # A window of P − N around its mean that holds all but a negligible part of the probability.
    widths = 2 ** np.ceil(np.log2(2 * (7 * np.sqrt(spread) + 12) + 1)).astype(np.int64)
    for width in np.unique(widths[enough]).tolist():
        rows = np.flatnonzero(enough & (widths == width))
        for some in np.array_split(rows, -(-len(rows) * width // CELLS_AT_ONCE)):
            low[some], high[some] = _quantiles_of_balance(distinct[some], width)
    scale = 100 / np.maximum(authors, 1)
    # Rounding must not push a bound past the ends of the scale.
    return np.clip(low * scale, -100, 100)[back], np.clip(high * scale, -100, 100)[back]


def share_interval(count: ArrayLike, total: ArrayLike, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Wilson's score interval of the share count / total: low and high within 0…1, NaN where total is 0.

    It keeps a sensible width at shares of 0 and 1 and with few authors, where the textbook interval has none: Wilson
    (1927), JASA 22(158); recommended for small samples by Brown, Cai and DasGupta (2001), Statistical Science 16(2).
    Arrays are matched element by element. Raises ValueError unless 0 ≤ count ≤ total.
    """
    hits, trials = np.asarray(count, dtype=np.float64), np.asarray(total, dtype=np.float64)
    if not ((hits >= 0) & (hits <= trials) & np.isfinite(trials)).all():
        raise ValueError("a share needs 0 ≤ count ≤ total")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}: give a number between 0 and 1, such as 0.95")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    some = np.where(trials > 0, trials, np.nan)
    share = hits / some
    centre = (share + z**2 / (2 * some)) / (1 + z**2 / some)
    half = z / (1 + z**2 / some) * np.sqrt(share * (1 - share) / some + z**2 / (4 * some**2))
    # At the ends the bound is the share itself; rounding must not push it past.
    low = np.where(hits == 0, 0 * some, centre - half)
    high = np.where(hits == trials, 1 + 0 * some, centre + half)
    return low, high


def _read_counts(frame: pd.DataFrame, column: str) -> Floats:
    if column not in frame.columns:
        raise ValueError(f"counts has no column {column!r}: it has {', '.join(map(str, frame.columns)) or 'none'}")
    numbers = frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    if not (np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers))).all():
        raise ValueError(f"column {column!r} holds something that is not a count of authors")
    return numbers


def _quantiles_of_balance(counts: Floats, width: int) -> tuple[Floats, Floats]:
    """2.5 % and 97.5 % points of P − N for multinomial draws; `counts` (rows, 3), `width` values of P − N a row."""
    authors = counts.sum(axis=1, keepdims=True)
    positive, negative, neutral = (counts / authors).T[:, :, None]
    first = np.round(counts[:, :1] - counts[:, 1:2]) - width // 2  # the value at index 0
    angle = 2 * np.pi * np.arange(width // 2 + 1) / width
    one_author = neutral + (positive + negative) * np.cos(angle) + 1j * (negative - positive) * np.sin(angle)
    # With many authors nearly all powers vanish; raising only the others makes large brands ten times faster.
    row, column = np.nonzero(np.abs(one_author) ** authors > VANISHING)
    powers = np.zeros_like(one_author)
    powers[row, column] = one_author[row, column] ** authors[row, 0] * np.exp(1j * angle[column] * first[row, 0])
    chances = np.fft.irfft(powers, n=width, axis=1)
    tail = (1 - CONFIDENCE) / 2 - ROUNDING
    low = np.argmax(np.cumsum(chances, axis=1) >= tail, axis=1)
    high = width - 1 - np.argmax(np.cumsum(chances[:, ::-1], axis=1) >= tail, axis=1)
    return low + first[:, 0], high + first[:, 0]
