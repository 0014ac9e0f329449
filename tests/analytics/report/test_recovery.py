"""What page one says of a change that may have gone back."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.report import build_report, write_wording
from tests.analytics.report.invented_store import Invented, fill_store


@pytest.mark.parametrize(
    ("state", "day", "said"),
    [
        (
            "recovered",
            "'2023-11-05'",
            "Back again: attention has been within ±2 points of the weeks before since 5 Nov",
        ),
        (
            "not_yet",
            "NULL",
            "It cannot be said so far that attention is back within ±2 points of the weeks before.",
        ),
        ("cannot_be_told", "NULL", "Whether attention is back within ±2 points of the weeks before cannot be told."),
        ("nothing_to_recover_from", "NULL", ""),
    ],
)
def test_page_one_says_whether_a_change_has_gone_back(tmp_path: Path, state: str, day: str, said: str) -> None:
    """As computed with the effect, with the margin that was set beforehand; nothing where no change was shown."""
    store = fill_store(tmp_path / "a.duckdb", Invented(posts_a_week=12, peers=()))
    with store.writer() as connection:
        connection.execute(
            "INSERT INTO event_recoveries SELECT brand, event_id, measure, scorer, ?, " + day + ", '2024-01-01', 2.0,"
            " 0.4, -1.0, 1.8, 1.4, 20, 90, 'because', run_id FROM event_effects WHERE measure = 'attention'",
            [state],
        )
    with store.writer() as connection:
        uncertain = " ".join(write_wording(build_report(connection, "zoom")).uncertain).replace("\u00a0", " ")
    assert (said in uncertain) if said else ("ack" not in uncertain)
