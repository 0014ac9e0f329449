"""What the commands about plans print: what was frozen, what stands, and the specification curve as a strip."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from brands.wording import write_count
from flows.fitting_tables import print_fitting
from flows.terminal import printable

if TYPE_CHECKING:
    from analytics.plan.curve import Answer, Curve
    from analytics.plan.declarations import Declaration
    from analytics.plan.freezing import Freezing, FrozenPlan
    from brands.brand_file import Brand

NONE = "·"
STRIP = 31  # characters between the smallest and the largest change
PROOF = (
    "The time is this machine's clock. Who wants proof publishes the hash now: mail or commit it; "
    "`brandtrust plan show HASH --json | sha256sum` gives it again."
)


def show_freezing(done: Sequence[Freezing]) -> None:
    """A line an event with the whole hash, and how to make the time believed."""
    for each in done:
        frozen = each.frozen
        since = _moment(frozen.frozen_at)
        told = f"frozen at {since}" if each.added else f"stands since {since}; nothing added"
        _say(f"{frozen.event_id}: plan {frozen.plan_hash} {told}")
        tested = each.event.noticed or each.event.effective or each.event.clause_first_seen
        if tested is not None and tested <= frozen.frozen_at.date():
            _say(f"{frozen.event_id}: its day ({tested}) had begun by then, so its effects stay exploratory")
    _say(PROOF)


def show_plans(plans: Sequence[FrozenPlan], brand: Brand | None) -> None:
    """A row a frozen plan; with a brand file, whether it still says the same."""
    from flows.output import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("brand", "event", "frozen at (UTC)", "hash", *([] if brand is None else ["now"])):
        table.add_column(name, no_wrap=name == "frozen at (UTC)")
    for plan in plans:
        state = [] if brand is None else [Text(printable(_state(plan, brand)))]
        names = (Text(printable(plan.brand)), Text(printable(plan.event_id)))
        table.add_row(*names, f"{plan.frozen_at:%Y-%m-%d %H:%M}", plan.short_hash, *state)
    print_fitting(console(), table)


def show_plan(plans: Sequence[FrozenPlan]) -> None:
    """One plan, part by part, with every time that it was frozen."""
    first = plans[0]
    _say(f"{first.brand}, {first.event_id}: plan {first.plan_hash}")
    _say(f"frozen at {', '.join(_moment(plan.frozen_at) for plan in plans)}")
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    parts = json.loads(first.plan)
    rules = parts["taxonomy"]["rules"]  # hundreds of lines; --json has them
    parts["taxonomy"]["rules"] = {theme: write_count(len(found), "rule") for theme, found in rules.items()}
    for name, value in parts.items():
        table.add_row(name.replace("_", " "), Text(printable(_value(value))))
    _print(table)


def lines_of_declarations(declarations: Iterable[Declaration]) -> Iterator[str]:
    """A line an event: declared before the notice, or exploratory, and why."""
    for each in declarations:
        yield f"{each.event_id}: {each.status}. {each.reason}"


def show_curves(curves: Sequence[Curve], declarations: Iterable[Declaration]) -> None:
    """A strip a measure: each way on a line, from the smallest change to the largest, the declared one marked."""
    from analytics.report.formatting import NO_BREAK
    from analytics.report.phrases import write_ways

    for line in lines_of_declarations(declarations):
        _say(line)
    for curve in curves:
        _say("")
        _say(f"{curve.event_id}, {curve.measure}")
        ways = curve.ways
        if ways is None:
            _say(curve.reason)
            continue
        _print(_strip(curve))
        told = write_ways(ways, curve.measure).replace(NO_BREAK, " ")
        _say(f"{told} The way of the brand file is marked ▶.")
        _say(
            f"{ways.asked} of {curve.combinations} combinations, nearest to that one first. They share their "
            "posts: that many agree proves no more than one does."
        )


def _strip(curve: Curve) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", width=1)
    table.add_column("change", justify="right", min_width=6)
    table.add_column(_scale(curve), no_wrap=True, min_width=STRIP)
    table.add_column("verdict", no_wrap=True)
    table.add_column("differs in", overflow="fold")
    declared = curve.answers[0]
    last = float("inf")
    for answer in sorted(curve.answers, key=lambda one: last if one.effect.estimate is None else one.effect.estimate):
        chosen, usual = _choices(answer), _choices(declared)
        differing = [said for said, as_declared in zip(chosen, usual, strict=True) if said != as_declared]
        said = (
            ", ".join(differing) if answer is not declared else f"by the brand file: {', '.join(filter(None, chosen))}"
        )
        estimate = answer.effect.estimate
        table.add_row(
            "▶" if answer is declared else "",
            NONE if estimate is None else f"{estimate:+.1f}".replace("-", "−"),
            _mark(answer, curve),
            answer.effect.verdict.replace("_", " "),
            Text(printable(said)),
            style="bold" if answer is declared else None,
        )
    return table


def _choices(answer: Answer) -> tuple[str, ...]:
    """The choices of one way in words; empty where there is no choice."""
    way = answer.specification
    themes = {"event": "the event's themes", "practices": "all practices", "": ""}
    return (
        f"by {way.scorer}",
        "all weeks weighed" if way.method == "by_precision" else f"{way.before} weeks before",
        f"{way.after} after",
        {"all": "all peers", "none": "no peers"}.get(way.peers, way.peers),
        themes.get(way.themes, way.themes.replace("without ", "without theme ", 1)),
        way.voices.replace("_", " "),
    )


def _ends(curve: Curve) -> tuple[float, float]:
    """Of the strip: the smallest and the largest change, and 0."""
    ways = curve.ways
    return (0.0, 0.0) if ways is None else (min(0.0, ways.lowest), max(0.0, ways.highest))


def _scale(curve: Curve) -> str:
    low, high = (f"{end:+.1f}".replace("-", "−") if end else "0" for end in _ends(curve))
    return f"{low}{high:>{STRIP - len(low)}}"


def _mark(answer: Answer, curve: Curve) -> str:
    """The change on its line, and where 0 is."""
    low, high = _ends(curve)
    width = (high - low) or 1.0
    cells = [" "] * STRIP
    cells[round((0 - low) / width * (STRIP - 1))] = "│"
    if answer.effect.estimate is not None:
        shown = answer.effect.verdict in ("fell", "rose")
        cells[round((answer.effect.estimate - low) / width * (STRIP - 1))] = "●" if shown else "○"
    return "".join(cells)


def _state(plan: FrozenPlan, brand: Brand) -> str:
    from analytics.plan.parts import collect_parts, name_differences

    event = next((event for event in brand.events if event.id == plan.event_id), None)
    if event is None or plan.brand != brand.slug:
        return "the brand file names no such event"
    parts = collect_parts(brand, event, plan.frozen_at.date())
    differing = name_differences(json.loads(plan.plan), parts)
    return f"differs in: {', '.join(differing)}" if differing else "in force"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_value, value)) or NONE
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_value(one)}" for key, one in value.items()) or NONE
    return str(value)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _say(line: str) -> None:
    from flows.output import console

    console().print(Text(printable(line)), soft_wrap=True)


def _print(table: Table) -> None:
    from flows.output import console

    console().print(table)
