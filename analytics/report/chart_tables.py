"""What each chart shows as a table: for those who cannot see it, and for whoever wants the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.report.captions import write_point_interval
from analytics.report.change_bars import MeasureBars
from analytics.report.episodes import FIRST_WEEK, LAST_WEEK, Episodes
from analytics.report.episodes_words import name_episode, write_share_of
from analytics.report.formatting import upper_first, write_change, write_day, write_number, write_share
from analytics.report.model import EffectRow, Point, Series, ThemeShare, Volume


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table in words: its caption, the heads of its columns, and rows whose first cell is their head."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tabulate_lines(series: Sequence[Series], caption: str, *, share: bool) -> DataTable:
    """A row a week, the newest first: the brand with interval, authors and coverage, then its peers."""
    if not series:
        return DataTable(caption, ("Week", "Value"), ())
    own, peers = series[0], series[1:]
    of_peers = [{point.week: point for point in peer.points} for peer in peers]
    rows = [
        (
            write_day(point.week),
            _value(point, share=share),
            write_point_interval(point, share=share),
            write_number(point.authors),
            point.coverage,
            *(_value(weeks.get(point.week), share=share) for weeks in of_peers),
        )
        for point in reversed(own.points)
    ]
    heads = ("Week of", own.name, "95 % interval", "Authors", "Collected", *(peer.name for peer in peers))
    return DataTable(caption, heads, tuple(rows))


def tabulate_windows(row: EffectRow, caption: str) -> DataTable:
    """A row for this event, then one for each earlier window by size."""
    windows = sorted(row.placebo_estimates, key=abs, reverse=True)
    rows = [("This event", write_change(row.estimate, row.measure))]
    rows += [(f"Earlier window {at}", write_change(value, row.measure)) for at, value in enumerate(windows, 1)]
    return DataTable(f"{caption}, largest first", ("Window", "Change"), tuple(rows))


def tabulate_themes(themes: Sequence[ThemeShare], headings: tuple[str, str]) -> DataTable:
    """A row a theme, most spoken of first."""
    heads = ["Theme", upper_first(headings[0]), *([upper_first(headings[1])] if headings[1] else []), "Usual"]
    rows = [
        (
            theme.label,
            write_share(theme.bar),
            *([write_share(theme.now)] if headings[1] else []),
            write_share(theme.usual),
        )
        for theme in themes
    ]
    return DataTable("Share of authors by theme", tuple(heads), tuple(rows))


def tabulate_change(stacked: MeasureBars) -> DataTable:
    """A row for each part of a change, then their sum."""
    rows = [(bar.name, write_change(bar.change, stacked.measure)) for bar in stacked.bars]
    return DataTable(f"Parts of the raw change: {stacked.title}", ("Part", "Change"), tuple(rows))


def tabulate_episodes(found: Episodes) -> DataTable:
    """A row a week from the notice, a column for each event; a dash where days were not collected or few spoke."""
    columns = [{week.week: week for week in episode.weeks} for episode in found.all]
    rows = [
        (f"{at + 1}" if at >= 0 else f"{-at} before", *(write_share_of(weeks.get(at)) for weeks in columns))
        for at in range(FIRST_WEEK, LAST_WEEK + 1)
    ]
    caption = f"Share of authors on {found.source} by week from the notice, with 95 % interval and authors"
    return DataTable(caption, ("Week", *(name_episode(episode) for episode in found.all)), tuple(rows))


def tabulate_volume(volume: Volume) -> DataTable:
    """A row a week of one source, the newest first."""
    rows = [
        (
            write_day(week.week),
            "–" if week.posts is None else write_number(week.posts),
            write_number(week.authors),
            week.coverage,
        )
        for week in reversed(volume.weeks)
    ]
    return DataTable(f"Posts by week from {volume.source}", ("Week of", "Posts", "Authors", "Collected"), tuple(rows))


def _value(point: Point | None, *, share: bool) -> str:
    if point is None or point.value is None:
        return "–"
    return write_share(point.value) if share else write_number(point.value, signed=True)
