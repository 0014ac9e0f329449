"""Changes that are none: what differs is the page's machinery, the capture, the order or a number."""

from __future__ import annotations

from collections.abc import Sequence

import re2

from analytics.policy.alignment import surplus
from analytics.policy.document import Document, make_key
from analytics.policy.plain_text import replace_unreadable, shorten_links
from analytics.policy.stated_dates import states_only_a_date

BROKEN = "broken capture"
SAME_WORDS = frozenset(
    {
        *("no difference", "tokens inside links", "link targets", "page furniture", "markup only"),
        *("punctuation or case", "numbering"),
    }
)
SHORT = 10  # a capture of less than one part in this many is broken
LONG_ENOUGH = 1_000  # characters: a text shorter than this may well grow tenfold
LASTING = 4  # so many short versions at the end are the new text, and no broken captures
PAGE = 3_000  # characters: a page of log-in, error or consent is no longer
INSTEAD = re2.compile(
    r"(?i)\b(?:sign in|log ?in|enable (?:javascript|cookies)|access denied|forbidden|not found|captcha"
    r"|too many requests|are you (?:a )?(?:human|robot)|verify (?:that )?you are"
    r"|(?:service|temporarily) unavailable|something went wrong)\b"
)


def name_noise(before: Document, after: Document, title: str = "") -> str:
    """Why the two texts say the same, or an empty string. Asked from the cheapest to the dearest.

    `title`: the document's name, which some captures have as its heading and others do not.
    """
    if before.raw == after.raw:
        return "no difference"
    if differ_in_tokens_only(before.raw, after.raw):
        return "tokens inside links"
    if before.without_links == after.without_links:
        return "link targets"
    if before.plain == after.plain:
        return "page furniture" if before.page[1] != after.page[1] else "markup only"
    if before.numbered_words == after.numbered_words:
        return "punctuation or case"
    if before.words == after.words:
        return "numbering"
    if before.counts == after.counts:
        return "moved text"
    if before.letters == after.letters:
        return "spacing"
    differing = (*surplus(before, after), *surplus(after, before))
    named = frozenset(make_key(title).split())
    if named and all(named.issuperset(one.words) for one in differing):
        return "title only"
    if all(states_only_a_date(one.text) for one in differing):
        return "stated date only"
    return ""


def differ_in_tokens_only(before: str, after: str) -> bool:
    """Are the texts equal but for what stands behind the ? or # of addresses, none of which goes over a line's end?"""
    lines = before.split("\n"), after.split("\n")
    return len(lines[0]) == len(lines[1]) and all(
        old == new or shorten_links(old) == shorten_links(new) for old, new in zip(*lines, strict=True)
    )


def find_broken(texts: Sequence[str]) -> list[bool]:
    """Which captures of one document, in order of time, are no text of it: empty, another page instead, or a fraction.

    A run of short captures counts as broken if the text comes back; at the end of the record, while there are fewer
    than LASTING of them.
    """
    lengths = [len(text.strip()) for text in texts]
    sound = max(lengths[:LASTING], default=0)  # of the last capture that was one; at the start of the first few
    broken: list[bool] = []
    for length, text in zip(lengths, texts, strict=True):
        too_short = sound >= LONG_ENOUGH and length * SHORT < sound
        instead = length < PAGE and 2 * length < sound and INSTEAD.search(replace_unreadable(text))
        broken.append(not length or too_short or bool(instead))
        if not broken[-1]:
            sound = length
    run = next((number for number, bad in enumerate(reversed(broken)) if not bad), len(broken))
    if run >= LASTING and any(lengths[-run:]):
        broken[-run:] = [not length for length in lengths[-run:]]
    return broken
