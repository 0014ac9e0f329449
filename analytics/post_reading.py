"""What is read of a batch of posts, as rows of the store's tables. It needs no store: any process can.

Language comes first: what is in none of the languages of a scorer's brands is not scored. Who speaks and what repeats a
text is told of posts on data and AI practices alone; over all posts both would cost as much as scoring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from analytics.copies import sign_rows
from analytics.language import UNDETERMINED, detect
from analytics.sentiment import FIELDS, score_rows
from analytics.speakers import find_speakers
from analytics.themes import practices_themes, tag_with_evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

Mask: TypeAlias = npt.NDArray[np.bool_]

CHARACTERS = 2_000
"""How much of a post's beginning may tell who speaks."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """A scorer in force. `languages` (ISO 639-1): of the brands that use it."""

    name: str
    version: str
    names: tuple[str, ...] = ()  # masked
    model: str | None = None
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class Job:
    """Posts (source, post_id, searched) and what is to be read of which: one mask over the posts for each.

    `speakers` and `signatures` are of posts on practices that were tagged before; those tagged now are added.
    """

    posts: pa.Table
    scorers: Sequence[tuple[Scorer, Mask]]
    languages: Mask
    themes: Mask
    speakers: Mask
    signatures: Mask

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process go its own posts; pyarrow would send all of the table that they are a slice of."""
        written = pa.BufferOutputStream()
        with pa.ipc.new_stream(written, self.posts.schema) as stream:
            stream.write_table(self.posts)
        masks = self.languages, self.themes, self.speakers, self.signatures
        return _receive_job, (written.getvalue(), self.scorers, *masks)


def _receive_job(written: pa.Buffer, scorers: Sequence[tuple[Scorer, Mask]], *masks: Mask) -> Job:
    return Job(pa.ipc.open_stream(written).read_all(), scorers, *masks)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows for the tables of scores, languages, tagged posts, themes, speakers and signatures of copies.

    Each has source and post_id; versions, which are the same in all rows of a table, are left out.
    """

    scores: Mapping[Scorer, pa.Table]
    languages: pa.Table
    tagged: pa.Table
    themes: pa.Table
    speakers: pa.Table
    signatures: pa.Table

    @property
    def scored(self) -> int:
        """Readings by all scorers together."""
        return sum(rows.num_rows for rows in self.scores.values())


def read_posts(job: Job) -> Batch:
    """Read the batch. Raises ModelError for a scorer whose model cannot be used."""
    texts = pc.cast(job.posts["searched"], pa.large_string()).combine_chunks()
    keys = job.posts.select(["source", "post_id"])
    languages = _tell(keys, texts, job.languages, "language", detect)
    scores = {}
    for scorer, unscored in job.scorers:
        mask = unscored.copy()
        mask[job.languages] &= _are_in(languages["language"], scorer.languages)
        if mask.any():
            scores[scorer] = _score(scorer, keys.filter(mask), texts.filter(pa.array(mask)))
    tagged = keys.filter(job.themes)
    evidence = tag_with_evidence(texts.filter(pa.array(job.themes)))
    themes = tagged.take(evidence["row"])
    for name in ("theme", "evidence"):
        themes = themes.append_column(name, evidence[name])
    on_practices = _on_practices(evidence, job.themes)
    return Batch(
        scores,
        languages,
        tagged,
        themes,
        _tell(keys, texts, job.speakers | on_practices, "speaker", lambda some: find_speakers(begin(some))),
        _tell(keys, texts, job.signatures | on_practices, "bands", sign_rows),
    )


def begin(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """How the texts begin."""
    return pc.utf8_slice_codeunits(texts, 0, CHARACTERS)


def merge(batches: Sequence[Batch]) -> Batch:
    """The rows of several batches as one."""
    scorers = dict.fromkeys(scorer for batch in batches for scorer in batch.scores)
    return Batch(
        {scorer: _one(batch.scores[scorer] for batch in batches if scorer in batch.scores) for scorer in scorers},
        _one(batch.languages for batch in batches),
        _one(batch.tagged for batch in batches),
        _one(batch.themes for batch in batches),
        _one(batch.speakers for batch in batches),
        _one(batch.signatures for batch in batches),
    )


def _one(tables: Iterable[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables)


def _tell(
    keys: pa.Table,
    texts: pa.LargeStringArray,
    mask: Mask,
    column: str,
    tell: Callable[[pa.LargeStringArray], Sequence[str] | pa.Array],
) -> pa.Table:
    """Rows (source, post_id, `column`) of the posts in `mask`."""
    told = tell(texts.filter(pa.array(mask)))
    values = told if isinstance(told, pa.Array) else pa.array(told, pa.string())
    return keys.filter(mask).append_column(column, values)


def _are_in(languages: pa.ChunkedArray, wanted: Sequence[str]) -> Mask:
    found: Mask = pc.is_in(languages, pa.array([*wanted, UNDETERMINED])).to_numpy()
    return found


def _score(scorer: Scorer, keys: pa.Table, texts: pa.LargeStringArray) -> pa.Table:
    scores = score_rows(texts, scorer.name, scorer.names, scorer.model)
    for name, values in zip(FIELDS, scores.T, strict=True):
        keys = keys.append_column(name, pa.array(values, from_pandas=True))
    return keys


def _on_practices(evidence: pa.Table, read: Mask) -> Mask:
    """Which of all posts have a theme of practices in `evidence`, whose rows count those in `read`."""
    practices = pc.is_in(evidence["theme"], pa.array(sorted(practices_themes())))
    found = np.zeros(len(read), bool)
    found[np.flatnonzero(read)[evidence["row"].filter(practices).to_numpy()]] = True
    return found
