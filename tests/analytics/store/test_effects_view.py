"""The view effects: what it lets an analyst claim is what the report claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.report import build_report
from analytics.report.phrases import verdict_of
from tests.analytics.report.invented_store import Invented, fill_store

CASES = [
    ({}, {"attention": "rose", "net_trust": "fell", "rating": "none"}),
    (
        {"attention": {"verdict": "no_change_shown"}},  # so the second measure may claim nothing
        {"attention": "no_change_shown", "net_trust": "none", "rating": "none"},
    ),
    ({"attention": {"verdict": "not_comparable"}}, {"attention": "none", "net_trust": "none", "rating": "none"}),
    ({"rating": {"verdict": "fell"}}, {"attention": "rose", "net_trust": "fell", "rating": "none"}),
]


@pytest.mark.parametrize(("effects", "claims"), CASES)
def test_a_claim_is_what_the_report_says(
    effects: dict[str, dict[str, object]], claims: dict[str, str], tmp_path: Path
) -> None:
    """Whatever a measure's own verdict: only the primary one claims, and the second once the first was shown."""
    store = fill_store(tmp_path / "store.duckdb", Invented(posts_a_week=6, peers=(), effects=effects))
    with store.transaction() as connection:  # the same by a scorer that is not the configured one
        connection.execute("INSERT INTO event_effects SELECT * REPLACE ('vader' AS scorer) FROM event_effects")
    store.publish()
    with store.reader() as connection:
        rows = connection.execute("SELECT scorer, measure, claim FROM effects").fetchall()
        report = build_report(connection, "zoom")
    assert {measure: claim for scorer, measure, claim in rows if scorer == "vader_domain"} == claims
    assert {claim for scorer, _, claim in rows if scorer == "vader"} == {"none"}
    said = {row.measure: verdict_of(row, report.primary) for row in report.effects}
    shown = ("rose", "fell", "no_change_shown")
    assert {measure: word if word in shown else "none" for measure, word in said.items()} == claims
