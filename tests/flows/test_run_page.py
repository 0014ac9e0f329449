"""What a run's page shows: numbers and names, never the text of a post."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from analytics.alerts.stopped import StoppedSource
from analytics.store import Store
from brands.brand_file import Brand, load
from flows import stages
from flows.alert_stages import Watch
from flows.newest_report import find_newest_report
from flows.run_page import list_sources, list_stopped, read_trend, write_answer
from tests.flows.acme import TEXTS, write_acme


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Brand, Store, stages.Outcome]:
    """A brand called in Markdown, its store, and what a weekly run did."""
    path = write_acme(tmp_path_factory.mktemp("page"))
    path.write_text(path.read_text().replace('name = "Acme"', 'name = "Acme [x](y)"\nslug = "acme"', 1))
    brand, store = load(path), Store(path.parent / "brandtrust.duckdb")
    return brand, store, stages.weekly(brand, store)


def test_the_trend_is_the_last_quarter_newest_first(made: tuple[Brand, Store, stages.Outcome]) -> None:
    """Thirteen weeks in numbers that JSON can hold."""
    brand, store, _ = made
    trend = read_trend(brand, store)
    weeks = [str(row["week"]) for row in trend]
    assert len(weeks) == 13
    assert weeks == sorted(weeks, reverse=True)
    assert weeks[0] == "2023-10-02"
    assert {row["authors"] for row in trend} != {0}
    assert not [text for text in TEXTS if text in json.dumps(trend)]


def test_the_answer_is_that_of_the_newest_report(made: tuple[Brand, Store, stages.Outcome]) -> None:
    """The sentence that the run ended with, where its files are, and names that Markdown takes for names."""
    brand, store, outcome = made
    newest = find_newest_report("acme", store)
    assert newest is not None
    assert (newest.headline, newest.pdf, newest.week) == (outcome.answer, outcome.pdf, outcome.week)
    assert newest.page == outcome.page
    answer = write_answer(brand, newest)
    assert answer.startswith("# Acme \\[x\\](y), week of 2023-10-02")
    assert outcome.answer in answer
    assert f"`{outcome.pdf}`" in answer
    assert not [text for text in TEXTS if text in answer]


def test_sources_are_counted(made: tuple[Brand, Store, stages.Outcome]) -> None:
    """A row a source, with what became of what it gave."""
    (row,) = list_sources(made[2].sources)
    assert (row["source"], row["read"], row["new"], row["failure"]) == ("forum (posts.csv)", 400, 320, "")


def test_a_source_that_stopped_has_a_row(made: tuple[Brand, Store, stages.Outcome]) -> None:
    """Since when nothing came of it, and how many runs asked it in vain."""
    stopped = StoppedSource("chat", None, 3, datetime(2026, 3, 2, 4, 10))
    assert list_stopped(Watch(made[2].run, stopped=[stopped])) == [
        {"source": "chat", "since (UTC)": "2026-03-02 04:10", "runs that asked in vain": 3}
    ]


def test_before_the_first_run_there_is_nothing_to_show(
    made: tuple[Brand, Store, stages.Outcome], tmp_path: Path
) -> None:
    """A run whose store was never published has no trend and no answer, and no error."""
    nothing = Store(tmp_path / "new.duckdb")
    assert read_trend(made[0], nothing) == []
    assert find_newest_report("acme", nothing) is None
