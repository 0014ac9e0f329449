"""What the commands about terms print: versions and changes, a change in full, and the lines of an event."""

from __future__ import annotations

import json
import shlex
import sys
import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from brands.wording import write_count
from flows.fitting_tables import print_fitting
from flows.output import console
from flows.terminal import printable

if TYPE_CHECKING:
    from pathlib import Path

    from analytics.policy import PolicyChange
    from analytics.policy.listing import FailedLook, FoundChange, ListedVersion
    from analytics.policy.news import NewChange
    from brands.brand_file import Brand
    from flows.policy_stages import PageResult, PolicyImport, Watch

NONE = "·"


def show_import(done: PolicyImport) -> None:
    """How many versions of which documents were read, and how many are new."""
    read = sorted(done.history.versions, key=lambda each: (each.document, each.recorded_at))
    for document, group in groupby(read, key=lambda each: each.document):
        versions = list(group)
        technical = sum(each.technical for each in versions)
        marked = f", {technical} of them technical" if technical else ""
        _tell(
            f"{document}: {write_count(len(versions), 'version')}{marked}, "
            f"{versions[0].recorded_at:%Y-%m-%d} to {versions[-1].recorded_at:%Y-%m-%d}"
        )
    left_out = [
        f"{count} {why}"
        for count, why in ((done.history.unchanged, "with the text of the one before"), (done.history.empty, "empty"))
        if count
    ]
    if left_out:
        _tell(f"left out: {', '.join(left_out)}")
    if done.saved.new:
        _tell(f"{write_count(done.saved.new, 'version')} new, {done.saved.known} already stored; brand: {done.brand}")
    else:
        _tell(f"Nothing new; brand: {done.brand}")


LOOKS = {
    "changed": "a new version",
    "unchanged": "as it was",
    "not_sent": "as it was (the server says so)",
}


def show_watch(outcome: Watch, brand_path: Path) -> None:
    """A line a page, failed ones by name on standard error; then what the terms gained."""
    show_pages(outcome.pages)
    for page in outcome.failures:
        sys.stderr.write(f"brandtrust: source failed: {printable(f'{page.document}: {page.failure}')}\n")
    show_new_changes(outcome.changes, brand_path)


def show_pages(pages: Sequence[PageResult]) -> None:
    """A line for each page of terms that could be read."""
    for page in pages:
        if not page.failure:
            _tell(f"{page.document}: {LOOKS[page.outcome]}")


def show_new_changes(changes: Sequence[NewChange], brand_path: Path) -> None:
    """What a person should read, and how to make an event of it."""
    for each in changes:
        parts = (("gains", each.gains), ("loses", each.loses), ("edits", each.edits))
        told = "; ".join(f"{verb} {', '.join(themes)}" for verb, themes in parts if themes)
        where = f"{shlex.quote(each.document)} {each.moment}"
        _tell(f"{each.document} changed on {each.recorded_at:%Y-%m-%d}: {told}; {each.direction}.")
        _tell(f"  To read it: brandtrust policy show {where}")
        _tell(f"  To make it an event: brandtrust policy confirm {shlex.quote(str(brand_path))} {where} --event ID")


def show_versions(versions: Sequence[ListedVersion], failed: Sequence[FailedLook], *, everything: bool) -> None:
    """A row a change, by time; then for each document how many versions there are and how much noise is not shown."""
    several = len({each.brand for each in versions}) > 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    if several:
        table.add_column("brand")
    table.add_column("document", max_width=28)
    for name in ("recorded", "effective", "direction"):
        table.add_column(name)
    table.add_column("themes", max_width=30)
    table.add_column("event", max_width=24)
    table.add_column("the sentence to read first", max_width=60)
    for each in versions:
        if each.first or (each.noise and not everything):
            continue
        said = [*each.confirmed_events, *(f"not {event}" for event in each.rejected_events)]
        cells = [
            *([each.brand] if several else []),
            each.document,
            f"{each.recorded_at:%Y-%m-%d}",
            str(each.stated_effective or NONE),
            each.direction or NONE,
            ", ".join(each.themes) or NONE,
            ", ".join(said) or NONE,
            f"({each.noise})" if each.noise else textwrap.shorten(each.telling, 110, placeholder=" …") or NONE,
        ]
        table.add_row(*(Text(_in_one_line(cell)) for cell in cells))
    if table.row_count:
        print_fitting(console(), table)
    for (brand, document), group in groupby(
        sorted(versions, key=lambda each: (each.brand, each.document)), key=lambda each: (each.brand, each.document)
    ):
        _tell(_summarise(f"{brand}: {document}" if several else document, list(group), everything))
    for look in failed:
        when = f"{look.asked_at:%Y-%m-%d}"
        _tell(f"{look.document}: what it says now is not known; the look of {when} failed: {look.problem}")


