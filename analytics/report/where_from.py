"""Where a change comes from, in words: its parts, the same effect asked otherwise, and whether it has gone back.

Parts are printed as they round, and what rounding leaves over is a row of its own: so every number in the table is the
published one, and the column adds up as printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from analytics.report.evidence import ChangePart, EffectCheck, RecoveryLook
from analytics.report.formatting import (
    digits_of,
    upper_first,
    write_change,
    write_day,
    write_interval,
    write_number,
    write_size,
)
from analytics.report.model import Report
from analytics.report.part_names import PART_NAMES, RAW_CHANGE
from analytics.report.phrases import MEASURE_NAMES

CHECKS = (
    ("as_measured", "As measured"),
    ("source_weights", "Sources held at their shares before"),
    ("without_copies_and_officials", "Without copies and the brand’s own posts"),
    ("without_peers_that_moved", "Without peers that moved themselves"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with its interval and the count that it stands on."""

    value: str
    interval: str
    count: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, with a cell for each measure; `is_sum` marks what the rows before add up to."""

    name: str
    cells: tuple[Cell, ...]
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading of the table."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class WhereFrom:
    """The table of the newest event: a column for each measure that page one speaks of, and notes under it."""

    measures: tuple[str, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...]


NOTHING = Cell("–", "", "")


def write_where_from(report: Report) -> WhereFrom | None:
    """The table; None without an event, or where nothing of this was computed for it."""
    judged = [row.measure for row in (report.primary, report.second) if row is not None]
    told = {part.measure for part in report.change_parts} | {look.measure for look in report.recoveries}
    measures = [measure for measure in judged if measure in told]
    if not measures:
        return None
    groups = [
        _group_parts(report.change_parts, measures),
        _group_checks(report.effect_checks, measures),
        _group_gaps(report.recoveries, measures),
    ]
    notes = [note for measure in measures for note in _note(report, measure)]
    return WhereFrom(
        tuple(upper_first(MEASURE_NAMES.get(measure, measure)) for measure in measures),
        tuple(group for group in groups if group.lines),
        tuple(notes),
    )


def _group_parts(parts: tuple[ChangePart, ...], measures: list[str]) -> Group:
    found = {(part.measure, part.part): part for part in parts}
    lines = []
    for name, words in PART_NAMES.items():
        if any((measure, name) in found for measure in measures):
            lines.append(Line(words, tuple(_cell_of_part(found.get((measure, name)), measure) for measure in measures)))
    rests = [_rest(parts, measure) for measure in measures]
    if any(rests):
        cells = (Cell(write_change(rest, measure), "", "") for rest, measure in zip(rests, measures, strict=True))
        lines.append(Line("Left over by rounding", tuple(cells)))
    if lines:
        raw = tuple(_cell_of_part(found.get((measure, "raw_change")), measure) for measure in measures)
        lines.append(Line(f"{RAW_CHANGE}, peers not taken off", raw, is_sum=True))
    return Group("Of what the raw change is made", tuple(lines))


def _rest(parts: tuple[ChangePart, ...], measure: str) -> float:
    """What the printed parts lack of the printed raw change."""
    digits = digits_of(measure)
    printed = {part.part: round(part.change or 0.0, digits) for part in parts if part.measure == measure}
    return round(printed.pop("raw_change", 0.0) - sum(printed.values()), digits)


def _cell_of_part(part: ChangePart | None, measure: str) -> Cell:
    if part is None or part.change is None:
        return NOTHING
    interval = write_interval(part.low, part.high, measure)
    return Cell(write_change(part.change, measure), interval, write_number(part.voices))


def _group_checks(checks: tuple[EffectCheck, ...], measures: list[str]) -> Group:
    found = {(check.measure, check.check): check for check in checks}
    lines = [
        Line(words, tuple(_cell_of_check(found.get((measure, name)), measure) for measure in measures))
        for name, words in CHECKS
        if any(_has_estimate(found.get((measure, name))) for measure in measures)
    ]
    return Group("The same effect asked otherwise, peers taken off (described, not claimed)", tuple(lines))


def _has_estimate(check: EffectCheck | None) -> bool:
    return check is not None and check.estimate is not None


def _cell_of_check(check: EffectCheck | None, measure: str) -> Cell:
    if check is None or check.estimate is None:
        return Cell("–", "cannot be answered", "")
    interval = write_interval(check.low, check.high, measure) or "no interval"
    return Cell(write_change(check.estimate, measure), interval, write_number(check.authors))


def _group_gaps(looks: tuple[RecoveryLook, ...], measures: list[str]) -> Group:
    found = {look.measure: look for look in looks if look.gap is not None}
    if not any(measure in found for measure in measures):
        return Group("", ())
    cells = tuple(_cell_of_gap(found.get(measure), measure) for measure in measures)
    return Group(
        "Has it gone back? (peers taken off, 90 % interval)",
        (Line("Last four weeks looked at, less the weeks before", cells),),
    )


def _cell_of_gap(look: RecoveryLook | None, measure: str) -> Cell:
    if look is None:
        return NOTHING
    interval = write_interval(look.low, look.high, measure)
    return Cell(write_change(look.gap, measure), interval, write_number(look.authors))


def _note(report: Report, measure: str) -> list[str]:
    # Trust is judged on mean scores, which the weekly line is not.
    name = upper_first(MEASURE_NAMES.get(measure, measure)) + (" (mean of scores)" if measure == "net_trust" else "")
    reason = next((part.reason for part in report.change_parts if part.measure == measure), "")
    back = next((_say_back(look) for look in report.recoveries if look.measure == measure), "")
    return [f"{name}: {' '.join(filter(None, (reason, back)))}"] if reason or back else []


def _say_back(look: RecoveryLook) -> str:
    """Whether it has gone back, by the margin that was set beforehand."""
    if look.state == "nothing_to_recover_from":
        return "No change was shown, so there is nothing to go back."
    if look.margin is None:
        return ""
    within = f"±{write_size(look.margin, look.measure)} of the weeks before, the margin set beforehand"
    if look.state == "recovered" and look.recovered_on is not None:
        return f"Gone back: within {within}, since {write_day(look.recovered_on)}."
    until = f" up to {write_day(look.looked_until - timedelta(days=1))}" if look.looked_until else ""
    if look.state == "not_yet":
        return f"Not shown to have gone back{until} to within {within}."
    visible = ""
    if look.smallest_margin is not None and look.smallest_margin > look.margin:
        visible = f", since a gap of {write_size(look.smallest_margin, look.measure)} may be chance"
    return f"Whether it has gone back to within {within}, cannot be answered{until}{visible}."
