"""A report that replaces another one says so: whoever forwarded that one learns that numbers have changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.report import Report, build_report, publish_report, write_wording
from analytics.store import Store
from tests.analytics.report.invented_store import Invented, fill_store
from tests.posts import write_by_hand


def build(store: Store) -> Report:
    with store.reader() as connection:
        return build_report(connection, "zoom")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one published report."""
    filled = fill_store(tmp_path / "store.duckdb", Invented(posts_a_week=20, weeks=20, peers=(), with_event=False))
    publish_report(filled, build(filled), tmp_path / "a.pdf", "20230911T080000")
    filled.publish()
    return filled


def test_the_first_report_replaces_nothing_and_neither_does_the_same_again(store: Store, tmp_path: Path) -> None:
    """The same figures are the same report, with the same bytes."""
    again = build(store)
    assert again.replaced is None
    publish_report(store, again, tmp_path / "b.pdf", "20230911T090000")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_other_figures_name_what_they_replace(store: Store, tmp_path: Path) -> None:
    """How many figures differ, and how many posts were erased since; it still says so when it is written again."""
    first = build(store)
    with store.transaction() as connection:
        write_by_hand(connection)
        connection.execute("DELETE FROM posts WHERE post_id = (SELECT max(post_id) FROM posts WHERE source = 'forum')")
        connection.execute("INSERT INTO brand_purges VALUES ('r2', 'zoom', 1, now()::TIMESTAMP)")
    store.publish()
    second = build(store)
    assert second.report_id != first.report_id
    assert second.replaced is not None
    assert second.replaced.report_id == first.report_id
    assert 0 < second.replaced.differing < second.replaced.figures
    assert second.replaced.erased == 1
    [said] = [line for line in write_wording(second).uncertain if line.startswith("This report replaces the one of ")]
    assert first.fingerprint in said
    assert said.endswith("1\u00a0post erased since.")
    publish_report(store, second, tmp_path / "a.pdf", "20230911T100000")
    store.publish()
    assert build(store).replaced == second.replaced
