"""Where a change comes from: parts that add up as printed, the effect asked otherwise, and whether it has gone back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from analytics.report import Report, build_report, render_pdf
from analytics.report.evidence import ChangePart, EffectCheck, RecoveryLook
from analytics.report.html import compile_html
from analytics.report.text import BREAK
from analytics.report.where_from import write_where_from
from tests.analytics.report.invented_store import Invented, fill_store

FEW = (
    "Who changed, returning authors or others, cannot be answered: 4 authors spoke in both windows, and 30 are needed."
)


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report on a store in which parts, checks and going back are stated for both measures."""
    plan = Invented(posts_a_week=12, peers=(("webex", "Webex"),))
    store = fill_store(tmp_path_factory.mktemp("stated") / "store.duckdb", plan)
    with store.transaction() as connection:
        for measure, parts in (
            ("attention", {"raw_change": 10.0, "voices": 3.33, "source_mix": 3.34, "language_mix": 3.33}),
            ("net_trust", {"raw_change": -10.0, "returning_authors": -14.96, "newcomers": 4.0, "source_mix": 0.96}),
        ):
            for part, change in parts.items():
                connection.execute(
                    "INSERT INTO event_parts VALUES ('zoom', '2023-ai-terms', ?, 'vader_domain', ?, ?, ?, ?, 90, ?, ?,"
                    " 'r1')",
                    [measure, part, change, change - 2, change + 2, measure == "net_trust", FEW],
                )
            for scorer in ("vader_domain", "vader"):  # only those by the configured scorer are told
                connection.execute(
                    "INSERT INTO event_checks SELECT brand, event_id, measure, ?, 'without_copies_and_officials',"
                    " 'exploratory', event_date, ?, 1, 3, 0.1, 0.1, 9, 2, 4, 'rose', 8, 2, 50, 60, [], [], '', '', 'r1'"
                    " FROM event_effects WHERE measure = ?",
                    [scorer, 2.0 if scorer == "vader_domain" else 77.0, measure],
                )
            connection.execute(
                "INSERT INTO event_recoveries VALUES ('zoom', '2023-ai-terms', ?, 'vader_domain', 'cannot_be_told',"
                " NULL, '2023-09-04', 2, 1.5, -1, 4, 3.5, 9, 70, '', 'r1')",
                [measure],
            )
    store.publish()
    with store.reader() as connection:
        return build_report(connection, "zoom")


def lines(report: Report, group: int) -> dict[str, list[str]]:
    """The rows of a group: what each is called, with the value in every column."""
    table = write_where_from(report)
    assert table is not None
    return {line.name: [cell.value for cell in line.cells] for line in table.groups[group].lines}


def test_the_parts_add_up_as_printed(stated: Report) -> None:
    """Each is its published figure, and what rounding leaves over is told as such."""
    told = lines(stated, 0)
    raw = told.pop("Raw change, peers not taken off")
    assert raw == ["+10.0", "−10.0"]
    assert told["Left over by rounding"] == ["+0.1", "0.0"]
    for column in (0, 1):
        numbers = [cells[column].replace("−", "-") for cells in told.values() if cells[column] != "–"]
        assert round(sum(map(float, numbers)), 6) == float(raw[column].replace("−", "-"))
    published = {figure.figure_id: figure for figure in stated.figures}
    assert published["effect_parts/zoom/2023-ai-terms/attention/voices"].value == 3.33
    assert published["effect_recovery/zoom/2023-ai-terms/net_trust/margin"].value == 2


def test_rounding_is_no_row_where_nothing_is_left_over(stated: Report) -> None:
    """Parts that add up by themselves need none."""
    even = tuple(part for part in stated.change_parts if part.measure == "net_trust")
    assert "Left over by rounding" not in lines(replace(stated, change_parts=even), 0)


def test_what_cannot_be_answered_says_so(stated: Report) -> None:
    """Too few who returned, and a margin smaller than what can be seen: both in a sentence of their measure."""
    table = write_where_from(stated)
    assert table is not None
    notes = " ".join(table.notes).replace("\u00a0", " ")
    assert "Attention: Who changed, returning authors or others, cannot be answered: 4 authors" in notes
    assert "cannot be answered up to 3 September 2023, since a gap of 3.5 points may be chance" in notes
    without = replace(stated, effect_checks=(EffectCheck("net_trust", "source_weights", 1.0, None, None, 5),))
    table = write_where_from(without)
    assert table is not None
    cells = table.groups[1].lines[0].cells
    assert [(cell.value, cell.interval) for cell in cells] == [("–", "cannot be answered"), ("+1.0", "no interval")]


@pytest.mark.parametrize(
    ("state", "day", "said"),
    [
        ("recovered", date(2023, 11, 5), "Gone back: within ±2.0 points of the weeks before"),
        ("not_yet", None, "Not shown to have gone back up to 3 September 2023 to within ±2.0 points"),
        ("nothing_to_recover_from", None, "No change was shown, so there is nothing to go back."),
    ],
)
def test_going_back_is_said_as_it_was_judged(stated: Report, state: str, day: date | None, said: str) -> None:
    """By the margin that was set beforehand, with the day since which it holds or up to which was looked."""
    look = RecoveryLook("attention", state, 1.0, -1.0, 1.5, 70, 2.0, 1.5, day, date(2023, 9, 4))
    table = write_where_from(replace(stated, recoveries=(look,)))
    assert table is not None
    assert said in table.notes[0].replace("\u00a0", " ")


def test_both_views_hold_the_table(stated: Report, tmp_path: Path) -> None:
    """The same rows; a long name of a check is found in the PDF too, and another scorer's numbers in neither."""
    pdf = render_pdf(stated, tmp_path / "a.pdf").path
    words = " ".join(" ".join(page.extract_text().replace(BREAK, "").split()) for page in PdfReader(pdf).pages)
    page = compile_html(stated).decode()
    for text in (words, page):
        assert "Where the change comes from" in text
        assert "Without copies and the brand’s own posts" in text
        assert "77.0" not in text


def test_without_any_of_it_there_is_no_table(full_report: Report) -> None:
    """An effect of before this was computed, and a brand without an event, have no empty table."""
    assert write_where_from(full_report) is None
    part = ChangePart("attention", "raw_change", 1.0, None, None, 9, True, "")
    assert write_where_from(replace(full_report, event=None, change_parts=(part,))) is None
