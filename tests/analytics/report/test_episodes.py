"""The newest event beside earlier ones: the same source, the same count of days, gaps as gaps, and nothing unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from analytics.report import Report, build_report, render_pdf
from analytics.report.browser_episodes import draw_episodes
from analytics.report.chart_tables import tabulate_episodes
from analytics.report.episodes import Episodes, runs_of_weeks
from analytics.report.episodes_words import write_alt, write_episodes
from analytics.report.figure_names import name_figure
from analytics.report.html import compile_html
from analytics.report.text import BREAK
from analytics.store import Store
from tests.analytics.report.invented_evidence import EARLIER, add_event
from tests.analytics.report.invented_store import NOTICED, Invented, fill_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two earlier events of the brand, one of its peer, and four that are nothing to compare with."""
    plan = Invented(posts_a_week=90, peers=(("webex", "Webex"),))
    store = fill_store(tmp_path_factory.mktemp("episodes") / "store.duckdb", plan)
    with store.transaction() as connection:
        add_event(connection, "2022-gap", EARLIER)
        add_event(connection, "2023-short", NOTICED - timedelta(days=35), themes=("data_sharing",))
        add_event(connection, "2023-peer", date(2023, 2, 1), brand="webex", themes=("data_sharing",))
        add_event(connection, "unconfirmed", date(2022, 10, 1), confirmed=False)
        add_event(connection, "later", NOTICED + timedelta(days=3), brand="webex")
        add_event(connection, "never-noticed", None)
        add_event(connection, "before-collection", date(2020, 1, 1))
    store.publish()
    return store


@pytest.fixture(scope="module")
def report(store: Store) -> Report:
    """The report on its last week."""
    with store.reader() as connection:
        return build_report(connection, "zoom")


@pytest.fixture
def found(report: Report) -> Episodes:
    """What is compared in it."""
    assert report.episodes is not None
    return report.episodes


def test_only_confirmed_noticed_and_earlier_events_are_compared(found: Episodes) -> None:
    """Of the brand and its peers, the newest first, and only where days of them were collected."""
    assert found.own.event_id == "2023-ai-terms"
    assert [episode.event_id for episode in found.earlier] == ["2023-short", "2023-peer", "2022-gap"]
    assert [episode.name for episode in found.earlier] == ["Zoom", "Webex", "Zoom"]


def test_a_share_is_that_of_one_source(store: Store, report: Report, found: Episodes) -> None:
    """Voices on the event's own themes of all voices there; the published figure is the same and has a name."""
    own = next(week for week in found.own.weeks if week.week == 0)
    with store.reader() as connection:
        counted = connection.execute(
            "SELECT count(DISTINCT voice) FILTER (list_has_any(themes, ['ai_training', 'consent', 'opt_out'])),"
            " count(DISTINCT voice) FROM brand_posts WHERE brand = 'zoom' AND source = ? AND day >= ? AND day < ?",
            [found.source, NOTICED, NOTICED + timedelta(days=7)],
        ).fetchone()
    assert counted is not None
    assert own.authors == counted[1]
    assert own.share == pytest.approx(100 * counted[0] / counted[1])
    figure_id = f"episodes/zoom/2023-ai-terms/{found.source}/zoom/2023-ai-terms/week_0"
    figure = next(each for each in report.figures if each.figure_id == figure_id)
    assert (figure.value, figure.low, figure.high, figure.n) == (own.share, own.low, own.high, own.authors)
    name = name_figure(figure_id, "zoom", None, {"zoom": "Zoom"})
    assert name == f"attention to 2023-ai-terms on {found.source}, week 0 from its notice, beside 2023-ai-terms, Zoom"


def test_days_that_were_not_collected_are_a_gap(found: Episodes) -> None:
    """No share and no line across them, and whoever cannot see the picture is told."""
    gap = found.earlier[-1]
    blank = [week.week for week in gap.weeks if week.share is None]
    assert set(blank) >= {3, 4}  # 26 June to 9 July 2022, wholly within the gap
    assert all(week.coverage == "none" for week in gap.weeks if week.week in (3, 4))
    runs = runs_of_weeks(gap)
    assert len(runs) > 1
    assert not any(week.week in blank for run in runs for week in run)
    assert "Weeks of Zoom, Jun 2022" in write_alt(found)
    assert tabulate_episodes(found).rows[4 + 3][-1] == "–"


