"""Text that the bundled fonts can draw: whatever a post brings, a page comes out, and what is missing is counted.

A character that no font has would end the PDF (its standards allow no missing glyph), and a right-to-left override
could turn a line of the report around. Both are replaced by U+FFFD, which the fonts do have. Emoji are told by their
names in brackets, since what they say is part of what was said.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from typing import TypeVar, cast

from analytics.report.fonts import character_sets

REPLACEMENT = "\ufffd"
BREAK = "\N{ZERO WIDTH SPACE}"
LONG_WORD, PIECE = 28, 14  # letters: longer words get a place to break every so many
NOT_DRAWN = ("url", "figures", "brand", "report_id", "post_id", "check", "appearance")  # names and bytes, no words
LONG_RUN = 3  # of replaced characters or named signs, printed one by one up to here

_ALWAYS = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]")  # bidi embeddings and overrides, annotations
_CLUSTER = re.compile(
    r".[\u0300-\u036f\u200c\u200d\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f]*",
    re.DOTALL,
)
_LONG = re.compile(rf"[^\s{BREAK}]{{{LONG_WORD},}}")
_SKIN_TONES = tuple(map(chr, range(0x1F3FB, 0x1F400)))  # they colour the sign before them
_MODIFIERS = {unicodedata.name(tone).lower() for tone in _SKIN_TONES}
_NO_TEXT = {"Cc", "Cs", "Co", "Cn"}  # control, lone surrogate, private use, unassigned

_T = TypeVar("_T")


@dataclass(slots=True)
class Drawable:
    """Makes strings drawable and counts the characters that were replaced."""

    replaced: int = 0  # each distinct text counts once, however often it is printed
    named: int = 0  # signs told by their names, counted likewise
    _written: dict[str, str] = field(default_factory=dict)

    def write(self, text: str) -> str:
        """The text with every cluster that no single font can draw replaced, and long words made breakable."""
        if text not in self._written:
            self._written[text] = self._replace(text)
        return self._written[text]

    def _replace(self, text: str) -> str:
        pieces: list[str] = []
        run = 0
        names: list[str] = []
        for cluster in _CLUSTER.findall(text.replace("\t", " ").replace("\n", " ").replace("\r", " ")):
            kept, lost = _judge(cluster)
            if lost and not kept and (name := _name_sign(cluster)):
                pieces.append(_mark(run))
                self.replaced += run
                run = 0
                names += [] if names and name in _MODIFIERS else [name]
                continue
            if names:
                self.named += len(names)
                pieces.append(_write_names(names, _last(pieces), cluster))
                names = []
            if lost and not kept:
                run += lost
                continue
            pieces.append(_mark(run))
            self.replaced += run + lost
            run = 0
            pieces.append(kept)
        pieces.append(_mark(run))
        self.replaced += run
        if names:
            self.named += len(names)
            pieces.append(_write_names(names, _last(pieces), ""))
        return _LONG.sub(lambda match: _break(match[0]), "".join(pieces))

    def write_all(self, data: _T) -> _T:
        """The same for every string in a dataclass or tuple, except links and figures, which are not drawn."""
        return rewrite_all(data, self.write)


def rewrite_all(data: _T, write: Callable[[str], str]) -> _T:
    """`write` for every string in a dataclass or tuple, except links, figures and ids, which are no words."""
    if isinstance(data, str):
        return cast(_T, write(data))
    if isinstance(data, tuple):
        return cast(_T, tuple(rewrite_all(value, write) for value in data))
    if is_dataclass(data) and not isinstance(data, type):
        drawn = {f.name: getattr(data, f.name) for f in fields(data) if f.name not in NOT_DRAWN}
        return replace(data, **{name: rewrite_all(value, write) for name, value in drawn.items()})
    return data


def write_for_browser(text: str) -> str:
    """The text as a browser can show it: it has fonts for what a PDF has not, so only what is no text is replaced.

    Control characters and lone surrogates cannot stand in a page, and an override could turn a line around.
    """
    if text.isprintable():  # nearly all: then none is a control, a surrogate, unassigned or for formatting
        return text
    return "".join(one if one.isprintable() or one in "\t\n\r" or _may_stand(one) else REPLACEMENT for one in text)


@cache
def _judge(cluster: str) -> tuple[str, int]:
    """What of a cluster stays, and how many of its characters are lost."""
    if all(_may_stand(character) for character in cluster):
        points = {ord(character) for character in cluster}
        if any(points <= drawn for drawn in character_sets()):
            return cluster, 0
    base = cluster[0]
    if len(cluster) > 1 and _may_stand(base) and any(ord(base) in drawn for drawn in character_sets()):
        return base + REPLACEMENT, len(cluster) - 1  # the letter stays, its marks do not
    return "", len(cluster)


@cache
def _name_sign(cluster: str) -> str:
    """What a sign such as an emoji is called, in small letters; empty for letters and what has no name."""
    is_sign = unicodedata.category(cluster[0]) == "So" or cluster[0] in _SKIN_TONES
    return unicodedata.name(cluster[0], "").lower() if is_sign else ""


def _write_names(names: list[str], before: str, after: str) -> str:
    """Signs that stand together, in brackets: each once with how often, the first few of many."""
    often = Counter(names)
    told = [name if count == 1 else f"{name} ×{count}" for name, count in often.items()]
    more = f", {len(told) - LONG_RUN} more" if len(told) > LONG_RUN else ""
    written = f"[{', '.join(told[:LONG_RUN])}{more}]"
    return f"{' ' if before and not before[-1].isspace() else ''}{written}{' ' if after.isalnum() else ''}"


def _last(pieces: list[str]) -> str:
    return next((piece for piece in reversed(pieces) if piece), "")


def _may_stand(character: str) -> bool:
    return unicodedata.category(character) not in _NO_TEXT and not _ALWAYS.match(character)


def _mark(run: int) -> str:
    if run <= LONG_RUN:
        return REPLACEMENT * run
    return f"{REPLACEMENT}×{run}"


def _break(word: str) -> str:
    """A long word with places to break; marks stay with their letter."""
    clusters = _CLUSTER.findall(word)
    return BREAK.join("".join(clusters[at : at + PIECE]) for at in range(0, len(clusters), PIECE))
