"""How loud a brand is just now: by how much the hours to come should be expected to differ from the week's pattern.

News outlasts the hour, and often the day. How loud the last hours were, how loud the last day and the last days, each a
sum of voices that forgets by a half-life beside the same sum of what was usual, foretells the windows that follow. How
much each of them counts is learnt from the brand's own past, for each length of window, by a Poisson regression on that
loudness, held back where the past is thin (half-lives side by side: Corsi 2009, Journal of Financial Econometrics 7(2);
discounted sums of counts: Harvey and Fernandes 1989, Journal of Business & Economic Statistics 7(4)).

An hour is cut down at `LOUDEST`, and so is what is foretold: the surge of yesterday does not become the usual of today.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from analytics.alerts.hours import Floats
from analytics.alerts.scatter import Scatter, cut_down

HALF_LIVES = (3.0, 12.0, 48.0)  # hours
LOUDEST = 0.7  # of the log of how many times the usual
PRIOR = 5.0  # voices, as usual as can be, that each sum begins with
HELD_BACK = 4.0  # what it costs to count a loudness: the information of so many
ROUNDS = 3


def hear_news(seen: Floats, expected: Floats) -> Floats:
    """The log of how loud the hours up to each hour's end were, shape (hours, half-lives).

    Both by the hour; 0 where the sources that counted were not collected.
    """
    kept = np.minimum(seen, expected * np.exp(LOUDEST) + 3 * np.sqrt(expected) + 1)
    found = []
    for half_life in HALF_LIVES:
        forget = 0.5 ** (1 / half_life)
        spoken, usual = (lfilter([1.0], [1.0, -forget], each) for each in (kept, expected))
        found.append(np.clip(np.log((spoken + PRIOR) / (usual + PRIOR)), -LOUDEST, LOUDEST))
    return np.stack(found, axis=1)


def learn_news(news: Floats, seen: Floats, expected: Floats, scatter: Scatter) -> Floats:
    """How much each loudness counts for the windows after it, of the log of their expected count, shape (half-lives,).

    An entry a window: `news`, shape (windows, half-lives), as it was heard when the window began; what was seen in it
    and what is usual, where that is 0 for one that was not collected; `scatter` around what is to be expected.
    """
    known = expected > 0
    news, seen, expected = news[known], seen[known], expected[known]
    weights = np.zeros(news.shape[1])
    penalty = np.eye(len(weights)) * HELD_BACK
    for _ in range(ROUNDS):
        told = expected * foretell(news, weights)
        spread = scatter.threads + scatter.news * told  # variance over mean
        cut = cut_down(seen, told, scatter)
        slope = news.T @ ((cut - told) / spread) - penalty @ weights
        curve = (news * (told / spread)[:, None]).T @ news + penalty
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def foretell(news: Floats, weights: Floats) -> Floats:
    """How many times the usual is to be expected after each hour."""
    found: Floats = np.exp(np.clip(news @ weights, -LOUDEST, LOUDEST))
    return found
