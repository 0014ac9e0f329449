"""The parts of a change as bars about zero: each begins where the one before ended, and the last is their sum."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.report.drawing import Canvas, Chart
from analytics.report.evidence import ChangePart
from analytics.report.fonts import text_width
from analytics.report.formatting import join_words, upper_first, write_change, write_size, write_tick
from analytics.report.model import Report
from analytics.report.palette import BRAND, EVENT, FAINT, INK, LABEL, SMALL, SOFT
from analytics.report.part_names import PART_NAMES, RAW_CHANGE
from analytics.report.phrases import MEASURE_NAMES
from analytics.report.placing import nice_ticks

WIDTH, LABELS, BETWEEN = 482.0, 140.0, 24.0
ROW, HEAD = 12.5, 14.0


@dataclass(frozen=True, slots=True)
class ChangeBar:
    """A bar from `start` to `end`; `change` is printed beside it. The sum starts at zero."""

    name: str
    start: float
    end: float
    change: float
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class MeasureBars:
    """The bars of one measure from the first to the sum."""

    measure: str
    title: str
    bars: tuple[ChangeBar, ...]


def stack_changes(report: Report) -> tuple[MeasureBars, ...]:
    """The bars of the measures that page one speaks of; a measure whose parts cannot be told has none."""
    judged = [row.measure for row in (report.primary, report.second) if row is not None]
    stacked = (_stack(report.change_parts, measure) for measure in judged)
    return tuple(each for each in stacked if len(each.bars) > 2)  # one part alone is the sum again


def _stack(parts: tuple[ChangePart, ...], measure: str) -> MeasureBars:
    changes = {part.part: part.change for part in parts if part.measure == measure and part.change is not None}
    bars: list[ChangeBar] = []
    end = 0.0
    for part, name in PART_NAMES.items():
        if part in changes:
            start, end = end, end + changes[part]
            bars.append(ChangeBar(name, start, end, changes[part]))
    raw = changes.get("raw_change")
    if raw is not None:
        bars.append(ChangeBar(RAW_CHANGE, 0.0, raw, raw, is_sum=True))
    unit = "stars" if measure == "rating" else "points"
    title = f"{upper_first(MEASURE_NAMES.get(measure, measure))}, {unit}"
    return MeasureBars(measure, title, tuple(bars) if raw is not None else ())


def write_alt(stacked: MeasureBars) -> str:
    """Which parts the change is made of, the largest first."""
    *parts, whole = stacked.bars
    parts.sort(key=lambda bar: -abs(bar.change))
    told = [f"{bar.name} {write_change(bar.change, stacked.measure)}" for bar in parts]
    size = write_size(whole.change, stacked.measure)
    verb = "rose" if whole.change > 0 else "fell" if whole.change < 0 else "changed"
    return f"{stacked.title}: the raw change {verb} by {size}, made of {join_words(told)}."


def draw_change_bars(stacked: tuple[MeasureBars, ...]) -> Chart:
    """A column of bars for each measure under one another's names: up to two beside each other."""
    canvas = Canvas()
    names = [name for name in PART_NAMES.values() if any(bar.name == name for each in stacked for bar in each.bars)] + [
        RAW_CHANGE
    ]
    room = (WIDTH - LABELS - BETWEEN * (len(stacked) - 1)) / len(stacked)
    bottom = HEAD + ROW * len(names)
    for at, name in enumerate(names):
        y = HEAD + ROW * (at + 0.5)
        is_sum = name == RAW_CHANGE
        canvas.text(LABELS - 8, y, name, INK, LABEL, "right", 600 if is_sum else 400)
    canvas.rules([(0.0, bottom - ROW, WIDTH, bottom - ROW)], FAINT, 0.6)
    for at, each in enumerate(stacked):
        _draw_column(canvas, each, names, LABELS + at * (room + BETWEEN), room, bottom)
    alt = " ".join(map(write_alt, stacked))
    return canvas.draw(WIDTH, bottom + 13, alt, 0, 0)


def _draw_column(
    canvas: Canvas, stacked: MeasureBars, names: list[str], left: float, room: float, bottom: float
) -> None:
    widest = 6 + max(text_width(write_change(bar.change, stacked.measure), LABEL) for bar in stacked.bars)
    before, after = (widest if crowded else 6.0 for crowded in crowded_ends(stacked))
    low, high = ends_of(stacked)

    def x_at(value: float) -> float:
        return left + before + (room - before - after) * (value - low) / (high - low)

    canvas.text(left + room / 2, HEAD / 2 - 2, stacked.title, SOFT, SMALL, "center", 600)
    for tick in nice_ticks(low, high, 4):
        canvas.rectangle(x_at(tick) - 0.3, HEAD, x_at(tick) + 0.3, bottom, FAINT)  # a rule would lie over the bars
        canvas.text(x_at(tick), bottom + 8, write_tick(tick, "+"), SOFT, SMALL)
    canvas.rules([(x_at(0), HEAD, x_at(0), bottom)], SOFT, 0.8)
    at_name = {bar.name: bar for bar in stacked.bars}
    for at, name in enumerate(names):
        bar = at_name.get(name)
        y = HEAD + ROW * (at + 0.5)
        if bar is None:
            canvas.text(x_at(0), y, "–", SOFT, LABEL)
            continue
        first, last = sorted((x_at(bar.start), x_at(bar.end)))
        canvas.rectangle(first, y - 3.8, max(last, first + 0.8), y + 3.8, color_of(bar))
        written = write_change(bar.change, stacked.measure)
        weight = 600 if bar.is_sum else 400
        if bar.change < 0:
            canvas.text(first - 3, y, written, INK, LABEL, "right", weight)
        else:
            canvas.text(last + 3, y, written, INK, LABEL, "left", weight)
        if not bar.is_sum:  # to where the next one begins
            canvas.rules([(x_at(bar.end), y + 3.8, x_at(bar.end), y + ROW - 3.8)], SOFT, 0.5)


def ends_of(stacked: MeasureBars) -> tuple[float, float]:
    """The ends of the scale: zero and all bars."""
    reached = [0.0, *(end for bar in stacked.bars for end in (bar.start, bar.end))]
    low, high = min(reached), max(reached)
    return (low, high) if high - low > 1e-9 else (low - 1.0, high + 1.0)


def crowded_ends(stacked: MeasureBars) -> tuple[bool, bool]:
    """Whether a value has to stand beyond the lower and the upper end of the scale: its bar reaches too near to it."""
    low, high = ends_of(stacked)
    near = 0.25 * (high - low)
    return (
        any(bar.change < 0 and bar.end - low < near for bar in stacked.bars),
        any(bar.change >= 0 and high - bar.end < near for bar in stacked.bars),
    )


def color_of(bar: ChangeBar) -> str:
    """Dark for the sum, else by whether it adds or takes away; the number beside the bar says so too."""
    return INK if bar.is_sum else BRAND if bar.change >= 0 else EVENT
