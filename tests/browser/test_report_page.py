"""The report's page in a real browser: charts answer, choices meet, nothing leaves the page, nothing hostile runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analytics.report import Report, build_report, list_posts_behind, render_html
from analytics.report.formatting import write_day
from analytics.report.model import LoudPost
from analytics.store import Store
from tests.analytics.report.invented_evidence import EARLIER, add_event, read_reception, state_parts
from tests.analytics.report.invented_store import Invented, fill_store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = (
    "</script><script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 2'>",
    "<svg onload='window.ran = 3'><a href='javascript:window.ran = 4'>x</a></svg>",
    "line\u2028separator\u2029here ${window.ran = 5}",
    "\u202eturned around\u202c \u2067isolated",
    "zero\u200b\u200d\u200bwidth" * 300,
    "w" * 10_000,
    "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307" * 80,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two years of a brand with an event and a peer, an earlier event, and what stands beside an effect."""
    plan = Invented(posts_a_week=40, peers=(("webex", "Webex"),))
    store = fill_store(tmp_path_factory.mktemp("page") / "store.duckdb", plan)
    with store.transaction() as connection:
        add_event(connection, "2022-gap", EARLIER)
        state_parts(connection)
        read_reception(connection)
    store.publish()
    return store


@pytest.fixture(scope="module")
def report(store: Store) -> Report:
    """The report on its last week."""
    with store.reader() as connection:
        return build_report(connection, "zoom", synthetic=True)


