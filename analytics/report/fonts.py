"""The fonts that a report is set in: those of installed packages, never the machine's.

IBM Plex Sans for text and charts, Source Serif 4 for headlines, Noto Sans and Noto Sans Arabic for what posts bring
along. A page looks alike on every machine, and what none of these can draw is known beforehand.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import fontpkg
from fontTools.ttLib import TTFont

TEXT = "IBM Plex Sans"
DISPLAY = "Source Serif 4"
FALLBACK = ("Noto Sans", "Noto Sans Arabic")
CHART_FONTS = (TEXT, "Noto Sans")


@cache
def font_files() -> tuple[Path, ...]:
    """The font files, upright and italic, in the order in which they are asked for a character."""
    return tuple(Path(file.path) for name in (TEXT, *FALLBACK, DISPLAY) for file in fontpkg.family(name).files)


def font_folders() -> list[str]:
    """The folders in which they lie."""
    return sorted({str(path.parent) for path in font_files()})


@cache
def character_sets() -> tuple[frozenset[int], ...]:
    """For each font of running text, the code points that it can draw."""
    return tuple(frozenset(TTFont(fontpkg.path(name), lazy=True).getBestCmap()) for name in (TEXT, *FALLBACK))


def fit_to_chart(label: str) -> tuple[str, str]:
    """A chart label and the one font it is set in; what cannot stand there is a question mark.

    Inside a picture nothing looks further than the named font, and a PDF that can be searched needs one glyph for each
    character: so no right-to-left script and no combining marks.
    """
    label = unicodedata.normalize("NFC", label)
    fonts = [
        (name, drawn) for name, drawn in zip((TEXT, *FALLBACK), character_sets(), strict=True) if name in CHART_FONTS
    ]
    name, drawn = min(fonts, key=lambda font: sum(ord(character) not in font[1] for character in label))
    return "".join(one if ord(one) in drawn and _stands_alone(one) else "?" for one in label), name


def _stands_alone(character: str) -> bool:
    return unicodedata.bidirectional(character) not in ("R", "AL", "AN") and not unicodedata.category(
        character
    ).startswith("M")


@cache
def _advances() -> tuple[dict[int, str], dict[str, int], int, int]:
    font = TTFont(fontpkg.path(TEXT), lazy=True)
    widths = {name: width for name, (width, _) in font["hmtx"].metrics.items()}
    return font.getBestCmap(), widths, widths["n"], font["head"].unitsPerEm


def text_width(text: str, size: float) -> float:
    """Width of a line of chart text at a size, in the unit of the size; kerning left out."""
    characters, widths, usual, units = _advances()
    return sum(widths.get(characters.get(ord(character), ""), usual) for character in text) * size / units


def cut_to_width(label: str, size: float, width: float) -> str:
    """The label, cut where it is wider than the room for it."""
    while text_width(label, size) > width and len(label) > 2:
        label = label.rstrip("…")[:-1].rstrip() + "…"
    return label
