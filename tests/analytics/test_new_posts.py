"""What arrived is read once, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analytics import new_posts, readers, reading_process
from analytics.keeping_readings import Kept
from analytics.new_posts import Reading, read_new_posts
from analytics.post_reading import Job, Scorer, read_posts
from analytics.reading_process import ReadingProcess
from analytics.sentiment import score, scorer_version
from analytics.store import Store
from analytics.store.purging import purge_posts
from analytics.store.saving import Listener, save_arrival
from analytics.themes import taxonomy_version
from tests.posts import arrival, posts

TEXTS = ["great", "they sell our data", "awful", "nothing", "they train their ai on my calls", "good", "bad"]
ELSEWHERE = Listener("other", "q2", "query", "contains(searched, 'data')")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store in which acme is heard in every post by two scorers, read two posts at a time."""
    monkeypatch.setattr(new_posts, "ROUND_POSTS", 2)
    monkeypatch.setattr(new_posts, "JOB_POSTS", 1)
    made = Store(tmp_path / "a.duckdb")
    _ = made.author_keys
    with made.writer() as connection:
        for brand, query in (("acme", "q1"), ("other", "q2")):
            connection.execute(
                "INSERT INTO brands VALUES (?, ?, ?, ?, 'vader', ?, ['vader_domain'], [], ?, [], 'UTC', 'f', NULL)",
                [brand, brand, brand, query, scorer_version("vader"), taxonomy_version()],
            )
    return made


def say(store: Store, *texts: str, first: int = 0, listeners: tuple[Listener, ...] = ()) -> None:
    batch = posts({"post_id": f"p{first + number}", "text": text} for number, text in enumerate(texts))
    save_arrival(store, arrival(batch, **({"listeners": listeners} if listeners else {})))


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    with store.writer() as connection:
        return connection.execute(sql).fetchall()


def everything(store: Store) -> tuple[list[tuple[object, ...]], ...]:
    """All that was read, without what only tells when."""
    return tuple(
        rows(store, f"SELECT * FROM {table} ORDER BY ALL")
        for table in ("scores", "tagged_posts", "post_themes", "post_languages", "post_speakers", "copy_signatures")
    )


def once(store: Store, calls: list[int], work: Callable[[], object]) -> Callable[[int], None]:
    """Progress that does `work` after the first batch."""

    def progress(count: int) -> None:
        calls.append(count)
        if len(calls) == 1:
            work()

    return progress


def test_every_post_is_read_once_by_every_scorer(store: Store) -> None:
    """Batch after batch, with the numbers of the scorers themselves; a second run adds nothing."""
    say(store, *TEXTS)
    counted: list[int] = []
    reading = read_new_posts(store, ["acme"], counted.append)
    assert (reading.scored, reading.tagged) == (14, 7)
    assert counted == [6, 6, 6, 3]
    stored = rows(store, "SELECT compound FROM scores WHERE scorer = 'vader' ORDER BY post_id")
    assert [row[0] for row in stored] == score(TEXTS)["compound"].tolist()
    themes = rows(store, "SELECT post_id, theme, evidence FROM post_themes ORDER BY ALL")
    assert {post_id for post_id, *_ in themes} == {"p1", "p4"}
    before = everything(store)
    again = read_new_posts(store, ["acme"])
    assert (again.scored, again.tagged) == (0, 0)
    assert everything(store) == before


def test_scores_of_posts_that_were_read_before_are_told_apart(store: Store) -> None:
    """Posts that wait unread are none of them; those that another scorer has read are, also beside new ones."""
    say(store, *TEXTS)
    assert read_new_posts(store, ["acme"]).rescored == 0
    say(store, "fine", first=7)
    with store.transaction() as connection:
        connection.execute("DELETE FROM scores WHERE scorer = 'vader_domain'")
        connection.execute("UPDATE brands SET also_scored = ['vader_domain'], masked_names = ['acme']")
    reading = read_new_posts(store, ["acme"])
    assert (reading.scored, reading.rescored) == (9, 7), "one new post by two scorers, seven by one that is new"
    say(store, "fair", first=8)
    with store.transaction() as connection:
        connection.execute("DELETE FROM scores WHERE scorer = 'vader_domain'")
        connection.execute("UPDATE post_languages SET version = 'former'")
        connection.execute("UPDATE brands SET masked_names = []")
    reading = read_new_posts(store, ["acme"])
    assert (reading.scored, reading.rescored) == (10, 8), "the same where languages are told by another version too"


