"""The scorers by name, and what names each one's numbers in the store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version

import numpy as np
import numpy.typing as npt

from analytics.sentiment.batch import BatchVader
from analytics.sentiment.domain_lexicon import read_changes
from analytics.sentiment.names import NameMask, normalise

Kernel = Callable[[Sequence[str]], npt.NDArray[np.float64]]
"""Texts → one row a text, columns neg, neu, pos, compound."""

KNOWN = ("vader", "vader_domain")


def check(scorer: str) -> None:
    """Raise ValueError where there is no such scorer."""
    if scorer not in KNOWN:
        raise ValueError(f"there is no scorer {scorer!r}; known are {', '.join(KNOWN)}")


def kernel(scorer: str, names: Sequence[str] = ()) -> Kernel:
    """What scores a batch. `names` are masked by every scorer but `vader`. Raises ValueError for an unknown scorer."""
    check(scorer)
    if scorer == "vader":
        return stock_vader().scores
    mask = NameMask(names)
    return lambda texts: domain_vader().scores(map(mask.mask, texts))


def scorer_version(scorer: str, names: Sequence[str] = ()) -> str:
    """Name everything that the scorer's numbers depend on, such as "3.3.2+lex:1a2b3c4d+names:5e6f7a8b".

    Changes when, and only when, a score may change: not with the order or case of names, not with a lexicon's comments.
    Raises ValueError for an unknown scorer.
    """
    check(scorer)
    library = version("vaderSentiment")
    if scorer == "vader":
        return library
    parts = [library, f"lex:{short_hash(sorted(read_changes().items()))}"]
    plain = normalise(names)
    if plain:
        parts.append(f"names:{short_hash(plain)}")
    return "+".join(parts)


def short_hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]


@cache
def stock_vader() -> BatchVader:
    return BatchVader()


@cache
def domain_vader() -> BatchVader:
    return BatchVader(read_changes())
