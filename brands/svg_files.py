"""Whether an SVG file is a picture and nothing else: no script, no part that is fetched, nothing without end."""

from __future__ import annotations

import base64
import binascii
import re
from io import BytesIO
from math import isfinite
from xml.etree import ElementTree

from brands.png_files import check_png

SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
DEEPEST = 100  # groups within groups; who draws them goes as deep, and may run out of room
OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#|['\"]|data:image/)|@import|expression\(", re.IGNORECASE)
ACTIVE = {"script", "foreignobject", "iframe", "object", "embed", "handler", "audio", "video"}
NO_PICTURE = "is no PNG and no SVG; give a logo in one of them"
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_LENGTH = re.compile(rf"({_NUMBER})(?:px|pt|pc|mm|cm|in|em|ex|rem|%)?")


def check_svg(content: bytes) -> None:
    """Raises ValueError, how a line about the file goes on, where it is more than a picture or none."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise ValueError("declares entities; save it as a plain SVG")
    root = _read(content)
    if root.tag != SVG_ROOT:
        raise ValueError(NO_PICTURE)
    if b"<?xml-stylesheet" in content:
        raise ValueError("fetches a style from elsewhere; save it with everything inside")
    _check_size(root)
    for element in root.iter():
        name = _plain(element.tag)
        if name in ACTIVE or any(_plain(key).startswith("on") for key in element.attrib):
            raise ValueError("holds a script or what may run one; save it as a plain SVG")
        links = [value.strip() for key, value in element.attrib.items() if _plain(key) in ("href", "src")]
        styles = [*element.attrib.values(), (element.text or "") if name == "style" else ""]
        if any(not link.startswith(("#", "data:image/")) for link in links) or any(map(OUTSIDE.search, styles)):
            raise ValueError("fetches something from elsewhere; save it with everything inside")
        for link in links:
            if link.startswith("data:"):
                _check_inside(link)


def _read(content: bytes) -> ElementTree.Element:
    """The picture as a tree, given up where it goes too deep."""
    depth = 0
    root: ElementTree.Element | None = None
    try:
        for event, element in ElementTree.iterparse(BytesIO(content), events=("start", "end")):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                break
    except (ElementTree.ParseError, ValueError, LookupError):
        raise ValueError(NO_PICTURE) from None
    if depth > DEEPEST:
        raise ValueError(f"has groups within groups more than {DEEPEST} deep; save it as a plain SVG")
    if root is None:
        raise ValueError(NO_PICTURE)
    return root


def _check_size(root: ElementTree.Element) -> None:
    """Width, height and viewBox, where they are given, are numbers above 0."""
    lengths = [root.get(key, "auto").strip() for key in ("width", "height")]
    numbers = [found[1] if (found := _LENGTH.fullmatch(length)) else "0" for length in lengths if length != "auto"]
    if (box := root.get("viewBox")) is not None:
        sides = re.split(r"[\s,]+", box.strip())
        whole = len(sides) == 4 and all(re.fullmatch(_NUMBER, side) for side in sides)
        numbers += sides[2:] if whole else ["0"]
    if not all(isfinite(float(number)) and float(number) > 0 for number in numbers):
        raise ValueError("has no size: save it with a width, a height and a viewBox above 0")


def _check_inside(link: str) -> None:
    """A picture within the picture: a PNG, since one of another kind could hold all that is refused here."""
    head, _, packed = link.partition(",")
    if not re.fullmatch(r"data:image/png\s*;\s*base64", head):
        raise ValueError("holds a picture that is no PNG; save it as shapes, or with a PNG inside")
    try:
        check_png(base64.b64decode("".join(packed.split())))
    except (binascii.Error, ValueError):
        raise ValueError("holds a PNG that is damaged or too large; save it as shapes") from None


def _plain(name: object) -> str:
    """An element or attribute without its namespace, in small letters; empty for comments."""
    return name.rsplit("}", 1)[-1].lower() if isinstance(name, str) else ""
