"""Reasons of the effects in a reader's words."""

from __future__ import annotations

from dataclasses import replace

from analytics.report import Report
from analytics.report.reasons import humanise, share_reasons

REASON = (
    "Of 60 comparable earlier windows (6 that do not overlap), 53 moved as much. Less the median change of 2 peers"
    " (meet, teams). Not separable from 2023-07-27, 2023-08-07, 2023-08-11."
)


def test_days_and_peers_are_written_as_elsewhere() -> None:
    """No ISO date and no slug reaches the page."""
    names = {"meet": "Google Meet", "teams": "Microsoft Teams"}
    said = humanise(REASON, names).replace("\u00a0", " ")
    assert "Less the median change of 2 peers (Google Meet and Microsoft Teams)." in said
    assert said.endswith("Not separable from 27 July, 7 and 11 August 2023.")
    left_out = humanise("Compared with no peer. Left out: meet (no comparable data in 3 bins).", names)
    assert left_out.endswith("Left out: Google Meet (no comparable data in 3 bins).")
    assert humanise("No data: the last bin with data starts on 2022-12-31.", {}).endswith("31\u00a0December 2022.")


def test_what_all_rows_of_an_event_share_is_said_once(full_report: Report) -> None:
    """The rank stands in the table, shared reasons under the event, and a row keeps what is its own."""
    rows = [
        replace(row, reason=REASON + (" Not tested: attention was not shown." if at else ""))
        for at, row in enumerate(full_report.effects)
    ]
    shared, each = share_reasons(rows, full_report)
    assert shared.startswith("Less the median change")
    assert "comparable earlier" not in shared
    assert each == ["", "Not tested: attention was not shown.", "Not tested: attention was not shown."]
    assert share_reasons([], full_report) == ("", [])
