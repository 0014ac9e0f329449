"""What a deletion sweep and forgetting print: what was looked at, what went, and what is left for a person."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from brands.wording import write_count
from flows.fitting_tables import print_fitting
from flows.output import console
from flows.terminal import printable

if TYPE_CHECKING:
    from analytics.store.forgetting import Forgotten
    from flows.compliance import Cleared, SourceSweep
    from flows.stages import Compliance

NONE = "·"


def show_compliance(outcome: Compliance) -> None:
    """A row a source, then what went beside it, why anything was not looked at, and what became of the files."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("source")
    for name in ("stored", "checked", "gone", "not checked"):
        table.add_column(name, justify="right", min_width=len("999,999"))
    for name in ("oldest unchecked", "worst latency", "allowed", "in time"):
        table.add_column(name, justify="right")
    for each in outcome.sweeps:
        counts = (each.stored, each.checked, each.gone, each.unchecked)
        spans = (each.oldest_unchecked, each.worst_latency, each.recheck_within)
        in_time = {True: "yes", False: "NO", None: NONE}[each.in_time]
        name = each.source + (" ✗" if each.failure else "")
        table.add_row(
            Text(printable(name)), *(f"{count:,}" for count in counts), *(write_span(span) for span in spans), in_time
        )
    print_fitting(console(), table)
    for each in outcome.sweeps:
        _tell(f"{each.source}: {line}" for line in _notes(each))
    if outcome.expired:
        _tell([f"quarantine: {write_count(outcome.expired, 'record')} past the last day erased"])
    if outcome.others:
        _tell(
            [f"not swept: {', '.join(outcome.others)}: not in this brand file; run comply with the one that names it"]
        )
    _tell(_cleared(outcome.cleared))
    for failed in outcome.failures:
        _warn(f"source failed: {failed.source}: {failed.failure}")
    _warn_of(outcome.cleared)


def ask_to_forget(handle: str, posts: Mapping[str, int]) -> str:
    """The question before an author is erased."""
    if not posts:
        return printable(f"No stored post is by {handle}. Keep posts by this author away from now on?")
    return printable(f"Erase {write_count(sum(posts.values()), 'post')} by {handle} ({_by_source(posts)}) for good?")


def show_forgotten(forgotten: Forgotten, cleared: Cleared) -> None:
    """What went, by source, and how many posts by others still name the author."""
    erased = write_count(sum(forgotten.posts.values()), "post")
    _tell([f"{erased} erased" + (f": {_by_source(forgotten.posts)}" if forgotten.posts else "")])
    if not forgotten.posts:
        _tell(["nobody was found by this handle; X knows its authors by the account's number, Bluesky by the DID, "
               "Mastodon by name@host"])  # fmt: skip
    if forgotten.quarantined:
        _tell([f"quarantine: {write_count(forgotten.quarantined, 'record')} erased"])
    if forgotten.naming:
        _tell([f"{write_count(sum(forgotten.naming.values()), 'post')} by others still name the handle: "
               f"{_by_source(forgotten.naming)}"])  # fmt: skip
    known_by_this = "this author" if forgotten.posts else "an author of exactly this handle"
    _tell([f"a mark is kept that tells nobody's name; imports leave {known_by_this} out from now on"])
    tell_cleared(cleared)


def tell_cleared(cleared: Cleared) -> None:
    """What became of the files."""
    _tell(_cleared(cleared))
    _warn_of(cleared)


def needs_a_person(cleared: Cleared) -> bool:
    """Whether something still holds what was erased and only a person can see to it."""
    return bool(cleared.problem) or any(each.outcome == "changed" for each in cleared.reports)


def write_span(span: timedelta | None) -> str:
    """A span of time in its two largest units: 3 d 4 h."""
    if span is None:
        return NONE
    seconds = max(0, round(span.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    units = [(days, "d"), (hours, "h"), (minutes, "min"), (left, "s")]
    first = next((at for at, (number, _) in enumerate(units) if number), len(units) - 1)
    return " ".join(f"{number} {unit}" for number, unit in units[first : first + 2] if number or unit == "s")


def _notes(sweep: SourceSweep) -> Iterator[str]:
    if sweep.aged:
        limit = write_count(sweep.retention_days or 0, "day")
        yield f"{write_count(sweep.aged, 'post')} older than {limit} erased (retention_days)"
    if sweep.why_not:
        yield f"not checked: {sweep.why_not}"


def _cleared(cleared: Cleared) -> Iterator[str]:
    if cleared.compacted:
        yield "store and published copy written anew without what was erased"
    for each in cleared.reports:
        if each.outcome == "rendered":
            yield f"report rendered anew without the quote: {each.path}"
        elif each.outcome == "missing":
            yield f"report not at its place any more; erase copies of it by hand: {each.path}"
        else:
            yield f"report was changed since and is left as it is; look for the quote by hand: {each.path}"


def _tell(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        console().print(Text(printable(line)), soft_wrap=True)


def _warn_of(cleared: Cleared) -> None:
    if cleared.problem:
        _warn(f"what was erased is still in the files: {cleared.problem}")


def _warn(line: str) -> None:
    sys.stderr.write(f"brandtrust: {printable(line)}\n")


def _by_source(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