def test_an_event_ends_where_the_next_one_begins(found: Episodes) -> None:
    """Talk of the next event of the same brand must not pass for that of the one before."""
    assert [week.week for week in found.earlier[0].weeks] == list(range(-4, 5))
    assert max(week.week for week in found.earlier[1].weeks) == 11  # the peer's goes on


def test_weeks_that_are_not_over_are_left_out(found: Episodes) -> None:
    """The reported week ends on 10 September: five whole weeks from the notice."""
    assert max(week.week for week in found.own.weeks) == 4


def test_the_finding_is_said_with_what_it_stands_on(report: Report, found: Episodes) -> None:
    """The highest of four weeks beside the next one, each with its n; no more is said than is so."""
    written = write_episodes(report)
    assert written is not None
    assert "more than at any of the three earlier events shown: " in written.said
    assert written.said.count("n\u00a0") == 2
    assert len(written.rows) == 4
    assert "Described, not tested" in written.note
    loud = replace(found.earlier[0], weeks=tuple(replace(week, share=99.0) for week in found.earlier[0].weeks))
    other = write_episodes(replace(report, episodes=replace(found, earlier=(loud,), others=4)))
    assert other is not None
    assert "no more than at an earlier one: Zoom, Jul 2023, had 99" in other.said
    assert "3\u00a0older events are left out." in other.note


def test_both_views_hold_it(report: Report, found: Episodes, tmp_path: Path) -> None:
    """Chart, table and words; what the picture shows stands in its alternative text."""
    pdf = PdfReader(render_pdf(report, tmp_path / "a.pdf").path)
    words = " ".join(" ".join(page.extract_text().replace(BREAK, "").split()) for page in pdf.pages)
    page = compile_html(report).decode()
    for text in (words, page):
        assert "This event beside earlier ones" in text
        assert "Webex: What was in 2023-peer" in text
    assert 'id="episodes" role="img" aria-label="Of the authors on' in page
    drawn = str(draw_episodes(found))
    assert "Zoom, Jun 2022" in drawn
    assert "this event, Aug 2023" in drawn


def test_without_another_event_words_say_so(full_report: Report) -> None:
    """No chart, no figure; neither where the notice is not known, and nothing at all without an event."""
    assert full_report.episodes is None
    written = write_episodes(full_report)
    assert written is not None
    assert written.said.startswith("The store holds no earlier confirmed event of Zoom or of its peers")
    assert not [figure for figure in full_report.figures if figure.figure_id.startswith("episodes/")]
    assert 'id="episodes"' not in compile_html(full_report).decode()
    assert full_report.event is not None
    unnoticed = write_episodes(replace(full_report, event=replace(full_report.event, noticed=None)))
    assert unnoticed is not None
    assert "is not known" in unnoticed.said
    assert write_episodes(replace(full_report, event=None)) is None


def test_at_most_six_others_are_told(store: Store, tmp_path: Path) -> None:
    """The newest ones, and how many there are."""
    plan = Invented(posts_a_week=60, peers=())
    many = fill_store(tmp_path / "store.duckdb", plan)
    with many.transaction() as connection:
        for at in range(8):
            add_event(connection, f"e{at}", NOTICED - timedelta(days=42 * (at + 1)))
    many.publish()
    with many.reader() as connection:
        found = build_report(connection, "zoom").episodes
    assert found is not None
    assert [episode.event_id for episode in found.earlier] == [f"e{at}" for at in range(6)]
    assert found.others == 8


def test_two_events_of_one_day_end_where_the_next_one_begins(tmp_path: Path) -> None:
    """Neither is the other one's next; what follows both ends both."""
    store = fill_store(tmp_path / "store.duckdb", Invented(posts_a_week=60, peers=()))
    with store.transaction() as connection:
        for event, days in (("one", 98), ("other", 98), ("next", 77)):
            add_event(connection, event, NOTICED - timedelta(days=days))
    store.publish()
    with store.reader() as connection:
        found = build_report(connection, "zoom").episodes
    assert found is not None
    ends = {episode.event_id: max(week.week for week in episode.weeks) for episode in found.earlier}
    assert ends == {"next": 10, "one": 2, "other": 2}
