"""Where chart labels and hatching go, worked out before drawing so that nothing overlaps. All in points."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

GAP = 3.0
LANES = 4
LARGEST_DOT, SMALLEST_DOT = 5.2, 4.2


@dataclass(frozen=True, slots=True)
class Placed:
    """A label beside its lines: its ends, and its lane, counted upwards from the lowest."""

    left: float
    right: float
    lane: int


def place_labels(
    groups: Sequence[Sequence[float]], widths: Sequence[float], low: float, high: float
) -> list[Placed | None]:
    """Where labels of vertical lines stand, in at most LANES lanes between `low` and `high`, in as few as may be.

    A label belongs to a group of lines, given by their x in order, and stands to the left of the first or to the right
    of the last. Its lines start at its lane and run down. Labels do not meet, and no line runs through a label: one for
    which that leaves no place is None, and its lines begin under the lanes. Earlier groups go before later ones.
    """
    best: tuple[float, list[Placed | None]] = (math.inf, [])

    def place(chosen: list[Placed | None], cost: float) -> None:
        nonlocal best
        if cost >= best[0]:
            return
        at = len(chosen)
        if at == len(groups):
            best = (cost, list(chosen))
            return
        first, last, width = groups[at][0], groups[at][-1], widths[at]
        for lane in range(LANES):
            for left in (first - GAP - width, last + GAP):
                label = Placed(left, left + width, lane)
                if left >= low and label.right <= high and _is_free(label, groups[at], chosen, groups):
                    place([*chosen, label], cost + lane + 0.25 * (left > last))
        place([*chosen, None], cost + 100.0 * (len(groups) - at))

    place([], 0.0)
    return best[1]


def _is_free(
    label: Placed, xs: Sequence[float], others: Sequence[Placed | None], groups: Sequence[Sequence[float]]
) -> bool:
    for other, lines in zip(others, groups, strict=False):
        if other is None:
            continue
        if label.lane == other.lane and label.left < other.right + 2 * GAP and other.left < label.right + 2 * GAP:
            return False
        if other.lane >= label.lane and any(label.left - 1 < x < label.right + 1 for x in lines):
            return False
        if label.lane >= other.lane and any(other.left - 1 < x < other.right + 1 for x in xs):
            return False
    return True


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


def stack(values: Sequence[float], width: float, per_dot: int = 1) -> list[tuple[float, int]]:
    """A dot plot: the middle of each value's bin of that width, and its place in the pile, from 0.

    With `per_dot` above 1 a dot stands for up to so many values of its bin.
    """
    columns = Counter(round(value / width) for value in values)
    return [
        (column * width, place) for column, count in sorted(columns.items()) for place in range(-(-count // per_dot))
    ]


def fit_dots(xs: Sequence[float], height: float) -> tuple[float, int, list[tuple[float, float]]]:
    """The largest dots whose piles fit the room, for how many values one stands, and each one's middle above the axis.

    Where piles of dots that can be seen are too high, a dot stands for up to two values, or three, and so on.
    """
    size = LARGEST_DOT
    while size > SMALLEST_DOT and _highest(stack(xs, size)) * size > height:
        size = max(SMALLEST_DOT, size - 0.2)
    per_dot = 1
    while _highest(stack(xs, size, per_dot)) > max(1.0, height / size):
        per_dot += 1
    return size, per_dot, [(x, size * (place + 0.5)) for x, place in stack(xs, size, per_dot)]


def _highest(dots: list[tuple[float, int]]) -> int:
    return max((place + 1 for _, place in dots), default=0)


def nice_ticks(low: float, high: float, about: int) -> list[float]:
    """Round numbers from `low` to `high`, about so many at most: steps of 1, 2 or 5 times a power of ten."""
    sizes = [mantissa * 10.0**power for power in range(-4, 8) for mantissa in (1.0, 2.0, 5.0)]
    step = next((size for size in sizes if (high - low) / size <= about), high - low)
    return [round(step * at, 9) for at in range(math.ceil(low / step), math.floor(high / step) + 1)]
