"""VADER over batches: compiled where that can be had, a text at a time where it cannot; the same numbers either way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analytics.machine_code import Code
from analytics.sentiment.clauses import GAP
from analytics.sentiment.compiled.rules import RULES, score_texts
from analytics.sentiment.compiled.tables import Floats, Tables, tables, workspace
from analytics.sentiment.vader import FIELDS, Vader

if TYPE_CHECKING:
    import pyarrow as pa

WORTH_COMPILING = 100_000
"""Characters of a batch from which the rules are compiled where this machine has not done so yet (some ten seconds)."""


class BatchVader:
    """Scores batches as `Vader(changes, by_clause=…)` does."""

    def __init__(self, changes: Mapping[str, float | None] | None = None, *, by_clause: bool = False) -> None:
        self.one_by_one = Vader(changes, by_clause=by_clause)

    @cached_property
    def _tables(self) -> Tables:
        return tables(self.one_by_one.lexicon, self.one_by_one.emojis, GAP if self.one_by_one.by_clause else 0)

    def scores(self, texts: Iterable[str]) -> Floats:
        """Score a batch: one row a text, columns neg, neu, pos, compound."""
        texts = list(texts)
        rules = RULES.load(compile_missing=sum(map(len, texts)) >= WORTH_COMPILING)
        if rules is None or not texts:
            return self.one_by_one.scores(texts)
        rows, unsure = self._compiled_scores(rules, texts)
        if len(unsure):
            rows[unsure] = self.one_by_one.scores(texts[which] for which in unsure)
        return rows

    def _compiled_scores(self, rules: Code, texts: Sequence[str]) -> tuple[Floats, npt.NDArray[np.int64]]:
        """The rows, and the numbers of those that are not filled: their texts need the exact path."""
        batch, surrogates = as_arrow(texts)
        _, ends, text = batch.buffers()
        longest = int(np.diff(np.frombuffer(ends, np.int64)).max())
        rows, unsure = np.empty((len(texts), len(FIELDS))), np.empty(len(texts), np.uint8)
        space = workspace(self._tables, longest)
        text_address = text.address if text else 0
        score_texts(rules, text_address, ends.address, len(texts), self._tables, space, rows, unsure)
        unsure[surrogates] = 1
        return rows, np.flatnonzero(unsure)


def as_arrow(texts: Sequence[str] | pa.Array) -> tuple[pa.LargeStringArray, list[int]]:
    """The texts as UTF-8, and the numbers of those that UTF-8 cannot hold: half a surrogate pair stands in them."""
    import pyarrow as pa

    if isinstance(texts, (pa.Array, pa.ChunkedArray)):
        whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        return whole.cast(pa.large_string()), []
    try:
        return pa.array(texts, pa.large_string()), []
    except UnicodeEncodeError:
        near = [text.encode(errors="replace").decode() for text in texts]
        changed = [which for which, (text, other) in enumerate(zip(texts, near, strict=True)) if text != other]
        return pa.array(near, pa.large_string()), changed
