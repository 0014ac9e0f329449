"""The report as one page for a browser: the words of the PDF, charts that answer, and the posts behind every week.

The file asks for nothing from anywhere: styles, scripts and data stand in it, and its content security policy names the
hash of each of them and allows nothing else. Vega computes its expressions by an interpreter instead of compiling them,
so the policy need not allow `eval`. What posts bring goes in as data and comes out as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analytics.kept_files import keep
from analytics.kept_files import read as read_kept
from analytics.report import captions
from analytics.report.appearance import repaint
from analytics.report.browser_change_bars import draw_change_bars
from analytics.report.browser_comparisons import draw_themes, draw_windows
from analytics.report.browser_episodes import draw_episodes
from analytics.report.browser_weeks import Span, draw_lines, draw_volume, middle, span_of
from analytics.report.change_bars import stack_changes
from analytics.report.change_bars import write_alt as write_change_alt
from analytics.report.chart_dates import number_dates
from analytics.report.chart_tables import (
    DataTable,
    tabulate_change,
    tabulate_episodes,
    tabulate_lines,
    tabulate_themes,
    tabulate_volume,
    tabulate_windows,
)
from analytics.report.episodes_words import write_alt
from analytics.report.formatting import write_count, write_day
from analytics.report.methods import write_methods
from analytics.report.model import LoudPost, Report, Series
from analytics.report.palette import BRAND
from analytics.report.placed_files import place_file
from analytics.report.text import rewrite_all, write_for_browser
from analytics.report.words import write_post, write_words

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RenderedHtml:
    """A written page, and how many posts can be read in it."""

    path: Path
    posts: int


@dataclass(frozen=True, slots=True)
class PageChart:
    """A chart of the page: what it shows in words, and the same as a table. `words` are read week by week."""

    name: str
    alt: str
    table: DataTable
    specification: Row
    words: tuple[str, ...] = ()


def render_html(report: Report, out: Path, *, posts: Sequence[LoudPost] = ()) -> RenderedHtml:
    """Write the report with the `posts` behind its weeks to `out`, replacing what is there only once it is complete.

    Raises ReportError where it cannot be written.
    """
    place_file(compile_html(report, posts), out)
    return RenderedHtml(out, len(posts))


def compile_html(report: Report, posts: Sequence[LoudPost] = ()) -> bytes:
    """The report as the bytes of a page; the same data give the same bytes."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    safe = rewrite_all(report, write_for_browser)
    behind = rewrite_all(tuple(posts), write_for_browser)
    span = span_of(safe)
    charts = _draw_charts(safe, span)
    style = _read("page.css").replace(BRAND, safe.appearance.color)
    script, library = _read("page.js"), chart_library()
    color = safe.appearance.color
    data = {
        "weeks": _weeks(safe, span),
        "charts": [
            {"name": each.name, "spec": repaint(each.specification, color), "words": each.words} for each in charts
        ],
        "posts": [_post(post) for post in behind],
    }
    words = write_words(safe)
    words["sources_rows"] = words.pop("sources")
    notes = {row["source"]: row["notes"] for row in words["sources_rows"]}
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(_read("page.html.jinja")).render(
        **words,
        methods=write_methods(safe, 0, attached=False),
        charts={each.name: each for each in charts},
        dates=number_dates(safe.events, span.first, span.last),
        volumes=[(row.source, f"volume_{at}", notes.get(row.source, [])) for at, row in enumerate(safe.volume)],
        change_charts=[(f"change_{each.measure}", each.title) for each in stack_changes(safe)],
        span=span,
        sources=sorted({post.source for post in behind}),
        themes=sorted({theme for post in behind for theme in post.themes}),
        cap=captions.write_cap(behind, safe),
        logo=safe.appearance.logo_uri,
        policy=_policy(style, library, script, images=bool(safe.appearance.logo_kind)),
        style=Markup(style),
        library=Markup(library),
        script=Markup(script),
        data=Markup(_embed(data)),
    )
    return page.encode()


