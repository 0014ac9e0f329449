"""A version's text read once: sentences, each with the clause it stands in and a key by which it is compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analytics.policy.furniture import split_furniture
from analytics.policy.plain_text import (
    Block,
    drop_link_targets,
    replace_unreadable,
    split_into_blocks,
)
from analytics.policy.provisions import find_company_names

END = re.compile(r"""[.!?]["')\]]*\s+(?=["'(\[]*[A-Z0-9])""")
# What ends with a full stop and is no end of a sentence. A single letter is an initial ("U.S. law").
ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'])(?:(?:[A-Za-z]\.)*[A-Za-z]|e\.?g|i\.?e|etc|vs?|no|nos|sec|art|para|cf|approx|mr|mrs|ms|dr|st|ave)\.$",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[$€£%]")
ENUMERATOR = re.compile(r"\((?:[ivxlc]{1,6}|[a-z]|\d{1,2})\)")
CROSS_REFERENCE = re.compile(
    r"\b(sections?|clauses?|articles?|paragraphs?)\s+\d{1,3}(?:\.\d{1,3})*(?:\([a-z0-9]{1,4}\))*"
    r"(?:\s*(?:,|-|\band\b|\bor\b|\bto\b|\bthrough\b)+\s*\d{1,3}(?:\.\d{1,3})*(?:\([a-z0-9]{1,4}\))*)*"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`key`: its words in lower case, without punctuation, enumerators and the numbers of other clauses.

    `lead` is the sentence with a colon ("We use your information to:") under which it is an item of a list, or empty.
    """

    text: str
    key: str
    clause: str
    lead: str = ""

    @property
    def words(self) -> list[str]:
        return self.key.split()


class Document:
    """A text at growing distance from its raw form, each worked out when it is asked for: most versions are noise."""

    def __init__(self, text: str) -> None:
        self.raw = text

    @cached_property
    def without_links(self) -> str:
        return drop_link_targets(replace_unreadable(self.raw))

    @cached_property
    def page(self) -> tuple[str, str]:
        """The text itself, and the page's furniture around it."""
        return split_furniture(replace_unreadable(self.raw))

    @cached_property
    def blocks(self) -> list[Block]:
        return split_into_blocks(drop_link_targets(self.page[0]))

    @cached_property
    def plain(self) -> str:
        """Without markup; bullets count as such, numbers of clauses do not."""
        return " ".join(f"{block.number} {block.text}".strip() for block in self.blocks)

    @cached_property
    def numbered_words(self) -> str:
        return " ".join(WORD.findall(self.plain.casefold()))

    @cached_property
    def words(self) -> str:
        """Every sentence's key, joined: two texts equal in it say the same in the same order."""
        return " ".join(sentence.key for sentence in self.sentences)

    @cached_property
    def letters(self) -> str:
        """The same without spaces, which a capture loses between two elements of a page."""
        return self.words.replace(" ", "")

    @cached_property
    def length(self) -> int:
        """In words."""
        return self.words.count(" ") + 1 if self.words else 0

    @cached_property
    def sentences(self) -> list[Sentence]:
        return list(read_sentences(self.blocks))

    @cached_property
    def company_names(self) -> frozenset[str]:
        return find_company_names(self.plain)

    def share_words(self, other: Document) -> None:
        """Take over what was read of a text with the same words, so that this one need not be read."""
        for name in ("words", "length", "sentences", "counts", "company_names"):
            if name in other.__dict__:
                self.__dict__[name] = other.__dict__[name]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each sentence stands here, by key."""
        return Counter(sentence.key for sentence in self.sentences)


def read_sentences(blocks: list[Block]) -> Iterator[Sentence]:
    heading = clause = lead = ""
    for block in blocks:
        label = f"{block.number.strip('().')} {block.title}".strip()
        if block.heading:
            heading = clause = block.text
        elif block.number or block.title:
            clause = label if block.title or "." in block.number else f"{heading} {label}".strip()
        if not block.item or "." in block.number.rstrip("."):  # "2.2" is a clause of its own
            lead = ""
        for text in split_into_sentences(block.text):
            if key := make_key(text):
                yield Sentence(text, key, clause, lead)
                lead = text if text.endswith(":") else lead


def split_into_sentences(text: str) -> Iterator[str]:
    """The sentences of one block."""
    start = 0
    for end in END.finditer(text):
        stop = end.start() + 1
        if not ABBREVIATION.search(text, max(start, stop - 12), stop):
            yield text[start : end.end()].strip()
            start = end.end()
    if rest := text[start:].strip():
        yield rest


def make_key(text: str) -> str:
    folded = ENUMERATOR.sub(" ", CROSS_REFERENCE.sub(r"\1", text.casefold()))
    return " ".join(WORD.findall(folded))
