"""The PDF comes out whatever posts bring, and twice alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from analytics.report import Report, render_pdf, timeline
from analytics.report.captions import head_themes
from analytics.report.fonts import FALLBACK, TEXT, fit_to_chart, font_folders
from analytics.report.model import LoudPost
from analytics.report.pages import STANDARDS, draw_charts
from analytics.report.pdf import Paper
from analytics.report.text import BREAK, REPLACEMENT, Drawable
from analytics.report.timeline import draw_weeks, find_gaps, frame_of
from tests.analytics.report.test_pdf_standards import structure

ARABIC, JAPANESE, EMOJI = "هذا المنتج يجمع بياناتي دون إذن", "日本語の投稿です。", "🎥🔥 look 👨‍👩‍👧‍👦 ❤️"


def with_texts(report: Report, texts: list[str], url: str = "https://forum.invalid/1") -> Report:
    """The report with these as the posts of its week."""
    posts = tuple(
        LoudPost("week", "forum", report.week, 9_000 - at, -0.5, 2.0, ("AI training",), "", text, url)
        for at, text in enumerate(texts)
    )
    return replace(report, posts=posts)


def read(path: Path) -> list[str]:
    """The text of each page, without places to break, on one line."""
    return [" ".join(page.extract_text().replace(BREAK, "").split()) for page in PdfReader(path).pages]


def test_every_page_of_a_synthetic_report_says_so(full_report: Report, tmp_path: Path) -> None:
    """And no page of another one does."""
    written = render_pdf(full_report, tmp_path / "a.pdf")
    pages = read(written.path)
    assert len(pages) == written.pages
    assert 3 <= written.pages <= 5
    assert all("SYNTHETIC" in page for page in pages)
    real = render_pdf(replace(full_report, synthetic=False), tmp_path / "b.pdf")
    assert not any("SYNTHETIC" in page for page in read(real.path))


def test_the_same_data_gives_the_same_bytes(full_report: Report, tmp_path: Path) -> None:
    """Nothing of the moment or the folder goes in."""
    first = render_pdf(full_report, tmp_path / "a.pdf").path.read_bytes()
    (tmp_path / "elsewhere").mkdir()
    assert render_pdf(full_report, tmp_path / "elsewhere" / "b.pdf").path.read_bytes() == first


def test_page_one_stands_alone(full_report: Report, tmp_path: Path) -> None:
    """Headline, numbers, pictures with their words, and what can be said fit on the first page, on both papers."""
    for paper in ("a4", "us-letter"):
        page = read(render_pdf(full_report, tmp_path / f"{paper}.pdf", paper=paper).path)[0]  # type: ignore[arg-type]
        assert (
            "rose by 24.3 points after 6 August 2023; net trust expression (mean of scores) fell by 14.1 points."
            in page
        )
        for title in (
            "Net trust expression by week",
            "How unusual is it?",
            "What people speak of",
            "What is uncertain",
        ):
            assert title in page
        assert "6 Aug noticed" in page


def test_a_wide_name_stays_on_the_line_of_the_header(full_report: Report, tmp_path: Path) -> None:
    """A second line would cover what stands above it: that everything is invented."""
    written = render_pdf(replace(full_report, name="W" * 60), tmp_path / "a.pdf")
    heights: dict[str, float] = {}

    def look(text: str, page: list[float], line: list[float], *_: object) -> None:
        for words in ("Weekly report on trust expression", "Week of"):
            if words in text:
                heights.setdefault(words, line[4] * page[1] + line[5] * page[3] + page[5])

    PdfReader(written.path).pages[1].extract_text(visitor_text=look)
    one, other = heights.values()
    assert one == pytest.approx(other, abs=3)


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_no_page_is_nearly_empty(full_report: Report, tmp_path: Path, paper: Paper) -> None:
    """Page one holds all of its parts, with long names too; three or four pages, numbered, each well filled."""
    labels = ("Surveillance and privacy of people who only look on", "Keeping and deleting of customer content", "Law")
    assert full_report.event is not None
    event = replace(full_report.event, title="Terms of Service allow training AI on what customers say " * 2)
    event = replace(event, theme_labels=labels)
    older = replace(event, event_id="older", noticed=date(2022, 12, 6), effective=date(2022, 11, 20))
    rows = tuple(replace(row, event_id="older", event_title=older.title) for row in full_report.effects)
    long = replace(
        full_report,
        event=event,
        events=(event, older),
        effects=full_report.effects + rows,
        themes=tuple(
            replace(theme, label=theme.label + ", or something very much like it") for theme in full_report.themes
        ),
    )
    for report in (full_report, long):
        written = render_pdf(report, tmp_path / "a.pdf", paper=paper)
        pages = read(written.path)
        assert written.pages == len(pages) <= 6
        assert all(len(page) > 1_200 for page in pages)
        assert all(f"{number} of {len(pages)}" in page for number, page in enumerate(pages, 1))
        for title in ("Net trust expression by week", "How unusual is it?", "What can be said", "What is uncertain"):
            assert title in pages[0]
        assert not re.search(r"\d{4}-\d{2}-\d{2}", pages[1].replace(report.report_id, ""))


def test_labels_of_dates_stay_in_a_low_strip(full_report: Report) -> None:
    """However many events there are, the trend is at most four short lines of labels higher."""
    frame = timeline.frame_of(full_report)
    assert full_report.event is not None
    events = tuple(
        replace(full_report.event, event_id=str(at), noticed=date(2023, 8, 6) - timedelta(days=29 * at))
        for at in range(9)
    )
    plain = draw_weeks(full_report.trend, frame, (), None, alt_text="", height=100, bounds=(-100, 100))
    full = draw_weeks(full_report.trend, frame, events, None, alt_text="", height=100, bounds=(-100, 100))
    assert plain.height < full.height <= plain.height + 4 * timeline.LANE
    assert "6\u00a0Aug noticed" in full.svg


def test_themes_are_sorted_by_the_bar_that_is_printed(full_report: Report) -> None:
    """With an event the bar is its four weeks; the week's own numbers stand beside once those are over."""
    bars = [theme.bar or 0.0 for theme in full_report.themes]
    assert bars == sorted(bars, reverse=True)
    assert bars == [theme.event for theme in full_report.themes]
    assert head_themes(full_report) == ("from 7\u00a0Aug", "")  # 6 August was a Sunday
    later = replace(full_report, week=date(2023, 10, 2))
    assert head_themes(later) == ("from 7\u00a0Aug", "last 4 weeks")
    assert "last 4 weeks" in draw_charts(later)["themes"].svg


