"""What a sentence of terms lets a company do with data, or keeps it from doing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from analytics.policy.vocabulary import Entry, read_vocabulary

READ = 20_000  # characters of a sentence; no clause is longer, a page without a full stop is
# A colon, a semicolon or "and we", "but you" begins another thought. What follows carries its verb on: "(ii) for research".
PART = re.compile(
    r"\s*;\s*|,?\s+(?:and|but|or)\s+(?=(?:we|you)\b(?! to\b))|,\s+(?=(?:provided that|however|but)\b)"
    r"|\s+(?=(?:provided that|notwithstanding the (?:above|foregoing))\b)"
)
PARENTHESIS = re.compile(r"\(([^()]{1,400})\)")
QUOTED = re.compile(r'"([^"]{1,60}?)[,.]?"')
PRONOUNS = frozenset({"we", "us", "our", "ours"})

Kind: TypeAlias = Literal["grant", "restriction"]


@dataclass(frozen=True, slots=True)
class Provision:
    """`grant`: the company may; `restriction`: it may not, only so far, or people can refuse. `practice`: what."""

    kind: Kind
    practice: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence, folded: its kind (None: says neither), and what it provides."""

    text: str
    kind: Kind | None
    provisions: frozenset[Provision]


def find_company_names(text: str) -> frozenset[str]:
    """The names that a text gives the company beside "we" and "us" in one parenthesis: ("Acme," "we," or "us")."""
    names: set[str] = set()
    for inside in PARENTHESIS.findall(text):
        quoted = [name.strip() for name in QUOTED.findall(inside)]
        if PRONOUNS & {name.casefold() for name in quoted}:
            names.update(name for name in quoted if name[:1].isupper() and name.casefold() not in PRONOUNS)
    return frozenset(name for name in names if name.casefold() not in {"you", "your", "services", "service"})


def name_as_we(text: str, names: frozenset[str]) -> str:
    """The text in lower case, "we" and "our" in place of the company's names (not of "Acme Account")."""
    for name in sorted(names, key=lambda name: (-len(name), name)):
        text = re.sub(rf"\b{re.escape(name)}(?:'s|')(?!\w)", "our", text)
        text = re.sub(rf"\b{re.escape(name)}\b(?! [A-Z])", "we", text)
    return text.casefold()


def read_parts(sentence: str, lead: str = "", names: frozenset[str] = frozenset()) -> Iterator[Part]:
    """The parts of a sentence in order. `lead` is the sentence with a colon under which it is an item of a list."""
    modality = read_vocabulary().modality
    carried = "none"
    if lead:
        folded = name_as_we(lead[-READ:], names)
        carried = name_modality(modality["blank"].sub(" ", PART.split(folded)[-1]))
    for number, text in enumerate(PART.split(name_as_we(sentence[:READ], names))):
        bare = modality["blank"].sub(" ", text)
        own = name_modality(bare)
        if own == "none":
            own = carried
        carried = own
        yield make_part(text, bare, own, lead if number == 0 else "")


def name_modality(text: str) -> str:
    """The first entry of the vocabulary's modality that fits this part of a sentence, or "none"."""
    modality = read_vocabulary().modality
    order = ("void", "unlimited", "no_right", "duty", "refusal", "right", "limit", "condition", "permission")
    return next((name for name in order if modality[name].search(text)), "none")


KINDS: dict[str, Kind] = {
    "unlimited": "grant",
    "no_right": "grant",
    "permission": "grant",
    "refusal": "restriction",
    "limit": "restriction",
    "right": "restriction",
}


def make_part(text: str, bare: str, modality: str, lead: str) -> Part:
    kind = KINDS.get(modality)
    practices = find_practices(f"{lead.casefold()} {bare}" if lead else bare)
    if kind is None:
        return Part(text, None, frozenset())
    if kind == "grant":  # every policy uses data for something
        practices = practices - {"handling"}
    elif modality == "right" and not practices:
        practices = frozenset({"handling"})
    return Part(text, kind, frozenset(Provision(kind, practice) for practice in practices))


def find_practices(folded: str) -> frozenset[str]:
    return find_names(read_vocabulary().practices, folded)


def find_names(entries: tuple[Entry, ...], folded: str) -> frozenset[str]:
    return frozenset(entry.name for entry in entries if entry.found_in(folded))
