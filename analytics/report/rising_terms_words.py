"""Words that rise, in words."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.report.formatting import upper_first, write_number, write_share
from analytics.report.model import Report
from analytics.report.phrases import is_empty, write_state

HOW = (
    "Words and pairs of words that more voices use this week than in the eight weeks before: z of the log-odds ratio"
    " with an informative Dirichlet prior, 3 or more, by five voices at least; a voice counts once a week, copies of a"
    " text as one. Of more than 8,000 posts this week, or before it, a fixed sample of voices is read. Names of"
    " brands are left out. How a word is meant is not looked at."
)


@dataclass(frozen=True, slots=True)
class RisingWords:
    """A row for each term: the term, voices this week, their share, that of the eight weeks before, and z."""

    rows: tuple[tuple[str, ...], ...]
    none: str
    how: str


def write_rising_terms(report: Report) -> RisingWords:
    """The terms that rise most first; one line where none does."""
    rows = tuple(
        (
            row.term,
            write_number(row.voices),
            write_share(row.share_now),
            write_share(row.share_before) if row.share_before else "new",
            write_number(row.z, 1, signed=True),
        )
        for row in report.rising_terms
    )
    none = "" if rows else "No word is used by more voices than chance would have it, or too few spoke."
    if is_empty(report):
        none = f"{upper_first(write_state(report)) or 'Silence'}: there is no word of this week to look at."
    return RisingWords(rows, none, HOW)
