"""How a brand's report looks: its colour and its logo, both checked before anything is made with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree
from zlib import crc32

LARGEST_LOGO = 1_000_000  # bytes
LEAST_CONTRAST = 4.5  # to white, WCAG 2.2 for text
PNG_START = b"\x89PNG\r\n\x1a\n"
SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#|['\"]|data:image/)|@import|expression\(", re.IGNORECASE)
ACTIVE = {"script", "foreignobject", "iframe", "object", "embed", "handler", "audio", "video"}


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
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST_LOGO else b""
    except FileNotFoundError:
        raise ValueError(f'there is no file "{path}"; mend the path') from None
    except OSError as error:
        raise ValueError(f'"{path}" cannot be read: {error.strerror}') from None
    if size > LARGEST_LOGO:
        raise ValueError(f'"{path}" has {size:,} bytes; a logo has at most {LARGEST_LOGO:,}')
    if content.startswith(PNG_START):
        if not _is_whole_png(content):
            raise ValueError(f'"{path}" is damaged or cut off; save the PNG anew')
        return Logo("png", content)
    _check_svg(path, content)
    return Logo("svg", content)


def _is_whole_png(content: bytes) -> bool:
    """Whether each of its parts has the checksum that it says, up to the one that ends it."""
    at = len(PNG_START)
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        part, told = content[at + 4 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        if len(told) < 4 or crc32(part) != int.from_bytes(told):
            return False
        if part.startswith(b"IEND"):
            return True
        at += 12 + length
    return False


def _check_svg(path: Path, content: bytes) -> None:
    """An SVG that is a picture and nothing else: no script, no part that is fetched from elsewhere."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise ValueError(f'"{path}" declares entities; save it as a plain SVG')
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise ValueError(f'"{path}" is no PNG and no SVG; give a logo in one of them') from None
    if root.tag != SVG_ROOT:
        raise ValueError(f'"{path}" is no PNG and no SVG; give a logo in one of them')
    if b"<?xml-stylesheet" in content:
        raise ValueError(f'"{path}" fetches a style from elsewhere; save it with everything inside')
    for element in root.iter():
        name = _plain(element.tag)
        if name in ACTIVE or any(_plain(key).startswith("on") for key in element.attrib):
            raise ValueError(f'"{path}" holds a script or what may run one; save it as a plain SVG')
        links = [value.strip() for key, value in element.attrib.items() if _plain(key) in ("href", "src")]
        styles = [*element.attrib.values(), (element.text or "") if name == "style" else ""]
        if any(not link.startswith(("#", "data:image/")) for link in links) or any(map(OUTSIDE.search, styles)):
            raise ValueError(f'"{path}" fetches something from elsewhere; save it with everything inside')


def _plain(name: object) -> str:
    """An element or attribute without its namespace, in small letters; empty for comments."""
    return name.rsplit("}", 1)[-1].lower() if isinstance(name, str) else ""
