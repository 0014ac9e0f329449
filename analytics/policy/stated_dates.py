"""The date that a text gives itself ("Effective Date: March 31, 2023"). What is not written there is not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

# Not from `calendar`, whose names follow the machine's language.
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTH = "(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:4]})?(?:{name[3:]})?" for name in MONTHS) + r")\b\.?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>(?:19|20)\d\d)"
FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{MONTH}\s+{DAY}\s*,?\s*{YEAR}\b",
        rf"{DAY}\s+(?:of\s+)?{MONTH}\s*,?\s*{YEAR}\b",
        rf"{YEAR}[-/.](?P<month>\d{{1,2}})[-/.]{DAY}\b",
        rf"(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-]{YEAR}\b",
    )
)
NUMBERS_ONLY = FORMS[-1]
BETWEEN = r"[\s:,()\-]*(?:(?:date|is|as|of|from|on|starting|beginning|since|the)\b[\s:,()\-]*){0,4}$"
EFFECTIVE = re.compile(
    r"\b(?:effective|(?:takes?|took) effect|into effect|in force|into force|applies|apply)" + BETWEEN
)
UPDATED = re.compile(
    r"\b(?:last|latest|most recent(?:ly)?|recent)?\s*(?:updated?|modified|revised|revision|changed|amended|posted)"
    + BETWEEN
)
SUBJECT = re.compile(
    r"\b(?:this|these|our|the)\b[^.]{0,80}\b(?:terms|policy|agreement|notice|statement|conditions|version)\b"
)
LABEL_LENGTH = 60  # of the words before a date among which its label is looked for
SHORT = 120  # characters: in a longer sentence a date may be that of a law or an offer


def read_stated_date(sentences: Sequence[str]) -> date | None:
    """The date from which a text says it applies, else when it says it was last changed, else None.

    Read are English month names, ISO, and numbers where only one order of day and month is possible. In a long sentence
    only a date that follows the words "these terms", "this policy" or the like counts.
    """
    for label in (EFFECTIVE, UPDATED):
        for sentence in sentences:
            if found := next(find_dates(sentence, label), None):
                return found
    return None


def states_only_a_date(sentence: str) -> bool:
    """Is this sentence no more than a label and the date ("Last updated: 1 July 2023")?"""
    return len(sentence) <= SHORT and any(
        next(find_dates(sentence, label), None) and len(sentence.split()) <= 9 for label in (EFFECTIVE, UPDATED)
    )


def find_dates(sentence: str, label: re.Pattern[str]) -> Iterator[date]:
    folded = sentence[:2000].casefold()
    if not re.search(r"(?:19|20)\d\d", folded):
        return
    for form in FORMS:
        for found in form.finditer(folded):
            lead = folded[max(0, found.start() - LABEL_LENGTH) : found.start()]
            named = label.search(lead)
            told_of_itself = named and (
                SUBJECT.search(folded[: found.start()]) or named.start() <= 3 or len(folded) <= SHORT
            )
            if told_of_itself and (stated := make_date(found, form)):
                yield stated


def make_date(found: re.Match[str], form: re.Pattern[str]) -> date | None:
    day, month, year = int(found["day"]), found["month"], int(found["year"])
    number = (
        int(month) if month.isdigit() else next(n for n, name in enumerate(MONTHS, 1) if name.startswith(month[:3]))
    )
    if form is NUMBERS_ONLY:
        if day <= 12 and number <= 12 and day != number:
            return None  # 03/04/2023: March or April
        if number > 12:
            day, number = number, day
    try:
        return date(year, number, day)
    except ValueError:
        return None