def test_each_picture_has_its_finding_as_text(full_report: Report, tmp_path: Path) -> None:
    """The words that stand for a picture are those that were written for it."""
    root = PdfReader(render_pdf(full_report, tmp_path / "a.pdf").path).trailer["/Root"]
    pictures = draw_charts(full_report)
    assert set(pictures) == {"trend", "attention", "windows_primary", "windows_second", "volume", "themes"}
    assert "none moved as much" in pictures["windows_primary"].alt
    assert "not collected" in pictures["trend"].alt
    alts = [str(entry.get("/Alt", "")) for entry in structure(root["/StructTreeRoot"])]
    for chart in pictures.values():
        assert chart.alt in alts


@pytest.mark.parametrize(
    "text",
    [
        '#import "x": y',
        "$a$ and *b* and _c_ and `d` and @e and <f> // g",
        "'; DROP TABLE posts; --",
        '=HYPERLINK("http://x.invalid","y")',
        "\\u{41} #eval(1) #sys.inputs",
    ],
)
def test_what_looks_like_code_stays_text(full_report: Report, tmp_path: Path, text: str) -> None:
    """A post is data: its words stand on the page as they are."""
    pages = read(render_pdf(with_texts(full_report, [text]), tmp_path / "a.pdf").path)
    assert text in " ".join(pages)


def test_hostile_names_and_texts_build_and_are_counted(full_report: Report, tmp_path: Path) -> None:
    """NUL, overrides and scripts without a font are replaced and counted; Arabic is drawn, emoji are named."""
    texts = ["nul\x00bell\x07", "\u202eevil\u202c", EMOJI, JAPANESE, ARABIC, "\ud800 alone \ue000 private", "w" * 280]
    assert full_report.event is not None
    event = replace(full_report.event, title="Terms *b* $a$ 条款 " + "x" * 90)
    hostile = replace(with_texts(full_report, texts), name='زوم #import "x" 🎥', event=event, events=(event,))
    written = render_pdf(hostile, tmp_path / "a.pdf")
    pages = " ".join(read(written.path))
    assert written.replaced_characters == 2 + 2 + len(JAPANESE) + 2 + 2
    assert f"{written.replaced_characters}\u00a0characters of quoted texts" in " ".join(
        page.extract_text() for page in PdfReader(written.path).pages
    ).replace("\n", " ")
    assert f"{REPLACEMENT}×{len(JAPANESE)}" in pages
    assert "[movie camera, fire] look [man, woman, girl, 1 more] [heavy black heart]" in pages
    assert "evil" in pages
    assert "\x00" not in pages


def test_a_megabyte_and_a_word_without_end_reach_the_page_clipped(
    report_on: Callable[..., Report], tmp_path: Path
) -> None:
    """Long texts are cut to what a reader takes in, and end in an ellipsis."""
    report = report_on(texts=["w" * 10_000, "long words " * 95_000], weeks=30, with_event=False)
    assert all(len(post.text) <= 281 for post in report.posts)
    texts = [post.text for post in report.posts[:2]]
    assert texts[0].startswith("long words long")
    assert texts[1] == "w" * 280 + "…"
    assert "w" * 280 + "…" in "".join(" ".join(read(render_pdf(report, tmp_path / "a.pdf").path)).split())
    assert report.left_out.truncated == 1


