"""The newest event over earlier ones as one picture for paper: attention by seven days from the notice."""

from __future__ import annotations

from analytics.report.drawing import Canvas, Chart, Spot
from analytics.report.episodes import FIRST_WEEK, LAST_WEEK, Episodes, runs_of_weeks
from analytics.report.episodes_words import name_episode, write_alt
from analytics.report.fonts import cut_to_width
from analytics.report.formatting import write_share, write_tick
from analytics.report.palette import BRAND, EVENT, FAINT, LABEL, PEER, SMALL, SOFT
from analytics.report.placing import nice_ticks, spread

LEFT, PLOT, RIGHT = 24.0, 358.0, 100.0
HEIGHT = 78.0
TOP = 12.0
WEEKS = LAST_WEEK - FIRST_WEEK + 1


def draw_episodes(found: Episodes) -> Chart:
    """A line for each event, this one with its interval and named values, and names at the ends of the lines."""
    canvas = Canvas()
    bottom = TOP + HEIGHT
    most = highest(found)

    def x_at(week: float) -> float:
        return PLOT * (week - FIRST_WEEK) / WEEKS

    def y_at(share: float) -> float:
        return bottom - HEIGHT * share / most

    for tick in nice_ticks(0.0, most, 5):
        canvas.rules([(0.0, y_at(tick), PLOT, y_at(tick))], FAINT if tick else SOFT, 0.5 if tick else 0.7)
        canvas.text(-5, y_at(tick), write_tick(tick), SOFT, SMALL, "right")
    canvas.rules([(x_at(0), TOP - 4, x_at(0), bottom)], EVENT, 0.8, (2.5, 2))
    canvas.text(x_at(0), TOP - 8, "noticed", EVENT, SMALL, "center", 600)
    for week in (FIRST_WEEK, 4, 8):
        words = f"{-week} weeks before" if week < 0 else f"{week} weeks after"
        canvas.rules([(x_at(week), bottom, x_at(week), bottom + 3)], SOFT, 0.6)
        canvas.text(x_at(week), bottom + 9, words, SOFT, SMALL, "left" if week == FIRST_WEEK else "center")
    for episode in reversed(found.all):  # this event last, over the others
        own = episode is found.own
        for run in runs_of_weeks(episode):
            spots = [(x_at(week.week + 0.5), y_at(week.share or 0.0)) for week in run]
            canvas.line(spots, *((BRAND, 1.7) if own else (PEER, 0.9)))
            limits = [(x_at(w.week + 0.5), y_at(w.high or 0.0), y_at(w.low or 0.0)) for w in run if w.high is not None]
            if own and len(limits) > 1:
                canvas.band(limits, BRAND)
            if len(run) == 1:
                canvas.circles(spots, 3.4, BRAND if own else PEER, BRAND if own else PEER)
            partial = [spot for week, spot in zip(run, spots, strict=True) if week.coverage != "complete"]
            canvas.circles(partial, 2.7, "#ffffff", BRAND if own else PEER, 0.8)
    peak = found.own.peak
    spot = (x_at(peak.week + 0.5), y_at(peak.share or 0.0))
    canvas.circles([spot], 4.2, BRAND, BRAND)
    canvas.text(spot[0] + 6, spot[1] - 1, write_share(peak.share), BRAND, LABEL, "left", 600)
    _name_ends(canvas, found, [(x_at(e.told[-1].week + 0.5), y_at(e.told[-1].share or 0.0)) for e in found.all])
    return canvas.draw(PLOT, bottom + 14, write_alt(found), LEFT, RIGHT)


def highest(found: Episodes) -> float:
    """The upper end of the scale: over all that is drawn, 100 at most."""
    own = [end for week in found.own.told for end in (week.share, week.high) if end is not None]
    earlier = [week.share for episode in found.earlier for week in episode.told if week.share is not None]
    return min(100.0, 1.04 * max(1.0, *own, *earlier))


def _name_ends(canvas: Canvas, found: Episodes, ends: list[Spot]) -> None:
    """Names beside the plot, pushed apart, each joined to where its line ends."""
    bottom = TOP + HEIGHT
    apart = min(8.8, HEIGHT / max(1, len(ends) - 1))
    names = spread([y for _, y in ends], apart, TOP + 2, bottom + 2)
    for episode, (x, end), y in zip(found.all, ends, names, strict=True):
        own = episode is found.own
        canvas.rules([(x + 2, end, PLOT + 7, y)], FAINT, 0.6)
        words = f"this event, {episode.noticed:%b %Y}" if own else name_episode(episode)
        color, weight = (BRAND, 600) if own else (SOFT, 400)
        canvas.text(PLOT + 9, y, cut_to_width(words, LABEL, RIGHT - 12), color, LABEL, "left", weight)
