"""How the response is taken: who speaks of it, who accepts or rejects it, and where there are too few to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from analytics.intervals import share_interval
from analytics.report import Report, build_report, render_pdf
from analytics.report.figure_names import name_figure
from analytics.report.html import compile_html
from analytics.report.reception_words import write_reception
from analytics.report.text import BREAK
from analytics.store import Store
from tests.analytics.report.invented_evidence import read_reception
from tests.analytics.report.invented_store import Invented, fill_store

DAY = "7\u00a0August 2023, the day of the response"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store whose posts after the response were read."""
    plan = Invented(posts_a_week=60, peers=(("webex", "Webex"),))
    store = fill_store(tmp_path_factory.mktemp("reception") / "store.duckdb", plan)
    with store.transaction() as connection:
        read_reception(connection)
        connection.execute("UPDATE brands SET official_keys = ['key-official'] WHERE brand = 'zoom'")
        for author, stance in (("both", "accepts"), ("both", "rejects"), ("official", "accepts")):
            post = [f"{author}-{stance}", f"key-{author}"]
            connection.execute(
                "INSERT INTO posts SELECT 'forum', $1, $2, '2023-08-09', '2023-08-09', 'post', $1, NULL, 'en', NULL,"
                " NULL, NULL, NULL, false",
                post,
            )
            connection.execute("INSERT INTO mentions VALUES ('zoom', 'forum', ?, 'q-zoom')", post[:1])
            connection.execute(
                "INSERT INTO scores VALUES ('forum', ?, 'vader_domain', '1-ab12cd', 0, 1, 0, 0)", post[:1]
            )
            connection.execute(
                "INSERT INTO post_reception VALUES ('forum', ?, 'zoom', ?, 'blog post', 'h')", [post[0], stance]
            )
    store.publish()
    return store


@pytest.fixture(scope="module")
def report(store: Store) -> Report:
    """The report on its last week."""
    with store.reader() as connection:
        return build_report(connection, "zoom")


def count(store: Store, more: str) -> dict[str, int]:
    """Voices by what they say in all their posts together, counted another way."""
    with store.reader() as connection:
        rows = connection.execute(
            "SELECT source, voice, list(DISTINCT stance) FROM response_posts"
            f" WHERE why_not_counted IS NULL AND speaker <> 'official' {more} GROUP BY ALL"
        ).fetchall()
    said = [set(stances) - {"silent"} for _, _, stances in rows]
    return {
        "all": len(said),
        "speaking": sum(bool(stances) for stances in said),
        "accepts": sum("accepts" in stances and "rejects" not in stances for stances in said),
        "rejects": sum("rejects" in stances and "accepts" not in stances for stances in said),
    }


def test_a_voice_counts_once(store: Store, report: Report) -> None:
    """Whoever accepts and rejects is under neither, the brand itself is left out; shares are of those who speak."""
    counted, found = count(store, ""), report.reception
    assert found is not None
    assert found.share is not None
    assert found.accepts is not None
    assert found.rejects is not None
    assert found.neither is not None
    assert (found.authors, found.speaking) == (counted["all"], counted["speaking"])
    assert found.share.of == counted["all"]
    assert found.accepts.of == counted["speaking"]
    assert found.accepts.share == pytest.approx(100 * counted["accepts"] / counted["speaking"])
    assert found.rejects.share == pytest.approx(100 * counted["rejects"] / counted["speaking"])
    assert found.accepts.share + found.rejects.share + found.neither.share == pytest.approx(100)
    low, high = share_interval(counted["accepts"], counted["speaking"])
    assert (found.accepts.low, found.accepts.high) == (pytest.approx(100 * low), pytest.approx(100 * high))


def test_every_number_is_a_figure_with_its_name(report: Report) -> None:
    """Published with its n; verify has words for it."""
    figures = {figure.figure_id: figure for figure in report.figures if figure.figure_id.startswith("reception/")}
    assert len(figures) == 6
    figure = figures["reception/zoom/2023-ai-terms/accepts"]
    assert report.reception is not None
    assert report.reception.accepts is not None
    assert (figure.value, figure.n) == (report.reception.accepts.share, report.reception.speaking)
    name = name_figure(figure.figure_id, "zoom", None, {"zoom": "Zoom"})
    assert name == "of those who speak of the response, share that accepts it to 2023-ai-terms, Zoom"


def test_a_report_knows_nothing_of_later_weeks(store: Store) -> None:
    """Within the 28 days it counts up to its week's end, and says so."""
    with store.reader() as connection:
        early = build_report(connection, "zoom", week=date(2023, 8, 7))
    assert early.reception is not None
    assert early.reception.authors == count(store, "AND day < DATE '2023-08-14'")["all"]
    written = write_reception(early)
    assert written is not None
    assert written.said.startswith(f"In the days from {DAY}, to the end of the week,")


def test_too_few_have_no_share(report: Report) -> None:
    """Under ten authors in all, or who speak of it: their number, and why no share."""
    assert report.reception is not None
    none = replace(report.reception, accepts=None, rejects=None, neither=None)
    written = write_reception(replace(report, reception=replace(none, speaking=4)))
    assert written is not None
    assert written.rows == ()
    assert "Four authors did: too few to say in shares how they take it." in written.said
    written = write_reception(replace(report, reception=replace(none, speaking=0)))
    assert written is not None
    assert "Nobody did" in written.said
    written = write_reception(replace(report, reception=replace(none, share=None, authors=7)))
    assert written is not None
    assert written.said == f"7\u00a0authors posted in the 28 days from {DAY}: too few for a share."
    written = write_reception(replace(report, reception=replace(none, share=None, authors=0)))
    assert written is not None
    assert written.said.endswith("counts: not answered.")


def test_another_language_is_not_answered(store: Store, tmp_path: Path) -> None:
    """The rules know English only: a low share would be none."""
    plan = Invented(posts_a_week=12, peers=())
    other = fill_store(tmp_path / "store.duckdb", plan)
    with other.transaction() as connection:
        connection.execute("INSERT INTO brand_languages VALUES ('zoom', 'de')")
    other.publish()
    with other.reader() as connection:
        written = write_reception(build_report(connection, "zoom"))
    assert written is not None
    assert written.said == "The rules know English only, and this brand is spoken of in “de”: not answered."


def test_both_views_hold_it(report: Report, tmp_path: Path) -> None:
    """The same sentence and rows."""
    written = write_reception(report)
    assert written is not None
    pdf = PdfReader(render_pdf(report, tmp_path / "a.pdf").path)
    words = " ".join(" ".join(page.extract_text().replace(BREAK, "").split()) for page in pdf.pages)
    page = compile_html(report).decode()
    for text in (words, page):
        assert "What people say of the response" in text
        assert "Neither, or both" in text
        assert written.rows[0][2] in text


def test_without_a_response_there_is_no_section(store: Store, tmp_path: Path) -> None:
    """Neither before it came nor where none is declared."""
    with store.reader() as connection:
        before = build_report(connection, "zoom", week=date(2023, 7, 31))
    assert before.event is not None
    assert before.reception is None
    assert "What people say of the response" not in compile_html(before).decode()
    assert write_reception(replace(before, event=None)) is None
