"""Whether an event spread from posts to the press: first story, outlets a day, and the lag between them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from analytics.report import Report, build_report, render_pdf
from analytics.report.html import compile_html
from analytics.report.spreading_words import write_spread
from analytics.report.text import BREAK
from analytics.store import Store
from tests.analytics.report.invented_store import NOTICED, Invented, fill_store
from tests.posts import write_by_hand

TITLE = "Meeting app may train <machines> on calls, its terms say"


def fill_with_articles(path: Path, themes: str = "ai_training") -> Store:
    """A store whose event has articles on its third day (five sites) and tenth day (one of them again)."""
    store = fill_store(path, Invented(posts_a_week=30, peers=()))
    with store.transaction() as connection:
        write_by_hand(connection)
        connection.execute(
            "INSERT INTO posts SELECT 'press', 'a' || i, 'key-press',"
            " $noticed + to_days(if(i < 5, 2, 9)) + to_hours(i), $noticed, 'article', 'Text ' || i, $title,"
            " 'en', 'https://www.site' || (i % 5) || '.invalid/' || i, NULL,"
            " NULL, NULL, false FROM range(6) AS r(i)",
            {"noticed": NOTICED, "title": TITLE},
        )
        connection.execute("INSERT INTO mentions SELECT 'zoom', 'press', 'a' || i, 'q-zoom' FROM range(6) AS r(i)")
        connection.execute(
            "INSERT INTO scores SELECT 'press', 'a' || i, 'vader_domain', '1-ab12cd', 0, 1, 0, 0 FROM range(6) AS r(i)"
        )
        connection.execute(
            "INSERT INTO post_themes SELECT 'press', 'a' || i, 't1', ?, '' FROM range(6) AS r(i)", [themes]
        )
    store.publish()
    return store


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report on an event that the press took up."""
    with fill_with_articles(tmp_path_factory.mktemp("press") / "store.duckdb").reader() as connection:
        return build_report(connection, "zoom")


def test_stories_and_their_outlets_are_counted_by_day(report: Report) -> None:
    """A site counts once a day, however often it writes; days without a story count in the mean."""
    spread = report.spread
    assert spread is not None
    assert (spread.heard, spread.stories, spread.outlets) == (True, 6, 5)
    assert [(seven.first, seven.days, seven.stories, seven.outlets_most) for seven in spread.days] == [
        (0, 7, 5, 5),
        (7, 7, 1, 1),
        (14, 7, 0, 0),
        (21, 7, 0, 0),
    ]
    assert spread.days[0].outlets_mean == pytest.approx(5 / 7)
    figures = {figure.figure_id: figure.value for figure in report.figures}
    assert figures["spread/zoom/2023-ai-terms/days_1_to_7/outlets_most"] == 5
    assert figures["spread/zoom/2023-ai-terms/outlets"] == 5


def test_the_lag_is_that_behind_the_posts(report: Report) -> None:
    """From the first post on the event's themes to the first story on them, and from half to half."""
    spread = report.spread
    assert spread is not None
    assert spread.lag_first is not None
    assert 24 < spread.lag_first <= 48
    written = write_spread(report)
    assert written is not None
    said = " ".join(written.said).replace("\u00a0", " ")
    assert "6 stories and articles on AI training, consent and opt-out by 5 outlets in the 28 days from 6" in said
    assert f"The first stood there {round(spread.lag_first)} hours after the first post." in said
    assert written.url == "https://www.site0.invalid/0"
    earlier = write_spread(replace(report, spread=replace(spread, lag_first=-72.0, lag_half=0.4)))
    assert earlier is not None
    assert "3.0 days before the first post" in earlier.said[1].replace("\u00a0", " ")
    assert "within an hour of half of the posts" in earlier.said[2]


def test_both_views_tell_it(report: Report, tmp_path: Path) -> None:
    """With the first story's title as text and its link."""
    pdf = PdfReader(render_pdf(report, tmp_path / "a.pdf").path)
    words = " ".join(" ".join(page.extract_text().replace(BREAK, "").split()) for page in pdf.pages)
    assert f"First: “{TITLE}” (press, 8 August 2023)" in words
    page = compile_html(report).decode()
    assert "train &lt;machines&gt; on calls" in page
    assert "Outlets a day" in page


def test_stories_on_something_else_are_no_spread(tmp_path: Path) -> None:
    """They are counted apart."""
    with fill_with_articles(tmp_path / "store.duckdb", "security").reader() as connection:
        written = write_spread(build_report(connection, "zoom"))
    assert written is not None
    assert written.rows == ()
    assert written.said[0].startswith("No story or article spoke of AI training")
    assert "6\u00a0stories on other subjects." in written.said[0]


def test_without_such_a_source_one_line_says_so(full_report: Report) -> None:
    """Silence of the press and no listening to it are not the same; without an event there is nothing to ask."""
    written = write_spread(full_report)
    assert written is not None
    assert len(written.said) == 1
    assert "is listened to: not answered" in written.said[0]
    assert written.rows == ()
    assert write_spread(replace(full_report, event=None)) is None