@cache
def chart_library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, out of the package that also draws the pictures of the PDF."""
    name = f"charts-{version('vl-convert-python')}.js"
    library = (read_kept(name) or keep(_bundle(), name)).decode()
    return library.replace("</script", r"<\/script").replace("<!--", r"<\!--")


def _bundle() -> bytes:
    import vl_convert  # to bundle takes more than a second

    library: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return library.encode()


def _draw_charts(report: Report, span: Span) -> list[PageChart]:
    dates = number_dates(report.events, span.first, span.last)
    charts = [
        PageChart(
            "trend",
            captions.write_trend_alt(report),
            tabulate_lines(report.trend, "Net trust expression by week", share=False),
            draw_lines(report.trend, span, dates, report.second or report.primary, height=240, bounds=(-100, 100)),
            _read_lines(report.trend, share=False),
        ),
        PageChart(
            "attention",
            captions.write_attention_alt(report),
            tabulate_lines(report.attention, f"Attention to {report.attention_subject} by week", share=True),
            draw_lines(report.attention, span, dates, report.primary, height=110, bounds=(0, 100), labelled=False),
            _read_lines(report.attention, share=True),
        ),
    ]
    for name, row in (("windows_primary", report.primary), ("windows_second", report.second)):
        if row is not None and row.placebo_estimates:
            title, alt = captions.title_windows(row, report), captions.write_windows_alt(row, report)
            charts.append(PageChart(name, alt, tabulate_windows(row, title), draw_windows(row)))
    if report.themes:
        headings = captions.head_themes(report)
        table = tabulate_themes(report.themes, headings)
        charts.append(
            PageChart("themes", captions.write_themes_alt(report), table, draw_themes(report.themes, headings))
        )
    for stacked in stack_changes(report):
        alt = write_change_alt(stacked)
        charts.append(PageChart(f"change_{stacked.measure}", alt, tabulate_change(stacked), draw_change_bars(stacked)))
    if report.event and (found := report.episodes):
        charts.append(PageChart("episodes", write_alt(found), tabulate_episodes(found), draw_episodes(found)))
    for at, volume in enumerate(report.volume):
        words = {week.week: captions.write_source_week(week, volume.source) for week in volume.weeks}
        read = tuple(words.get(week, "") for week in _calendar(report))
        alt = captions.write_volume_alt(volume)
        charts.append(PageChart(f"volume_{at}", alt, tabulate_volume(volume), draw_volume(volume, span), read))
    return charts


def _calendar(report: Report) -> list[Any]:
    return [point.week for series in report.trend[:1] for point in series.points]


def _read_lines(series: Sequence[Series], *, share: bool) -> tuple[str, ...]:
    """For each week of the brand, all brands' values in words, one a line."""
    if not series:
        return ()
    by_week: dict[Any, list[str]] = {point.week: [] for point in series[0].points}
    for one in series:
        for point in one.points:
            if point.week in by_week:
                by_week[point.week].append(captions.write_point(point, one.name, share=share))
    return tuple("\n".join(lines) for lines in by_week.values())


def _weeks(report: Report, span: Span) -> list[Row]:
    """The weeks of the calendar: their first day, where they stand, their name, and what was counted in them."""
    counted: dict[Any, list[tuple[str, int | None]]] = {}
    for volume in report.volume:
        for week in volume.weeks:
            counted.setdefault(week.week, []).append((volume.source, week.posts))
    return [
        {
            "day": point.week.isoformat(),
            "at": middle(point.week),
            "name": f"Week of {write_day(point.week)}",
            "counted": _write_counted(counted.get(point.week, [])),
            "coverage": point.coverage,
        }
        for series in report.trend[:1]
        for point in series.points
    ]


def _write_counted(sources: Sequence[tuple[str, int | None]]) -> str:
    """The week's posts over all sources; a source that was not collected is named, and is no zero."""
    missing = [source for source, posts in sources if posts is None]
    if not sources or len(missing) == len(sources):
        return "not collected" if sources else ""
    said = f"{write_count(sum(posts or 0 for _, posts in sources), 'post')} counted"
    return f"{said}, {', '.join(missing)} not collected" if missing else said


def _post(post: LoudPost) -> Row:
    """A post for the list, with what it is chosen by; its author is not in it."""
    written = write_post(post)
    return {
        "day": post.day.isoformat(),
        "source": post.source,
        "themes": list(post.themes),
        "notes": written["notes"],
        "title": written["title"],
        "text": written["text"],
        "url": written["url"],
    }


def _embed(data: Row) -> str:
    """JSON that cannot end the element it stands in: no sign of markup, and no line separator of JavaScript's."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _policy(style: str, *scripts: str, images: bool) -> str:
    allowed = " ".join(_source_of(script) for script in scripts)
    pictures = " img-src data:;" if images else ""
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_source_of(style)};{pictures} base-uri 'none';"
        " form-action 'none'"
    )


def _source_of(element: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(element.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (resources.files("analytics.report") / name).read_text("utf-8")
