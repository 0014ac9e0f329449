"""What is printed of the days on which events were noticed, as signals propose them, and what to paste."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from analytics.notice import differs
from flows.output import console
from flows.terminal import printable

if TYPE_CHECKING:
    from analytics.notice import Notice, Proposal, Surge
    from brands.brand_file import Brand


def show_notices(brand: Brand, notices: Sequence[Notice]) -> None:
    """For each event what each signal says, how far they agree, and the lines for the brand file."""
    told = console()
    for line in lines_of(brand, notices):
        told.print(Text(printable(line)), soft_wrap=True)


def lines_of(brand: Brand, notices: Sequence[Notice]) -> Iterator[str]:
    """Plain text; what is to be pasted is indented."""
    if not notices:
        yield f"{brand.slug} has no event, and no change of its terms is confirmed: there is nothing to date"
    for notice in notices:
        yield f"{notice.event_id}: {notice.title}"
        if notice.since is None:
            yield "  no day is known from which on to look: set clause_first_seen or effective, or confirm a change"
            continue
        if notice.until is not None and notice.until < notice.since:
            yield f"  the clause holds from {notice.since} on: there is nothing to look at yet"
            continue
        yield f"  looked from {notice.since}, when the clause could be known, to {notice.until}"
        if not notice.proposals:
            yield "  no signal of attention is there; add a [[signals]] table (docs/sources/signals.md)"
        for each in notice.proposals:
            yield f"  {_say(each)}"
        if notice.agreement:
            yield f"  {notice.agreement}"
        yield from _advise(brand, notice)


def _say(proposal: Proposal) -> str:
    reason = f" ({proposal.reason})" if proposal.surge is not None and proposal.reason else ""
    why = f"; not independent: {proposal.why}" if proposal.why else ""
    said = f"{proposal.surge.day}, {_evidence(proposal.surge)}" if proposal.surge is not None else proposal.reason
    return f"{proposal.signal}: {said}{reason}{why}"


def _evidence(surge: Surge) -> str:
    times = f", {surge.times:.1f} times as much" if surge.times is not None else ""
    return f"{surge.value:,.6g} where {surge.usual:,.4g} is usual{times}"


def _advise(brand: Brand, notice: Notice) -> Iterator[str]:
    best = notice.best
    if best is None or best.surge is None:
        if notice.proposals:
            yield "  no day is proposed"
        return
    if difference := differs(notice):
        yield f"  {difference.removeprefix(notice.event_id + ': ')}; the file's date stands until you mend it"
    elif notice.declared == best.surge.day:
        yield f"  noticed = {notice.declared} is declared already"
        return
    elif notice.declared is not None:
        yield f"  noticed = {notice.declared} is declared and stands: the tested posts are no reason to move it"
        return
    where = "paste under it" if notice.in_brand_file else f'add an event with id = "{notice.event_id}" and paste'
    yield f"  if you agree, {where} in {brand.path}:"
    yield f"    noticed = {best.surge.day}"
    yield f'    noticed_basis = "{best.basis}"'
    if best.basis == "same_posts":
        yield "  nothing is tested on a day that the tested posts gave: the change is described only"
