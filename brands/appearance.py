"""How a brand's report looks: its colour and its logo, both checked before anything is made with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Literal

from brands.png_files import PNG_START, check_png
from brands.svg_files import check_svg
from brands.trial_drawing import try_drawing

LARGEST_LOGO = 1_000_000  # bytes
LEAST_CONTRAST = 4.5  # to white, WCAG 2.2 for text


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that may stand in a report."""

    kind: Literal["svg", "png"]
    content: bytes


def check_color(color: str) -> str:
    """The colour as #rrggbb in small letters. Raises ValueError, one line, where it is none or too pale for words."""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", color):
        raise ValueError(f'"{color}" is no colour; give six hexadecimal digits such as "#1b5ea6"')
    contrast = contrast_to_white(color)
    if contrast < LEAST_CONTRAST:
        raise ValueError(
            f'"{color}" cannot be read on white (contrast {contrast:.1f} to 1, {LEAST_CONTRAST} is needed); take a'
            " darker colour"
        )
    return color.lower()


def contrast_to_white(color: str) -> float:
    """The contrast ratio of WCAG 2.2 between a colour (#rrggbb) and white, 1 to 21."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def read_logo(path: Path) -> Logo:
    """The picture at `path`. Raises ValueError, one line, where it is too large, no picture, or asks for more."""
    if "\0" in str(path):
        raise ValueError("holds a null character, which no path has; mend the path")
    content = _read_file(path)
    kind: Literal["svg", "png"] = "png" if content.startswith(PNG_START) else "svg"
    try:
        if kind == "png":
            check_png(content)
        else:
            check_svg(content)
        try_drawing(kind, content)
    except ValueError as error:
        raise ValueError(f'"{path}" {error}') from None
    return Logo(kind, content)


def _read_file(path: Path) -> bytes:
    """All of the file, and never more than a logo may have: the size that a device tells says nothing."""
    try:
        if not S_ISREG(path.stat().st_mode):
            raise ValueError(f'"{path}" is no file but a directory or a device; mend the path')
        with path.open("rb") as file:
            content = file.read(LARGEST_LOGO + 1)
    except FileNotFoundError:
        raise ValueError(f'there is no file "{path}"; mend the path') from None
    except OSError as error:
        raise ValueError(f'"{path}" cannot be read: {error.strerror}') from None
    if len(content) > LARGEST_LOGO:
        raise ValueError(f'"{path}" has more than {LARGEST_LOGO:,} bytes; a logo has at most {LARGEST_LOGO:,}')
    return content
