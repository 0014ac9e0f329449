"""From labelled texts to a model, with what it is worth beside it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from analytics.evaluation.accuracy import Accuracy, measure_accuracy, read_votes
from analytics.evaluation.label_words import CLASSES
from analytics.sentiment import score
from analytics.sentiment.domain_lexicon import read_changes
from analytics.sentiment.linear.calibration import ConfidenceBin, bin_confidence, find_temperature
from analytics.sentiment.linear.features import settings
from analytics.sentiment.linear.folds import Folds, fold_by_group, fold_by_text
from analytics.sentiment.linear.matrix import FEWEST_TEXTS, count_texts
from analytics.sentiment.linear.model import Model, soften
from analytics.sentiment.linear.model_file import seal
from analytics.sentiment.linear.regression import INVERSE_REGULARISATION, FileNumbers, Labels, learn
from brands.folding import READ_CHARACTERS

BESIDE = ("vader", "vader_domain")
DEFAULT_FOLDS = 5
LIBRARIES = ("brandtrust", "numpy", "scikit-learn", "scipy", "vaderSentiment")

Progress = Callable[[], None]
"""Called after each of the fits, of which there are one more than folds."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A scorer on the labelled texts, the linear one on parts that it had not seen. `by_fold`: macro-recalls."""

    scorer: str
    accuracy: Accuracy
    by_fold: tuple[float, ...]


@dataclass(frozen=True)
class Training:
    """The model, ready to be written, and how it did.

    `readings` begin with the model's. `by_file`: its macro-recall on the unseen texts of each; empty without files.
    """

    model: Model
    readings: tuple[Reading, ...]
    calibration: tuple[ConfidenceBin, ...]
    by_file: Mapping[str, float]


def train(
    texts: Sequence[str],
    labels: Labels,
    *,
    groups: Sequence[str] | None = None,
    folds: int = DEFAULT_FOLDS,
    names: Sequence[str] = (),
    files: Sequence[str] | None = None,
    equal_files: bool = False,
    source: Mapping[str, object] | None = None,
    progress: Progress = lambda: None,
) -> Training:
    """Train on all texts; measure on each fold by a model of the others. `names` are masked.

    `labels`: −1, 0 and 1, one a text. `groups`: one a text, measured each by a model that has not seen it, in place of
    `folds` parts. `files`: one a text, where it comes from; with `equal_files` each of them has the same say, however
    many texts it holds. `source` goes into the header under "training". The same texts in any order, the same model.
    Raises EvaluationError where the folds cannot be made.
    """
    order = sorted(range(len(texts)), key=lambda row: (labels[row], texts[row], groups[row] if groups else ""))
    texts, labels = [texts[row][:READ_CHARACTERS] for row in order], labels[order]
    file_names, of_file = number_files(files, order)
    weighed_by = of_file if equal_files else None
    of_fold = (
        fold_by_text(texts, labels, folds) if groups is None else fold_by_group([groups[row] for row in order], labels)
    )
    changes = read_changes()
    counted = count_texts(texts, names, changes)
    logits = np.empty((len(texts), len(CLASSES)))
    for fold in range(of_fold.max() + 1):
        others, own = np.flatnonzero(of_fold != fold), np.flatnonzero(of_fold == fold)
        learned = learn(counted.take(others), labels[others], None if weighed_by is None else weighed_by[others])
        logits[own] = learned.logits(counted.take(own))
        progress()
    learned = learn(counted, labels, weighed_by)
    progress()
    temperature = find_temperature(logits, labels)
    votes = np.asarray(logits.argmax(axis=1) - 1, np.int8)
    readings = [read("linear", labels, votes, of_fold)]
    for scorer in BESIDE:
        compound = score(texts, scorer, names)["compound"].to_numpy(float)
        readings.append(read(scorer, labels, read_votes(compound), of_fold))
    by_file = {
        name: recall_of(labels[of_file == number], votes[of_file == number]) for number, name in enumerate(file_names)
    }
    calibration = bin_confidence(soften(logits / temperature), labels)
    header = {
        "features": settings(changes),
        "classes": [name for name, there in zip(CLASSES, np.isfinite(learned.intercept), strict=True) if there],
        "training": {
            **(source or {}),
            "texts": len(texts),
            "by_class": {name: int((labels == value).sum()) for value, name in enumerate(CLASSES, -1)},
            "data_sha256": hash_data(texts, labels),
            "equal_files": equal_files,
            "masked_names": len(names),
            "inverse_regularisation": INVERSE_REGULARISATION,
            "fewest_texts_of_an_n_gram": FEWEST_TEXTS,
        },
        "accuracy": {
            "folds": int(of_fold.max() + 1),
            "folds_by": "text" if groups is None else "group",
            "readings": {each.scorer: describe(each) for each in readings},
            "calibration": [asdict(each) for each in calibration],
        },
        "trained_on": training_day(),
        "made_with": {library: installed(library) for library in LIBRARIES},
    }
    model = seal(Model(learned.table(), learned.vader, learned.intercept, temperature, header))
    return Training(model, tuple(readings), calibration, by_file)


def number_files(files: Sequence[str] | None, order: Sequence[int]) -> tuple[list[str], FileNumbers]:
    """The files by name, and the number of each text's file, the texts in `order`."""
    names, numbers = np.unique(
        [""] * len(order) if files is None else [files[row] for row in order], return_inverse=True
    )
    return [str(name) for name in names if name], numbers


def read(scorer: str, labels: Labels, votes: Labels, of_fold: Folds) -> Reading:
    """What `votes` get right, on all texts and on each fold."""
    accuracy = measure_accuracy(labels, votes)
    by_fold = [recall_of(labels[of_fold == fold], votes[of_fold == fold]) for fold in range(of_fold.max() + 1)]
    return Reading(scorer, accuracy, tuple(by_fold))


def recall_of(labels: Labels, votes: Labels) -> float:
    """Macro-recall over the classes that the labels have."""
    return float(np.mean([(votes[labels == each] == each).mean() for each in np.unique(labels)]))


def describe(reading: Reading) -> dict[str, object]:
    found = reading.accuracy
    return {
        "macro_recall": found.macro_recall.value,
        "interval": [found.macro_recall.low, found.macro_recall.high],
        "by_fold": list(reading.by_fold),
        "macro_f1": found.macro_f1.value,
        "confusion": [list(row) for row in found.confusion],
    }


def hash_data(texts: Sequence[str], labels: Labels) -> str:
    """SHA-256 of the labelled texts, a JSON line each of class and text, in sorted order."""
    lines = sorted(json.dumps([CLASSES[label + 1], text]) for text, label in zip(texts, labels.tolist(), strict=True))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def training_day() -> str:
    """Today in UTC; SOURCE_DATE_EPOCH names another moment, so that a build can be repeated to the byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return moment.date().isoformat()


def installed(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # run from its checkout
        return "not installed"
