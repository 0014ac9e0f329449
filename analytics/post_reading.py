"""What is read of a batch of posts: scores and themes as rows of their tables. It needs no store: any process can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analytics.sentiment import FIELDS, score
from analytics.themes import tag_with_evidence

Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scorer:
    """A scorer in force."""

    name: str
    version: str
    names: tuple[str, ...]  # masked
    model: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """Posts (source, post_id, searched), which of them each scorer is to read, and which are to be tagged."""

    posts: pa.Table
    scorers: Sequence[tuple[Scorer, Mask]]
    untagged: Mask


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows for the tables of scores, of tagged posts and of themes, without the versions that are the same in all."""

    scores: Sequence[tuple[Scorer, pa.Table]]
    tagged: pa.Table
    themes: pa.Table

    @property
    def scored(self) -> int:
        """Readings by all scorers together."""
        return sum(rows.num_rows for _, rows in self.scores)


def read_posts(job: Job) -> Batch:
    """Score and tag. Raises ModelError for a scorer whose model cannot be used."""
    texts = job.posts["searched"].to_pylist()
    keys = job.posts.select(["source", "post_id"])
    scores = [
        (scorer, _score(scorer, *_where(keys, texts, unscored))) for scorer, unscored in job.scorers if unscored.any()
    ]
    keys, texts = _where(keys, texts, job.untagged)
    return Batch(scores, keys, _tag(keys, texts))


def _where(keys: pa.Table, texts: list[str], mask: Mask) -> tuple[pa.Table, list[str]]:
    return (keys, texts) if mask.all() else (keys.filter(mask), list(compress(texts, mask)))


def _score(scorer: Scorer, keys: pa.Table, texts: list[str]) -> pa.Table:
    scores = score(texts, scorer.name, scorer.names, scorer.model)
    for name in FIELDS:
        keys = keys.append_column(name, pa.array(scores[name].to_numpy(), from_pandas=True))
    return keys


def _tag(keys: pa.Table, texts: list[str]) -> pa.Table:
    evidence = tag_with_evidence(texts)
    rows = keys.take(evidence["row"])
    return rows.append_column("theme", evidence["theme"]).append_column("evidence", evidence["evidence"])
