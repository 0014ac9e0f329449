"""How an answer is written: whole files or none, posts that run nowhere, and Ctrl-C at once."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.store import Store
from flows import answer_formats, published_sql
from flows.answer_formats import CELL, write_answer
from flows.errors import UsageError
from flows.published_sql import Answer, asked

FORMULAS = [
    "=HYPERLINK(\"http://127.0.0.1/\" & A1, \"x\")", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
    " =1+1", "\u200b=1", "\ufeff@a", "\u202e=1", "＝1+1",
]  # fmt: skip
HARMLESS = ["plain", "a=b", "3 - 2", "-5", "+1.5e3", "-1,200", "12%", "", "'=1", "…", "ordinary\n=second line"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A published store without a post."""
    made = Store(tmp_path_factory.mktemp("formats") / "brandtrust.duckdb")
    made.publish()
    return made


def literal(text: str) -> str:
    """The text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def written(store: Store, sql: str, kind: answer_formats.Format, *, raw: bool = False) -> str:
    """What goes to a pipe."""
    stream = io.StringIO()
    with asked(store, sql) as answer:
        write_answer(answer, kind, stream, raw=raw)
    return stream.getvalue()


def column(page: str) -> list[str]:
    """The cells of a CSV of one column, without its head."""
    return [row[0] for row in csv.reader(io.StringIO(page, newline=""))][1:]


def test_what_a_spreadsheet_would_calculate_is_text_in_csv(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """A ' stands before it, and standard error says so; numbers in text stay, and --raw changes nothing."""
    texts = FORMULAS + HARMLESS
    sql = f"SELECT unnest([{', '.join(map(literal, texts))}]) AS text"
    assert column(written(store, sql, "csv")) == [f"'{text}" for text in FORMULAS] + HARMLESS
    assert f"{len(FORMULAS)} cells begin as a formula would" in capsys.readouterr().err
    assert column(written(store, sql, "csv", raw=True)) == texts
    assert [each["text"] for each in json.loads(written(store, sql, "json"))] == texts


def test_numbers_and_dates_are_left_alone(store: Store) -> None:
    """What is no text needs no mark, though a minus stands before it."""
    sql = "SELECT -1 AS a, -1.5::DOUBLE AS b, -2.50::DECIMAL(9, 2) AS c, DATE '2024-01-01' AS d, [-1] AS e, NULL AS f"
    assert written(store, sql, "csv") == "a,b,c,d,e,f\n-1,-1.5,-2.50,2024-01-01,[-1],\n"


def test_the_name_of_a_column_is_no_formula_either(store: Store) -> None:
    """A name may be any text."""
    assert written(store, 'SELECT 1 AS "=1+1"', "csv").startswith("'=1+1\n")


@settings(max_examples=10)  # of twenty texts each
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=20))
def test_a_mark_is_all_that_csv_adds(store: Store, texts: list[str]) -> None:
    """Without it every text is what it was, and none begins with a sign of a formula."""
    cells = column(written(store, f"SELECT unnest([{', '.join(map(literal, texts))}]) AS text", "csv"))
    assert [cell in (text, f"'{text}") for cell, text in zip(cells, texts, strict=True)] == [True] * len(texts)
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r"))]


def test_json_has_numbers_where_they_are_numbers(store: Store) -> None:
    """A decimal is one, an infinity is none, keys are text, and a second column of a name is not lost."""
    sql = "SELECT 1.5 AS a, 2 AS a, 'inf'::DOUBLE AS b, MAP {DATE '2024-01-01': 1.5} AS c, {'x': [1]} AS d"
    assert json.loads(written(store, sql, "json")) == [
        {"a": 1.5, "a_1": 2, "b": None, "c": {"2024-01-01": 1.5}, "d": {"x": [1]}}
    ]


