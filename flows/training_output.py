"""What `brandtrust train` prints: what was read, how well the model reads unseen texts, and where it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from analytics.evaluation.label_words import CLASSES
from brands.wording import write_count
from flows.output import console
from flows.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analytics.evaluation import LabelledTexts
    from analytics.sentiment.linear.model import Model
    from analytics.sentiment.linear.training import Training

NONE = "·"


def show_files(parts: Sequence[LabelledTexts]) -> None:
    """For each file how many rows of each class were read, and how many were left out and why."""
    for part in parts:
        classes = ", ".join(f"{count:,} {name}" for name, count in part.by_class.items() if count)
        _tell(f"{part.path}: {write_count(part.rows, 'row')}, {len(part.texts):,} labelled ({classes})")
        for why, count in part.dropped.items():
            _tell(f"left out: {write_count(count, 'row')}, {why}")


def show_training(training: Training) -> None:
    """The model beside what needs no training, on the same texts; then its confusion and its calibration."""
    told, measured = console(), training.model.header["accuracy"]
    parts = f"{measured['folds']} parts" + (" of whole groups" if measured["folds_by"] == "group" else "")
    _tell(f"measured on {parts}, each by a model of the others:")
    table = _table("scorer", "macro-recall (95 %)", "lowest … highest part", "macro-F1")
    for each in training.readings:
        recall = each.accuracy.macro_recall
        table.add_row(
            each.scorer,
            f"{recall.value:.3f} ({_number(recall.low)} … {_number(recall.high)})",
            f"{min(each.by_fold):.3f} … {max(each.by_fold):.3f}",
            f"{each.accuracy.macro_f1.value:.3f}",
        )
    told.print(table)
    for file, unseen in training.by_file.items():
        _tell(f"macro-recall on the unseen texts of {file}: {unseen:.3f}")
    own = training.readings[0].accuracy
    table = _table("people \\ read as", *CLASSES, "recall", "precision")
    for name, counts, found, right in zip(CLASSES, own.confusion, own.recalls, own.precisions, strict=True):
        table.add_row(name, *(f"{count:,}" for count in counts), _number(found), _number(right))
    told.print()
    told.print(table)
    table = _table("probability", "n", "mean probability", "share right")
    for part in training.calibration:
        if part.texts:
            numbers = f"{part.texts:,}", _number(part.probability), _number(part.right)
            table.add_row(f"{part.start:.1f} … {part.end:.1f}", *numbers)
    told.print()
    told.print(table)


def show_model(model: Model, path: Path) -> None:
    """Where the model is, and how it is used."""
    _tell(f"{path}: written, {model.version}")
    _tell(f'use it in a brand file, under [report]: scorer = "linear" and model = "{path}" (relative to that file)')


def _table(first: str, *names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first)
    for name in names:
        table.add_column(name, justify="right")
    return table


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"


def _tell(line: str) -> None:
    console().print(Text(printable(line)), soft_wrap=True)
