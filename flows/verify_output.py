"""What `verify` prints: the verdict in one sentence, why, and a table of what differs."""

from __future__ import annotations

import sys
from dataclasses import fields
from itertools import combinations
from typing import TYPE_CHECKING

import orjson
from rich.table import Table
from rich.text import Text

from analytics.report.figures_now import Numbers, is_close
from analytics.report.formatting import write_number
from analytics.report.verification import Verdict
from brands.wording import write_count
from flows.output import console
from flows.terminal import printable

if TYPE_CHECKING:
    from analytics.report import Verification
    from analytics.report.verification import Checked, Since

SHOWN = 40  # rows of a table, unless all are asked for
MOST_DIGITS = 9
NOTHING_SINCE = (
    "nothing is on record; weeks keep what was counted first, "
    "so posts that were deleted before it was written show here"
)
ORDER: tuple[Verdict, ...] = ("altered", "changed", "identical")


def show(found: Verification, *, every: bool = False) -> None:
    """The verdict, what happened since, and the figures and words that differ; with `every` all figures."""
    told = console()
    told.print(Text(printable(verdict_line(found)), style="bold"), soft_wrap=True)
    for line in [*found.notes, *since_lines(found)]:
        told.print(Text(printable(line)), soft_wrap=True)
    if found.passages:
        told.print()
        told.print(_passages(found, every))
        _tell_rest(len(found.passages), every)
    figures = [figure for figure in found.figures if every or figure.verdict != "identical"]
    figures.sort(key=lambda figure: (ORDER.index(figure.verdict), *_place(figure.figure_id, found)))
    if figures:
        told.print()
        told.print(_figures(figures if every else figures[:SHOWN]))
        _tell_rest(len(figures), every)


def write_json(found: Verification) -> None:
    """All that was found, every figure included, as one JSON object; a number that JSON cannot hold is null."""
    told = {"counts": count_for_json(found)} | {field.name: getattr(found, field.name) for field in fields(found)}
    sys.stdout.write(orjson.dumps(told, default=_as_json, option=orjson.OPT_INDENT_2).decode() + "\n")


def count_for_json(found: Verification) -> dict[str, int]:
    """Figures by verdict; as altered counts all that the words call so, and at least 1 wherever the verdict is that.

    Whoever looks at `altered` alone must not take for whole a file in which only words, or only bytes, are others.
    """
    figures, passages = found.count("altered"), len(found.passages)
    return {
        "altered": max(figures + passages, int(found.verdict == "altered")),
        "altered_figures": figures,
        "altered_passages": passages,
        "changed": found.count("changed"),
        "identical": found.count("identical"),
    }


def _as_json(value: object) -> object:
    return value._asdict() if isinstance(value, Numbers) else str(value)


def verdict_line(found: Verification) -> str:
    """The answer in one sentence."""
    report, total = f"{found.path}: report {found.report_id}", len(found.figures)
    altered, changed = found.count("altered"), found.count("changed")
    if found.verdict == "identical":
        return f"{report} is IDENTICAL: as it was written, and the store gives all of its {total:,} figures again."
    if found.verdict == "changed":
        return (
            f"{report} is as it was written, and CHANGED SINCE: the store now gives {changed:,} of its "
            f"{write_count(total, 'figure')} otherwise."
        )
    what = []
    if found.passages:
        what.append(f"{write_count(len(found.passages), 'passage')} of its pages")
    if altered:
        what.append(f"{write_count(altered, 'figure')} that it carries")
    if not what:
        return f"{report} was ALTERED: it is not the file that was written."
    verb = "is" if len(what) == 1 and what[0].startswith("1 ") else "are"
    return f"{report} was ALTERED: {' and '.join(what)} {verb} not as published."


def since_lines(found: Verification) -> list[str]:
    """What happened to the posts and numbers since, in a line."""
    if not found.count("changed"):
        return []
    told = "; ".join(_since(each) for each in found.since) or NOTHING_SINCE
    return [f"Since it was published ({found.published_at:%Y-%m-%d %H:%M} UTC): {told}."]


def _since(each: Since) -> str:
    parts = []
    if each.deleted:
        parts.append(f"{write_count(each.deleted, 'post')} deleted")
    if each.later:
        parts.append(f"{write_count(each.later, 'post')} came later")
    if each.weeks_anew:
        parts.append(f"{write_count(each.weeks_anew, 'week')} counted anew")
    if each.effects_anew:
        parts.append(f"{write_count(each.effects_anew, 'effect')} measured anew")
    return f"{each.name}: {', '.join(parts)}"


def _figures(figures: list[Checked]) -> Table:
    altered = any(figure.verdict == "altered" for figure in figures)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("figure", overflow="fold")
    for name in ("printed", *(["published"] if altered else []), "now", "n", "n now"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for figure in figures:
        asked = [_printed(figure), *([figure.published] if altered else []), figure.now]
        values = _write_apart([None if numbers is None else numbers.value for numbers in asked])
        counts = [_count(numbers) for numbers in (_printed(figure), figure.now)]
        table.add_row(Text(printable(figure.words)), *values, *counts, _in_words(figure))
    return table


def _place(figure_id: str, found: Verification) -> tuple[bool, bool]:
    """What is of the week itself, usual or an effect goes before the points of a series, the brand before its peers."""
    is_foremost = figure_id.startswith(("effect/", "usual/")) or f"/{found.week}/" in figure_id
    return not is_foremost, f"/{found.brand}/" not in figure_id


def _in_words(figure: Checked) -> str:
    if figure.times > 1:
        return "altered (it stands twice)" if figure.times == 2 else f"altered (it stands {figure.times:,} times)"
    if figure.verdict == "altered" and figure.in_file is not None and figure.published is not None:
        if figure.in_file == figure.published:
            return "altered (its SQL or its name)"
        if figure.in_file.value == figure.published.value and figure.in_file.n == figure.published.n:
            return "altered (its interval)"
    return {"identical": "identical", "changed": "changed since", "altered": "altered"}[figure.verdict]


def _passages(found: Verification, every: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("page", justify="right")
    for name in ("the file says", "the report says", "figure"):
        table.add_column(name, overflow="fold")
    for each in found.passages if every else found.passages[:SHOWN]:
        said = (each.in_file or "(nothing)", each.written or "(nothing)", "; ".join(each.figures))
        table.add_row(str(each.page), *(Text(printable(words)) for words in said))
    return table


def _tell_rest(count: int, every: bool) -> None:
    if count > SHOWN and not every:
        console().print(f"… and {count - SHOWN:,} more: --all")


def _printed(figure: Checked) -> Numbers | None:
    """What the file carries; of a file that carries nothing, what was published."""
    return figure.in_file or figure.published


def _count(numbers: Numbers | None) -> str:
    return "·" if numbers is None or numbers.n is None else f"{numbers.n:,}"


def _write_apart(values: list[float | None]) -> list[str]:
    """The numbers with as many decimals as it takes to tell those apart that differ."""
    there = [value for value in values if value is not None]
    digits = 0 if all(float(value).is_integer() for value in there) else 1
    while digits < MOST_DIGITS and any(
        not is_close(one, other) and write_number(one, digits) == write_number(other, digits)
        for one, other in combinations(there, 2)
    ):
        digits += 1
    return ["·" if value is None else _short(value, digits) for value in values]


def _short(value: float, digits: int) -> str:
    return write_number(value, digits) if abs(value) < 1e15 else f"{value:.3g}"