def test_only_plain_web_addresses_become_links(full_report: Report, tmp_path: Path) -> None:
    """A post may bring any scheme and host; what is not what it looks like stands there as text."""
    unlinked = ("javascript:alert(1)", "https://bank.example@evil.example/9", "https://xn--pple-43d.example/")
    linked = "https://forum.invalid/9"
    report = with_texts(full_report, ["text"] * 4)
    posts = tuple(replace(post, url=url) for post, url in zip(report.posts, (*unlinked, linked), strict=True))
    path = render_pdf(replace(report, posts=posts), tmp_path / "a.pdf").path
    targets = [
        str(note.get_object()["/A"].get("/URI", ""))
        for page in PdfReader(path).pages
        for note in page.get("/Annots", [])
    ]
    assert linked in targets
    assert not {*unlinked} & {*targets}
    said = " ".join(read(path)).replace(" ", "")
    assert all(f"notlinked:{url}" in said for url in unlinked)


def test_a_gap_is_no_point_on_the_line(full_report: Report) -> None:
    """Between the last week before and the first after a gap nothing is drawn: neither a link nor a zero."""
    frame = frame_of(full_report)
    own = full_report.trend[:1]
    assert find_gaps(own) == [(date(2022, 6, 20), date(2022, 7, 4))]
    svg = draw_weeks(own, frame, (), None, alt_text="", height=100, bounds=(-100, 100)).svg
    lines = re.findall(
        r'<path aria-label="[^"]*stretch[^"]*" role="graphics-symbol" aria-roledescription="line mark" d="([^"]+)"',
        svg,
    )
    assert len(lines) == 2
    drawn = [float(x) for line in lines for x in re.findall(r"[ML](-?[\d.]+),", line)]
    assert len(drawn) == sum(point.value is not None for point in own[0].points)
    assert not [x for x in drawn if frame.at(date(2022, 6, 20)) <= x < frame.at(date(2022, 7, 11))]


def test_a_week_without_an_interval_takes_it_from_no_other(full_report: Report) -> None:
    """Where the first week has too few authors for one, the band begins with the next."""
    own = full_report.trend[0]
    few = replace(own, points=(replace(own.points[0], low=None, high=None), *own.points[1:]))
    svg = draw_weeks((few,), frame_of(full_report), (), None, alt_text="", height=100, bounds=(-100, 100)).svg
    assert len(re.findall(r'aria-roledescription="area mark"', svg)) == 2  # before the gap and after it


def test_a_brand_without_events_or_posts_still_has_a_page(full_report: Report, tmp_path: Path) -> None:
    """Nothing declared, nothing collected: the page says so and builds."""
    empty = replace(
        full_report,
        event=None,
        events=(),
        effects=(),
        trend=(),
        attention=(),
        themes=(),
        posts=(),
        sources=(),
        gaps=(),
        peers=(),
        this_week=replace(full_report.this_week, net_trust=None, practices=None, authors=0, posts=0, coverage="none"),
    )
    pages = read(render_pdf(empty, tmp_path / "a.pdf").path)
    assert "Nothing was collected on Zoom" in pages[0]


@settings(max_examples=settings.default.max_examples // 2)
@given(text=st.text(max_size=40) | st.text(st.characters(min_codepoint=0x300, max_codepoint=0x700), max_size=20))
def test_any_text_can_be_drawn(text: str) -> None:
    """What comes out of the replacement compiles under the PDF's standards, and going through again changes nothing."""
    drawable = Drawable()
    written = drawable.write(text)
    assert Drawable().write(written) == written
    assert drawable.replaced <= len(text)
    literal = "".join(f"\\u{{{ord(character):x}}}" for character in written)
    fonts = ", ".join(f'"{name}"' for name in (TEXT, *FALLBACK))
    source = f'#set document(title: "t")\n#set text(font: ({fonts}), fallback: false)\n#let it = "{literal}"\n#it'
    pdf = typst.compile(
        source.encode(),
        font_paths=font_folders(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=list(STANDARDS),
    )
    assert pdf is not None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Works🔥", "Works [fire]"),
        ("🔥🔥🔥now", "[fire ×3] now"),
        ("Great 👍🏽!", "Great [thumbs up sign]!"),
        (
            "😀😃😄😁😆",
            "[grinning face, smiling face with open mouth, smiling face with open mouth and smiling eyes, 2 more]",
        ),
        ("plain", "plain"),
    ],
)
def test_emoji_are_told_by_their_names(text: str, written: str) -> None:
    """What they say is part of what was said: none is lost, and a crowd of them is cut short."""
    drawable = Drawable()
    assert drawable.write(text) == written
    assert drawable.replaced == 0
    assert (drawable.named > 0) is (text != "plain")


def test_a_long_word_has_places_to_break() -> None:
    """They change nothing of the word; a short one has none."""
    written = Drawable().write("a" * 100)
    assert BREAK in written
    assert written.replace(BREAK, "") == "a" * 100
    assert Drawable().write("ordinary words") == "ordinary words"


def test_chart_labels_hold_what_a_picture_can() -> None:
    """Latin and Cyrillic stay; what a picture cannot hold is a question mark, in a font that is bundled."""
    assert fit_to_chart("Ångström Терминал") == ("Ångström Терминал", TEXT)
    assert fit_to_chart("زوم")[0] == "???"
    assert fit_to_chart("e\u0301")[0] == "é"
