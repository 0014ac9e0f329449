"""Who speaks in each text: a search for all rules, and a second reading, without quotations, where one matched."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import re2

from analytics.speakers.rules import read_rules
from analytics.text_batches import as_arrow

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

UNKNOWN = "unknown"
"""What is said where nothing is known; such posts are shown and counted like all others."""

# What stands in quotation marks. A straight single one is an apostrophe as well, so it opens nothing.
QUOTED = r'"[^"]*"|“[^”]*”|«[^»]*»|„[^“”]*[“”]'


@dataclass(frozen=True, slots=True)
class Readers:
    """The compiled rules. `speaker_of` says by a rule's number in `rules` whose it is; speakers are in their order."""

    rules: re2.Filter
    speaker_of: tuple[int, ...]
    names: tuple[str, ...]
    unless: tuple[re2._Regexp, ...]
    quoted: re2._Regexp


def find_speakers(texts: Sequence[str] | pa.Array) -> list[str]:
    """The speaker of each text by its own words: official, press, leaving, administrator, customer or unknown."""
    import pyarrow as pa
    import pyarrow.compute as pc

    straight = pc.replace_substring(as_arrow(texts)[0], "’", "'").cast(pa.large_binary())
    readers = compile_readers()
    match = readers.rules.Match
    speakers = [UNKNOWN] * len(straight)
    for row, text in enumerate(straight.to_pylist()):
        if text and match(text):
            speakers[row] = name_speaker(text, readers)
    return speakers


def name_speaker(text: bytes, readers: Readers) -> str:
    """The first speaker of whom a rule matches and nothing takes back, quotations being left out."""
    words: bytes = readers.quoted.sub(b" ", text).strip()
    if words.isupper():  # else every word would pass for a name
        words = words.lower()
    told: set[int] = {readers.speaker_of[rule] for rule in readers.rules.Match(words) or ()}
    for speaker in sorted(told):
        if not readers.unless[speaker].search(words):
            return readers.names[speaker]
    return UNKNOWN


@cache
def compile_readers() -> Readers:
    """The patterns of `rules.toml`, compiled once a process.

    RE2's filter looks for all words that rules need at once, and reads only the rules whose words are there. One
    pattern of all rules would be read at a tenth of that speed: its automaton has too many states to be kept.
    """
    speakers = read_rules().speakers
    rules = re2.Filter()
    speaker_of = []
    for number, speaker in enumerate(speakers):
        for pattern in speaker.patterns:
            rules.Add(pattern.encode(), _options())
            speaker_of.append(number)
    rules.Compile()
    return Readers(
        rules,
        tuple(speaker_of),
        names=tuple(speaker.name for speaker in speakers),
        unless=tuple(re2.compile(speaker.unless.encode(), _options()) for speaker in speakers),
        quoted=re2.compile(QUOTED.encode(), _options()),
    )


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    return options


def speakers_version() -> str:
    """Names the rules' content in the store: 8 hexadecimal digits."""
    return read_rules().version
