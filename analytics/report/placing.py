"""Where chart labels and hatching go, worked out before drawing so that nothing overlaps. All in points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.report.fonts import text_width

GAP = 3.0
LARGEST_DOT, SMALLEST_DOT = 5.2, 3.2


@dataclass(frozen=True, slots=True)
class Placed:
    """A label beside a vertical line: `lane` counts upwards from the lowest."""

    x: float
    label_x: float
    align: str  # the label's side that stands at label_x: left or right
    lane: int


def place_labels(xs: Sequence[float], labels: Sequence[str], size: float, left: float) -> list[Placed]:
    """Lanes for labels of vertical lines at `xs` (ascending); each line starts at its label's lane and runs down.

    A label stands to the left of its line, or to the right where it would pass `left`. It is lifted until it meets no
    other label of its lane and no line that rises as high as it: so no label is ever struck through.
    """
    spans, aligns = [], []
    for x, label in zip(xs, labels, strict=True):
        width = text_width(label, size)
        fits = x - GAP - width >= left
        spans.append((x - GAP - width, x - GAP) if fits else (x + GAP, x + GAP + width))
        aligns.append("right" if fits else "left")
    lanes = [0] * len(xs)
    settled = False
    while not settled and max(lanes, default=0) <= 2 * len(xs):
        settled = True
        for at, (low, high) in enumerate(spans):
            for other, x in enumerate(xs):
                if other == at:
                    continue
                struck = low - 1 < x < high + 1 and lanes[other] >= lanes[at]
                crowded = (
                    other < at
                    and lanes[other] == lanes[at]
                    and spans[other][0] - GAP < high
                    and low < spans[other][1] + GAP
                )
                if struck or crowded:
                    lanes[at] = lanes[other] + 1
                    settled = False
    return [
        Placed(x, span[1] if align == "right" else span[0], align, lane)
        for x, span, align, lane in zip(xs, spans, aligns, lanes, strict=True)
    ]


def spread(wanted: Sequence[float], distance: float, low: float, high: float) -> list[float]:
    """Positions as near as may be to those wanted, at least `distance` apart and within low … high; order is kept."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    at = list(wanted)
    position = low - distance
    for index in order:
        position = at[index] = max(wanted[index], position + distance)
    position = high + distance
    for index in reversed(order):
        position = at[index] = min(at[index], position - distance)
    return at


def hatch(
    left: float, right: float, top: float, bottom: float, step: float = 5.0
) -> list[tuple[float, float, float, float]]:
    """Diagonal lines that fill a rectangle: (x, y, x2, y2), rising to the right."""
    lines = []
    offset = left + top + step
    while offset < right + bottom:  # each line holds the points with x + y = offset
        x, x2 = max(left, offset - bottom), min(right, offset - top)
        if x2 > x:
            lines.append((x, offset - x, x2, offset - x2))
        offset += step
    return lines


def stack(values: Sequence[float], width: float) -> list[tuple[float, int]]:
    """A dot plot: the middle of each value's bin of that width, and its place in the pile, from 0."""
    heights: dict[int, int] = {}
    dots = []
    for value in sorted(values):
        column = round(value / width)
        dots.append((column * width, heights.get(column, 0)))
        heights[column] = heights.get(column, 0) + 1
    return dots


def fit_dots(xs: list[float], height: float) -> tuple[float, list[tuple[float, float]]]:
    """The largest dots whose piles fit the room, and how high each one's middle lies above the axis.

    Where a pile is too high for dots that can still be seen, dots of a pile lie over each other.
    """
    size = LARGEST_DOT
    dots = stack(xs, size)
    while size > SMALLEST_DOT and _highest(dots) * size > height:
        size -= 0.2
        dots = stack(xs, size)
    step = min(size, height / max(1, _highest(dots)))
    return size, [(x, size / 2 + place * step) for x, place in dots]


def _highest(dots: list[tuple[float, int]]) -> int:
    return max((place + 1 for _, place in dots), default=0)


def nice_ticks(low: float, high: float, about: int) -> list[float]:
    """Round numbers from `low` to `high`, about so many at most: steps of 1, 2 or 5 times a power of ten."""
    sizes = [mantissa * 10.0**power for power in range(-4, 8) for mantissa in (1.0, 2.0, 5.0)]
    step = next((size for size in sizes if (high - low) / size <= about), high - low)
    return [round(step * at, 9) for at in range(math.ceil(low / step), math.floor(high / step) + 1)]
