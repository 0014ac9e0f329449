"""How noisy each bin's value is by sampling alone, and what peers said in it, the less noisy ones more.

A bin's own variance is a poor witness: three equal voices have none, and a rare theme that nobody raised in a quiet
week looks exact, so that weights by it would favour quiet weeks. What differs truly between bins is how many voices
they have. So the variance of one voice is pooled over all bins and divided by each bin's voices. Two exceptions keep
the bins after the event from looking surer than they are: they keep their own variance of a voice where it is larger,
since an event may split people who agreed before; and voices beyond those of a busy usual week earn no precision, since
a spike brings other people and not more of the same.

Sources: variance of a series from its differences to the others, Grubbs (1948), Journal of the American Statistical
Association 43(242), and "three-cornered hat", Gray and Allan (1974), Proc. 28th Frequency Control Symposium; weights by
the sum of sampling and between-study variance, DerSimonian and Laird (1986), Controlled Clinical Trials 7(3); the
biweight, Beaton and Tukey (1974), Technometrics 16(2).
"""

from __future__ import annotations

import numpy as np

from analytics.effects.bins import Flags, Floats

BIWEIGHT = 4.685  # of its own standard deviations: the usual choice, 95 % efficient where nothing is odd
STEPS = 12
BUSY = 0.9  # of the bins before the event have no more voices than a busy one


def pool_variance(variance: Floats, voices: Floats, after: Flags) -> Floats:
    """The sampling variance of each bin's value, from the variance of one voice pooled over bins.

    `variance` is of the bin's value (NaN: not known), `voices` says how many it is the mean of (NaN: not known, then
    each bin counts as one voice), `after` marks the bins from the event on. Shapes (bins,) all.
    """
    voices = np.maximum(np.nan_to_num(voices, nan=1.0), 1.0)
    of_a_voice = variance * voices
    usual = _pool(of_a_voice, voices)
    later = _pool(of_a_voice[after], voices[after])
    if (~after).any():
        voices = np.where(after, np.minimum(voices, np.quantile(voices[~after], BUSY)), voices)
    pooled: Floats = np.where(after, np.fmax(usual, later), usual) / voices
    return pooled


def _pool(of_a_voice: Floats, voices: Floats) -> float:
    known = np.isfinite(of_a_voice)
    freedom = voices[known] - 1
    if not known.any():
        return float("nan")
    if not freedom.any():  # voices were not told
        return float(of_a_voice[known].mean())
    return float((freedom * of_a_voice[known]).sum() / freedom.sum())


def pool_peers(values: Floats, variances: Floats, before: Flags) -> tuple[Floats, Floats, Floats]:
    """What the peers together did in each bin, up to a constant, the sampling variance of that, and who was heard.

    `values` and `variances` have shape (peers, bins), without gaps; `before` marks the bins that the peers' levels and
    restlessness are read from. A peer counts by 1 / (its sampling variance + the variance of its own moods), and one
    that is `BIWEIGHT` of its standard deviations off the others in a bin, by its own scandal, does not count there.
    News that moves all peers alike moves the answer by exactly as much, whatever the weights. Heard, (peers, bins),
    is 1 where a peer counts in full and 0 where it does not.
    """
    centred = values - values[:, before].mean(axis=1, keepdims=True)
    total = variances + _own_moods(centred[:, before], variances[:, before])[:, None]
    if len(values) == 1:
        return centred[0], variances[0], np.ones_like(centred)
    known = total.mean() > 0
    weights = 1 / np.maximum(total, 1e-9 * total.mean()) if known else np.ones_like(total)
    bound = BIWEIGHT / np.sqrt(weights) if known else np.full_like(total, np.inf)
    middle = np.median(centred, axis=0)
    for _ in range(STEPS):
        heard = np.square(np.maximum(0.0, 1 - np.square((centred - middle) / bound)))
        pull = weights * (heard + 1e-9)  # where all are far from each other, none is the odd one
        middle = (pull * centred).sum(axis=0) / pull.sum(axis=0)
    shares = weights / weights.sum(axis=0)
    return middle, (shares**2 * variances).sum(axis=0), heard


def _own_moods(centred: Floats, variances: Floats) -> Floats:
    """Variance of each peer beyond sampling and beyond what moves all peers alike; (peers, bins) → (peers,)."""
    peers = len(centred)
    if peers == 1:
        return np.zeros(1)
    others = (centred.sum(axis=0) - centred) / (peers - 1)
    apart = ((centred - others) ** 2).mean(axis=1)
    everything = apart.sum() * (peers - 1) / peers
    if peers == 2:  # the two share one difference, so that they cannot be told apart
        return np.full(2, max(0.0, (everything - variances.mean(axis=1).sum()) / 2))
    each = (apart - everything / (peers - 1) ** 2) / (1 - 1 / (peers - 1) ** 2)
    moods: Floats = np.maximum(0.0, each - variances.mean(axis=1))
    return moods
