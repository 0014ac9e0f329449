"""Posts by week as one picture for paper: a strip of bars for each source, on a scale of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from analytics.report.captions import choose_sources
from analytics.report.drawing import Canvas, Chart
from analytics.report.fonts import cut_to_width, fit_to_chart
from analytics.report.formatting import write_tick
from analytics.report.model import Volume
from analytics.report.palette import BRAND, EVENT, HATCH, INK, LABEL, MISSING, PEER_LINE, SMALL, SOFT
from analytics.report.placing import hatch, nice_ticks
from analytics.report.timeline import MARGIN_LEFT, MARGIN_RIGHT, PLOT, TimeFrame, draw_months

STRIP, BETWEEN = 24.0, 9.0


def draw_volumes(
    volumes: tuple[Volume, ...],
    frame: TimeFrame,
    tested: date | None,
    spikes: Collection[tuple[str, date]],
    *,
    alt_text: str,
) -> Chart:
    """Bars by week; pale where a week was not collected in full, hatched where it was not collected.

    A dot stands over each of `spikes` (source and week), a dashed line at the day on which a reaction is looked for.
    """
    canvas = Canvas()
    top = 5.0
    for volume in choose_sources(volumes):
        _draw_strip(canvas, volume, frame, {week for source, week in spikes if source == volume.source}, top)
        top += STRIP + BETWEEN
    bottom = top - BETWEEN
    if tested is not None and frame.first <= tested < frame.last:
        canvas.rules([(frame.at(tested), 0, frame.at(tested), bottom)], EVENT, 0.8, (2.5, 2))
    draw_months(canvas, frame, bottom)
    return canvas.draw(PLOT, bottom + 14, alt_text, MARGIN_LEFT, MARGIN_RIGHT)


def _draw_strip(canvas: Canvas, volume: Volume, frame: TimeFrame, spikes: Collection[date], top: float) -> None:
    bottom = top + STRIP
    most = max((week.posts or 0 for week in volume.weeks), default=0) or 1
    scale = STRIP / (most * 1.12)
    for week in volume.weeks:
        left, right = frame.at(week.week), frame.at(week.week + timedelta(days=7))
        if week.posts is None:
            canvas.rectangle(left, top, right, bottom, MISSING)
            canvas.rules(hatch(left, right, top, bottom), HATCH, 0.5)
            continue
        height = week.posts * scale
        color = BRAND if week.coverage == "complete" else PEER_LINE
        canvas.rectangle(left + 0.12 * (right - left), bottom - height, right - 0.12 * (right - left), bottom, color)
        if week.week in spikes:
            canvas.circles([((left + right) / 2, bottom - height - 3)], 3.2, INK, INK)
    canvas.rules([(0, bottom, PLOT, bottom)], SOFT, 0.6)
    ticks = [tick for tick in nice_ticks(0, most, 3) if 0 < tick <= most]
    for tick in ticks[-1:]:
        y = bottom - tick * scale
        canvas.rules([(-3, y, 0, y)], SOFT, 0.6)
        canvas.text(-5, y, write_tick(tick), SOFT, SMALL, "right")
    canvas.text(-5, bottom - 1, "0", SOFT, SMALL, "right")
    name = fit_to_chart(volume.source)[0]
    canvas.text(PLOT + 9, bottom - STRIP / 2, cut_to_width(name, LABEL, MARGIN_RIGHT - 12), INK, LABEL, "left")
