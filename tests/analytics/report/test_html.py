"""The page for a browser holds all it needs, says what the PDF says, and lets nothing that a post brings run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from analytics.report import Report, list_posts_behind, render_html, write_wording
from analytics.report.browser_weeks import at, draw_lines, middle, span_of
from analytics.report.captions import write_themes_alt, write_trend_alt
from analytics.report.chart_dates import group_dates, number_dates
from analytics.report.html import compile_html
from analytics.report.model import LoudPost
from analytics.report.text import REPLACEMENT
from analytics.store import Store
from tests.analytics.report.invented_store import NOTICED

HOSTILE = (
    "</script><script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 2'> & <!-- <script>",
    "line\u2028separator\u2029here",
    "\u202eturned around\u202c",
    "zero\u200bwidth\u200djoined",
    "w" * 10_000,
    "nul\x00bell\x07 \ud800 alone",
    "{{ 7 * 7 }} {% raw %}",
)


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text inside each kind of them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.texts.setdefault(tag, []).append("")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def behind(full_store: Store, full_report: Report) -> tuple[LoudPost, ...]:
    """The posts behind the weeks of the report."""
    with full_store.reader() as connection:
        return list_posts_behind(connection, full_report)


@pytest.fixture(scope="module")
def page(full_report: Report, behind: tuple[LoudPost, ...]) -> str:
    """The report as a page."""
    return compile_html(full_report, behind).decode()


def data_of(page: str) -> dict[str, Any]:
    return dict(json.loads(Elements(page).texts["script"][0]))


def bring(report: Report, texts: tuple[str, ...]) -> tuple[LoudPost, ...]:
    """Posts of the report's week with these texts."""
    return tuple(
        LoudPost(
            "behind", "forum", report.week, 1, -0.5, None, (text[:30],), text[:50], text, "https://forum.invalid/1"
        )
        for text in texts
    )


def test_the_same_data_gives_the_same_bytes(
    full_report: Report, behind: tuple[LoudPost, ...], page: str, tmp_path: Path
) -> None:
    """Nothing of the moment, the folder or an earlier page goes in."""
    written = render_html(full_report, tmp_path / "deep" / "a.html", posts=behind)
    assert written.path.read_bytes() == page.encode()
    assert written.posts == len(behind)
    assert written.path.stat().st_mode & 0o777 == 0o600


def test_it_says_what_the_pdf_says(full_report: Report, page: str) -> None:
    """Headline, paragraph, what can be said and what is uncertain; and each chart its finding in words."""
    elements, wording = Elements(page), write_wording(full_report)
    text = "".join(elements.texts["body"])
    for sentence in (wording.headline, *wording.paragraph, *wording.can_say, *wording.uncertain):
        assert sentence in text
    alts = [attributes["aria-label"] for attributes in elements.all("div") if attributes.get("role") == "img"]
    assert write_trend_alt(full_report) in alts
    assert write_themes_alt(full_report) in alts
    assert len(alts) == 2 + 2 + 1 + len(full_report.volume) == 8
    assert elements.texts["title"] == ["SYNTHETIC · Zoom: weekly report, week of 4\u00a0September 2023"]
    assert "SYNTHETIC" not in compile_html(replace(full_report, synthetic=False)).decode()


def test_nothing_is_asked_from_anywhere(page: str) -> None:
    """No element names another file, and the policy allows the three that stand there by their hashes alone."""
    elements = Elements(page)
    fetching = {"src", "srcset", "action", "style", "onload"}
    assert not [attributes for _, attributes in elements.found if fetching & set(attributes)]
    assert not elements.all("link")
    policy = next(each["content"] for each in elements.all("meta") if each.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    inline = [*elements.texts["script"][1:], *elements.texts["style"]]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in inline]
    assert len(hashes) == 3
    assert re.findall(r"'sha256-[^']+'", policy) == hashes
    links = {str(each["href"]) for each in elements.all("a")}
    assert "#answer" in links
    assert all(link.startswith("https://forum.invalid/") for link in links - {"#answer"})


def test_what_a_post_brings_stays_text(full_report: Report) -> None:
    """No element comes of it, and what is read out of the page is what the post says."""
    quoted = tuple(replace(post, period="week") for post in bring(full_report, HOSTILE))
    assert full_report.event is not None
    event = replace(full_report.event, title=HOSTILE[0])
    hostile = replace(full_report, name=HOSTILE[0], posts=quoted, event=event, events=(event,))
    page = compile_html(hostile, bring(full_report, HOSTILE)).decode()
    assert [each.get("type") for each in Elements(page).all("script")] == ["application/json", None, None]
    assert not Elements(page).all("img")
    texts = [post["text"] for post in data_of(page)["posts"]]
    assert texts[:3] == list(HOSTILE[:3])
    assert texts[3] == f"{REPLACEMENT}turned around{REPLACEMENT}"
    assert texts[4:6] == list(HOSTILE[4:6])
    assert texts[6] == f"nul{REPLACEMENT}bell{REPLACEMENT} {REPLACEMENT} alone"
    assert texts[7] == HOSTILE[7]
    raw = page[page.index('id="data">') :].split("</script>")[0]
    assert not set(raw[len('id="data">') :]) & set("<>&\u2028\u2029")


