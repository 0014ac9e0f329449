"""The command `verify`: a written report, held against the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.failures import guarded
from flows.options import DebugOption, StoreOption

if TYPE_CHECKING:
    from analytics.report import Verification
    from analytics.store import Store


@guarded
def verify(
    report: Annotated[Path, typer.Argument(metavar="REPORT.pdf", help="The report.", show_default=False)],
    every: Annotated[bool, typer.Option("--all", help="Show every figure, not only what differs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON.")] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Hold a report against the store: identical, changed since, or altered.

    Ends with 0 where the file is as it was written (identical, or changed since in the store), with 1 where it was
    altered, with 2 where it cannot be told: no report, damaged, of another store or of a newer release.
    """
    from analytics.store import Store
    from flows import verify_output

    found = _verify(Store(store), report)
    if as_json:
        verify_output.write_json(found)
    else:
        verify_output.show(found, every=every)
    if found.verdict == "altered":
        raise typer.Exit(1)


def _verify(stored: Store, report: Path) -> Verification:
    import duckdb

    from analytics.report import NotAnswered, verify_report
    from analytics.report.pdf_file import PdfFile, read_file
    from flows import published_sql
    from flows.errors import UsageError

    PdfFile(report, read_file(report))  # what is no report needs no store to say so
    try:
        with published_sql.locked_copy(stored) as connection:

            def run(sql: str) -> list[tuple[Any, ...]]:
                try:
                    return list(published_sql.ask(connection, sql).rows())
                except UsageError as problem:
                    raise NotAnswered(str(problem)) from None

            return verify_report(connection, report, run)
    except duckdb.CatalogException:
        told = f"{stored.read_path}: was published by an older release; run: brandtrust run BRAND.toml"
        raise UsageError(told) from None
