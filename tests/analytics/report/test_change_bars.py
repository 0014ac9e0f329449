"""The parts of a change as bars: each begins where the one before ended, and together they are the change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from analytics.report import Report, build_report, render_pdf
from analytics.report.browser_change_bars import draw_change_bars
from analytics.report.change_bars import crowded_ends, ends_of, stack_changes, write_alt
from analytics.report.evidence import ChangePart
from analytics.report.html import compile_html
from tests.analytics.report.invented_evidence import state_parts
from tests.analytics.report.invented_store import Invented, fill_store


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report whose changes are told in parts."""
    plan = Invented(posts_a_week=12, peers=(("webex", "Webex"),))
    store = fill_store(tmp_path_factory.mktemp("parts") / "store.duckdb", plan)
    with store.transaction() as connection:
        state_parts(connection)
    store.publish()
    with store.reader() as connection:
        return build_report(connection, "zoom")


def test_each_bar_begins_where_the_one_before_ended(report: Report) -> None:
    """In the order of the table; the last one is the raw change from zero, where the parts have come to."""
    for stacked in stack_changes(report):
        *parts, whole = stacked.bars
        assert parts[0].start == 0
        assert [bar.start for bar in parts[1:]] == [bar.end for bar in parts[:-1]]
        assert whole.is_sum
        assert (whole.start, whole.end) == (0, pytest.approx(parts[-1].end))
    assert [stacked.title for stacked in stack_changes(report)] == ["Attention, points", "Net trust expression, points"]


def test_room_is_left_for_values_only_where_one_stands(report: Report) -> None:
    """A rising change has its values on the right, a falling one on the left; the scale always holds zero."""
    rising, falling = stack_changes(report)
    assert (crowded_ends(rising), crowded_ends(falling)) == ((False, True), (True, False))
    assert ends_of(rising) == (0, 26.5)
    assert ends_of(falling) == (-15, 0)


def test_the_picture_is_told_in_words(report: Report) -> None:
    """The change, then its parts by size."""
    assert write_alt(stack_changes(report)[0]).replace("\u00a0", " ") == (
        "Attention, points: the raw change rose by 24.0 points, made of Newcomers +14.5, Returning authors, what they"
        " say +12.0 and Mix of sources −2.5."
    )


def test_a_change_that_cannot_be_told_apart_has_no_picture(report: Report) -> None:
    """One part alone would be the sum again; without the raw change nothing adds up."""
    alone = (
        ChangePart("attention", "voices", 3.0, None, None, 9, False, ""),
        ChangePart("attention", "raw_change", 3.0, None, None, 9, False, ""),
    )
    assert stack_changes(replace(report, change_parts=alone)) == ()
    parts = tuple(part for part in report.change_parts if part.part != "raw_change")
    assert stack_changes(replace(report, change_parts=parts)) == ()


def test_both_views_draw_it(report: Report, tmp_path: Path) -> None:
    """With the values in the picture and in the page's table; a report without parts has neither."""
    words = " ".join(page.extract_text() for page in PdfReader(render_pdf(report, tmp_path / "a.pdf").path).pages)
    assert "Mix of sources" in words
    page = compile_html(report).decode()
    assert 'id="change_attention"' in page
    assert 'id="change_net_trust"' in page
    assert "−2.5" in str(draw_change_bars(stack_changes(report)[0]))
    assert "change_attention" not in compile_html(replace(report, change_parts=())).decode()
