"""The look of a report: a brand's colour in place of blue, and its logo."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.report.palette import BRAND

if TYPE_CHECKING:
    from brands.brand_file import Brand


@dataclass(frozen=True, slots=True)
class Appearance:
    """A colour as #rrggbb, and a logo (svg or png, its bytes in base64); empty texts where there is none."""

    color: str = BRAND
    logo_kind: str = ""
    logo_content: str = ""

    @property
    def logo_file(self) -> bytes:
        """The bytes of the logo."""
        return base64.b64decode(self.logo_content)

    @property
    def logo_uri(self) -> str:
        """The logo as an address that holds all of it; empty without one."""
        media_type = {"svg": "image/svg+xml", "png": "image/png"}.get(self.logo_kind)
        return f"data:{media_type};base64,{self.logo_content}" if media_type else ""


def appearance_of(brand: Brand) -> Appearance:
    """What the brand file says of it."""
    color, logo = brand.file.report.color or BRAND, brand.logo
    if logo is None:
        return Appearance(color)
    return Appearance(color, logo.kind, base64.b64encode(logo.content).decode())


def repaint(drawn: Any, color: str) -> Any:
    """What was drawn, a specification of a chart, with the brand's colour in place of blue."""
    if color == BRAND:
        return drawn
    if isinstance(drawn, str):
        return color if drawn == BRAND else drawn
    if isinstance(drawn, dict):
        return {key: repaint(value, color) for key, value in drawn.items()}
    if isinstance(drawn, list | tuple):
        return [repaint(value, color) for value in drawn]
    return drawn
