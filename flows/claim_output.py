"""What the command about claims prints: a row a claim, then each as sentences to repeat, then where to look again."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from analytics.claims.gaps import Gap, say_gap, write_interval
from analytics.report.formatting import write_number, write_share
from flows.fitting_tables import print_fitting
from flows.output import console
from flows.terminal import printable

NONE = "·"


def show_gaps(gaps: Sequence[Gap], problems: Sequence[tuple[str, str]], name: str) -> None:
    """The table, the sentences, and what to look at again. Texts of terms and brand files are made printable."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("claim", "status", "text now", "at the event", "first week", "last week", "most in"):
        table.add_column(column)
    for column in ("share", "95 % interval", "authors", "change", "95 % interval"):
        table.add_column(column, justify="right", no_wrap=column == "95 % interval")
    for gap in gaps:
        table.add_row(*(Text(printable(cell)) for cell in _cells(gap)))
    told = console()
    print_fitting(told, table)
    for line in (*(say_gap(gap, name) for gap in gaps), *(f"look again: {claim}: {why}" for claim, why in problems)):
        told.print(Text(printable(" ".join(line.split()))), soft_wrap=True)


def _cells(gap: Gap) -> tuple[str, ...]:
    weeks = [str(week) if week else NONE for week in (gap.first_week, gap.last_week, gap.peak_week)]
    interval = write_interval(gap.share, gap.low, gap.high) or NONE
    change, between = NONE, NONE
    if gap.change is not None:
        change = write_number(gap.change, 1, signed=True)
    if gap.change_low is not None and gap.change_high is not None:
        between = f"{write_number(gap.change_low, 1, signed=True)} … {write_number(gap.change_high, 1, signed=True)}"
    share = NONE if gap.share is None else write_share(gap.share)
    authors = NONE if gap.authors_all is None else f"{gap.authors_all:,}"
    return (
        gap.claim, gap.status, gap.clause_now, gap.clause_at_event or NONE, *weeks, share, interval, authors, change,
        between,
    )  # fmt: skip
