"""The newest event over earlier ones, for a browser: a line each, and every week tells its value and its authors."""

from __future__ import annotations

from analytics.report.browser_layers import PLAIN, SMALL, VALUE, Row, layered, rows_of
from analytics.report.episodes import FIRST_WEEK, LAST_WEEK, Episode, Episodes, runs_of_weeks
from analytics.report.episodes_chart import highest
from analytics.report.episodes_words import name_episode, write_share_of, write_week
from analytics.report.fonts import cut_to_width
from analytics.report.formatting import upper_first, write_share
from analytics.report.palette import BRAND, EVENT, FAINT, PEER, SOFT
from analytics.report.placing import nice_ticks, spread

HEIGHT, NAME_WIDTH = 190, 112.0
LINE = 15.0  # pixels between names at the ends of lines


def draw_episodes(found: Episodes) -> Row:
    """Lines by week from the notice, this event with its interval; names at the ends of the lines."""
    import altair as alt

    most = highest(found)
    ticks = nice_ticks(0.0, most, 5)
    x = alt.X(
        "at:Q",
        title=None,
        scale=alt.Scale(domain=[FIRST_WEEK, LAST_WEEK + 1], nice=False),
        axis=alt.Axis(
            values=[FIRST_WEEK, 0, 4, 8],
            grid=False,
            domainColor=FAINT,
            labelExpr="datum.value === 8 ? '+8 weeks' : datum.value > 0 ? '+' + datum.value : datum.value ? '−4' : '0'",
        ),
    )
    y = alt.Y(
        VALUE,
        title=None,
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(
            values=ticks, labelExpr=PLAIN, domain=False, ticks=False, gridColor=FAINT, minExtent=34, maxExtent=34
        ),
    )
    own = _rows(found.own, BRAND)
    others = [row for episode in found.earlier for row in _rows(episode, PEER)]
    spot = {"strokeWidth": 1.2, "opacity": 1, "size": 44}
    dots = {"fill": alt.Fill("fill:N", scale=None), "tooltip": "says:N"}
    layers = [
        rows_of([{"at": 0, "value": 0}]).mark_rule(color=EVENT, strokeDash=[4, 3], strokeWidth=1.2).encode(x=x),
        rows_of([{"at": 0, "words": "noticed"}])
        .mark_text(color=EVENT, fontSize=SMALL, fontWeight=600)
        .encode(x=x, y=alt.value(-7), text="words:N"),
        rows_of(others).mark_line(color=PEER, strokeWidth=1.3).encode(x=x, y=y, detail="stretch:N"),
        rows_of([row for row in own if row["low"] is not None])
        .mark_area(color=BRAND, opacity=0.16)
        .encode(x=x, y="low:Q", y2="high:Q", detail="stretch:N"),
        rows_of(own).mark_line(color=BRAND, strokeWidth=2.4).encode(x=x, y=y, detail="stretch:N"),
        rows_of(others).mark_circle(stroke=PEER, **spot).encode(x=x, y=y, **dots),
        rows_of(own).mark_circle(stroke=BRAND, **spot).encode(x=x, y=y, **dots),
        rows_of([_name_peak(found.own)])
        .mark_text(color=BRAND, fontSize=SMALL + 1, fontWeight=600, align="left", dx=9, dy=-3)
        .encode(x=x, y=y, text="words:N"),
        rows_of(_name_ends(found, most))
        .mark_text(align="left", dx=10, fontSize=SMALL, fontWeight=alt.ExprRef("datum.weight"))
        .encode(x=x, y=y, text="words:N", color=alt.Color("color:N", scale=None)),
    ]
    return layered(layers, HEIGHT)


def _rows(episode: Episode, color: str) -> list[Row]:
    return [
        {
            "at": week.week + 0.5,
            "value": week.share,
            "low": week.low,
            "high": week.high,
            "stretch": f"{episode.brand} {episode.event_id} {number}",
            "fill": color if week.coverage == "complete" else "#ffffff",
            "says": "\n".join(
                (
                    f"{name_episode(episode)}: {episode.title}",
                    f"{upper_first(write_week(week))}: {write_share_of(week)}",
                )
            ),
        }
        for number, run in enumerate(runs_of_weeks(episode))
        for week in run
    ]


def _name_peak(episode: Episode) -> Row:
    return {"at": episode.peak.week + 0.5, "value": episode.peak.share, "words": write_share(episode.peak.share)}


def _name_ends(found: Episodes, most: float) -> list[Row]:
    scale = most / HEIGHT
    ends = [(most - (episode.told[-1].share or 0.0)) / scale for episode in found.all]
    placed = spread(ends, min(LINE, HEIGHT / max(1, len(ends) - 1)), 4, HEIGHT - 4)
    return [
        {
            "at": LAST_WEEK + 1,
            "value": most - y * scale,
            "words": cut_to_width(
                f"this event, {episode.noticed:%b %Y}" if episode is found.own else name_episode(episode),
                SMALL,
                NAME_WIDTH,
            ),
            "color": BRAND if episode is found.own else SOFT,
            "weight": 600 if episode is found.own else 400,
        }
        for episode, y in zip(found.all, placed, strict=True)
    ]