def _summarise(name: str, versions: list[ListedVersion], everything: bool) -> str:
    noise = sum(bool(each.noise) for each in versions)
    changes = sum(not each.first for each in versions) - noise
    days = f"{versions[0].recorded_at:%Y-%m-%d} to {versions[-1].recorded_at:%Y-%m-%d}"
    hidden = "" if everything or not noise else "; --all shows it"
    return (
        f"{name}: {write_count(len(versions), 'version')}, {days}: {write_count(changes, 'change')} and "
        f"{write_count(noise, 'difference')} that {'is' if noise == 1 else 'are'} noise{hidden}"
    )


def show_change(change: FoundChange, differences: PolicyChange) -> None:
    """The change in full: what it is, and each sentence that came, went or was edited, by its clause."""
    told = console()
    told.print(Text(printable(f"{change.document}, recorded {change.recorded_at:%Y-%m-%d %H:%M} UTC"), style="bold"))
    for line in _describe(change):
        told.print(Text(printable(line)), soft_wrap=True)
    clause = ""
    for each in differences.sentences:
        stands = each.clause_after or each.clause_before
        if stands != clause:
            told.print()
            if not (each.after or each.before).startswith(stands):  # else the sentence is its own heading
                told.print(Text(_in_one_line(stands), style="bold"), soft_wrap=True)
            clause = stands
        if each.before:
            told.print(Text(f"- {_in_one_line(each.before)}", style="red"))
        if each.after:
            told.print(Text(f"+ {_in_one_line(each.after)}", style="green"))
    if not differences.sentences:
        told.print("No sentence came or went.")


def _describe(change: FoundChange) -> Iterable[str]:
    yield f"compared with the version of {change.compared_at:%Y-%m-%d %H:%M} UTC"
    yield f"recorded from: {change.origin} {change.reference}"
    stated = f"says that it holds from {change.stated_effective}; " if change.stated_effective else ""
    yield f"{stated}can first have been read on {change.first_seen}"
    if change.noise:
        yield f"no change of the terms: {change.noise}"
    else:
        yield f"direction: {change.direction}; themes: {', '.join(change.themes) or 'none'}"
    if change.restores is not None:
        yield f"has the words of {change.restores:%Y-%m-%d} again"
    for events, verb in ((change.confirmed_events, "belongs to"), (change.rejected_events, "does not belong to")):
        if events and change.confirmed_at is not None:
            yield f"{verb} {', '.join(events)}, says {change.confirmed_by} ({change.confirmed_at:%Y-%m-%d})"


def show_confirmation(brand: Brand, change: FoundChange, event_id: str, who: str, *, confirmed: bool) -> None:
    """What was written down, and what of it the brand file does not say or says otherwise."""
    verb = "belongs" if confirmed else "does not belong"
    _tell(f"{change.document} of {change.recorded_at:%Y-%m-%d} {verb} to {event_id}, says {who}")
    if not confirmed:
        return
    if change.noise:
        _tell(f"mind that the rules take it for no change: {change.noise}")
    declared = next((event for event in brand.events if event.id == event_id), None)
    if declared is None:
        _tell(f"{brand.path} has no such event; to have its effect measured, add its dates and paste:")
        sys.stdout.write("\n" + write_event(change, event_id))
    elif declared.clause_first_seen is None:
        _tell(
            f"clause_first_seen of {event_id} is {change.first_seen} now; to keep it with the file, add to "
            f"{brand.path}: clause_first_seen = {change.first_seen}"
        )
    elif declared.clause_first_seen != change.first_seen:
        _tell(
            f"{brand.path} says clause_first_seen = {declared.clause_first_seen} for {event_id}, and by the terms it "
            f"is {change.first_seen}; the file's date stands until you mend it"
        )


def write_event(change: FoundChange, event_id: str) -> str:
    """The lines of TOML that declare the event of a change; other dates are for a person to add."""
    lines = [
        "[[events]]",
        f"id = {_quote(event_id)}",
        f"title = {_quote(f'{change.document}: changed')}",
        f"themes = [{', '.join(_quote(theme) for theme in change.themes)}]",
        "confirmed = true",
        f"clause_first_seen = {change.first_seen}",
        *([f"effective = {change.stated_effective}"] if change.stated_effective else []),
        "#noticed = YYYY-MM-DD              # the day on which people began to speak of it: the effect is tested there",
    ]
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """A TOML string, whose escapes are those of JSON."""
    return json.dumps(printable(text), ensure_ascii=False)


def _in_one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _tell(line: str) -> None:
    console().print(Text(printable(line)), soft_wrap=True)
