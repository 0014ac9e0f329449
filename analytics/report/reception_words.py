"""How the response is taken, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from analytics.reception import LANGUAGE
from analytics.report.formatting import (
    NO_BREAK,
    upper_first,
    write_count,
    write_day,
    write_number,
    write_share,
    write_small,
)
from analytics.report.model import Report
from analytics.report.reception import CountedShare, Reception

HOW = (
    "By rules over words, in English: they find at least so many who speak of it, and cannot hear irony. A statement,"
    " an apology, an explanation or a step back counts as response. Who accepts and rejects it is under neither; the"
    " brand’s own posts are left out."
)


@dataclass(frozen=True, slots=True)
class ReceptionWords:
    """What is said of it; `rows` are stance, share, interval and n, empty where there are too few for shares."""

    said: str
    rows: tuple[tuple[str, str, str, str], ...]
    note: str


def write_reception(report: Report) -> ReceptionWords | None:
    """What people say of the response; None where the newest event has none up to the week."""
    found = report.reception
    if found is None:
        return None
    days = f"the 28 days from {write_day(found.responded)}, the day of the response"
    if report.week + timedelta(days=7) < found.responded + timedelta(days=28):
        days = f"the days from {write_day(found.responded)}, the day of the response, to the end of the week"
    if found.language != LANGUAGE:
        return ReceptionWords(
            f"The rules know English only, and this brand is spoken of in “{found.language}”: not answered.", (), ""
        )
    if not found.authors:
        return ReceptionWords(f"No post of {days} counts: not answered.", (), "")
    if found.share is None:
        return ReceptionWords(
            f"{upper_first(write_count(found.authors, 'author'))} posted in {days}: too few for a share.", (), HOW
        )
    sure = f"95{NO_BREAK}% interval {_ends(found.share)}; n{NO_BREAK}{write_number(found.share.of)}"
    said = f"In {days}, {write_share(found.share.share)} of the authors spoke of it ({sure})."
    if found.accepts is None or found.rejects is None or found.neither is None:
        few = "Nobody did" if not found.speaking else f"{upper_first(write_small(found.speaking, 'author'))} did"
        return ReceptionWords(f"{said} {few}: too few to say in shares how they take it.", (), HOW)
    return ReceptionWords(f"{said} Of these authors:", _rows(found), HOW)


def _rows(found: Reception) -> tuple[tuple[str, str, str, str], ...]:
    told = (("Accept it", found.accepts), ("Reject it", found.rejects), ("Neither, or both", found.neither))
    return tuple(
        (words, write_share(share.share), _ends(share), write_number(share.of))
        for words, share in told
        if share is not None
    )


def _ends(share: CountedShare) -> str:
    low, high = (write_number(end, 0 if end >= 9.95 or end < 0.05 else 1) for end in (share.low, share.high))
    return f"{low} to {high}"
