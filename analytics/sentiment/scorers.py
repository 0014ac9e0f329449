"""The scorers by name, and what names each one's numbers in the store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analytics.sentiment.batch import BatchVader
from analytics.sentiment.domain_lexicon import read_changes
from analytics.sentiment.names import NameMask, normalise
from analytics.text_batches import Texts, as_strings

if TYPE_CHECKING:
    from analytics.sentiment.linear.model import Model

Kernel = Callable[[Texts], npt.NDArray[np.float64]]
"""Texts → one row a text, columns neg, neu, pos, compound."""

KNOWN = ("vader", "vader_domain")
"""What needs nothing but a name."""

LINEAR = "linear"
SCORERS = (*KNOWN, LINEAR)

READING = 2
"""Of vader_domain: raised with any change to how it reads a text that is none of its lexicon or names."""


def check(scorer: str, model: Path | str | None) -> None:
    """Raise ValueError where there is no such scorer, or where it needs a model and has none."""
    if scorer not in SCORERS:
        raise ValueError(f"there is no scorer {scorer!r}; known are {', '.join(SCORERS)}")
    if scorer == LINEAR and model is None:
        raise ValueError(f"the scorer {scorer!r} needs a model, which `brandtrust train` makes: give model=PATH")


def can_score(scorer: str, model: Path | str | None) -> bool:
    """Whether the scorer has what it needs; of `linear` that is a model."""
    return scorer in KNOWN or (scorer == LINEAR and model is not None)


def kernel(scorer: str, names: Sequence[str] = (), model: Path | str | None = None) -> Kernel:
    """What scores a batch. `names` are masked by every scorer but `vader`; only `linear` reads `model`.

    Raises ValueError for an unknown scorer, ModelError for a model that cannot be used.
    """
    check(scorer, model)
    if scorer == "vader":
        return stock_vader().scores
    if scorer == LINEAR and model is not None:
        learned = read_model(model)
        return lambda texts: learned.scores(as_strings(texts), names)
    return lambda texts: domain_vader().scores(as_domain_reads(as_strings(texts), names))


def scorer_version(scorer: str, names: Sequence[str] = (), model: Path | str | None = None) -> str:
    """Name everything that the scorer's numbers depend on, such as "3.3.2+reading:2+lex:1a2b3c4d+names:5e6f7a8b".

    Changes when, and only when, a score may change: not with the order or case of names, not with a lexicon's comments,
    not with the day or the path of a model. Raises ValueError for an unknown scorer, ModelError as `kernel`.
    """
    check(scorer, model)
    if scorer == "vader":
        return version("vaderSentiment")
    parts = [domain_version(read_changes()) if scorer != LINEAR or model is None else read_model(model).version]
    plain = normalise(names)
    if plain:
        parts.append(f"names:{short_hash(plain)}")
    return "+".join(parts)


def domain_version(changes: Mapping[str, float | None]) -> str:
    """The version of vader_domain with a lexicon of changes, no names masked."""
    return f"{version('vaderSentiment')}+reading:{READING}+lex:{short_hash(sorted(changes.items()))}"


def as_domain_reads(texts: Iterable[str], names: Sequence[str]) -> list[str]:
    """The texts with `names` masked and apostrophes plain: to VADER a negation is "don't" and never "don’t"."""
    mask = NameMask(names).mask
    return [mask(text).replace("’", "'") for text in texts]


def short_hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]


def read_model(model: Path | str) -> Model:
    """The model of the scorer `linear` in a file. Raises ModelError."""
    from analytics.sentiment.linear import model_file

    return model_file.read_model(model)


@cache
def stock_vader() -> BatchVader:
    return BatchVader()


@cache
def domain_vader() -> BatchVader:
    return BatchVader(read_changes(), by_clause=True)
