from __future__ import annotations

from pathlib import Path

import pytest

from analytics.store import Store
from tests.bench.readers import Answers, ask, measure


@pytest.mark.long
def test_readers_under_a_writer_get_whole_answers() -> None:
    """Two readers, three seconds: every question is answered, and every copy they look at is whole."""
    answers, checked, published = measure(3, 2, 1_000)
    assert [(each.errors, each.inconsistent) for each in (*answers, *checked)] == [([], [])] * 4
    assert all(each.milliseconds for each in answers)
    assert all(each.copies for each in checked)
    assert published % 2 == 0


def test_what_a_reader_meets_is_written_down(demo_store: Store, tmp_path: Path) -> None:
    """A copy that is not there is an error; one without the brand's weeks, and with a run cut off, is inconsistent."""
    answers = Answers()
    ask(tmp_path / "none.duckdb", answers)
    assert [told.partition(":")[0] for told in answers.errors] == ["NothingPublished"]
    answers = Answers(posts=1)
    ask(demo_store.path, answers)
    assert answers.errors == []
    assert {"the trend has no week", "0 posts after 1"} <= set(answers.inconsistent)
