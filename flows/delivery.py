"""Delivering an item once to each target: intent first, then the sending, then how it ended."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.store import Store
from analytics.store.deliveries import intend, record
from flows.delivery_targets import Message, Target, send

MAY_HAVE = (
    "an earlier run ended while sending: it may have been sent, and is not sent again; ask there. "
    "A report is sent all the same by: brandtrust deliver BRAND.toml --again"
)
Outcome = Literal["sent", "sent_before", "may_have_been_sent", "failed"]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one item at one target. `failure` is a line for a person; empty where none is needed."""

    target: str
    shown: str
    title: str
    outcome: Outcome
    failure: str = ""

    @property
    def source(self) -> str:
        """What it is called where what failed is named."""
        return f"delivery to {self.target}"


def deliver(
    store: Store,
    brand: str,
    item: str,
    message: Message,
    targets: Sequence[Target],
    run_id: str,
    *,
    again: bool = False,
) -> list[Delivered]:
    """Send to every target that has not got the item yet; one that fails stops no other.

    What an earlier run began and did not end is not sent a second time without `again`.
    """
    done = []
    for target in targets:
        stands = intend(store, item, brand, target.name, run_id, again=again)
        if stands == "intended":
            done.append(Delivered(target.name, target.shown, message.title, "may_have_been_sent", MAY_HAVE))
            continue
        if stands:
            done.append(Delivered(target.name, target.shown, message.title, "sent_before"))
            continue
        ended = send(target, message, time.sleep)
        outcome: Outcome = "failed" if ended.failure else "sent"
        if ended.unanswered:  # the intent stays, as where a run is killed meanwhile
            outcome = "may_have_been_sent"
        else:
            record(store, item, target.name, ended.attempts, ended.failure)
        done.append(Delivered(target.name, target.shown, message.title, outcome, ended.failure))
    return done
