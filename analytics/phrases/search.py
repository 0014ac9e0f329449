"""A batch of texts asked for phrases by the compiled code: counted by class, or put together to what rules need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.machine_code import Code, Program
from analytics.phrases.trees import Bytes, Numbers, Tree
from analytics.text_batches import as_batch

if TYPE_CHECKING:
    import pyarrow as pa

COUNT_CAP = 2
WORTH_COMPILING = 100_000
"""Bytes of a batch from which the search is compiled where this machine has not done so yet (some seconds)."""

MOST_WAITING = 256  # phrases begun and not ended, at one place of a text
SPANS_KEPT = 1 << 16  # phrases of candidates that are handed over at a time, and as many rules


class Space(NamedTuple):
    """What the compiled code writes on while it reads one text."""

    word: Bytes
    nodes: Numbers  # of the phrases that wait for the next word: two lists, from one word to the next
    begins: Numbers  # the word that each began with
    most_waiting: int
    found: Numbers  # phrase, first word, the one after the last
    most_found: int


class Rules(NamedTuple):
    """Which phrases meet which needs of which rules; what is not a table is written on."""

    rules: int
    need_counts: Numbers  # of each rule
    rule_of: Numbers  # of each need
    starts: Numbers  # where the needs that a phrase meets begin in `needs`, and the end of the last
    needs: Numbers
    phrase_seen: Numbers  # the text in which it was seen last, numbered from 1
    need_seen: Numbers
    rule_seen: Numbers
    left: Numbers  # needs of a rule that are not met yet


WRITTEN = ("phrase_seen", "need_seen", "rule_seen", "left")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text in which some rules have all they need, by number, and every phrase there with its places.

    A place is the number of the first word and that of the one after the last.
    """

    row: int
    rules: Sequence[int]
    places: dict[str, list[tuple[int, int]]]


def assembly_of_classes() -> str:
    from analytics.phrases.kernel import count_classes, llvm_of

    return llvm_of(count_classes)


def assembly_of_candidates() -> str:
    from analytics.phrases.kernel import find_candidates, llvm_of

    return llvm_of(find_candidates)


FOLDER = Path(__file__).parent
CLASSES = Program(
    "phrase_classes", [FOLDER], assembly_of_classes, "languages are told uncompiled, slower and with the same answers"
)
CANDIDATES = Program(
    "phrase_candidates", [FOLDER], assembly_of_candidates, "themes are found uncompiled, slower and the same"
)


def compile_missing() -> None:
    """Compile what this machine has not compiled yet."""
    for each in (CLASSES, CANDIDATES):
        each.load(compile_missing=True)


def load(program: Program, texts: pa.LargeStringArray) -> Code | None:
    return program.load(compile_missing=texts.nbytes >= WORTH_COMPILING)


def space_for(longest: int) -> Space:
    return Space(
        word=np.empty(longest + 1, np.uint8),
        nodes=np.empty(2 * MOST_WAITING, np.int32),
        begins=np.empty(2 * MOST_WAITING, np.int32),
        most_waiting=MOST_WAITING,
        found=np.empty(3 * (2 * longest + 64), np.int32),
        most_found=2 * longest + 64,
    )


class ClassCounter:
    """Counts phrases by class. `class_of`: of each phrase, in the tree's order, the number of its class."""

    def __init__(self, tree: Tree, class_of: Sequence[int]) -> None:
        self._tree, self._class_of, self._classes = tree, np.array(class_of, np.int32), max(class_of) + 1

    def count(self, texts: pa.LargeStringArray, limit: int) -> tuple[Bytes, npt.NDArray[np.bool_]] | None:
        """How many phrases of each class stand in the first `limit` characters of each text without overlapping.

        One row a text, one column a class; COUNT_CAP for so many or more. Then whether the text has to be read another
        way. None where nothing is compiled.
        """
        code = load(CLASSES, texts)
        if code is None:
            return None
        batch = as_batch(texts)
        counts, unread = np.empty((len(texts), self._classes), np.uint8), np.empty(len(texts), np.uint8)
        fixed = (*self._tree, *space_for(batch.longest), self._class_of, self._classes)
        code.call(batch.text, batch.ends, len(texts), limit, *fixed, counts, unread)
        return counts, unread != 0


class CandidateSearch:
    """Finds texts in which some rule has all it needs: of each of its sets of phrases one. All are in the tree."""

    def __init__(self, tree: Tree, phrases: Sequence[str], needs: Sequence[Sequence[Collection[str]]]) -> None:
        self._tree, self._phrases = tree, phrases
        rule_of = [rule for rule, sets in enumerate(needs) for _ in sets]
        needs_met: dict[str, list[int]] = {phrase: [] for phrase in phrases}
        for need, phrase in ((need, phrase) for need, each in enumerate(chain(*needs)) for phrase in each):
            needs_met[phrase].append(need)
        met_by = list(needs_met.values())
        self._rules = Rules(
            rules=len(needs),
            need_counts=np.array([len(sets) for sets in needs], np.int32),
            rule_of=np.array(rule_of, np.int32),
            starts=np.cumsum([0, *map(len, met_by)], dtype=np.int32),
            needs=np.array([*chain(*met_by)], np.int32),
            phrase_seen=np.empty(len(phrases), np.int32),
            need_seen=np.empty(len(rule_of), np.int32),
            rule_seen=np.empty(len(needs), np.int32),
            left=np.empty(len(needs), np.int32),
        )

    def search(self, texts: pa.LargeStringArray, limit: int) -> Iterator[Candidate | int] | None:
        """The candidates among the first `limit` characters of each text, in order; None where nothing is compiled.

        In between the bare rows of texts that have to be read another way.
        """
        code = load(CANDIDATES, texts)
        return None if code is None else self._search(code, texts, limit)

    def _search(self, code: Code, texts: pa.LargeStringArray, limit: int) -> Iterator[Candidate | int]:
        batch, count = as_batch(texts), len(texts)
        space = space_for(batch.longest)
        # Written on, so each search has its own; nothing was seen yet.
        seen = {name: np.zeros_like(getattr(self._rules, name)) for name in WRITTEN}
        rules = self._rules._replace(**seen)
        most_met, most_spans = SPANS_KEPT + rules.rules, SPANS_KEPT + space.most_found
        met, spans = np.empty(most_met, np.int32), np.empty(3 * most_spans, np.int32)
        borders, done = np.empty(3 * count, np.int32), np.zeros(1, np.int64)
        tables = (*self._tree, *space, *rules, met, most_met, spans, most_spans, borders, done)
        while (first := int(done[0])) < count:
            code.call(batch.text, batch.ends, first, count, limit, *tables)
            ends = borders[: 3 * (int(done[0]) - first)].reshape(-1, 3)
            changes = np.diff(ends[:, 0], prepend=0)
            rows = np.flatnonzero((changes > 0) | (ends[:, 2] > 0))
            last_met, last_span = ends[-1, :2].tolist()
            rules_met, found = met[:last_met].tolist(), iter(spans[: 3 * last_span].tolist())
            rule_start = span_start = 0
            for row, (rule_end, span_end, unread) in zip(rows.tolist(), ends[rows].tolist(), strict=True):
                if unread:
                    yield first + row
                    continue
                places: dict[str, list[tuple[int, int]]] = {}
                for phrase, start, after in islice(zip(found, found, found, strict=True), span_end - span_start):
                    places.setdefault(self._phrases[phrase], []).append((start, after))
                yield Candidate(first + row, sorted(rules_met[rule_start:rule_end]), places)
                rule_start, span_start = rule_end, span_end
