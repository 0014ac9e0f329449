"""Delivering an item once to each target: intent first, then the sending, then how it ended."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.store import Store
from analytics.store.deliveries import intend, look_up, record, turn
from flows.delivery_targets import Message, Target, send

MAY_HAVE = "an earlier run ended before there was an answer: it may have been sent, and is not sent again; ask there"
BUSY = "another run is sending to it; whether it sends this too is not known yet: run again when it has ended"
Outcome = Literal["sent", "sent_before", "may_have_been_sent", "busy", "failed"]


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
    way_on: str,
    again: bool = False,
) -> list[Delivered]:
    """Send to every target that has not got the item yet; one that fails stops no other.

    What an earlier run began and did not end is not sent a second time without `again`; `way_on` then says what the
    item is and what a person can do. Another run that is sending to a target is waited for, and what it sent is not
    sent again.
    """
    done = []
    for target in targets:
        with turn(store, brand, target.name) as is_ours:
            if is_ours:
                outcome, failure = _send(store, brand, item, message, target, run_id, again=again)
            else:
                outcome, failure = _look_up(store, item, target)
        if outcome == "may_have_been_sent":
            failure = f"{failure}. {way_on}"
        done.append(Delivered(target.name, target.shown, message.title, outcome, failure))
    return done


def _send(
    store: Store, brand: str, item: str, message: Message, target: Target, run_id: str, *, again: bool
) -> tuple[Outcome, str]:
    """What became of it, and why it failed."""
    stands = intend(store, item, brand, target.name, run_id, again=again)
    if stands == "intended":
        return "may_have_been_sent", MAY_HAVE
    if stands:
        return "sent_before", ""
    ended = send(target, message, time.sleep)
    if ended.unanswered:  # the intent stays, as where a run is killed meanwhile
        return "may_have_been_sent", ended.failure
    record(store, item, target.name, ended.attempts, ended.failure)
    return "failed" if ended.failure else "sent", ended.failure


def _look_up(store: Store, item: str, target: Target) -> tuple[Outcome, str]:
    with store.writer() as connection:
        stands = look_up(connection, item, target.name)
    return ("sent_before", "") if stands == "sent" else ("busy", BUSY)
