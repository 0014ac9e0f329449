"""An evaluation as a picture: a line of results on top, and below it a column a scorer."""

from __future__ import annotations

from collections.abc import Callable

from analytics.evaluation.accuracy import Estimate
from analytics.evaluation.calibration import Bin
from analytics.evaluation.evaluation import Evaluation, ScorerResult
from analytics.evaluation.label_words import CLASSES
from analytics.report.drawing import Canvas, Chart
from analytics.report.fonts import cut_to_width, text_width
from analytics.report.formatting import write_number, write_tick
from analytics.report.palette import BRAND, EVENT, EXPECTED, FAINT, INK, LABEL, PEER, SMALL, SOFT
from analytics.report.placing import nice_ticks

COLUMN, GUTTER, MARGIN = 232.0, 34.0, 14.0
ROW = 15.0
CELL, CELL_HEIGHT = 52.0, 21.0
PLOT, PLOT_LEFT = 122.0, 34.0
HEADING = 16.0
MOST_TINT = 0.85

Scale = Callable[[float], float]


def draw_evaluation(evaluation: Evaluation) -> Chart:
    """Macro-recall and macro-F1 with intervals; for each scorer confusion, calibration and daily means."""
    canvas = Canvas()
    columns = max(2, len(evaluation.scorers))
    width = columns * COLUMN + (columns - 1) * GUTTER
    labelled = evaluation.labelled
    counts = ", ".join(f"{count:,} {name}" for name, count in labelled.by_class.items() if count)
    title = f"{labelled.path.name}: {len(labelled.texts):,} labelled texts ({counts})"
    canvas.text(0, 12, cut_to_width(title, 9, width), INK, 9, "left", 600)
    top = 34.0
    for at, (name, pick) in enumerate(
        (
            ("Macro-recall", lambda each: each.accuracy.macro_recall),
            ("Macro-F1", lambda each: each.accuracy.macro_f1),
        )
    ):
        half = (width - GUTTER) / 2
        _draw_estimates(canvas, name, evaluation.scorers, pick, at * (half + GUTTER), top, half)
    top += ROW * len(evaluation.scorers) + 46
    bottom = top
    for at, result in enumerate(evaluation.scorers):
        bottom = max(bottom, _draw_scorer(canvas, evaluation, result, at * (COLUMN + GUTTER), top))
    return canvas.draw(width, bottom + 10, write_alt(evaluation), MARGIN, MARGIN)


def write_alt(evaluation: Evaluation) -> str:
    """What the picture says, in words."""
    said = [f"Scorers against {len(evaluation.labelled.texts):,} labelled texts of {evaluation.labelled.path.name}."]
    for each in evaluation.scorers:
        said.append(f"{each.scorer}: macro-recall {_write(each.accuracy.macro_recall)}, macro-F1 "
                    f"{_write(each.accuracy.macro_f1)}.")  # fmt: skip
        if each.daily and each.daily.pooled:
            said.append(f"Daily means correlate {write_number(each.daily.pooled.value, 2)} with people's.")
    return " ".join(said)


