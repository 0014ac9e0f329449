"""A change of net trust, corrected by labels of a random part of its posts: prediction-powered inference.

The scorer reads every post and errs; people read some and do not. The estimate is the scorer's mean over all posts plus
the mean error on the labelled ones: Angelopoulos, Bates, Fannjiang, Jordan and Zrnic (2023), Science 382(6671), with
the power tuning of Angelopoulos, Duchi and Zrnic (2023), arXiv:2311.01453. The library ppi-python computes it.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from analytics.evaluation.accuracy import Floats, read_votes
from analytics.evaluation.sampling import WINDOWS

FEWEST_LABELS = 100
"""In each window: below that the interval's normal approximation and its width are not worth a claim."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of the brand alone, mean after less mean before, −200…200.

    `raw`: of the scorer's votes. `estimate`, `low`, `high`: prediction-powered, with its 95 % interval.
    """

    raw: float
    estimate: float
    low: float
    high: float


def correct_change(posts: pd.DataFrame, labels: pd.DataFrame, alpha: float = 0.05) -> Correction:
    """Correct the change between the windows of `posts` by `labels`.

    `posts`: source, post_id, window (before, after), compound, share (adds up to 1 in a window). `labels`: source,
    post_id, label (−1…1), probability with which the post was drawn; those of other posts are left out. Both windows
    need labels.
    """
    votes = posts[["source", "post_id", "window", "share"]].assign(
        vote=read_votes(posts["compound"].to_numpy(float)).astype(float)
    )
    labelled = votes.merge(labels[["source", "post_id", "label", "probability"]], on=["source", "post_id"])
    raw, estimate, variance = 0.0, 0.0, 0.0
    for window, sign in zip(WINDOWS, (-1, 1), strict=True):
        every, some = (frame[frame["window"] == window] for frame in (votes, labelled))
        raw += sign * float((every["share"] * every["vote"]).sum())
        mean, error = correct_mean(
            some["label"].to_numpy(float),
            some["vote"].to_numpy(float),
            (some["share"] / some["probability"]).to_numpy(float),
            every["vote"].to_numpy(float),
            every["share"].to_numpy(float),
        )
        estimate += sign * mean
        variance += error**2  # the windows are drawn from separately
    half = NormalDist().inv_cdf(1 - alpha / 2) * math.sqrt(variance)
    return Correction(100 * raw, 100 * estimate, 100 * (estimate - half), 100 * (estimate + half))


def correct_mean(
    labels: Floats, votes: Floats, weights: Floats, all_votes: Floats, all_weights: Floats
) -> tuple[float, float]:
    """The weighted mean of labels over all posts, and its standard error.

    `labels`, `votes` and `weights` (what a post counts, over its probability) are of labelled posts, `all_…` of all.
    """
    with warnings.catch_warnings():  # importing the library silences every warning of the program
        from ppi_py import ppi_mean_ci

    # The estimate shifts with its data. Around their means, the library's variance of weighted values becomes that of
    # a weighted mean (Särndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, section 5.7).
    label, vote = np.average(labels, weights=weights), np.average(votes, weights=weights)
    level = 0.9
    low, high = ppi_mean_ci(
        labels - label,
        votes - vote,
        all_votes - vote,
        alpha=1 - level,
        lam=None if np.ptp(all_votes) else 0.0,  # a scorer that says one thing always is no help, and 0/0 to tune
        w=weights,
        w_unlabeled=all_weights,
    )
    low, high = float(np.squeeze(low)), float(np.squeeze(high))
    return float(label) + (low + high) / 2, (high - low) / 2 / NormalDist().inv_cdf((1 + level) / 2)
