"""What the report says of plans and curves: whether it was declared beforehand, and what the answer hangs on."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from analytics.plan.ways import Ways
from analytics.report import Report, build_report, write_wording
from analytics.report.pdf import compile_pdf
from analytics.report.phrases import write_ways
from tests.analytics.report.invented_store import Invented, fill_store

WAYS = Ways(asked=36, fell=30, rose=0, no_change=6, lowest=-9.14, highest=-3.2)


@pytest.mark.parametrize(
    ("ways", "measure", "said"),
    [
        (
            WAYS,
            "net_trust",
            "Asked in 36 reasonable ways, net trust expression fell in 30 and no change was shown in 6;"
            " from −9.1 to −3.2 points.",
        ),
        (
            replace(WAYS, fell=36, no_change=0),
            "attention",
            "Asked in 36 reasonable ways, attention fell in all of them; from −9.1 to −3.2 points.",
        ),
        (
            Ways(12, 1, 2, 7, -0.41, 0.2),
            "rating",
            "Asked in 12 reasonable ways, no change was shown in 7, star rating rose in 2, nothing could be judged"
            " in 2 and star rating fell in 1; from −0.41 to +0.20 stars.",
        ),
        (
            Ways(1, 0, 0, 1, 0.0, 0.0),
            "net_trust",
            "Asked in 1 reasonable way, no change was shown in 1; by 0.0 points.",
        ),
    ],
)
def test_a_curve_is_one_sentence_that_adds_up(ways: Ways, measure: str, said: str) -> None:
    """Each way is counted once, most frequent answer first, and both ends are named."""
    assert write_ways(ways, measure).replace("\u00a0", " ") == said


def test_the_report_reads_plan_and_curve_of_its_effects(tmp_path: Path) -> None:
    """Those that were computed with the effects, and their counts are published figures; others are left out."""
    store = fill_store(tmp_path / "a.duckdb", Invented(posts_a_week=12, peers=()))
    with store.writer() as connection:
        for run_id in ("r1", "r0"):  # that of the effects, and an earlier one
            connection.execute(
                "INSERT INTO event_declarations VALUES ('zoom', '2023-ai-terms', 'exploratory',"
                " 'What was asked differs from the plan frozen on 2023-05-01 in: peers.', 'ab12', '2023-05-01', ?)",
                [run_id],
            )
            for place, (verdict, estimate) in enumerate([("fell", -14.06), ("fell", -9.0), ("no_change_shown", -1.0)]):
                connection.execute(
                    "INSERT INTO event_specifications VALUES ('zoom', '2023-ai-terms', 'net_trust', ?, 0,"
                    " 'vader_domain', 'ranked', 8, 4, 'all', '', 'as_measured', 900, ?, NULL, NULL, NULL, ?, 3, ?)",
                    [place, estimate, verdict, run_id],
                )
    store.publish()
    with store.reader() as connection:
        report = build_report(connection, "zoom")
    row = next(row for row in report.effects if row.measure == "net_trust")
    assert row.ways == Ways(3, 2, 0, 1, -14.06, -1.0)
    published = {figure.figure_id: figure.value for figure in report.figures}
    assert published["effect/zoom/2023-ai-terms/net_trust/ways_fell"] == 2
    assert "Exploratory: what was asked differs from the plan frozen on 1 May 2023 in: peers." in _page_one(report)


def test_an_effect_of_before_plans_were_kept_says_nothing_of_them(full_report: Report) -> None:
    """No status is invented for it."""
    assert all(row.declared == "" and row.ways is None for row in full_report.effects)
    assert "xploratory" not in _page_one(full_report)


def test_the_pdf_holds_both_beside_the_effect(full_report: Report) -> None:
    """The status once for the event, the curve in the row of its measure; by it a row claims no more than before."""
    told = {"declared": "declared before the notice", "declared_reason": "Plan ab12, frozen on 2023-05-01."}
    rows = tuple(replace(row, ways=WAYS, **told) for row in full_report.effects)  # type: ignore[arg-type]
    compiled = compile_pdf(replace(full_report, effects=rows), "a4")
    pages = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(compiled.content)).pages)
    pages = " ".join(pages.replace("\u00a0", " ").split())
    assert pages.count("Declared before the notice: plan ab12, frozen on 1 May 2023.") == 2  # page one, and the table
    assert pages.count("Asked in 36 reasonable ways") == len(rows)
    assert "star rating fell in 30 and no change was shown in 6; from −9.14 to −3.20 stars. That is described" in pages


def _page_one(report: Report) -> str:
    return " ".join(write_wording(report).paragraph).replace("\u00a0", " ")
