"""The reviewable changes that `vader_domain` makes to VADER's lexicon: `domain_lexicon.toml`, beside this file."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE

from analytics.sentiment.vader import NAMED

PATH = Path(__file__).with_name("domain_lexicon.toml")
STRONGEST = 4.0  # the scale of VADER's lexicon is −4…4


@cache
def read_changes(path: Path = PATH) -> dict[str, float | None]:
    """Word → valence on VADER's scale of −4…4, or None for a word that is to be neutral.

    Raises ValueError, naming file and word, for an entry that could have no effect or gives no reason.
    """
    with path.open("rb") as file:
        content = tomllib.load(file)
    changes: dict[str, float | None] = {}
    for word, reason in content.get("neutral", {}).items():
        check(path, word, reason)
        changes[word] = None
    for word, entry in content.get("valence", {}).items():
        check(path, word, entry.get("reason"))
        valence = float(entry["valence"])
        if word in changes:
            raise ValueError(f"{path.name}: {word!r} stands under [neutral] and [valence]; keep one")
        if not 0 < abs(valence) <= STRONGEST:
            raise ValueError(f"{path.name}: valence of {word!r} is {valence}; give −4…4, or put it under [neutral]")
        changes[word] = valence
    return changes


def check(path: Path, word: str, reason: object) -> None:
    if word != word.lower() or word.split() != [word]:
        raise ValueError(f"{path.name}: {word!r} is never met: give one word in lower case")
    if word in NAMED or word in BOOSTER_DICT or word in NEGATE or word == "but":
        raise ValueError(f"{path.name}: {word!r} is part of VADER's rules and cannot have a valence; remove it")
    if not isinstance(reason, str) or not reason.strip():
        raise ValueError(f"{path.name}: {word!r} has no reason; say why it changes")
