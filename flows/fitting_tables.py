"""Tables on terminals of any width: words, ids and dates stay whole, so that each can be copied.

The library narrows every column alike, cuts words anywhere and leaves out the columns that find no room.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

BETWEEN = 2  # spaces between columns
INDENT = "  "
NOTHING = ("", "·")
LONG = 60  # of a value: longer ones get lines of their own where rows stand as paragraphs


def print_fitting(told: Console, table: Table) -> None:
    """The table where each word has room in its column, else a paragraph a row. Its cells are texts or strings."""
    cells = [[_plain(cell) for cell in column.cells] for column in table.columns]
    least = [_least(column, each) for column, each in zip(table.columns, cells, strict=True)]
    room = told.width - sum(least) - BETWEEN * (len(least) - 1)
    if room < 0:
        _print_paragraphs(told, [_plain(column.header) for column in table.columns], list(zip(*cells, strict=True)))
        return
    wanted = [_wanted(column, each) for column, each in zip(table.columns, cells, strict=True)]
    for column, width in zip(table.columns, _share(room, least, wanted), strict=True):
        column.min_width = column.max_width = width
    told.print(table)


def _plain(cell: object) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)


def _least(column: Column, cells: Sequence[str]) -> int:
    """As wide as its longest word, or as its longest cell where cells are not to be parted."""
    texts = [_plain(column.header), *cells]
    return max(map(cell_len, texts if column.no_wrap else [word for text in texts for word in text.split()]), default=0)


def _wanted(column: Column, cells: Sequence[str]) -> int:
    widest = max(map(cell_len, [_plain(column.header), *cells]))
    return max(min(widest, column.max_width or widest), column.min_width or 0)


def _share(room: int, least: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """Widths from the least on: the room goes, one by one, to the column that lacks most."""
    widths = list(least)
    for _ in range(room):
        lacking = [want - width for want, width in zip(wanted, widths, strict=True)]
        if max(lacking, default=0) <= 0:
            break
        widths[lacking.index(max(lacking))] += 1
    return widths


def _print_paragraphs(told: Console, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for first, *others in rows:
        told.print(Text(first, style="bold"), soft_wrap=True)
        said = [(name, text) for name, text in zip(names[1:], others, strict=True) if text not in NOTHING]
        short = [f"{name}: {text}" for name, text in said if cell_len(text) <= LONG]
        lines = [*_fill(short, told.width), *(f"{name}: {text}" for name, text in said if cell_len(text) > LONG)]
        for line in lines:
            folded = textwrap.wrap(
                line,
                told.width,
                initial_indent=INDENT,
                subsequent_indent=INDENT * 2,
                break_long_words=False,
                break_on_hyphens=False,
            )
            told.print(Text("\n".join(folded)), soft_wrap=True)


def _fill(parts: Sequence[str], width: int) -> list[str]:
    """Lines of parts, each whole where it fits a line."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(f"{INDENT}{lines[-1]} · {part}") <= width:
            lines[-1] += f" · {part}"
        else:
            lines.append(part)
    return lines