def test_every_week_is_in_the_tables(full_report: Report, page: str) -> None:
    """Each chart has its numbers as a table with a caption, heads with their scope, and a row a week."""
    elements = Elements(page)
    captions = [caption.strip() for caption in elements.texts["caption"]]
    weeks = len(full_report.trend[0].points)
    assert {"Net trust expression by week", "Share of authors by theme", "Posts by week from forum"} <= set(captions)
    assert len(captions) == len(elements.all("table"))
    assert all(each.get("scope") in ("row", "col") for each in elements.all("th"))
    table = page[page.index("<caption>Net trust expression by week") :].split("</table>")[0]
    assert table.count('<th scope="row">') == weeks
    assert "<td>none</td>" in table  # the weeks that were not collected


def test_a_gap_is_no_point_on_the_line(full_report: Report) -> None:
    """Lines and bands are cut at the weeks that were not collected, and a frame stands there."""
    span = span_of(full_report)
    chart = draw_lines(full_report.trend, span, (), None, height=200, bounds=(-100, 100))
    inside = {middle(date(2022, 6, 20) + timedelta(weeks=week)) for week in range(3)}
    rows = [layer["data"]["values"] for layer in chart["layer"] if "detail" in layer["encoding"]]
    assert len(rows) == 3
    for of_layer in rows:
        assert not inside & {row["at"] for row in of_layer}
        for stretch in {row["stretch"] for row in of_layer}:
            ats = [row["at"] for row in of_layer if row["stretch"] == stretch]
            assert max(ats) < min(inside) or min(ats) > max(inside)
    frames = [layer["data"]["values"] for layer in chart["layer"] if layer["mark"].get("strokeDash") == [2, 2]]
    assert frames == [[{"at": at(date(2022, 6, 20)), "until": at(date(2022, 7, 11))}]]


def test_thin_weeks_are_hollow(full_report: Report) -> None:
    """A dot that is not filled stands at each week under 50 authors, and a filled one at the last."""
    own = full_report.trend[0]
    thin = replace(own, points=tuple(replace(point, thin=at % 5 == 0) for at, point in enumerate(own.points)))
    chart = draw_lines((thin,), span_of(full_report), (), None, height=200, bounds=(-100, 100))
    (dots,) = [layer["data"]["values"] for layer in chart["layer"] if "fill" in layer["encoding"]]
    hollow = {dot["at"] for dot in dots if dot["fill"] == "#ffffff"}
    assert hollow == {middle(point.week) for point in thin.points if point.thin and point.value is not None}


def test_every_date_has_a_number(full_report: Report) -> None:
    """Dates too near each other for words share a place, and the tested one is told apart."""
    span = span_of(full_report)
    dates = number_dates(full_report.events, span.first, span.last)
    assert [one.number for one in dates] == [1, 2, 3, 4, 5]
    assert [one.day for one in dates if one.is_main] == [NOTICED]
    assert [numbers for _, numbers, _ in group_dates(dates, apart=20)] == ["1", "2–5"]
    assert [main.label if main else "" for *_, main in group_dates(dates, apart=20)] == ["", "6\u00a0Aug noticed"]


def test_behind_each_week_stand_its_loudest_posts(full_report: Report, behind: tuple[LoudPost, ...], page: str) -> None:
    """At most twelve, each text once, the loudest first, every week that was collected; nobody's name is in them."""
    weeks = Counter(post.day - timedelta(days=post.day.weekday()) for post in behind)
    spoken = {point.week for point in full_report.trend[0].points if point.value is not None}
    assert set(weeks) == spoken
    assert max(weeks.values()) <= 12
    last = [post for post in behind if post.day >= full_report.week]
    assert [post.reach for post in last[:8]] == sorted((post.reach for post in last[:8]), reverse=True)
    assert len({post.text for post in last}) == len(last)
    counted = sum(week.posts or 0 for volume in full_report.volume for week in volume.weeks)
    assert f"{len(behind):,}\u00a0posts of {counted:,} can be read here" in page
    assert "key-" not in page


def test_the_posts_of_each_source_add_up(full_report: Report, full_store: Store) -> None:
    """Volume by week and source is published with its SQL, and is what the store counts."""
    with full_store.reader() as connection:
        (counted,) = connection.execute(
            "SELECT count(*) FROM brand_posts WHERE brand = 'zoom' AND why_not_counted IS NULL AND week >= ?",
            [full_report.trend[0].points[0].week],
        ).fetchone() or (0,)
    published = [figure for figure in full_report.figures if figure.figure_id.startswith("source_weekly/")]
    assert sum(figure.value for figure in published) == counted
    assert sum(week.posts or 0 for volume in full_report.volume for week in volume.weeks) == counted
    gap = [week for volume in full_report.volume for week in volume.weeks if week.coverage == "none"]
    assert {week.posts for week in gap} == {None}


def test_a_constant_sample_is_not_shown_as_volume_without_a_word(report_on: Callable[..., Report]) -> None:
    """Where counts say nothing about how much people post, that stands over the very chart that counts them."""
    page = compile_html(report_on(weeks=30, with_event=False, quota=True)).decode()
    over = page[page.index("<h3><bdi>reviews</bdi></h3>") :].split('<div class="chart"')[0]
    assert "The sample is a constant number a month" in over


def test_a_brand_without_events_or_posts_still_has_a_page(report_on: Callable[..., Report]) -> None:
    """Nothing declared, nothing collected: the page says so."""
    plain = report_on(weeks=30, with_event=False)
    empty = replace(plain, trend=(), attention=(), themes=(), posts=(), sources=(), gaps=(), volume=())
    assert "no policy event is declared" in compile_html(plain).decode()
    assert "Nothing was asked for over the time shown." in compile_html(empty).decode()
