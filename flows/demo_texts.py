"""The words of the demo's invented people, composed from `demo_phrases.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

PHRASES = Path(__file__).with_name("demo_phrases.toml")
STANCES = {-1: "complaint", 0: "neutral", 1: "praise"}
OUTCRY = ("notice", "response", "reversal")
MUST_NAME = re.compile(r"\b(the|a|one|last|new|dear) \{brand\}", re.IGNORECASE)  # "the this app" is no English
LONG_CHARACTERS = 24_000  # more than the 20,000 that are matched and scored


@dataclass(frozen=True, slots=True)
class Style:
    """How people of one platform write: chances from 0 to 1."""

    opener: float
    second: float  # one more sentence on the same matter
    tail: float
    emoji: float = 0.0
    hashtag: float = 0.0
    lower_case: float = 0.0
    stop: float = 1.0  # a full stop at the very end
    handle: float = 0.0  # the brand by its handle
    unnamed: float = 0.0  # the brand as "this app"
    short: float = 0.0  # a stock phrase of a few words instead


STYLES = {
    "forum": Style(opener=0.4, second=0.35, tail=0.7),
    "app_reviews": Style(opener=0.1, second=0.1, tail=0.55, emoji=0.1, stop=0.7, unnamed=0.6, short=0.22),
    "microblog": Style(
        opener=0.2, second=0.05, tail=0.45, emoji=0.3, hashtag=0.25, lower_case=0.3, stop=0.5, handle=0.12
    ),
}


@cache
def split(template: str) -> tuple[str, ...]:
    """Literal text at even positions, names of slots at odd ones."""
    return tuple(re.split(r"\{(\w+)\}", template))


class Writer:
    """Composes one text after another; the same generator state gives the same texts."""

    def __init__(self, random: np.random.Generator) -> None:
        self.phrases: dict[str, Any] = tomllib.loads(PHRASES.read_text(encoding="utf-8"))
        self.slots: Mapping[str, Sequence[str]] = self.phrases["slots"]
        self.draws = self._draw(random)

    @staticmethod
    def _draw(random: np.random.Generator) -> Iterator[float]:
        # One call a block: a call a number costs more than all the rest of this file.
        while True:
            yield from random.random(65_536).tolist()

    def chance(self, probability: float) -> bool:
        return next(self.draws) < probability

    def pick(self, options: Sequence[str]) -> str:
        return options[int(next(self.draws) * len(options))]

    def fill(self, template: str, brand: str, other: str) -> str:
        """Replace every slot of `template`, and the slots within those."""
        parts = list(split(template))
        for i in range(1, len(parts), 2):
            if parts[i] == "brand":
                parts[i] = brand
            elif parts[i] == "other":
                parts[i] = other
            else:
                parts[i] = self.fill(self.pick(self.slots[parts[i]]), brand, other)
        return "".join(parts)

    def compose(self, source: str, topic: str, stance: int, brand: str, other: str, language: str = "en") -> str:
        """A post of `source` on `topic` (such as "product" or "practices.consent"); −1 is a complaint, 1 praise."""
        style, mood = STYLES[source], STANCES[stance]
        if language != "en":
            phrases = self.phrases["languages"][language]
            return self.fill(self.pick(phrases["notice" if topic in OUTCRY else mood]), brand, other)
        if topic == "elsewhere":
            return self.fill(self.pick(self.phrases["elsewhere"]["texts"]), "lumio", other)
        if topic == "product" and self.chance(style.short):
            return self.pick(self.phrases["short"][mood])
        options = self._templates(topic)[mood]
        templates = [self.pick(options)]
        if self.chance(style.opener):
            templates.insert(0, self.pick(self.phrases["opener"][mood]))
        if self.chance(style.second):
            templates += {self.pick(options)} - {templates[-1]}
        if self.chance(style.tail):
            templates.append(self.pick(self.phrases["tail"][mood]))
        handle, unnamed = self.chance(style.handle), self.chance(style.unnamed)
        text = ""
        for template in templates:
            name = (
                f"@{brand.lower()}app"
                if handle
                else "this app"
                if unnamed and not MUST_NAME.search(template)
                else brand
            )
            text = self._append(text, self.fill(template, name, other), source == "forum")
        if text[-1] not in ".?!" and self.chance(style.stop):
            text += "."
        if self.chance(style.lower_case):
            text = text.lower()
        if self.chance(style.hashtag):
            text += " " + self.pick(self.phrases["hashtag"][_section(topic, "any")])
        if self.chance(style.emoji):
            text += " " + self.pick(self.phrases["emoji"][mood])
        return text.rstrip()

    def _append(self, text: str, sentence: str, lines: bool) -> str:
        """`text` and one more sentence, on a line of its own now and then if the platform has `lines`."""
        if not text:
            return sentence[0].upper() + sentence[1:]
        if text[-1] in ",:":  # after "Honestly," the sentence goes on
            return f"{text} {sentence}"
        stop = "" if text[-1] in ".?!" else self.pick((".", ".", ".", "!", "...", " –"))
        return text + stop + ("\n" if lines and self.chance(0.3) else " ") + sentence[0].upper() + sentence[1:]

    def title(self, topic: str, brand: str, other: str) -> str:
        """The subject line of a forum post."""
        title = self.fill(self.pick(self.phrases["title"][_section(topic, topic)]), brand, other)
        return title[0].upper() + title[1:]

    def copies(self, which: int, brand: str, other: str) -> str:
        """The text of spam campaign `which`."""
        return self.fill(self.phrases["copies"]["spam"][which], brand, other)

    def petition(self, brand: str) -> str:
        """The text that many people post word for word after the notice."""
        return self.fill(self.phrases["copies"]["petition"], brand, brand)

    def official(self, occasion: str, brand: str) -> str:
        """What the brand's own account posts: on "responded", on "reversed", or a tip."""
        template = self.phrases["official"].get(occasion) or self.pick(self.phrases["official"]["tips"])
        return self.fill(template, brand, brand)

    def hostile(self, brand: str) -> list[str]:
        """Texts that break careless programs; the last two hold a NUL and more characters than are ever scored."""
        phrases = self.phrases["hostile"]
        *texts, long = (
            text.replace("{brand}", brand) for text in (*phrases["texts"], phrases["with_nul"], phrases["long"])
        )
        return [*texts, long * (LONG_CHARACTERS // len(long))]

    def _templates(self, topic: str) -> Mapping[str, Sequence[str]]:
        section, _, theme = topic.partition(".")
        found: Mapping[str, Any] = self.phrases[section]
        return found[theme] if theme else found


def _section(topic: str, otherwise: str) -> str:
    """Where hashtags and titles for a topic stand."""
    if topic in OUTCRY:
        return "notice"
    return "practices" if topic.startswith("practices.") else otherwise
