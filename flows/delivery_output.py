"""What is printed of deliveries: who got what, and what failed; never an address."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from flows.output import console
from flows.terminal import printable

if TYPE_CHECKING:
    from flows.delivery import Delivered
    from flows.delivery_targets import Message, Target

SAID = {"sent": "sent", "sent_before": "sent before, not again"}


def show_deliveries(deliveries: Iterable[Delivered]) -> None:
    """A line a target; what failed goes to standard error."""
    for each in deliveries:
        if each.failure:
            sys.stderr.write(f"brandtrust: {printable(f'{each.source}: {each.failure}')}\n")
        else:
            where = f" ({each.shown})" if each.shown else ""  # it was sent to an address that is no longer there
            line = f"{each.target}{where}: {SAID[each.outcome]}: {each.title}"
            console().print(Text(printable(line)), soft_wrap=True)


def show_preview(message: Message, targets: Sequence[Target], stands: Sequence[str]) -> None:
    """Exactly what would be sent, and to whom."""
    told = console()
    said = {"": "would be sent", "failed": "would be sent again", "sent": "was sent before, would not be sent again"}
    for target, state in zip(targets, stands, strict=True):
        what = said.get(state, "may have been sent by a run that had no answer, or has none yet; only with --again")
        line = f"{target.name} ({target.shown or 'no address'}): {target.problem or what}"
        if target.takes_files and message.attachment:
            line += f", with {message.attachment.name}"
        told.print(Text(printable(line)), soft_wrap=True)
    told.print()
    for line in (f"Subject: {message.title}", *message.lines):
        told.print(Text(printable(line)), soft_wrap=True)
    told.print()
    told.print("Nothing was sent.")
