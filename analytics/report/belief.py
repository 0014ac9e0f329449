"""What people say of the terms beside what the terms have, who speaks, and whose posts they are: tables in words."""

from __future__ import annotations

from datetime import timedelta

from analytics.report.deciding import status_at
from analytics.report.formatting import (
    NO_BREAK,
    join_words,
    write_count,
    write_day,
    write_number,
    write_percent,
    write_share,
)
from analytics.report.model import ClaimRow, Report, VoicedShare

SPEAKERS = {
    "customer": "Say that they are customers",
    "administrator": "Say that they administer it for others",
    "leaving": "Say that they leave or have left",
    "press": "Press",
    "official": "The brand itself",
    "unknown": "Do not say who they are",
}
CLAUSES = {
    "in_text": "a sentence speaks of it",
    "not_found": "no sentence speaks of it",
    "no_text": "no version is recorded",
}


def write_claims(report: Report) -> list[dict[str, str]]:
    """One row a claim: how many voiced it then and now, what a person found, what the recorded text has."""
    return [
        {
            "says": f"“{report.name} {row.says}”",
            "event": _voiced(row.event),
            "now": _voiced(row.now),
            "found": _found(row, report),
            "clause": f"{row.document}: {CLAUSES.get(row.clause, row.clause)}",
            "quotation": _quotation(row),
        }
        for row in report.claims
    ]


def write_speakers(report: Report) -> list[dict[str, str]]:
    """One row a kind of speaker, with voices in four weeks of the event and in the last four."""
    return [
        {
            "speaker": SPEAKERS.get(row.speaker, row.speaker),
            "event": "–" if row.event is None else write_number(row.event),
            "now": "–" if row.now is None else write_number(row.now),
        }
        for row in report.speakers
    ]


def write_voice_shares(report: Report) -> str:
    """Whose posts they are, of the brand's and its peers', in one sentence; empty without peers."""
    shares = report.voice_shares
    if not shares:
        return ""
    why = next((share.why_no_share for share in shares if share.why_no_share), "")
    if why or any(share.share is None for share in shares):
        return f"No share of voice is told: {why or 'there were no posts in the last four weeks'}."
    named = join_words([f"{share.name} {write_percent(share.share)}" for share in shares])
    return f"Of {write_count(shares[0].posts_all, 'post')} on the brand and its peers in the last four weeks: {named}."


def _voiced(share: VoicedShare | None) -> str:
    if share is None:
        return "–"
    if share.low is None or share.high is None:
        return f"{write_number(share.authors)} of {write_number(share.authors_all)}"
    digits = 0 if share.share >= 9.95 else 1
    low, high = write_number(share.low, digits), write_number(share.high, digits)
    return f"{write_share(share.share)} ({low} to {high}; n{NO_BREAK}{write_number(share.authors_all)})"


def _found(row: ClaimRow, report: Report) -> str:
    status = status_at(row, report.week + timedelta(weeks=1))
    if status == "unconfirmed":
        return "nobody has checked"
    found = {"in_text": "the terms say so", "never": "the terms do not say so"}.get(status)
    if found is None:
        found = f"they said so until {write_day(row.until)}" if row.until else "they said so once"
    checked = f", {write_day(row.checked_on)}" if row.checked_on else ""
    return f"{found} ({row.checked_by}{checked})" if row.checked_by else found


def _quotation(row: ClaimRow) -> str:
    if row.event_date is None or not row.quotations:
        return ""
    return f"Recorded before {write_day(row.event_date)}: “{row.quotations[0]}”"
