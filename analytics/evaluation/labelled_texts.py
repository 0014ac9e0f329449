"""Files that people labelled: texts that are negative, neutral or positive, and an account of every row left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.evaluation.errors import EvaluationError
from analytics.evaluation.label_words import CLASSES, DROP, VALUES, classify, fold
from analytics.evaluation.tables import read_columns
from brands.wording import write_count

NO_TEXT, NO_LABEL, DECLARED = "no text", "no label", "label declared as drop"


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """Texts with their labels, in the file's order.

    `labels`: −1 negative, 0 neutral, 1 positive. `rows`: records read, = texts + dropped. `dropped`: why → rows.
    `others`: further columns that were asked for, as text, one value a text.
    """

    path: Path
    texts: Sequence[str]
    labels: npt.NDArray[np.int8]
    rows: int
    dropped: Mapping[str, int]
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def by_class(self) -> dict[str, int]:
        """How many texts each class has, those with none too."""
        return {name: int((self.labels == VALUES[name]).sum()) for name in CLASSES}


def read_labelled(
    path: Path,
    text: str,
    label: str,
    labels: Mapping[str, str] | None = None,
    *,
    others: Sequence[str] = (),
    encoding: str = "utf-8",
) -> LabelledTexts:
    """Read the columns `text` and `label` of a CSV, TSV, JSON, NDJSON or Parquet file, text formats also as .gz.

    `labels`: word → negative, neutral, positive or drop, before the usual words, stars and numbers are tried (see
    `label_words.classify`). Rows without text or label are left out and counted. `others` names further columns.
    Raises EvaluationError, one line that names the file.
    """
    columns = list(dict.fromkeys((text, label, *others)))
    try:
        records, unreadable = read_columns(path, columns, encoding)
        return _choose(
            path,
            records,
            unreadable,
            (text, label, others),
            {fold(word): name for word, name in (labels or {}).items()},
        )
    except EvaluationError as problem:
        raise EvaluationError(f"{path}: {problem}") from None


def join_labelled(parts: Sequence[LabelledTexts]) -> LabelledTexts:
    """The labelled texts of several files, which have the same other columns, as of one."""
    dropped = Counter[str]()
    for part in parts:
        dropped.update(part.dropped)
    return LabelledTexts(
        Path(", ".join(str(part.path) for part in parts)),
        [text for part in parts for text in part.texts],
        np.concatenate([part.labels for part in parts]),
        sum(part.rows for part in parts),
        dict(dropped),
        {name: [value for part in parts for value in part.others[name]] for name in parts[0].others},
    )


def require_enough(labelled: LabelledTexts, fewest: int, fewest_a_class: int) -> None:
    """Raise EvaluationError where there are under `fewest` texts, fewer than two classes, or too few of one."""
    counts = {name: count for name, count in labelled.by_class.items() if count}
    left_out = "".join(f"; left out: {count:,} with {why}" for why, count in labelled.dropped.items())
    if len(labelled.texts) < fewest:
        have = write_count(len(labelled.texts), "labelled text")
        raise EvaluationError(f"{labelled.path}: {have}, and {fewest} are needed{left_out}")
    if len(counts) < 2:
        raise EvaluationError(f"{labelled.path}: every label is {next(iter(counts))}; two classes or more are needed")
    few = [f"{name} {count}" for name, count in counts.items() if count < fewest_a_class]
    if few:
        raise EvaluationError(
            f"{labelled.path}: too few labels of a class ({', '.join(few)}); {fewest_a_class} are needed, or leave the "
            "class out: --labels drop=WORD"
        )


def _choose(
    path: Path,
    records: Sequence[Mapping[str, str | None]],
    unreadable: Mapping[str, int],
    columns: tuple[str, str, Sequence[str]],
    declared: Mapping[str, str],
) -> LabelledTexts:
    text, label, others = columns
    dropped = Counter(unreadable)
    kept = []
    for record in records:
        words, given = record[text], record[label]
        if not words or not words.strip():
            dropped[NO_TEXT] += 1
        elif not given or not given.strip():
            dropped[NO_LABEL] += 1
        else:
            kept.append((words, fold(given), record))
    classes = classify(Counter(given for _, given, _ in kept), declared)
    used = [each for each in kept if classes[each[1]] != DROP]
    if len(used) < len(kept):
        dropped[DECLARED] = len(kept) - len(used)
    if not used:
        reasons = ", ".join(f"{count:,} with {why}" for why, count in dropped.items())
        raise EvaluationError(f"no row has both a text and a label{f' ({reasons})' if reasons else ''}")
    return LabelledTexts(
        path,
        [words for words, _, _ in used],
        np.array([VALUES[classes[given]] for _, given, _ in used], np.int8),
        len(records) + sum(unreadable.values()),
        dict(dropped),
        {name: [record[name] or "" for _, _, record in used] for name in others},
    )
