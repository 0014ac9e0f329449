"""Arguments and options that several commands share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

FIRST_YEAR, LAST_YEAR = 1900, 9000  # weeks before and after these can be counted with too


def read_day(written: str) -> datetime:
    """The beginning of a day of the calendar, as commands take one. Raises typer.BadParameter."""
    try:
        day = datetime.strptime(written, "%Y-%m-%d")  # noqa: DTZ007 - UTC
    except ValueError:
        raise typer.BadParameter(f"{written!r} is no day; write year-month-day, such as 2024-04-15") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise typer.BadParameter(f"{written!r}: give a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


BrandPath = Annotated[Path, typer.Argument(metavar="BRAND.toml", help="The brand file.", show_default=False)]
StoreOption = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="The store [default: $BRANDTRUST_STORE or brandtrust.duckdb]."),
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show tracebacks and Prefect's log.")]
SourcesOption = Annotated[
    list[str] | None, typer.Option("--source", metavar="NAME", help="Only this source; may be given again.")
]
SinceOption = Annotated[
    datetime | None,
    typer.Option("--since", metavar="DAY", parser=read_day, help="Backfill from this day on (UTC)."),
]
UntilOption = Annotated[
    datetime | None,
    typer.Option("--until", metavar="DAY", parser=read_day, help="Backfill up to before this day (UTC)."),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Where reports go [default: the brand file's report.out].")
]
WeekOption = Annotated[
    datetime | None,
    typer.Option(
        "--week",
        metavar="DAY",
        parser=read_day,
        help="The week of this day [default: the last that is over].",
    ),
]
RescoreOption = Annotated[bool, typer.Option("--rescore", help="Count closed weeks anew; published numbers change.")]
TextsOption = Annotated[str, typer.Option("--text", metavar="COLUMN", help="Where the texts are.")]
LabelsColumnOption = Annotated[str, typer.Option("--label", metavar="COLUMN", help="Where the labels are.")]
LabelWordsOption = Annotated[
    list[str] | None,
    typer.Option("--labels", metavar="CLASS=WORD", help="What labels mean, such as negative=angry,drop=unclear."),
]
MaskOption = Annotated[
    list[str] | None,
    typer.Option("--mask", metavar="NAME", help="A brand's name in the texts, which is no praise or blame."),
]
NamesOfOption = Annotated[
    Path | None, typer.Option("--names-of", metavar="BRAND.toml", help="Mask the names of this brand file.")
]
EncodingOption = Annotated[str, typer.Option("--encoding", metavar="NAME", help="Of text files.")]
