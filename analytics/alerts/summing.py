"""What many hours together say for a surge, each of which alone says too little.

Where an hour usually has no post at all, none can be rare enough by itself, and windows that end with it see a surge
only while they are as long as it. So what each hour says is summed up: the log of how much likelier its voices are if
volume is `SURGE` times the usual than if it is `STILL_QUIET` times, over how much voices scatter; what speaks against a
surge is taken off, down to nothing, from where the sum begins anew (CUSUM: Page 1954, Biometrika 41(1/2); no rule tells
sooner in the worst case where both rates are known: Moustakides 1986, Annals of Statistics 14(4)).

News makes days louder than usual by itself, which is why the sum is held to twice the usual. One thread or one author
can fill an hour, which is why an hour counts no more than as a surge of that size would fill it.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from scipy.special import xlogy

from analytics.alerts.hours import Floats
from analytics.alerts.scatter import Scatter

SURGE, STILL_QUIET = 3.0, 2.0  # times the usual
MOST = 10.0  # what is summed beyond it would only keep a surge that is over


def sum_up(seen: Floats, usual: Floats, scatter: Scatter) -> Floats:
    """What the hours up to each hour say for a surge; 0 at an hour that speaks against one.

    An entry an hour, in order of time: voices, and how many are usual, both 0 where the hour was not collected, which
    says nothing. `scatter`: that of single hours around the usual.
    """
    counted = np.minimum(seen, SURGE * usual + 1) * (usual > 0)
    spread = scatter.threads + scatter.news * usual  # variance over mean
    told = (xlogy(counted, SURGE / STILL_QUIET) - (SURGE - STILL_QUIET) * usual) / spread
    summed = np.array(list(accumulate(told, lambda before, step: min(max(before + step, 0.0), MOST), initial=0.0))[1:])
    return np.where(told > 0, summed, 0.0)