def test_rounds_are_smaller_where_posts_are_long(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held at once is bounded by its text and not by its posts alone."""
    monkeypatch.undo()
    monkeypatch.setattr(new_posts, "FIRST_ROUND_POSTS", 10)
    monkeypatch.setattr(new_posts, "ROUND_BYTES", 102_000)
    say(store, *(["long " * 1_000] * 40), *(["short"] * 40))
    counted: list[int] = []
    assert read_new_posts(store, ["acme"], counted.append).tagged == 80
    assert [count // 3 for count in counted] == [10, 20, 20, 30]


def test_only_what_is_new_to_a_brand_is_read(store: Store) -> None:
    """Posts that another brand alone is named in wait for its own run, wherever they stand."""
    say(store, *TEXTS, listeners=(Listener("acme", "q1", "all"), ELSEWHERE))
    assert read_new_posts(store, ["other"]).scored == 2
    assert rows(store, "SELECT DISTINCT post_id FROM scores") == [("p1",)]
    assert read_new_posts(store, ["acme", "other"]).scored == 12


def test_a_crash_loses_the_batches_at_work_only(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was saved stays, and the next run reads the rest, each post once."""
    say(store, *TEXTS)
    save, saved = new_posts._keep, []

    def crash(*arguments: object) -> Kept:
        saved.append(arguments)
        if len(saved) == 3:
            raise RuntimeError("killed")
        return save(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(new_posts, "_keep", crash)
    with pytest.raises(RuntimeError):
        read_new_posts(store, ["acme"])
    monkeypatch.undo()
    assert rows(store, "SELECT count(*) FROM tagged_posts") == [(4,)]
    assert read_new_posts(store, ["acme"]).tagged == 3
    assert rows(store, "SELECT count(*), count(DISTINCT (post_id, scorer)) FROM scores") == [(14, 14)]


def test_two_runs_at_once_read_no_post_twice(store: Store) -> None:
    """A run that another one has overtaken adds only what that has not read, and tells of no more."""
    say(store, *TEXTS)
    calls: list[int] = []
    others: list[Reading] = []
    overtake = once(store, calls, lambda: others.append(read_new_posts(store, ["acme"])))
    mine = read_new_posts(store, ["acme"], overtake)
    assert (mine.scored + others[0].scored, mine.tagged + others[0].tagged) == (14, 7)
    for table, key, count in (("scores", "post_id, scorer", 14), ("tagged_posts", "post_id", 7)):
        assert rows(store, f"SELECT count(*), count(DISTINCT ({key})) FROM {table}") == [(count, count)], table
    assert rows(store, "SELECT post_id FROM post_themes GROUP BY ALL HAVING count(*) > count(DISTINCT theme)") == []


def test_what_arrives_meanwhile_is_read_too(store: Store) -> None:
    """A run ends when nothing is left, also where a source brings more while it reads."""
    say(store, *TEXTS)
    calls: list[int] = []
    reading = read_new_posts(store, ["acme"], once(store, calls, lambda: say(store, "new", first=90)))
    assert reading.tagged == 8
    assert rows(store, "SELECT count(*) FROM scores WHERE post_id = 'p90'") == [(2,)]


def test_nothing_is_written_of_a_post_that_is_erased_meanwhile(store: Store) -> None:
    """Its scores and themes would stay behind; the other posts, which may stand elsewhere now, are all read."""
    say(store, *TEXTS)
    calls: list[int] = []
    gone = {"p1": "deleted", "p4": "deleted", "p5": "deleted"}
    read_new_posts(store, ["acme"], once(store, calls, lambda: purge_posts(store, "forum", gone, "run1")))
    assert rows(store, "SELECT DISTINCT post_id FROM tagged_posts ORDER BY ALL") == [("p0",), ("p2",), ("p3",), ("p6",)]
    assert rows(store, "SELECT count(*), count(DISTINCT (post_id, scorer)) FROM scores") == [(8, 8)]
    assert rows(store, "SELECT * FROM post_themes") == []


def test_another_process_imports_nothing_from_where_a_user_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file there that is called as a module of ours or of Python's is not run."""
    for name in ("pickle.py", "analytics.py"):
        (tmp_path / name).write_text("open('ran', 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    other = ReadingProcess()
    job = Job(
        new_posts.pa.table({"source": ["s"], "post_id": ["p"], "searched": ["good"]}), [], *[np.ones(1, bool)] * 4
    )
    monkeypatch.setattr(reading_process, "read_posts", lambda job: pytest.fail("the other process is lost"))
    assert other.read(job).tagged.num_rows == 1
    other.close()
    assert not (tmp_path / "ran").exists()


def test_another_process_reads_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes write what one writes; one that is killed is done without, and none is left behind."""
    say(store, *TEXTS)
    batch = posts({"text": text} for text in TEXTS)
    some = np.arange(len(TEXTS)) % 2 == 0
    named = Scorer("vader_domain", scorer_version("vader_domain"))
    job = Job(
        new_posts.pa.table({"source": batch["source"], "post_id": batch["post_id"], "searched": batch["text"]}),
        [(named, some)],
        *(some, ~some, some, ~some),
    )
    other, started = ReadingProcess(), []
    assert other.read(job) == read_posts(job)
    other.process.kill()
    other.process.wait()
    assert other.read(job) == read_posts(job)
    other.close()

    class Watched(ReadingProcess):
        def __init__(self) -> None:
            super().__init__()
            started.append(self.process)

    monkeypatch.setattr(readers, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(readers.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(readers, "ReadingProcess", Watched)
    assert read_new_posts(store, ["acme"]).scored == 14
    assert [process.poll() is not None for process in started] == [True]
    assert rows(store, "SELECT count(*), count(DISTINCT (post_id, scorer)) FROM scores") == [(14, 14)]
