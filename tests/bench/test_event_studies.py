from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.store import read
from tests.bench.event_studies import (
    AFTER_WEEKS,
    BEFORE_WEEKS,
    MOVED,
    PINNED,
    PLACEBO_DATES,
    TRAPS,
    fingerprint,
    measure_at,
    measure_placebos,
    placebo_dates,
    prepare,
)

FIRST, LAST = date(2023, 1, 1), date(2025, 10, 31)


def test_what_is_asked_was_declared_before_the_first_run() -> None:
    """Brand files and taxonomy are those of the pin. Who means to change them says so beside the published numbers."""
    assert fingerprint() == PINNED


def test_placebo_dates_keep_away_from_what_is_known() -> None:
    """Twenty different days, the same on every run, with a year of past and no barred day in their windows."""
    barred = [date(2024, 7, 9), date(2024, 12, 9), date(2025, 2, 26)]
    days = placebo_dates(FIRST, LAST, barred)
    assert days == placebo_dates(FIRST, LAST, barred)
    assert len(set(days)) == PLACEBO_DATES
    for day in days:
        assert day >= FIRST + timedelta(weeks=52)
        assert day + timedelta(weeks=AFTER_WEEKS) <= LAST + timedelta(days=1)
        assert not any(
            day - timedelta(weeks=BEFORE_WEEKS) <= bar < day + timedelta(weeks=AFTER_WEEKS) for bar in barred
        )


@pytest.mark.long
def test_the_forum_gives_a_verdict_and_its_traps_none(tmp_path: Path, shared_data: Path) -> None:
    """The Terms of Use get a verdict, whatever it is; where the ask form changed there is none; at most three of twenty
    days on which nothing happened are called a change."""
    brand, store = prepare("browser_forum.toml", tmp_path)
    effects = read("effects", "firefox", store=store.path).set_index(["event_id", "measure", "scorer"])["verdict"]
    own = brand.file.report.scorer
    assert effects["2025-terms-of-use", "attention", own] in (*MOVED, "no_change_shown")
    assert (effects["2024-ad-measurement"] == "not_comparable").all()
    with store.writer() as connection:
        traps = list(measure_at(connection, brand, TRAPS, ["attention", "net_trust"]))
        assert {each.effect.verdict for each in traps} == {"not_comparable"}
        told = Counter(
            (each.measure, each.effect.verdict in MOVED)
            for each in measure_placebos(connection, brand, ["attention", "net_trust"])
        )
    assert told["attention", True] <= 3
    assert told["net_trust", True] <= 3
