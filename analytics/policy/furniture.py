"""The page's furniture: menus, banners and footers that a capture took along. They are no part of the terms.

A menu is told by what it is made of and by where it stands, never by its subject: blocks that hold nothing but short
links, outside of the clauses; the short labels above them; rows of short labels. A clause is prose, and prose is never
furniture, but for a banner that asks for cookies right above its own buttons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from analytics.policy.plain_text import BULLET, ESCAPE, HEADING, LINK, NUMBER, RULE, UNDERLINE

LABEL_WORDS = 8  # a link of a menu is no longer
ROW = 5  # so many labels without prose between them, where no link is told, are a menu
BANNER_WORDS = 80
IMAGE = re.compile(LINK.pattern.replace("!?", "!", 1))
WORD = re.compile(r"[^\W_]+")
SENTENCE = re.compile(r"[.?!:;](?:[\s\"')\]*_]|\Z)|\b(?:19|20)\d\d\b")  # an end, or a year: a date is told in few words
# Who speaks of what may be done speaks in a clause, however short.
CLAUSE = re.compile(
    r"(?i)\b(?:we|us|our|you|your|they|may|must|will|shall|can|cannot|not|no|never|only|do|does|is|are|agree)\b"
)
CONTROLS = re.compile(
    r"(?i)(?:(?:accept|reject|allow|decline|deny|refuse)(?: all)?(?: cookies)?"
    r"|(?:cookie|privacy) (?:settings|preferences|choices)|got it|ok(?:ay)?|i agree"
    r"|(?:manage|customi[sz]e|change)(?: my| your)?(?: cookies?| privacy)?(?: settings| preferences| choices| options)?"
    r"|(?:only )?(?:strictly )?(?:necessary|essential)(?: cookies)?(?: only)?|save(?: and close)?|close|learn more"
    r"|skip to (?:main )?content|back to top|sign in|log in|sign up|menu|search|print(?: this page)?"
    r"|share|select a language)"
)
BANNER = re.compile(r"(?i)\bcookies?\b")
COPYRIGHT = re.compile(r"(?i)\s*(?:©|\(c\)|copyright)[^\n]{0,120}")


def split_furniture(text: str) -> tuple[str, str]:
    """The text without its furniture, and the furniture. Links still have their addresses."""
    groups = [list(lines) for empty, lines in groupby(text.split("\n"), key=lambda line: not line.strip()) if not empty]
    found = find_furniture(["\n".join(group) for group in groups])
    if all(found):  # then it is a short text, and no menu
        found = [False] * len(found)
    kept, dropped = (
        "\n\n".join("\n".join(group) for group, is_furniture in zip(groups, found, strict=True) if is_furniture == side)
        for side in (False, True)
    )
    return kept, dropped


def find_furniture(paragraphs: Sequence[str]) -> list[bool]:
    """Which paragraphs are furniture."""
    links, labels, controls = (
        [told(paragraph) for paragraph in paragraphs] for told in (holds_only_links, is_label, is_control)
    )
    plain = [label and not is_heading(paragraph) for label, paragraph in zip(labels, paragraphs, strict=True)]
    found = [control and not is_heading(paragraph) for control, paragraph in zip(controls, paragraphs, strict=True)]
    for number, paragraph in enumerate(paragraphs):
        if number and controls[number] and is_banner(paragraphs[number - 1]):
            found[number - 1] = True
        if links[number] and leads_within_the_page(paragraph):
            found[number] = True
    for order in (range(len(paragraphs)), range(len(paragraphs) - 1, -1, -1)):
        edge = []
        for number in order:
            if not (links[number] or labels[number] or found[number] or COPYRIGHT.fullmatch(paragraphs[number])):
                break
            edge.append(number)
        edge.sort()
        mark_edge(edge, links, labels, plain, found)
        for number in edge:
            found[number] = found[number] or COPYRIGHT.fullmatch(paragraphs[number]) is not None
    return found


def mark_edge(
    edge: Sequence[int], links: Sequence[bool], labels: Sequence[bool], plain: Sequence[bool], found: list[bool]
) -> None:
    """Mark in `found` what is furniture before the first clause, or behind the last one.

    Links are; so is a label from which only labels lead to links; so are `plain` labels, no headings, in a row.
    """
    leads = False
    for number in reversed(edge):
        leads = links[number] or (leads and labels[number])
        found[number] = found[number] or leads
    for is_row, numbers in groupby(edge, key=lambda number: plain[number] and not found[number]):
        row = list(numbers)
        if is_row and len(row) >= ROW:
            for number in row:
                found[number] = True


def bare(paragraph: str) -> str:
    """Its words, without bullets, marks of headings, rules and pipes."""
    lines = (
        BULLET.sub("", HEADING.sub("", line))
        for line in paragraph.split("\n")
        if not UNDERLINE.fullmatch(line) and not RULE.fullmatch(line)
    )
    return "\n".join(ESCAPE.sub(r"\1", line).replace("|", " ") for line in lines)


def is_heading(paragraph: str) -> bool:
    return HEADING.match(paragraph) is not None or any(UNDERLINE.fullmatch(line) for line in paragraph.split("\n"))


def holds_only_links(paragraph: str) -> bool:
    """Are there links, each of a few words and no sentence, and nothing beside? Addresses of people are no menu."""
    text = IMAGE.sub(" ", bare(paragraph))
    links = list(LINK.finditer(text))
    return (
        bool(links)
        and not WORD.search(LINK.sub(" ", text))
        and all(
            len(WORD.findall(link[1])) <= LABEL_WORDS
            and not SENTENCE.search(link[1])
            and not link[2].startswith(("mailto:", "tel:"))
            for link in links
        )
    )


def leads_within_the_page(paragraph: str) -> bool:
    """A table of contents, or a way back to the top."""
    return all(found[2].startswith("#") for found in LINK.finditer(paragraph))


def is_label(paragraph: str) -> bool:
    """A few words that say nothing by themselves: no sentence, number of a clause, date, or word of a clause."""
    text = LINK.sub(r"\1", bare(paragraph))
    return all(
        0 < len(WORD.findall(line)) <= LABEL_WORDS
        and not SENTENCE.search(line)
        and not CLAUSE.search(line)
        and not NUMBER.match(line)
        for line in text.split("\n")
        if line.strip()
    )


def is_control(paragraph: str) -> bool:
    """Buttons and nothing else."""
    lines = [LINK.sub(r"\1", line).strip(" *_[]") for line in bare(paragraph).split("\n")]
    return any(lines) and all(CONTROLS.fullmatch(line) for line in lines if line)


def is_banner(paragraph: str) -> bool:
    return BANNER.search(paragraph) is not None and len(WORD.findall(paragraph)) <= BANNER_WORDS
