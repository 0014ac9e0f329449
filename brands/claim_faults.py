"""What is wrong with the claims of a brand file, each by itself and with the events that name them."""

from __future__ import annotations

from collections.abc import Iterator

from brands.faults import Fault, suggest
from brands.query import QueryError, parse
from brands.schema import BrandFile, Claim
from brands.toml_lines import Place
from brands.withheld_addresses import ADDRESS_IN_QUERY, holds_address

NEEDED_TEXTS = ("id", "says", "document")
QUERIES = ("query", "denied_by", "clause")


def find_claim_faults(brand_file: BrandFile) -> Iterator[Fault]:
    """Claims that cannot be looked for or that contradict themselves, and events that name claims there are not.

    An event may also have a claim in words: it is shown and not counted.
    """
    ids = [claim.id for claim in brand_file.claims]
    for number, claim in enumerate(brand_file.claims):
        place: Place = ("claims", number)
        if claim.id in ids[:number]:
            yield Fault((*place, "id"), f'a second entry of claims has the id "{claim.id}"; give it another')
        for key in NEEDED_TEXTS:
            if not getattr(claim, key).strip():
                yield Fault((*place, key), f"a claim needs a text in {key}")
        yield from _check_queries(place, claim)
        yield from _check_status(place, claim)
    for number, event in enumerate(brand_file.events):
        for name in event.claims:
            if ids and name not in ids and not is_in_words(name):
                problem = f'event "{event.id}" names the claim "{name}", which no [[claims]] has as its id'
                yield Fault(("events", number, "claims"), f"{problem}; {suggest(name, ids)}")


def is_in_words(name: str) -> bool:
    """Whether an event's claim is a text for readers ("trains AI on our calls") and not an id that is looked up."""
    return len(name.split()) != 1


def _check_queries(place: Place, claim: Claim) -> Iterator[Fault]:
    for key in QUERIES:
        expression = getattr(claim, key)
        if expression is None:
            continue
        try:
            parse(expression)
        except QueryError as error:
            problem = ADDRESS_IN_QUERY if holds_address(expression) else error.problem
            told = f'{key} of claim "{claim.id}", character {error.position}: {problem}'
            yield Fault((*place, key), told)


def _check_status(place: Place, claim: Claim) -> Iterator[Fault]:
    """A status is a person's word, with a name and a day; its dates have to fit it."""
    named = f'claim "{claim.id}" with status "{claim.status}"'
    if claim.status != "unconfirmed":
        if not claim.checked_by.strip():
            yield Fault((*place, "status"), f"{named} needs checked_by: who read the terms; or leave the status out")
        if claim.checked_on is None:
            yield Fault((*place, "status"), f"{named} needs checked_on: the day on which the terms were read")
    if claim.status == "was" and claim.until is None:
        yield Fault((*place, "status"), f"{named} needs until: the first day on which the terms no longer said so")
    if claim.status == "in_text" and claim.until is not None:
        yield Fault((*place, "until"), f'{named} takes no until; where it is over the status is "was"')
    if claim.status == "never":
        for key in ("since", "until"):
            if getattr(claim, key) is not None:
                yield Fault((*place, key), f"{named} takes no {key}")
    if claim.since is not None and claim.until is not None and claim.until <= claim.since:
        yield Fault((*place, "until"), f'claim "{claim.id}" should end after it began: since before until')
