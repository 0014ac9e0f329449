"""Brand names, taken out of a text before it is scored: "united" is praise to VADER (+1.8), "discord" blame (−1.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

MASK = "brandname"  # no lexicon and no rule of VADER knows it
SEPARATORS, APART = r"[\s_-]+", r"[\s_-]*"  # between the words of a name, and between them in a text
PLACE = "\ue000"  # stands for the mask until its case is known: a private character, neither upper nor lower


def normalise(names: Sequence[str]) -> tuple[str, ...]:
    """Names as they are compared: without @ and #, in lower case, spaces as one; once each, longest first.

    What holds no letter or digit is no name.
    """
    plain = {" ".join(name.lstrip("@#").casefold().split()) for name in names}
    names_of_letters = (name for name in plain if any(map(str.isalnum, name)))
    return tuple(sorted(names_of_letters, key=lambda name: (-len(name), name)))


class NameMask:
    """Puts a neutral word in place of every name, its @handle, its #hashtag and its possessive, in any case.

    A name is masked where it stands as a word: "Delta" is, "deltas" is not. A name of several words is masked written
    together or with hyphens too, as hashtags have it.
    """

    def __init__(self, names: Sequence[str]) -> None:
        plain = normalise(names)
        self._pattern = re.compile(pattern(plain), re.DOTALL) if plain else None

    def mask(self, text: str) -> str:
        """Mask the names in one text.

        A name is written by its owner's rule, so it must neither be emphasis nor take emphasis away: among words that
        are all in capitals the mask is in capitals, else in lower case.
        """
        if self._pattern is None:
            return text
        masked = self._pattern.sub(PLACE, text)
        return masked.replace(PLACE, MASK.upper() if masked.isupper() else MASK)


def pattern(names: Sequence[str]) -> str:
    """A regular expression of all names, which are tried in the order given; it heeds the case of its flags alone.

    It begins with a class of characters, because Python's engine runs to the next of those without trying the rest.
    So what must not stand before a name is asked after its first character, and the case is ignored from there on.
    """
    beginnings, rests, spellings = {"@", "#"}, [], []
    for name in names:
        spelling = APART.join(map(spell, re.split(SEPARATORS, name)))
        spellings.append(spelling)
        first, bare = name.lstrip(" _-")[0], spelling.removeprefix(APART)
        if bare != spelling:  # a handle such as @_united
            beginnings.add(r"\s_\-")
            rests.append(rf"(?<=[\s_-]){spelling}")
        beginnings.update(map(re.escape, any_case(first)))
        rests.append(f"(?<={spell(first)}){bare.removeprefix(spell(first))}")
    marked = rf"(?<=[@#])[@#]*(?:{'|'.join(spellings)})"
    return rf"[{''.join(sorted(beginnings))}](?<!\w.)(?i:{marked}|{'|'.join(rests)})(?i:['’]s)?(?!\w)"


def any_case(letter: str) -> list[str]:
    """What `spell(letter)` finds where the case is ignored: for "s" the long ſ too, for an apostrophe the curly one."""
    return re.findall(spell(letter), f"{letter}'’{cased_characters()}", re.IGNORECASE)


@cache
def cased_characters() -> str:
    return "".join(character for character in map(chr, range(0x20000)) if character.swapcase() != character)


def spell(word: str) -> str:
    return re.sub(r"['’]", "['’]", re.escape(word))
