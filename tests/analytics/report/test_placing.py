"""Labels keep apart whatever the dates."""

from __future__ import annotations

import itertools
import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from analytics.report.placing import LANES, SMALLEST_DOT, fit_dots, hatch, nice_ticks, place_labels, spread, stack

GROUPS = st.lists(
    st.tuples(st.floats(0, 320), st.lists(st.floats(0, 60), min_size=1, max_size=3, unique=True)).map(
        lambda group: sorted(group[0] + step for step in group[1])
    ),
    min_size=1,
    max_size=6,
)
WIDTHS = st.lists(st.floats(8, 190), min_size=6, max_size=6)


@given(groups=GROUPS, widths=WIDTHS)
def test_labels_of_dates_keep_apart(groups: list[list[float]], widths: list[float]) -> None:
    """In at most four lanes no two labels overlap, none leaves the page, and no line runs through one."""
    placed = place_labels(groups, widths[: len(groups)], 0.0, 460.0)
    assert placed[0] is not None  # the date that the report is about is always named
    named = [(label, xs) for label, xs in zip(placed, groups, strict=True) if label is not None]
    for at, (label, _) in enumerate(named):
        assert 0 <= label.lane < LANES
        assert label.left >= 0
        assert label.right <= 460
        for other, (beside, xs) in enumerate(named):
            assert other == at or beside.lane != label.lane or beside.right <= label.left or label.right <= beside.left
            assert beside.lane < label.lane or not any(label.left < x < label.right for x in xs)


def test_labels_that_do_not_meet_share_the_lowest_lane() -> None:
    """A second lane is taken only where it is needed."""
    assert [label and label.lane for label in place_labels([[300.0], [100.0]], [60.0, 60.0], 0.0, 400.0)] == [0, 0]
    assert {label and label.lane for label in place_labels([[200.0], [205.0]], [190.0, 190.0], 0.0, 250.0)} == {0, 1}


@given(wanted=st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_end_labels_are_pushed_apart_within_the_plot(wanted: list[float]) -> None:
    """Names at the ends of lines keep their order and their distance, and stay inside."""
    placed = spread(wanted, 9.0, 0.0, 100.0)
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    heights = [placed[at] for at in order]
    assert all(later - earlier >= 9.0 - 1e-6 for earlier, later in itertools.pairwise(heights))
    assert heights[0] >= -1e-6
    assert heights[-1] <= 100 + 1e-6


@given(left=st.floats(0, 300), width=st.floats(1, 100), top=st.floats(0, 50), height=st.floats(1, 150))
def test_hatching_stays_inside_its_rectangle(left: float, width: float, top: float, height: float) -> None:
    """No line of a gap's hatching leaves the gap."""
    for x, y, x2, y2 in hatch(left, left + width, top, top + height):
        assert left - 1e-6 <= x <= x2 <= left + width + 1e-6
        assert top - 1e-6 <= y2 <= y <= top + height + 1e-6


@given(values=st.lists(st.floats(-50, 50), max_size=80), per_dot=st.integers(1, 5))
def test_a_dot_stands_for_up_to_so_many_windows(values: list[float], per_dot: int) -> None:
    """None is lost, none covers another, and a window on its own keeps its dot."""
    dots = stack(values, 5.0, per_dot)
    columns = Counter(round(value / 5.0) for value in values)
    assert len(dots) == len(set(dots)) == sum(math.ceil(count / per_dot) for count in columns.values())
    assert {x for x, _ in dots} == {column * 5.0 for column in columns}


@given(xs=st.lists(st.sampled_from([0.0, 50.0, 100.0]), max_size=200), height=st.floats(10, 80))
def test_piles_of_dots_stay_in_their_room_and_can_be_seen(xs: list[float], height: float) -> None:
    """However many windows did not move at all, no dot leaves the picture, shrinks out of sight or covers another."""
    size, per_dot, dots = fit_dots(xs, height)
    assert size >= SMALLEST_DOT
    assert len(dots) * per_dot >= len(xs)
    assert all(size / 2 - 1e-9 <= up <= height - size / 2 + 1e-9 for _, up in dots)
    assert len(set(dots)) == len(dots)


@given(low=st.floats(-100, 0), high=st.floats(1, 100))
def test_ticks_are_round_few_and_inside(low: float, high: float) -> None:
    """At most one more than wanted, and none outside."""
    ticks = nice_ticks(low, high, 5)
    assert len(ticks) <= 6
    assert all(low - 1e-6 <= tick <= high + 1e-6 for tick in ticks)
