"""What a run prints about its sources, whatever the counts are."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.store import Store
from flows.collection import SourceResult
from flows.output import show_outcome, show_sources
from flows.progress import Lines
from flows.runs import Run
from flows.stages import Outcome


@pytest.mark.parametrize(
    ("count", "lines"),
    [
        (1, ("1 record set aside", "1 post was left out", "1 stored post came", "1 character that", "1 request cost")),
        (
            1_200,
            ("1,200 records set", "1,200 posts were left", "1,200 stored posts", "1,200 characters", "1,200 requests"),
        ),
    ],
)
def test_notes_on_a_source_say_one_and_many(
    count: int, lines: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A count of one takes the singular in every note."""
    result = SourceResult(
        "forum", quarantined=count, withheld=count, moved=count, replaced=count, requests=count, cost_usd=0.5
    )
    show_sources(Outcome(Run(Store(tmp_path / "store.duckdb"), "acme", "run", "1"), [result]))
    told = capsys.readouterr().out
    assert [line for line in lines if line not in told] == []


@pytest.mark.parametrize(
    ("scored", "rescored", "weeks", "said"),
    [
        (0, 0, 0, None),
        (0, 0, 2, "The last run did not come to it, or the brand file or the rules ask for something else"),
        (1, 1, 2, "1 reading of stored posts by a scorer, lexicon or model that is new to them: "),
        (3, 0, 2, "3 readings of stored posts that had not been read yet: "),
        (5, 2, 2, "3 readings of stored posts that had not been read yet; 2 readings of stored posts by a scorer, "),
    ],
)
def test_a_run_that_only_reads_stored_posts_says_so(
    scored: int, rescored: int, weeks: int, said: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing new came, and yet the numbers change: what is asked or read otherwise, and how many weeks are counted.

    Posts that a killed run left unread are told apart from those that something else reads now.
    """
    store = Store(tmp_path / "store.duckdb")
    run = Run(store, "acme", "run", "1")
    show_outcome(Outcome(run, [SourceResult("forum")], scored=scored, rescored=rescored, weeks=weeks), store)
    told = capsys.readouterr().out.splitlines()[2:]
    assert told[0] == "Nothing new."
    assert len(told) == (2 if said is None else 3)
    assert said is None or (told[1].startswith(said) and "2 weeks counted anew" in told[1])


def test_a_stage_that_did_one_says_so(tmp_path: Path) -> None:
    """Without a terminal a finished stage is a line with its count, in words for one."""
    with (tmp_path / "log").open("w") as stream:
        for done in (1, 2):
            with Lines(stream).stage("collect forum") as advance:
                advance(done)
    assert (tmp_path / "log").read_text().splitlines() == ["collect forum: 1 post", "collect forum: 2 posts"]
