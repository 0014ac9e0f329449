"""How unusual a change is, and what people speak of: pictures of half the page's width, as SVG."""

from __future__ import annotations

from analytics.report.drawing import Canvas, Chart
from analytics.report.fonts import cut_to_width, text_width
from analytics.report.formatting import write_share, write_tick
from analytics.report.model import EffectRow, ThemeShare
from analytics.report.palette import BRAND, EVENT, EXPECTED, INK, LABEL, PEER, SEMIBOLD, SMALL, SOFT
from analytics.report.placing import LARGEST_DOT, fit_dots, nice_ticks

HALF_WIDTH = 228.0
LINE = 10.0
BAND_WORDS = "too small to tell from chance"


def draw_windows(row: EffectRow, *, alt_text: str, change: str, height: float) -> Chart:
    """How unusual is it: one dot for each earlier window and one for this event, along the size of the change.

    `change` is the event's own, as it is written everywhere else. In the grey between the dotted lines a change could
    not be told from chance. Where piles are too high a dot stands for several windows, and the picture says so.
    """
    canvas = Canvas()
    seen = [*row.placebo_estimates, 0.0, *([] if row.estimate is None else [row.estimate])]
    reach = max(abs(value) for value in seen) or 1.0
    low, high = min(*seen, -0.35 * reach) - 0.08 * reach, max(*seen, 0.35 * reach) + 0.08 * reach

    def x_at(value: float) -> float:
        return HALF_WIDTH * (value - low) / (high - low)

    xs = [x_at(value) for value in row.placebo_estimates]
    label = "" if row.estimate is None else f"this event {change}"
    event, half = x_at(row.estimate or 0.0), text_width(label, LABEL) * SEMIBOLD / 2
    middle = min(max(event, half), HALF_WIDTH - half)
    left, right = (x_at(min(high, max(low, side * (row.smallest_visible or 0.0)))) for side in (-1, 1))
    inside = right - left > text_width(BAND_WORDS, SMALL) + 6
    crowded = bool(label) and any(abs(x - middle) < half + LARGEST_DOT for x in xs)  # the label goes above the dots
    ceiling = (LINE if row.smallest_visible else 0.0) + (LINE if crowded else 0.0)
    size, per_dot, dots = fit_dots(xs, height - ceiling - 2)
    if per_dot > 1 and inside:
        ceiling += LINE
        size, per_dot, dots = fit_dots(xs, height - ceiling - 2)

    notes = [f"a dot: up to {per_dot} windows"] if per_dot > 1 else []
    if row.smallest_visible:
        canvas.rectangle(left, 0, right, height, EXPECTED)
        canvas.rules([(x, 0, x, height) for x in (left, right) if 0 < x < HALF_WIDTH], SOFT, 0.6, (1, 2))
        notes = [BAND_WORDS, *notes]
    _write_notes(canvas, notes, left, right, inside=inside)
    canvas.rules([(0, height, HALF_WIDTH, height)], SOFT, 0.7)
    for tick in nice_ticks(low, high, 5):
        canvas.rules([(x_at(tick), height, x_at(tick), height + 3)], SOFT, 0.6)
        canvas.text(x_at(tick), height + 8.5, write_tick(tick, "+"), SOFT, SMALL)
    canvas.circles([(x, height - 1 - up) for x, up in dots], size - 0.6, PEER, PEER)
    if label:
        pile = max((up + size / 2 for x, up in dots if abs(x - event) < size), default=0.0)
        around = max((up + size / 2 for x, up in dots if abs(x - middle) < half + size), default=0.0)
        canvas.circles([(event, height - 4.6 - pile)], 6.4, EVENT, EVENT)
        canvas.text(middle, height - 6 - max(pile + 8, around), label, EVENT, LABEL, "center", 600)
    return canvas.draw(HALF_WIDTH, height + 13, alt_text, 8, 8)


def _write_notes(canvas: Canvas, notes: list[str], left: float, right: float, *, inside: bool) -> None:
    """What the grey is and what a dot is: in the grey, or beside it where it is narrow."""
    widest = max((text_width(words, SMALL) for words in notes), default=0.0)
    for at, words in enumerate(notes):
        y = 6 + at * (LINE - 1)
        if inside:
            canvas.text((left + right) / 2, y, words, SOFT, SMALL)
        elif right + 4 + widest < HALF_WIDTH:
            canvas.text(right + 4, y, words, SOFT, SMALL, "left")
        else:
            canvas.text(left - 4, y, words, SOFT, SMALL, "right")


def draw_themes(
    themes: tuple[ThemeShare, ...], *, headings: tuple[str, str], alt_text: str, row_height: float
) -> Chart:
    """A bar for each theme, a tick for the usual. With an event the bar is its four weeks and a ring the last four.

    `headings` stand over the printed numbers: the bar's first, then the ring's, which may be empty: no ring then.
    """
    canvas = Canvas()
    left = min(104.0, max((text_width(theme.label, LABEL) for theme in themes), default=0.0) + 7)
    second = headings[1]
    columns = (HALF_WIDTH - 48, HALF_WIDTH) if second else (HALF_WIDTH, 0.0)
    room = columns[0] - 26 - left
    drawn = [value for theme in themes for value in (theme.bar, theme.usual, theme.now if second else None) if value]
    scale = room / max(drawn, default=1.0)
    head = 11.0
    for x, words, color in zip(columns, headings, (BRAND, SOFT), strict=True):
        canvas.text(x, head / 2 - 1, words, color, SMALL, "right")
    for at, theme in enumerate(themes):
        y = head + (at + 0.5) * row_height
        canvas.text(left - 6, y, cut_to_width(theme.label, LABEL, left - 6), INK, LABEL, "right")
        canvas.rectangle(left, y - 3.6, left + (theme.bar or 0.0) * scale, y + 3.6, BRAND)
        canvas.text(columns[0], y, write_share(theme.bar), BRAND, LABEL, "right", 600)
        if theme.usual is not None:
            usual = left + theme.usual * scale
            canvas.rules([(usual, y - 5.6, usual, y + 5.6)], INK, 1.5)
        if second:
            canvas.text(columns[1], y, write_share(theme.now), SOFT, LABEL, "right")
            if theme.now is not None:
                canvas.circles([(left + theme.now * scale, y)], 5.0, "#ffffff", INK, 1.0)
    height = head + max(1, len(themes)) * row_height
    canvas.rules([(left, head, left, height)], SOFT, 0.6)
    return canvas.draw(HALF_WIDTH, height + 2, alt_text, 0, 0)
