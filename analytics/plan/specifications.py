"""Which reasonable ways there are of asking for an effect, and which of them are asked.

A way (a specification) is one choice each of: scorer; how the event is held against the past (by the precision of all
weeks, or ranked among windows of 4, 8 or 12 weeks before); weeks after (2 or 4); peers (all, none, each one left out);
themes (the event's, all practices, each one left out) and voices (as measured, without copies and officials, source
weights held). Themes are varied for voices as measured only.

There may be hundreds. They are taken from the declared one outwards: first what differs in one choice, then in two, and
so on, at the same distance in an order made of the choices' names by SHA-256, which knows nothing of the results.

Source: Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4; of their joint tests nothing is taken over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from itertools import product
from typing import Literal

Method = Literal["by_precision", "ranked"]
BY_PRECISION: Method = "by_precision"
RANKED: Method = "ranked"
BEFORE_BINS, AFTER_BINS = (4, 8, 12), (2, 4)
ALL, NONE, WITHOUT = "all", "none", "without "
EVENT, PRACTICES = "event", "practices"
MOST = 48
MOST_BY_PRECISION = 12  # each takes some fifty times as long as a ranked one


@dataclass(frozen=True, slots=True)
class Specification:
    """One way of asking. `peers`: all, none or without SLUG; `themes`: event, practices, without THEME, or nothing."""

    scorer: str
    method: Method
    before: int
    after: int
    peers: str
    themes: str
    voices: str

    def count_changes(self, other: Specification) -> int:
        """In how many choices the two differ; method and weeks before are one choice."""
        pairs = zip(self._choices, other._choices, strict=True)
        return sum(one != two for one, two in pairs)

    @property
    def _choices(self) -> tuple[object, ...]:
        return self.scorer, (self.method, self.before), self.after, self.peers, self.themes, self.voices


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from, the declared choice first. `windows`: weeks before and after that can be judged."""

    scorers: tuple[str, ...]
    windows: tuple[tuple[int, int], ...]
    peers: tuple[str, ...]
    themes: tuple[str, ...]
    voices: tuple[str, ...]


def choose_specifications(declared: Specification, choices: Choices) -> tuple[list[Specification], int]:
    """The ways to ask, the declared one first, and how many there would be in all."""
    every = {declared, *_list_specifications(declared, choices)}
    ordered = sorted(every, key=lambda each: (each.count_changes(declared), _shuffle(each)))
    taken: list[Specification] = []
    by_precision = 0
    for each in ordered:
        if each.method == BY_PRECISION:
            by_precision += 1
            if by_precision > MOST_BY_PRECISION:
                continue
        taken.append(each)
    return taken[:MOST], len(every)


def _list_specifications(declared: Specification, choices: Choices) -> Iterator[Specification]:
    held: list[tuple[Method, int, int]] = [(RANKED, before, after) for before, after in choices.windows]
    if declared.method == BY_PRECISION:  # by all weeks of the past: how many stand before decides only who is judged
        held += [(BY_PRECISION, before, after) for before, after in choices.windows if before == declared.before]
    for scorer, how, peers, themes, voices in product(
        choices.scorers, held, choices.peers, choices.themes, choices.voices
    ):
        if themes == choices.themes[0] or voices == choices.voices[0]:
            yield Specification(scorer, *how, peers, themes, voices)


def _shuffle(each: Specification) -> str:
    return hashlib.sha256("\n".join(map(str, astuple(each))).encode()).hexdigest()
