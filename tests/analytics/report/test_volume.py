"""Weeks far above the usual are named with what carried them; where counts say nothing, nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from analytics.report import Report, build_report, publish_report, render_outdated, render_pdf
from analytics.report.html import compile_html
from analytics.report.pages import draw_charts
from analytics.report.text import BREAK
from analytics.report.volume_words import write_volumes
from analytics.store import Store
from tests.analytics.report.invented_store import Invented, fill_store
from tests.posts import write_by_hand

LOUD = date(2021, 12, 6)
OPENED = "Has anyone else found that recordings <b>stay</b> after you delete them?"
SPREAD = "Sign this and pass it on: nobody may listen to our meetings without asking us first."


def fill_with_a_loud_week(path: Path, *, quota: bool = False, thread: bool = True) -> Store:
    """Thirty weeks; one has 60 more posts of the forum: 40 in a thread that a question opened, 20 of one text."""
    store = fill_store(path, Invented(posts_a_week=30, weeks=30, peers=(), with_event=False))
    with store.transaction() as connection:
        write_by_hand(connection)
        connection.execute(
            """
            INSERT INTO posts SELECT 'forum', 'loud-' || i, 'key-loud-' || i, $at + i * INTERVAL 1 MINUTE, $at,
                CASE WHEN i = 0 THEN 'question' ELSE 'answer' END,
                CASE WHEN i < 40 THEN 'Mine stay too ' || i ELSE $spread END,
                CASE WHEN i = 0 THEN $opened END, 'en', 'https://forum.invalid/t/loud-' || i, NULL,
                CASE WHEN i < 40 AND $thread THEN 'loud-0' END, NULL, false
            FROM range(60) AS r(i)
            """,
            {"at": LOUD, "opened": OPENED, "spread": SPREAD, "thread": thread},
        )
        for statement in (
            "INSERT INTO mentions SELECT 'zoom', 'forum', 'loud-' || i, 'q-zoom' FROM range(60) AS r(i)",
            "INSERT INTO scores SELECT 'forum', 'loud-' || i, 'vader_domain', '1-ab12cd', 0, 1, 0, 0"
            " FROM range(60) AS r(i)",
            "INSERT INTO copy_signatures SELECT 'forum', 'loud-' || i, '1', [1], 1 FROM range(40, 60) AS r(i)",
        ):
            connection.execute(statement)
        if quota:
            connection.execute("INSERT INTO source_flags VALUES ('zoom', 'forum', 'constant_quota', '90 a month')")
    store.publish()
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with one loud week."""
    return fill_with_a_loud_week(tmp_path_factory.mktemp("loud") / "store.duckdb")


@pytest.fixture(scope="module")
def report(store: Store) -> Report:
    """The report on it."""
    with store.reader() as connection:
        return build_report(connection, "zoom")


def test_a_loud_week_is_named_with_what_carried_it(report: Report) -> None:
    """The thread by the title of the post that opened it, the text by the first who posted it, each with its share."""
    (spike,) = report.spikes
    assert (spike.week, spike.source) == (LOUD, "forum")
    posts = {week.week: week.posts for volume in report.volume if volume.source == "forum" for week in volume.weeks}
    assert spike.posts == posts[LOUD]
    assert spike.usual < spike.posts / 2
    assert [(carrier.kind, carrier.posts, carrier.post_id) for carrier in spike.carriers] == [
        ("thread", 40, "loud-0"),
        ("copies", 20, "loud-40"),
    ]
    (said,) = write_volumes(report).spikes
    assert said.title == "Week of 6\u00a0December 2021, forum"
    assert [(carrier.quote, carrier.url) for carrier in said.carriers] == [
        (f"“{OPENED}”", "https://forum.invalid/t/loud-0"),
        (f"“{SPREAD}”", "https://forum.invalid/t/loud-40"),
    ]
    figures = {figure.figure_id: figure.value for figure in report.figures}
    share = figures[f"volume_spikes/zoom/{LOUD}/forum/thread_1"]
    assert share == pytest.approx(100 * 40 / spike.posts)
    assert f"{share:.0f}\u00a0% (40\u00a0posts) in one thread" in said.carriers[0].lead


def test_both_views_name_it(report: Report, tmp_path: Path) -> None:
    """With the words that opened it as text, whatever they hold."""
    pdf = PdfReader(render_pdf(report, tmp_path / "a.pdf").path)
    words = " ".join(" ".join(page.extract_text().replace(BREAK, "").split()) for page in pdf.pages)
    assert OPENED in words
    page = compile_html(report).decode()
    assert "recordings &lt;b&gt;stay&lt;/b&gt; after" in page
    assert "<b>stay</b>" not in page


def test_what_carried_a_week_goes_when_it_is_deleted(tmp_path: Path) -> None:
    """It is a quote as any other: the report is rendered anew without it, and the numbers stay."""
    store = fill_with_a_loud_week(tmp_path / "store.duckdb")
    with store.reader() as connection:
        built = build_report(connection, "zoom")
    path = publish_report(store, built, tmp_path / "r.html", "r1")
    assert "recordings &lt;b&gt;stay" in path.read_text("utf-8")
    with store.transaction() as connection:
        connection.execute("DELETE FROM posts WHERE post_id = 'loud-0'")
        connection.execute("UPDATE reports SET outdated = true, withdrawn = 1")
    assert [each.outcome for each in render_outdated(store, "r2")] == ["rendered"]
    page = path.read_text("utf-8")
    assert "recordings &lt;b&gt;stay" not in page
    assert "(40\u00a0posts) in one thread (the post that opened it has been deleted)." in page


def test_no_week_of_a_constant_sample_is_named(tmp_path: Path) -> None:
    """Its counts tell how it was drawn; the report says so instead."""
    with fill_with_a_loud_week(tmp_path / "store.duckdb", quota=True).reader() as connection:
        report = build_report(connection, "zoom")
    assert report.spikes == ()
    written = write_volumes(report)
    assert written.barred[0].startswith("forum: the sample is a constant number a month")
    every = replace(report, sources=tuple(replace(row, constant_quota="9 a month") for row in report.sources))
    assert write_volumes(every).none == ""


def test_many_who_write_apart_are_said_to(tmp_path: Path) -> None:
    """Where no thread and no text is a twentieth of the week's posts, no cause is made up."""
    store = fill_with_a_loud_week(tmp_path / "store.duckdb", thread=False)
    with store.transaction() as connection:
        write_by_hand(connection)
        connection.execute("DELETE FROM copy_signatures")
        connection.execute("UPDATE posts SET text = text || post_id WHERE starts_with(post_id, 'loud-')")
    store.publish()
    with store.reader() as connection:
        report = build_report(connection, "zoom")
    (said,) = write_volumes(report).spikes
    assert said.carriers == ()
    assert "many wrote apart" in said.said


def test_usual_weeks_are_not_named(report_on: Callable[..., Report]) -> None:
    """Chance alone makes no loud week."""
    report = report_on(weeks=40, posts_a_week=60, with_event=False, peers=())
    assert report.spikes == ()
    assert write_volumes(report).none == "No week stands far above the usual."


def test_a_spike_is_marked_in_its_strip_and_a_gap_is_no_bar(full_report: Report) -> None:
    """The picture says in words which weeks were not collected."""
    chart = draw_charts(full_report)["volume"]
    assert "3\u00a0weeks not collected, left blank" in chart.alt
    bars = [row for row in chart.specification["datasets"]["rectangles"] if row["color"] == "#1b5ea6"]
    counted = [week for volume in full_report.volume for week in volume.weeks if week.posts is not None]
    assert len(bars) == len([week for week in counted if week.coverage == "complete"])