def test_a_table_of_hostile_posts_neither_breaks_nor_runs(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences and marks of direction are shown, and a word of 10,000 letters is cut, which is told."""
    texts = ["a\x1b[2J\x9b31m", "\u202etxt.exe\u2066\u061c", "w" * 10_000, "日本語 🙂 👩‍👩‍👧", "two\nlines"]
    sql = f"SELECT unnest([{', '.join(map(literal, texts))}]) AS text, 7 AS n"
    shown = written(store, sql, "table")
    assert not set("\x1b\x9b\u202e\u2066\u061c") & set(shown)
    assert "日本語 🙂 👩‍👩‍👧" in shown
    assert f"{'w' * CELL}…" in shown
    assert max(map(len, shown.splitlines())) < CELL + 20
    assert "1 cell is cut at 300 characters" in capsys.readouterr().err


def test_forty_columns_stand_below_each_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 80 columns of a terminal each is a line with its name, and none is folded away."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "80")
    stream = Terminal()
    sql = "SELECT " + ", ".join(f"{at} AS column_{at}" for at in range(40))
    with asked(store, sql) as answer:
        write_answer(answer, "table", stream)
    lines = stream.getvalue().splitlines()
    assert sum("column_" in line for line in lines) == 40
    assert all(len(line) < 120 for line in lines)


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
def test_a_file_stands_there_as_a_whole_or_not_at_all(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: answer_formats.Format
) -> None:
    """Ctrl-C and a question that fails half-way leave the former file, and nothing beside it."""
    out = tmp_path / "rows"
    out.write_text("former")
    fails = "SELECT CASE WHEN i = 150000 THEN error('no more') ELSE i END AS i FROM range(200000) AS t (i)"
    with pytest.raises(UsageError, match=r"no more|lost the reason"), asked(store, fails) as answer:
        write_answer(answer, kind, sys.stdout, out)
    assert [path.name for path in tmp_path.iterdir()] == ["rows"]
    assert out.read_text() == "former"
    run = Answer._run

    def interrupted(answer: Answer, work: object) -> object:
        if list(tmp_path.glob("*.part")):
            raise KeyboardInterrupt
        return run(answer, work)  # type: ignore[arg-type]

    monkeypatch.setattr(Answer, "_run", interrupted)
    with pytest.raises(KeyboardInterrupt), asked(store, "SELECT 1 AS a") as answer:
        write_answer(answer, kind, sys.stdout, out)
    assert [path.name for path in tmp_path.iterdir()] == ["rows"]
    monkeypatch.undo()
    with asked(store, "SELECT i FROM range(25000) AS t (i)") as answer:
        assert write_answer(answer, kind, sys.stdout, out) == 25_000
    assert [path.name for path in tmp_path.iterdir()] == ["rows"]
    if kind == "parquet":
        assert pq.read_table(out).column("i").to_pylist() == list(range(25_000))


def test_a_file_that_cannot_be_written_is_one_line(store: Store, tmp_path: Path) -> None:
    """It names the file."""
    with pytest.raises(UsageError, match="nowhere/rows: cannot be written"), asked(store, "SELECT 1 AS a") as answer:
        write_answer(answer, "csv", sys.stdout, tmp_path / "nowhere/rows")


def test_a_question_has_a_limit_of_memory_that_its_line_names(store: Store) -> None:
    """And says what to do; a size that is none is refused."""
    greedy = "SELECT list(md5(i::VARCHAR)) AS a FROM range(3000000) AS t (i)"
    with pytest.raises(UsageError, match=r"more than 60MB of memory.*--memory SIZE"), asked(store, greedy, "60MB"):
        pass
    with pytest.raises(UsageError, match="--memory much: is no size"), asked(store, "SELECT 1", "much"):
        pass


def test_what_does_not_fit_goes_to_a_private_folder_that_does_not_stay(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written beside the store."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = sorted(store.path.parent.iterdir())
    large = "SELECT md5(i::VARCHAR) AS a FROM range(1200000) AS t (i) ORDER BY a"
    with asked(store, large, "60MB") as answer:
        room = next(tmp_path.iterdir())
        assert room.stat().st_mode & 0o077 == 0
        assert list(room.iterdir())
        assert len(answer.fetch(10)) == 10
    assert list(tmp_path.iterdir()) == []
    assert sorted(store.path.parent.iterdir()) == before


@pytest.fixture
def asking(store: Store) -> Iterator[subprocess.Popen[bytes]]:
    """`brandtrust sql` on its way through 100 million rows, to a pipe."""
    command = [sys.executable, "-m", "flows.command_line", "sql", "SELECT i FROM range(100000000) AS t (i)"]
    process = subprocess.Popen(
        [*command, "--format", "csv", "--store", str(store.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    yield process
    process.kill()
    process.communicate()


def test_ctrl_c_ends_a_large_answer_at_once(asking: subprocess.Popen[bytes]) -> None:
    """With exit code 130 and one line."""
    assert asking.stdout is not None
    assert asking.stdout.readline() == b"i\n"
    asking.send_signal(signal.SIGINT)
    _, told = asking.communicate()
    assert asking.returncode == 130
    assert told.decode().splitlines()[-1].startswith("brandtrust: interrupted")


def test_who_reads_enough_of_it_ends_it_in_silence(asking: subprocess.Popen[bytes]) -> None:
    """As `| head` does."""
    assert asking.stdout is not None
    assert asking.stderr is not None
    assert asking.stdout.readline() == b"i\n"
    asking.stdout.close()
    asking.wait()
    assert asking.stderr.read().decode().count("\n") == 1  # the age of the copy


def test_ctrl_c_is_heard_while_duckdb_counts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that has no row to show for minutes."""
    run, begun = Answer._run, threading.Event()
    ctrl_c = threading.Thread(target=lambda: begun.wait() and os.kill(os.getpid(), signal.SIGINT))

    def begin(answer: Answer, work: Callable[[], object]) -> object:
        return run(answer, lambda: (begun.set(), work()))

    monkeypatch.setattr(Answer, "_run", begin)
    ctrl_c.start()
    with pytest.raises(KeyboardInterrupt), asked(store, "SELECT sum(sin(i)) FROM range(100000000000) AS t (i)"):
        pass
    ctrl_c.join()
    monkeypatch.undo()
    with asked(store, "SELECT 1") as answer:
        assert answer.fetch(2) == [(1,)]


class Hasty(ThreadPoolExecutor):
    """Ctrl-C comes while the work is being handed over: it may have begun, or not."""

    def submit(self, work: Callable[[], object], /) -> NoReturn:  # type: ignore[override]
        """Hand it over, and be interrupted before that is told."""
        super().submit(work)
        raise KeyboardInterrupt


def test_ctrl_c_is_heard_before_duckdb_counts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that was only just asked."""
    monkeypatch.setattr(published_sql, "ThreadPoolExecutor", Hasty)
    with pytest.raises(KeyboardInterrupt), asked(store, "SELECT sum(sin(i)) FROM range(100000000000) AS t (i)"):
        pass


def test_an_interruption_that_nobody_asked_for_is_not_said_to_be_one(store: Store) -> None:
    """Where DuckDB passes on the interruption of its own threads, the line says that the reason was lost."""

    def lost() -> object:
        raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")

    with asked(store, "SELECT 1") as answer, pytest.raises(UsageError, match="lost the reason; ask it again"):
        answer._run(lost)
