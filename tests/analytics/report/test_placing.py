"""Labels keep apart whatever the dates."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from analytics.report.fonts import text_width
from analytics.report.placing import GAP, SMALLEST_DOT, fit_dots, hatch, nice_ticks, place_labels, spread, stack

XS = st.lists(st.floats(0, 400), min_size=1, max_size=7).map(sorted)
WORDS = st.sampled_from(["6 Aug noticed", "27 Jul in effect", "31 Mar clause appears", "x"])


@given(data=st.data(), xs=XS)
def test_no_label_is_struck_through_or_covered(data: st.DataObject, xs: list[float]) -> None:
    """A line starts at its label's lane and runs down: it meets no label of its lane or below, nor do labels meet."""
    labels = data.draw(st.lists(WORDS, min_size=len(xs), max_size=len(xs)))
    spaced = [x for at, x in enumerate(xs) if at == 0 or x - xs[at - 1] > GAP]
    placed = place_labels(spaced, labels[: len(spaced)], 7.0, -200.0)
    spans = []
    for place, label in zip(placed, labels, strict=False):
        width = text_width(label, 7.0)
        spans.append(
            (place.label_x - width, place.label_x) if place.align == "right" else (place.label_x, place.label_x + width)
        )
    for at, (low, high) in enumerate(spans):
        for other, place in enumerate(placed):
            if other == at:
                continue
            assert not (low < place.x < high and place.lane >= placed[at].lane)
            if place.lane == placed[at].lane:
                assert spans[other][1] <= low or high <= spans[other][0]


def test_a_label_without_room_on_the_left_stands_on_the_right() -> None:
    """At the left edge the words go to the other side of their line."""
    assert place_labels([5.0], ["31 Mar clause appears"], 7.0, 0.0)[0].align == "left"
    assert place_labels([300.0], ["31 Mar clause appears"], 7.0, 0.0)[0].align == "right"


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


@given(values=st.lists(st.floats(-50, 50), max_size=80))
def test_there_is_a_dot_for_each_window(values: list[float]) -> None:
    """None is lost and none covers another."""
    dots = stack(values, 5.0)
    assert len(dots) == len(set(dots)) == len(values)


@given(xs=st.lists(st.sampled_from([0.0, 50.0, 100.0]), max_size=200), height=st.floats(20, 80))
def test_piles_of_dots_stay_in_their_room_and_can_be_seen(xs: list[float], height: float) -> None:
    """However many windows did not move at all, no dot leaves the picture or shrinks out of sight."""
    size, dots = fit_dots(xs, height)
    assert len(dots) == len(xs)
    assert size >= SMALLEST_DOT - 0.2
    assert all(0 <= up <= height + size for _, up in dots)


@given(low=st.floats(-100, 0), high=st.floats(1, 100))
def test_ticks_are_round_few_and_inside(low: float, high: float) -> None:
    """At most one more than wanted, and none outside."""
    ticks = nice_ticks(low, high, 5)
    assert len(ticks) <= 6
    assert all(low - 1e-6 <= tick <= high + 1e-6 for tick in ticks)
