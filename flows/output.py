"""What the command line prints after a run: every record accounted for, then the answer."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brands.wording import write_count
from flows.effect_output import BESIDE, lines_beside
from flows.fitting_tables import print_fitting
from flows.plan_output import lines_of_declarations
from flows.terminal import printable

if TYPE_CHECKING:
    from pathlib import Path

    from analytics.store import Store
    from flows.stages import Outcome

JOINT = "joint p: what may be said of several measures at once; the verdict follows the declared order and p"
WIDE = 160  # where there is no terminal there is no edge either


def console() -> Console:
    """Standard output; plain and wide where that is no terminal."""
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDE, highlight=False)


def show_outcome(outcome: Outcome, store: Store, brand_path: Path | None = None) -> None:
    """The table of sources, failed ones by name, the answer, where report and store are, and what the terms gained.

    `brand_path`: of the brand file, for the command that makes an event of a change of terms.
    """
    from flows import delivery_output, policy_output

    if outcome.sources:
        show_sources(outcome)
    for failed in outcome.failures:
        if failed in outcome.deliveries:  # told below, with those that were sent
            continue
        sys.stderr.write(f"brandtrust: source failed: {printable(f'{failed.source}: {failed.failure}')}\n")
    told = console()
    if outcome.sources and outcome.new == 0 and not outcome.failures:
        told.print("Nothing new.")
        if outcome.scored:
            kinds = (
                (outcome.scored - outcome.rescored, "that had not been read yet"),
                (outcome.rescored, "by a scorer, lexicon or model that is new to them"),
            )
            read = "; ".join(f"{write_count(count, 'reading')} of stored posts {why}" for count, why in kinds if count)
            weeks = write_count(outcome.weeks, "week")
            told.print(f"{read}: {weeks} counted anew, and the report's numbers with them.", soft_wrap=True)
        elif outcome.weeks:
            told.print(
                "The last run did not come to it, or the brand file or the rules ask for something else since: "
                f"{write_count(outcome.weeks, 'week')} counted anew.",
                soft_wrap=True,
            )
    if outcome.pages:
        policy_output.show_pages(outcome.pages)
    if outcome.pdf is not None:
        told.print()
        told.print(Text(printable(outcome.answer)))
        told.print(Text(f"Report: {outcome.pdf}"), soft_wrap=True)
        told.print(Text(f"In a browser: {outcome.page}"), soft_wrap=True)
    told.print(Text(f"Store: {store.url}"), soft_wrap=True)
    delivery_output.show_deliveries(outcome.deliveries)
    if brand_path is not None:
        policy_output.show_new_changes(outcome.policy_changes, brand_path)


def show_sources(outcome: Outcome) -> None:
    """A row a source: read = new + already stored + quarantined + outside + not matching."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("source")
    for name in ("read", "new", "already stored", "quarantined", "outside", "not matching"):
        table.add_column(name, justify="right", min_width=max(len(word) for word in (*name.split(), "999,999")))
    told = console()
    for each in outcome.sources:
        numbers = (each.read, each.new, each.known, each.quarantined, each.outside, each.not_matching)
        name = each.source + (" ✗" if each.failure else "")
        table.add_row(Text(printable(name)), *(f"{number:,}" for number in numbers))
    print_fitting(told, table)
    for each in outcome.sources:
        lines = []
        if any(each.matched.values()):
            found = ", ".join(f"{brand} {count:,}" for brand, count in each.matched.items())
            lines.append(f"found for the first time: {found}")
        if each.quarantined:
            lines.append(
                f"{write_count(each.quarantined, 'record')} set aside; "
                'see: brandtrust sql "SELECT line, reason FROM quarantine"'
            )
        if each.withheld:
            lines.append(
                f"{write_count(each.withheld, 'post was', 'posts were')} left out: "
                "deleted before, or by an author who is forgotten"
            )
        if each.excluded:
            lines.append(f"{write_count(each.excluded, 'post')} left out by `exclude`")
        if each.moved:
            lines.append(
                f"{write_count(each.moved, 'stored post')} came with another time, which was not taken over; "
                "to read the file anew, give the source another name"
            )
        if each.replaced:
            lines.append(f"{write_count(each.replaced, 'character')} that UTF-8 cannot hold became U+FFFD")
        if each.cost_usd:
            lines.append(f"{write_count(each.requests, 'request')} cost {each.cost_usd:,.2f} USD")
        if each.capped:
            lines.append(
                "the source holds more than it gave for some of this time; see: "
                "brandtrust sql \"SELECT day, status FROM coverage_daily WHERE status = 'capped'\""
            )
        if each.unaccounted and not each.failure:
            records = write_count(each.unaccounted, "record is", "records are")
            lines.append(f"{records} not accounted for; please report this fault")
        for line in lines:
            told.print(Text(printable(f"{each.source}: {line}")), soft_wrap=True)


def show_effects(outcome: Outcome) -> None:
    """A row an event, measure and scorer."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("event", "measure", "scorer", "role", "verdict"):
        table.add_column(name)
    for name in ("estimate", "95 % interval", "p", "joint p", "placebos", "smallest visible"):
        table.add_column(name, justify="right", no_wrap=name == "95 % interval")
    for each in outcome.effects:
        effect = each.effect
        # Where no earlier window moved at all it has no width: that is no interval and says nothing of what is visible.
        has_width = effect.low is not None and effect.high is not None and effect.high - effect.low > 1e-9
        interval = f"{_number(effect.low)} … {_number(effect.high)}" if has_width else "·"
        table.add_row(
            Text(printable(each.event_id)), each.measure, each.scorer, each.role, effect.verdict,
            _number(effect.estimate), interval, _number(effect.p_value),
            _number(each.joint.p_value if each.joint else None), str(effect.placebos),
            _number(effect.smallest_visible if has_width else None),
        )  # fmt: skip
    told = console()
    print_fitting(told, table)
    for line in lines_of_declarations(outcome.declarations):
        told.print(Text(printable(line)), soft_wrap=True)
    if any(each.joint and each.joint.p_value is not None for each in outcome.effects):
        told.print(Text(JOINT), soft_wrap=True)
    beside = [line for each in outcome.effects for line in lines_beside(each)]
    for line in [*beside, *([BESIDE] if beside else []), *_validations(outcome)]:
        told.print(Text(printable(line)), soft_wrap=True)


def _validations(outcome: Outcome) -> list[str]:
    """For each event and scorer, whether its reading was checked, and what labels make of the change."""
    lines = {}
    for each in outcome.effects:
        who, corrected = (each.event_id, each.scorer), each.measure == "net_trust"
        if corrected or who not in lines:
            lines[who] = f"{each.event_id}, {each.scorer}: {each.validation.sentence(corrected=corrected)}"
    if any(each.validation.correction is None for each in outcome.effects):
        return [*lines.values(), "to have it checked: brandtrust label BRAND.toml EVENT"]
    return list(lines.values())


def _number(value: float | None) -> str:
    return "·" if value is None or math.isnan(value) else f"{value:.3g}"
