"""Posts that their common English words tell at once, by compiled code: the same answers as the statement gives.

It reads what the statement's regular expressions read of letters in ASCII, among signs, emoji and other Latin letters.
Whatever else a post holds leaves it to the statement.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from analytics.language.clear_cases import FEWEST_LETTERS, READ_FIRST, UNDETERMINED, read_words
from analytics.phrases.search import ClassCounter
from analytics.phrases.trees import LETTERS, MOST_JOINERS, SEPARATOR, UNSURE, Bytes, grow, kinds_of_characters

if TYPE_CHECKING:
    from collections.abc import Set

    import pyarrow as pa

# Beyond ASCII: of no script that tells a language. No border of words to RE2, whose \b knows ASCII only.
PLAIN = (
    (0x00A0, 0x024F),  # Latin letters and signs
    (0x2000, 0x206F),  # punctuation
    (0x20A0, 0x20CF),  # currencies
    (0x2190, 0x2BFF),  # arrows, symbols
    (0xFE0F, 0xFE0F),  # what makes a symbol an emoji
    (0x1F1E6, 0x1F1FF),  # flags
    (0x1F300, 0x1FAFF),  # emoji
)


def tell_by_words(texts: pa.LargeStringArray) -> list[str | None]:
    """The language of each text where English words or too few letters tell it; None for all others."""
    import pyarrow.compute as pc

    words = counter()
    found = words.count(texts, READ_FIRST) if words else None
    if found is None:
        return [None] * len(texts)
    (english, other), unread = found[0].T, found[1]
    short = pc.less(pc.utf8_length(texts), FEWEST_LETTERS).to_numpy(zero_copy_only=False)
    # As the statement asks, one condition after the other; the first that holds decides.
    conditions = [unread, (english > 1) & (other > 1), english > 1, short, (english == 1) & (other == 0)]
    answers = (None, "en", UNDETERMINED)
    return [answers[number] for number in np.select(conditions, [0, 0, 1, 2, 1], 0).tolist()]


@cache
def counter() -> ClassCounter | None:
    """The two lists of words as classes 0 and 1."""
    lists = read_words()
    class_of = {word: number for number, name in enumerate(("english", "other")) for word in lists[name]}
    letters = frozenset("".join(class_of))
    # To RE2 the "ü" of "für" stands between two words, as an apostrophe does.
    joiners = "".join(sorted(letters - set(LETTERS)))[:MOST_JOINERS]
    class_of = {word: number for word, number in class_of.items() if set(word) <= {*LETTERS, *joiners}}
    tree = grow([*class_of], kinds(letters, joiners), joiners)
    return ClassCounter(tree, [*class_of.values()]) if tree else None


def kinds(letters: Set[str], joiners: str) -> Bytes:
    """What each character is. One that is another form of a letter of our words, such as the Kelvin sign, is unsure."""
    plain = [chr(character) for first, last in PLAIN for character in range(first, last + 1)]
    forms = [character for character in plain if letters & {*character.lower(), *character.upper().lower()}]
    ranges = [(first, last, SEPARATOR) for first, last in PLAIN]
    ranges += [(ord(form), ord(form), UNSURE) for form in forms]
    curly = {ord("’"): ord("'")}
    return kinds_of_characters(beyond_ascii=UNSURE, ranges=ranges, others=curly, joiners=joiners)
