"""What `brandtrust evaluate` prints and draws."""

from __future__ import annotations

import html
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from analytics.evaluation.label_words import CLASSES
from brands.wording import write_count
from flows.errors import UsageError
from flows.output import console
from flows.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console

    from analytics.evaluation.accuracy import Estimate
    from analytics.evaluation.evaluation import Evaluation, ScorerResult

NONE = "·"
FORMATS = (".svg", ".png", ".html")


def require_format(out: Path) -> None:
    """Raises UsageError where no picture can be written to `out`: told before anything is computed."""
    if out.suffix.lower() not in FORMATS:
        raise UsageError(f"--out {out}: name a picture that ends in {', '.join(FORMATS)}")
    if not out.parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.parent}; make it or name another")


def show(found: Evaluation) -> None:
    """What was read, a row a scorer, differences, and for each scorer confusion and calibration."""
    told = console()
    _tell(told, _describe(found))
    for scorer in found.trained_on:
        _tell(told, [f"{scorer} has learned from these very texts: what it reaches here says nothing of other texts"])
    told.print(_results(found))
    if found.differences:
        told.print()
        told.print(_differences(found))
        told.print()
        _tell(told, [_conclude(found)])
    for each in found.scorers:
        told.print()
        _tell(told, [f"{each.scorer}, version {each.version}"])
        told.print(_confusion(each))
        told.print()
        told.print(_calibration(each))


def print_json(found: Evaluation) -> None:
    """The same as one JSON object on standard output; a number that does not exist is null."""
    labelled = found.labelled
    content: dict[str, Any] = {
        "file": str(labelled.path),
        "rows": labelled.rows,
        "texts": len(labelled.texts),
        "classes": labelled.by_class,
        "dropped": dict(labelled.dropped),
        "scorers": [asdict(each) for each in found.scorers],
        "differences": [asdict(each) for each in found.differences],
        "trained_on": list(found.trained_on),
        "daily_means": None,
    }
    if found.daily is not None:
        cells = found.daily.cells
        content["daily_means"] = {
            "brands": found.daily.brands,
            "texts_left_out": found.daily.left_out,
            "cells": json.loads(cells.assign(day=cells["day"].astype(str)).to_json(orient="records")),
        }
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def draw(found: Evaluation, out: Path) -> None:
    """Write the picture to `out` and say so. Raises UsageError where it cannot be written."""
    from analytics.evaluation.picture import draw_evaluation

    chart = draw_evaluation(found)
    ending = out.suffix.lower()
    content = (
        chart.png if ending == ".png" else (chart.svg if ending == ".svg" else _page(chart.svg, chart.alt)).encode()
    )
    try:
        out.write_bytes(content)
    except OSError as problem:
        raise UsageError(f"--out {out}: cannot be written: {problem.strerror}") from None
    sys.stderr.write(f"{printable(str(out))}: written\n")


def _page(svg: str, alt_text: str) -> str:
    """A page that needs nothing beside it: the picture stands in it."""
    title = html.escape(alt_text.split(".")[0])
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body style="margin:2em;background:#fff"><figure role="img" aria-label="{html.escape(alt_text)}">\n{svg}\n'
        "</figure></body></html>\n"
    )


def _describe(found: Evaluation) -> list[str]:
    labelled = found.labelled
    classes = ", ".join(f"{count:,} {name}" for name, count in labelled.by_class.items() if count)
    lines = [f"{labelled.path}: {write_count(labelled.rows, 'row')}, {len(labelled.texts):,} labelled ({classes})"]
    lines += [f"left out: {write_count(count, 'row')}, {why}" for why, count in labelled.dropped.items()]
    if found.daily is not None:
        cells = found.daily.cells
        brands = write_count(found.daily.brands, "brand")
        lines.append(
            f"daily means: {write_count(len(cells), 'cell')} of brand and day ({brands}), "
            f"{write_count(found.daily.left_out, 'text')} without a day or in smaller cells left out"
        )
    return lines


def _conclude(found: Evaluation) -> str:
    """Which scorer these labels speak for."""
    base = found.scorers[0].scorer
    unseen = [each for each in found.differences if each.scorer not in found.trained_on]
    if base in found.trained_on or not unseen:
        return "Nothing here tells which scorer to take: label texts that the model has not learned from."
    if found.best is None:
        return f"None of them reads these texts better than {base} by more than chance may: take {base}, or label more."
    return f"Take {found.best.scorer}: it reads these texts better than {base} by more than chance may."


def _results(found: Evaluation) -> Table:
    table = _table("scorer", "macro-recall", "macro-F1", "n", *_daily_names(found))
    for each in found.scorers:
        daily = [_write(each.daily.pooled, 2), _write(each.daily.within, 2)] if each.daily else []
        table.add_row(
            Text(printable(each.scorer)),
            _write(each.accuracy.macro_recall),
            _write(each.accuracy.macro_f1),
            f"{each.accuracy.texts:,}",
            *daily[: len(_daily_names(found))],
        )
    return table


def _differences(found: Evaluation) -> Table:
    table = _table("difference", "macro-recall", "macro-F1", "read otherwise", *_daily_names(found))
    for each in found.differences:
        daily = [_write(each.daily.pooled, 2, "+"), _write(each.daily.within, 2, "+")] if each.daily else []
        table.add_row(
            Text(printable(f"{each.scorer} − {each.base}")),
            _write(each.macro_recall, 3, "+"),
            _write(each.macro_f1, 3, "+"),
            f"{each.read_otherwise:,}",
            *daily[: len(_daily_names(found))],
        )
    return table


def _daily_names(found: Evaluation) -> list[str]:
    if found.daily is None:
        return []
    return ["r of daily means", "within brand"] if found.daily.brands > 1 else ["r of daily means"]


def _confusion(result: ScorerResult) -> Table:
    table = _table("people \\ read as", *CLASSES, "recall", "precision")
    shares = zip(result.accuracy.recalls, result.accuracy.precisions, strict=True)
    for name, counts, (recall, precision) in zip(CLASSES, result.accuracy.confusion, shares, strict=True):
        table.add_row(name, *(f"{count:,}" for count in counts), _number(recall), _number(precision))
    return table


def _calibration(result: ScorerResult) -> Table:
    table = _table("compound", "n", "mean compound", "mean label")
    for each in result.calibration:
        span = f"{each.start:+.2f} … {each.end:+.2f}"
        table.add_row(_signed(span), f"{each.texts:,}", _number(each.compound, 2, "+"), _write(each.label, 2, "+"))
    return table


def _table(first: str, *names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, overflow="fold")
    for name in names:
        table.add_column(name, justify="right", min_width=max(map(len, name.split())))
    return table


def _write(estimate: Estimate | None, digits: int = 3, sign: str = "") -> str:
    if estimate is None:
        return NONE
    value = _number(estimate.value, digits, sign)
    if estimate.low is None or estimate.high is None:
        return value
    return f"{value} ({_number(estimate.low, digits, sign)} … {_number(estimate.high, digits, sign)})"


def _number(value: float | None, digits: int = 3, sign: str = "") -> str:
    return NONE if value is None else _signed(f"{value:{sign}.{digits}f}")


def _signed(text: str) -> str:
    return text.replace("-", "−")


def _tell(told: Console, lines: list[str]) -> None:
    for line in lines:
        told.print(Text(printable(line)), soft_wrap=True)
