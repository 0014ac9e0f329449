"""What the command line prints after a run: every record accounted for, then the answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.terminal import printable

if TYPE_CHECKING:
    from analytics.store import Store
    from flows.stages import Outcome

WIDE = 160  # where there is no terminal there is no edge either


def console() -> Console:
    """Standard output; plain and wide where that is no terminal."""
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDE, highlight=False)


def show_outcome(outcome: Outcome, store: Store) -> None:
    """The table of sources, failed ones by name, the answer, and where report and store are."""
    if outcome.sources:
        show_sources(outcome)
    for failed in outcome.failures:
        sys.stderr.write(f"brandtrust: source failed: {printable(f'{failed.source}: {failed.failure}')}\n")
    told = console()
    if outcome.sources and outcome.new == 0 and not outcome.failures:
        told.print("Nothing new.")
    if outcome.pdf is not None:
        told.print()
        told.print(Text(printable(outcome.answer)))
        told.print(Text(f"Report: {outcome.pdf}"), soft_wrap=True)
    told.print(Text(f"Store: {store.path}"), soft_wrap=True)


def show_sources(outcome: Outcome) -> None:
    """A row a source: read = new + already stored + quarantined + outside + not matching."""
    brands = list(dict.fromkeys(brand for each in outcome.sources for brand in each.matched))
    table = _table("source", "read", "new", "already stored", "quarantined", "outside", "not matching", *brands)
    for each in outcome.sources:
        numbers = (each.read, each.new, each.known, each.quarantined, each.outside, each.not_matching)
        matched = [f"{each.matched[brand]:,}" if brand in each.matched else "" for brand in brands]
        name = each.source + (" ✗" if each.failure else "")
        table.add_row(Text(printable(name)), *(f"{number:,}" for number in numbers), *matched)
    told = console()
    told.print(table)
    if brands:
        told.print("Under a brand: posts found for it for the first time.")
    for each in outcome.sources:
        if each.replaced:
            told.print(f"{each.source}: {each.replaced:,} characters that UTF-8 cannot hold became U+FFFD")
        if each.unaccounted and not each.failure:
            told.print(f"{each.source}: {each.unaccounted:,} records are not accounted for; please report this fault")


def show_effects(outcome: Outcome) -> None:
    """A row an event and measure."""
    table = _table(
        "event", "measure", "role", "verdict", "estimate", "low", "high", "p", "placebos", "smallest visible"
    )
    for each in outcome.effects:
        effect = each.effect
        numbers = (effect.estimate, effect.low, effect.high, effect.p_value)
        table.add_row(
            Text(printable(each.event_id)), f"{each.measure} ({each.scorer})", each.role, effect.verdict,
            *(_number(value) for value in numbers), str(effect.placebos), _number(effect.smallest_visible),
        )  # fmt: skip
    console().print(table)


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for name in others:
        text = name in ("measure", "role", "verdict")
        table.add_column(name, justify="left" if text else "right")
    return table


def _number(value: Any) -> str:
    return "·" if value is None or value != value else f"{value:.3g}"
