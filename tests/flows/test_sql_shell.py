"""`brandtrust sql --shell`: at a terminal (a real one, through a pty) and from a pipe."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.store import Store
from flows.command_line import app
from flows.sql_shell import PROMPT

PATIENCE = 60.0  # seconds: a start takes long where the machine is busy
# The leader of a session whose first terminal this is gets its Ctrl-C.
TAKE_TERMINAL = (
    "import os, sys; os.open(os.ttyname(0), os.O_RDWR); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A published store without a post."""
    made = Store(tmp_path / "brandtrust.duckdb")
    made.publish()
    return made


def piped(store: Store, typed: str, *options: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a shell that reads a pipe."""
    told = CliRunner().invoke(app, ["sql", "--shell", "--store", str(store.path), *options], input=typed)
    return told.exit_code, told.stdout, told.stderr


class Terminal:
    """A shell on a terminal of its own: what is typed, and what is seen until a text appears."""

    def __init__(self, store: Store, home: Path) -> None:
        # Not pty.fork: other tests leave threads behind, and what they hold is held for ever in a fork.
        self.handle, ours = pty.openpty()
        around = {"XDG_STATE_HOME": str(home), "TERM": "dumb", "COLUMNS": "80", "INPUTRC": "/dev/null"}
        shell = ["-m", "flows.command_line", "sql", "--shell", "--store", str(store.path)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, *shell],
            stdin=ours,
            stdout=ours,
            stderr=ours,
            env=os.environ | around,
            start_new_session=True,
        )
        os.close(ours)

    def type(self, text: str) -> None:
        """Press these keys."""
        os.write(self.handle, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C until something is shown.

        Python's readline does not hear one that comes after it has shown its prompt and before it waits for a key.
        """
        for _ in range(int(PATIENCE)):
            self.type("\x03")
            if select.select([self.handle], [], [], 1.0)[0]:
                return

    def see(self, awaited: str) -> str:
        """What is shown up to and with `awaited`."""
        wanted, shown, until = awaited.encode(), bytearray(), time.monotonic() + PATIENCE
        while wanted not in shown[-4096 - len(wanted) :]:  # it may pour out much before
            ready, _, _ = select.select([self.handle], [], [], max(0.0, until - time.monotonic()))
            late = not ready or time.monotonic() > until
            assert not late, f"{awaited!r} was not shown, but ends with {shown[-400:].decode(errors='replace')!r}"
            shown += os.read(self.handle, 4096)
        return shown.decode(errors="replace")

    def end(self) -> int:
        """The exit code, once it has left."""
        while True:
            try:
                if not os.read(self.handle, 4096):
                    break
            except OSError:  # its end is closed
                break
        return self.process.wait(PATIENCE)


@pytest.fixture
def terminal(store: Store, tmp_path: Path) -> Iterator[Terminal]:
    """A shell that shows its first prompt."""
    opened = Terminal(store, tmp_path / "state")
    opened.see(PROMPT)
    yield opened
    opened.process.kill()
    opened.process.wait()
    os.close(opened.handle)


def test_a_person_asks_at_a_prompt(terminal: Terminal, store: Store, tmp_path: Path) -> None:
    """Several lines are one question; Ctrl-C ends it and not the shell; a new copy is taken up; Ctrl-D leaves."""
    terminal.type("SELECT 40 + 2\n")
    terminal.see("...> ")
    terminal.type("AS answer; -- done\n")
    assert "42" in terminal.see(PROMPT)
    terminal.type(".format csv\nSELECT i FROM range(100000000) AS t (i);\n")
    terminal.see("\n1234\r\n")
    terminal.type("\x03")
    assert "brandtrust: interrupted" in terminal.see(PROMPT)
    terminal.type("SELECT begun\n")
    terminal.see("...> ")
    terminal.interrupt()
    terminal.see(PROMPT)
    terminal.type("FROM duckdb_settings();\n")
    assert "brandtrust: duckdb_settings: sql reads the store's tables" in terminal.see(PROMPT)
    terminal.type("SELECT count(*) AS brands FROM brands;\n")
    terminal.see(PROMPT)
    with store.writer() as connection:
        connection.execute("INSERT INTO brand_peers VALUES ('acme', 'rival')")
        terminal.type("SELECT count(*) + 70 AS peers FROM brand_peers;\n")  # a run that writes blocks nobody
        assert "70" in terminal.see(PROMPT)
    store.publish()
    terminal.type("SELECT count(*) + 70 AS peers FROM brand_peers;\n")
    shown = terminal.see(PROMPT)
    assert "71" in shown
    assert "brandtrust.read.duckdb: published" in shown
    terminal.type("\x04")
    assert terminal.end() == 0
    history = tmp_path / "state/brandtrust/sql_history"
    assert history.stat().st_mode & 0o077 == 0
    assert "SELECT 40 + 2" in history.read_text()


def test_a_pipe_is_asked_question_by_question(store: Store) -> None:
    """Without prompts; the last one needs no semicolon; commands stand on lines of their own."""
    code, shown, errors = piped(
        store, ".format csv\nSELECT 1\n  AS a;\nSELECT 2 AS b; SELECT ';' AS c;\n.format json\nSELECT 3 AS d\n"
    )
    assert (code, errors) == (0, "")
    assert shown == 'a\n1\nb\n2\nc\n;\n[\n{"d": 3}\n]\n'


def test_a_question_of_a_pipe_that_fails_stops_no_other_and_ends_with_2(store: Store) -> None:
    """One line for each."""
    code, shown, errors = piped(store, "SELEC 1;\nCOPY posts TO 'x';\nSELECT 5 AS a;\n.what\n", "--format", "csv")
    assert (code, shown) == (2, "a\n5\n")
    assert [line.split(":")[0] for line in errors.splitlines()] == ["brandtrust"] * 3


def test_what_stands_after_quit_is_not_asked(store: Store) -> None:
    """It leaves at once, and nothing has failed."""
    assert piped(store, ".quit\nSELECT 1 AS a;\n") == (0, "", "")


def test_the_views_can_be_looked_up(store: Store) -> None:
    """All by name, one with its columns, an unknown one by a line."""
    _, shown, _ = piped(store, ".views\n")
    assert "trust_weekly " in shown
    _, shown, _ = piped(store, ".schema trust_weekly\n")
    assert "key: brand, week, scope" in shown
    assert "brand_posts" not in shown
    code, _, errors = piped(store, ".schema nothing\n.format parquet\n")
    assert code == 2
    assert "nothing: is no view" in errors
    assert "give table, csv or json" in errors


def test_a_shell_takes_no_statement_and_no_file(store: Store) -> None:
    """They belong to sql without --shell."""
    for options in (("SELECT 1",), ("--out", "a.csv"), ("--format", "parquet")):
        assert piped(store, "", *options)[0] == 2


def test_without_a_copy_the_shell_says_what_to_run(tmp_path: Path) -> None:
    """Before it asks anything."""
    code, _, errors = piped(Store(tmp_path / "none.duckdb"), "SELECT 1;\n")
    assert code == 2
    assert "brandtrust run" in errors
