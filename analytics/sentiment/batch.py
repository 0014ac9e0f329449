"""VADER over batches: compiled where that can be had, a text at a time where it cannot; the same numbers either way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from analytics.machine_code import Code
from analytics.sentiment.clauses import GAP
from analytics.sentiment.compiled.rules import RULES, score_texts
from analytics.sentiment.compiled.tables import Floats, Tables, tables, workspace
from analytics.sentiment.vader import FIELDS, Vader
from analytics.text_batches import Batch, Texts, as_arrow, as_batch, as_strings, pick

WORTH_COMPILING = 100_000
"""Characters of a batch from which the rules are compiled where this machine has not done so yet (some ten seconds)."""


class BatchVader:
    """Scores batches as `Vader(changes, by_clause=…)` does."""

    def __init__(self, changes: Mapping[str, float | None] | None = None, *, by_clause: bool = False) -> None:
        self.one_by_one = Vader(changes, by_clause=by_clause)

    @cached_property
    def _tables(self) -> Tables:
        return tables(self.one_by_one.lexicon, self.one_by_one.emojis, GAP if self.one_by_one.by_clause else 0)

    def scores(self, texts: Texts) -> Floats:
        """Score a batch: one row a text, columns neg, neu, pos, compound."""
        array, surrogates = as_arrow(texts)
        batch = as_batch(array)
        rules = RULES.load(compile_missing=batch.size >= WORTH_COMPILING)
        if rules is None or not len(array):
            return self.one_by_one.scores(as_strings(texts))
        rows, unsure = self._compiled_scores(rules, batch)
        unsure[surrogates] = 1
        if unsure.any():
            which = np.flatnonzero(unsure)
            rows[which] = self.one_by_one.scores(pick(texts, which))
        return rows

    def _compiled_scores(self, rules: Code, batch: Batch) -> tuple[Floats, npt.NDArray[np.uint8]]:
        """The rows, and which of them are not filled: their texts need the exact path."""
        count = len(batch.ends) - 1
        rows, unsure = np.empty((count, len(FIELDS))), np.empty(count, np.uint8)
        space = workspace(self._tables, batch.longest)
        score_texts(rules, batch.text.ctypes.data, batch.ends.ctypes.data, count, self._tables, space, rows, unsure)
        return rows, unsure