def _write(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return write_number(estimate.value, 3)
    low, high = write_number(estimate.low, 3), write_number(estimate.high, 3)
    return f"{write_number(estimate.value, 3)} ({low} to {high})"


def _draw_estimates(
    canvas: Canvas,
    name: str,
    results: tuple[ScorerResult, ...],
    pick: Callable[[ScorerResult], Estimate],
    left: float,
    top: float,
    width: float,
) -> None:
    """A dot with its interval for each scorer, from 0 to 1."""
    room = min(110.0, max(text_width(each.scorer, LABEL) for each in results) + 8)
    start, end = left + room, left + width - 92

    def x_at(share: float) -> float:
        return start + share * (end - start)

    canvas.text(left, top, f"{name}, 95 % interval", INK, LABEL, "left", 600)
    bottom = top + 8 + ROW * len(results)
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        canvas.rules([(x_at(tick), top + 8, x_at(tick), bottom)], FAINT, 0.6)
        canvas.text(x_at(tick), bottom + 7, write_tick(tick), SOFT, SMALL)
    for at, each in enumerate(results):
        y, estimate = top + 8 + (at + 0.5) * ROW, pick(each)
        canvas.text(left, y, cut_to_width(each.scorer, LABEL, room - 4), INK, LABEL, "left")
        if estimate.low is not None and estimate.high is not None:
            canvas.rules([(x_at(estimate.low), y, x_at(estimate.high), y)], BRAND, 2)
        canvas.circles([(x_at(estimate.value), y)], 6, BRAND, BRAND)
        canvas.text(end + 8, y, _write(estimate), SOFT, SMALL, "left")


def _draw_scorer(canvas: Canvas, evaluation: Evaluation, result: ScorerResult, left: float, top: float) -> float:
    canvas.text(left, top, cut_to_width(result.scorer, 9, COLUMN), INK, 9, "left", 600)
    canvas.text(left, top + 11, cut_to_width(result.version, SMALL, COLUMN), SOFT, SMALL, "left")
    top = _draw_confusion(canvas, result, left, top + 30)
    top = _draw_calibration(canvas, result.calibration, left, top + 22)
    if evaluation.daily is not None and result.daily is not None:
        top = _draw_daily(canvas, evaluation, result, left, top + 22)
    return top


def _draw_confusion(canvas: Canvas, result: ScorerResult, left: float, top: float) -> float:
    """Rows are people's labels, columns what was read; the tint is the share of the row."""
    canvas.text(left, top, "How people's labels were read: texts, % of the row", INK, LABEL, "left", 600)
    room = COLUMN - len(CLASSES) * CELL
    for at, name in enumerate(CLASSES):
        canvas.text(left + room + (at + 0.5) * CELL, top + 13, f"as {name}", SOFT, SMALL)
    top += 19
    for row, counts in enumerate(result.accuracy.confusion):
        y, total = top + row * CELL_HEIGHT, sum(counts)
        canvas.text(left, y + CELL_HEIGHT / 2, CLASSES[row], INK, LABEL, "left")
        for column, count in enumerate(counts):
            x, share = left + room + column * CELL, count / total if total else 0.0
            canvas.rectangle(x + 0.5, y + 0.5, x + CELL - 0.5, y + CELL_HEIGHT - 0.5, _tint(share))
            words = f"{count:,}" + (f" · {100 * share:.0f} %" if total else "")
            canvas.text(x + CELL / 2, y + CELL_HEIGHT / 2, words, "#ffffff" if share > 0.7 else INK, SMALL)
    return top + len(CLASSES) * CELL_HEIGHT


def _tint(share: float) -> str:
    """The brand's blue on white, darker for a larger share."""
    strength = MOST_TINT * share + 0.04
    mixed = (255 + strength * (int(BRAND[at : at + 2], 16) - 255) for at in (1, 3, 5))
    return "#" + "".join(f"{round(value):02x}" for value in mixed)


def _draw_calibration(canvas: Canvas, bins: tuple[Bin, ...], left: float, top: float) -> float:
    """Mean label against mean compound by bin; on the dotted line both are equal."""
    canvas.text(left, top, "Calibration: mean label by bin of compound (n below)", INK, LABEL, "left", 600)
    x_at, y_at = _frame(canvas, left, top + 9, (-1.0, 1.0), (-1.0, 1.0))
    canvas.rules([(x_at(-1), y_at(-1), x_at(1), y_at(1))], SOFT, 0.6, (1, 2))
    filled = [(each.compound, each.label, each) for each in bins if each.compound is not None and each.label]
    canvas.line([(x_at(compound), y_at(label.value)) for compound, label, _ in filled], BRAND, 1.2)
    for compound, label, _ in filled:
        if label.low is not None and label.high is not None:
            canvas.rules([(x_at(compound), y_at(label.low), x_at(compound), y_at(label.high))], BRAND, 1)
        canvas.circles([(x_at(compound), y_at(label.value))], 5, BRAND, BRAND)
    floor = top + 9 + PLOT
    reached = [-1.0, -1.0]
    for compound, _, each in filled:  # a count that would run into the one before it stands in a second line
        words = f"{each.texts:,}"
        half = text_width(words, SMALL) / 2
        line = 0 if x_at(compound) - half > reached[0] else 1
        canvas.text(x_at(compound), floor + 18 + 8 * line, words, SOFT, SMALL)
        reached[line] = x_at(compound) + half + 3
    return floor + 32


def _draw_daily(canvas: Canvas, evaluation: Evaluation, result: ScorerResult, left: float, top: float) -> float:
    """The scorer's mean of each brand and day against people's."""
    daily = evaluation.daily
    assert daily is not None
    assert result.daily is not None
    people, ours = daily.cells["people"].tolist(), daily.cells[result.scorer].tolist()
    said = [f"{len(people)} cells"]
    for name, estimate in (("r", result.daily.pooled), ("within brand", result.daily.within)):
        if estimate is not None:
            said.append(f"{name} {write_number(estimate.value, 2)}")
    canvas.text(left, top, "Daily means: people's (up) against the scorer's (across)", INK, LABEL, "left", 600)
    canvas.text(left + COLUMN, top + 11, "; ".join(said), SOFT, SMALL, "right")
    x_at, y_at = _frame(canvas, left, top + 18, _reach(ours), _reach(people))
    canvas.circles([(x_at(x), y_at(y)) for x, y in zip(ours, people, strict=True)], 4.4, PEER, EVENT, 0.5)
    return top + 18 + PLOT + 12


def _reach(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    spare = 0.08 * (high - low) or 0.1
    return low - spare, high + spare


def _frame(
    canvas: Canvas, left: float, top: float, across: tuple[float, float], upwards: tuple[float, float]
) -> tuple[Scale, Scale]:
    """A plot with its ticks; returns where a value lies across and upwards."""
    start, end, floor = left + PLOT_LEFT, left + COLUMN, top + PLOT

    def x_at(value: float) -> float:
        return start + (value - across[0]) / (across[1] - across[0]) * (end - start)

    def y_at(value: float) -> float:
        return floor - (value - upwards[0]) / (upwards[1] - upwards[0]) * PLOT

    canvas.rectangle(start, top, end, floor, EXPECTED)
    for tick in nice_ticks(*across, 5):
        canvas.rules([(x_at(tick), top, x_at(tick), floor)], "#ffffff", 0.7)
        canvas.text(x_at(tick), floor + 7, write_tick(tick), SOFT, SMALL)
    for tick in nice_ticks(*upwards, 5):
        canvas.rules([(start, y_at(tick), end, y_at(tick))], "#ffffff", 0.7)
        canvas.text(start - 4, y_at(tick), write_tick(tick), SOFT, SMALL, "right")
    return x_at, y_at
