"""Every printed number can be found again."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.report import Report, ReportError, build_report, publish_figures
from analytics.report.figures import fill, fingerprint
from analytics.store import Store
from tests.analytics.report.invented_store import NOTICED, Invented, fill_store


def test_figures_are_unique_and_named_by_what_they_count(full_report: Report) -> None:
    """An id says view, brand, week, scope and measure, and stands once."""
    ids = [figure.figure_id for figure in full_report.figures]
    assert len(ids) == len(set(ids)) > 500
    assert f"trust_weekly/zoom/{full_report.week}/all/net_trust" in ids
    assert f"attention_weekly/zoom/{full_report.week}/practices/attention" in ids
    assert "effect/zoom/2023-ai-terms/attention/estimate" in ids


def test_the_sql_of_a_figure_gives_it_again(full_store: Store, full_report: Report) -> None:
    """The kept SQL needs nothing beside it: run on the copy, its row of that id holds the same numbers."""
    with full_store.reader() as connection:
        again = {}
        for sql in {figure.sql for figure in full_report.figures}:
            found = connection.execute(f"SELECT figure_id, value, low, high, n FROM ({sql.rstrip(';')})").fetchall()
            again |= {row[0]: row[1:] for row in found}
    for figure in full_report.figures:
        assert again[figure.figure_id] == (figure.value, figure.low, figure.high, figure.n)


def test_publishing_appends_once_and_changes_nothing(full_store: Store, full_report: Report) -> None:
    """The same report again adds no row; ids, numbers and SQL stand as they were printed."""
    with full_store.transaction() as connection:
        first = publish_figures(connection, full_report, "r1")
        before = connection.execute("SELECT * FROM published_figures ORDER BY figure_id").fetchall()
        second = publish_figures(connection, full_report, "r2")
        after = connection.execute("SELECT * FROM published_figures ORDER BY figure_id").fetchall()
        unknown = connection.execute(
            "SELECT count(*) FROM published_figures WHERE sql_hash NOT IN (SELECT sql_hash FROM figure_queries)"
        ).fetchone()
        moved = connection.execute("SELECT count(*) FROM published_against_now WHERE abs(difference) > 1e-9").fetchone()
    assert first == second == full_report.report_id
    assert len(before) == len(full_report.figures)
    assert before == after
    assert unknown == (0,)
    assert moved == (0,)


def test_the_fingerprint_follows_the_figures(full_report: Report) -> None:
    """Order does not matter, any figure does."""
    figures = full_report.figures
    assert fingerprint(figures) == fingerprint(reversed(figures))
    assert fingerprint(figures[1:]) != fingerprint(figures) != fingerprint(figures, "said")


@given(text=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_a_parameter_is_a_literal_whatever_it_says(text: str) -> None:
    """A name such as '; DROP TABLE posts; -- comes out of the SQL as it went in."""
    assert duckdb.execute(fill("SELECT $it, $day", {"it": text, "day": date(2023, 8, 6)})).fetchone() == (
        text,
        date(2023, 8, 6),
    )


def test_the_week_is_the_last_that_was_collected_in_full(tmp_path: Path) -> None:
    """A week that is still running has posts and is not reported on, unless it is asked for."""
    store = fill_store(tmp_path / "s.duckdb", Invented(posts_a_week=10, weeks=30, with_event=False, peers=()))
    with store.transaction() as connection:
        connection.execute(
            "UPDATE coverage SET window_end = window_end - INTERVAL 4 DAY WHERE window_end > '2022-01-01'"
        )
    store.publish()
    with store.reader() as connection:
        last = connection.execute("SELECT max(week) FROM weekly_numbers").fetchone()
        assert last == (date(2022, 1, 24),)
        assert build_report(connection, "zoom").week == date(2022, 1, 17)
        assert build_report(connection, "zoom", week=date(2022, 1, 26)).week == date(2022, 1, 24)


def test_the_usual_ends_before_the_event(full_store: Store, full_report: Report) -> None:
    """The median of up to 52 weeks before the week of the notice, of those with 10 authors and some collection."""
    with full_store.reader() as connection:
        rows = connection.execute(
            "SELECT week, net_trust FROM trust_weekly WHERE brand = 'zoom' AND scope = 'all' AND authors >= 10"
        ).fetchall()
    anchor = date(2023, 7, 31)  # the Monday of the week that holds the notice
    assert anchor < NOTICED
    values = sorted(value for week, value in rows if 0 < (anchor - week).days <= 364)
    middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    usual = full_report.this_week.usual_net_trust
    assert usual is not None
    assert math.isclose(usual.value, middle)
    assert usual.n == len(values)


def test_a_gap_in_collection_has_no_value(full_report: Report) -> None:
    """Weeks of which nothing was collected are in the series without a value: silence is not zero."""
    for series in (*full_report.trend, *full_report.attention):
        points = {point.week: point for point in series.points}
        for week in (date(2022, 6, 20), date(2022, 6, 27), date(2022, 7, 4)):
            assert points[week].coverage == "none"
            assert points[week].value is None
        weeks = sorted(points)
        assert {(later - earlier).days for earlier, later in itertools.pairwise(weeks)} == {7}
    assert not any("2022-06-27" in figure.figure_id for figure in full_report.figures)
    assert [(gap.first, gap.last, gap.status) for gap in full_report.gaps] == [
        (date(2022, 6, 20), date(2022, 7, 10), "failed")
    ]


def test_under_ten_authors_there_is_no_interval(report_on: Callable[..., Report]) -> None:
    """A number that stands on a handful of people is printed without an interval and marked thin."""
    report = report_on(posts_a_week=4, with_event=False, weeks=20)
    assert 0 < report.this_week.authors < 10
    assert report.this_week.net_trust is not None
    assert report.this_week.net_trust.low is None
    assert report.this_week.thin


def test_a_brand_that_the_store_does_not_know_is_one_line(full_store: Store) -> None:
    """The error names the brand and says what to do."""
    with full_store.reader() as connection, pytest.raises(ReportError) as caught:
        build_report(connection, "nobody")
    assert re.fullmatch(r"nobody: [^\n]+", str(caught.value))


def test_an_event_of_later_is_not_reported(full_store: Store) -> None:
    """A report on an old week knows no event that was noticed after it, and no effect of it."""
    with full_store.reader() as connection:
        report = build_report(connection, "zoom", week=date(2023, 6, 5))
    assert report.event is None
    assert report.effects == ()


def test_no_author_reaches_the_report(full_report: Report) -> None:
    """Posts are shown by text and link; the key of an author is nowhere."""
    assert len(full_report.posts) == 10
    assert "key-" not in repr(full_report.posts)
    assert {post.period for post in full_report.posts} == {"event", "week"}
