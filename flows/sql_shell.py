"""`brandtrust sql --shell`: one question after the other to the published copy, at a prompt or from a pipe."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO, TypeVar

from analytics.store import Store
from analytics.store.catalogue import views
from analytics.store.errors import StoreError
from flows.answer_formats import Format, write_answer
from flows.errors import UsageError
from flows.published_sql import MEMORY, age, asked, write_schema, write_view
from flows.question_limits import Ended
from flows.sql_guard import is_begun, is_text, split_statements
from flows.terminal import printable

PROMPT, MORE = "brandtrust> ", "       ...> "
HISTORY_LINES = 2_000
Asked = TypeVar("Asked")
HELP = """\
A question ends with a semicolon and may take several lines.
.views           the views, and what one row of each is
.schema [VIEW]   the columns of all views, or of one
.format KIND     table, csv or json
.quit            leave (so does Ctrl-D); Ctrl-C ends a question
"""


class Shell:
    """A prompt where standard input is a terminal; else what comes through the pipe, without a prompt.

    Each question opens the published copy anew, so that the next one finds what a run has published since.
    """

    def __init__(
        self,
        store: Store,
        source: TextIO,
        target: TextIO,
        *,
        kind: Format = "table",
        raw: bool = False,
        memory: str = MEMORY,
    ) -> None:
        self._store = store
        self._source, self._target = source, target
        self._kind, self._raw, self._memory = kind, raw, memory
        self._prompts = source.isatty() and target.isatty()
        self._published: float | None = None
        self._all_answered = True
        self._waiting = ""  # what was typed of a question that has not ended

    def run(self) -> bool:
        """Ask until the input ends or somebody leaves; returns whether every question was answered.

        At a prompt a question that fails is a line and no more. Raises NothingPublished where there is no copy.
        """
        with asked(self._store, "SELECT 1", self._memory):  # nothing to ask, or a size that is none: tell it at once
            pass
        if not self._prompts:
            self._answer_lines(self._source)
            return self._all_answered
        self._say(f"{age(self._store)}; .help tells what there is")
        with _history():
            self._answer_lines(self._typed_lines())
        return True

    def _typed_lines(self) -> Iterator[str]:
        while True:
            try:
                yield input(MORE if self._waiting else PROMPT) + "\n"
            except Ended:
                raise
            except KeyboardInterrupt:  # what was begun is given up
                self._waiting = ""
                self._target.write("\n")
            except EOFError:
                self._target.write("\n")
                return

    def _answer_lines(self, lines: Iterator[str] | TextIO) -> None:
        for line in lines:
            try:
                if not is_text(line):
                    self._all_answered = False
                    self._say("a line is no UTF-8 text and is left out; save it as such")
                    continue
                if not self._waiting and line.lstrip().startswith("."):
                    if line.split()[0] in (".quit", ".exit"):
                        return
                    self._guarded(lambda words: self._command(words[0], words[1:]), line.split())
                    continue
                questions, rest = split_statements(self._waiting + line)
                self._waiting = rest if is_begun(rest) else ""
                for question in questions:
                    self._guarded(self._answer, question)
            except KeyboardInterrupt as pressed:
                if not self._prompts or isinstance(pressed, Ended):
                    raise
                self._waiting = ""
                self._say("interrupted")
        if self._waiting:  # a pipe may end without a semicolon
            self._guarded(self._answer, self._waiting)

    def _guarded(self, work: Callable[[Asked], None], what: Asked) -> None:
        try:
            work(what)
        except (UsageError, StoreError) as problem:
            self._all_answered = False
            self._say(str(problem))

    def _answer(self, question: str) -> None:
        with asked(self._store, question, self._memory) as answer:
            self._tell_publication()
            write_answer(answer, self._kind, self._target, raw=self._raw)
            self._target.flush()

    def _tell_publication(self) -> None:
        published = self._store.read_path.stat().st_mtime
        if self._published is not None and published != self._published:
            self._say(age(self._store))
        self._published = published

    def _command(self, name: str, arguments: list[str]) -> None:
        if name == ".help":
            self._target.write(HELP)
        elif name == ".views":
            width = max(map(len, views()))
            self._target.writelines(f"{view.name:<{width}}  {view.summary}\n" for view in views().values())
        elif name == ".schema" and not arguments:
            write_schema(self._target)
        elif name == ".schema" and arguments[0] in views():
            write_view(views()[arguments[0]], self._target)
        elif name == ".schema":
            raise UsageError(f"{arguments[0]}: is no view; .views lists them (DESCRIBE TABLE; tells of a table)")
        elif name == ".format" and arguments[:1] in (["table"], ["csv"], ["json"]):
            self._kind = arguments[0]  # type: ignore[assignment]
        elif name == ".format":
            raise UsageError(".format: give table, csv or json (parquet: brandtrust sql … --format parquet --out FILE)")
        else:
            raise UsageError(f"{name}: is no command of this shell; .help lists them")

    def _say(self, told: str) -> None:
        self._target.flush()
        sys.stderr.write(f"brandtrust: {printable(told)}\n")
        sys.stderr.flush()


def history_path() -> Path:
    """Where what was typed is kept, for its owner only."""
    folder = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(folder) / "brandtrust" / "sql_history"


@contextlib.contextmanager
def _history() -> Iterator[None]:
    """Line editing with the history of earlier days, and Tab for names of views and columns."""
    try:
        import readline
    except ImportError:  # not on every system; the prompt works without it
        yield
        return
    path = history_path()
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        readline.read_history_file(path)
    readline.set_history_length(HISTORY_LINES)
    names = sorted({*views(), *(column for view in views().values() for column in view.columns)})
    readline.set_completer(lambda begun, at: [*(name for name in names if name.startswith(begun)), None][at])
    readline.parse_and_bind("tab: complete")
    try:
        yield
    finally:
        readline.set_completer(None)
        with contextlib.suppress(OSError):
            readline.write_history_file(path)
