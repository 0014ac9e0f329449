from __future__ import annotations

from pathlib import Path

import pytest

from analytics.store import Reader, Store
from analytics.store.reader import _Copy
from brands.brand_file import load
from flows import stages
from tests.bench import readers
from tests.bench.made_posts import BRAND, write_ndjson
from tests.bench.readers import ANEW, KEPT, SLUG, Answers, ask, find_old, measure
from tests.bench.whole_path import BRAND_FILE


class FrozenReader(Reader):
    """The fault: once it has a copy, it never looks for another."""

    def _newest(self) -> _Copy:
        return self._copy or super()._newest()


@pytest.mark.long
def test_readers_under_a_writer_get_whole_answers() -> None:
    """Two readers, three seconds each way: every question is answered, by whole and new copies."""
    rounds = measure(3, 2, 1_000)
    assert [each.way for each in rounds] == [ANEW, KEPT]
    for each in rounds:
        asked = (*each.answers, *each.checked)
        assert [(answers.errors, answers.inconsistent) for answers in asked] == [([], [])] * 4
        assert all(answers.milliseconds and answers.counted for answers in each.answers)
        assert all(answers.copies for answers in each.checked)
        assert any(answers.published for answers in each.checked)
        assert find_old(each.answers, each.checked) == []


def test_a_reader_that_keeps_an_old_copy_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a second publication its answers are old; those of a reader that opens it, and the first ones, are not."""
    monkeypatch.setattr(readers, "SOON", 0.0)
    file = tmp_path / "posts.ndjson"
    settings = {"brand": BRAND, "query": SLUG, "path": file, "match": "all"}
    (tmp_path / "brand.toml").write_text(BRAND_FILE.format(**settings, scorer="vader", also="[]"), "utf-8")
    brand, store = load(tmp_path / "brand.toml"), Store(tmp_path / "a.duckdb")
    checker, frozen, sound, anew = Answers(), Answers(), Answers(), Answers()
    with FrozenReader(store.path) as stays, Reader(store.path) as goes_on:
        for holding in (100, 200):
            write_ndjson(file, holding)
            stages.collect(brand, store)
            stages.score(brand, store)
            ask(store.path, checker)
            for answers, reader in ((frozen, stays), (sound, goes_on), (anew, None)):
                ask(store.path, answers, thorough=False, reader=reader)
    assert len(checker.published) == 2
    assert checker.published[0][1] < checker.published[1][1]
    assert find_old([sound, anew], [checker]) == []
    before, since = (posts for _, posts in checker.published)
    assert find_old([frozen, sound], [checker]) == [
        f"{before} posts in the trend, and {since} in that of a copy published before"
    ]
    for answers in (frozen, sound, anew, checker):
        assert (answers.errors, answers.inconsistent) == ([], [])  # an old copy is whole


def test_what_a_reader_meets_is_written_down(demo_store: Store, tmp_path: Path) -> None:
    """A copy that is not there is an error; one without the brand's weeks, and with a run cut off, is inconsistent."""
    answers = Answers()
    ask(tmp_path / "none.duckdb", answers)
    assert [told.partition(":")[0] for told in answers.errors] == ["NothingPublished"]
    answers = Answers(posts=1)
    ask(demo_store.path, answers)
    assert answers.errors == []
    assert {"the trend has no week", "0 posts after 1"} <= set(answers.inconsistent)
