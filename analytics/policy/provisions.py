"""What a sentence of terms lets a company do with data, or keeps it from doing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from analytics.policy.extent import NO_EXTENT, Extent, read_extent
from analytics.policy.vocabulary import Entry, read_vocabulary

MEMORY = 20_000  # parts: a recorded page may say the same thing a hundred thousand times
PARTS = 200  # of a sentence that are told apart
READ = 20_000  # characters of a sentence; no clause is longer, a page without a full stop is
# A semicolon, "and we" or "but you" begins another thought; without a verb of its own it carries on the one before it.
PART = re.compile(
    r"\s*;\s*|,?\s+(?:and|but|or)\s+(?=(?:we|you)\b(?! to\b))|,\s+(?=(?:provided that|however|but)\b)"
    r"|\s+(?=(?:provided that|notwithstanding the (?:above|foregoing))\b)"
)
PARENTHESIS = re.compile(r"\(([^()]{1,400})\)")
QUOTED = re.compile(r'"([^"]{1,60}?)[,.]?"')
ABOUT_DATA = re.compile(r"\b(?:data|information|content|consent|processing|tracking|cookies)\b")
TITLED = re.compile(
    r"\b([A-Z]\w+) (?:Terms of (?:Service|Use)|Terms|Privacy (?:Policy|Statement|Notice)|User Agreement)\b"
)
ACTS = r"(?:may|will|shall|can|retains|collects|uses|does)\b"
NO_NAMES = frozenset(
    {"you", "your", "service", "services", "these", "this", "our", "the", "network", "website", "updated", "general"}
)
PRONOUNS = frozenset({"we", "us", "our", "ours"})

Kind: TypeAlias = Literal["grant", "restriction"]


@dataclass(frozen=True, slots=True)
class Provision:
    """`grant`: the company may; `restriction`: it may not, only so far, or people can refuse. `practice`: what."""

    kind: Kind
    practice: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence, folded: its kind (None: says neither), which practices it names, and what it provides."""

    text: str
    bare: str  # without the phrases that the vocabulary blanks
    kind: Kind | None
    practices: frozenset[str]
    provisions: frozenset[Provision]
    modality: str
    extent: Extent


def find_company_names(text: str) -> frozenset[str]:
    """The names by which a text calls the company.

    Those beside "we" and "us" in one parenthesis ("Acme Cloud," "we," or "us"), the first word of one where it acts by
    itself ("Acme may"), and who stands at the text's head ("Acme Terms of Service").
    """
    names = {found[1] for found in TITLED.finditer(text[:500])}
    for inside in PARENTHESIS.findall(text):
        quoted = [name.strip() for name in QUOTED.findall(inside)]
        if PRONOUNS & {name.casefold() for name in quoted}:
            names.update(name for name in quoted if name[:1].isupper() and name.casefold() not in PRONOUNS)
    names |= {
        word for name in names if " " in name and re.search(rf"\b{re.escape(word := name.split()[0])} {ACTS}", text)
    }
    return frozenset(name for name in names if name.casefold() not in NO_NAMES)


def name_as_we(text: str, names: frozenset[str]) -> str:
    """The text in lower case, "we" and "our" in place of the company's names (not of "Acme Account")."""
    if names:
        text = compile_names(names).sub(lambda found: "our" if found[1] else "we", text)
    return text.casefold()


@lru_cache(maxsize=100)
def compile_names(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})(?:('s?)(?!\w)|(?!\w)(?! [A-Z]))")


GENERAL = "handling"  # the practice of any use that is no other
# A licence lists every act that copyright knows ("use, store, distribute"): they are its own and no practice besides.
ACTS_OF_A_LICENCE = frozenset({"collection", "retention", "monitoring", GENERAL})
LASTING = frozenset({"retention", "licence"})
ORDER = ("void", "unlimited", "no_right", "duty", "refusal", "right", "limit", "condition", "permission")
KINDS: dict[str, Kind] = {
    "unlimited": "grant",
    "no_right": "grant",
    "permission": "grant",
    "refusal": "restriction",
    "limit": "restriction",
    "right": "restriction",
}


def read_parts(sentence: str, lead: str = "", names: frozenset[str] = frozenset()) -> Iterator[Part]:
    """The parts of a sentence in order. `lead` is the sentence with a colon under which it is an item of a list."""
    carried, heard = "none", ""
    if lead:
        heard = blank(PART.split(name_as_we(lead[-READ:], names))[-1])
        carried = name_modality(heard)
    for text in PART.split(name_as_we(sentence[:READ], names), maxsplit=PARTS):
        part, carried = read_part(text, carried, heard)
        heard = ""
        yield part


@lru_cache(maxsize=MEMORY)
def read_part(text: str, carried: str, lead: str) -> tuple[Part, str]:
    """A part and its modality, which is that of the part before where it has none of its own."""
    bare = blank(text)
    modality = name_modality(bare)
    modality = carried if modality == "none" else modality
    kind = KINDS.get(modality)
    if modality == "void":
        return Part(text, "", None, frozenset(), frozenset(), modality, NO_EXTENT), modality
    named = find_practices(f"{lead} {bare}".strip())
    if lead and not read_vocabulary().modality["item"].search(bare):
        named = named - find_practices(lead) | find_practices(bare)
    practices = named
    several_limited = modality == "limit" and len(practices) > 1  # "only collect, use and store": all that is done
    refusable = modality == "right" and not practices and ABOUT_DATA.search(bare)
    if kind is None:
        practices = frozenset()
    elif kind == "grant":  # every policy uses data for something
        practices = practices - {GENERAL}
    elif several_limited or refusable:
        practices = frozenset({GENERAL})
    provisions = frozenset(Provision(kind, practice) for practice in practices) if kind else frozenset()
    return Part(text, bare, kind, named, provisions, modality, measure(text, bare, modality, named)), modality


def measure(text: str, bare: str, modality: str, practices: frozenset[str]) -> Extent:
    """How far a part reaches. What people must or may do themselves has no extent for the company."""
    if modality in ("duty", "no_right"):
        return NO_EXTENT
    kept = bool(practices & LASTING) or "retention" in find_names(read_vocabulary().themes, bare)
    return read_extent(text, lasts=kept and modality != "right", refuses=modality == "refusal")


def blank(text: str) -> str:
    """The text without phrases that look like a provision and are none."""
    return str(read_vocabulary().modality["blank"].sub(" ", text))


def name_modality(text: str) -> str:
    """The first entry of the vocabulary's modality that fits this part of a sentence, or "none"."""
    modality = read_vocabulary().modality
    return next((name for name in ORDER if modality[name].search(text)), "none")


def find_practices(folded: str) -> frozenset[str]:
    found = find_names(read_vocabulary().practices, folded)
    return found - ACTS_OF_A_LICENCE if "licence" in found else found


def find_names(entries: tuple[Entry, ...], folded: str) -> frozenset[str]:
    return frozenset(entry.name for entry in entries if entry.found_in(folded))
