"""Which week a report is on by default, and what page one says of a week that is not whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import duckdb
import pytest

from analytics.report import Report, build_report, write_wording
from analytics.report.captions import note_trend, write_left_out
from analytics.report.gaps import write_gap, write_long_gaps, write_missing_days, write_partial_week
from analytics.report.methods import write_methods
from analytics.report.model import Copies, Gap, LeftOut, ReportError
from analytics.store import Store
from tests.analytics.report.invented_store import FIRST_MONDAY, Invented, fill_store
from tests.posts import write_by_hand

LAST = FIRST_MONDAY + timedelta(weeks=19)  # the last of twenty weeks
LATER = LAST + timedelta(weeks=50)


@pytest.fixture(scope="module")
def twenty_weeks(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Twenty whole weeks of three sources."""
    plan = Invented(weeks=20, posts_a_week=12, peers=(), with_event=False, gap=None)
    return fill_store(tmp_path_factory.mktemp("weeks") / "store.duckdb", plan)


@contextmanager
def lost(store: Store, *windows: tuple[date, date], capped: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store while in these windows the forum failed, or held more than it gave; afterwards as it was."""
    with store.writer() as connection:
        connection.execute("BEGIN")
        connection.execute("DELETE FROM coverage WHERE source = 'forum'")
        bounds = [FIRST_MONDAY, *(day for window in windows for day in window), LAST + timedelta(weeks=1)]
        for at, (since, until) in enumerate(pairwise(bounds)):
            is_lost = at % 2 == 1
            connection.execute(
                "INSERT INTO coverage VALUES ('r1', 'zoom', 'forum', 'q-zoom', ?, ?, NULL, 1, ?, ?, 0)",
                [since, until, is_lost and capped, is_lost and not capped],
            )
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")


def week_of(connection: duckdb.DuckDBPyConnection, today: date = LATER) -> date:
    return build_report(connection, "zoom", today=today).week


def days(first: int, last: int, weeks_back: int = 0) -> tuple[date, date]:
    """A window of days of the week so many weeks before the last, Monday being 0."""
    monday = LAST - timedelta(weeks=weeks_back)
    return monday + timedelta(days=first), monday + timedelta(days=last)


def test_the_running_week_is_not_reported(twenty_weeks: Store) -> None:
    """A week counts from the Monday after it, however completely it seems to be collected before."""
    with lost(twenty_weeks) as connection:
        assert week_of(connection, LAST + timedelta(days=6)) == LAST - timedelta(weeks=1)
        assert week_of(connection, LAST + timedelta(days=7)) == LAST


def test_the_running_week_is_not_reported_where_no_week_is_whole(twenty_weeks: Store) -> None:
    """A source that failed all along does not let the running week come first."""
    with lost(twenty_weeks, (FIRST_MONDAY, LAST + timedelta(weeks=1))) as connection:
        assert week_of(connection, LAST + timedelta(days=2)) == LAST - timedelta(weeks=1)


def test_the_running_week_is_reported_where_there_is_no_other(twenty_weeks: Store) -> None:
    """On the first days of listening there is nothing else, and the page says that the week still runs."""
    with lost(twenty_weeks) as connection:
        report = build_report(connection, "zoom", today=FIRST_MONDAY + timedelta(days=2))
    assert report.week == FIRST_MONDAY
    assert "is not over yet" in said(report)
    assert "this week (not over yet)" in write_wording(report).headline


def test_a_week_to_whose_end_nobody_was_asked_is_passed_over(twenty_weeks: Store) -> None:
    """Archives that end on a Thursday do not make a week."""
    with lost(twenty_weeks) as connection:
        connection.execute("UPDATE coverage SET window_end = ? WHERE window_end > ?", [LAST + timedelta(days=4)] * 2)
        assert week_of(connection) == LAST - timedelta(weeks=1)


def test_a_source_that_fails_does_not_hold_the_report_back(twenty_weeks: Store) -> None:
    """Old news is never shown as this week's: the last week is reported, and called partial."""
    for failed in (days(1, 2), days(4, 7), (LAST - timedelta(weeks=2), LAST + timedelta(weeks=1))):
        with lost(twenty_weeks, failed) as connection:
            report = build_report(connection, "zoom", today=LATER)
        assert report.week == LAST
        assert "this week (partly collected)" in write_wording(report).headline


def test_days_of_which_a_source_gives_no_more_pass_for_whole(twenty_weeks: Store) -> None:
    """Asking again would bring nothing: a capped day does not hold the report back, but the page says it."""
    with lost(twenty_weeks, days(4, 5), capped=True) as connection:
        report = build_report(connection, "zoom", today=LATER)
    assert report.week == LAST
    assert "was not collected in full (forum 19 November)" in said(report)


def test_where_no_week_is_whole_the_last_one_is_reported_and_called_partial(twenty_weeks: Store) -> None:
    """Page one says it, with the source and the days."""
    with lost(twenty_weeks, *(days(2, 4, weeks_back=back) for back in range(19, -1, -1))) as connection:
        report = build_report(connection, "zoom", today=LATER)
    assert report.week == LAST
    assert write_wording(report).headline.startswith("Net trust expression this week (partly collected): ")
    assert "The week of 15 November 2021 was not collected in full (forum 17–18 November)." in said(report)


def said(report: Report) -> str:
    """What page one calls uncertain."""
    return " ".join(write_wording(report).uncertain).replace("\u00a0", " ")


def test_missing_days_are_told_by_source(full_report: Report) -> None:
    """Sources alike stand together, all of them are called so, and days stand as short as they can."""
    monday = full_report.week

    def told(*gaps: tuple[int, int, tuple[str, ...]]) -> str:
        missing = tuple(
            Gap(monday + timedelta(days=first), monday + timedelta(days=last), "failed", sources)
            for first, last, sources in gaps
        )
        return write_missing_days(replace(full_report, gaps=missing)).replace("\u00a0", " ")

    assert told() == ""
    assert told((-9, -1, ("forum",))) == ""
    assert told((1, 2, ("forum",)), (5, 5, ("forum",))) == "forum 5–6 September and 9 September"
    assert told((-3, 9, ("forum", "reviews")), (6, 6, ("microblog",))) == (
        "forum and reviews all week; microblog 10 September"
    )
    assert told((0, 1, ("forum", "microblog", "reviews"))) == "all sources 4–5 September"
    assert told(*((at, at, (f"s{at}",)) for at in range(5))) == (
        "s0 4 September; s1 5 September; s2 6 September; two more sources"
    )


def test_a_long_gap_names_its_sources(full_report: Report) -> None:
    """Not collected: when, and where from."""
    assert "Not collected: 20 June – 10 July 2022 (all sources)." in said(full_report)
    gap = replace(full_report.gaps[0], sources=("forum",))
    assert write_long_gaps(replace(full_report, gaps=(gap,))).endswith("2022 (forum).")
    assert write_gap(gap).replace("\u00a0", " ") == "20 June – 10 July 2022: forum (failed)"
    partly = replace(gap, status="partial")
    assert write_long_gaps(replace(full_report, gaps=(partly,))).startswith("Not collected in full: ")


def test_days_after_the_last_request_are_missing_in_the_reported_week(twenty_weeks: Store) -> None:
    """A collection that stopped midweek is told with its days, though nothing was asked after them."""
    with lost(twenty_weeks) as connection:
        connection.execute("UPDATE coverage SET window_end = ? WHERE source = 'forum'", [LAST + timedelta(days=4)])
        report = build_report(connection, "zoom", today=LATER)
    assert report.week == LAST
    assert write_partial_week(report).endswith("was not collected in full (forum 19–21\u00a0November).")
    assert report.gaps[0].status == "never_asked"


def test_an_event_after_the_week_is_not_called_undeclared(full_store: Store) -> None:
    """Before the event the page says that it is declared, for when, and that it lies after this week."""
    with full_store.reader() as connection:
        before = build_report(connection, "zoom", week=date(2023, 7, 24))
        on_it = build_report(connection, "zoom", week=date(2023, 8, 6))
    wording = write_wording(before)
    headline = wording.headline.replace("\u00a0", " ")
    assert headline.endswith("; the policy event declared for 6 August 2023 lies after this week.")
    assert wording.paragraph[0].replace("\u00a0", " ") == (
        "The policy event declared for 6 August 2023 (Terms allow training AI on calls) lies after this week, so no"
        " effect is looked for."
    )
    assert "Shaded" not in note_trend(before)
    assert "no policy event" not in headline
    assert on_it.coming is None


def test_signs_that_cannot_be_printed_are_told_only_where_there_are_any(full_report: Report) -> None:
    """The page of method explains the replacement sign if a quote holds one, and says nothing otherwise."""
    leads = [lead for lead, _ in write_methods(full_report, 0)]
    assert not any("\ufffd" in lead or "drawn" in lead for lead in leads)
    told = dict(write_methods(full_report, 1))["Signs shown as \ufffd"]
    assert told.startswith("1\u00a0character of quoted texts and names")
    assert "No number is touched" in told


def test_what_does_not_count_is_told_of_one_as_of_many(full_report: Report) -> None:
    """Verbs and pronouns follow the count, and nothing is said of nought posts."""
    one, none = (
        " ".join(write_left_out(replace(full_report, left_out=left))).replace("\u00a0", " ")
        for left in (LeftOut(9, 1, 1, 1, 1, 1, 1, 1), LeftOut(9))
    )
    assert "1 post could not be scored and does not count." in one
    assert "1 post in another language is not scored and does not count." in one
    assert "another language" not in none
    assert "1 post repeats the text of another one of the same week, word for word or nearly; it counts." in one
    assert "1 post by the brand itself or those who speak for it; it counts, and is not quoted." in one
    assert "1 row could not be read and is set aside" in one
    assert "No post repeats the text of another" in none


def test_a_text_that_is_spread_is_shown_as_one_voice_beside_the_many(twenty_weeks: Store) -> None:
    """The week's numbers with and without copies stand among the figures, and in a sentence; without copies neither."""
    with twenty_weeks.writer() as connection:
        connection.execute("BEGIN")
        try:
            assert build_report(connection, "zoom", today=LATER).copies is None
            write_by_hand(connection)
            spread = connection.execute(
                "UPDATE posts SET text = 'Leave them today and send this on to everybody whom you know' "
                "WHERE (source, post_id) IN (SELECT source, post_id FROM brand_posts WHERE week = ? LIMIT 4) "
                "RETURNING 1",
                [LAST],
            ).fetchall()
            report = build_report(connection, "zoom", today=LATER)
        finally:
            connection.execute("ROLLBACK")
    assert report.week == LAST
    assert report.copies is not None
    assert report.copies.copies == len(spread) - 1 == 3
    beside = {
        figure.figure_id.rpartition("/")[2]: figure.n
        for figure in report.figures
        if "copies_weekly" in figure.figure_id
    }
    assert (beside["net_trust"] or 0) > (beside["net_trust_without_copies"] or 0) > 0
    said = " ".join(write_left_out(replace(report, copies=Copies(1, 2.0, 3.0, 10.0, 12.0)))).replace("\u00a0", " ")
    assert "In the week shown 1 post repeats the text of another; with each text as one voice" in said
    assert "would be +3 instead of +2, and 12 % instead of 10 % of the authors" in said
    assert "In the week shown" not in " ".join(write_left_out(replace(report, copies=None)))


def test_weeks_after_all_that_was_asked_for_are_a_gap(twenty_weeks: Store) -> None:
    """Three weeks later nobody has asked any source: all days since are told as never asked, up to today."""
    week = LAST + timedelta(weeks=3)
    with twenty_weeks.reader() as connection:
        report = build_report(connection, "zoom", week=week, today=week + timedelta(days=3))
    gap = report.gaps[0]
    assert (gap.first, gap.last, gap.status) == (LAST + timedelta(weeks=1), week + timedelta(days=2), "never_asked")
    assert gap.sources == ("forum", "microblog", "reviews")
    assert {(row.never_asked, row.missing_this_week) for row in report.sources} == {(17, 3)}
    assert "Nothing was collected" in write_wording(report).headline


def test_a_week_to_come_is_refused(twenty_weeks: Store) -> None:
    """There is nothing to report on, and no empty page is written."""
    with (
        twenty_weeks.reader() as connection,
        pytest.raises(ReportError, match=f"the week of {LATER} has not begun"),
    ):
        build_report(connection, "zoom", week=LATER + timedelta(days=2), today=LAST)
