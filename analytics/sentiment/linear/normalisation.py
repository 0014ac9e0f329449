"""What a text is turned into before it is read: names, people, links and case say nothing of a mood."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from analytics.sentiment.names import MASK, NameMask

LINK, PERSON = "\x01", "\x02"  # no word in any text: a link, and a brand or @user
# One pattern a sign, each beginning with plain letters: Python's engine runs to those without trying the rest.
LINKS = (("http", re.compile(r"http(?:s?)://\S+")), ("www.", re.compile(r"www\.\S+")))
USERS = re.compile(r"@(?<!\w@)\w+")


def readable(texts: Iterable[str], names: Sequence[str]) -> list[str]:
    """The texts as people saw them, brand names masked: what VADER's features are taken from."""
    mask = NameMask(names).mask
    return [mask(html.unescape(text) if "&" in text else text) for text in texts]


def hashable(readable: Iterable[str]) -> list[str]:
    """What n-grams are taken from: lower case, with one sign for every link and one for every @user and brand name."""
    return [hide_names(text.lower()) for text in readable]


def hide_names(text: str) -> str:
    for beginning, pattern in LINKS:
        if beginning in text:
            text = pattern.sub(LINK, text)
    if "@" in text:
        text = USERS.sub(PERSON, text)
    return text.replace(MASK, PERSON)
