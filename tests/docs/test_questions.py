"""docs/questions.sql and docs/analyst.md: every question has an answer in the demo, and every line opens its store."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from analytics.store import Store
from analytics.store.catalogue import views
from flows.command_line import app
from flows.published_sql import asked

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/questions.sql").read_text("utf-8")
QUESTIONS = {int(number): sql for number, sql in re.findall(r"^-- (\d+)\. .+?\n(.+?;)$", PAGE, re.S | re.M)}

# The columns that carry each answer, and those that the demo leaves empty (the comment of the question says so).
ANSWERS = {
    1: {"week", "net_trust", "low", "high", "authors"},
    2: {"week", "net_trust", "peers_median", "gap"},
    3: {"source", "quarter", "net_trust"},
    4: {"theme", "last_eight_weeks", "usual"},
    5: {"compared_brand", "share", "why_no_share"},
    6: {"measure", "estimate", "low", "high", "verdict"},
    7: {"source", "day", "status"},
    8: {"rank", "reach", "text"},
    9: {"rating", "mean_compound"},
    10: {"newcomers_net_trust", "returning_net_trust"},
    11: {"week", "as_it_was", "constant_mix"},
    12: {"quarter", "voices", "leaving", "net_trust_of_posts"},
    13: {"event_id", "busy", "busiest", "first_story", "lag_days"},
    14: {"observed_at", "reach", "gained"},
    15: {"printed", "now", "difference"},
    16: {"days_after_reply", "voices", "share"},
    17: {"as_measured", "verdict", "without", "without_verdict"},
    18: {"quarter", "language", "share", "not_counted"},
    19: {"author_key", "posts", "share_of_posts", "net_trust"},
    20: {"moved", "pull", "reach", "text"},
    21: {"claim", "week", "share", "clause"},
    22: {"says", "status", "share", "change"},
    23: {"event_id", "voices", "speaking", "accepting", "rejecting"},
}
EMPTY = {5: {"why_no_share"}, 8: {"url"}, 13: {"first_story", "lag_days"}}


def answer(store: Store, number: int) -> pd.DataFrame:
    """The rows of a question, asked as `brandtrust sql` asks it."""
    with asked(store, QUESTIONS[number]) as found:
        return found.connection.df()


@pytest.mark.parametrize("number", ANSWERS)
def test_every_question_has_an_answer_in_the_demo(demo_store: Store, number: int) -> None:
    """It is one statement that sql takes, with rows, the columns that carry the answer, and no empty column untold."""
    assert list(QUESTIONS) == list(ANSWERS)
    frame = answer(demo_store, number)
    assert len(frame)
    assert set(frame.columns) >= ANSWERS[number]
    assert {column for column in frame if frame[column].isna().all()} <= EMPTY.get(number, set())


def test_every_question_says_how_to_read_its_answer() -> None:
    """Below the title, before the statement."""
    for number, sql in QUESTIONS.items():
        assert sql.startswith("-- Read: "), number


def test_at_the_mix_as_it_was_net_trust_is_that_of_the_week(demo_store: Store) -> None:
    """Question 11 beside trust_weekly: only the weights of the sources differ."""
    both = answer(demo_store, 11).merge(answer(demo_store, 1), on="week")
    assert (both["as_it_was"] - both["net_trust"]).abs().max() <= 0.05 + 1e-9
    assert (both["as_it_was"] - both["constant_mix"]).abs().max() > 1


def test_the_pulls_of_all_posts_are_the_net_trust_of_their_week(demo_store: Store) -> None:
    """Question 20 without its filter on the direction and without its end."""
    sql = QUESTIONS[20].replace("AND sign(a.vote) = sign(w.moved)", "").replace("ORDER BY reach DESC", "ORDER BY reach")
    with asked(demo_store, re.sub(r"LIMIT 20;$", "", sql).replace("/ a.posts, 2)", "/ a.posts, 9)")) as found:
        frame = found.connection.df()
    assert frame["pull"].sum() == pytest.approx(frame["net_trust"].iloc[0], abs=0.051)


def test_the_demo_speaks_of_the_reply_and_then_less(demo_store: Store) -> None:
    """Question 16: the week of the reply against the second week after it, as the demo was written."""
    frame = answer(demo_store, 16).set_index("days_after_reply")["share"]
    assert frame.loc[0:6].mean() > 2 * frame.loc[-7:-2].mean()
    assert frame.loc[0:6].mean() > frame.loc[8:14].mean()


def test_people_began_to_speak_on_the_day_of_notice(demo_store: Store) -> None:
    """Question 13 finds the day that the demo's brand file declares, and nothing where nobody minded."""
    frame = answer(demo_store, 13).set_index("event_id")
    assert abs((frame.loc["2023-ai-clause", "busy"] - frame.loc["2023-ai-clause", "noticed"]).days) <= 1
    assert pd.isna(frame.loc["2022-retention", "busy"])


ANALYST = (ROOT / "docs/analyst.md").read_text("utf-8")


@pytest.mark.parametrize("block", re.findall(r"```python\n(.+?)```", ANALYST, re.S), ids=["read", "reader", "duckdb"])
def test_the_lines_for_pandas_open_the_demo(
    demo_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: str
) -> None:
    """As they stand in docs/analyst.md, in a folder with the demo in it."""
    (tmp_path / "demo").symlink_to(demo_store.path.parent)
    monkeypatch.chdir(tmp_path)
    names: dict[str, pd.DataFrame] = {}
    exec(block, names)
    assert len(names["frame"])
    assert set(names["frame"]["brand"]) == {"lumio"}


def test_the_lines_for_the_command_line_are_answered(
    demo_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they stand there, with the worked questions for what is read from standard input."""
    (tmp_path / "demo").symlink_to(demo_store.path.parent)
    monkeypatch.chdir(tmp_path)
    lines = re.findall(r"^\$ brandtrust (.+)$", ANALYST, re.M)
    assert len(lines) == 4
    for line in lines:
        arguments = shlex.split(line.split(" < ")[0])
        told = CliRunner().invoke(app, arguments, input=PAGE if "--shell" in arguments else "SELECT 1 AS a;")
        assert told.exit_code == 0, told.output
    assert (tmp_path / "trust.parquet").exists()


def test_the_analysts_page_names_only_views_that_there_are() -> None:
    """Every name in its table of where to begin is a view or a scope."""
    table = ANALYST.split("## Where to begin")[1].split("[schema.md]")[0]
    assert set(re.findall(r"`(\w+)`", table)) <= {*views(), "all", "practices"}
