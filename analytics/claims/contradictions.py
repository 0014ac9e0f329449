"""Where a person's word on a claim and the recorded terms do not seem to go together.

The clause's query only finds sentences that speak of a claim; what they say of it is for a person to read. So none of
this is an error: it says where to look again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from analytics.claims.clause_states import ClauseState, read_states

if TYPE_CHECKING:
    import duckdb

    from brands.brand_file import Brand, Claim

QUOTED_CHARACTERS = 200


def find_contradictions(connection: duckdb.DuckDBPyConnection, brand: Brand) -> Iterator[tuple[str, str]]:
    """(claim's id, what to look at again) for every claim of the brand file, by all versions that are stored."""
    rows = connection.execute(
        "SELECT DISTINCT document FROM policy_versions WHERE brand = ? ORDER BY document", [brand.slug]
    ).fetchall()
    stored = [str(row[0]) for row in rows]
    states = read_states(connection, brand.slug, brand.claims)
    for claim in brand.claims:
        if claim.document not in stored:
            there = ", ".join(f'"{document}"' for document in stored) or "nothing"
            yield claim.id, f'no version of "{claim.document}" is stored; there is: {there}'
        else:
            for problem in _compare(claim, states[claim.id]):
                yield claim.id, problem


def _compare(claim: Claim, states: Sequence[ClauseState]) -> Iterator[str]:
    newest = states[-1]
    with_sentence = [state for state in states if state.quotations]
    if claim.status == "never" and with_sentence:
        yield f'status "never", but the version recorded on {_day(with_sentence[0])} has: {_quote(with_sentence[0])}'
    if claim.status == "in_text" and not newest.quotations:
        yield f'status "in_text", but the version recorded on {_day(newest)} has no sentence on it'
    if claim.status == "was" and newest.quotations:
        yield f'status "was" until {claim.until}, but the newest version has: {_quote(newest)}'
    if claim.checked_on is not None and claim.status != "unconfirmed" and newest.recorded_at.date() > claim.checked_on:
        yield f"checked on {claim.checked_on}, but the version recorded on {_day(newest)} has other sentences on it"


def _day(state: ClauseState) -> str:
    return f"{state.recorded_at:%Y-%m-%d}"


def _quote(state: ClauseState) -> str:
    first = state.quotations[0]
    shown = first if len(first) <= QUOTED_CHARACTERS else first[: QUOTED_CHARACTERS - 1] + "…"
    more = len(state.quotations) - 1
    return f"“{shown}”" + (f" and {more} more" if more else "")