@pytest.fixture(scope="module")
def file(store: Store, report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of that report."""
    with store.reader() as connection:
        behind = list_posts_behind(connection, report)
    return render_html(report, tmp_path_factory.mktemp("html") / "report.html", posts=behind).path


class Opened:
    """A page that is open, what it asked for and what it complained of."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        page.goto(file.as_uri())
        page.wait_for_selector("html.drawn")

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def point_at(self, chart: str, share: float) -> tuple[float, float]:
        """Move the pointer to a share of a chart's width, half-way up; returns where that is."""
        place = self.page.locator(f"#{chart} svg")
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        assert box is not None
        spot = (box["x"] + share * box["width"], box["y"] + 0.6 * box["height"])
        self.page.mouse.move(*spot)
        return spot


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Opened]:
    """The page on a desk's screen."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield Opened(page, file)
    page.close()


def test_the_pointer_reads_a_week(opened: Opened, report: Report) -> None:
    """The value with its interval and the authors behind it, of the brand and its peer."""
    opened.point_at("trend", 0.5)
    said = opened.text("#tip").splitlines()
    points = [point for point in report.trend[0].points if point.value is not None and point.low is not None]
    assert said[0].startswith("Week of ")
    assert any(f"{point.authors}\u00a0authors" in said[1] for point in points)
    assert said[1].startswith("Zoom: ")
    assert "95\u00a0% interval" in said[1]
    assert said[2].startswith("Webex: ")
    opened.page.mouse.move(5, 5)
    opened.page.wait_for_selector("#tip", state="hidden")


def test_each_kind_of_chart_answers_the_pointer(opened: Opened) -> None:
    """Volume tells posts and authors, themes their shares, dots their change, weeks of an event and parts theirs."""
    opened.point_at("volume_0", 0.6)
    assert "posts by" in opened.text("#tip")
    opened.page.locator("#themes .mark-rect path").first.hover()
    assert "usual" in opened.text("#tip")
    opened.page.locator("#windows_primary .mark-symbol path").last.hover()
    assert opened.text("#tip") == "this event +24.3"
    opened.page.locator("#episodes .mark-symbol path").first.hover()
    assert opened.text("#tip").startswith("Zoom, Jun 2022: What was in 2022-gap\nThe fourth week before the notice: ")
    assert "n\u00a0" in opened.text("#tip")
    opened.page.locator("#change_attention .mark-rect path").first.hover()
    assert opened.text("#tip") == "Returning authors, what they say: +12.0"


def test_weeks_that_were_not_collected_are_no_silence(opened: Opened, report: Report) -> None:
    """Above the list of posts stands how many of the chosen weeks were not collected."""
    coverage = [point.coverage for point in report.trend[0].points]
    first = coverage.index("none")
    last = max(week for week, found in enumerate(coverage) if found == "none")
    assert last > first
    opened.page.locator("#from").select_option(str(first))
    opened.page.locator("#to").select_option(str(last))
    assert opened.text("#found").endswith("0 posts to read. None of these weeks was collected.")
    opened.page.locator("#to").select_option(str(last + 2))
    many = coverage[first : last + 3].count("none")
    assert f"{many} of these {last + 3 - first} weeks were not collected." in opened.text("#found")


def test_a_brush_filters_the_posts_and_sets_the_fields(opened: Opened) -> None:
    """Drawing over weeks of one chart leaves their posts in the list, marks the other charts, and can be undone."""
    everything = opened.text("#found")
    x, y = opened.point_at("trend", 0.4)
    opened.page.mouse.down()
    opened.page.mouse.move(x + 60, y, steps=6)
    opened.page.mouse.up()
    opened.page.wait_for_function("document.getElementById('from').value !== '0'")
    first, last = (int(opened.page.locator(name).input_value()) for name in ("#from", "#to"))
    assert 0 < first < last < 103
    chosen = opened.text("#found")
    assert chosen != everything
    assert opened.text("#from option:checked") in chosen
    assert opened.text("#to option:checked") in chosen
    marked = opened.page.locator("#attention .weeks_brush path")
    opened.page.wait_for_function("document.querySelector('#attention .weeks_brush path').getBBox().width > 20")
    assert marked.count() == 1
    opened.page.get_by_role("button", name="All posts").click()
    assert opened.text("#found") == everything


def test_a_brush_on_another_chart_drives_the_same_choice(opened: Opened) -> None:
    """Attention as well as trust."""
    x, y = opened.point_at("attention", 0.5)
    opened.page.mouse.down()
    opened.page.mouse.move(x + 40, y, steps=4)
    opened.page.mouse.up()
    opened.page.wait_for_function("document.querySelector('#trend .weeks_brush path').getBBox().width > 20")


def test_the_keyboard_does_what_the_pointer_does(opened: Opened, report: Report) -> None:
    """Without a mouse: skip to the answer, read weeks, choose weeks, a source and a theme, and see more posts."""
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "answer"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "week"
    page.keyboard.press("ArrowLeft")
    assert opened.text("#reading").startswith(f"Week of {write_day(report.trend[0].points[-2].week)}\nZoom: ")
    assert "95\u00a0% interval" in opened.text("#reading")
    page.locator("#from").focus()
    page.keyboard.type("31")  # to the week of 31 July 2023, as a list of choices does
    assert opened.page.locator("#from").input_value() != "0"
    page.wait_for_function("document.querySelector('#trend .weeks_brush path').getBBox().width > 5")
    page.locator("#source").focus()
    page.keyboard.press("ArrowDown")
    page.locator("#theme").focus()
    page.keyboard.press("ArrowDown")
    source, theme = opened.text("#source option:checked"), opened.text("#theme option:checked")
    assert source in opened.text("#found")
    assert theme in opened.text("#found")
    notes = page.locator("#posts .note").all_inner_texts()
    assert notes
    assert all(note.startswith(f"{source} · ") and theme in note for note in notes)


def test_the_effects_fit_a_small_window(browser: Browser, file: Path) -> None:
    """At 800 pixels no table that is open from the start has to be scrolled sideways."""
    page = browser.new_page(viewport={"width": 800, "height": 900})
    Opened(page, file)
    wide = (
        "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel || one.innerText)"
    )
    assert page.locator(".scroll").evaluate_all(wide) == []
    page.close()


def test_more_posts_come_when_asked(opened: Opened) -> None:
    """The list begins short and says of how many it is a part."""
    assert opened.page.locator("#posts article").count() == 6
    opened.page.get_by_role("button", name="Show more posts").click()
    assert opened.page.locator("#posts article").count() == 30
    assert "30 shown" in opened.text("#found")


def test_nothing_leaves_the_page(opened: Opened, file: Path) -> None:
    """However it is used it asks for itself and nothing else, and its policy has nothing to complain of."""
    opened.point_at("trend", 0.5)
    opened.page.select_option("#from", "20")
    opened.page.get_by_role("button", name="Show more posts").click()
    opened.page.locator("#themes .mark-rect path").first.click()
    assert opened.asked == [file.as_uri()]
    assert opened.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_it(browser: Browser, axe: str, file: Path, width: int) -> None:
    """axe-core finds no violation, with the tables open, on a wide and on a narrow screen, and nothing sticks out."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    Opened(page, file)
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    page.select_option("#from", "20")
    page.evaluate(f"{axe};0")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_posts_neither_run_nor_break_the_page(
    browser: Browser, report: Report, tmp_path: Path, width: int
) -> None:
    """They stand there as text, as wide as the page at most; names of brands and events the same."""
    posts = [
        LoudPost(
            "behind", "forum", report.week, 1, -0.5, None, (text[:40],), text[:80], text, "https://forum.invalid/1"
        )
        for text in HOSTILE
    ]
    assert report.event is not None
    event = replace(report.event, title=HOSTILE[0] + HOSTILE[6])
    quoted = tuple(replace(post, period="week", url="javascript:window.ran = 6") for post in posts)
    trend = (replace(report.trend[0], name=HOSTILE[1]), *report.trend[1:])
    hostile = replace(report, name=HOSTILE[1], posts=quoted, event=event, events=(event,), trend=trend)
    page = browser.new_page(viewport={"width": width, "height": 900})
    opened = Opened(page, render_html(hostile, tmp_path / "a.html", posts=posts).path)
    opened.page.get_by_role("button", name="Show more posts").click()
    opened.point_at("trend", 0.5)
    assert "<img src=x" in opened.text("#tip")
    shown = page.locator("#posts article p:nth-of-type(2)").all_text_contents()
    assert shown[0] == HOSTILE[0]
    assert shown[6] == HOSTILE[6]
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("a[href^='javascript']").count() == 0
    assert opened.complaints == []
    assert len(opened.asked) == 1
    page.close()


def test_an_empty_report_opens_without_complaint(browser: Browser, report: Report, tmp_path: Path) -> None:
    """Nothing collected, nothing to choose: words and no broken charts."""
    nothing = replace(report, trend=(), attention=(), themes=(), posts=(), volume=(), effects=(), events=(), event=None)
    page = browser.new_page()
    opened = Opened(page, render_html(nothing, tmp_path / "a.html").path)
    assert opened.complaints == []
    assert not page.locator("#choice").is_visible()
    page.close()


def test_it_prints_without_what_only_a_screen_can_do(opened: Opened) -> None:
    """On paper no fields, buttons and closed tables; the charts fit."""
    opened.page.emulate_media(media="print")
    for hidden in ("#choice", "#more", ".reading", "details", ".skip"):
        assert not opened.page.locator(hidden).first.is_visible()
    assert opened.page.locator("#trend svg").is_visible()
    assert opened.page.pdf(format="A4").startswith(b"%PDF-")
