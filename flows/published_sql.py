"""`brandtrust sql`: one read-only question to the published copy, in bounded memory, that Ctrl-C ends at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Any, TextIO, TypeVar, cast

import duckdb

from analytics.store import Store
from analytics.store.catalogue import View, views
from flows.errors import UsageError
from flows.question_limits import read_size, temporary_room
from flows.sql_guard import check_question, one_line
from flows.terminal import printable

if TYPE_CHECKING:
    import pyarrow as pa

MEMORY = "2GB"
ROOM = "8GB"  # of temporary files, for what does not fit into the memory
BATCH_ROWS = 10_000
LOCKED = (
    "SET enable_external_access = false",  # no files, no network, no attaching
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET python_enable_replacements = false",  # a variable of this program is no table
    "SET lock_configuration = true",
)
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of one question, fetched as they are asked for: nothing holds them all."""

    connection: duckdb.DuckDBPyConnection
    memory: str

    @property
    def names(self) -> list[str]:
        """The columns; two may have one name."""
        return [str(column[0]) for column in self.connection.description or []]

    def fetch(self, count: int) -> list[tuple[Any, ...]]:
        """The next rows, at most `count`; none is the end. Raises UsageError where the question fails half-way."""
        return self._run(lambda: self.connection.fetchmany(count))

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """All rows that are left."""
        while rows := self.fetch(BATCH_ROWS):
            yield from rows

    def batches(self) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        """All rows as Arrow batches, with their schema."""
        reader = self._run(lambda: self.connection.to_arrow_reader(BATCH_ROWS))
        return reader.schema, iter(lambda: self._run(lambda: next(reader, None)), None)

    def _run(self, work: Callable[[], Done]) -> Done:
        """Do it beside the main thread: only that one hears Ctrl-C, and work inside DuckDB would not let it."""
        begun, given_up, over = Event(), Event(), Event()

        def unless_given_up() -> Done | None:
            begun.set()
            try:
                return None if given_up.is_set() else work()
            finally:
                over.set()

        try:
            with ThreadPoolExecutor(1) as beside:
                try:
                    going = beside.submit(unless_given_up)
                    while not going.done():
                        wait([going], timeout=0.1)  # what is pressed at the very moment of waiting is heard at its end
                    return cast(Done, going.result())
                except KeyboardInterrupt:  # it may come before the work has begun, which then must not begin
                    given_up.set()
                    while begun.is_set() and not over.is_set():
                        with suppress(KeyboardInterrupt):  # pressed again
                            self.connection.interrupt()  # not heard where DuckDB is not at work yet: so again and again
                            over.wait(0.05)
                    raise
        except (duckdb.OutOfMemoryException, MemoryError):
            raise UsageError(
                f"this question needs more than {self.memory} of memory, or {ROOM} of temporary files; "
                "ask for less at once, or give it more: --memory SIZE (or BRANDTRUST_SQL_MEMORY)"
            ) from None
        except duckdb.Error as problem:
            raise UsageError(_why(one_line(problem))) from None
        except OSError as problem:  # how Arrow passes on what DuckDB raised
            raise UsageError(_why(" ".join(str(problem).split())[:300])) from None


def _why(failure: str) -> str:
    """What to say of a question that failed half-way.

    Where one thread of DuckDB fails, it interrupts the others, and now and then passes on their word in place of the
    reason (about one time in fifty on busy cores): nobody has interrupted, so that is not what is said. The files of a
    lake go when what they held was deleted, also while somebody reads.
    """
    if "INTERRUPT Error" in failure or failure == "Interrupted!":
        return "this question failed half-way and DuckDB lost the reason; ask it again to be told"
    if ".parquet" in failure and "No such file" in failure:
        return "what this question reads was replaced by what a run has published since; ask it again"
    return failure


@contextmanager
def locked_copy(store: Store, memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the published copy that can reach nothing else, and of which nothing can be set any more.

    `memory` is a size such as 2GB; what does not fit goes to a private folder that is removed afterwards. Raises
    UsageError for what is no size, NothingPublished where there is no copy.
    """
    with store.reader() as connection, temporary_room() as room:
        readable = [str(path) for path in store.readable_files(connection)]
        connection.execute("SET allowed_paths = $1::VARCHAR[]", [readable])
        _lock(connection, memory, room)
        yield connection


@contextmanager
def asked(store: Store, sql: str, memory: str = MEMORY) -> Iterator[Answer]:
    """The answer to one question to the published copy; see `locked_copy`.

    Raises UsageError for a statement that is refused or fails.
    """
    with locked_copy(store, memory) as connection:
        yield ask(connection, sql, memory)


def ask(connection: duckdb.DuckDBPyConnection, sql: str, memory: str = MEMORY) -> Answer:
    """The answer to one question on a locked copy. Raises UsageError for a statement that is refused or fails."""
    check_question(connection, sql)
    answer = Answer(connection, memory)
    answer._run(lambda: connection.execute(sql))
    return answer


def _lock(connection: duckdb.DuckDBPyConnection, memory: str, room: str) -> None:
    """Bound the memory, then shut whatever leads out; nothing can be set afterwards."""
    connection.execute(f"SET memory_limit = '{read_size(memory)}B'")
    connection.execute(f"SET temp_directory = '{room.replace(chr(39), chr(39) * 2)}'")
    connection.execute(f"SET max_temp_directory_size = '{ROOM}'")
    for setting in LOCKED:
        connection.execute(setting)


def age(store: Store) -> str:
    """How old the published copy is, in words."""
    seconds = max(0.0, time.time() - store.read_path.stat().st_mtime)
    old = timedelta(seconds=round(seconds))
    return f"{store.read_path}: published {old} ago" if old else f"{store.read_path}: published just now"


def hint_at_slug(store: Store, question: str) -> str:
    """Where a question without an answer names a brand as people write it: by what the views know it. Else empty."""
    with store.reader() as connection:
        brands = connection.execute("SELECT brand, name FROM brands ORDER BY brand").fetchall()
    named = [(slug, name) for slug, name in brands if slug != name and f"'{name}'" in question]
    return "; ".join(f"no row: in the column brand {printable(name)} is called '{slug}'" for slug, name in named)


def write_schema(stream: TextIO) -> None:
    """Every view: what one row is, its unique key, and what each column means."""
    for view in views().values():
        write_view(view, stream)


def write_view(view: View, stream: TextIO) -> None:
    """One view: what one row is, its unique key, and what each column means."""
    stream.write(f"{view.name}\n  {view.summary}\n  key: {', '.join(view.key)}\n")
    width = max(len(name) for name in view.columns)
    stream.writelines(f"    {name:<{width}}  {meaning}\n" for name, meaning in view.columns.items())
    stream.write("\n")
