"""Brand names, taken out of a text before it is scored: "united" is praise to VADER (+1.8), "discord" blame (−1.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence

MASK = "brandname"  # no lexicon and no rule of VADER knows it
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
        self._pattern = re.compile(pattern(plain), re.IGNORECASE) if plain else None

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
    """A regular expression of all names, which are tried in the order given."""
    apart = r"[\s_-]*"
    spellings = (apart.join(map(spell, re.split(r"[\s_-]+", name))) for name in names)
    return rf"(?<!\w)[@#]*(?:{'|'.join(spellings)})(?:['’]s)?(?!\w)"


def spell(word: str) -> str:
    return re.sub(r"['’]", "['’]", re.escape(word))
