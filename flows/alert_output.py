"""What the commands about alerts and delivery print."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from analytics.alerts.expressed_trust import FEWEST_VOICES, FEWEST_WINDOWS
from analytics.alerts.unjudged import Reason, window_needed
from analytics.alerts.wording import tell_numbers
from brands.wording import write_count
from flows.delivery_output import show_deliveries
from flows.fitting_tables import print_fitting
from flows.output import console
from flows.terminal import printable

if TYPE_CHECKING:
    from analytics.alerts.incidents import Incident
    from analytics.alerts.stopped import StoppedSource
    from flows.alert_stages import LookedAt, LookingBack, Watch

REASONS: dict[Reason, str] = {
    "not_collected": "not collected in full",
    "counts_say_nothing": "of sources whose number of posts says nothing",
    "short_past": "too short a past (three weeks)",
    "few_voices": f"too few voices ({FEWEST_VOICES} a day, on {FEWEST_WINDOWS} days before too)",
}
AFTER_A_GAP = "not collected in full, or within {hours} hours after such a gap"
LONG_AGO = timedelta(hours=24)


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
    if outcome.looked_at is not None:
        looked_at = outcome.looked_at
        if not any(looked_at.judged.values()):
            _tell_nothing_judged(looked_at, f"the last {looked_at.hours} hours")
        else:
            if not due and not followed:
                told.print("Nothing has left its usual range.")
            _tell_unjudged(looked_at)
        _tell_collection(looked_at, collects=bool(outcome.sources))
        for stopped in outcome.stopped:
            console().print(Text(printable(tell_stopped(stopped, looked_at.end))), soft_wrap=True)
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
    looked_at = found.looked_at
    if not any(looked_at.judged.values()):
        span = f"{write_count(looked_at.hours, 'hour')} from {looked_at.begin:%Y-%m-%d %H:%M} UTC on"
        _tell_nothing_judged(looked_at, f"the {span}")
        told.print("Nothing was kept or sent.")
        return
    if found.incidents:
        show_incidents(found.incidents, every=True)
    _tell_unjudged(looked_at)
    told.print(f"{write_count(len(found.incidents), 'incident')} would have been told; nothing was kept or sent.")


def _tell_nothing_judged(looked_at: LookedAt, span: str) -> None:
    """Where that is why, by the newest post, which is older than what was looked at; else by reasons."""
    newest = looked_at.newest_post
    if newest is not None and newest >= looked_at.begin:
        console().print("Nothing could be judged.")
        _tell_unjudged(looked_at)
        return
    why = "no post is stored."
    if newest is not None:
        why = f"the newest post is of {newest:%Y-%m-%d}. What would have been told before: --since DAY"
    console().print(f"Nothing could be judged: looked at are {span}, and {why}", soft_wrap=True)


def _tell_unjudged(looked_at: LookedAt) -> None:
    """A line a kind with the hours that were not judged and why, and one where no post is as new as any of them."""
    for kind, judged in looked_at.judged.items():
        if judged < looked_at.hours:
            missing = write_count(looked_at.hours - judged, "hour")
            words = REASONS | {"not_collected": _tell_gap(window_needed(kind))}
            counts = sorted(looked_at.unjudged[kind].items(), key=lambda each: -each[1])
            why = "; ".join(
                f"{count:,} {words[reason]}" if len(counts) > 1 else words[reason] for reason, count in counts
            )
            console().print(f"{kind}: {missing} of {looked_at.hours:,} not judged: {why}", soft_wrap=True)
    newest = looked_at.newest_post
    if any(looked_at.judged.values()) and newest is not None and newest < looked_at.begin:
        console().print(f"The newest post is of {newest:%Y-%m-%d}, older than what was looked at.", soft_wrap=True)


def _tell_gap(window: int) -> str:
    return REASONS["not_collected"] if window == 1 else AFTER_A_GAP.format(hours=window)


def _tell_collection(looked_at: LookedAt, *, collects: bool) -> None:
    """Where collecting has stopped a day or longer ago, that it has: such a look ends as any other."""
    last = looked_at.collected_until
    if last is not None and looked_at.end - last < LONG_AGO:
        return
    hint = "" if collects else "; --collect brings in what is new"
    if last is None:
        console().print(f"Nothing was collected in full in the last twelve weeks{hint}", soft_wrap=True)
        return
    long = _tell_how_long(looked_at.end - last)
    console().print(
        f"Nothing was collected in full after {last:%Y-%m-%d %H:%M} UTC, {long} before{hint}", soft_wrap=True
    )


def tell_stopped(stopped: StoppedSource, moment: datetime) -> str:
    """A line on a source that no look reaches any more: since when, whether it was asked, and what to do."""
    since = f"{stopped.since:%Y-%m-%d %H:%M} UTC, {_tell_how_long(moment - stopped.since)} before"
    if not stopped.in_vain:
        todo = f"brandtrust collect BRAND.toml --source {shlex.quote(stopped.source)}"
        return f"source {stopped.source}: not asked since {since}, while others were: {todo}"
    runs = f"{write_count(stopped.in_vain, 'run')} asked in vain"
    todo = "find out why: brandtrust doctor BRAND.toml --online"
    if stopped.given_until is None:
        return f"source {stopped.source}: has never answered; {runs}, the first on {since}; {todo}"
    return f"source {stopped.source}: has not answered since {since}; {runs} since; {todo}"


def _tell_how_long(ago: timedelta) -> str:
    return write_count(ago.days, "day") if ago.days > 1 else write_count(ago // timedelta(hours=1), "hour")


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
