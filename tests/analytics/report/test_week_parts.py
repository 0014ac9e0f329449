"""This week against its usual: which sources it lies in, by parts that add up, and who was heard there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from analytics.report import Report, build_report, render_pdf, write_wording
from analytics.report.figures import Figure
from analytics.report.html import compile_html
from analytics.report.text import BREAK
from analytics.report.week_parts_words import say_main_parts, write_week_parts
from analytics.store import Store
from tests.analytics.report.invented_store import Invented, fill_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Forty weeks; in the last one everybody on the forum complains."""
    plan = Invented(posts_a_week=90, weeks=40, peers=(), with_event=False, sour="forum")
    return fill_store(tmp_path_factory.mktemp("sour") / "store.duckdb", plan)


@pytest.fixture(scope="module")
def report(store: Store) -> Report:
    """The report on that week."""
    with store.reader() as connection:
        return build_report(connection, "zoom")


def test_parts_and_mix_add_up_to_the_distance(full_report: Report, report: Report) -> None:
    """To the last digit: what a week lies off its usual weeks together is told whole."""
    for each in (full_report, report):
        parts = each.week_parts
        assert parts is not None
        assert sum(part.part for part in parts.sources) + parts.mix == pytest.approx(parts.distance, abs=1e-9)
        voices = sum(part.voices for part in parts.sources)
        now = sum(part.voices * (part.now or 0.0) for part in parts.sources) / voices
        assert now == pytest.approx(parts.usual + parts.distance)
        assert now == pytest.approx(each.this_week.net_trust.value if each.this_week.net_trust else None)
        assert voices == each.this_week.authors


def test_the_source_that_complains_has_the_largest_part(report: Report) -> None:
    """It stands first, on the table and in the sentence of page one, and no usual week lay as far."""
    parts = report.week_parts
    assert parts is not None
    first = parts.sources[0]
    assert (first.source, first.now, report.this_week.side) == ("forum", -100.0, "below")
    assert first.part < -20
    assert all(abs(part.part) < 10 for part in parts.sources[1:])
    assert parts.as_far == 0
    said = say_main_parts(report)
    assert said.startswith("This week lies ")
    assert "points below its usual (points by source: forum −" in said
    assert "none lie as low" in said
    assert said in " ".join(write_wording(report).paragraph)


def test_only_posts_that_went_with_the_week_are_quoted(report: Report, tmp_path: Path) -> None:
    """Three of them, with their score and without their author, in both views."""
    movers = [post for post in report.posts if post.period == "mover"]
    assert len(movers) == 3
    assert all(post.compound is not None and post.compound <= -0.05 for post in movers)
    assert all(report.week <= post.day < report.week + timedelta(weeks=1) for post in movers)
    text = "".join(page.extract_text() for page in PdfReader(render_pdf(report, tmp_path / "a.pdf").path).pages)
    plain = " ".join(text.replace(BREAK, "").split())
    assert "Widest heard of the posts that lower it" in plain
    assert "Widest heard of the posts that lower it" in compile_html(report).decode()


def test_a_week_within_its_usual_quotes_nobody(full_report: Report, report_on: Callable[..., Report]) -> None:
    """What chance in who spoke explains needs no culprit: parts are told, posts are not."""
    quiet = report_on(weeks=30, with_event=False, posts_a_week=40)
    assert quiet.this_week.side is None
    assert say_main_parts(quiet) == ""
    told = write_week_parts(quiet)
    assert told is not None
    assert "inside the 95\u00a0% interval of sampling" in told.said
    assert (told.movers_title, told.movers) == ("", ())


def test_a_thin_week_or_past_has_no_parts(report_on: Callable[..., Report]) -> None:
    """Under four usual weeks, or ten voices, nothing is taken apart."""
    assert report_on(weeks=4, with_event=False).week_parts is None
    assert report_on(weeks=30, with_event=False, posts_a_week=2).week_parts is None


def test_the_sum_is_printed_as_its_parts(report: Report) -> None:
    """What rounding leaves stands in a row of its own, so that the printed points add up."""
    told = write_week_parts(report)
    assert told is not None
    points = [float(row[-1].replace("−", "-")) for row in (*told.rows, *told.sums)]
    assert sum(points[:-1]) == pytest.approx(points[-1])
    assert report.this_week.usual_net_trust is not None
    assert report.this_week.net_trust is not None
    lies = report.this_week.net_trust.value - report.this_week.usual_net_trust.value
    assert points[-1] == round(lies, 1)  # off the usual that page one prints, and no other


def test_a_week_that_counts_otherwise_now_says_so(report: Report) -> None:
    """The week keeps its first count, its parts are counted from the posts as they stand."""
    assert report.this_week.net_trust is not None
    told = write_week_parts(report)
    assert told is not None
    assert "as they stand now" not in told.said
    first = replace(report.this_week.net_trust, value=report.this_week.net_trust.value - 1)
    recounted = replace(report, this_week=replace(report.this_week, net_trust=first))
    told = write_week_parts(recounted)
    assert told is not None
    assert "The table is counted from the posts as they stand now" in told.said
    assert "below its usual from the posts as they stand now" in say_main_parts(recounted)


def test_sides_are_those_of_the_interval(report: Report) -> None:
    """The interval decides: a usual inside it is neither below nor above."""
    week = report.this_week

    def usual(value: float) -> Figure:
        assert week.usual_net_trust is not None
        return replace(week.usual_net_trust, value=value)

    assert week.net_trust is not None
    low, high = week.net_trust.low, week.net_trust.high
    assert low is not None
    assert high is not None
    assert replace(week, usual_net_trust=usual(low - 1)).side == "above"
    assert replace(week, usual_net_trust=usual((low + high) / 2)).side is None
    assert replace(week, usual_net_trust=usual(high + 1)).side == "below"
    assert replace(week, usual_net_trust=None).side is None
