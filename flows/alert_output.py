"""What the commands about alerts and delivery print."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from analytics.alerts.wording import tell_numbers
from brands.wording import write_count
from flows.delivery_output import show_deliveries
from flows.fitting_tables import print_fitting
from flows.output import console
from flows.terminal import printable

if TYPE_CHECKING:
    from analytics.alerts.incidents import Incident
    from brands.schema import AlertKind
    from flows.alert_stages import LookingBack, Watch

NOT_JUDGED = "not collected in full, too short a past (three weeks), or too few voices"


def show_watch(outcome: Watch) -> None:
    """What is due, what goes on, what could not be judged, and who was told."""
    told = console()
    for failed in outcome.sources:
        if failed.failure:
            sys.stderr.write(f"brandtrust: source failed: {printable(f'{failed.source}: {failed.failure}')}\n")
    for notice in outcome.notices:
        for line in (notice.message.title, *notice.message.lines):
            told.print(Text(printable(line)), soft_wrap=True)
    for notice in outcome.told_elsewhere:
        each = notice.incident
        said = f"told by another run: {each.incident_id} {each.kind} of {each.brand}: {tell_numbers(each)}"
        told.print(Text(printable(said)), soft_wrap=True)
    due = {notice.incident.incident_id for notice in (*outcome.notices, *outcome.told_elsewhere)}
    followed = [each for each in (*outcome.going_on, *outcome.lasting) if each.incident_id not in due]
    for each in followed:
        said = f"{_tell_state(each)}: {each.incident_id} {each.kind} of {each.brand}: {tell_numbers(each)}"
        told.print(Text(printable(said)), soft_wrap=True)
    if not any(outcome.judged.values()) and outcome.newest_post is not None:
        day = f"{outcome.newest_post:%Y-%m-%d}"
        told.print(
            f"Nothing could be judged: looked at are the last {outcome.hours} hours, and the newest post is of {day}. "
            "What would have been told before: --since DAY",
            soft_wrap=True,
        )
    else:
        if not due and not followed:
            is_judged = any(outcome.judged.values())
            told.print("Nothing has left its usual range." if is_judged else "Nothing could be judged.")
        _tell_unjudged(outcome.judged, outcome.hours)
    if outcome.held_back:
        told.print("These are quiet hours: what is due is sent when they are over.")
    show_deliveries(outcome.deliveries)


def _tell_state(incident: Incident) -> str:
    """What became of an incident that lasts and is not due: whether it was told, and who has silenced it."""
    if incident.state == "closed":
        return f"closed by {incident.closed_by}, and lasts"
    told = "goes on, told before" if incident.told else "goes on"
    return f"{told}, taken up by {incident.acknowledged_by}" if incident.acknowledged_by else told


def show_looking_back(found: LookingBack) -> None:
    """What would have been told, had hourly looks been made, and what could not be judged; nothing of it is kept."""
    told = console()
    if not any(found.judged.values()):
        hours = write_count(found.hours, "hour")
        told.print(f"Nothing could be judged, of {hours}: {NOT_JUDGED}; nothing was kept or sent.", soft_wrap=True)
        return
    if found.incidents:
        show_incidents(found.incidents, every=True)
    _tell_unjudged(found.judged, found.hours)
    told.print(f"{write_count(len(found.incidents), 'incident')} would have been told; nothing was kept or sent.")


def _tell_unjudged(by_kind: Mapping[AlertKind, int], hours: int) -> None:
    for kind, judged in by_kind.items():
        if judged < hours:
            missing = write_count(hours - judged, "hour")
            console().print(f"{kind}: {missing} of {hours:,} not judged: {NOT_JUDGED}", soft_wrap=True)


def show_incidents(incidents: Sequence[Incident], *, every: bool) -> None:
    """A row an incident."""
    if not incidents:
        console().print("No incident." if every else "No incident is open; closed ones: brandtrust alerts list --all")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "brand", "kind", "since (UTC)", "state", "by", "at its height"):
        table.add_column(name, no_wrap=name == "since (UTC)")
    for each in incidents:
        by = each.closed_by or each.acknowledged_by
        cells = (each.incident_id, each.brand, each.kind, f"{each.first_hour:%Y-%m-%d %H:%M}", each.state, by)
        noted = f"{tell_numbers(each)}. {each.note}" if each.note else tell_numbers(each)
        table.add_row(*(Text(printable(cell)) for cell in (*cells, noted)))
    print_fitting(console(), table)
