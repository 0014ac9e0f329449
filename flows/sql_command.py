"""The command `sql`: one question, or one after the other, to the published copy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from brands.wording import write_count
from flows.failures import INTERRUPTED, guarded
from flows.options import DebugOption, StoreOption

if TYPE_CHECKING:
    from analytics.store import Store
    from flows.answer_formats import Format


@guarded
def sql(
    question: Annotated[
        str | None,
        typer.Argument(metavar='"SELECT …" | -', show_default=False, help="- reads it from standard input."),
    ] = None,
    kind: Annotated[
        Literal["table", "csv", "json", "parquet"], typer.Option("--format", help="How rows are written.")
    ] = "table",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where rows go [default: here].")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Leave CSV cells that look like formulas.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Show every view with its key and columns.")] = False,
    shell: Annotated[bool, typer.Option("--shell", help="Ask one question after the other.")] = False,
    memory: Annotated[
        str | None,
        typer.Option(metavar="SIZE", envvar="BRANDTRUST_SQL_MEMORY", help="Memory of a question, such as 4GB."),
    ] = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Ask the published copy in SQL, read-only."""
    from analytics.store import Store
    from flows import published_sql
    from flows.question_limits import bounded_memory, ended_as_by_the_keyboard

    if schema:
        published_sql.write_schema(sys.stdout)
        return
    memory = memory or published_sql.MEMORY
    try:
        with bounded_memory(memory), ended_as_by_the_keyboard():
            _answer(Store(store), question, memory, kind=kind, out=out, raw=raw, shell=shell)
    except KeyboardInterrupt:
        typer.echo("brandtrust: interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from None


def _answer(
    stored: Store, question: str | None, memory: str, *, kind: Format, out: Path | None, raw: bool, shell: bool
) -> None:
    from flows import published_sql
    from flows.answer_formats import write_answer
    from flows.errors import UsageError

    if shell:
        from flows.sql_shell import Shell

        if question is not None or out is not None or kind == "parquet":
            raise UsageError("--shell asks on its own; leave out the statement, --out and --format parquet")
        if not Shell(stored, sys.stdin, sys.stdout, kind=kind, raw=raw, memory=memory).run():
            raise typer.Exit(2)
        return
    if question is None:
        raise UsageError('sql needs a statement, such as: brandtrust sql "SELECT * FROM trust_weekly", or --schema')
    if question == "-":
        question = sys.stdin.read()
    with published_sql.asked(stored, question, memory) as answer:
        typer.echo(published_sql.age(stored), err=True)
        count = write_answer(answer, kind, sys.stdout, out, raw=raw)
    if count == 0 and (hint := published_sql.hint_at_slug(stored, question)):
        typer.echo(hint, err=True)
    if out is not None:
        typer.echo(f"{out}: {write_count(count, 'row')}", err=True)
